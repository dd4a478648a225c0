"""`inbox.desk.ratings`: what customers said of how we did."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

from omnichannel.clock import micros
from omnichannel.errors import Conflict
from omnichannel.inbox.conversations import number_of
from omnichannel.inbox.desk.alone import take_desk
from omnichannel.model.desk import Rating, Score
from omnichannel.store import Tx, conversations, messages
from omnichannel.store.desk import ratings
from omnichannel.store.desk.ratings import Wanted

if TYPE_CHECKING:
    from omnichannel.inbox.base import Base

_FIRST, _LAST = datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)


class Ratings:
    """Ratings that were asked for by `Plan(ratings=…)`. A period is from `since` up to, and without, `until`."""

    def __init__(self, inbox: Base) -> None:
        self._inbox = inbox

    async def of(self, conversation: str) -> list[Rating]:
        """Every rating of a conversation, in order, and why nobody was asked; raises NotFound."""
        return await self._inbox.run_job(lambda tx: ratings.of_conversation(tx, number_of(tx, conversation)))

    async def asked(
        self,
        *,
        agent: str = "",
        team: str = "",
        kind: str = "",
        account: str = "",
        since: datetime | None = None,
        until: datetime | None = None,
        most: int = 1000,
    ) -> list[Rating]:
        """Ratings that were asked for in a period, answered or not, the newest first."""
        wanted = _wanted(agent, team, kind, account, since, until)
        return await self._inbox.run_job(lambda tx: ratings.listed(tx, wanted, most))

    async def scores(
        self,
        by: Literal["agent", "team", "kind", "account"] = "agent",
        *,
        agent: str = "",
        team: str = "",
        kind: str = "",
        account: str = "",
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> list[Score]:
        """Ratings that were asked for in a period, counted together by what `by` says, in the order of names.

        What counts is each customer's last word. Who helped is the agent with most of the answers: see `Rating`.
        """
        wanted = _wanted(agent, team, kind, account, since, until)
        return await self._inbox.run_job(lambda tx: ratings.scores(tx, wanted, by))

    async def spare(self, conversation: str, *, spared: bool = True) -> None:
        """Ask the customer of a conversation no more, or (`spared=False`) ask them again.

        Raises NotFound, and Conflict where nobody wrote in it.
        """

        def job(tx: Tx) -> None:
            take_desk(tx, self._inbox)
            number = number_of(tx, conversation)
            last, talk = messages.last_heard(tx, number), conversations.spoken(tx, number)
            peer = last.peer if last and last.peer else talk.asker if talk else 0
            if not peer:
                raise Conflict("nobody wrote in this conversation yet, so there is nobody to spare")
            ratings.spare(tx, number, peer, spared=spared)

        await self._inbox.run_job(job)


def _wanted(
    agent: str, team: str, kind: str, account: str, since: datetime | None, until: datetime | None
) -> Wanted:
    columns = {"agent": agent, "team": team, "kind": kind, "account": account}
    return Wanted(
        {name: value for name, value in columns.items() if value},
        micros(since or _FIRST),
        micros(until or _LAST),
    )
