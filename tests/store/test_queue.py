"""What waits for the handlers: one conversation at a time, in order, nobody's turn lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from omnichannel.store import Store, queue
from tests.engines import MORNING, HandClock, wait

LEASE = 300_000_000


def add(store: Store, conversation: int, seq: int) -> None:
    wait(store, lambda tx: queue.add(tx, conversation, seq, conversation * 100 + seq))


def claim(store: Store, clock: HandClock, most: int = 9) -> list[queue.Task]:
    return wait(store, lambda tx: queue.claim(tx, most, clock.micros + LEASE))


def names(tasks: list[queue.Task]) -> list[tuple[int, int]]:
    return sorted((task.conversation, task.seq) for task in tasks)


def test_only_the_first_of_each_conversation_has_its_turn(store: Store, clock: HandClock) -> None:
    for conversation, seq in ((1, 1), (1, 2), (2, 1), (2, 2), (3, 7)):
        add(store, conversation, seq)
    first = claim(store, clock)
    assert names(first) == [(1, 1), (2, 1), (3, 7)]
    assert claim(store, clock) == []
    assert wait(store, lambda tx: queue.done(tx, first[0]))
    assert names(claim(store, clock)) == [(first[0].conversation, first[0].seq + 1)] or first[0].seq == 7


def test_at_most_so_many(store: Store, clock: HandClock) -> None:
    for conversation in range(1, 6):
        add(store, conversation, 1)
    taken = claim(store, clock, 2) + claim(store, clock, 2) + claim(store, clock, 2)
    assert names(taken) == [(number, 1) for number in range(1, 6)]


def test_a_lease_that_ran_out_returns_the_message(store: Store, clock: HandClock) -> None:
    """Whoever holds it longer is taken for dead; and what was done meanwhile counts only once."""
    add(store, 1, 1)
    (mine,) = claim(store, clock)
    clock.advance(seconds=299)
    assert claim(store, clock) == []
    clock.advance(seconds=1)
    (theirs,) = claim(store, clock)
    assert theirs.message == mine.message
    assert wait(store, lambda tx: queue.done(tx, theirs))
    assert not wait(store, lambda tx: queue.done(tx, mine))


def test_a_failure_waits_its_time_and_holds_its_conversation(store: Store, clock: HandClock) -> None:
    """Order is kept: while one is to be tried again, those behind it wait, and other conversations do not."""
    for conversation, seq in ((1, 1), (1, 2), (2, 1)):
        add(store, conversation, seq)
    one = next(task for task in claim(store, clock) if task.conversation == 1)
    wait(store, lambda tx: queue.later(tx, one, clock.micros + 5_000_000, "busy"))
    assert claim(store, clock) == []
    clock.advance(seconds=5)
    (again,) = claim(store, clock)
    assert (again.seq, again.attempts) == (1, 1)


def test_the_parked_let_the_next_one_through_until_replayed(store: Store, clock: HandClock) -> None:
    add(store, 1, 1)
    add(store, 1, 2)
    (one,) = claim(store, clock)
    wait(store, lambda tx: queue.park(tx, one, "x" * 5000))
    assert names(claim(store, clock)) == [(1, 2)]
    assert not wait(store, lambda tx: queue.done(tx, one))
    assert wait(store, lambda tx: queue.replay(tx, one.message))
    assert names(claim(store, clock)) == [(1, 1)]
    assert not wait(store, lambda tx: queue.replay(tx, one.message))


def test_whoever_came_first_is_first_however_much_others_write(store: Store, clock: HandClock) -> None:
    """Three older conversations write as fast as two hands answer: neither a new one nor a second try waits for ever."""
    came = count(1)

    def come(conversation: int, seq: int) -> int:
        number = next(came)
        wait(store, lambda tx: queue.add(tx, conversation, seq, number))
        return number

    failed, new = come(4, 1), come(5, 1)
    (task,) = claim(store, clock, 1)
    wait(store, lambda tx: queue.later(tx, task, clock.micros + 5_000_000, "busy"))
    for conversation in (1, 2, 3):
        come(conversation, 1)
    taken = []
    for seq in range(2, 12):
        claimed = claim(store, clock, 2)
        taken.append([one.message for one in claimed])
        wait(store, lambda tx, claimed=claimed: queue.done(tx, *claimed))
        for conversation in (1, 2, 3):
            come(conversation, seq)
        clock.advance(seconds=1)
    assert taken[0][0] == new
    assert taken[5][0] == failed, "as soon as it may be tried again"


def test_what_a_worker_wrote_whose_clock_is_ahead_waits_for_no_clock(
    shared_url: str, opened: Callable[..., Store], clock: HandClock
) -> None:
    ahead = opened(shared_url, clock=HandClock(MORNING + timedelta(hours=1)))
    add(ahead, 1, 1)
    assert names(claim(opened(shared_url), clock)) == [(1, 1)]


def test_whoever_was_too_slow_changes_nothing_of_what_was_parked(store: Store, clock: HandClock) -> None:
    add(store, 1, 1)
    (slow,) = claim(store, clock)
    clock.advance(seconds=300)
    (theirs,) = claim(store, clock)
    assert wait(store, lambda tx: queue.park(tx, theirs, "no"))
    assert not wait(store, lambda tx: queue.park(tx, slow, "no"))
    wait(store, lambda tx: queue.later(tx, slow, clock.micros, "no"))
    (parked,) = wait(store, lambda tx: tx.all("SELECT state, attempts FROM todo WHERE workspace = ?", tx.ws))
    assert parked == (2, 1)


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_order_of_events_lets_one_overtake(data: st.DataObject) -> None:
    """Whatever happens to claims (done, failed, parked, dead), no message starts before those in front of it."""
    clock = HandClock()
    store = Store("sqlite:///:memory:", "default", clock)
    try:
        waiting = {conversation: [1, 2, 3, 4] for conversation in (1, 2)}
        for conversation, seqs in waiting.items():
            for seq in seqs:
                add(store, conversation, seq)
        for _ in range(80):
            if not any(waiting.values()):
                break
            for task in claim(store, clock, data.draw(st.integers(1, 3))):
                assert task.seq == waiting[task.conversation][0]
                fate = data.draw(st.sampled_from(["done", "later", "park", "dead"]))
                if fate == "done":
                    assert wait(store, lambda tx, task=task: queue.done(tx, task))
                elif fate == "later":
                    wait(store, lambda tx, task=task: queue.later(tx, task, clock.micros + 1, "no"))
                elif fate == "park":
                    wait(store, lambda tx, task=task: queue.park(tx, task, "no"))
                if fate in ("done", "park"):
                    waiting[task.conversation].pop(0)
            clock.advance(seconds=301)
    finally:
        store.close()
