"""`inbox.trail`: who of ours saw and did what, and whether that is as it was written."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from omnichannel.clock import micros, moment
from omnichannel.desk.reports import tame
from omnichannel.errors import UsageError
from omnichannel.inbox.trail.checking import Checking
from omnichannel.model import Act, Checked, Seal
from omnichannel.store import Tx, conversations, people, trail
from omnichannel.store.trail import CONVERSATION, CUSTOMER, MESSAGE, Subject, Wanted

if TYPE_CHECKING:
    from omnichannel.inbox.core import Core

_FIRST, _LAST = datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)
_COLUMNS = (
    "at",
    "actor",
    "method",
    "permission",
    "allowed",
    "because",
    "conversations",
    "customers",
    "messages",
    "id",
)


class Trail:
    """What was done through `acting_as`. A period is from `since` up to, and without, `until`."""

    def __init__(self, inbox: Core) -> None:
        self._inbox = inbox

    async def acts(
        self,
        *,
        actor: str = "",
        who: str = "",
        conversation: str = "",
        message: str = "",
        allowed: bool | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        before: str = "",
        most: int = 1000,
    ) -> list[Act]:
        """Acts, the newest first: of an actor, about a customer (`who`), a conversation and a message.

        What was about a customer's conversations was about them. `allowed=False` are those that were refused.
        `before` goes on behind the last `Act.id` of a page. Raises NotFound for an id that is none; what was erased
        can still be asked for.
        """

        def job(tx: Tx) -> list[Act]:
            wanted = Wanted(
                actor, micros(since or _FIRST), micros(until or _LAST),
                _about(tx, who, conversation, message), allowed,
            )  # fmt: skip
            return trail.find(tx, wanted, tx.ids.find("act", before) if before else None, most)

        return await self._inbox.run_job(job)

    async def csv(
        self, *, actor: str = "", since: datetime | None = None, until: datetime | None = None
    ) -> str:
        """The same as CSV (RFC 4180, with a line of names), the oldest first; several ids stand in one cell.

        What a spreadsheet would take for a formula begins with an apostrophe there.
        """
        found: list[Act] = []
        while page := await self.acts(
            actor=actor, since=since, until=until, before=found[-1].id if found else ""
        ):
            found += page
        made = io.StringIO()
        lines = csv.writer(made)
        lines.writerow(_COLUMNS)
        for act in reversed(found):
            lines.writerow([_cell(getattr(act, name)) for name in _COLUMNS])
        return made.getvalue()

    async def seal(self) -> Seal:
        """How far the trail is by now. Keep it where nobody who can write this database can write."""

        def job(tx: Tx) -> Seal:
            ends = {end.chain: (end.number, end.mark) for end in (*trail.let_go_ends(tx), *trail.ends(tx))}
            return Seal(workspace=tx.workspace, at=moment(tx.now()), ends=ends)

        return await self._inbox.run_job(job)

    async def verify(self, seal: Seal | None = None) -> Checked:
        """Look at every mark of the trail, and whether it still has all that a `seal` covers; some at a time.

        Raises UsageError for another workspace's seal.
        """
        checking = Checking(self._inbox.access_rules.secrets)
        await self._inbox.run_job(checking.begin)
        while await self._inbox.run_job(checking.some):
            pass
        if seal is not None:
            if seal.workspace != self._inbox.workspace:
                raise UsageError(
                    f"this seal is of the workspace {seal.workspace!r}, this is {self._inbox.workspace!r}"
                )
            await self._inbox.run_job(lambda tx: checking.hold_against(tx, seal))
        return checking.told()


def _about(tx: Tx, who: str, conversation: str, message: str) -> tuple[tuple[Subject, ...], ...]:
    """What acts are to be about: something of each."""
    wanted: list[tuple[Subject, ...]] = []
    if who:
        wanted.append(_of_customer(tx, tx.ids.find("customer", who)))
    if conversation:
        wanted.append(((CONVERSATION, tx.ids.find("conversation", conversation)),))
    if message:
        wanted.append(((MESSAGE, tx.ids.find("message", message)),))
    return tuple(wanted)


def _of_customer(tx: Tx, number: int) -> tuple[Subject, ...]:
    """A customer by every number that they had, and their conversations; one who was erased by the number alone."""
    known = people.several(tx, [number])
    numbers = {number} | {one.id for person in known for one in people.members(tx, person.customer)}
    talks = conversations.conversations_of(tx, sorted(numbers))
    return (*((CUSTOMER, one) for one in sorted(numbers)), *((CONVERSATION, one) for one in talks))


def _cell(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return " ".join(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return tame(str(value))
