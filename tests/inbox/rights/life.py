"""One customer's whole life in an inbox, with every kind of trace that it leaves; and a neighbour's beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest

from omnichannel.channel import Batch, Delivery
from omnichannel.desk import Action, Calendar, CustomField, Plan, Target
from omnichannel.errors import Conflict
from omnichannel.model import Address, Event, Evidence, Message, Received, Strength
from omnichannel.model.desk import Answer, AwayRule
from omnichannel.store import Tx, messages
from omnichannel.store.desk import ratings, turns
from tests.chat import delivery
from tests.engines import dump
from tests.inbox.desk import Desk

ANNA = Address(kind="chat", value="anna-psid-778899")
MAIL = Address(kind="letter", value="annabel.zwart@geheim.example")
PHONE = Address(kind="phone", value="+31655512345")
BEN = Address(kind="chat", value="ben-psid-112233")

HERS = (
    "anna-psid-778899", "annabel.zwart", "geheim.example", "31655512345", "Annabel", "Zwart", "Dorpsstraat",
    "kastanje", "mid-anna", "peperkoek",
)  # fmt: skip
"""What stands nowhere but in what she said, and in what is known of her: values, names, words, platform ids."""

HIS = ("ben-psid-112233", "Benjamin", "mid-ben", "walnoot")


PLAN = Plan(
    answers=(Answer(name="order", texts={"en": "Your order is on its way."}),),
    case_fields={"about": CustomField(type="text")},
    customer_fields={"likes": CustomField(type="text")},
)
AT_NIGHT = PLAN.model_copy(
    update={
        "away": AwayRule(),
        "calendars": (Calendar(name="day", sun="10:00-17:00"),),
        "calendar": "day",
        "targets": tuple(
            Target(name=what, what=what, within=timedelta(hours=1), time="calendar")
            for what in ("first", "next")
        ),
    }
)


@dataclass(frozen=True)
class Life:
    """What the tests ask of it."""

    hers: str
    his: str
    question: Message
    thread: Message


def item(number: str, who: Address, text: str, **more: Any) -> dict[str, Any]:
    return {"id": number, "from": who.value, "text": text} | more


async def lived(desk: Desk) -> Life:
    """She writes, on two channels, alone and among others; we answer; all that can happen to it happens."""
    _handlers(desk)
    desk.inbox.plan = PLAN
    hear = desk.hear
    (question,) = await hear(item("mid-anna-1", ANNA, "where is my kastanje?", name="Annabel Zwart"))
    await hear(item("mid-ben-1", BEN, "and my walnoot?", name="Benjamin Groen"))
    await hear(
        item("mid-anna-2", ANNA, "kastanje again"),
        item("mid-ben-2", BEN, "walnoot again"),
        item("mid-anna-3", ANNA, "peperkoek too"),
    )  # one webhook with both of them in it
    await hear(
        item(
            "mid-anna-4", MAIL, "kastanje by post", subject="my kastanje", also=[str(ANNA)], name="A. Zwart"
        ),
        on="letter",
    )
    await desk.inbox.identity.observe(
        ANNA,
        [Evidence(address=PHONE, strength=Strength.VERIFIED, method="login")],
        facts={"name": "Annabel Zwart", "street": "Dorpsstraat 5"},
        strength=Strength.VERIFIED,
    )
    await desk.inbox.search.messages("kastanje")
    thread = await _in_public(desk)
    await _changes(desk)
    await _ours(desk, question)
    await _decisions(desk)
    await _on_the_desk(desk, question.conversation, thread.conversation)
    await _from_the_book(desk, question.conversation, thread.conversation)
    await desk.inbox.desk.reports.of(
        date(2026, 3, 1), date(2026, 4, 1)
    )  # all is counted, and then a part again
    await desk.inbox.desk.tag(question.conversation, "urgent")
    await _with_a_bot(desk, question.conversation, thread.conversation)
    await _kept_in_order(desk, question.conversation, thread.conversation)
    once_more, key = "kastanje, once more", "the order of kastanje"
    await desk.inbox.conversations.reply(
        question.conversation, once_more, on="chat", idempotency_key=key
    )  # waits
    (hers,) = {(await desk.customer(a.value, a.kind)).id for a in (ANNA, MAIL, PHONE)}
    return Life(hers, (await desk.customer(BEN.value)).id, question, thread)


async def _on_the_desk(desk: Desk, hers: str, his: str) -> None:
    """What we thought of it, and decided."""
    await desk.inbox.add_agent("zoe")
    for conversation, words in ((hers, "Annabel has her kastanje"), (his, "and he his walnoot")):
        await desk.inbox.desk.tag(conversation, words.rpartition(" ")[2], actor="zoe")
        await desk.inbox.desk.close(conversation, because=words)
        await desk.inbox.desk.reopen(conversation)
        await desk.inbox.acting_as("zoe", because=words).conversations.get(conversation)
        await desk.inbox.run_job(partial(_rated, conversation=conversation, words=words))


def _rated(tx: Tx, conversation: str, words: str) -> None:
    """Somebody was asked how we did, and said it."""
    number = tx.ids.find("conversation", conversation)
    last = messages.last_heard(tx, number)
    assert last is not None
    assert last.peer is not None
    ratings.wait(tx, number, 0, tx.now())
    [waiting] = ratings.due(tx, 1)
    until = tx.now() + 3_600_000_000
    asked = (last.peer, last.account, last.kind, "zoe", "", "en", "digit", last.id, until)
    ratings.ask(tx, waiting, ratings.Request(*asked))
    ratings.answer(tx, ratings.find(tx, waiting), ratings.Answer(4, words, number, last.id))


async def _with_a_bot(desk: Desk, hers: str, his: str) -> None:
    """What a bot would have said, what it handed over with, and that they agree to be learned from."""
    for who, conversation, words in ((ANNA, hers, "her kastanje"), (BEN, his, "his walnoot")):
        await desk.inbox.run_job(partial(_turned, conversation=conversation, words=words))
        summary = f"wants {words}"
        await desk.inbox.desk.control.pass_on(conversation, "zoe", because=words, summary=summary)
        customer = await desk.customer(who.value)
        await desk.inbox.desk.training.consent(customer.id, f"letter about {words}", actor="zoe")


def _turned(tx: Tx, conversation: str, words: str) -> None:
    """It was a bot's turn, and it was not sure."""
    turns.mind(tx, tx.ids.find("conversation", conversation), "robin")
    [begun] = turns.claim(tx, 1, tx.now())
    turns.end(tx, begun, turns.Ended("unsure", (f"of {words}",), None, 0.1, 2.0, f"asks for {words}", words))


