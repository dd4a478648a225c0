"""Whose turn a bot's is next: whoever came first, however often it was tried and however many come after."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from itertools import count

import pytest

from omnichannel.store import Store, Tx
from omnichannel.store.desk import turns
from omnichannel.store.desk.turns import Begun, Ended
from tests.engines import MORNING, HandClock, wait

LEASE = 60_000_000


def come(store: Store, conversation: int) -> None:
    wait(store, lambda tx: turns.mind(tx, conversation, "Robin"))


def claim(store: Store, most: int) -> list[Begun]:
    return wait(store, lambda tx: turns.claim(tx, most, tx.now() + LEASE))


def answer(store: Store, begun: Sequence[Begun]) -> None:
    def job(tx: Tx) -> None:
        for one in begun:
            turns.end(tx, one, Ended("answered"))

    wait(store, job)


@pytest.mark.parametrize("way", ["it failed", "its worker died", "more was said meanwhile"])
def test_a_second_try_is_not_kept_waiting_by_ever_new_first_ones(
    store: Store, clock: HandClock, way: str
) -> None:
    """Every second two conversations come to a bot that answers two: who came first is first when it may be tried."""
    people = count(10)
    come(store, 1)
    (begun,) = claim(store, 1)
    if way != "its worker died":
        pause = 5_000_000 if way == "it failed" else 0
        wait(store, lambda tx: turns.again(tx, begun, tx.now() + pause if pause else 0, anew=not pause))
    due = clock.micros + {"it failed": 5_000_000, "its worker died": LEASE}.get(way, 0)
    for _ in range(70):
        for _ in range(2):
            come(store, next(people))
        claimed = claim(store, 2)
        assert len(claimed) == 2
        if claimed[0].conversation == 1:
            break
        assert clock.micros < due, "it may be tried again, and others are"
        answer(store, claimed)
        clock.advance(seconds=1)
    assert clock.micros == due


def test_nobody_overtakes_who_waits_already(store: Store, clock: HandClock) -> None:
    """Among first tries too: in the order in which they came, and none is passed over."""
    taken: list[int] = []
    for conversation in range(1, 7):
        come(store, conversation)
        clock.advance(milliseconds=1)
    while claimed := claim(store, 2):
        taken += [one.conversation for one in claimed]
        answer(store, claimed)
    assert taken == [1, 2, 3, 4, 5, 6]


def test_what_a_worker_wrote_whose_clock_is_ahead_waits_for_no_clock(
    shared_url: str, opened: Callable[..., Store], clock: HandClock
) -> None:
    come(opened(shared_url, clock=HandClock(MORNING + timedelta(hours=1))), 1)
    assert [one.conversation for one in claim(opened(shared_url), 1)] == [1]
