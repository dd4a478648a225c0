"""`inbox.desk.control`: who has a conversation, and how it goes from one to another."""

from __future__ import annotations

from collections.abc import Callable

from omnichannel.desk import control as rules
from omnichannel.desk.control import Move
from omnichannel.inbox.conversations import number_of
from omnichannel.inbox.desk.alone import Alone
from omnichannel.inbox.desk.briefing import brief
from omnichannel.inbox.desk.deciding import By, decide
from omnichannel.inbox.desk.refreshing import Desked
from omnichannel.inbox.desk.staffing import staff_all
from omnichannel.inbox.given import purpose_of
from omnichannel.model import Purpose
from omnichannel.model.desk import BotTurn, Case, Decision, HandedOver
from omnichannel.store import Tx, agents
from omnichannel.store.desk import decisions, turns


class Control(Alone):
    """Exactly one has a conversation: a bot, an agent, or the queue (`Case.control`, `Case.assignee`).

    Whoever passes it on says why, and what the next one should know (`summary`). Each is a `Decision`, and undone
    like every one. A person's answer, or `desk.assign`, takes it from a bot as well.
    """

    async def pass_on(
        self, conversation: str, agent: str, *, actor: str = "", because: str = "", summary: str = ""
    ) -> Case:
        """Give a conversation to an agent or a bot by name. Raises NotFound, and UsageError for a bot nobody runs."""

        def move(tx: Tx, _: Desked) -> Move:
            return rules.pass_on(agents.agent(tx, agent), self._plan.running)

        return await self._move(conversation, By(actor, _said(because), summary), move)

    async def offer(
        self,
        conversation: str,
        *,
        team: str | None = None,
        actor: str = "",
        because: str = "",
        summary: str = "",
    ) -> Case:
        """Give a conversation to whoever takes it: into its queue, or that of another team. Raises NotFound."""
        known = None if team is None else self._plan.known_team(team)
        return await self._move(
            conversation, By(actor, _said(because), summary), lambda *_: rules.offer(known)
        )

    async def take(self, conversation: str, agent: str, *, because: str = "") -> Case:
        """A person takes a conversation, from whoever has it. What a bot has not said yet is not said then.

        Raises NotFound, and UsageError for a bot.
        """

        def move(tx: Tx, _: Desked) -> Move:
            return rules.take(agents.agent(tx, agent))

        return await self._move(conversation, By(agent, _said(because)), move)

    async def give_back(
        self, conversation: str, *, actor: str = "", because: str = "", summary: str = ""
    ) -> Case:
        """Give a conversation back to the bot that had it last. Raises NotFound, and UsageError if none had it."""

        def move(tx: Tx, desked: Desked) -> Move:
            decided = decisions.of_conversation(tx, desked.number)
            return rules.give_back(desked.case, decided, self._plan.running)

        return await self._move(conversation, By(actor, _said(because), summary), move)

    async def handover(self, conversation: str, *, purpose: Purpose = Purpose.DISCLOSE) -> HandedOver | None:
        """What whoever has it now needs to know of the last time that it was handed over; None if it never was.

        `purpose` is that of the briefing in it. Raises NotFound.
        """
        purpose = purpose_of(purpose)

        def job(tx: Tx, desked: Desked) -> HandedOver | None:
            last = _last(decisions.of_conversation(tx, desked.number))
            if last is None:
                return None
            by = _holder_before(last)
            return HandedOver(
                conversation=conversation, decision=last.id, at=last.at, by=by,
                by_bot=last.actor in self._plan.running,
                because=last.because, summary=last.summary,
                draft=_draft(turns.of_conversation(tx, desked.number), last),
                questions=desked.case.open_questions,
                briefing=brief(tx, self._plan, desked.case.conversation.customer, purpose),
            )  # fmt: skip

        return await self._on(conversation, job)

    async def turns(self, conversation: str) -> list[BotTurn]:
        """Every turn that a bot had in a conversation, in order, what became of it, and its cost. Raises NotFound."""
        return await self._inbox.run_job(lambda tx: turns.of_conversation(tx, number_of(tx, conversation)))

    async def _move(self, conversation: str, by: By, moves: Callable[[Tx, Desked], Move]) -> Case:
        def job(tx: Tx, desked: Desked) -> Case:
            staff_all(tx, self._plan)
            move = moves(tx, desked)
            decide(tx, self._plan, desked, move.what, by, move.changed)
            return desked.case

        return await self._on(conversation, job)


def _said(because: str) -> tuple[str, ...]:
    return (because,) if because else ()


def _last(decided: list[Decision]) -> Decision | None:
    """The last decision by which a conversation went from somebody to somebody else, or to the queue."""
    return next((one for one in reversed(decided) if _holder_before(one) and not one.undone_by), None)


def _holder_before(decision: Decision) -> str:
    return next((str(one.before) for one in decision.changes if one.field == "assignee"), "")


def _draft(had: list[BotTurn], last: Decision) -> str:
    """What a bot would have said, had it been surer, when it handed over."""
    return next((one.draft for one in reversed(had) if one.at == last.at and one.bot == last.actor), "")
