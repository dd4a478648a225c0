"""Rules of where a question goes: each condition alone, joined, in TOML; and that the first that fits decides."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from omnichannel.desk.classify import Reading
from omnichannel.desk.routing import Earlier, Route, Seen, Then, When, route
from omnichannel.desk.routing.holding import hindrance
from omnichannel.model.desk.reading import Language, Likely

READING = Reading(
    intents=(Likely(intent="complaint", probability=0.8), Likely(intent="question", probability=0.3)),
    tone=-0.5,
    urgency=0.7,
    language=Language(tag="nl-BE", probability=0.9),
)
NOW = datetime(2026, 3, 9, 12, tzinfo=UTC)
BEFORE = Earlier(
    count=2,
    at=NOW,
    last_at=NOW - timedelta(days=3),
    complained=True,
    rated=2,
    answered_by="Ann",
    answered_in="care",
)
SEEN = Seen(
    kind="x", account="shop", public=True, subject="Factuur 12", text="Waar blijft mijn  CAFÉ-bestelling?",
    reading=READING, tier="gold", fields={"country": ("BE",), "orders": ("3", "4")}, earlier=BEFORE, closed=frozenset({"night"}),
)  # fmt: skip

# What is asked, and what is said when it does not hold; empty: it does.
CASES: list[tuple[dict[str, Any], str]] = [
    ({}, ""),
    ({"kinds": ["email", "x"]}, ""),
    ({"kinds": ["email"]}, "x is not email"),
    ({"accounts": ["shop"]}, ""),
    ({"accounts": ["help", "press"]}, "the account 'shop' is not help or press"),
    ({"public": True}, ""),
    ({"public": False}, "it was asked in public"),
    ({"words": ["cafe bestelling"]}, ""),
    ({"words": ["bestel"]}, "bestel is not in the text"),
    ({"subject": ["FACTUUR"]}, ""),
    ({"subject": ["invoice"]}, "invoice is not in the subject"),
    ({"languages": ["nl"]}, ""),
    ({"languages": ["nl-BE", "fr"]}, ""),
    ({"languages": ["n"]}, "the language is nl-BE, not n"),
    ({"intents": ["complaint"]}, ""),
    ({"intents": ["question"]}, "it reads as complaint, not as question"),
    ({"urgency": 0.7}, ""),
    ({"urgency": 0.8}, "the urgency is 0.70, below 0.8"),
    ({"tone": -0.5}, ""),
    ({"tone": -0.6}, "the tone is -0.50, above -0.6"),
    ({"tiers": ["gold"]}, ""),
    ({"tiers": ["silver"]}, "the customer's tier is gold, not silver"),
    ({"customer": {"orders": 3}}, ""),
    ({"customer": {"country": "NL"}}, "the customer's country is BE, not NL"),
    ({"customer": {"orders": 5}}, "the customer's orders is 3 or 4, not 5"),
    ({"customer": {"hair": "red"}}, "the customer's hair is not known, not red"),
    ({"new": False}, ""),
    ({"new": True}, "they wrote before, 2 times"),
    ({"before": {"least": 2}}, ""),
    ({"before": {"least": 3}}, "they wrote before, 2 times, not 3 or more"),
    ({"before": {"most": 1}}, "they wrote before, 2 times, not 1 or less"),
    ({"days_since": {"least": 2, "most": 3}}, ""),
    ({"days_since": {"most": 2.5}}, "they last wrote 3.0 days ago, and not 2.5 or less"),
    ({"complained": True}, ""),
    ({"complained": False}, "they complained before"),
    ({"rated": {"most": 2}}, ""),
    ({"rated": {"least": 4}}, "they last gave 2 stars, and not 4 or more"),
    ({"answered_by": ["Ben", "Ann"]}, ""),
    ({"answered_by": ["Ben"]}, "Ann answered them last, not Ben"),
    ({"answered_in": ["care"]}, ""),
    ({"answered_in": ["sales", "service"]}, "care answered them last, not sales or service"),
    ({"closed": ["night"]}, ""),
    ({"closed": ["day"]}, "day is open now"),
    ({"open": ["night"]}, "night is closed now"),
    ({"open": ["night", "day"]}, ""),
    ({"all": [{"public": True}, {"kinds": ["email"]}]}, "x is not email"),
    ({"any": [{"kinds": ["email"]}, {"public": True}]}, ""),
    ({"any": [{"kinds": ["email"]}, {"public": False}]}, "x is not email; or it was asked in public"),
    ({"none": [{"kinds": ["email"]}]}, ""),
    ({"none": [{"kinds": ["email"]}, {"public": True}]}, "something holds that must not"),
]


@pytest.mark.parametrize(("asked", "because"), CASES, ids=lambda case: str(case)[:60])
def test_each_condition_holds_or_says_why_not(asked: dict[str, Any], because: str) -> None:
    assert hindrance(When.model_validate(asked), SEEN) == because


@given(st.lists(st.sampled_from(CASES), min_size=1, max_size=4))
def test_joined_conditions_hold_as_logic_says(cases: list[tuple[dict[str, Any], str]]) -> None:
    parts = [asked for asked, _ in cases]
    holds = [not because for _, because in cases]
    for join, expected in (("all", all(holds)), ("any", any(holds)), ("none", not any(holds))):
        assert (hindrance(When.model_validate({join: parts}), SEEN) == "") is expected


RULES = """
[[routes]]
name = "spam"
when = { intents = ["spam"] }
then = { spam = true }

[[routes]]
name = "public complaints"
when = { intents = ["complaint"], public = true }
then = { team = "social", priority = "urgent", tags = ["seen first"] }

[[routes]]
name = "the rest"
"""


def test_the_first_that_fits_decides_and_says_why_not_the_others() -> None:
    routes = TypeAdapter(tuple[Route, ...]).validate_python(tomllib.loads(RULES)["routes"])
    routed = route(SEEN, routes)
    assert (routed.route, routed.then.team, routed.then.priority) == ("public complaints", "social", "urgent")
    assert [(one.route, one.because) for one in routed.passed] == [
        ("spam", "it reads as complaint, not as spam")
    ]
    assert route(Seen(), routes).route == "the rest"
    assert route(SEEN, ()).route == ""
    assert route(SEEN, routes[::-1]).then == Then()


def test_scripts_without_spaces_have_phrases_too() -> None:
    assert hindrance(When(words=("退款",)), Seen(text="我要退款谢谢")) == ""
    assert hindrance(When(words=("คืนเงิน",)), Seen(text="ขอคืนเงินด้วย")) == ""


def test_what_is_misspelt_is_refused() -> None:
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        When.model_validate({"kind": ["x"]})
    with pytest.raises(ValidationError, match="'question', 'problem'"):
        When.model_validate({"intents": ["rant"]})
