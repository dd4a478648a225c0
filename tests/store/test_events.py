"""Who follows what happens with a cursor misses nothing and sees nothing twice, however workers commit."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest

from omnichannel.errors import NotFound
from omnichannel.store import Store, Tx, records
from tests.engines import HandClock, wait


class Follower:
    """Reads on from the last happening that it saw."""

    def __init__(self, store: Store, most: int = 100) -> None:
        self.store, self.most = store, most
        self.after = 0
        self.seen: list[str] = []

    def look(self) -> list[str]:
        found = wait(self.store, lambda tx: records.happenings(tx, self.after, self.most))
        if found:
            self.after = self.store.ids.find("happening", found[-1].id)
        names = [one.what for one in found]
        self.seen += names
        return names


def happen(*names: str) -> Callable[[Tx], None]:
    def job(tx: Tx) -> None:
        for name in names:
            records.happened(tx, name)

    return job


def test_what_is_committed_late_is_not_missed(postgres, clock: HandClock, opened) -> None:
    """One worker writes first and commits last; meanwhile another one's happening was seen."""
    url = postgres.ready()
    slow, quick, follower = opened(url), opened(url), Follower(opened(url))
    written, go_on = threading.Event(), threading.Event()

    def slowly(tx: Tx) -> None:
        records.happened(tx, "first written")
        written.set()
        go_on.wait(30)

    thread = threading.Thread(target=wait, args=(slow, slowly))
    thread.start()
    written.wait(30)
    wait(quick, happen("first committed"))
    assert follower.look() == ["first committed"]
    go_on.set()
    thread.join()
    assert follower.look() == ["first written"]
    assert follower.look() == []
    assert Follower(quick).look() == ["first committed", "first written"], "everybody sees the same order"


def test_clocks_that_differ_change_no_order(shared_url: str, opened) -> None:
    """A worker whose clock is an hour behind writes what follows from what another one wrote."""
    late = HandClock(HandClock().now() - timedelta(hours=1), seed=2)
    ahead, behind = opened(shared_url), opened(shared_url, clock=late)
    follower = Follower(ahead)
    wait(ahead, happen("asked"))
    wait(behind, happen("answered"))
    assert follower.look() == ["asked", "answered"]
    wait(ahead, happen("asked again"))
    assert follower.look() == ["asked again"]
    wait(behind, happen("answered again"))
    assert follower.look() == ["answered again"]


@pytest.mark.parametrize("most", [1, 7, 100])
def test_many_writers_and_followers_at_once(shared_url: str, opened, most: int) -> None:
    """Each follower sees each happening once, in one order for all; each writer's in the order of its writing."""
    writers, followers, each = 3, 2, 40
    clocks = [HandClock(HandClock().now() + timedelta(seconds=n), seed=n) for n in range(writers)]
    stores = [opened(shared_url, clock=clock) for clock in clocks]
    over = threading.Event()

    async def write(number: int) -> None:
        jobs = [happen(f"{number}.{turn}") for turn in range(each)]
        for start in range(0, each, 5):
            await asyncio.gather(*(stores[number].run(job) for job in jobs[start : start + 5]))

    def follow(one: Follower) -> None:
        while not over.is_set():
            one.look()
        while one.look():
            pass

    looking = [Follower(opened(shared_url), most) for _ in range(followers)]
    threads = [threading.Thread(target=follow, args=(one,)) for one in looking]
    writing = [threading.Thread(target=asyncio.run, args=(write(number),)) for number in range(writers)]
    for thread in (*threads, *writing):
        thread.start()
    for thread in writing:
        thread.join()
    over.set()
    for thread in threads:
        thread.join()
    wanted = {f"{number}.{turn}" for number in range(writers) for turn in range(each)}
    for one in looking:
        assert len(one.seen) == len(wanted)
        assert set(one.seen) == wanted
        for number in range(writers):
            mine = [name for name in one.seen if name.startswith(f"{number}.")]
            assert mine == [f"{number}.{turn}" for turn in range(each)]
    assert looking[0].seen == looking[1].seen


def test_workspaces_have_orders_of_their_own(shared_url: str, opened) -> None:
    one, other = opened(shared_url, "one"), opened(shared_url, "other")
    wait(one, happen("a", "b"))
    wait(other, happen("c"))
    assert (Follower(one).look(), Follower(other).look()) == (["a", "b"], ["c"])


def test_a_cursor_from_a_later_state_is_refused(shared_url: str, opened) -> None:
    """An older state of the database was put back: to go on from what is no more would miss what comes now."""
    store = opened(shared_url)
    wait(store, happen("kept", "lost"))
    follower = Follower(store)
    follower.look()
    wait(store, lambda tx: tx.run("DELETE FROM happenings WHERE workspace = ? AND what = 'lost'", tx.ws))
    with pytest.raises(NotFound, match="from the beginning"):
        follower.look()


def test_more_than_fits_one_look_comes_with_the_next(
    shared_url: str, opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "_MOST_PLACED", 3)
    store = opened(shared_url)
    wait(store, happen(*"abcdefgh"))
    follower = Follower(store)
    while follower.look():
        pass
    assert follower.seen == [*"abcdefgh"]
