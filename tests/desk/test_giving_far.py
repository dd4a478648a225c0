"""Giving out of a long queue: the same decisions as by looking at every case of it, and hardly any of it read."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import timedelta
from heapq import merge
from pathlib import Path

import pytest

from omnichannel.clock import moment
from omnichannel.desk import Overflow, Plan, Team
from omnichannel.desk.clocks import Course
from omnichannel.desk.queueing import queued, standing
from omnichannel.inbox.desk import giving
from omnichannel.inbox.desk.deciding import By, decide
from omnichannel.inbox.desk.giving import Hands
from omnichannel.inbox.desk.lining import Queue
from omnichannel.inbox.desk.refreshing import refresh
from omnichannel.model.desk import Case
from omnichannel.store import Tx, conversations
from omnichannel.store.desk import cases
from omnichannel.store.desk.cases import Waiting
from tests.conftest import empty
from tests.desk.room import Room
from tests.engines import HandClock

TEAMS = ("sales", "service", "care")
PLAN = Plan(
    teams=(
        Team(name="sales"),
        Team(name="service", overflow=(
            Overflow(after=timedelta(minutes=30), to="sales"), Overflow(after=timedelta(minutes=60), to="care"),
        )),
        Team(name="care", overflow=(Overflow(after=timedelta(minutes=45), to="service"),)),
    ),
    default_team="service", classifier=None, weights={"letter": 2.0}, waiting_share=0.25,
)  # fmt: skip


def looks_at_everything(tx: Tx, plan: Plan) -> None:
    """The same, told as simply as it can be: one case after the other."""
    hands, now = Hands(tx, plan), moment(tx.now())
    for waiting in every_one(tx, plan, hands.teams):
        asks = hands.wanted(waiting.case, now)
        held = waiting.case.unread_until is not None and waiting.case.unread_until > now
        if waiting.case.assignee or held:
            if held and not waiting.case.assignee and not waiting.case.unrouted and hands.can(asks):
                hands.reserve(waiting.case, asks)
            continue
        if not hands.can(asks):
            hands.keep_room(asks)
            continue
        choice = hands.choose(waiting.case, asks)
        assert choice.agent is not None
        hands.gave(choice.agent, asks.weight, now)
        decide(tx, plan, refresh(tx, plan, waiting.number), "assigned", By("desk", choice.because),
               {"assignee": choice.agent})  # fmt: skip
        if not hands.teams:
            break


def every_one(tx: Tx, plan: Plan, reachable: set[str]) -> Iterator[Waiting]:
    """What waits where somebody can take it from, in order."""
    open_to = [
        cases.waiting(tx, team)
        for team in cases.queues(tx)
        if reachable & {team, *(over.to for known in [plan.team(team)] if known for over in known.overflow)}
    ]
    return merge(*open_to, key=lambda one: (one.rank, one.number))


class Enough(Exception):  # noqa: N818 - nothing went wrong
    """What was decided, by whoever is to have decided nothing."""


async def decided(room: Room, give: Callable[[Tx, Plan], object]) -> list[tuple[object, ...]]:
    """What would be decided, and why, in order."""

    def job(tx: Tx) -> None:
        give(tx, PLAN)
        raise Enough(
            tx.all(
                "SELECT conversation, because, changes FROM decisions WHERE workspace = ? ORDER BY id", tx.ws
            )
        )

    with pytest.raises(Enough) as found:
        await room.inbox.run_job(job)
    return found.value.args[0]  # type: ignore[no-any-return]


def world(tx: Tx, chance: random.Random) -> None:
    """Something else waits, for others and since then."""
    now = moment(tx.now())
    for (number,) in tx.all("SELECT id FROM conversations WHERE workspace = ? ORDER BY id", tx.ws):
        at = now - timedelta(minutes=chance.randint(0, 90), seconds=chance.choice([0, 0, 30]))
        case = Case(
            conversation=conversations.conversation(tx, int(str(number))),
            team=chance.choice(TEAMS),
            needs=chance.choice([{}, {}, {"law": 1}, {"law": 2}]),
            language=chance.choice(["", "", "nl"]),
            kind=chance.choice(["chat", "letter", "letter"]),
            priority=chance.choice(["normal", "normal", "low", "urgent"]),
            asked_at=chance.choice([at, at, at, None]),
            queued_at=at,
            unread_until=now + timedelta(seconds=20) if chance.random() < 0.1 else None,
            unrouted=chance.random() < 0.3,
        )
        cases.keep(tx, int(str(number)), case, 1, Course(), standing(case, PLAN, now))


async def staffed(room: Room, chance: random.Random) -> None:
    for name in ("Ann", "Ben", "Eva", "Sue"):
        await room.inbox.desk.agents.describe(
            name,
            teams=chance.sample(TEAMS, chance.choice([0, 1, 1, 2])),
            skills=chance.choice([{}, {"law": 1}, {"law": 2}]),
            languages=chance.choice([[], ["nl"], ["en"]]),
            capacity=chance.choice([0, 0.5, 2, 2.5, 3, 5]),
        )


async def queue(clock: HandClock, url: str = "sqlite:///:memory:") -> Room:
    """A room with some who wait, and nobody who gives them to anybody."""
    room = Room(url, clock, PLAN)
    for number in range(18):
        await room.hears(f"c{number}")
    await room.hire("Ann", "Ben", "Eva", "Sue", online=False)
    room.inbox.plan = PLAN.model_copy(update={"give_out": False})
    for name in ("Ann", "Ben", "Eva", "Sue"):
        await room.inbox.desk.agents.turn(name, "online")
    return room


@pytest.mark.parametrize(("engine", "worlds"), [("memory", 120), ("postgres", 12)])
async def test_whatever_waits_is_given_as_if_every_case_were_looked_at(
    clock: HandClock, request: pytest.FixtureRequest, tmp_path: Path, engine: str, worlds: int
) -> None:
    room, given = await queue(clock, empty(engine, request, tmp_path)), 0
    for seed in range(worlds):
        chance = random.Random(seed)
        await staffed(room, chance)
        await room.inbox.run_job(lambda tx, chance=chance: world(tx, chance))
        expected = await decided(room, looks_at_everything)
        assert await decided(room, giving.give_out) == expected, seed
        given += len(expected)
    assert given > 2 * worlds, "there was something to decide"
    await room.close()


async def test_room_is_kept_for_each_distance_that_heavy_cases_flew(clock: HandClock) -> None:
    """Two letters wait for more room than anybody has: one that both may take, and one for Ann alone.

    So neither is given the chat behind them; else what is light would fill every gap.
    """
    room = await queue(clock)
    for name, teams in (("Ann", ["service"]), ("Ben", ["sales"]), ("Eva", []), ("Sue", [])):
        capacity = 3 if teams else 0
        await room.inbox.desk.agents.describe(name, teams=teams, capacity=capacity)
    waits = (
        ("sales", "chat", 80), ("sales", "chat", 79), ("service", "chat", 78), ("service", "chat", 77),
        ("service", "letter", 40), ("service", "letter", 20), ("service", "chat", 10),
    )  # fmt: skip

    def ask(tx: Tx) -> None:
        now = moment(tx.now())
        numbers = tx.all("SELECT id FROM conversations WHERE workspace = ? ORDER BY id", tx.ws)
        for place, (number,) in enumerate(numbers):
            talk = conversations.conversation(tx, int(str(number)))
            team, kind, ago = waits[place] if place < len(waits) else ("", "", 0)
            at = now - timedelta(minutes=ago)
            case = Case(conversation=talk, team=team, kind=kind, asked_at=at, queued_at=at, spam=not team)
            cases.keep(tx, int(str(number)), case, 1, Course(), standing(queued(case, now), PLAN, now))

    await room.inbox.run_job(ask)
    expected = await decided(room, looks_at_everything)
    assert await decided(room, giving.give_out) == expected
    assert len(expected) == 4
    await room.close()


async def test_what_asks_the_same_is_passed_over_at_once(clock: HandClock) -> None:
    """Of all that asks the same of whoever takes it, one is looked at; where it flies over, one for each distance."""
    room = await queue(clock)
    for team, looked_at in (("sales", 1), ("service", 3)):
        await room.inbox.run_job(lambda tx, team=team: all_alike(tx, team))
        assert await room.inbox.run_job(lambda tx, team=team: passed_over(tx, team)) == looked_at
    await room.close()


def all_alike(tx: Tx, team: str) -> None:
    now = moment(tx.now())
    for place, (number,) in enumerate(tx.all("SELECT id FROM conversations WHERE workspace = ?", tx.ws)):
        talk = conversations.conversation(tx, int(str(number)))
        at = now - timedelta(minutes=5 * place)
        case = Case(conversation=talk, team=team, needs={"law": 9}, queued_at=at, kind="chat")
        cases.keep(tx, int(str(number)), case, 1, Course(), standing(case, PLAN, now))


def passed_over(tx: Tx, team: str) -> int:
    """How many cases are looked at, each by somebody who cannot take it."""
    found, waits = 0, Queue(tx, PLAN, moment(tx.now()), [team])
    for _ in waits:
        found += 1
        waits.pass_over()
    return found