async def _from_the_book(desk: Desk, hers: str, his: str) -> None:
    """Standard answers: one that does not suit, one that is sent, and one that says that nobody is there."""
    answers = desk.inbox.desk.answers
    for conversation in (hers, his):
        await answers.refuse(conversation, "order", agent="zoe")
        await answers.say(conversation, "order", "zoe", languages=["en"])
    desk.inbox.plan = AT_NIGHT
    await desk.hear(item("mid-anna-7", ANNA, "kastanje at night?"))
    await desk.hear(item("mid-ben-7", BEN, "walnoot at night?"))
    desk.inbox.plan = PLAN


async def _kept_in_order(desk: Desk, hers: str, his: str) -> None:
    """Fields, something done with both of them at once, and what she writes while nobody listens to her mail."""
    work = desk.inbox.desk
    for conversation, words in ((hers, "a kastanje"), (his, "a walnoot")):
        await work.fields.fill(conversation, {"about": words})
        await work.writing(conversation, "zoe")
        await work.fields.fill_customer(conversation, {"likes": words})
    batch = await work.bulk.begin([hers, his], Action(tags=("swept",)))
    await work.bulk.work(batch.id)
    await work.blocks.block_address(MAIL, reason="Annabel shouts")
    await desk.inbox.receive("letter", delivery(item("mid-anna-8", MAIL, "kastanje, loud")))
    await desk.inbox.work()


def _handlers(desk: Desk) -> None:
    @desk.inbox.on_message
    async def fail(incoming: Any) -> None:
        if "peperkoek" in incoming.message.text:
            raise RuntimeError(f"cannot do {incoming.message.text}")


