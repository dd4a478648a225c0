"""Whoever is away, offline or gone: what would miss its promise with them goes back, and is somebody else's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from omnichannel.desk import Bot, Plan, Target, Team
from omnichannel.desk.control import Reply, Turn
from omnichannel.errors import Conflict, NotFound
from omnichannel.model.desk import Case
from tests.desk.room import Room

HOUR = timedelta(hours=1)
FIRST = Target(name="an hour", what="first", within=HOUR, time="calendar", warn=0.5)
NEXT = FIRST.model_copy(update={"name": "next", "what": "next"})


def promising(*targets: Target, **more: object) -> Plan:
    given: dict[str, object] = {"teams": (Team(name="service"),), "default_team": "service"}
    return Plan.model_validate(given | {"targets": targets or (FIRST, NEXT)} | more)


async def forward(room: Room, **length: float) -> None:
    room.clock.advance(**length)
    await room.inbox.work()


async def why(room: Room, conversation: str, word: str = "unassigned") -> tuple[str, ...]:
    decided = await room.inbox.desk.decisions(conversation)
    return next((one.because for one in reversed(decided) if one.what == word), ())


async def test_who_is_away_keeps_it_until_its_promise_would_be_missed(rooms: Callable[..., Room]) -> None:
    room = rooms(promising())
    await room.hire("Ann")
    conversation = await room.hears("rosa")
    await room.inbox.desk.agents.turn("Ann", "away")
    await room.hire("Ben")
    await forward(room, minutes=29)
    assert (await room.case(conversation)).assignee == "Ann"
    await forward(room, minutes=1)
    assert (await room.case(conversation)).assignee == "Ben"
    assert await why(room, conversation) == ("Ann is away, and a promise would be missed",)


async def test_who_is_back_in_time_keeps_it(rooms: Callable[..., Room]) -> None:
    room = rooms(promising())
    await room.hire("Ann", "Ben")
    conversation = await room.hears("rosa")
    holder = (await room.case(conversation)).assignee
    await room.inbox.desk.agents.turn(holder, "away")
    await forward(room, minutes=20)
    await room.inbox.desk.agents.turn(holder, "online")
    await forward(room, minutes=90)
    assert (await room.case(conversation)).assignee == holder  # who is there, and slow, is not robbed


async def test_what_was_given_by_hand_to_somebody_offline_does_not_stay_for_ever(
    rooms: Callable[..., Room],
) -> None:
    room = rooms(promising())
    await room.hire("Ann", online=False)
    await room.hire("Ben")
    conversation = await room.hears("rosa")
    await room.inbox.desk.assign(conversation, "Ann", actor="Ben")
    await forward(room, minutes=10)
    assert (await room.case(conversation)).assignee == "Ann"
    await forward(room, minutes=20)
    assert (await room.case(conversation)).assignee == "Ben"
    assert await why(room, conversation) == ("Ann is offline, and a promise would be missed",)


async def test_what_was_warned_of_or_missed_before_they_got_it_is_not_taken_back_at_once(
    rooms: Callable[..., Room],
) -> None:
    room = rooms(promising())
    await room.hire("Ann", online=False)
    await room.hire("Ben")
    warned, missed = await room.hears("rosa"), await room.hears("carl")
    await forward(room, minutes=40)
    await room.inbox.desk.assign(warned, "Ann", actor="Ben")
    await forward(room, minutes=19)
    assert (await room.case(warned)).assignee == "Ann"
    await forward(room, minutes=1)
    assert (await room.case(warned)).assignee == "Ben"
    await room.inbox.desk.assign(missed, "Ann", actor="Ben")
    await forward(room, minutes=59)
    assert (await room.case(missed)).assignee == "Ann"
    await forward(room, minutes=1)
    assert (await room.case(missed)).assignee == "Ben"


async def test_what_was_missed_already_goes_back_as_soon_as_somebody_goes_away(
    rooms: Callable[..., Room],
) -> None:
    room = rooms(promising())
    await room.hire("Ann")
    late, early = await room.hears("rosa"), await room.hears("carl")
    await forward(room, minutes=61)
    await room.says(early, "Ann")
    await room.inbox.desk.agents.turn("Ann", "away")
    assert (await room.case(late)).assignee == ""
    assert (await room.case(early)).assignee == "Ann"
    assert await why(room, late) == ("Ann is away, and a promise was missed",)


async def test_what_is_snoozed_waits_for_its_time(rooms: Callable[..., Room]) -> None:
    room = rooms(promising())
    await room.hire("Ann")
    conversation = await room.hears("rosa")
    await room.inbox.desk.snooze(conversation, room.clock.now() + timedelta(hours=2), actor="Ann")
    await room.inbox.desk.agents.turn("Ann", "away")
    await forward(room, minutes=90)
    assert (await room.case(conversation)).assignee == "Ann"
    await forward(room, minutes=30)
    assert (await room.case(conversation)).assignee == ""


@pytest.mark.parametrize("more", [{"give_back_missed": False}, {"give_out": False}])
async def test_where_agents_keep_what_they_have_nothing_goes_back(
    rooms: Callable[..., Room], more: dict[str, object]
) -> None:
    room = rooms(promising(**more))
    await room.hire("Ann")
    conversation = await room.hears("rosa")
    await room.inbox.desk.assign(conversation, "Ann")
    await room.inbox.desk.agents.turn("Ann", "away")
    await forward(room, days=5)
    assert (await room.case(conversation)).assignee == "Ann"


async def test_who_is_let_go_frees_everything_and_keeps_their_name(rooms: Callable[..., Room]) -> None:
    room = rooms(promising(give_out=False))
    await room.hire("Ann", skills={"billing": 3}, languages=["nl"])
    await room.hire("Ben")
    desk = room.inbox.desk
    asked, answered, closed, snoozed = [await room.hears(who) for who in ("rosa", "carl", "dora", "emil")]
    for one in (asked, answered, closed, snoozed):
        await desk.assign(one, "Ann")
    await room.says(answered, "Ann")
    await desk.close(closed, actor="Ann")
    await desk.snooze(snoozed, room.clock.now() + HOUR, actor="Ann")
    gone = await desk.agents.let_go("Ann", actor="Ben", because="went to the sea")
    assert (gone.teams, gone.skills, gone.languages, gone.grants) == ((), {}, (), ())
    assert (gone.presence, gone.gone_at) == ("offline", room.clock.now())
    cases: list[Case] = [await room.case(one) for one in (asked, answered, closed, snoozed)]
    assert [one.assignee for one in cases] == ["", "", "Ann", ""]  # what she closed, she closed
    assert await why(room, answered) == ("Ann was let go", "went to the sea")
    assert [one.name for one in await room.inbox.agents()] == ["Ben"]
    assert (await room.case(answered)).answered_by == "Ann"
    told = [one for one in await room.inbox.events() if one.what == "agent.let_go"]
    assert [(one.actor, one.detail["agent"]) for one in told] == [("Ben", "Ann")]


async def test_nobody_who_was_let_go_is_given_or_does_anything(rooms: Callable[..., Room]) -> None:
    room = rooms(promising(give_out=False))
    await room.hire("Ann")
    await room.inbox.roles.grant("Ann", "admin")
    desk = room.inbox.desk
    conversation, another = await room.hears("rosa"), await room.hears("carl")
    await desk.assign(conversation, "Ann")
    await desk.close(conversation, actor="Ann")
    await desk.agents.let_go("Ann")
    for refused in (
        desk.assign(another, "Ann"),
        desk.take_next("Ann"),
        desk.agents.turn("Ann", "online"),
        desk.agents.describe("Ann", capacity=3),
        desk.agents.let_go("Ann"),
        room.inbox.conversations.reply(conversation, "Hello", agent="Ann"),
        room.inbox.acting_as("Ann").desk.queue("service"),
    ):
        with pytest.raises(NotFound, match="was let go"):
            await refused
    await room.hears("rosa", "And another thing")
    assert (await room.case(conversation)).assignee == ""  # it is open again, and she is not there
    assert await why(room, conversation) == ("Ann was let go",)
    again = await room.inbox.add_agent("Ann")
    assert (again.gone_at, again.teams, again.grants) == (None, (), ())
    assert (await desk.assign(conversation, "Ann")).assignee == "Ann"


async def quiet(turn: Turn) -> Reply:
    return Reply(text=f"You wrote: {turn.asks}")


async def test_a_bot_of_the_plan_is_let_go_by_the_plan(rooms: Callable[..., Room]) -> None:
    room = rooms(promising(bots=(Bot(name="robo", answers=quiet),)))
    await room.inbox.work()
    with pytest.raises(Conflict, match="take it out of Plan.bots first"):
        await room.inbox.desk.agents.let_go("robo")
