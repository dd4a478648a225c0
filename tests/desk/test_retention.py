"""How long things are kept: the nearest rule counts, and nothing outlives what it is a part of."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pydantic import ValidationError

from omnichannel.desk.retention import Keep, Limits, Retention
from tests.engines import MORNING

DAY = timedelta(days=1)


def test_an_account_counts_before_its_kind_and_that_before_all() -> None:
    rules = Retention(
        messages=100 * DAY,
        kinds={"letter": Keep(messages=200 * DAY)},
        accounts={"post": Keep(messages="ever")},
    )
    assert rules.length("messages") == 100 * DAY
    assert rules.length("messages", "any", "chat") == 100 * DAY
    assert rules.length("messages", "scans", "letter") == 200 * DAY
    assert rules.length("messages", "post", "letter") is None
    assert rules.length("deliveries", "post", "letter") is None


def test_nothing_outlives_what_it_is_a_part_of() -> None:
    rules = Retention(conversations=100 * DAY, deliveries=365 * DAY, calls=10 * DAY)
    assert [rules.length(what) for what in ("files", "deliveries", "calls", "messages", "ratings")] == [
        100 * DAY, 100 * DAY, 10 * DAY, 100 * DAY, 100 * DAY,
    ]  # fmt: skip
    assert Retention(deliveries=30 * DAY).length("messages") is None
    assert Retention(messages=30 * DAY).length("conversations") is None


@pytest.mark.parametrize(
    ("written", "days"), [("30 days", 30), ("1 day", 1), ("12 weeks", 84), ("2 years", 730), ("P3D", 3)]
)
def test_lengths_are_written_in_days_weeks_and_years(written: str, days: int) -> None:
    assert Retention.model_validate({"messages": written}).messages == days * DAY


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"messages": "a while"}, "no such length"),
        ({"messages": "3 hours"}, "no such length"),
        ({"messages": timedelta(hours=3)}, "greater than or equal to 1 day"),
        ({"accounts": {"post": {}}}, "nothing is said of 'post'"),
        ({"letters": "3 days"}, "Extra inputs"),
    ],
)
def test_what_is_wrong_is_told(given: dict[str, object], wrong: str) -> None:
    with pytest.raises(ValidationError, match=wrong):
        Retention.model_validate(given)


def test_happenings_are_told_no_longer_than_all_messages_are_kept() -> None:
    def before(rules: Retention, keep_events: timedelta | None = None) -> timedelta | None:
        found = Limits(rules, MORNING, {}).happenings(keep_events)
        return MORNING - found if found else None

    assert before(Retention()) is None
    assert before(Retention(messages=30 * DAY)) == 30 * DAY
    assert before(Retention(messages=30 * DAY, accounts={"post": Keep(messages=90 * DAY)})) == 90 * DAY
    assert before(Retention(messages=30 * DAY, accounts={"post": Keep(messages="ever")})) is None
    assert before(Retention(messages=30 * DAY, happenings=7 * DAY)) == 7 * DAY
    assert before(Retention(happenings=7 * DAY), keep_events=3 * DAY) == 3 * DAY


def test_limits_know_which_kind_an_account_is() -> None:
    limits = Limits(Retention(kinds={"letter": Keep(messages=DAY)}), MORNING, {"scans": "letter"})
    assert limits.before("messages", "scans") == MORNING - DAY
    assert limits.before("messages", "chat") is None
    assert limits.any("messages")
    assert not limits.any("calls") or limits.any("messages")
    assert not Limits(Retention(trail=DAY), MORNING, {}).any("messages")
