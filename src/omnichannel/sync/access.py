"""Parts of the inbox without `await`. Made by `python tools/sync.py` from their namesakes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from omnichannel.inbox.acting.roles import Roles
from omnichannel.inbox.retention.surface import Retention
from omnichannel.inbox.trail.surface import Trail
from omnichannel.model import Act, Agent, Checked, Gone, Grant, Permission, Seal, Verdict
from omnichannel.sync.waiting import Wait


class SyncRoles:
    """`inbox.roles` without `await`."""

    def __init__(self, wait: Wait, of: Roles) -> None:
        self._wait = wait
        self._of = of

    def of(self, name: str) -> tuple[Grant, ...]:
        """The roles that somebody has: those that they were granted, else that of all people, or of bots."""
        return self._wait(self._of.of(name))

    def grant(self, name: str, role: str, *, teams: Sequence[str] = (), actor: str = "") -> Agent:
        """Give somebody a role, in some `teams` or everywhere."""
        return self._wait(self._of.grant(name, role, teams=teams, actor=actor))

    def revoke(self, name: str, role: str, *, actor: str = "") -> Agent:
        """Take a role from somebody."""
        return self._wait(self._of.revoke(name, role, actor=actor))

    def may(self, name: str, permission: Permission, conversation: str = "") -> Verdict:
        """Whether somebody may do something, with a conversation or at all, and why."""
        return self._wait(self._of.may(name, permission, conversation))


class SyncTrail:
    """`inbox.trail` without `await`."""

    def __init__(self, wait: Wait, of: Trail) -> None:
        self._wait = wait
        self._of = of

    def acts(
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
        """Acts, the newest first: of an actor, about a customer (`who`), a conversation and a message."""
        return self._wait(
            self._of.acts(
                actor=actor,
                who=who,
                conversation=conversation,
                message=message,
                allowed=allowed,
                since=since,
                until=until,
                before=before,
                most=most,
            )
        )

    def csv(self, *, actor: str = "", since: datetime | None = None, until: datetime | None = None) -> str:
        """The same as CSV (RFC 4180, with a line of names), the oldest first."""
        return self._wait(self._of.csv(actor=actor, since=since, until=until))

    def seal(self) -> Seal:
        """How far the trail is by now."""
        return self._wait(self._of.seal())

    def verify(self, seal: Seal | None = None) -> Checked:
        """Look at every mark of the trail, and whether it still has all that a `seal` covers."""
        return self._wait(self._of.verify(seal))


class SyncRetention:
    """`inbox.retention` without `await`."""

    def __init__(self, wait: Wait, of: Retention) -> None:
        self._wait = wait
        self._of = of

    def foresee(self) -> list[Gone]:
        """What would go now: how much of what, of which account, of which day."""
        return self._wait(self._of.foresee())

    def apply(self) -> list[Gone]:
        """Let go what is old enough, now, some in each commit."""
        return self._wait(self._of.apply())

    def gone(self, since: datetime | None = None) -> list[Gone]:
        """What went, from a day on: counts, with the day on which it went (`went_on`)."""
        return self._wait(self._of.gone(since))
