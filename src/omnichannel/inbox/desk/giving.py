"""Giving out what waits to those who are there, in the caller's transaction."""

from __future__ import annotations

from datetime import datetime

from omnichannel.clock import moment
from omnichannel.desk.assigning import Candidate, Choice, Wanted, choose, settled_for, unfit
from omnichannel.desk.easing import Staff, wanted
from omnichannel.desk.plan import Plan
from omnichannel.desk.queueing import lightest
from omnichannel.inbox.desk.deciding import By, decide
from omnichannel.inbox.desk.lining import Queue, over_to
from omnichannel.inbox.desk.refreshing import Desked, refresh
from omnichannel.model.desk import Case
from omnichannel.store import Tx, agents
from omnichannel.store.desk import cases, lines


class Hands:
    """Those who are there, with what they have; it changes as they are given more."""

    def __init__(self, tx: Tx, plan: Plan) -> None:
        loads = cases.loads(tx)
        self._tx = tx
        self._plan = plan
        self._least = lightest(plan)
        self._there = {
            agent.name: Candidate(
                agent, loads.get(agent.name, (0, 0.0))[1], given_at=moment(given_at) if given_at else None
            )
            for agent, given_at in agents.there(tx)
        }
        self._kept: list[Candidate] = []
        self.staff = Staff.of(agents.agents(tx), frozenset(self._there))

    @property
    def teams(self) -> set[str]:
        """The teams of which somebody is there and has room, and "" for whoever is in none; none if nobody has."""
        free = [one for one in self._there.values() if self._room(one)]
        return {""}.union(*(one.agent.teams for one in free)) if free else set()

    def _room(self, one: Candidate) -> bool:
        return one.agent.capacity > 0 and (one.free >= self._least or not one.load)

    def wanted(self, case: Case, now: datetime) -> Wanted:
        """What a case asks of whoever takes it, by now."""
        return wanted(case, self._plan, now, self.staff)

    def can(self, wanted: Wanted) -> bool:
        """Whether anybody who is there can take something like it now."""
        return any(not unfit(wanted, one) for one in self._there.values())

    def full(self, wanted: Wanted) -> list[tuple[str, str]]:
        """Who is there and could take something like it, but for what they have: who, and how much that is."""
        able = (one for one in self._there.values() if _able(wanted, one))
        return [(one.agent.name, hindrance) for one in able if (hindrance := unfit(wanted, one))]

    def keep_room(self, wanted: Wanted) -> None:
        """Nobody has room for what stands first: one of those who could take it is given nothing that is behind it.

        Else what is lighter would fill every gap, and what is heavy would wait for ever.
        """
        if any(_able(wanted, one) for one in self._kept):
            return
        able = (one for one in self._there.values() if _able(wanted, one))
        chosen = max(able, key=lambda one: (one.free, one.agent.name), default=None)
        if chosen is not None:
            self._kept.append(self._there.pop(chosen.agent.name))

    def choose(self, case: Case, wanted: Wanted) -> Choice:
        """Who is given a case."""
        customer, team = case.conversation.customer, self._plan.team(case.team)
        known = cases.known_by(self._tx, customer)
        candidates = [one._replace(knows=known.get(name)) for name, one in self._there.items()]
        return choose(wanted, candidates, team.pick if team else "best")

    def reserve(self, case: Case, wanted: Wanted) -> None:
        """Leave room for a case with whoever would be given it, until it can be given."""
        agent = self.choose(case, wanted).agent
        if agent is not None:
            one = self._there[agent]
            self._there[agent] = one._replace(load=one.load + wanted.weight)

    def gave(self, agent: str, weight: float, now: datetime) -> None:
        """Somebody was given a case."""
        one = self._there[agent]
        self._there[agent] = one._replace(load=one.load + weight, given_at=now)


def _able(wanted: Wanted, one: Candidate) -> bool:
    """Whether somebody could take something like it with nothing else to do."""
    return not unfit(wanted, one._replace(load=0))


def staff_of(tx: Tx) -> Staff:
    """The people who answer, and who of them is there."""
    return Staff.of(agents.agents(tx), frozenset(agent.name for agent, _ in agents.there(tx)))


def give_out(tx: Tx, plan: Plan) -> int:
    """Give what waits to those who are there, the queue's order first; how many cases were given."""
    hands, given, now = Hands(tx, plan), 0, moment(tx.now())
    # What nobody can take is not looked at again for every case that is like it.
    hopeless: set[object] = set()
    queue = Queue(tx, plan, now, _open_to(tx, plan, hands))
    for waiting in queue:
        asks = hands.wanted(waiting.case, now)
        like = (asks.teams, tuple(sorted(asks.needs.items())), asks.language, asks.weight, asks.short)
        if waiting.case.assignee:
            continue  # given to somebody meanwhile, which is seen at the next look
        if like in hopeless:
            queue.pass_over()
            continue
        if waiting.case.unread_until is not None and waiting.case.unread_until > now:
            if not waiting.case.unrouted and hands.can(asks):
                hands.reserve(waiting.case, asks)  # whoever only wrote more while they waited loses no turn
            continue  # where it goes is known in a moment
        if not hands.can(asks):
            hopeless.add(like)
            hands.keep_room(asks)
            queue.pass_over()
            continue
        choice = hands.choose(waiting.case, asks)
        if choice.agent is not None:
            hands.gave(choice.agent, asks.weight, now)
            desked = refresh(tx, plan, waiting.number)
            decide(tx, plan, desked, "assigned", By("desk", choice.because), {"assignee": choice.agent})
            given += 1
        if not hands.teams:
            break
    return given


def _open_to(tx: Tx, plan: Plan, hands: Hands) -> list[str]:
    """The teams from whose queues somebody who is there may take."""
    if not (reachable := hands.teams):
        return []
    return [team for team in lines.teams(tx) if reachable & {team, *over_to(plan, team)}]


def take_next(tx: Tx, plan: Plan, agent: str) -> Desked | None:
    """Give one person the first case that they can do, with room or without; None if there is none."""
    person = agents.agent(tx, agent).model_copy(update={"capacity": float("inf")})
    now, staff = moment(tx.now()), staff_of(tx)
    queue = Queue(tx, plan, now, list(lines.teams(tx)))
    for waiting in queue:
        asks = wanted(waiting.case, plan, now, staff)
        if unfit(asks, Candidate(person)):
            queue.pass_over()
            continue
        desked = refresh(tx, plan, waiting.number)
        if desked.case.queued_at is not None:
            because = ("took the next one", *settled_for(asks, person))
            decide(tx, plan, desked, "assigned", By(agent, because), {"assignee": agent})
            return desked
    return None
