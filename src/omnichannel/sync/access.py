"""Roles, the trail and what goes by its age, without `await`."""

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
        """The roles that somebody has."""
        return self._wait(self._of.of(name))

    def grant(self, name: str, role: str, *, teams: Sequence[str] = (), actor: str = "") -> Agent:
        """Give somebody a role."""
        return self._wait(self._of.grant(name, role, teams=teams, actor=actor))

    def revoke(self, name: str, role: str, *, actor: str = "") -> Agent:
        """Take a role from somebody."""
        return self._wait(self._of.revoke(name, role, actor=actor))

    def may(self, name: str, permission: Permission, conversation: str = "") -> Verdict:
        """Whether somebody may do something, and why."""
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
        """Acts, the newest first."""
        found = self._of.acts(
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
        return self._wait(found)

    def csv(self, *, actor: str = "", since: datetime | None = None, until: datetime | None = None) -> str:
        """The same as CSV."""
        return self._wait(self._of.csv(actor=actor, since=since, until=until))

    def seal(self) -> Seal:
        """How far the trail is by now."""
        return self._wait(self._of.seal())

    def verify(self, seal: Seal | None = None) -> Checked:
        """Look at every mark of the trail."""
        return self._wait(self._of.verify(seal))


class SyncRetention:
    """`inbox.retention` without `await`."""

    def __init__(self, wait: Wait, of: Retention) -> None:
        self._wait = wait
        self._of = of

    def foresee(self) -> list[Gone]:
        """What would go now."""
        return self._wait(self._of.foresee())

    def apply(self) -> list[Gone]:
        """Let go what is old enough, now."""
        return self._wait(self._of.apply())

    def gone(self, since: datetime | None = None) -> list[Gone]:
        """What went, from a day on."""
        return self._wait(self._of.gone(since))
