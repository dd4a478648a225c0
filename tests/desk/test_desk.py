"""The desk at work: what comes in finds somebody, everything decided says why, and is taken back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest

from omnichannel import Inbox
from omnichannel.desk import Calendar, Overflow, Plan, Team
from omnichannel.errors import ConfigError, Conflict, NotFound, UsageError
from tests.desk.room import PLAN, Room
from tests.engines import HandClock


async def test_what_comes_in_is_given_to_whoever_is_there_and_says_why(room: Room) -> None:
    await room.hire("Ann")
    conversation = await room.hears("rosa")
    case = await room.case(conversation)
    assert (case.assignee, case.team, case.control, case.queued_at) == ("Ann", "service", "agent", None)
    [decision] = await room.inbox.desk.decisions(conversation)
    assert (decision.what, decision.actor, decision.plan) == ("assigned", "desk", PLAN.fingerprint)
    assert decision.because == ("Ann is the only one who can take it now",)
    assert [(one.field, one.before, one.after) for one in decision.changes] == [("assignee", "", "Ann")]


async def test_while_nobody_is_there_it_waits_in_its_place(room: Room) -> None:
    first = await room.hears("rosa")
    room.clock.advance(minutes=1)
    second = await room.hears("ben")
    assert [case.conversation.id for case in await room.inbox.desk.queue("service")] == [first, second]
    assert [await room.inbox.desk.ahead(one) for one in (first, second)] == [0, 1]
    await room.hire("Ann", capacity=1)
    await room.inbox.work()
    assert (await room.case(first)).assignee == "Ann"
    assert (await room.case(second)).assignee == ""


async def test_what_waited_too_long_stands_in_the_queue_of_whoever_may_take_it(
    rooms: Callable[..., Room],
) -> None:
    over = Team(name="service", overflow=(Overflow(after=timedelta(minutes=30), to="sales"),))
    room = rooms(Plan(teams=(over, Team(name="sales")), default_team="service", give_out=False))
    await room.hire("Sam", teams=["sales"])

    async def sales() -> list[tuple[str, str]]:
        return [(one.conversation.id, one.team) for one in await room.inbox.desk.queue("sales")]

    long = await room.hears("rosa")
    room.clock.advance(minutes=20)
    theirs, fresh = await room.hears("ben"), await room.hears("carl")
    await room.inbox.desk.assign(theirs, team="sales")
    assert await sales() == [(theirs, "sales")]
    room.clock.advance(minutes=10)
    assert await sales() == [(long, "service"), (theirs, "sales")]
    assert [one.conversation.id for one in await room.inbox.desk.queue("service")] == [long, fresh]
    assert [one.conversation.id for one in await room.inbox.desk.queue("sales", most=1)] == [long]
    for expected in (long, theirs):
        taken = await room.inbox.desk.take_next("Sam")
        assert taken is not None
        assert taken.conversation.id == expected
    assert await sales() == []


async def test_what_is_put_aside_is_due_all_the_same(room: Room) -> None:
    conversation = await room.hears("rosa")
    until = room.clock.now() + timedelta(days=1)
    await room.inbox.desk.snooze(conversation, until)
    assert [(one.conversation.id, one.snoozed_until) for one in await room.inbox.desk.due()] == [
        (conversation, until)
    ]
    assert await room.inbox.desk.queue("service") == []


async def test_a_priority_is_a_head_start_and_nothing_waits_for_ever(room: Room) -> None:
    old = await room.hears("rosa")
    room.clock.advance(hours=2)
    urgent = await room.hears("ben")
    await room.inbox.desk.prioritise(urgent, "high", actor="Ann", because="a lawyer wrote")
    assert [case.conversation.id for case in await room.inbox.desk.queue("service")] == [urgent, old]
    room.clock.advance(hours=5)
    late = await room.hears("carl")
    await room.inbox.desk.prioritise(late, "high")
    assert [case.conversation.id for case in await room.inbox.desk.queue("service")] == [urgent, old, late]


async def test_head_starts_are_lengths_like_others_and_beside_them_the_defaults_hold(
    clock: HandClock,
) -> None:
    plan = Plan.model_validate({"head_starts": {"urgent": "48 h", "low": "-1 h 30 min"}})
    assert plan.head_starts == Plan().head_starts | {
        "urgent": timedelta(days=2),
        "low": timedelta(hours=-1, minutes=-30),
    }
    room = Room("sqlite:///:memory:", clock, Plan(head_starts={"urgent": timedelta(days=2)}))
    one = await room.hears("rosa")
    assert [case.conversation.id for case in await room.inbox.desk.queue()] == [one]
    await room.close()


async def test_the_one_who_knows_the_customer_gets_them_again(room: Room) -> None:
    await room.hire("Ann", "Ben", "Cat")
    first = await room.hears("rosa")
    await room.inbox.desk.assign(first, "Cat")
    await room.says(first, "Cat")
    await room.inbox.desk.close(first)
    for who in ("x", "y"):
        await room.hears(who)
    await room.hears("rosa", "And now on paper", on="letter")
    room.clock.advance(days=30)
    again = await room.hears("rosa", "Hello again!")
    assert again != first
    case = await room.case(again)
    assert case.assignee == "Cat"
    assert "Cat knows the customer" in (await room.inbox.desk.decisions(again))[-1].because


async def test_who_leaves_gives_back_what_waits_and_keeps_what_does_not(room: Room) -> None:
    await room.hire("Ann")
    waits, answered = await room.hears("rosa"), await room.hears("ben")
    asked = (await room.case(waits)).asked_at
    await room.says(answered, "Ann")
    room.clock.advance(minutes=9)
    await room.inbox.desk.agents.turn("Ann", "offline")
    case = await room.case(waits)
    assert (case.assignee, case.queued_at, case.control) == ("", asked, "queue")
    assert (await room.case(answered)).assignee == "Ann"
    decision = (await room.inbox.desk.decisions(waits))[-1]
    assert decision.because == ("Ann went offline, and the customer waits",)
    await room.hire("Ben")
    await room.inbox.work()
    assert (await room.case(waits)).assignee == "Ben"


async def test_who_is_added_at_each_start_stays_as_they_are(room: Room) -> None:
    await room.inbox.add_agent("Ann", email="ann@shop.example")
    await room.inbox.add_agent("Bo", role="bot")
    for name in ("Ann", "Bo"):
        await room.inbox.add_agent(name)
    known = {one.name: (one.role, one.email) for one in await room.inbox.agents()}
    assert known == {"Ann": ("person", "ann@shop.example"), "Bo": ("bot", "")}
    assert (await room.inbox.add_agent("Ann", email="")).email == ""


async def test_who_is_not_heard_of_any_more_has_gone(room: Room) -> None:
    await room.hire("Ann")
    await room.inbox.desk.agents.turn("Ann", "online", life=timedelta(minutes=2))
    conversation = await room.hears("rosa")
    room.clock.advance(minutes=1)
    await room.inbox.work()
    assert (await room.case(conversation)).assignee == "Ann"
    room.clock.advance(minutes=2)
    await room.inbox.work()
    assert (await room.case(conversation)).assignee == ""
    [ann] = await room.inbox.agents()
    assert ann.presence == "offline"


async def test_what_is_asked_of_somebody_who_left_is_somebody_elses(clock: HandClock) -> None:
    room = Room("sqlite:///:memory:", clock)
    await room.hire("Ann")
    conversation, left = await room.hears("rosa"), await room.hears("ben")
    for one in (conversation, left):
        await room.says(one, "Ann")
    await room.inbox.desk.snooze(left, clock.now() + timedelta(hours=2), actor="Ann")
    await room.inbox.desk.agents.turn("Ann", "offline")
    await room.hire("Ben")
    clock.advance(hours=1)
    await room.hears("rosa", "And the other one?")
    assert (await room.case(conversation)).assignee == "Ben"
    because = [one.because for one in await room.inbox.desk.decisions(conversation)]
    assert ("Ann is not there, and the customer waits",) in because
    await room.inbox.desk.assign(conversation, "Ann", actor="Ben")
    await room.hears("rosa", "Hello?")
    assert (await room.case(conversation)).assignee == "Ann"  # Ben knew that she is not there
    clock.advance(hours=1)
    await room.inbox.work()
    assert (await room.case(left)).assignee == "Ben"  # what is to be followed up, too
    await room.close()


async def test_what_is_heavy_is_not_overtaken_for_ever_by_what_is_light(clock: HandClock) -> None:
    room = Room(
        "sqlite:///:memory:", clock, PLAN.model_copy(update={"weights": {"chat": 1.5, "letter": 0.5}})
    )
    await room.hire("Ann", capacity=1.5)
    held = [await room.hears("rosa", f"Letter {number}", on="letter") for number in range(3)]
    clock.advance(minutes=1)
    heavy = await room.hears("ben")
    clock.advance(minutes=1)
    light = await room.hears("carl", "One more", on="letter")
    for one in held:
        await room.inbox.desk.close(one)
        await room.inbox.work()
        assert (await room.case(light)).assignee == ""
    assert (await room.case(heavy)).assignee == "Ann"
    await room.close()


async def test_a_case_flows_over_to_another_team(rooms: Callable[..., Room]) -> None:
    service = Team(name="service", overflow=(Overflow(after=timedelta(minutes=10), to="sales"),))
    room = rooms(Plan(teams=(service, Team(name="sales")), default_team="service"))
    await room.hire("Sue", teams=["sales"])
    conversation = await room.hears("rosa")
    room.clock.advance(minutes=9)
    await room.inbox.work()
    assert (await room.case(conversation)).assignee == ""
    room.clock.advance(minutes=1)
    await room.inbox.work()
    assert (await room.case(conversation)).assignee == "Sue"


async def test_skills_and_languages_are_asked_for(room: Room) -> None:
    await room.hire("Ann", "Ben", "Cat")
    desk = room.inbox.desk
    await desk.agents.describe("Ben", skills={"billing": 2})
    await desk.agents.describe("Cat", skills={"billing": 4})
    conversation = await room.hears("rosa")
    await desk.assign(conversation, "")
    with pytest.raises(ConfigError, match="from 1 to 5"):
        await desk.agents.describe("Ben", skills={"billing": 6})
    with pytest.raises(NotFound, match="there are: sales, service"):
        await desk.agents.describe("Ben", teams=["typo"])
    assert (await room.case(conversation)).queued_at is not None


async def test_a_decision_is_taken_back_and_that_too(room: Room) -> None:
    await room.hire("Ann", "Ben")
    desk = room.inbox.desk
    conversation = await room.hears("rosa")
    await desk.assign(conversation, "Ben", note="you sold it", actor="Ann")
    await desk.tag(conversation, "chair", "late", actor="Ann")
    assigned, tagged = (await desk.decisions(conversation))[-2:]
    assert assigned.because == ("you sold it",)
    undone = await desk.undo(assigned.id, actor="Ben", because="I did not")
    assert (undone.undoes, undone.actor, undone.because) == (assigned.id, "Ben", ("I did not",))
    assert (await room.case(conversation)).assignee == "Ann"
    with pytest.raises(Conflict, match="already"):
        await desk.undo(assigned.id)
    await desk.undo(undone.id)
    assert (await room.case(conversation)).assignee == "Ben"
    await desk.untag(conversation, "late")
    with pytest.raises(Conflict, match="tags was changed since"):
        await desk.undo(tagged.id)


async def test_spam_is_closed_and_comes_back(room: Room) -> None:
    await room.hire("Ann")
    conversation = await room.hears("rosa")
    case = await room.inbox.desk.spam(conversation, actor="Ann", because="sells pills")
    assert (case.spam, case.open) == (True, False)
    [share] = await room.inbox.desk.agents.shares()
    assert (share.cases, share.load) == (0, 0)
    await room.inbox.desk.undo((await room.inbox.desk.decisions(conversation))[-1].id)
    case = await room.case(conversation)
    assert (case.spam, case.open) == (False, True)


async def test_snoozed_until_the_time_is_over_or_the_customer_writes(room: Room) -> None:
    await room.hire("Ann")
    desk = room.inbox.desk
    conversation = await room.hears("rosa")
    until = room.clock.now() + timedelta(hours=1)
    assert (await desk.snooze(conversation, until)).snoozed_until == until
    await room.hears("rosa", "Are you there?")
    assert (await room.case(conversation)).snoozed_until is None
    woken = (await desk.decisions(conversation))[-1]
    assert (woken.what, woken.actor, woken.because) == ("woken", "desk", ("the customer wrote",))
    assert [(one.field, one.after) for one in woken.changes] == [("snoozed_until", None)]
    assert (await desk.undo(woken.id)).changes[0].after == woken.changes[0].before
    await desk.undo((await desk.decisions(conversation))[-1].id)
    await desk.snooze(conversation, until)
    room.clock.advance(hours=1)
    await room.inbox.work()
    assert (await room.case(conversation)).snoozed_until is None
    with pytest.raises(UsageError, match="is over"):
        await desk.snooze(conversation, until)


async def test_what_is_put_right_in_a_conversation_wakes_nothing(room: Room) -> None:
    conversation = await room.hears("rosa")
    await room.hears("rosa", "And something else")
    until = room.clock.now() + timedelta(hours=1)
    await room.inbox.desk.snooze(conversation, until)
    await room.inbox.conversations.split((await room.messages("rosa"))[-1].id)
    await room.inbox.work()
    assert (await room.case(conversation)).snoozed_until == until
    assert "woken" not in [one.what for one in await room.inbox.desk.decisions(conversation)]


async def test_two_who_write_at_once_are_told_of_each_other(room: Room) -> None:
    await room.hire("Ann", "Ben")
    desk = room.inbox.desk
    conversation = await room.hears("rosa")
    seen = (await room.messages("rosa"))[-1].id
    assert not await desk.writing(conversation, "Ann", seen=seen)
    found = await desk.writing(conversation, "Ben", seen=seen)
    assert found
    assert found.others == ("Ann",)
    await room.says(conversation, "Ann")  # and so she writes no more
    found = await desk.writing(conversation, "Ben", seen=seen)
    assert (found.others, len(found.newer)) == ((), 1)


async def test_who_is_not_heard_of_for_a_minute_writes_no_more(room: Room) -> None:
    await room.hire("Ann", "Ben")
    conversation = await room.hears("rosa")
    await room.inbox.desk.writing(conversation, "Ann")
    room.clock.advance(minutes=1)
    assert not await room.inbox.desk.writing(conversation, "Ben")


WRONG: dict[str, tuple[Callable[[Room, str], Awaitable[object]], str]] = {
    "a moment in no time zone": (
        lambda room, one: room.inbox.desk.snooze(one, datetime(2030, 1, 1)),  # noqa: DTZ001 - that is what is wrong
        "2030-01-01 00:00 is in no time zone: give one",
    ),
    "no such priority": (
        lambda room, one: room.inbox.desk.prioritise(one, "nope"),  # type: ignore[arg-type]
        "'nope' is no priority: give 'low' or 'normal'",
    ),
    "no such presence": (
        lambda room, _: room.inbox.desk.agents.turn("Ann", "lunch"),  # type: ignore[arg-type]
        "'lunch' is no presence: give 'online' or 'away'",
    ),
    "a presence that is over": (
        lambda room, _: room.inbox.desk.agents.turn("Ann", "online", life=timedelta()),
        "give a positive one",
    ),
    "writing that is over": (
        lambda room, one: room.inbox.desk.writing(one, "Ann", life=timedelta(seconds=-1)),
        "give a positive one",
    ),
    "no language": (
        lambda room, _: room.inbox.desk.agents.describe("Ann", languages=["nl", "xx yy"]),
        "'xx yy' is none",
    ),
}


@pytest.mark.parametrize(("call", "says"), WRONG.values(), ids=WRONG)
async def test_what_is_given_wrongly_is_refused_with_what_would_be_right(
    clock: HandClock, call: Callable[[Room, str], Awaitable[object]], says: str
) -> None:
    room = Room("sqlite:///:memory:", clock)
    await room.hire("Ann")
    one = await room.hears("rosa")
    before = (await room.case(one), await room.inbox.agents())
    with pytest.raises((UsageError, ConfigError), match=says):
        await call(room, one)
    assert (await room.case(one), await room.inbox.agents()) == before
    await room.close()


async def test_who_is_named_twice_in_a_mention_is_told_once(room: Room) -> None:
    await room.hire("Ben")
    conversation = await room.hears("rosa")
    await room.inbox.desk.mention(conversation, "Look, @Ben", ["Ben", "Ben"])
    assert [one.what for one in await room.inbox.events()].count("agent.mentioned") == 1


async def test_a_mention_is_a_note_that_makes_them_follow(room: Room) -> None:
    await room.hire("Ann", "Ben")
    conversation = await room.hears("rosa")
    case = await room.inbox.desk.mention(conversation, "Do you know her?", ["Ben"], actor="Ann")
    assert case.followers == ("Ben",)
    [told] = [one for one in await room.inbox.events() if one.what == "agent.mentioned"]
    assert (told.detail["agent"], told.actor) == ("Ben", "Ann")
    assert (await room.inbox.desk.unfollow(conversation, "Ben")).followers == ()


async def test_take_next_gives_what_stands_first_with_room_or_without(rooms: Callable[..., Room]) -> None:
    room = rooms(PLAN.model_copy(update={"give_out": False}))
    await room.hire("Ann", capacity=0)
    first = await room.hears("rosa")
    room.clock.advance(minutes=1)
    await room.hears("ben")
    taken = await room.inbox.desk.take_next("Ann")
    assert taken is not None
    assert (taken.conversation.id, taken.assignee) == (first, "Ann")
    assert await room.inbox.desk.take_next("Ann") is not None
    assert await room.inbox.desk.take_next("Ann") is None


async def test_what_was_there_before_the_desk_is_seen_too(shared_url: str, clock: HandClock) -> None:
    room = Room(shared_url, clock)
    plain = Inbox(shared_url, room.inbox.channels.values(), clock=room.clock)
    room.opened.append(plain)
    room.inbox, desked = plain, room.inbox
    conversation = await room.hears("rosa")
    room.inbox = desked
    await room.hire("Ann")
    await room.inbox.work()
    case = await room.case(conversation)
    assert case.asked_at is not None
    assert case.assignee == "Ann"
    await room.close()


async def test_without_a_plan_there_is_no_desk(url: str, room: Room) -> None:
    plain = Inbox(url, clock=room.clock)
    with pytest.raises(ConfigError, match=r"desk=Plan\(\)"):
        _ = plain.desk


def test_a_team_follows_the_sun() -> None:
    """Whoever asks at night in Amsterdam is answered in working time, which goes on in Manila."""
    cities = (("amsterdam", "Europe/Amsterdam"), ("manila", "Asia/Manila"))
    calendars = tuple(Calendar(name=name, zone=zone, mon="09:00-17:00") for name, zone in cities)
    plan = Plan(
        calendars=calendars,
        teams=(Team(name="world", calendar=("amsterdam", "manila")), Team(name="here", calendar="amsterdam")),
    )
    night = datetime(2026, 3, 2, 2, tzinfo=UTC)  # ten in Manila
    assert [plan.hours[team].is_open(night) for team in ("world", "here")] == [True, False]
    with pytest.raises(ConfigError, match="no calendar is called 'mars'"):
        Plan(calendars=calendars, teams=(Team(name="a", calendar=("manila", "mars")),))


def test_a_plan_hangs_together() -> None:
    with pytest.raises(ValueError, match="no team is called 'x'; there are: a"):
        Plan(teams=(Team(name="a"),), default_team="x")
    with pytest.raises(ValueError, match="two teams are called 'a'"):
        Plan(teams=(Team(name="a"), Team(name="a")))
    assert Plan().fingerprint == Plan().fingerprint != PLAN.fingerprint
