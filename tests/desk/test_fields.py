"""Fields of one's own: what fits, what does not, and what becomes of it when the plan changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from pydantic import ValidationError

from omnichannel.desk import CustomField, Plan, Route, Team, Then, When
from omnichannel.desk.fields import fitted, misfit
from omnichannel.errors import Conflict, NotFound, UsageError
from omnichannel.model import Address, Evidence, Purpose, Strength
from omnichannel.model.desk import HeldField
from tests.desk.room import Room

FIELDS = {
    "order": CustomField(type="text", longest=8),
    "amount": CustomField(type="number", least=0, most=1000),
    "by": CustomField(type="date"),
    "colour": CustomField(type="choice", choices=("red", "blue")),
    "about": CustomField(type="several", choices=("price", "size", "fit")),
    "paid": CustomField(type="boolean"),
    "ticket": CustomField(type="link"),
}
PLAN = Plan(
    teams=(Team(name="service"), Team(name="gold")),
    default_team="service",
    case_fields=FIELDS,
    customer_fields={
        "plan": CustomField(type="choice", choices=("free", "gold")),
        "number": CustomField(type="number"),
    },
    routes=(
        Route(name="gold", when=When(customer={"plan": "gold"}), then=Then(team="gold")),
        Route(
            name="seven", when=When(customer={"number": 7}), then=Then(fields={"colour": "red", "amount": 7})
        ),
    ),
)


@pytest.mark.parametrize(
    ("name", "given", "kept"),
    [
        ("order", "A-1", "A-1"),
        ("amount", 2.5, 2.5),
        ("by", date(2026, 11, 22), "2026-11-22"),
        ("by", "2026-11-22", "2026-11-22"),
        ("colour", "red", "red"),
        ("about", ("fit", "price", "fit"), ["price", "fit"]),
        ("paid", False, False),
        ("ticket", "https://shop.example/7", "https://shop.example/7"),
        ("order", None, None),
        ("gone", None, None),
    ],
)
def test_what_fits_is_kept_as_json_has_it(name: str, given: object, kept: object) -> None:
    assert fitted(FIELDS, {name: given}) == {name: kept}
    assert kept is None or not misfit(FIELDS, name, kept)  # type: ignore[arg-type]  # it is JSON


@pytest.mark.parametrize(
    ("name", "given", "cure"),
    [
        ("order", "", "give some words"),
        ("order", "A-123456789", "at the most 8 characters"),
        ("order", "a\0b", "none of them NUL"),
        ("order", 7, "give some words"),
        ("amount", "7", "give a number"),
        ("amount", True, "give a number"),
        ("amount", float("nan"), "give a number"),
        ("amount", 1001, "from 0 to 1000"),
        ("by", "next week", "'2026-11-22'"),
        ("by", "2026-02-30", "'2026-11-22'"),
        ("colour", "green", "choose one of: red, blue"),
        ("about", "price", "a list with some of: price, size, fit"),
        ("about", [], "a list with some of"),
        ("about", ["price", "colour"], "a list with some of"),
        ("paid", "yes", "say true or false"),
        ("ticket", "javascript:alert(1)", "https://"),
        ("ticket", "https://a b", "https://"),
        ("ticket", "https://[", "https://"),
        ("size", "L", "there are: about, amount, by, colour, order, paid, ticket"),
    ],
)
def test_what_does_not_fit_is_told_what_would(name: str, given: object, cure: str) -> None:
    with pytest.raises(UsageError) as refusal:
        fitted(FIELDS, {name: given})
    assert cure in str(refusal.value)
    assert name in str(refusal.value)


@pytest.mark.parametrize(
    ("declared", "cure"),
    [
        ({"type": "choice"}, "needs choices"),
        ({"type": "text", "choices": ["a"]}, "has no choices"),
        ({"type": "choice", "choices": ["a", "a"]}, "given once"),
        ({"type": "several", "choices": [" "]}, "has a name"),
        ({"type": "choice", "choices": ["x" * 201]}, "at the most 200"),
        ({"type": "text", "least": 1}, "are for numbers"),
    ],
)
def test_a_declaration_that_cannot_be_is_refused(declared: dict[str, object], cure: str) -> None:
    with pytest.raises(ValidationError, match=cure):
        CustomField.model_validate(declared)


@pytest.mark.parametrize(
    ("given", "cure"),
    [
        ({"routes": [{"name": "r", "then": {"fields": {"size": "L"}}}]}, "route 'r': the plan declares no field"),
        ({"routes": [{"name": "r", "then": {"fields": {"colour": "green"}}}]}, "choose one of"),
        ({"routes": [{"name": "r", "then": {"fields": {"by": "20261122"}}}]}, "write by as '2026-11-22'"),
        ({"views": [{"name": "v", "which": {"fields": {"size": "L"}}}]}, "view 'v': the plan declares no field"),
        ({"views": [{"name": "v", "which": {"fields": {"order": {"least": 3}}}}]}, "order is no number, but a text"),
        ({"views": [{"name": "v", "which": {"fields": {"paid": {"most": date(2026, 1, 1)}}}}]}, "paid is no date"),
        ({"views": [{"name": "v", "which": {"fields": {"order": {}}}}]}, "nothing is asked of order"),
        ({"views": [{"name": "v", "which": {"fields": {"paid": {"known": False, "one_of": [True]}}}}]}, "nothing and"),
        ({"views": [{"name": "v", "which": {"any": [{"teams": ["x"]}]}}]}, "no team is called 'x'"),
        ({"views": [{"name": "v", "text": "-not"}]}, "no word in '-not'"),
        ({"views": [{"name": "v"}, {"name": "v"}]}, "two views are called 'v'"),
        ({"case_fields": {"Big Name": {"type": "text"}}}, "case_fields"),
    ],
)  # fmt: skip
def test_a_plan_names_fields_that_there_are(given: dict[str, object], cure: str) -> None:
    declared = {"case_fields": {name: field.model_dump() for name, field in FIELDS.items()}}
    with pytest.raises(ValidationError, match=cure):
        Plan.model_validate(declared | given)


def _said(held: list[HeldField]) -> list[tuple[str, object]]:
    return [(one.name, one.value) for one in held]


async def test_every_change_of_a_field_is_a_decision_and_is_taken_back_alone(
    rooms: Callable[..., Room],
) -> None:
    room = rooms(PLAN)
    fields = room.inbox.desk.fields
    conversation = await room.hears("rosa")
    case = await fields.fill(conversation, {"order": "A-1", "paid": True}, actor="Ann", because="she said so")
    assert case.fields == {"order": "A-1", "paid": True}
    await fields.fill(conversation, {"amount": 12, "paid": None})
    first, second = await room.inbox.desk.decisions(conversation)
    assert [(one.field, one.before, one.after) for one in first.changes] == [
        ("fields.order", None, "A-1"), ("fields.paid", None, True),
    ]  # fmt: skip
    assert (first.what, first.actor, first.because) == ("filled", "Ann", ("she said so",))
    with pytest.raises(Conflict, match=r"fields\.paid was changed since, to None"):
        await room.inbox.desk.undo(first.id)
    await room.inbox.desk.undo(second.id)
    await room.inbox.desk.undo(first.id)
    assert (await room.case(conversation)).fields == {}
    with pytest.raises(UsageError, match="choose one of"):
        await fields.fill(conversation, {"order": "B", "colour": "green"})
    assert (await room.case(conversation)).fields == {}  # nothing by half


async def test_a_customers_fields_stand_with_the_address_and_survive_merging(
    rooms: Callable[..., Room],
) -> None:
    """Merged, both are shown, the last first; taken apart again, each has what was said of it."""
    room = rooms(PLAN)
    fields = room.inbox.desk.fields
    rosa, ben = await room.hears("rosa"), await room.hears("ben")
    await fields.fill_customer(rosa, {"plan": "gold"}, actor="Ann")
    room.clock.advance(minutes=1)
    assert _said(await fields.fill_customer(ben, {"plan": "free", "number": 7})) == [
        ("number", 7),
        ("plan", "free"),
    ]
    one, two = (Address(kind="chat", value=who) for who in ("rosa", "ben"))
    await room.inbox.identity.merge(one, two, actor="Ann")
    both = await room.inbox.customers.find(one)
    assert both is not None
    held = await fields.of_customer(both.id)
    assert [(each.name, each.value, each.address) for each in held] == [
        ("number", 7, two), ("plan", "free", two), ("plan", "gold", one),
    ]  # fmt: skip
    await room.inbox.identity.unmerge(one, two, actor="Ann")
    for who, known in ((one, [("plan", "gold")]), (two, [("number", 7), ("plan", "free")])):
        customer = await room.inbox.customers.find(who)
        assert customer is not None
        assert _said(await fields.of_customer(customer.id)) == known
    [decision] = await room.inbox.desk.decisions(rosa)
    await room.inbox.desk.undo(decision.id)
    assert await fields.of_customer((await room.case(rosa)).conversation.customer) == []


async def test_what_somebody_only_says_to_be_has_fields_of_its_own(rooms: Callable[..., Room]) -> None:
    """Neither shows what was said of the other to disclose, whoever claims to be whom."""
    room = rooms(PLAN)
    fields = room.inbox.desk.fields
    rosa, ben = await room.hears("rosa"), await room.hears("ben")
    await fields.fill_customer(rosa, {"plan": "gold"})
    claim = Evidence(address=Address(kind="chat", value="rosa"), strength=Strength.ASSERTED, method="form")
    await room.inbox.identity.observe(Address(kind="chat", value="ben"), [claim])
    who = (await room.case(ben)).conversation.customer
    assert await fields.of_customer(who) == []
    assert _said(await fields.of_customer(who, purpose=Purpose.ASSIST)) == [("plan", "gold")]


async def test_rules_ask_for_customers_fields_and_fill_those_of_cases(rooms: Callable[..., Room]) -> None:
    room = rooms(PLAN)
    desk = room.inbox.desk
    await desk.fields.fill_customer(await room.hears("rosa", on="letter"), {"plan": "gold"})
    await desk.fields.fill_customer(await room.hears("ben", on="letter"), {"number": 7})
    for who, team, fields, route in (
        ("rosa", "gold", {}, "gold"),
        ("ben", "service", {"colour": "red", "amount": 7}, "seven"),
    ):
        conversation = await room.hears(who, "And another thing?", on="letter")
        case = await room.case(conversation)
        assert (case.team, case.fields, case.route) == (team, fields, route)
    trial = await desk.routes.try_out()
    assert trial.by_route == {"gold": 2, "seven": 2}


async def test_what_no_longer_fits_stays_readable_and_is_marked(rooms: Callable[..., Room]) -> None:
    room = rooms(PLAN)
    conversation = await room.hears("rosa")
    await room.inbox.desk.fields.fill(conversation, {"order": "A-1", "amount": 12, "colour": "blue"})
    changed = {
        "order": CustomField(type="number"),
        "amount": CustomField(type="number", most=10),
        "colour": FIELDS["colour"],
    }
    room.inbox.plan = PLAN.model_copy(update={"case_fields": changed, "routes": ()})
    fields = room.inbox.desk.fields
    held = {one.name: one.misfit for one in await fields.of(conversation)}
    assert held["colour"] == ""
    assert "give a number" in held["order"]
    assert "from -inf to 10" in held["amount"]
    assert (await room.case(conversation)).fields["order"] == "A-1"
    with pytest.raises(NotFound, match="declares no field 'paid'"):
        await fields.fill(conversation, {"paid": True})
    assert (await fields.fill(conversation, {"order": None})).fields == {"amount": 12, "colour": "blue"}
