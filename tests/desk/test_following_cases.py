"""Whoever follows a conversation is named in everything that the desk tells of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

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
)
from omnichannel.model import Happening
from omnichannel.model.desk import Intent
from tests.chat import delivery
from tests.desk.readers import Obeying
from tests.desk.room import Room

EVENTS = Path(__file__).parents[2] / "docs" / "reference" / "events.md"
HOUR = timedelta(hours=1)


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
