"""Opening a store: safe, or not at all; its tables made once; its workspaces apart."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
import pytest

from omnichannel.errors import ConfigError, SchemaError, StoreError, UnsafeStore
from omnichannel.store import Store, findings, opening
from omnichannel.store import engine as engine_module
from omnichannel.store import postgres as postgres_module
from omnichannel.store import sqlite as sqlite_module
from omnichannel.store.opening import driver_for, migrate, schema_files
from omnichannel.store.postgres import PostgresDriver
from omnichannel.store.sqlite import SqliteDriver, wal_is_safe
from tests.engines import HandClock, Postgres, wait

# https://sqlite.org/wal.html: mended in 3.51.3, and on two older branches in 3.50.7 and 3.44.6.
WAL = {
    (3, 6, 23): False,
    (3, 7, 0): False,
    (3, 40, 1): False,
    (3, 44, 5): False,
    (3, 44, 6): True,
    (3, 44, 9): True,
    (3, 45, 0): False,
    (3, 49, 9): False,
    (3, 50, 6): False,
    (3, 50, 7): True,
    (3, 51, 0): False,
    (3, 51, 2): False,
    (3, 51, 3): True,
    (3, 52, 0): True,
    (4, 0, 0): True,
}


@pytest.mark.parametrize(("version", "safe"), WAL.items())
def test_which_releases_can_be_trusted_with_a_log(version: tuple[int, ...], safe: bool) -> None:
    assert wal_is_safe(version) is safe


@pytest.mark.parametrize(("version", "mode"), [((3, 40, 1), "truncate"), ((3, 51, 3), "wal")])
def test_sqlite_is_opened_so_that_a_power_cut_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: tuple[int, ...], mode: str
) -> None:
    """Every commit reaches the disk, on macOS as well; the log only where the release can be trusted with it."""
    monkeypatch.setattr(sqlite_module.sqlite3, "sqlite_version_info", version)
    driver = SqliteDriver(str(tmp_path / "a.db"))
    asked = ("journal_mode", "synchronous", "foreign_keys", "fullfsync", "checkpoint_fullfsync")
    found = [driver.rows(f"PRAGMA {name}", ())[0][0] for name in asked]
    driver.close()
    assert found == [mode, 2, 1, 1, 1]


def test_a_sqlite_that_will_not_be_safe_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some disks and builds ignore what they are told: asked afterwards, they are found out."""

    class Deaf(sqlite3.Connection):
        def execute(self, sql: str, *params: object) -> sqlite3.Cursor:
            told = "PRAGMA synchronous" if sql == "PRAGMA synchronous=FULL" else sql
            return super().execute("PRAGMA synchronous=NORMAL" if told != sql else sql, *params)

    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *args, **more: connect(*args, factory=Deaf, **more))
    with pytest.raises(UnsafeStore, match="power cut could lose"):
        Store(f"sqlite:///{tmp_path / 'a.db'}", "default", HandClock())


@pytest.mark.parametrize("setting", ["synchronous_commit"])
def test_a_postgres_that_could_lose_something_is_refused(postgres: Postgres, setting: str) -> None:
    with pytest.raises(UnsafeStore, match=f"set {setting}=on"):
        Store(f"{postgres.ready()}&options=-c{setting}%3Doff", "default", HandClock())


def wait_until(url: str, value: str) -> None:
    """Every new connection is told by the server's main process, which may need a moment to have read it."""
    found = ""
    while found != value:
        with psycopg.connect(url) as connection:
            (found,) = connection.execute("SHOW full_page_writes").fetchone() or ("",)


def test_a_postgres_whose_pages_could_tear_is_refused(postgres: Postgres) -> None:
    """Settings of the whole server count as well."""
    url = postgres.ready()
    with postgres.admin() as connection:
        connection.execute("ALTER SYSTEM SET full_page_writes = off")
        try:
            connection.execute("SELECT pg_reload_conf()")
            wait_until(url, "off")
            with pytest.raises(UnsafeStore, match="full_page_writes"):
                Store(url, "default", HandClock())
            assert [finding.ok for finding in findings(url)] == [False]
        finally:
            connection.execute("ALTER SYSTEM RESET full_page_writes")
            connection.execute("SELECT pg_reload_conf()")
            wait_until(url, "on")


def test_a_folder_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnsafeStore, match="create it first"):
        Store(f"sqlite:///{tmp_path / 'none' / 'a.db'}", "default", HandClock())


@pytest.mark.parametrize(
    "url",
    ["", "support.db", "sqlite:", "sqlite://support.db", "sqlite:///", "mysql://h/db", "http://x", "://"],
)
def test_a_url_that_is_no_store_is_refused_with_examples(url: str) -> None:
    with pytest.raises(ConfigError, match="sqlite:///support.db") as refusal:
        driver_for(url)
    assert refusal.value.setting == "store"


