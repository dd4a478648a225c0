"""Words that wait for a classifier: those that wait longest are read first."""

from __future__ import annotations

from omnichannel.store import Store
from omnichannel.store.desk import unread
from tests.engines import HandClock, wait

LEASE = 60_000_000


def claim(store: Store, clock: HandClock, most: int) -> list[int]:
    found = wait(store, lambda tx: unread.claim(tx, most, clock.micros + LEASE))
    return [one.conversation for one in found]


def test_nobody_waits_for_ever_however_much_others_write(store: Store, clock: HandClock) -> None:
    """Three older conversations write as fast as one hand reads; what a dead worker held waits no longer than others."""

    def write(conversation: int) -> None:
        wait(store, lambda tx: unread.wait(tx, conversation))
        clock.advance(seconds=1)

    write(5)
    assert claim(store, clock, 1) == [5], "and dies"
    write(4)
    for conversation in (1, 2, 3):
        write(conversation)
    read = []
    for _ in range(90):
        (one,) = claim(store, clock, 1)
        read.append(one)
        wait(store, lambda tx, one=one: unread.done(tx, one))
        write(one)
    assert read[0] == 4
    assert read.index(5) < 60, "as soon as its lease is over"
