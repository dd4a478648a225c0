"""Many jobs share a commit; each is told only after it; none takes another down."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from omnichannel.channel import Delivery
from omnichannel.errors import StoreError
from omnichannel.store import Store, Tx, arrivals, records
from omnichannel.store.engine import Driver, Engine
from omnichannel.store.sqlite import SqliteDriver
from tests.engines import HandClock, dump, wait


class Shaky:
    """A driver that fails so often before it works."""

    skip_locked = ""

    def __init__(self, failures: int) -> None:
        self.failures = failures
        self.log: list[str] = []

    def begin(self) -> None:
        self.log.append("begin")

    def commit(self) -> None:
        self.log.append("commit")
        if self.failures:
            self.failures -= 1
            raise sqlite3.OperationalError("database is locked")

    def rollback(self) -> None:
        self.log.append("rollback")

    def transient(self, error: Exception) -> bool:
        return isinstance(error, sqlite3.OperationalError)

    def reconnect(self) -> None: ...
    def close(self) -> None:
        self.log.append("close")


def keep(body: bytes) -> Callable[[Tx], int | None]:
    return lambda tx: arrivals.keep(tx, Delivery(account="a", body=body))


def bodies(store: Store) -> list[bytes]:
    return [arrival.delivery.body for arrival in wait(store, lambda tx: arrivals.waiting(tx, 10_000))]


async def test_many_at_once_share_few_commits(store: Store) -> None:
    """Durability costs one flush for all that queued up meanwhile: 300 deliveries, not 300 commits."""
    before = store.commits
    await asyncio.gather(*(store.run(keep(b"%d" % number)) for number in range(300)))
    assert store.commits - before < 30
    assert sorted(bodies(store)) == sorted(b"%d" % number for number in range(300))


async def test_jobs_run_in_the_order_in_which_they_were_given(store: Store) -> None:
    await asyncio.gather(*(store.run(keep(b"%d" % number)) for number in range(50)))
    assert bodies(store) == [b"%d" % number for number in range(50)]


async def test_each_is_told_only_after_its_commit(
    shared_url: str, opened: Callable[..., Store], clock: HandClock
) -> None:
    """When `run` returns, another connection sees it: what was acknowledged is there."""
    writer, reader = opened(shared_url), opened(shared_url)

    async def one(number: int) -> None:
        await writer.run(keep(b"%d" % number))
        assert b"%d" % number in await reader.run(
            lambda tx: [arrival.delivery.body for arrival in arrivals.waiting(tx, 1000)]
        )

    await asyncio.gather(*(one(number) for number in range(20)))


async def test_a_failing_job_leaves_nothing_and_harms_no_sibling(store: Store) -> None:
    """The group is rolled back, the others run again: the failing one's caller alone learns of it."""

    def dies(tx: Tx) -> None:
        arrivals.keep(tx, Delivery(account="a", body=b"bad"))
        raise LookupError("my own fault")

    jobs: list[Callable[[Tx], object]] = [keep(b"1"), dies, keep(b"2"), dies, keep(b"3")]
    told = await asyncio.gather(*(store.run(job) for job in jobs), return_exceptions=True)
    assert [isinstance(answer, LookupError) for answer in told] == [False, True, False, True, False]
    assert bodies(store) == [b"1", b"2", b"3"]


async def test_a_job_that_breaks_the_transaction_harms_no_sibling(store: Store) -> None:
    """A wrong statement aborts a PostgreSQL transaction whole; the siblings are done all the same."""
    jobs: list[Callable[[Tx], object]] = [keep(b"1"), lambda tx: tx.run("SELECT nonsense"), keep(b"2")]
    told = await asyncio.gather(*(store.run(job) for job in jobs), return_exceptions=True)
    assert isinstance(told[1], Exception)
    assert bodies(store) == [b"1", b"2"]


@pytest.mark.parametrize("error", [StopIteration("x"), asyncio.CancelledError(), GeneratorExit()])
async def test_nothing_that_a_job_raises_stops_the_store(store: Store, error: BaseException) -> None:
    """Whatever it is, its own caller gets it, and the thread that everybody shares goes on."""

    def dies(tx: Tx) -> None:
        arrivals.keep(tx, Delivery(account="a", body=b"bad"))
        raise error

    with pytest.raises((type(error), RuntimeError)):
        await asyncio.wait_for(store.run(dies), 20)
    siblings = await asyncio.wait_for(asyncio.gather(store.run(keep(b"1")), store.run(keep(b"2"))), 20)
    assert None not in siblings
    assert bodies(store) == [b"1", b"2"]


async def test_a_caller_who_leaves_spoils_nothing(store: Store) -> None:
    """Cancelling the wait does not cancel the work: what was submitted is committed."""
    task = asyncio.create_task(store.run(keep(b"left")))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await store.run(keep(b"stayed"))
    assert bodies(store) == [b"left", b"stayed"]


def test_many_threads_with_loops_of_their_own(store: Store) -> None:
    def work(number: int) -> int | None:
        return asyncio.run(store.run(keep(b"%d" % number)))

    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(work, range(64)))
    assert len(set(numbers)) == 64
    assert len(bodies(store)) == 64


def test_closing_finishes_what_was_submitted(store: Store) -> None:
    """Close is no cut: everything that was handed in before it is there afterwards."""
    done: list[bool] = []

    async def submit_and_close() -> None:
        tasks = [asyncio.create_task(store.run(lambda tx: done.append(True))) for _ in range(20)]
        await asyncio.sleep(0)
        await asyncio.to_thread(store.close)
        await asyncio.gather(*tasks)

    asyncio.run(submit_and_close())
    assert len(done) >= 20
    store.close()
    with pytest.raises(StoreError, match="open the inbox"):
        asyncio.run(store.run(lambda tx: None))


