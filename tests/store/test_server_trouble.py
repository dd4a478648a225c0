"""What PostgreSQL refuses for a moment is tried again; what it would refuse again is told at once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from typing import Any

import psycopg
import pytest

from omnichannel.channel import Delivery
from omnichannel.store import Store, Tx, arrivals
from omnichannel.store.postgres import PostgresDriver
from tests.engines import Postgres, wait
from tests.store.test_lost_connections import bodies, keep


def fails_once(trouble: Callable[[Tx], object]) -> Callable[[Tx], int | None]:
    """A job that gets into trouble at its first try, and keeps a delivery at every one."""
    tries = count()

    def job(tx: Tx) -> int | None:
        number = arrivals.keep(tx, Delivery(account="a", body=b"x"))
        if next(tries) == 0:
            trouble(tx)
        return number

    return job


TROUBLE = {
    "serialisation failure": "40001",
    "deadlock": "40P01",
    "lock not available": "55P03",
    "too many connections": "53300",
    "shut down by the administrator": "57P01",
    "crash of another backend": "57P02",
    "idle in a transaction": "25P03",
    "a standby": "25006",
    "somebody else's row": "23505",
}


@pytest.mark.parametrize("code", TROUBLE.values(), ids=TROUBLE)
def test_what_passes_by_itself_is_tried_again(
    postgres: Postgres, opened: Callable[..., Store], code: str
) -> None:
    """The server says it itself, in the words of each of its errors."""
    store = opened(postgres.ready())
    raising = f"DO $$ BEGIN RAISE EXCEPTION 'trouble' USING ERRCODE = '{code}'; END $$"
    assert wait(store, fails_once(lambda tx: tx.run(raising))) is not None
    assert bodies(store) == [b"x"]


@pytest.mark.parametrize("code", ["57014", "42P01", "23502", "22012"])
def test_what_does_not_pass_is_told_at_once(
    postgres: Postgres, opened: Callable[..., Store], code: str
) -> None:
    """Also a statement that ran out of time: it would again, and everybody would wait for it each time."""
    store = opened(postgres.ready())
    tries: list[int] = []

    def job(tx: Tx) -> None:
        tries.append(1)
        arrivals.keep(tx, Delivery(account="a", body=b"x"))
        tx.run(f"DO $$ BEGIN RAISE EXCEPTION 'trouble' USING ERRCODE = '{code}'; END $$")

    with pytest.raises(psycopg.Error):
        wait(store, job)
    assert len(tries) == 2, "once in its group, once alone"
    assert bodies(store) == []


def test_a_statement_that_takes_too_long_is_ended_by_the_server(
    postgres: Postgres, opened: Callable[..., Store]
) -> None:
    store = opened(postgres.ready())
    wait(store, lambda tx: tx.run("SET statement_timeout = '50ms'"))
    with pytest.raises(psycopg.errors.QueryCanceled):
        wait(store, lambda tx: tx.run("SELECT pg_sleep(20)"))
    assert wait(store, keep(b"x")) is not None


def test_a_lock_that_somebody_holds_for_long_is_waited_for_in_turns(
    postgres: Postgres, opened: Callable[..., Store]
) -> None:
    """The server ends the wait, the job is taken back and tried again, and gets through when the lock is gone."""
    url = postgres.ready()
    store = opened(url)
    wait(store, lambda tx: arrivals.move_cursor(tx, "a", "INBOX", "1"))
    wait(store, lambda tx: tx.run("SET lock_timeout = '20ms'"))
    tries: list[int] = []
    with psycopg.connect(url) as other:
        other.execute("UPDATE cursors SET value = 'theirs'")

        def job(tx: Tx) -> None:
            tries.append(1)
            if len(tries) == 3:
                other.rollback()
            arrivals.move_cursor(tx, "a", "INBOX", "2")

        wait(store, job)
    assert len(tries) == 3
    assert wait(store, lambda tx: arrivals.cursor(tx, "a", "INBOX")) == "2"


def test_two_workers_who_wait_for_each_other_both_get_through(
    postgres: Postgres, opened: Callable[..., Store]
) -> None:
    """A real deadlock: the server ends one of the two, whose job is run again."""
    url = postgres.ready()
    stores = [opened(url), opened(url)]
    for name in "ab":
        wait(stores[0], lambda tx, name=name: arrivals.move_cursor(tx, "x", name, "0"))
    meet, tries = threading.Barrier(2), count()

    def job(tx: Tx, first: str, second: str) -> None:
        arrivals.move_cursor(tx, "x", first, first)
        if next(tries) < 2:
            meet.wait(30)
        arrivals.move_cursor(tx, "x", second, first)

    threads = [
        threading.Thread(target=wait, args=(store, lambda tx, pair=pair: job(tx, *pair)))
        for store, pair in zip(stores, ("ab", "ba"), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    found = [wait(stores[0], lambda tx, name=name: arrivals.cursor(tx, "x", name)) for name in "ab"]
    assert found in (["a", "a"], ["b", "b"])
    assert next(tries) >= 3, "one of them was run again"


def test_a_process_that_stops_in_a_transaction_lets_its_locks_go(
    postgres: Postgres, opened: Callable[..., Store]
) -> None:
    """The server ends it (after twenty seconds; here at once); awake again, it does its work once more."""
    store = opened(postgres.ready())
    wait(store, lambda tx: tx.run("SET idle_in_transaction_session_timeout = '50ms'"))
    gone = threading.Event()

    def stops(tx: Tx) -> None:
        (pid,) = tx.one("SELECT pg_backend_pid()") or (0,)
        over = time.monotonic() + 10
        with postgres.admin() as admin:
            while admin.execute("SELECT 1 FROM pg_stat_activity WHERE pid = %s", (pid,)).fetchone():
                assert time.monotonic() < over, "the server waits for ever"
                gone.wait(0.02)

    assert wait(store, fails_once(stops)) is not None
    assert bodies(store) == [b"x"]


def test_a_server_that_became_a_standby_is_left_for_the_one_that_took_over(
    postgres: Postgres, opened: Callable[..., Store]
) -> None:
    """Its connection is closed, so that the next one asks all hosts of the URL for the one that takes writes."""
    store = opened(postgres.ready())
    before = wait(store, lambda tx: tx.one("SELECT pg_backend_pid()"))
    wait(store, lambda tx: tx.run("SET default_transaction_read_only = on"))
    assert wait(store, keep(b"x")) is not None
    assert wait(store, lambda tx: tx.one("SELECT pg_backend_pid()")) != before


def test_a_standby_is_not_opened(postgres: Postgres) -> None:
    with pytest.raises(psycopg.OperationalError, match="read-only"):
        PostgresDriver(f"{postgres.ready()}&options=-cdefault_transaction_read_only%3Don")


def test_a_server_with_too_many_guests_takes_us_when_one_left(
    postgres: Postgres, opened: Callable[..., Store]
) -> None:
    """Its own connection was ended and others took its place: it waits for one to be free again."""
    url = postgres.ready()
    store = opened(url)
    (name,) = wait(store, lambda tx: tx.one("SELECT current_database()"))
    guests: list[psycopg.Connection[Any]] = []
    with postgres.admin() as admin:
        # Superusers are let in all the same, so we are none in this database.
        admin.execute("DROP ROLE IF EXISTS guest")
        admin.execute("CREATE ROLE guest LOGIN CONNECTION LIMIT 1")
        admin.execute(
            f"GRANT pg_read_all_data, pg_write_all_data TO guest; GRANT ALL ON DATABASE {name} TO guest"
        )
        try:
            as_guest = url.replace("postgres@", "guest@", 1)
            driver = PostgresDriver(as_guest)
            pid = driver._connection.info.backend_pid
            admin.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))
            guests.append(psycopg.connect(as_guest))
            with suppress(psycopg.OperationalError):
                driver.rows("SELECT 1", ())
            driver.rollback()
            leaving = threading.Timer(0.2, guests[0].close)
            leaving.start()
            driver.reconnect()
            assert driver.rows("SELECT 1", ()) == [(1,)]
            leaving.join()
            driver.close()
        finally:
            for guest in guests:
                guest.close()
            admin.execute(f"REVOKE ALL ON DATABASE {name} FROM guest; DROP ROLE guest")


def test_a_job_that_hides_that_a_statement_failed_commits_nothing_and_is_told(
    postgres: Postgres, opened: Callable[..., Store]
) -> None:
    """PostgreSQL takes such a transaction back at its COMMIT without a word: it must not count as done."""
    store = opened(postgres.ready())

    def hides(tx: Tx) -> None:
        arrivals.keep(tx, Delivery(account="a", body=b"x"))
        with suppress(psycopg.Error):
            tx.run("SELECT nonsense")

    with pytest.raises(psycopg.errors.InFailedSqlTransaction):
        wait(store, hides)
    assert bodies(store) == []
