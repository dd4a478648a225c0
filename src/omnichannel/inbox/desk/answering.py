"""Standard answers made ready for one conversation, and sent, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from omnichannel.channel import Channel
from omnichannel.desk.answers import Book, recognised, sign, values
from omnichannel.desk.answers import preview as measured
from omnichannel.desk.plan import Plan
from omnichannel.inbox.apologies import check_apology, refusal
from omnichannel.inbox.composing import Order, compose, enqueue, parts_of, reach
from omnichannel.inbox.customers import customer
from omnichannel.inbox.desk.refreshing import Desked
from omnichannel.inbox.preview import preview
from omnichannel.model.desk import Case, FieldValue, How, Phrased, Prepared, Signature
from omnichannel.store import Tx, agents, records
from omnichannel.store.desk import lately, uses
from omnichannel.store.orders import Key

if TYPE_CHECKING:
    from omnichannel.inbox.base import Base

_SURE = 0.5  # a language that is less likely is a guess


@dataclass(frozen=True, slots=True)
class Wish:
    """A standard answer that an agent wants to say: with which values, in which languages, and where."""

    answer: str
    agent: str
    values: Mapping[str, FieldValue] = field(default_factory=dict)
    languages: Sequence[str] = ()
    on: str | None = None
    public: bool | None = None


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything that a wording depends on, as it is in a transaction."""

    book: Book
    channel: Channel
    public: bool
    values: Mapping[str, FieldValue]
    languages: Sequence[str]
    zone: tzinfo
    signature: Signature | None

    def signed(self, text: str, language: str) -> tuple[str, str]:
        """The text as the agent signs it, and why so."""
        if self.signature is None:
            return text, "not signed: the plan has no signature of theirs"
        return sign(text, self.signature, self.channel, self.values, language=language, public=self.public)


def languages_of(case: Case) -> tuple[str, ...]:
    """What a customer reads, as far as it is known: what was decided, and what they write."""
    read = case.reading.language if case.reading else None
    written = read.tag if read and read.tag != "und" and read.probability >= _SURE else ""
    return tuple(dict.fromkeys(tag for tag in (case.language, written) if tag))


def zone_of(plan: Plan, team: str) -> tzinfo:
    """The time zone that a team tells times in: its calendar's, else UTC."""
    hours = plan.hours.get(team) or plan.hours.get("")
    return ZoneInfo(hours.calendars[0].zone) if hours else UTC


def set_scene(tx: Tx, inbox: Base, plan: Plan, desked: Desked, wish: Wish) -> Scene:
    """Look up what a wording depends on. Raises NotFound for an agent, and as `reach`."""
    case = desked.case
    agent = agents.agent(tx, wish.agent) if wish.agent else None
    there = reach(tx, inbox.channels, desked.number, wish.on)
    public = there.heard.public if wish.public is None and there.heard else bool(wish.public)
    who = customer(tx, tx.ids.find("customer", case.conversation.customer))
    return Scene(
        book=plan.book,
        channel=there.channel,
        public=public,
        values=values(who, agent, wish.values),
        languages=wish.languages or languages_of(case) or tuple(plan.book.answer(wish.answer).texts),
        zone=zone_of(plan, case.team),
        signature=next((one for one in plan.signatures if one.agent == wish.agent), None),
    )


def phrase(tx: Tx, desked: Desked, scene: Scene, answer: str) -> Phrased:
    """The wording that this customer heard least. Raises as `Book.phrase`."""
    whose = desked.case.conversation.customer
    theirs = uses.heard_by(tx, tx.ids.find("customer", whose), answer)
    marks = [
        variant.mark
        for language in scene.book.answer(answer).texts
        for variant in scene.book.variants(answer, language)
    ]
    before = {use.id: use for use in (*uses.last_said(tx, answer, marks), *theirs)}
    return scene.book.phrase(
        answer,
        scene.values,
        languages=scene.languages,
        customer=whose,
        uses=before.values(),
        zone=scene.zone,
    )


def prepare(tx: Tx, inbox: Base, plan: Plan, desked: Desked, wish: Wish) -> Prepared:
    """An answer as it would go out, and what there is to look at before. Raises what sending it would."""
    scene = set_scene(tx, inbox, plan, desked, wish)
    phrased = phrase(tx, desked, scene, wish.answer)
    text, why = scene.signed(phrased.text, phrased.language)
    order = Order(desked.number, parts_of(text), on=wish.on, public=wish.public, agent=wish.agent)
    draft = compose(tx, inbox.channels, order, inbox.rules).draft
    seen = preview(scene.channel, draft, refusal(tx, plan, order, phrased.language))
    marked = measured(scene.channel, text, public=scene.public).changed
    return Prepared(
        phrased=phrased,
        text=text,
        preview=seen.model_copy(update={"changed": (*seen.changed, *marked)}),
        remarks=plan.check_apology(text, phrased.language),
        because=(*phrased.because, why, *_elsewhere(scene, wish.answer)),
    )


def _elsewhere(scene: Scene, answer: str) -> Iterator[str]:
    kinds, kind = scene.book.answer(answer).channels, scene.channel.kind
    if kinds and kind not in kinds:
        yield f"it is meant for {', '.join(sorted(kinds))}, and this is {kind}"


@dataclass(frozen=True, slots=True)
class Saying:
    """A wish to be sent: in these words if an agent has any, else as it is phrased."""

    wish: Wish
    text: str = ""
    subject: str = ""
    key: Key | None = None
    seen: str = ""


def say(tx: Tx, inbox: Base, plan: Plan, desked: Desked, saying: Saying) -> int:
    """Send an answer and write down that it was used, in one commit; the number of the message."""
    wish, asked = saying.wish, lately.latest(tx, desked.number)
    scene = set_scene(tx, inbox, plan, desked, wish)
    said, how, text = _worded(tx, desked, scene, saying)
    order = Order(
        desked.number, parts_of(text), on=wish.on, public=wish.public, subject=saying.subject, agent=wish.agent,
        key=saying.key, seen=tx.ids.find("message", saying.seen) if saying.seen else None,
    )  # fmt: skip
    check_apology(tx, plan, order, said.language)
    message = enqueue(tx, inbox.rendered(compose(tx, inbox.channels, order, inbox.rules)))
    one = uses.Offered(
        wish.answer, said.language, said.variant, desked.number, asked.message if asked else None, message,
        wish.agent, how,
    )  # fmt: skip
    number = uses.write(tx, one)
    told(tx, desked, "said", number, wish, message)
    return message


def told(tx: Tx, desked: Desked, what: str, number: int, wish: Wish, message: int | None = None) -> None:
    """Let others know that an answer was used."""
    detail = {"answer": wish.answer, "use": tx.ids.show("use", number)}
    records.happened(
        tx, f"answer.{what}", conversation=desked.number, message=message, actor=wish.agent, detail=detail
    )


def _worded(tx: Tx, desked: Desked, scene: Scene, saying: Saying) -> tuple[Phrased, How, str]:
    """Which wording is said, whether it was edited, and the text that goes out."""
    name = saying.wish.answer
    if not saying.text:
        phrased = phrase(tx, desked, scene, name)
        return phrased, "as_is", scene.signed(phrased.text, phrased.language)[0]
    wordings = scene.book.wordings(name, scene.values, languages=scene.languages, zone=scene.zone)
    language = scene.book.language(name, scene.languages)
    mark, how = recognised(saying.text, wordings, lambda text: scene.signed(text, language)[0])
    return Phrased(answer=name, language=language, variant=mark, text=saying.text), how, saying.text
