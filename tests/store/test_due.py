"""When the next thing is due that was put off: asked instead of looking every second."""

from __future__ import annotations

from omnichannel.channel import Delivery
from omnichannel.store import Store, Tx, arrivals, due, queue
from tests.engines import HandClock, wait

SECOND = 1_000_000


def soonest(store: Store, after: int = 0) -> int | None:
    found: int | None = wait(store, lambda tx: due.soonest(tx, after))
    return found


def test_nothing_is_due_where_nothing_waits(store: Store) -> None:
    assert soonest(store) is None


def test_a_delivery_that_waits_for_its_first_reading_is_no_matter_of_time(store: Store) -> None:
    wait(store, lambda tx: arrivals.keep(tx, Delivery(account="a", body=b"x")))
    assert soonest(store) is None


def test_what_was_put_off_is_due_at_its_time_and_each_time_is_told_once(
    store: Store, clock: HandClock
) -> None:
    now = clock.micros

    def put_off(tx: Tx) -> None:
        number = arrivals.keep(tx, Delivery(account="a", body=b"x"))
        assert number is not None
        arrivals.later(tx, number, now + 3 * SECOND, "not yet")
        queue.add(tx, 1, 1, 7)
        queue.claim(tx, 1, now + 5 * SECOND)

    wait(store, put_off)
    assert soonest(store) == now + 3 * SECOND
    assert soonest(store, now + 3 * SECOND) == now + 5 * SECOND, "a lease that ends, if its holder died"
    assert soonest(store, now + 5 * SECOND) is None


def test_another_workspace_is_no_business_of_ours(shared_url: str, opened, clock: HandClock) -> None:
    ours, theirs = opened(shared_url, "ours"), opened(shared_url, "theirs")
    wait(theirs, lambda tx: queue.add(tx, 1, 1, 7))
    wait(theirs, lambda tx: queue.claim(tx, 1, clock.micros + SECOND))
    assert (soonest(ours), soonest(theirs)) == (None, clock.micros + SECOND)
