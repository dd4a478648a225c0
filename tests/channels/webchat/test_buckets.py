"""Nobody gets more than a share, and remembering that costs no more than so much."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnichannel.channels.webchat.buckets import Buckets, origin_of
from tests.engines import MORNING


def test_so_many_at_once_and_then_at_a_rate() -> None:
    buckets = Buckets(size=3, rate=0.5)
    assert [buckets.take("a", MORNING) for _ in range(4)] == [0, 0, 0, 2]
    assert buckets.take("b", MORNING) == 0
    assert buckets.take("a", MORNING + timedelta(seconds=1)) == 1
    assert buckets.take("a", MORNING + timedelta(seconds=2)) == 0


def test_being_refused_costs_nothing() -> None:
    """Who asks on and on gets what they would have got by waiting."""
    buckets = Buckets(size=1, rate=1)
    buckets.take("a", MORNING)
    assert [buckets.take("a", MORNING + timedelta(milliseconds=100 * step)) > 0 for step in range(10)] == [
        True
    ] * 10
    assert buckets.take("a", MORNING + timedelta(seconds=1.1)) == 0


@given(st.lists(st.tuples(st.sampled_from("abc"), st.floats(-5, 5)), max_size=60))
def test_never_more_than_the_bucket_and_what_flowed_in(steps: list[tuple[str, float]]) -> None:
    """Also when the clock is set back."""
    buckets, at, flowed, taken = Buckets(size=2, rate=1), MORNING, 0.0, dict.fromkeys("abc", 0)
    for name, step in steps:
        at += timedelta(seconds=step)
        flowed += max(0.0, step)
        taken[name] += buckets.take(name, at) == 0
    assert all(count <= 2 + flowed + 1e-6 for count in taken.values())


def test_names_that_strangers_make_up_are_bounded() -> None:
    buckets = Buckets(size=1, rate=1, most=10)
    for number in range(100):
        buckets.take(str(number), MORNING)
    assert len(buckets) == 10
    assert buckets.take("99", MORNING) > 0


@pytest.mark.parametrize(
    ("peer", "forwarded", "proxies", "who"),
    [
        ("192.0.2.1", "", 0, "192.0.2.1"),
        ("192.0.2.1", "198.51.100.7", 0, "192.0.2.1"),
        ("10.0.0.1", "198.51.100.7", 1, "198.51.100.7"),
        ("10.0.0.1", "6.6.6.6, 198.51.100.7", 1, "198.51.100.7"),
        ("10.0.0.1", "6.6.6.6, 198.51.100.7, 10.0.0.2", 2, "198.51.100.7"),
        ("10.0.0.1", "", 1, "10.0.0.1"),
        ("10.0.0.1", "nonsense", 1, "unknown"),
        ("", "", 0, "unknown"),
        ("2001:db8:1:2:3:4:5:6", "", 0, "2001:db8:1:2::/64"),
    ],
)
def test_whose_request_it_is(peer: str, forwarded: str, proxies: int, who: str) -> None:
    """Only what a proxy of ours wrote is believed; a household has one bucket, however many addresses it has."""
    assert origin_of(peer, forwarded, proxies) == who
