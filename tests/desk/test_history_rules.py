"""Rules ask for what there was before: live as it is by now, in a dry run as it was then."""

from __future__ import annotations

import re
import sqlite3
import tomllib
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from omnichannel.desk import Between, Plan, Ratings, Route, Team, Then, Tried, When
from omnichannel.desk.classify import Intent, Likely, Reading, rounded
from omnichannel.desk.routing import Earlier, Seen, reasons, route
from omnichannel.store.opening import schema_files
from tests.desk.readers import Obeying
from tests.desk.room import Room

TABLES = dict(schema_files())[23]
TEAMS = (Team(name="service"), Team(name="care"))
RULES = (
    Route(name="badly rated", when=When(rated=Between(most=2)), then=Then(team="care")),
    Route(name="complained", when=When(complained=True), then=Then(team="care", priority="high")),
    Route(
        name="again",
        when=When(before=Between(least=1), days_since=Between(most=7)),
        then=Then(tags=("again",)),
    ),
    Route(name="Ann's", when=When(answered_by=("Ann",), answered_in=("service",)), then=Then(agent="Ann")),
)


def plan(**more: Any) -> Plan:
    given = {"teams": TEAMS, "default_team": "service", "classifier": Obeying(), "give_out": False}
    return Plan.model_validate(given | {"routes": RULES} | more)


async def asks(room: Room, who: str, text: str, number: int, **later: float) -> str:
    """A question on paper, where each is a conversation; then time goes by."""
    conversation = await room.hears(who, f"{text} {number}", on="letter")
    room.clock.advance(**later or {"minutes": 1})
    return conversation


async def test_what_there_was_before_says_where_it_goes(rooms: Callable[..., Room]) -> None:
    room = rooms(plan())
    await room.hire("Ann")
    first = await asks(room, "rosa", "a complaint", 1, days=30)
    again = await asks(room, "rosa", "hello", 2)
    assert [(await room.case(one)).route for one in (first, again)] == ["", "complained"]
    assert (await room.inbox.desk.decisions(again))[-1].because[0] == "they complained before"
    calm = await asks(room, "ben", "hello", 1)
    await room.says(calm, "Ann")
    soon = await asks(room, "ben", "hello", 2, days=8)
    late = await asks(room, "ben", "hello", 3)
    assert [(await room.case(one)).route for one in (soon, late)] == ["again", "Ann's"]
    assert (await room.case(late)).assignee == "Ann"
    because = (await room.inbox.desk.decisions(late))[-1].because
    assert because[:2] == ("Ann answered them last", "service answered them last")
    assert "not again: they last wrote 8.0 days ago, and not 7 or less" in because
    other = await asks(room, "carl", "hello", 1)
    assert (await room.case(other)).route == ""  # nobody else's history


async def test_a_question_that_complains_as_well_is_remembered(rooms: Callable[..., Room]) -> None:
    """Whatever a message was likeliest to be: what is likelier than not to complain did."""
    room = rooms(plan())
    first = await asks(room, "rosa", "a question and a complaint", 1)
    [read] = await room.inbox.desk.routes.readings(first)
    assert read.intent == "question"
    assert (await room.case(await asks(room, "rosa", "hello", 2))).route == "complained"
    await asks(room, "ben", "a question", 1)
    assert (await room.case(await asks(room, "ben", "hello", 2))).route == "again"


CHANCES = st.one_of(st.floats(0, 1), st.sampled_from([0.0, 0.4999, 0.49999, 0.5, 0.9999, 1.0, 5e-05]))


