"""Views: the same cases as a plain filter over all of them, counted, in order, and page by page."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta

import pytest

from omnichannel.desk import Case, CustomField, Plan, Team, View, Wanted, Which
from omnichannel.errors import UsageError
from omnichannel.model import Where
from omnichannel.model.desk.views import ViewOrder
from tests.desk.room import Room

PLAN = Plan(
    teams=(Team(name="service"), Team(name="sales")),
    default_team="service",
    give_out=False,
    case_fields={
        "order": CustomField(type="text"),
        "amount": CustomField(type="number"),
        "by": CustomField(type="date"),
        "about": CustomField(type="several", choices=("price", "size", "fit")),
        "paid": CustomField(type="boolean"),
    },
    customer_fields={"plan": CustomField(type="choice", choices=("free", "gold"))},
    views=(
        View(name="urgent", which=Which(status="open", priorities=("urgent",)), order="due"),
        View(name="mine", which=Which(mine=True)),
    ),
)
_SAID = ("Where is my parcel?", "This is a scandal!", "Thank you so much, lovely!", "Waar is mijn pakje?")
_FAR = datetime(9999, 1, 1, tzinfo=UTC)
Customers = dict[str, str]


async def _lived(room: Room, chance: random.Random) -> Customers:
    """Cases of all sorts; the plan that each customer is on."""
    desk = room.inbox.desk
    await room.hire("Ann", "Ben")
    plans: Customers = {}
    for number in range(14):
        conversation = await room.hears(
            f"c{number}", chance.choice(_SAID), on=chance.choice(["chat", "other"])
        )
        room.clock.advance(minutes=7)
        await desk.assign(
            conversation, chance.choice(["", "Ann", "Ben"]), team=chance.choice(["service", "sales"])
        )
        await desk.prioritise(conversation, chance.choice(["low", "normal", "urgent"]))
        await desk.tag(conversation, *chance.sample(["vip", "late", "odd%_"], chance.randrange(3)))
        await desk.fields.fill(conversation, _fields(chance))
        if number % 3 == 0:
            plan = chance.choice(["free", "gold"])
            await desk.fields.fill_customer(conversation, {"plan": plan})
            plans[(await room.case(conversation)).conversation.customer] = plan
        if number % 4 == 0:
            await room.says(conversation, "Ann")
        if number % 5 == 0:
            await desk.snooze(conversation, room.clock.now() + timedelta(minutes=chance.choice([10, 1000])))
        if number % 4 == 1:
            later = room.clock.now() + timedelta(minutes=chance.choice([100, 200, 1000]))
            await desk.follow_up(conversation, later, agent=chance.choice(["", "Ben"]))
        if number % 3 == 1:
            await desk.follow(conversation, chance.choice(["Ann", "Ben"]))
        if number % 6 == 0:
            await chance.choice([desk.close, desk.spam])(conversation)
    return plans


def _fields(chance: random.Random) -> dict[str, str | float | date | bool | list[str] | None]:
    return {
        "order": chance.choice(["A-1", "a-1", None]),
        "amount": chance.choice([7, 7.5, -3, None]),
        "by": chance.choice([date(2026, 1, 1), date(2026, 12, 31), None]),
        "about": chance.choice([["price"], ["fit", "price"], None]),
        "paid": chance.choice([True, False, None]),
    }


def _asked(chance: random.Random, depth: int = 2) -> Which:
    """Anything that can be asked."""
    ends: list[dict[str, object]] = [
        {"order": chance.choice(["A-1", ["a-1", "x"]])},
        {"amount": chance.choice([7, 7.5, Wanted(least=0), Wanted(least=-3, most=7)])},
        {"by": chance.choice([date(2026, 1, 1), Wanted(least=date(2026, 6, 1)), Wanted(known=True)])},
        {"about": chance.choice(["fit", Wanted(known=False)])},
        {"paid": chance.choice([True, False])},
    ]
    parts: dict[str, object] = {
        "status": chance.choice(["open", "closed"]),
        "teams": chance.sample(["service", "sales", ""], 2),
        "assignees": chance.choice([[""], ["Ann"], ["Ann", "Ben"]]),
        "mine": True,
        "followed": True,
        "follow_up_within": timedelta(hours=chance.choice([0, 1, 4])),
        "tags": chance.choice([["vip"], ["late", "odd%_"], ["odd"]]),
        "priorities": ["urgent", "low"],
        "controls": [chance.choice(["queue", "agent"])],
        "kinds": ["chat"],
        "accounts": [chance.choice(["chat", "other"])],
        "public": False,
        "languages": [chance.choice(["nl", "en"])],
        "intents": chance.choice([["question"], ["complaint", "compliment"]]),
        "tiers": ["gold"],
        "spam": chance.choice([True, False]),
        "snoozed": chance.choice([True, False]),
        "waiting": chance.choice([True, False]),
        "waiting_for": timedelta(minutes=chance.choice([0, 30, 60])),
        "due_within": timedelta(hours=chance.choice([0, 1, 4])),
        "fields": chance.choice(ends),
        "customer": {"plan": chance.choice(["gold", "free"])},
    }
    if depth:
        for joint in ("all", "any", "none"):
            parts[joint] = [_asked(chance, depth - 1) for _ in range(chance.choice([1, 2]))]
    names = chance.sample(sorted(parts), chance.choice([1, 1, 2, 3]))
    return Which.model_validate({name: parts[name] for name in names})


def _holds(which: Which, case: Case, plans: Customers, now: datetime) -> bool:
    """The plain filter: what a view asks, said of the case as everybody sees it."""
    reading = case.reading
    tag = (case.language or (reading.language.tag if reading else "")).lower()
    held = {name: value if isinstance(value, list) else [value] for name, value in case.fields.items()}
    customer = plans.get(case.conversation.customer)
    checks = [
        which.status in (None, case.conversation.status),
        not which.teams or case.team in which.teams,
        not which.assignees or case.assignee in which.assignees,
        not which.mine or case.assignee == "Ann",
        not which.followed or "Ann" in case.followers,
        which.follow_up_within is None
        or (case.follow_up.at if case.follow_up else _FAR) <= now + which.follow_up_within,
        not which.tags or any(one in which.tags for one in case.tags),
        not which.priorities or case.priority in which.priorities,
        not which.controls or case.control in which.controls,
        not which.kinds or case.kind in which.kinds,
        not which.accounts or case.account in which.accounts,
        which.public in (None, case.public),
        not which.languages or any(tag == one or tag.startswith(f"{one}-") for one in which.languages),
        not which.intents or (reading is not None and any(one in reading.held for one in which.intents)),
        not which.tiers or case.tier in which.tiers,
        which.spam in (None, case.spam),
        which.snoozed in (None, case.snoozed_until is not None and case.snoozed_until > now),
        which.waiting in (None, case.asked_at is not None),
        which.waiting_for is None or (case.asked_at or _FAR) <= now - which.waiting_for,
        which.due_within is None or (case.due_at or _FAR) <= now + which.due_within,
        all(_fits(wanted, held.get(name, [])) for name, wanted in which.fields.items()),
        all(_fits(wanted, [customer] if customer else []) for wanted in which.customer.values()),
        all(_holds(one, case, plans, now) for one in which.all),
        not which.any or any(_holds(one, case, plans, now) for one in which.any),
        not any(_holds(one, case, plans, now) for one in which.none),
    ]
    return all(checks)


def _fits(wanted: Wanted, held: Sequence[object]) -> bool:
    if wanted.known is False:
        return not held
    spelt = [
        str(one).lower() if isinstance(one, bool) else f"{one:g}" if isinstance(one, float) else str(one)
        for one in held
    ]
    if wanted.one_of and not set(wanted.one_of) & set(spelt):
        return False
    for end, sign in ((wanted.least, 1), (wanted.most, -1)):
        ordered = [date.fromisoformat(str(one)) for one in held] if isinstance(end, date) else held
        if end is not None and not any((one >= end) if sign > 0 else (one <= end) for one in ordered):  # type: ignore[operator]  # dates or numbers
            return False
    return bool(held)


def _in_order(cases: Sequence[Case], order: ViewOrder) -> list[str]:
    by = {
        "due": lambda case: (case.due_at or _FAR, case.conversation.id),
        "waiting": lambda case: (case.asked_at or _FAR, case.conversation.id),
    }.get(order, lambda case: case.conversation.id)
    return [one.conversation.id for one in sorted(cases, key=by, reverse=order == "newest")]


async def test_a_view_is_what_a_plain_filter_finds_counted_and_page_by_page(
    rooms: Callable[..., Room],
) -> None:
    room, chance = rooms(PLAN), random.Random(53)
    plans = await _lived(room, chance)
    views = room.inbox.desk.views
    everything = (await views.page(Which())).cases
    assert len(everything) == 14
    hit = 0
    for number in range(40):
        which = _asked(chance)
        order: ViewOrder = chance.choice(["due", "waiting", "newest", "oldest"])
        expected = [one for one in everything if _holds(which, one, plans, room.clock.now())]
        view = View(name=str(number), which=which, order=order)
        assert await views.count(view, agent="Ann") == len(expected), which
        found: list[str] = []
        page = "first"
        while page:
            some = await views.page(view, agent="Ann", page="" if page == "first" else page, most=5)
            found += [one.conversation.id for one in some.cases]
            page = some.page
        assert found == _in_order(expected, order), which
        hit += 0 < len(expected) < len(everything)
    assert hit > 20  # they tell cases apart


async def test_views_are_the_plans_everybodys_and_ones_own(rooms: Callable[..., Room]) -> None:
    room = rooms(PLAN)
    views = room.inbox.desk.views
    await room.hire("Ann", "Ben")
    conversation = await room.hears("rosa")
    await room.inbox.desk.assign(conversation, "Ann")
    await views.save(View(name="mine", which=Which(mine=True, status="closed")), agent="Ben")
    await views.save(View(name="sales", which=Which(teams=("sales",))))
    assert [view.name for view in await views.listed()] == ["mine", "sales", "urgent"]
    assert await views.count("mine", agent="Ann") == 1
    await room.inbox.desk.assign(conversation, "Ben")
    assert await views.count("mine", agent="Ben") == 0  # his own goes first
    await views.drop("mine", agent="Ben")
    assert await views.count("mine", agent="Ben") == 1
    for wrong, cure in (
        (views.drop("mine", agent="Ben"), "no view called 'mine' was saved by Ben"),
        (views.count("nine"), "there are: mine, sales, urgent"),
        (views.count("mine"), "say who looks"),
        (views.save(View(name="x"), agent="Zed"), "Zed"),
        (views.save(View(name="x", which=Which(teams=("red",)))), "no team is called 'red'"),
        (views.page("sales", page="nonsense"), "no page 'nonsense'"),
        (views.page("sales", most=501), "1 to 500"),
    ):
        with pytest.raises(UsageError, match=cure):
            await wrong


async def test_a_view_finds_by_words_too_and_a_search_by_fields(rooms: Callable[..., Room]) -> None:
    room = rooms(PLAN)
    desk = room.inbox.desk
    one = await room.hears("rosa", "the parcel is blue")
    two = await room.hears("ben", "a blue chair", on="letter")
    await room.hears("carl", "a red one", on="letter")
    await desk.fields.fill(two, {"order": "A-1"})
    view = View(name="blue", text="blue", order="newest")
    assert [case.conversation.id for case in (await desk.views.page(view)).cases] == [two, one]
    assert await desk.views.count(View(name="b", text="blue -chair")) == 1
    assert await desk.views.count(View(name="b", text="blue", which=Which(fields={"order": "A-1"}))) == 1  # type: ignore[dict-item]  # as in TOML
    search = room.inbox.search
    found = await search.messages(
        "blue", where=Where(cases=Which.model_validate({"fields": {"order": "A-1"}}))
    )
    assert [one.message.conversation for one in found.found] == [two]
    assert (await search.messages("blue", where=Where(cases=Which(status="closed")))).found == ()
    for which, cure in ((Which(mine=True), "who looks"), (Which(teams=("red",)), "no team is called 'red'")):
        with pytest.raises(UsageError, match=cure):
            await search.messages("blue", where=Where(cases=which))


def test_a_view_is_the_same_in_toml() -> None:
    given = {
        "name": "late",
        "order": "due",
        "which": {
            "status": "open",
            "waiting_for": "30 min",
            "fields": {"amount": {"least": 5}, "paid": True, "about": ["fit", "size"]},
            "any": [{"tags": ["vip"]}, {"customer": {"plan": "gold"}}],
        },
    }
    view = View.model_validate(given)
    assert view.which.waiting_for == timedelta(minutes=30)
    assert view.which.fields == {
        "amount": Wanted(least=5.0),
        "paid": Wanted(one_of=("true",)),
        "about": Wanted(one_of=("fit", "size")),
    }
    assert View.model_validate_json(view.model_dump_json()) == view
