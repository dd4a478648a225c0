"""`inbox.roles`: who has which role, and whether that lets them do something."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, get_args

from pydantic_core import to_jsonable_python

from omnichannel.desk.access import may
from omnichannel.errors import ConfigError, Conflict, NotFound
from omnichannel.inbox.acting.hands import cases_of
from omnichannel.inbox.conversations import number_of
from omnichannel.model import Agent, Grant, Permission, Verdict
from omnichannel.store import Tx, agents, records

if TYPE_CHECKING:
    from omnichannel.inbox.core import Core


class Roles:
    """Roles of agents in this workspace. Which there are, and what each may do, says `Inbox(access=Access(…))`."""

    def __init__(self, inbox: Core) -> None:
        self._inbox = inbox

    async def of(self, name: str) -> tuple[Grant, ...]:
        """The roles that somebody has: those that they were granted, else that of all people, or of bots.

        Raises NotFound.
        """
        return await self._inbox.run_job(lambda tx: self._inbox.access_rules.grants(agents.agent(tx, name)))

    async def grant(self, name: str, role: str, *, teams: Sequence[str] = (), actor: str = "") -> Agent:
        """Give somebody a role, in some `teams` or everywhere; it takes the place of what they had under its name.

        Whoever has one granted has no other by default any more. Raises NotFound for who, which role or which team
        is unknown.
        """
        self._known(role, teams)
        grant = Grant(role=role, teams=tuple(teams))

        def job(tx: Tx) -> Agent:
            rest = [one for one in agents.agent(tx, name).grants if one.role != role]
            return _give(tx, name, [*rest, grant], "agent.granted", role, actor)

        return await self._inbox.run_job(job)

    async def revoke(self, name: str, role: str, *, actor: str = "") -> Agent:
        """Take a role from somebody. Raises NotFound, and Conflict if they were not granted it."""

        def job(tx: Tx) -> Agent:
            had = agents.agent(tx, name).grants
            rest = [one for one in had if one.role != role]
            if len(rest) == len(had):
                raise Conflict(f"{name} was not granted the role {role!r}")
            return _give(tx, name, rest, "agent.revoked", role, actor)

        return await self._inbox.run_job(job)

    async def may(self, name: str, permission: Permission, conversation: str = "") -> Verdict:
        """Whether somebody may do something, with a conversation or at all, and why. Nothing stands on the trail.

        Raises NotFound for an unknown agent or conversation, ConfigError for what is no permission.
        """
        if permission not in get_args(Permission):
            known = ", ".join(get_args(Permission))
            raise ConfigError("permission", f"{permission!r} is none", f"There are: {known}.")

        def job(tx: Tx) -> Verdict:
            agent = agents.agent(tx, name)
            if not conversation:
                return may(self._inbox.access_rules, agent, permission)
            [case] = cases_of(tx, [number_of(tx, conversation)]).values() or [None]
            return may(self._inbox.access_rules, agent, permission, case)

        return await self._inbox.run_job(job)

    def _known(self, role: str, teams: Sequence[str]) -> None:
        rules, plan = self._inbox.access_rules, self._inbox.plan
        if rules.role(role) is None:
            known = ", ".join(one.name for one in rules.roles)
            raise NotFound(f"no role is called {role!r}; there are: {known}")
        if teams and plan is None:
            raise ConfigError(
                "teams", "this inbox has no plan for a desk, so no teams", "Give it one, or none."
            )
        for team in teams:
            assert plan is not None
            plan.known_team(team)


def _give(tx: Tx, name: str, grants: Sequence[Grant], what: str, role: str, actor: str) -> Agent:
    given = agents.describe(tx, name, {"grants": to_jsonable_python(tuple(grants))})
    records.happened(tx, what, actor=actor, detail={"agent": name, "role": role})
    return given
