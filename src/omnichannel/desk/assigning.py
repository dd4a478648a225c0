"""Who is given a case, and why: with whom the customer spoke, who can do it, who has least, who waited longest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Literal, NamedTuple

from omnichannel.model import Agent

Pick = Literal["best", "round_robin"]

_EPSILON = 1e-9  # loads are sums of weights: 0.1 + 0.2 is 0.3


class Candidate(NamedTuple):
    """An agent who is there, with what they have: `load` is the weight of their cases.

    `knows` is when they last answered this customer. `given_at` is when they were last given anything.
    """

    agent: Agent
    load: float = 0.0
    knows: datetime | None = None
    given_at: datetime | None = None

    @property
    def free(self) -> float:
        """How much more they can have."""
        return self.agent.capacity - self.load


class Wanted(NamedTuple):
    """What a case asks of whoever takes it.

    One of these `teams` ("" for anybody), what it `needs` (skills with their least level), a language, and so much
    capacity (`weight`). `short`: so many levels may be missing, since nobody has all of them. `eased` says what is
    asked for no more, and why.
    """

    teams: tuple[str, ...] = ("",)
    needs: Mapping[str, int] = {}
    language: str = ""
    weight: float = 1.0
    short: int = 0
    eased: tuple[str, ...] = ()


class Choice(NamedTuple):
    """Who is given it (None: nobody can have it now), why, and why not the others."""

    agent: str | None
    because: tuple[str, ...]
    passed_over: tuple[tuple[str, str], ...] = ()


def choose(wanted: Wanted, candidates: Sequence[Candidate], pick: Pick = "best") -> Choice:
    """Choose among those who are there. The same candidates in any order give the same choice."""
    passed, fit = [], []
    for one in sorted(candidates, key=lambda one: one.agent.name):
        hindrance = unfit(wanted, one)
        if hindrance:
            passed.append((one.agent.name, hindrance))
        else:
            fit.append(one)
    if not fit:
        why = "nobody who could take it is there and has room" if passed else "nobody is there"
        return Choice(None, (why,), tuple(passed))
    if pick == "round_robin":
        chosen = min(fit, key=lambda one: (_since(one), one.agent.name))
        because = (*settled_for(wanted, chosen.agent), f"it is the turn of {chosen.agent.name}")
        return Choice(chosen.agent.name, because, tuple(passed))
    chosen = min(fit, key=lambda one: _order(wanted, one))
    return Choice(chosen.agent.name, _because(wanted, chosen, fit), tuple(passed))


def unfit(wanted: Wanted, one: Candidate) -> str:
    """Why somebody cannot be given it; empty if they can."""
    agent = one.agent
    if "" not in wanted.teams and not set(wanted.teams) & set(agent.teams):
        return f"is not in {' or '.join(wanted.teams)}"
    if missing(wanted.needs, agent) > wanted.short:
        lacks = (skill for skill, level in wanted.needs.items() if agent.skills.get(skill, 0) < level)
        return next(f"does not have {skill} {wanted.needs[skill]}" for skill in lacks)
    if wanted.language and agent.languages and not speaks(agent, wanted.language):
        return f"does not speak {wanted.language}"
    if one.free + _EPSILON < wanted.weight and one.load > _EPSILON:
        return f"has {one.load:g} of {agent.capacity:g}"
    return "takes nothing" if agent.capacity <= 0 else ""


def missing(needs: Mapping[str, int], agent: Agent) -> int:
    """How many levels somebody lacks of what is needed."""
    return sum(max(0, level - agent.skills.get(skill, 0)) for skill, level in needs.items())


def settled_for(wanted: Wanted, agent: Agent) -> tuple[str, ...]:
    """What is said of giving somebody what asks for more than they, or anybody, can do; nothing where they can."""
    if not missing(wanted.needs, agent):
        return wanted.eased
    asked = sorted(wanted.needs.items())
    has = [(skill, min(level, agent.skills.get(skill, 0))) for skill, level in asked]
    best = skills([one for one in has if one[1]]) or "nothing of it"
    return (f"nobody has {skills(asked)}; settled for {best}", *wanted.eased)


def skills(levels: Iterable[tuple[str, int]]) -> str:
    """Skills with their levels, in words."""
    return " and ".join(f"{skill} {level}" for skill, level in levels)


def speaks(agent: Agent, language: str) -> bool:
    """Whether somebody speaks a language; of which country does not matter."""
    spoken = {one.partition("-")[0].lower() for one in agent.languages}
    return language.partition("-")[0].lower() in spoken


def _order(wanted: Wanted, one: Candidate) -> tuple[float, int, float, float, str]:
    known = -one.knows.timestamp() if one.knows else 0.0
    return (known, -_skill(wanted, one.agent), round(_share(one), 9), _since(one), one.agent.name)


def _skill(wanted: Wanted, agent: Agent) -> int:
    asked = sum(agent.skills.get(skill, 0) for skill in wanted.needs)
    return asked + (1 if wanted.language and agent.languages and speaks(agent, wanted.language) else 0)


def _share(one: Candidate) -> float:
    """How much of their capacity is taken: who can have more is given more."""
    return one.load / one.agent.capacity


def _since(one: Candidate) -> float:
    return one.given_at.timestamp() if one.given_at else float("-inf")


def _because(wanted: Wanted, chosen: Candidate, fit: Sequence[Candidate]) -> tuple[str, ...]:
    """The first thing in which the chosen one differs from whoever is next, after what was asked for."""
    name = chosen.agent.name
    reasons = list(settled_for(wanted, chosen.agent))
    if not missing(wanted.needs, chosen.agent):
        reasons += [f"{name} has {skill} {chosen.agent.skills[skill]}" for skill in sorted(wanted.needs)]
    rest = [one for one in fit if one is not chosen]
    if not rest:
        return (*reasons, f"{name} is the only one who can take it now")
    following = min(rest, key=lambda one: _order(wanted, one))
    mine, theirs = _order(wanted, chosen), _order(wanted, following)
    if mine[0] != theirs[0]:
        return (*reasons, f"{name} knows the customer")
    if mine[1] != theirs[1]:
        return (*reasons, f"{name} can do it best")
    if mine[2] != theirs[2]:
        return (*reasons, f"{name} has least to do: {chosen.load:g} of {chosen.agent.capacity:g}")
    return (*reasons, f"{name} has waited longest" if mine[3] != theirs[3] else "all are alike: by name")
