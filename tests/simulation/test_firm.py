"""What another process committed, and did not live to sync, is told to nobody who forgets it then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

pytest.importorskip("apsw", reason="the simulated disk is a file system of apsw's")

from bench.simulate.deaths import Kill
from bench.simulate.dialects import ACCOUNT, DIALECTS
from bench.simulate.life import Life
from bench.simulate.machine import SimInbox
from bench.simulate.plan import NEWEST, small
from bench.simulate.tables import made_before
from bench.simulate.world import World

from omnichannel.channel import Delivery
from omnichannel.store import Tx, arrivals, orders
from omnichannel.store.orders import Key

FATES = range(12)
KEY, DELIVERY = Key("ours", "said"), Delivery(account=ACCOUNT, key="theirs", body=b"{}")

Job = Callable[[Tx], object]


def moved(tx: Tx) -> None:
    arrivals.move_cursor(tx, ACCOUNT, "news", "7")


def place(tx: Tx) -> str:
    return arrivals.cursor(tx, ACCOUNT, "news")


def kept(tx: Tx) -> bool:
    """Whether it was new."""
    return arrivals.keep(tx, DELIVERY) is not None


def there(tx: Tx) -> bool:
    return not tx.one("SELECT 1 FROM deliveries WHERE workspace = ? AND key = 'theirs'", tx.ws)


def ordered(tx: Tx) -> int | None:
    return orders.take(tx, KEY, 1)


def asked(inbox: SimInbox, job: Job | None) -> object:
    """What one process answers; nothing if it dies. Without a job: how far the account's source was read."""
    life, world = inbox.engine._life, inbox.engine._life.world
    work = inbox.run_job(job) if job else inbox.cursor(ACCOUNT, "news")
    task = world.loop.create_task(work, context=life.context)  # type: ignore[arg-type]
    world.loop.run_until(lambda: task.done() or life.dead)
    return task.result() if task.done() else None


def born(world: World) -> tuple[Life, SimInbox]:
    life = world.born("worker")
    inbox = SimInbox(life, DIALECTS["chat"].channels(None))  # type: ignore[arg-type]
    life.run(inbox.open)
    return life, inbox


def after(write: Job, answer: Job | None, look: Job, fate: int) -> tuple[object, object]:
    """What a second process answers about what a first one wrote as it died, and a third one finds after the power."""
    world = World(replace(small("one.0"), wal=False, kills=()), made_before(False, NEWEST))
    try:
        dies, first = born(world)
        _, second = born(world)
        asked(second, place)  # it was at work before
        counted = _syncs_of_a_commit(write)
        dies.kill = Kill("sync", "before", dies.crossed["sync"] + counted, power=False)
        asked(first, write)
        assert dies.dead
        told = asked(second, answer)
        world.end(second.engine._life, power=True, fate=fate)
        return told, asked(born(world)[1], look)
    finally:
        world.close()


def _syncs_of_a_commit(write: Job) -> int:
    """The last of them is of the journal's end."""
    world = World(replace(small("one.0"), wal=False, kills=()), made_before(False, NEWEST))
    life, inbox = born(world)
    before = life.crossed["sync"]
    asked(inbox, write)
    world.close()
    return life.crossed["sync"] - before


@pytest.mark.parametrize(
    ("write", "answer", "look"),
    [(moved, None, place), (kept, kept, there), (ordered, ordered, lambda tx: orders.known(tx, KEY))],
    ids=["how far a platform was read", "a webhook that comes again", "an idempotency key that comes again"],
)
def test_what_is_answered_for_outlives_the_power(write: Job, answer: Job | None, look: Job) -> None:
    for fate in FATES:
        told, found = after(write, answer, look, fate)
        assert told == found
        assert told in ("7", False, 1)


def test_what_is_only_read_may_be_gone() -> None:
    """Or the test above would prove nothing."""
    found = {after(moved, place, place, fate) for fate in FATES}
    assert found == {("7", "7"), ("7", "")}
