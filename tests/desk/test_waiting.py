"""Nothing waits for ever for what nobody can do: a skill that nobody has, a language whose speakers are away."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from omnichannel.desk import Calendar, Overflow, Plan, Route, Team, Then, When
from omnichannel.desk.easing import Staff, hindered, wanted
from omnichannel.errors import NotFound
from omnichannel.model.desk import Case
from tests.desk.room import Room
from tests.desk.test_rules import START, TALK, agent

BILLING = Route(name="invoices", when=When(words=("invoice",)), then=Then(needs={"billing": 3}))
SERVICE = Team(name="service")


def asking(**more: object) -> Plan:
    given: dict[str, object] = {"teams": (SERVICE, Team(name="sales")), "default_team": "service"}
    return Plan.model_validate(given | {"routes": (BILLING,)} | more)


async def test_a_skill_that_nobody_has_is_settled_for_the_best_there_is(rooms: Callable[..., Room]) -> None:
    room = rooms(asking())
    await room.hire("Ann", skills={"billing": 1})
    await room.hire("Ben", skills={"billing": 2})
    conversation = await room.hears("rosa", "My invoice is wrong")
    assert (await room.case(conversation)).assignee == ""
    [why] = await room.inbox.desk.why_waiting(conversation)
    assert why == "nobody has billing 3; from 2026-03-02 09:30 UTC on the best there is will do"
    [stuck] = await room.inbox.desk.held_up()
    assert (stuck.conversation, stuck.team, stuck.because) == (conversation, "service", (why,))
    room.clock.advance(minutes=30)
    await room.inbox.work()
    assert (await room.case(conversation)).assignee == "Ben"
    decision = (await room.inbox.desk.decisions(conversation))[-1]
    assert decision.because[0] == "nobody has billing 3; settled for billing 2"
    assert await room.inbox.desk.held_up() == []
    assert await room.inbox.desk.why_waiting(conversation) == ()


async def test_a_skill_that_somebody_has_is_waited_for_while_they_are_away(
    rooms: Callable[..., Room],
) -> None:
    room = rooms(asking())
    await room.hire("Ann")
    await room.hire("Cat", online=False, skills={"billing": 3})
    conversation = await room.hears("rosa", "My invoice is wrong")
    room.clock.advance(days=3)
    await room.inbox.work()
    assert (await room.case(conversation)).assignee == ""
    assert await room.inbox.desk.why_waiting(conversation) == ("who has billing 3 is not there: Cat",)
    assert await room.inbox.desk.held_up() == []
    await room.inbox.desk.agents.turn("Cat", "online")
    await room.inbox.work()
    assert (await room.case(conversation)).assignee == "Cat"


async def test_one_skill_here_and_another_there_is_nobody_who_has_both(rooms: Callable[..., Room]) -> None:
    both = Route(name="both", then=Then(needs={"billing": 3, "legal": 1}))
    room = rooms(asking(routes=(both,)))
    await room.hire("Ann", skills={"billing": 3}, capacity=1)
    await room.hire("Ben", skills={"legal": 1})
    conversation = await room.hears("rosa", "My invoice is wrong")
    room.clock.advance(minutes=30)
    await room.inbox.work()
    assert (await room.case(conversation)).assignee == "Ann"
    [because, *_] = (await room.inbox.desk.decisions(conversation))[-1].because
    assert because == "nobody has billing 3 and legal 1; settled for billing 3"


async def test_whoever_takes_the_next_one_settles_too(rooms: Callable[..., Room]) -> None:
    room = rooms(asking(give_out=False))
    await room.hire("Ann")
    conversation = await room.hears("rosa", "My invoice is wrong")
    assert await room.inbox.desk.take_next("Ann") is None
    assert "agents take" in (await room.inbox.desk.why_waiting(conversation))[-1]
    room.clock.advance(minutes=31)
    taken = await room.inbox.desk.take_next("Ann")
    assert taken is not None
    because = (await room.inbox.desk.decisions(conversation))[-1].because
    assert because == ("took the next one", "nobody has billing 3; settled for nothing of it")


async def test_without_settling_it_waits_and_says_so(rooms: Callable[..., Room]) -> None:
    room = rooms(asking(settle_after=None))
    await room.hire("Ann")
    conversation = await room.hears("rosa", "My invoice is wrong")
    room.clock.advance(days=30)
    await room.inbox.work()
    assert (await room.case(conversation)).assignee == ""
    assert await room.inbox.desk.why_waiting(conversation) == ("nobody has billing 3",)
    assert len(await room.inbox.desk.held_up()) == 1


async def test_a_team_that_flows_over_settles_for_the_best_of_both(rooms: Callable[..., Room]) -> None:
    service = Team(name="service", overflow=(Overflow(after=timedelta(minutes=10), to="sales"),))
    room = rooms(asking(teams=(service, Team(name="sales"))))
    await room.hire("Ann", skills={"billing": 1})
    await room.hire("Sue", teams=["sales"], skills={"billing": 2})
    conversation = await room.hears("rosa", "My invoice is wrong")
    room.clock.advance(minutes=30)
    await room.inbox.work()
    assert (await room.case(conversation)).assignee == "Sue"


async def test_why_it_waits_is_said_of_every_reason(rooms: Callable[..., Room]) -> None:
    room = rooms(asking())
    desk = room.inbox.desk
    conversation = await room.hears("rosa")
    assert await desk.why_waiting(conversation) == ("nobody is in service",)
    await room.hire("Ann", online=False, capacity=1)
    assert await desk.why_waiting(conversation) == ("nobody of service is there",)
    await desk.agents.turn("Ann", "online")
    await room.inbox.work()
    other = await room.hears("ben")
    assert await desk.why_waiting(other) == ("Ann has 1 of 1",)
    with pytest.raises(NotFound):
        await desk.why_waiting("019cadc6-9a80-7004-804a-92d9488cd192")


DUTCH = "Goedemorgen, waar blijft mijn bestelling van vorige week? Ik wacht al dagen op het pakket."


async def test_a_language_is_asked_for_while_somebody_who_speaks_it_is_there(
    rooms: Callable[..., Room],
) -> None:
    room = rooms(asking())
    await room.hire("Ann", languages=["en"])
    await room.hire("Zoe", languages=["en", "nl"], capacity=1)
    first, second = await room.hears("rosa", DUTCH), await room.hears("ben", DUTCH)
    assert (await room.case(first)).assignee == "Zoe"
    room.clock.advance(days=2)
    await room.inbox.work()
    assert (await room.case(second)).assignee == ""  # she is there: she takes it when she has room
    assert await room.inbox.desk.why_waiting(second) == ("Zoe has 1 of 1",)


async def test_whoever_speaks_it_being_on_leave_it_is_asked_for_no_longer_than_a_while(
    rooms: Callable[..., Room],
) -> None:
    room = rooms(asking())
    await room.hire("Ann", languages=["en"])
    await room.hire("Zoe", online=False, languages=["en", "nl"])
    conversation = await room.hears("rosa", DUTCH)
    assert (await room.case(conversation)).language == "nl"
    [why] = await room.inbox.desk.why_waiting(conversation)
    assert why == "who speaks nl is not there: Zoe; from 2026-03-02 09:30 UTC on others may take it"
    room.clock.advance(minutes=30)
    await room.inbox.work()
    assert (await room.case(conversation)).assignee == "Ann"
    decision = (await room.inbox.desk.decisions(conversation))[-1]
    assert decision.because[0] == "nobody who speaks nl was there to take it for 30 min: others may"


def test_a_language_is_waited_for_in_working_time() -> None:
    """What comes at night is not given to whoever comes first in the morning, before whoever speaks it is there."""
    day = Calendar(name="day", zone="UTC", mon="09:00-17:00")
    plan = Plan(teams=(Team(name="a", calendar="day"),), calendars=(day,))
    night = START - timedelta(hours=4)
    case = Case(conversation=TALK, team="a", language="nl", queued_at=night)
    staff = Staff.of([agent("Ann", languages=["en"]), agent("Zoe", languages=["nl"])], frozenset({"Ann"}))
    assert wanted(case, plan, START, staff).language == "nl"
    assert wanted(case, plan, START + timedelta(minutes=30), staff).language == ""
    never = plan.model_copy(update={"language_wait": None})
    assert wanted(case, never, START + timedelta(days=300), staff).language == "nl"


def test_who_speaks_it_and_cannot_do_it_is_no_reason_to_wait() -> None:
    case = Case(conversation=TALK, team="a", language="nl", needs={"billing": 2}, queued_at=START)
    able = agent("Ann", languages=["en"], skills={"billing": 2})
    staff = Staff.of([able, agent("Zoe", languages=["nl"])], frozenset({"Ann", "Zoe"}))
    plan = Plan(teams=(SERVICE, Team(name="a")))
    early, late = (wanted(case, plan, START + timedelta(minutes=minutes), staff) for minutes in (0, 30))
    assert (early.language, late.language, late.short) == ("nl", "", 0)


def test_bots_and_who_takes_nothing_are_nobody_to_wait_for() -> None:
    case = Case(conversation=TALK, team="a", needs={"billing": 2}, queued_at=START)
    able: dict[str, Any] = {"skills": {"billing": 2}}
    staff = Staff.of(
        [agent("bot", role="bot", **able), agent("Ann", 0, **able), agent("Ben")], frozenset({"Ben"})
    )
    plan = Plan(teams=(Team(name="a"),), settle_after=None)
    asks = wanted(case, plan, START, staff)
    assert list(hindered(case, asks, plan, START, staff)) == ["nobody has billing 2"]
