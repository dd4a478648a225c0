"""A dry run of rules: what would have gone where, why, and in what that is unlike what became of it; nothing is written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from omnichannel.desk import Plan, Route, Team, Then, Tried, When
from omnichannel.inbox.desk import trying
from omnichannel.model.desk import Reading
from tests.chat import delivery
from tests.desk.readers import Obeying, Talking
from tests.desk.room import Room
from tests.engines import dump

TEAMS = (Team(name="service"), Team(name="sales"), Team(name="care"))
NEW = (
    Route(name="angry", when=When(intents=("complaint",)), then=Then(team="care", priority="high")),
    Route(name="offers", when=When(words=("price",)), then=Then(team="sales")),
    Route(name="never", when=When(kinds=("voice",)), then=Then(team="sales")),
)


def plan(**more: Any) -> Plan:
    given = {"teams": TEAMS, "default_team": "service", "classifier": Obeying()}
    return Plan.model_validate(given | more)


async def past(room: Room) -> list[str]:
    """Five conversations, one a minute; in the second one more was said after the answer."""
    found = []
    for who, text in (
        ("a", "what is the price"), ("b", "a complaint"), ("c", "hello"), ("d", "a compliment"), ("e", "the price now"),
    ):  # fmt: skip
        found.append(await room.hears(who, text))
        room.clock.advance(minutes=1)
    await room.says(found[1], "")
    await room.hears("b", "and what is the price")
    return found


async def test_what_would_have_gone_where_and_why(rooms: Callable[..., Room]) -> None:
    room = rooms(plan())
    found = await past(room)
    await room.inbox.desk.assign(found[4], team="sales", actor="Ann")
    before, told = dump(room.inbox.open()), list[Tried]()
    trial = await room.inbox.desk.routes.try_out(NEW, told=told.append)
    assert dump(room.inbox.open()) == before, "nothing is written"
    assert trial.looked_at == len(told) == 5
    assert trial.by_route == {"angry": 1, "offers": 2, "never": 0, "": 2}
    assert trial.by_team == {"sales": 2, "care": 1, "service": 2}
    assert trial.moved == {"service → sales": 1, "service → care": 1}
    assert trial.differ == 2
    assert [one.conversation for one in told] == found, "the oldest first"
    first, second, _, praise, last = told
    assert first.differs == ("team: sales, was service",)
    assert first.passed[0].because == "it reads as nothing certain, not as complaint"
    assert second.because == ("it reads as complaint (0.90)",)
    assert second.differs == ("team: care, was service", "priority: high, was normal")
    assert praise.then.quiet
    assert praise.differs == ()
    assert last.differs == ()
    assert trial.examples == (first, second)


async def test_what_was_made_of_it_then_counts_and_only_what_is_not_known_is_read(
    rooms: Callable[..., Room],
) -> None:
    room = rooms(plan())
    await past(room)
    trial = await room.inbox.desk.routes.try_out(plan(routes=NEW, classifier=Talking(Reading())))
    assert trial.by_route["angry"] == 1
    bare = rooms(plan(), workspace="bare")
    bare.inbox.plan = None
    await past(bare)
    bare.inbox.plan = plan()
    obeying = Obeying()
    trial = await bare.inbox.desk.routes.try_out(plan(routes=NEW, classifier=obeying))
    assert trial.by_route["angry"] == 1
    assert obeying.asked[1] == "a complaint", "what was said after an answer is another question"
    assert (len(obeying.asked), trial.differ) == (5, 0)


async def test_a_time_a_number_and_pages(rooms: Callable[..., Room], monkeypatch: pytest.MonkeyPatch) -> None:
    room = rooms(plan(routes=NEW))
    start = room.clock.now()
    await past(room)
    routes, minute = room.inbox.desk.routes, timedelta(minutes=1)
    whole = await routes.try_out(since=start + minute, until=start + 4 * minute)
    assert (whole.looked_at, whole.differ) == (3, 0), "the plan's own rules did just that"
    for size in (1, 2, 3):
        monkeypatch.setattr(trying, "_PAGE", size)
        assert await routes.try_out(since=start + minute, until=start + 4 * minute) == whole
        assert (await routes.try_out(most=2)).looked_at == 2
    assert (await routes.try_out(NEW[:1], examples=1)).examples != ()
    with pytest.raises(ValueError, match="no team is called 'x'"):
        await routes.try_out([Route(name="a", then=Then(team="x"))])


async def test_a_dry_run_says_what_the_desk_then_does(rooms: Callable[..., Room]) -> None:
    """The same question, tried out before and then decided: the same rule, the same outcome."""
    texts = ("a complaint", "the price", "hello there", "a compliment", "spam price", "question price")
    room = rooms(plan(routes=NEW))
    quiet = rooms(plan(), workspace="quiet")
    quiet.inbox.plan = None
    for number, text in enumerate(texts):
        public = number % 2 == 0
        await room.hears(f"c{number}", text, public=public)
        await quiet.hears(f"c{number}", text, public=public)
    quiet.inbox.plan = plan(routes=NEW)
    tried = list[Tried]()
    await quiet.inbox.desk.routes.try_out(told=tried.append)
    for number, one in enumerate(tried):
        case = await room.case((await room.messages(f"c{number}"))[0].conversation)
        team = one.then.team or "service"
        assert (one.route, team, one.then.priority or "normal") == (case.route, case.team, case.priority)
        assert one.then.quiet is not case.open


async def test_it_runs_beside_whatever_comes_in(
    rooms: Callable[..., Room], monkeypatch: pytest.MonkeyPatch
) -> None:
    room = rooms(plan(routes=NEW))
    await past(room)
    monkeypatch.setattr(trying, "_PAGE", 1)
    seen = 0

    async def more() -> None:
        await room.inbox.receive("chat", delivery({"id": "late", "from": "z", "text": "late"}))
        await room.inbox.work()

    def told(_: Tried) -> None:
        nonlocal seen
        seen += 1

    import asyncio

    trial, _ = await asyncio.gather(room.inbox.desk.routes.try_out(told=told), more())
    assert trial.looked_at == seen >= 5
