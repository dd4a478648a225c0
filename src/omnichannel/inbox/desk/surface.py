"""`inbox.desk`: everything that can be done with a case, and how it came to where it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from omnichannel.errors import ConfigError, NotFound, UsageError
from omnichannel.inbox.conversations import note as write_note
from omnichannel.inbox.conversations import number_of
from omnichannel.inbox.desk import beside, follow_ups, waiting
from omnichannel.inbox.desk.agents import Agents
from omnichannel.inbox.desk.alone import Alone
from omnichannel.inbox.desk.answers import Answers
from omnichannel.inbox.desk.blocks import Blocks
from omnichannel.inbox.desk.briefing import Summariser, brief, summarise
from omnichannel.inbox.desk.bulk import Bulk
from omnichannel.inbox.desk.checking import check_coming, check_life, check_word
from omnichannel.inbox.desk.control import Control
from omnichannel.inbox.desk.deciding import By, decide, undo
from omnichannel.inbox.desk.fields import Fields
from omnichannel.inbox.desk.giving import take_next
from omnichannel.inbox.desk.proposals import Proposals
from omnichannel.inbox.desk.questioning import unanswered
from omnichannel.inbox.desk.queues import queue
from omnichannel.inbox.desk.ratings import Ratings
from omnichannel.inbox.desk.refreshing import Desked
from omnichannel.inbox.desk.reports import Reports
from omnichannel.inbox.desk.routes import Routes
from omnichannel.inbox.desk.training import Training
from omnichannel.inbox.desk.views import Views
from omnichannel.inbox.given import purpose_of
from omnichannel.inbox.rules import span
from omnichannel.model import Purpose
from omnichannel.model.desk import Briefing, Case, Decision, HeldUp, Priority, Question, Writing
from omnichannel.store import Tx
from omnichannel.store.desk import cases, decisions

if TYPE_CHECKING:
    from omnichannel.inbox.base import Base

T = TypeVar("T")

_CURE = "Give the inbox a plan: Inbox(…, desk=Plan()), and the teams that there are."


class Desk(Alone):
    """The desk of an inbox that has a plan. Ids are those of `Conversation.id` and `Decision.id`.

    Every method that changes something takes `actor`, the name of whoever does it, and writes a `Decision`.
    """

    def __init__(self, inbox: Base) -> None:
        if inbox.plan is None:
            raise ConfigError("desk", "this inbox has no plan for a desk", _CURE)
        super().__init__(inbox, inbox.plan)

    @property
    def agents(self) -> Agents:
        """Who answers, what they can do, and whether they are there."""
        return Agents(self._inbox, self._plan)

    @property
    def answers(self) -> Answers:
        """Standard answers: found, suggested, phrased for a customer, sent, and counted."""
        return Answers(self._inbox, self._plan)

    @property
    def control(self) -> Control:
        """Who has a conversation: a bot, an agent or the queue; passing it on, offering, taking, giving back."""
        return Control(self._inbox, self._plan)

    @property
    def routes(self) -> Routes:
        """What was made of customers' words, which rule takes them, and what other rules would have done."""
        return Routes(self._inbox, self._plan)

    @property
    def proposals(self) -> Proposals:
        """What the desk proposes to say: thanks for praise, a private place for what everybody can read."""
        return Proposals(self._inbox)

    @property
    def ratings(self) -> Ratings:
        """What customers said of how we did."""
        return Ratings(self._inbox)

    @property
    def reports(self) -> Reports:
        """What was done in a time, counted."""
        return Reports(self._inbox, self._plan)

    @property
    def training(self) -> Training:
        """Whose words may be used for training, and what they said."""
        return Training(self._inbox, self._plan)

    @property
    def fields(self) -> Fields:
        """Fields of one's own, of cases and of customers."""
        return Fields(self._inbox, self._plan)

    @property
    def views(self) -> Views:
        """Which cases somebody wants to see: saved, counted, and read a page at a time."""
        return Views(self._inbox, self._plan)

    @property
    def bulk(self) -> Bulk:
        """One thing done with many cases, and taken back at once."""
        return Bulk(self._inbox, self._plan)

    @property
    def blocks(self) -> Blocks:
        """Whom nobody listens to, and what they wrote meanwhile."""
        return Blocks(self._inbox, self._plan)

    # -------------------------------------------------------------------------------------------- looking

    async def case(self, conversation: str) -> Case:
        """A conversation as the desk works on it, as it is by now; raises NotFound."""
        return await self._on(conversation, lambda _tx, desked: desked.case)

    async def queue(self, team: str = "", *, most: int = 100) -> list[Case]:
        """What a team's agents may take by now ("" for what is no team's), the next one first.

        What waited too long for another team (`Team.overflow`) stands in it, too: its `Case.team` is that other one.
        """

        def job(tx: Tx) -> list[Case]:
            found = queue(tx, self._plan, team, self._inbox.clock.now())
            return [one.case for one in islice(found, max(most, 0))]

        return await self._inbox.run_job(job)

    async def ahead(self, conversation: str) -> int | None:
        """How many of its own team's stand before a conversation in the queue; None if it waits in none.

        Raises NotFound.
        """
        return await self._on(conversation, lambda tx, desked: cases.place(tx, desked.number))

    async def why_waiting(self, conversation: str) -> tuple[str, ...]:
        """Why a conversation is with nobody yet, in sentences; none where it waits for nobody. Raises NotFound."""
        return await self._on(
            conversation, lambda tx, desked: waiting.why_waiting(tx, self._plan, desked.case)
        )

    async def held_up(self, *, most: int = 100) -> list[HeldUp]:
        """What waits though nobody could take it, whoever came; in the queue's order.

        Nobody is in its team, or nobody of it has the skills that it needs (and `Plan.settle_after` is not over).
        """
        return await self._inbox.run_job(lambda tx: waiting.held_up(tx, self._plan, most))

    async def due(self, agent: str | None = None, *, most: int = 100) -> list[Case]:
        """What is to be answered, closed or followed up next, soonest first: one agent's, nobody's (`""`), or all.

        By which clock, and why, is in `Case.clocks`; a follow-up is `Case.follow_up`. What is snoozed stands there as
        well: putting it aside moves no promise (but of a target that `pauses` then); its `snoozed_until` says so.
        """
        return await self._inbox.run_job(lambda tx: cases.soonest_due(tx, agent, most))

    async def decisions(self, conversation: str) -> list[Decision]:
        """Everything that was decided about a conversation, in order, with the reasons. Raises NotFound."""
        return await self._inbox.run_job(
            lambda tx: decisions.of_conversation(tx, number_of(tx, conversation))
        )

    async def open_questions(self, conversation: str) -> list[Question]:
        """What the customer asked in a conversation that nothing answers yet, the oldest first. Raises NotFound."""
        return await self._on(conversation, lambda _tx, desked: list(desked.case.open_questions))

    async def unanswered(self, who: str) -> list[Question]:
        """What a customer (`Customer.id`, as proven) asked anywhere that nothing answers yet, the oldest first.

        Each names its message in the customer's timeline. Raises NotFound.
        """
        return await self._alone(lambda tx: unanswered(tx, self._plan, who))

    async def briefing(self, who: str, *, purpose: Purpose = Purpose.DISCLOSE) -> Briefing:
        """A customer (`Customer.id`) in a few lines: who, what is open, what was promised, tone, last contact.

        Every line names its message. Raises NotFound. `summary` has it in words.
        """
        purpose = purpose_of(purpose)
        return await self._alone(lambda tx: brief(tx, self._plan, who, purpose))

    async def summary(
        self,
        who: str,
        language: str = "en",
        *,
        purpose: Purpose = Purpose.DISCLOSE,
        summariser: Summariser | None = None,
        patience: timedelta = timedelta(seconds=10),
    ) -> str:
        """A briefing in words, in English or Dutch; or written by a `summariser` of your own, in any language.

        Where that fails, says nothing, or takes longer than `patience`, ours is given. Raises NotFound.
        """
        return await summarise(await self.briefing(who, purpose=purpose), language, summariser, patience)

    # ------------------------------------------------------------------------------------------ assigning

    async def assign(
        self, conversation: str, agent: str = "", *, team: str | None = None, note: str = "", actor: str = ""
    ) -> Case:
        """Give a conversation to an agent, or to a team's queue, or back to the queue (neither).

        `note` is left for whoever gets it. Raises NotFound for an unknown conversation, agent or team.
        """
        changed = {"assignee": agent} | ({} if team is None else {"team": self._plan.known_team(team)})
        what = "assigned" if agent else "queued"

        def job(tx: Tx, desked: Desked) -> Case:
            if note.strip():
                write_note(tx, desked.number, note, actor)
            because = (note,) if note.strip() else ()
            decide(tx, self._plan, desked, what, By(actor, because), changed)
            return desked.case

        return await self._on(conversation, job)

    async def take_next(self, agent: str) -> Case | None:
        """Give an agent the case that stands first of those that they can do; None if none waits. Raises NotFound."""

        def job(tx: Tx) -> Case | None:
            desked = take_next(tx, self._plan, agent)
            return desked.case if desked else None

        found = await self._alone(job)
        self._inbox.ring()
        return found

    async def follow(self, conversation: str, agent: str) -> Case:
        """Let an agent hear of what happens in a conversation that is not theirs. Raises NotFound."""
        return await self._follow(conversation, agent, "followed", lambda names: names | {agent})

    async def unfollow(self, conversation: str, agent: str) -> Case:
        """Let them hear of it no more."""
        return await self._follow(conversation, agent, "unfollowed", lambda names: names - {agent})

    async def _follow(
        self, conversation: str, agent: str, what: str, change: Callable[[set[str]], set[str]]
    ) -> Case:
        return await self._on(
            conversation, lambda tx, desked: beside.follow(tx, self._plan, desked, agent, what, change)
        )

    async def mention(self, conversation: str, text: str, names: Sequence[str], *, actor: str = "") -> Case:
        """Leave a note for some agents; they follow the conversation from now on, as `agent.mentioned` says.

        Raises NotFound for who is unknown, and UsageError where there is nothing to say or nobody to say it to.
        """
        if not text.strip() or not names:
            raise UsageError("a mention needs words, and at least one agent to read them")
        return await self._on(
            conversation, lambda tx, desked: beside.mention(tx, self._plan, desked, text, names, actor)
        )

    async def writing(
        self, conversation: str, agent: str, *, seen: str = "", life: timedelta = timedelta(minutes=1)
    ) -> Writing:
        """Say that an agent writes in a conversation, for a minute; who else does, and what was said since.

        Say it again while they write. `seen` is the last message that they saw: what came after it, from the customer
        or from one of us, is in `newer`, so that two do not answer the same, nor past each other. Whoever writes
        already is told by `case.writing` that somebody else begins to. Raises NotFound, and UsageError for a `life`
        that is none.
        """
        check_life(life)
        return await self._on(
            conversation, lambda tx, desked: beside.writes(tx, desked, agent, seen, span(life))
        )

    # ------------------------------------------------------------------------------------------ describing

    async def prioritise(
        self, conversation: str, priority: Priority, *, actor: str = "", because: str = ""
    ) -> Case:
        """Give a conversation another priority: its head start in the queue, and its reply times.

        Raises UsageError for one that there is not.
        """
        check_word("priority", priority, Priority)
        return await self._decide(conversation, "prioritised", actor, because, {"priority": priority})

    async def tag(self, conversation: str, *tags: str, actor: str = "") -> Case:
        """Put tags on a conversation; those that it has stay. Tags are compared as written."""

        def tagged(case: Case) -> Mapping[str, object]:
            return {"tags": tuple(sorted({*case.tags, *(tag.strip() for tag in tags if tag.strip())}))}

        return await self._decide(conversation, "tagged", actor, "", tagged)

    async def untag(self, conversation: str, *tags: str, actor: str = "") -> Case:
        """Take tags off a conversation."""
        return await self._decide(
            conversation, "untagged", actor, "", lambda case: {"tags": tuple(sorted({*case.tags} - {*tags}))}
        )

    async def settle(
        self, conversation: str, question: str, *, answered: bool = True, actor: str = "", because: str = ""
    ) -> Case:
        """Say of a question (`Question.id`) that it is answered, or, if not `answered`, that it is open.

        Undone like every decision. Raises NotFound for an unknown conversation or question.
        """

        def settled(case: Case) -> Mapping[str, object]:
            if question not in {one.id for one in case.questions}:
                raise NotFound(
                    "no such question is kept of this conversation; Case.questions tells which are"
                )
            return {"settled": {**case.settled, question: answered}}

        what = "question_answered" if answered else "question_opened"
        return await self._decide(conversation, what, actor, because, settled)

    async def snooze(self, conversation: str, until: datetime, *, actor: str = "", because: str = "") -> Case:
        """Put a conversation out of sight until a moment, or the customer writes; what is due of it stays due.

        Raises UsageError for the past, and for a moment in no time zone.
        """
        check_coming(until, self._inbox.clock.now())
        return await self._decide(conversation, "snoozed", actor, because, {"snoozed_until": until})

    async def follow_up(
        self, conversation: str, at: datetime, *, note: str = "", agent: str = "", actor: str = ""
    ) -> Case:
        """Come back to a conversation at a moment, whatever the customer writes meanwhile; one at a time.

        `case.follow_up_due` tells it then, to `agent` or whoever has it; what was closed or snoozed is in sight
        again. Raises NotFound, and UsageError for the past.
        """
        wanted = follow_ups.coming(at, self._inbox.clock.now(), note, agent)
        return await self._on(
            conversation, lambda tx, desked: follow_ups.follow_up(tx, self._plan, desked, wanted, actor)
        )

    async def followed_up(self, conversation: str, *, actor: str = "", because: str = "") -> Case:
        """Say that a follow-up was done, or is not wanted any more. Undone like every decision. Raises NotFound."""
        return await self._decide(conversation, "followed_up", actor, because, {"follow_up": None})

    async def spam(self, conversation: str, *, actor: str = "", because: str = "") -> Case:
        """Mark a conversation as spam, and close it. Undone like every decision."""
        return await self._decide(
            conversation, "marked spam", actor, because, {"spam": True, "status": "closed"}
        )

    async def close(self, conversation: str, *, actor: str = "", because: str = "") -> Case:
        """Close a conversation, as `conversations.close` does, with a reason."""
        return await self._decide(conversation, "closed", actor, because, {"status": "closed"})

    async def reopen(self, conversation: str, *, actor: str = "", because: str = "") -> Case:
        """Open a closed conversation again."""
        return await self._decide(conversation, "reopened", actor, because, {"status": "open"})

    # ------------------------------------------------------------------------------------------- taking back

    async def undo(self, decision: str, *, actor: str = "", because: str = "") -> Decision:
        """Take a decision back: what it changed is as it was. Raises NotFound, and Conflict if it changed since."""

        def job(tx: Tx) -> Decision:
            return undo(tx, self._plan, tx.ids.find("decision", decision), actor, because)

        undone = await self._alone(job)
        self._inbox.ring()
        return undone

    # ---------------------------------------------------------------------------------------------- inside

    async def _decide(
        self,
        conversation: str,
        what: str,
        actor: str,
        because: str,
        changed: Mapping[str, object] | Callable[[Case], Mapping[str, object]],
    ) -> Case:
        by = By(actor, (because,) if because else ())

        def job(tx: Tx, desked: Desked) -> Case:
            fields = changed(desked.case) if callable(changed) else changed
            decide(tx, self._plan, desked, what, by, fields)
            return desked.case

        return await self._on(conversation, job)
