"""Whoever follows a conversation is named in everything that the desk tells of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from omnichannel.desk import (
    Answer,
    Bot,
    HandOver,
    Plan,
    Ratings,
    Reply,
    Route,
    Target,
    Team,
    Then,
    Turn,
    When,
    Which,
)
from omnichannel.inbox.desk import dispatching
from omnichannel.model import Happening
from omnichannel.model.desk import Intent
from omnichannel.store import Tx, opening
from omnichannel.store.opening import migrate, schema_files
from omnichannel.store.sqlite import SqliteDriver
from tests.chat import delivery
from tests.desk.readers import Obeying
from tests.desk.room import Room

EVENTS = Path(__file__).parents[2] / "docs" / "reference" / "events.md"
HOUR = timedelta(hours=1)
REFILED = 23
"""The version of the tables from which on everything is found by who follows it."""


async def robin(turn: Turn) -> Reply | HandOver:
    return Reply(text="All is well.") if "well" in turn.asks else HandOver(because="it is beyond me")


PLAN = Plan(
    teams=(Team(name="service"),), default_team="service", classifier=Obeying(), give_out=False,
    targets=(Target(name="within the hour", what="first", within=HOUR, time="calendar"),),
    thanks=Answer(name="thanks", texts={"en": "Thank you!"}), bots=(Bot(name="Robin", answers=robin),),
    ratings=Ratings(after=timedelta()),
    routes=(Route(name="problems", when=When(intents=(Intent.PROBLEM,)), then=Then(tags=("broken",))),),
)  # fmt: skip


async def begun(room: Room, who: str, text: str) -> str:
    """Somebody writes, and Flo follows what they ask from the first moment on."""
    await room.inbox.receive("chat", delivery({"id": f"{who}-{text}", "from": who, "text": text}))
    await room.inbox.read()
    [conversation] = {one.conversation for one in await room.messages(who)}
    await room.inbox.desk.follow(conversation, "Flo")
    await room.inbox.work()
    return conversation


async def rates(room: Room, conversation: str, who: str, said: str) -> None:
    """They are answered, it is closed, they are asked how we did, and say it."""
    await room.says(conversation, "Ann")
    await room.inbox.desk.close(conversation)
    await room.inbox.work()
    await room.hears(who, said)


async def lived(room: Room) -> None:
    """Three conversations in which everything happens that can happen to a case."""
    desk = room.inbox.desk
    await room.hire("Ann", "Ben", "Flo", online=False)
    await begun(room, "paul", "a compliment")
    rosa = await begun(room, "rosa", "a problem")
    await desk.assign(rosa, "Ann")
    await desk.tag(rosa, "urgent")
    await desk.snooze(rosa, room.clock.now() + HOUR)
    await room.hears("rosa", "It still is.")  # wakes it
    await desk.writing(rosa, "Ann")
    await desk.writing(rosa, "Ben")
    await desk.follow_up(rosa, room.clock.now() + HOUR, agent="Ben")
    for _ in range(3):
        room.clock.advance(minutes=50)
        await room.inbox.work()
    await desk.followed_up(rosa)
    await desk.control.pass_on(rosa, "Robin")
    await desk.control.take(rosa, "Ann")
    await desk.control.offer(rosa)
    await desk.control.give_back(rosa)
    await desk.assign(rosa)
    await rates(room, rosa, "rosa", "5")
    zoe = await begun(room, "zoe", "a question")
    await rates(room, zoe, "zoe", "stop")


def told(happenings: list[Happening]) -> set[str]:
    return {one.what for one in happenings if one.what.startswith("case.")}


async def test_whatever_happens_to_a_case_names_them(rooms: Callable[..., Room]) -> None:
    """Everything under `case.…` on the page, and whatever else there is: who follows needs no list of exceptions."""
    room = rooms(PLAN)
    await lived(room)
    happenings = await room.inbox.events()
    documented = set(re.findall(r"`(case\.[a-z_]+)`", EVENTS.read_text()))
    assert documented <= told(happenings)
    nameless = [one for one in happenings if one.what in told(happenings) and not _names(one)]
    assert [one.what for one in nameless] == []


async def test_who_follows_no_more_is_named_no_more(rooms: Callable[..., Room]) -> None:
    room = rooms(PLAN)
    await room.hire("Ann", "Flo", online=False)
    conversation = await begun(room, "rosa", "a question")
    await room.inbox.desk.unfollow(conversation, "Flo")
    before = (await room.inbox.events())[-1].id
    await rates(room, conversation, "rosa", "4")
    after = await room.inbox.events(before)
    assert "case.rated" in told(after)
    assert not any(_names(one) for one in after)


def _names(one: Happening) -> bool:
    return one.detail.get("followers") == "Flo"


FOLLOWED = Which(followed=True)


async def found(room: Room, agent: str = "Flo") -> list[str]:
    shown = await room.inbox.desk.views.page(FOLLOWED, agent=agent)
    return [one.conversation.id for one in shown.cases]


def before_followers_were_filed(tx: Tx) -> None:
    """Tables as they were when nobody was found by whom they follow, brought up to date."""
    tx.run("DELETE FROM filed WHERE workspace = ? AND name = 'follower'", tx.ws)
    [migration] = [sql for version, sql in schema_files() if version == REFILED]
    for update in re.findall(r"^UPDATE [^;]+", migration, re.MULTILINE):
        tx.run(update)


async def test_a_view_has_what_was_followed_before_followers_were_filed(rooms: Callable[..., Room]) -> None:
    """Open or closed, and though nothing happens to it any more; what somebody let go is not in it."""
    room = rooms(PLAN)
    await room.hire("Ann", "Flo", online=False)
    still, closed, left = [await begun(room, who, "a question") for who in ("rosa", "zoe", "paul")]
    await room.inbox.desk.close(closed)
    await room.inbox.desk.unfollow(left, "Flo")
    await room.inbox.run_job(before_followers_were_filed)
    assert await found(room) == []
    await room.inbox.work()
    assert await found(room) == [still, closed]
    assert await found(room, "Ann") == []


async def test_nobody_waits_for_what_is_filed_again(
    rooms: Callable[..., Room], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A few at a time, and what customers write meanwhile is given out as always."""
    monkeypatch.setattr(dispatching, "_FILED", 1)
    room = rooms(PLAN.model_copy(update={"give_out": True}))
    await room.hire("Flo", "Ann")
    asked = [await begun(room, who, "a question") for who in ("rosa", "zoe", "paul", "ben")]
    await room.inbox.run_job(before_followers_were_filed)
    await room.inbox.receive("chat", delivery({"id": "new", "from": "mia", "text": "a question"}))
    await room.inbox.read()
    await room.inbox.dispatch()
    assert len(await found(room)) == 1
    await room.inbox.classify()
    await room.inbox.dispatch()
    [mias] = await room.messages("mia")
    assert (await room.case(mias.conversation)).assignee
    assert len(await found(room)) < len(asked)
    await room.inbox.work()
    assert await found(room) == asked
    assert await room.inbox.dispatch() == 0


def test_a_store_that_is_brought_up_to_date_files_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every desk that there is; one that begins has nothing to file."""
    driver = SqliteDriver(str(tmp_path / "old.db"))
    row = "INSERT INTO desks (workspace, position, walked, plan, at) VALUES ({}, 0, NULL, '', 0)"
    with monkeypatch.context() as old:
        old.setattr(opening, "schema_files", lambda: schema_files()[: REFILED - 1])
        migrate(driver, driver.words)
    driver.run(row.format(1), ())
    migrate(driver, driver.words)
    driver.run(row.format(2), ())
    assert driver.rows("SELECT refiled FROM desks ORDER BY workspace", ()) == [(0,), (None,)]
    driver.close()
