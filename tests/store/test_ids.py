"""Ids: one number inside, one UUIDv7 outside, and nobody can make one up."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from omnichannel.errors import NotFound
from omnichannel.store import Store
from omnichannel.store.ids import Ids

SECRET = b"s" * 32
NOW = 1_772_000_000_000

numbers = st.integers(0, 2**63 - 1)
kinds = st.sampled_from(["message", "conversation", "customer", "claim", "delivery", "call", "happening"])


def ids(workspace: int = 1, worker: int = 1, secret: bytes = SECRET, now: int = NOW) -> Ids:
    return Ids(secret, workspace, worker, lambda: now)


@given(numbers, kinds)
def test_shown_and_found_again(number: int, kind: str) -> None:
    """Every 63-bit number has exactly one id of each kind, which is a UUID of version 7 with its time."""
    shown = ids().show(kind, number)
    assert ids(worker=9).find(kind, shown) == number
    parsed = uuid.UUID(shown)
    assert (str(parsed), parsed.version, parsed.variant) == (shown, 7, uuid.RFC_4122)
    assert parsed.int >> 80 == (number >> 22) + 1_577_836_800_000


@given(numbers, numbers)
def test_ids_sort_as_their_numbers(one: int, other: int) -> None:
    assert (ids().show("message", one) < ids().show("message", other)) == (one < other)


def test_none_is_shown_as_nothing() -> None:
    assert ids().show("message", None) == ""


@given(numbers, kinds, kinds, st.integers(1, 3), st.binary(min_size=32, max_size=32))
def test_another_kind_workspace_or_store_is_refused(
    number: int, kind: str, other: str, workspace: int, secret: bytes
) -> None:
    """An id is good for its kind of thing, in its workspace, in its store."""
    shown = ids().show(kind, number)
    for stranger, asked in (
        (ids(), other),
        (ids(workspace=workspace), kind),
        (ids(secret=secret), kind),
    ):
        if (asked, workspace, secret) == (kind, 1, SECRET) or (stranger.show(asked, number) == shown):
            continue
        with pytest.raises(NotFound, match=f"there is no {asked} "):
            stranger.find(asked, shown)


@given(numbers, st.integers(0, 127))
def test_a_changed_bit_is_refused(number: int, bit: int) -> None:
    """No bit of an id can be changed: not the number's, not the tag's, not the version's."""
    forged = str(uuid.UUID(int=uuid.UUID(ids().show("message", number)).int ^ 1 << bit))
    with pytest.raises(NotFound):
        ids().find("message", forged)


@given(
    st.text() | st.uuids().map(str) | st.integers(0, 2**128 - 1).map(lambda value: str(uuid.UUID(int=value)))
)
@example("")
@example("ffffffff-ffff-7fff-bfff-ffffffffffff")
@example("00000000-0000-7000-8000-000000000000")
@example("0" * 32)
def test_whatever_else_is_asked_for_is_not_found(text: str) -> None:
    with pytest.raises(NotFound):
        ids().find("message", text)


@pytest.mark.parametrize("odd", [None, 7, b"bytes", object()])
def test_what_is_no_text_is_not_found(odd: object) -> None:
    with pytest.raises(NotFound):
        ids().find("message", odd)  # type: ignore[arg-type]


@given(st.lists(st.integers(-5_000, 5_000), max_size=60))
def test_numbers_grow_whatever_the_clock_does(steps: list[int]) -> None:
    """A clock that stands still, jumps or is set back makes no number smaller than one before it."""
    now = [NOW]
    made = Ids(SECRET, 1, 5, lambda: now[0])
    before = made.new()
    for step in steps:
        now[0] += step
        number = made.new()
        assert number > before
        assert 0 < number < 2**63
        before = number


def test_a_millisecond_is_never_used_up() -> None:
    """More than 4096 in one millisecond count on into the next, still unique and growing."""
    made = ids(worker=1023)
    several = [made.new() for _ in range(10_000)]
    assert several == sorted(set(several))
    assert made.find("message", made.show("message", several[-1])) == several[-1]


def test_many_workers_in_the_same_millisecond_never_meet() -> None:
    several = [ids(worker=worker) for worker in range(1, 40)]
    made = [one.new() for one in several for _ in range(300)]
    assert len(set(made)) == len(made)


def test_one_worker_may_be_asked_by_several_threads() -> None:
    made = ids()
    with ThreadPoolExecutor(4) as pool:
        several = list(pool.map(lambda _: made.new(), range(4000)))
    assert len(set(several)) == 4000


def test_a_start_goes_on_above_what_was_handed_out_before() -> None:
    """A worker that starts with the clock set back still makes numbers above those that it was told of."""
    earlier = ids(worker=7)
    several = [earlier.new() for _ in range(5000)]
    later = ids(worker=8, now=NOW - 3_600_000)
    later.above(several[-1])
    fresh = [later.new() for _ in range(5000)]
    assert fresh[0] > several[-1]
    assert fresh == sorted(set(fresh))
    still = [earlier.new() for _ in range(5000)]
    assert not {*fresh} & {*several, *still}


def test_a_store_that_is_opened_again_with_the_clock_set_back(shared_url: str, opened, clock) -> None:
    """Restarts keep the order too: what happens later has the greater id, so nobody who follows misses it."""
    from omnichannel.store import records
    from tests.engines import wait

    first: Store = opened(shared_url)
    wait(first, lambda tx: records.happened(tx, "one"))
    (seen,) = wait(first, lambda tx: records.happenings(tx, 0, 9))
    first.close()
    clock.advance(hours=-1)
    second: Store = opened(shared_url)
    wait(second, lambda tx: records.happened(tx, "two"))
    after = second.ids.find("happening", seen.id)
    assert [happening.what for happening in wait(second, lambda tx: records.happenings(tx, after, 9))] == [
        "two"
    ]