@given(CHANCES, CHANCES)
def test_readings_from_before_are_known_by_what_they_said(asks: float, complains: float) -> None:
    """The step that brings tables up to date finds in each reading's own words whether it was a complaint."""
    likely = (
        Likely(intent=Intent.QUESTION, probability=asks),
        Likely(intent=Intent.COMPLAINT, probability=complains),
    )
    reading = rounded(Reading(intents=likely))
    [update] = re.findall(r"^UPDATE readings [^;]+", TABLES, re.MULTILINE)
    with closing(sqlite3.connect(":memory:")) as store:
        store.execute("CREATE TABLE readings (content TEXT, complains INTEGER DEFAULT 0)")
        store.execute(
            "INSERT INTO readings (content) VALUES (?)", (reading.model_dump_json(exclude_defaults=True),)
        )
        store.execute(update)
        assert store.execute("SELECT complains FROM readings").fetchone() == (
            int(reading.holds(Intent.COMPLAINT)),
        )


async def test_a_bad_rating_is_remembered(rooms: Callable[..., Room]) -> None:
    room = rooms(plan(ratings=Ratings(after=timedelta(), page="https://shop.example/rate")))
    await room.hire("Ann")
    first = await room.hears("rosa")
    await room.says(first, "Ann")
    await room.inbox.desk.close(first, actor="Ann")
    await room.inbox.work()
    await room.hears("rosa", "2")
    [rating] = await room.inbox.desk.ratings.of(first)
    assert rating.stars == 2
    room.clock.advance(days=30)
    again = await room.hears("rosa", "Hello again!")
    assert again != first
    case = await room.case(again)
    assert (case.route, case.team) == ("badly rated", "care")


async def test_a_dry_run_sees_what_there_was_then_and_not_what_came_later(rooms: Callable[..., Room]) -> None:
    room = rooms(plan())
    await room.hire("Ann")
    for who, text in (
        ("rosa", "hello"),
        ("rosa", "a complaint"),
        ("rosa", "hello"),
        ("ben", "hello"),
        ("ben", "hello"),
    ):
        number = len(await room.inbox.conversations.open())
        conversation = await asks(room, who, text, number)
        await room.says(conversation, "Ann")
        room.clock.advance(days=9)
    told = list[Tried]()
    await room.inbox.desk.routes.try_out(told=told.append)
    live = [(await room.case(one.conversation)).route for one in told]
    assert [one.route for one in told] == live == ["", "Ann's", "complained", "", "Ann's"]


async def test_many_questions_are_looked_up_together(rooms: Callable[..., Room], monkeypatch: Any) -> None:
    from omnichannel.store.desk import earlier

    room = rooms(plan())
    for number in range(5):
        await asks(room, "rosa", "a complaint" if number == 2 else "hello", number)
    whole = await room.inbox.desk.routes.try_out()
    monkeypatch.setattr(earlier, "_SOME", 2)
    assert await room.inbox.desk.routes.try_out() == whole
    assert whole.by_route == {"badly rated": 0, "complained": 2, "again": 2, "Ann's": 0, "": 1}


def test_nothing_before_is_never_too_long_ago() -> None:
    for when in (RULES[0].when, RULES[2].when, RULES[3].when, When(days_since=Between(least=0))):
        assert route(Seen(), [Route(name="a", when=when)]).route == ""
    nobody = Seen(earlier=Earlier())
    assert reasons(When(new=True, complained=False, before=Between(most=0)), nobody) == (
        "they never wrote before", "they wrote before, 0 times", "they never complained before",
    )  # fmt: skip


def test_a_rule_that_cannot_hold_is_refused() -> None:
    with pytest.raises(ValidationError, match="give least, most, or both"):
        Between()
    with pytest.raises(ValidationError, match="the other way round"):
        Between(least=3, most=2)
    with pytest.raises(ValueError, match="route 'a': no team is called 'x'; there are: care, service"):
        plan(routes=(Route(name="a", when=When(none=(When(answered_in=("x",)),))),))


def test_the_same_in_a_file() -> None:
    text = """
        name = "again"
        when = { complained = true, days_since = { most = 7 }, rated = { most = 2 }, answered_in = ["care"] }
    """
    found = Route.model_validate(tomllib.loads(text)).when
    wanted = When(complained=True, days_since=Between(most=7), rated=Between(most=2), answered_in=("care",))
    assert found == wanted