def test_a_url_may_hold_spaces_and_a_relative_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, opened: Callable[..., Store]
) -> None:
    monkeypatch.chdir(tmp_path)
    opened("sqlite:///our%20shop.db")
    assert (tmp_path / "our shop.db").exists()


def schema(url: str) -> list[tuple[object, ...]]:
    """Every table and index as the database itself describes them."""
    connect, _ = driver_for(url)
    driver = connect()
    if url.startswith("sqlite"):
        found = driver.rows("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name", ())
    else:
        found = driver.rows(
            "SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns"
            " WHERE table_schema = 'public' ORDER BY 1, 2",
            (),
        ) + driver.rows(
            "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1", ()
        )
    driver.close()
    return found


@pytest.fixture(params=["file", "postgres"])
def bare_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without any tables."""
    if request.param == "file":
        return f"sqlite:///{tmp_path / 'bare.db'}"
    server: Postgres = request.getfixturevalue("postgres")
    return server.empty()


def test_opening_twice_makes_the_tables_once(bare_url: str, opened: Callable[..., Store]) -> None:
    opened(bare_url).close()
    once = schema(bare_url)
    assert len(once) > 30
    opened(bare_url).close()
    assert schema(bare_url) == once


def test_many_that_start_at_once_make_the_tables_once(bare_url: str, clock: HandClock) -> None:
    """Several processes of a new installation start together, each with a workspace of its own."""
    start = threading.Barrier(6)

    def open_one(number: int) -> tuple[int, str]:
        start.wait()
        store = Store(bare_url, f"tenant{number % 4}", clock)
        try:
            return store._tx.ws, store._tx.workspace
        finally:
            store.close()

    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(open_one, range(6)))
    numbers = {name: {ws for ws, other in found if other == name} for _, name in found}
    assert len(numbers) == 4
    assert all(len(several) == 1 for several in numbers.values())
    assert len(set.union(*numbers.values())) == 4


def test_two_that_bring_old_tables_up_to_date_at_once(
    postgres: Postgres, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fleet is upgraded and started again: one migrates, the others wait for as long as it takes, and find it done.

    Longer than anybody waits for a lock or a statement, and as often as a job is tried.
    """
    url = postgres.empty()
    driver = PostgresDriver(url)
    with monkeypatch.context() as old:
        old.setattr(opening, "schema_files", lambda: schema_files()[:1])
        driver.begin()
        migrate(driver, driver.words)
        driver.commit()
    driver.begin()
    newest = migrate(driver, driver.words)
    shortly = b"SET LOCAL statement_timeout = '50ms'; SET LOCAL lock_timeout = '20ms'"
    monkeypatch.setattr(postgres_module, "_SESSION", shortly.replace(b"LOCAL ", b""))
    monkeypatch.setattr(postgres_module, "_PATIENCE", shortly)
    monkeypatch.setattr(engine_module, "_TRIES", 2)
    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(Store, url, "default", clock)
        with psycopg.connect(url, autocommit=True) as looking:
            waiting = (
                "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'advisory' AND datname = current_database()"
                " AND clock_timestamp() - query_start > interval '300ms'"
            )
            while not looking.execute(waiting).fetchone():
                assert not other.done()
        driver.commit()
        other.result(30).close()
    found = driver.rows("SELECT MAX(version) FROM schema_version", ())
    driver.close()
    assert found == [(newest,)]


def migrating(path: Path, monkeypatch: pytest.MonkeyPatch, pages: int) -> SqliteDriver:
    """Somebody who is in the middle of bringing a file's old tables up to date."""
    driver = SqliteDriver(str(path))
    with monkeypatch.context() as old:
        old.setattr(opening, "schema_files", lambda: schema_files()[:1])
        driver.begin()
        migrate(driver, driver.words)
        driver.commit()
    driver.run(f"PRAGMA cache_size={pages}", ())
    driver.begin()
    migrate(driver, driver.words)
    return driver


def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a minute passes in no time, and nothing is tried as often."""
    monkeypatch.setattr(sqlite_module, "_PATIENCE", 0.01)
    monkeypatch.setattr(engine_module, "_TRIES", 2)


@pytest.mark.parametrize("pages", [10_000, 1], ids=["in memory", "outgrew its memory"])
def test_a_file_whose_tables_somebody_changes_is_waited_for(
    tmp_path: Path,
    clock: HandClock,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    pages: int,
) -> None:
    """The same on SQLite, also where what was changed no longer fits into memory, so that nobody else can even look.

    However often a lock is waited for in vain: whoever waits says so, each time.
    """
    driver = migrating(tmp_path / "a.db", monkeypatch, pages)
    impatient(monkeypatch)
    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(Store, f"sqlite:///{tmp_path / 'a.db'}", "default", clock)
        while sum("waiting" in said for said in caplog.messages) < 5:
            assert not other.done()
        (finding,) = findings(f"sqlite:///{tmp_path / 'a.db'}")
        assert finding.ok or "change its tables" in finding.cure
        driver.commit()
        other.result(30).close()
    assert driver.rows("SELECT MAX(version) FROM schema_version", ()) == [(schema_files()[-1][0],)]
    driver.close()


def test_a_file_that_somebody_keeps_though_its_tables_are_done_is_said(
    tmp_path: Path, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody migrates, so it is not known when it ends: the error names the file, and what to do."""
    url = f"sqlite:///{tmp_path / 'a.db'}"
    Store(url, "default", clock).close()
    driver = SqliteDriver(str(tmp_path / "a.db"))
    driver.begin()
    impatient(monkeypatch)
    with pytest.raises(StoreError, match=r"a\.db is locked, and not by a migration.*lsof"):
        Store(url, "default", clock)
    driver.close()
    Store(url, "default", clock).close()