async def _in_public(desk: Desk) -> Message:
    """A thread that both write in: what he says of her there is his."""
    await desk.hear(
        item(
            "mid-anna-5",
            ANNA,
            "kastanje in public: a disgrace, the worst service ever",
            public=True,
            thread="post-1",
        )
    )
    (his,) = await desk.hear(item("mid-ben-3", BEN, "walnoot in public", public=True, thread="post-1"))
    return his


async def _changes(desk: Desk) -> None:
    """Edits, reactions, statuses, what comes too early, and what is only typing."""
    for change in (
        {
            "id": "mid-anna-e1",
            "kind": "edited",
            "targets": ["mid-anna-2"],
            "from": ANNA.value,
            "text": "kastanjes",
        },
        {
            "id": "mid-anna-r1",
            "kind": "reaction",
            "targets": ["mid-ben-3"],
            "from": ANNA.value,
            "reaction": "+",
        },
        {
            "id": "mid-ben-r1",
            "kind": "reaction",
            "targets": ["mid-anna-5"],
            "from": BEN.value,
            "reaction": "-",
        },
        {
            "id": "mid-anna-x1",
            "kind": "edited",
            "targets": ["mid-anna-99"],
            "from": ANNA.value,
            "text": "kastanje",
        },
        {"id": "mid-anna-t1", "kind": "typing", "from": ANNA.value},
        {"id": "mid-anna-w1", "kind": "referral", "from": ANNA.value, "reason": "came by kastanje"},
    ):
        await desk.hear(change)
    await desk.inbox.receive(
        "chat", delivery(item("mid-anna-1", ANNA, "where is my kastanje?"))
    )  # a duplicate
    await desk.hear({"unreadable": True, "id": "x", "from": ANNA.value})
    old = item("mid-anna-0", ANNA, "kastanje of before", at=1_700_000_000)
    await desk.inbox.keep("chat", "past", _past(old))
    await desk.inbox.work()


def _past(*items: dict[str, Any]) -> Batch:
    return Batch(deliveries=(delivery(*items).model_copy(update={"source": "history"}),), cursor="1")


async def _ours(desk: Desk, question: Message) -> None:
    """Answers, sent and waiting, a note, and a link to go on with."""
    box = desk.inbox.conversations
    await box.reply(question.conversation, "your kastanje is coming", on="chat")
    await desk.inbox.work()
    await desk.hear(
        {"id": "mid-anna-s1", "kind": "status", "status": "read", "targets": ["out-1"], "from": ANNA.value}
    )
    await box.note(question.conversation, "Annabel wants her kastanje")
    await box.continue_on(question.conversation, "letter")


async def _decisions(desk: Desk) -> None:
    """He names her address, she names another one; an operator parts them and joins others."""
    identity = desk.inbox.identity
    await desk.hear(item("mid-ben-4", BEN, "walnoot"), item("mid-anna-6", ANNA, "kastanje for +31699988877"))
    said = Evidence(address=PHONE, strength=Strength.ASSERTED, method="form", because=f"he wrote {PHONE}")
    await identity.observe(BEN, [said], strength=Strength.VERIFIED)
    await identity.refuse(ANNA, BEN, actor="zoe", because="Annabel is not Benjamin")
    try:
        await identity.merge(ANNA, BEN, actor="zoe")
    except Conflict:
        return
    raise AssertionError("they were to be kept apart")


def ids_of_the_whole(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A platform that makes its items' ids of the whole delivery: nothing can be cut out of one."""
    chat = desk.inbox.channels["chat"]
    parse = chat.parse

    def by_size(one: Delivery) -> Iterator[Event]:
        for event in parse(one):
            assert isinstance(event, Received)
            yield event.model_copy(update={"external_id": f"{event.external_id}-{len(one.body)}"})

    monkeypatch.setattr(chat, "parse", by_size)


def traces(desk: Desk, words: tuple[str, ...] = HERS) -> list[str]:
    """Every cell of every table in which one of these words stands."""
    found = []
    for table, rows in dump(desk.inbox.open()).items():
        for row in rows:
            for cell in row:
                text = cell.decode("utf-8", "replace") if isinstance(cell, bytes) else str(cell)
                found += [f"{table}: {word} in {text[:200]}" for word in words if word in text]
    return found
