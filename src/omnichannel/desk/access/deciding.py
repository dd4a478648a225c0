"""Whether somebody may do something: each of their roles is asked, and the best answer counts."""

from __future__ import annotations

from omnichannel.desk.access.roles import Access, Role
from omnichannel.model import Agent, Grant, Permission, Verdict
from omnichannel.model.desk import Case


def may(
    access: Access, agent: Agent, permission: Permission, case: Case | None = None, *, theirs: bool = False
) -> Verdict:
    """Whether an agent may do what needs a permission, with a case (None: it is about no case), and why.

    A role that was granted for some teams alone is about their cases, and about nothing that is no case; unless what
    is asked for is whichever cases of `theirs` there are.
    """
    grants = access.grants(agent)
    if not grants:
        return _no(f"{agent.name} has no role")
    refusals = []
    for grant in grants:
        verdict = _by_grant(access, agent, grant, permission, case, theirs=theirs)
        if verdict:
            return verdict
        refusals.append(verdict.because)
    return _no("; ".join(refusals))


def sees_all(access: Access, agent: Agent, permission: Permission) -> bool:
    """Whether somebody may do this with every case that there is, so that none needs to be looked at."""
    roles = [(grant, access.role(grant.role)) for grant in access.grants(agent)]
    return any(
        role is not None and permission in role.may and role.reach == "all" and not grant.teams
        for grant, role in roles
    )


def _by_grant(
    access: Access, agent: Agent, grant: Grant, permission: Permission, case: Case | None, *, theirs: bool
) -> Verdict:
    role = access.role(grant.role)
    if role is None:
        return _no(f"{agent.name} has the role {grant.role}, which there is no more")
    if permission not in role.may:
        return _no(f"the role {role.name} of {agent.name} has no permission to {permission}")
    within = f" for {', '.join(grant.teams)}" if grant.teams else ""
    if case is None:
        if grant.teams and not theirs:
            return _no(f"{agent.name} is {role.name}{within} alone, and this is about no case of theirs")
        return _yes(f"{agent.name} is {role.name}")
    why = _reached(role, agent, grant, case)
    if why:
        return _yes(f"{agent.name} is {role.name}{within}, and the case {why}")
    return _no(f"{agent.name} is {role.name}{within}, and the case is {_whose(case)}")


def _reached(role: Role, agent: Agent, grant: Grant, case: Case) -> str:
    """Why a case is among those that a role is about; empty if it is not."""
    if case.assignee == agent.name:
        return "is theirs"
    if agent.name in case.followers:
        return "is followed by them"
    if grant.teams:
        return f"is of {case.team}" if case.team in grant.teams and role.reach != "own" else ""
    if role.reach == "all":
        return "is of this workspace"
    if role.reach == "teams" and (not case.team or case.team in agent.teams):
        return f"is of {case.team}" if case.team else "is no team's"
    return ""


def _whose(case: Case) -> str:
    team, agent = case.team or "no team", case.assignee or "nobody"
    return f"of {team}, and {agent} has it"


def _yes(because: str) -> Verdict:
    return Verdict(allowed=True, because=because)


def _no(because: str) -> Verdict:
    return Verdict(allowed=False, because=because)