def test_who_dies_while_changing_tables_stops_nobody(
    postgres: Postgres, opened: Callable[..., Store]
) -> None:
    url = postgres.empty()
    driver = PostgresDriver(url)
    driver.begin()
    migrate(driver, driver.words)
    driver.close()
    opened(url)


def test_tables_of_a_newer_version_are_left_alone(shared_url: str, opened: Callable[..., Store]) -> None:
    store = opened(shared_url)
    wait(store, lambda tx: tx.run("INSERT INTO schema_version (version) VALUES (999)"))
    store.close()
    with pytest.raises(SchemaError, match="999.*upgrade omnichannel"):
        opened(shared_url)


def test_versions_are_numbered_without_gaps() -> None:
    """A number that is left out could be made later, behind the back of a store that is further already."""
    versions = [version for version, _ in schema_files()]
    assert versions == list(range(1, len(versions) + 1))


def test_a_half_made_schema_is_no_schema(tmp_path: Path) -> None:
    """A crash between two tables leaves none of them: the step is one transaction."""
    path = tmp_path / "a.db"
    driver = SqliteDriver(str(path))
    driver.begin()
    migrate(driver, driver.words)
    driver.rollback()
    assert driver.rows("SELECT count(*) FROM sqlite_schema", ()) == [(0,)]
    driver.close()


def test_findings_say_how_a_store_is(url: str, opened: Callable[..., Store]) -> None:
    opened(url).close()
    (finding,) = findings(url)
    assert finding.ok
    assert "what is accepted is safe" in finding.what


def test_findings_make_no_store(tmp_path: Path) -> None:
    """Looking changes nothing: a file that is not there yet is not made."""
    (finding,) = findings(f"sqlite:///{tmp_path / 'a.db'}")
    assert finding.ok
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "url", ["mysql://x", "sqlite:////nowhere/at/all/a.db", "postgresql://nobody@127.0.0.1:1/none"]
)
def test_findings_say_what_is_wrong_and_the_cure(url: str) -> None:
    (finding,) = findings(url)
    assert not finding.ok
    assert finding.cure


def test_a_file_that_is_no_database_is_said_at_once(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    path.write_bytes(b"this is no database at all" * 100)
    with pytest.raises(StoreError, match="no SQLite database"):
        Store(f"sqlite:///{path}", "default", HandClock())
    assert not findings(f"sqlite:///{path}")[0].ok


def test_postgres_without_its_driver_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.delitem(sys.modules, "omnichannel.store.postgres")
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(ConfigError, match=r"omnichannel\[postgres\]"):
        driver_for("postgresql://x/y")


def descriptors() -> int:
    """How many files this process holds open, where the system tells."""
    folder = Path("/proc/self/fd")
    return len(list(folder.iterdir())) if folder.exists() else 0


def test_no_descriptor_is_left_open(tmp_path: Path, clock: HandClock) -> None:
    before = descriptors()
    for _ in range(5):
        Store(f"sqlite:///{tmp_path / 'a.db'}", "default", clock).close()
    assert descriptors() <= before


def test_a_connection_that_could_not_be_secured_is_not_used(tmp_path: Path) -> None:
    """The disk fails at taking back, then at opening anew: until that is done right, nothing is done."""
    failing: set[str] = set()

    class Failing(sqlite3.Connection):
        def execute(self, sql: str, *params: Any) -> sqlite3.Cursor:
            if sql in failing:
                raise sqlite3.OperationalError("disk I/O error")
            return super().execute(sql, *params)

    driver = SqliteDriver(str(tmp_path / "a.db"), lambda *a, **k: sqlite3.connect(*a, factory=Failing, **k))
    driver.begin()
    failing.add("ROLLBACK")
    driver.rollback()
    failing.add("PRAGMA foreign_keys=ON")
    with pytest.raises(sqlite3.OperationalError, match="disk I/O error"):
        driver.begin()
    driver.rollback()
    failing.clear()
    driver.begin()
    assert driver.rows("PRAGMA foreign_keys", ()) == [(1,)]
    driver.rollback()
    driver.close()