def test_nobody_waits_for_ever_when_it_closes_meanwhile() -> None:
    """Whoever hands something in at the very moment of closing is served or refused, never left hanging."""
    engine = Engine(lambda: Shaky(0))  # type: ignore[arg-type, return-value]
    engine.start()
    put, closing = engine._queue.put, threading.Thread(target=engine.close)
    ended = threading.Event()

    class Slow:
        """The moment between "is it closed?" and handing in, long enough for somebody to close it."""

        def put(self, ticket: object) -> None:
            if ticket is None:
                ended.set()
            else:
                closing.start()
                ended.wait(0.2)
            put(ticket)  # type: ignore[arg-type]

        def __getattr__(self, name: str) -> object:
            return getattr(queue, name)

    queue = engine._queue
    engine._queue = Slow()  # type: ignore[assignment]
    with ThreadPoolExecutor(1) as pool:
        try:
            assert pool.submit(engine.wait_for, lambda _: "served").result(timeout=20) == "served"
        finally:
            closing.join()


def test_a_loop_that_ended_meanwhile_is_no_trouble(store: Store) -> None:
    """A caller whose event loop is gone cannot be told; the store goes on."""
    gate = threading.Event()

    async def ask() -> None:
        task = asyncio.create_task(store.run(lambda tx: gate.wait(10)))
        await asyncio.sleep(0)
        task.cancel()

    asyncio.run(ask())
    gate.set()
    assert wait(store, lambda tx: 1) == 1


def test_what_passes_by_itself_is_tried_again() -> None:
    """A lock or a lost connection is no answer: the job is run again until it is through, or given up on."""

    for failures, works in ((0, True), (1, True), (3, True), (99, False)):
        driver = Shaky(failures)
        engine = Engine(lambda driver=driver: driver)  # type: ignore[arg-type, misc]
        engine.start()
        if works:
            assert engine.wait_for(lambda _: "done") == "done"
            assert engine.commits == 1
            assert driver.log == ["begin", "commit", *["rollback", "begin", "commit"] * failures]
        else:
            with pytest.raises(sqlite3.OperationalError):
                engine.wait_for(lambda _: "done")
            assert driver.log[-1] == "rollback"
        engine.close()
        assert driver.log[-1] == "close"


def test_what_is_committed_stays_so_though_others_cannot_be_told(store: Store) -> None:
    """Nothing runs once more, its caller is told, and the next job runs."""
    runs: list[int] = []

    def broken() -> None:
        raise RuntimeError("no line to the others")

    store._engine.committed = broken
    for number in range(2):
        assert wait(store, lambda tx, number=number: runs.append(number) or keep(b"x")(tx))
    assert runs == [0, 1]
    assert bodies(store) == [b"x", b"x"]


def test_what_cannot_be_connected_to_is_said_at_once() -> None:
    def connect() -> object:
        raise OSError("no such host")

    engine = Engine(connect)  # type: ignore[arg-type]
    with pytest.raises(OSError, match="no such host"):
        engine.start()


def test_a_dump_sees_every_table(store: Store) -> None:
    """The tests' own measure of "nothing changed" looks at every table there is."""
    wait(store, keep(b"x"))
    assert len(dump(store)) >= 16
    assert dump(store)["deliveries"]


class Stubborn(sqlite3.Connection):
    """A connection on a disk that fails when something is to be taken back."""

    def execute(self, sql: str, *params: object) -> sqlite3.Cursor:  # type: ignore[override]
        if sql == "ROLLBACK":
            raise sqlite3.OperationalError("disk I/O error")
        return super().execute(sql, *params)


def test_a_disk_that_fails_while_something_is_taken_back_costs_only_that(tmp_path: Path) -> None:
    """A new connection takes it back; nobody waits for ever, and nothing of it stays."""

    def connect(path: str, **how: object) -> sqlite3.Connection:
        return sqlite3.connect(path, factory=Stubborn, **how)  # type: ignore[call-overload]

    def half(driver: Driver) -> None:
        driver.run("INSERT INTO kept VALUES (?)", ("half",))
        raise LookupError

    engine = Engine(lambda: SqliteDriver(str(tmp_path / "a.db"), connect))
    engine.start()
    try:
        engine.wait_for(lambda driver: driver.run("CREATE TABLE kept (what TEXT)", ()))
        for _ in range(2):
            with pytest.raises(LookupError):
                engine.wait_for(half)
        engine.wait_for(lambda driver: driver.run("INSERT INTO kept VALUES (?)", ("whole",)))
        assert engine.wait_for(lambda driver: driver.rows("SELECT what FROM kept", ())) == [("whole",)]
    finally:
        engine.close()


def test_what_is_kept_for_the_end_of_a_job_is_there_when_it_is_over(store: Store) -> None:
    """In the order in which it was given, in the job's own commit; and before, for a job that looks itself."""

    def job(tx: Tx) -> list[str]:
        records.happened(tx, "said 1")
        seen = [one.what for one in records.happenings(tx, 0, 9)]
        for number in (2, 3):
            records.happened(tx, f"said {number}")
        return seen

    assert wait(store, job) == ["said 1"]
    said = [one.what for one in wait(store, lambda tx: records.happenings(tx, 0, 9))]
    assert said == ["said 1", "said 2", "said 3"]


def test_what_a_failed_job_kept_for_its_end_is_gone_with_it(store: Store) -> None:
    """The next job writes down its own, and nothing left over."""

    def fail(tx: Tx) -> None:
        records.happened(tx, "nothing")
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        wait(store, fail)
    wait(store, lambda tx: records.happened(tx, "something"))
    assert [one.what for one in wait(store, lambda tx: records.happenings(tx, 0, 9))] == ["something"]
