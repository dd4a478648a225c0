"""One thing done with many cases: once each whatever dies, and taken back at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from pydantic import ValidationError

from omnichannel.desk import Action, Batch, Case, CustomField, FollowUp, Plan, Team, View, Which
from omnichannel.desk.acting import changes, word_for
from omnichannel.errors import Conflict, NotFound, UsageError
from omnichannel.inbox.desk import batching
from omnichannel.model import Conversation
from omnichannel.store import Tx
from omnichannel.store.desk import batches
from tests.desk.room import Room
from tests.engines import HandClock

PLAN = Plan(
    teams=(Team(name="service"), Team(name="sales")),
    default_team="service",
    give_out=False,
    case_fields={"order": CustomField(type="text")},
)
CLOSE = Action(status="closed", tags=("swept",))
THEN = FollowUp(at=HandClock().now() + timedelta(hours=1), note="call the carrier", agent="Ben")
LATER = FollowUp(at=HandClock().now() + timedelta(days=1))


def _case(**more: object) -> Case:
    at = HandClock().now()
    return Case.model_validate({"conversation": Conversation(id="c", opened_at=at, last_at=at), **more})


@pytest.mark.parametrize(
    ("action", "word", "changed"),
    [
        (Action(status="closed"), "closed", {"status": "closed"}),
        (Action(spam=True), "marked spam", {"spam": True, "status": "closed"}),
        (Action(assignee="Ann", team="sales"), "assigned", {"assignee": "Ann", "team": "sales"}),
        (Action(assignee=""), "queued", {}),
        (Action(tags=(" a ",), untag=("b",)), "changed", {"tags": ("a",)}),
        (Action(tags=("b",)), "tagged", {}),
        (Action(fields={"order": "A-1"}), "filled", {}),
        (Action(fields={"order": None}), "filled", {"fields.order": None}),
        (Action(priority="high", status="closed"), "changed", {"priority": "high", "status": "closed"}),
        (Action(follow_up=THEN), "follow_up_set", {}),
        (Action(follow_up=LATER), "follow_up_set", {"follow_up": LATER}),
        (Action(followed_up=True), "followed_up", {"follow_up": None}),
        (Action(followed_up=True, status="closed"), "changed", {"follow_up": None, "status": "closed"}),
    ],
)
def test_what_an_action_changes_is_what_is_not_so_already(
    action: Action, word: str, changed: dict[str, object]
) -> None:
    case = _case(tags=("b",), fields={"order": "A-1"}, follow_up=THEN)
    assert (word_for(action), changes(action, case)) == (word, changed)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"tags": []},
        {"spam": True, "status": "open"},
        {"tags": [" "]},
        {"followed_up": False},
        {"follow_up": THEN, "followed_up": True},
    ],
)
def test_an_action_that_does_nothing_is_refused(given: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Action.model_validate(given)


async def _some(room: Room, many: int = 5) -> list[str]:
    found = []
    for number in range(many):
        found.append(await room.hears(f"c{number}"))
        room.clock.advance(seconds=1)
    return found


def _figures(batch: Batch) -> tuple[str, int, int, int, int, int, int]:
    return batch.state, batch.cases, batch.changed, batch.same, batch.left, batch.undone, batch.kept


async def test_a_batch_is_foreseen_done_and_taken_back(rooms: Callable[..., Room]) -> None:
    """What somebody changed since is kept, and told."""
    room = rooms(PLAN)
    desk = room.inbox.desk
    talks = await _some(room)
    await desk.tag(talks[0], "swept")
    await desk.close(talks[0])
    which = Which(teams=("service",))
    foreseen = await desk.bulk.foresee(which, CLOSE, most=2)
    assert (foreseen.cases, foreseen.changing) == (5, 4)
    assert [case.conversation.id for case in foreseen.examples] == talks[1:3]
    before = [await room.case(one) for one in talks]
    begun = await desk.bulk.begin(which, CLOSE, actor="Ann", because="last year's")
    assert (begun.state, begun.action, begun.actor) == ("gathering", CLOSE, "Ann")
    await room.inbox.work()
    batch = await desk.bulk.progress(begun.id)
    assert _figures(batch) == ("done", 5, 4, 1, 0, 0, 0)
    late = await room.hears("late")
    decision = (await desk.decisions(talks[1]))[-1]
    assert (decision.what, decision.actor, decision.because, decision.batch) == (
        "changed", "Ann", ("last year's",), batch.id,
    )  # fmt: skip
    await desk.reopen(talks[1])
    await desk.bulk.undo(batch.id, actor="Ben")
    undone = await desk.bulk.work(batch.id)
    assert _figures(undone) == ("undone", 5, 0, 1, 0, 3, 1)
    assert undone.undone_by == "Ben"
    [kept] = await desk.bulk.leftovers(batch.id)
    assert kept.conversation == talks[1]
    assert "status was changed since, to 'open'" in kept.because
    after = [await room.case(one) for one in talks]
    told = [(one.conversation.status, one.tags) for one in after]
    assert told == [("closed", ("swept",)), ("open", ("swept",)), *[("open", ())] * 3]
    assert [one.asked_at for one in after] == [one.asked_at for one in before]
    assert (await room.case(late)).open
    with pytest.raises(Conflict, match="begin another one"):
        await desk.bulk.undo(batch.id)
    assert [one.id for one in await desk.bulk.latest()] == [batch.id]


async def test_many_are_followed_up_at_once_and_each_is_told(rooms: Callable[..., Room]) -> None:
    """Set, told at its time to whoever is to do it, said to be done, and each of these taken back, for all of them."""
    room = rooms(PLAN)
    await room.hire("Ann", "Ben")
    desk, talks = room.inbox.desk, await _some(room, 3)
    await desk.follow_up(talks[0], room.clock.now() + timedelta(days=7), note="hers alone")
    at = room.clock.now() + timedelta(hours=1)
    wanted = Action(follow_up=FollowUp(at=at, note=" call the carrier ", agent="Ben"))
    assert (await desk.bulk.foresee(talks, wanted)).changing == 3
    batch = await desk.bulk.work((await desk.bulk.begin(talks, wanted, actor="Ann")).id)
    assert _figures(batch) == ("done", 3, 3, 0, 0, 0, 0)
    again = await desk.bulk.work((await desk.bulk.begin(talks, wanted)).id)
    assert _figures(again) == ("done", 3, 0, 3, 0, 0, 0)
    meant = FollowUp(at=at, note="call the carrier", agent="Ben")
    assert [(await room.case(one)).follow_up for one in talks] == [meant] * 3
    assert {one.conversation.id for one in await desk.due("Ben")} == {*talks}
    room.clock.advance(hours=1)
    await room.inbox.work()
    told = [one for one in await room.inbox.events() if one.what == "case.follow_up_due"]
    assert sorted((one.conversation, one.detail["agent"]) for one in told) == [
        (one, "Ben") for one in sorted(talks)
    ]
    done = await desk.bulk.work((await desk.bulk.begin(talks, Action(followed_up=True))).id)
    assert done.changed == 3
    assert [(await room.case(one)).follow_up for one in talks] == [None] * 3
    assert [(await desk.decisions(one))[-1].what for one in talks] == ["followed_up"] * 3
    for one in (done, batch):
        await desk.bulk.undo(one.id)
        assert (await desk.bulk.work(one.id)).undone == 3
    notes = [
        case.follow_up.note if case.follow_up else "" for case in [await room.case(one) for one in talks]
    ]
    assert notes == ["hers alone", "", ""]


async def test_no_death_does_anything_twice(
    rooms: Callable[..., Room], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever a worker dies, the next one goes on, and each case has one decision."""
    room = rooms(PLAN)
    desk = room.inbox.desk
    talks = await _some(room)
    monkeypatch.setattr(batching, "AT_ONCE", 2)
    monkeypatch.setattr(batching, "_GATHERED", 2)
    begun = await desk.bulk.begin(Which(), Action(priority="high"))
    steps, settle, deaths = 0, batches.settle, 0

    def dies(tx: Tx, *args: object, **more: object) -> None:
        nonlocal deaths
        settle(tx, *args, **more)  # type: ignore[arg-type]  # as it was called
        if deaths < 3:
            deaths += 1
            raise ConnectionError("the worker died here")

    monkeypatch.setattr(batches, "settle", dies)
    while (await desk.bulk.progress(begun.id)).state != "done":
        steps += 1
        try:
            await batching.work_on(room.inbox, PLAN)
        except ConnectionError:
            if room.url != "sqlite:///:memory:":
                room.again(PLAN)  # the next worker
        assert steps < 20
    assert deaths == 3
    desk = room.inbox.desk
    for one in talks:
        assert [decision.what for decision in await desk.decisions(one)] == ["prioritised"]
    await desk.bulk.undo(begun.id)
    assert (await desk.bulk.work(begun.id)).undone == 5


