"""PostgreSQL is asked once for what goes together: what is said, how often it is waited for, and what fails meanwhile."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Iterator

import psycopg
import pytest
from bench.pg.__main__ import count_trips
from bench.pg.far import far

from omnichannel.channel import Delivery
from omnichannel.store import Store, Tx, arrivals
from omnichannel.store.postgres import PostgresDriver
from tests.engines import HandClock, Postgres, wait
from tests.inbox.desk import Desk
from tests.store.test_lost_connections import bodies, cut_line, keep

_CURSOR = "INSERT INTO cursors (workspace, account, name, value) VALUES (?, ?, ?, ?)"
_FIVE = "SELECT ?::int + 5"


@pytest.fixture
def driver(postgres: Postgres) -> Iterator[PostgresDriver]:
    driver = PostgresDriver(postgres.ready())
    yield driver
    driver.close()


def trips(store: Store, job: Callable[[Tx], object]) -> int:
    told = count_trips()
    try:
        wait(store, job)
    finally:
        found = told()
    return found


def test_what_is_written_goes_along_with_what_is_asked(
    postgres: Postgres, opened: Callable[..., Store]
) -> None:
    store = opened(postgres.ready())
    wait(store, keep(b"0"))  # it knows the columns now

    def writes(tx: Tx) -> None:
        for number in range(3):
            arrivals.keep(tx, Delivery(account="a", body=b"%d" % number))
        tx.each(_CURSOR, [[tx.ws, "a", "x", "1"]])

    def writes_and_asks(tx: Tx) -> None:
        arrivals.keep(tx, Delivery(account="a", body=b"3"))
        assert len(arrivals.waiting(tx, 99)) == 5

    assert trips(store, writes) == 2, "what begins, and writes; the commit"
    assert trips(store, writes_and_asks) == 2, "what begins, writes and asks; the commit"
    assert trips(store, lambda tx: arrivals.waiting(tx, 9)) == 2


def test_the_first_failure_is_raised_and_nothing_is_done(
    driver: PostgresDriver, caplog: pytest.LogCaptureFixture
) -> None:
    """Wherever it is told: by what is asked next, or by the commit. The others only follow from it."""
    for ask in (lambda: driver.rows(_FIVE, (1,)), driver.commit):
        driver.begin()
        driver.each(_CURSOR, [(1, "a", "before", "1")])
        driver.each(_CURSOR, [(1, "a", "twice", "1"), (1, "a", "twice", "2")])
        for _ in range(500):  # the server tells of it while we still speak
            driver.each("UPDATE nowhere SET value = 1", [()])
        with pytest.raises(psycopg.errors.UniqueViolation) as failed:
            ask()
        assert driver.transient(failed.value)
        driver.rollback()
        assert driver.rows("SELECT * FROM cursors", ()) == []
    assert caplog.record_tuples == []
    assert logging.getLogger("psycopg").isEnabledFor(logging.WARNING)


def test_a_value_that_cannot_be_sent_takes_everything_back(
    postgres: Postgres, opened: Callable[..., Store]
) -> None:
    store = opened(postgres.ready())

    def job(tx: Tx) -> None:
        tx.at_last(_CURSOR, tx.ws, "a", "x", "fine")
        arrivals.keep(tx, Delivery(account="a", body=b"x"))
        tx.at_last(_CURSOR + " ON CONFLICT DO NOTHING", tx.ws, "a", "y", "half a character: \ud800")

    with pytest.raises(UnicodeEncodeError):
        wait(store, job)
    assert bodies(store) == []
    assert wait(store, lambda tx: arrivals.cursor(tx, "a", "x")) == ""


def test_what_was_to_be_prepared_behind_a_failure_is_prepared_later(driver: PostgresDriver) -> None:
    """psycopg can take it for prepared, and never gets over it: so it would be for whoever lost a race."""
    driver.begin()
    driver.rows("SELECT 1", ())
    driver.rollback()
    for _ in range(3):
        driver.rows(_FIVE, (1,))
    driver.begin()
    driver.each(_CURSOR, [(1, "a", "x", "1"), (1, "a", "x", "2")])
    with pytest.raises(psycopg.errors.UniqueViolation):
        driver.rows(_FIVE, (1,))
    driver.rollback()
    assert driver.rows(_FIVE, (1,)) == [(6,)]


def test_what_was_committed_counts_though_the_server_then_ended_the_line(
    postgres: Postgres, opened: Callable[..., Store]
) -> None:
    """Between COMMIT and the end of the message: its answer comes, and behind it that the line is ended."""
    with cut_line(postgres) as (cutter, url):
        store = opened(url)
        for number in range(3):
            (pid,) = wait(store, lambda tx: tx.one("SELECT pg_backend_pid()"))

            def end_it(pid: int = pid, number: int = number) -> None:
                with psycopg.connect(postgres.ready_url, autocommit=True) as other:
                    while other.execute("SELECT count(*) FROM deliveries").fetchone() == (number,):
                        time.sleep(0.01)
                    other.execute("SELECT pg_terminate_backend(%s)", (pid,))

            cutter.behind_commit = end_it
            assert wait(store, keep(b"%d" % number)) is not None
            assert cutter.behind_commit is None
        assert bodies(store) == [b"0", b"1", b"2"]


def test_what_is_larger_than_the_line_takes_at_once_arrives(postgres: Postgres) -> None:
    """A message with its files, over a line that is slower than we: neither end waits for the other."""
    with cut_line(postgres) as (cutter, url):
        driver = PostgresDriver(url)
        ((pid,),) = driver.rows("SELECT pg_backend_pid()", ())
        hanging = threading.Timer(30, _end, (postgres, pid))
        hanging.start()
        cutter.pause = 0.001
        driver.begin()
        driver.each(_CURSOR, [(1, "a", f"{number}", "x" * 2_000_000) for number in range(3)])
        asked = driver.rows("SELECT length(?)", ("y" * 8_000_000,))
        driver.commit()
        hanging.cancel()
        assert asked == [(8_000_000,)]
        assert driver.rows("SELECT sum(length(value)) FROM cursors", ()) == [(6_000_000,)]
        driver.close()


def _end(postgres: Postgres, pid: object) -> None:
    with psycopg.connect(postgres.ready_url, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s)", (pid,))


def test_a_transaction_that_stands_still_is_ended_however_it_was_asked(postgres: Postgres) -> None:
    """The server ends it only if it was asked nothing more behind the last answer."""
    with far(postgres.ready(), 0.002) as url:
        driver = PostgresDriver(url)
        driver.run("SET idle_in_transaction_session_timeout = '50ms'", ())
        driver.begin()
        assert driver.rows(_FIVE, (1,)) == [(6,)]
        time.sleep(0.5)
        with pytest.raises(psycopg.OperationalError):
            driver.rows(_FIVE, (1,))
        driver.rollback()
        driver.close()


def test_without_pipelines_each_answer_is_waited_for(
    postgres: Postgres, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """libpq before 14 has none."""
    monkeypatch.setattr(psycopg.Pipeline, "is_supported", lambda: False)
    driver = PostgresDriver(postgres.ready())
    driver.begin()
    driver.each(_CURSOR, [(1, "a", "twice", "1"), (1, "a", "twice", "2")])
    with pytest.raises(psycopg.errors.UniqueViolation):
        driver.commit()
    driver.rollback()
    driver.close()

    async def story() -> None:
        desk = Desk(postgres.ready(), clock)
        question = await desk.heard("question")
        await desk.inbox.conversations.reply(question.conversation, "answer")
        await desk.inbox.work()
        assert desk.said() == ["answer"]
        await desk.inbox.close()

    asyncio.run(story())