async def test_one_case_that_cannot_be_changed_stops_no_other(
    rooms: Callable[..., Room], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is left as it is, with the reason; taken back early, what had no turn is left, too."""
    room = rooms(PLAN)
    desk = room.inbox.desk
    talks = await _some(room, 3)
    real = batching.changes

    def broken(action: Action, case: Case) -> dict[str, object]:
        if case.conversation.id == talks[1]:
            raise UsageError("this one is broken")
        return real(action, case)

    monkeypatch.setattr(batching, "changes", broken)
    begun = await desk.bulk.begin(talks, Action(assignee=""), actor="Ann")
    assert (begun.state, begun.waiting) == ("working", 3)
    assert _figures(await desk.bulk.work(begun.id)) == ("done", 3, 0, 2, 1, 0, 0)
    [left] = await desk.bulk.leftovers(begun.id)
    assert (left.conversation, left.because) == (talks[1], "this one is broken")
    early = await desk.bulk.begin(talks, Action(priority="low"))
    await desk.bulk.undo(early.id)
    await room.inbox.work()
    assert _figures(await desk.bulk.progress(early.id)) == ("undone", 3, 0, 0, 3, 0, 0)


async def test_a_batch_of_a_views_words_and_what_cannot_be_begun(rooms: Callable[..., Room]) -> None:
    room = rooms(PLAN)
    bulk = room.inbox.desk.bulk
    await room.hears("rosa", "the blue one")
    await room.hears("ben", "the red one")
    begun = await bulk.begin(View(name="b", text="blue"), Action(fields={"order": "B"}))
    assert (await bulk.work(begun.id)).changed == 1
    past, soon = room.clock.now() - timedelta(days=1), room.clock.now() + timedelta(days=1)
    for wrong, cure in (
        (bulk.begin(Which(), Action(assignee="Zed")), "Zed"),
        (bulk.begin(Which(), Action(team="red")), "no team is called 'red'"),
        (bulk.begin(Which(), Action(fields={"size": "L"})), "declares no field 'size'"),
        (bulk.begin(Which(), Action(snoozed_until=past)), "a moment to come"),
        (bulk.begin(Which(), Action(follow_up=FollowUp(at=past))), "a moment to come"),
        (bulk.begin(Which(), Action(follow_up=FollowUp(at=soon, note="x" * 2001))), "2000 at most"),
        (bulk.begin(Which(), Action(follow_up=FollowUp(at=soon, agent="Zed"))), "Zed"),
        (bulk.begin("nine", CLOSE), "no view is called 'nine'"),
        (bulk.foresee(["nine"], CLOSE), "no conversation 'nine'"),
        (bulk.begin(["x"] * 10_001, CLOSE), "at the most 10000"),
    ):
        with pytest.raises(UsageError, match=cure):
            await wrong
    with pytest.raises(NotFound):
        await bulk.progress("nine")
