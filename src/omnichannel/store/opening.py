"""Opening a store: which engine, which version of the tables, which workspace."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Callable
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from omnichannel.channel import Finding
from omnichannel.clock import Clock
from omnichannel.errors import ConfigError, OmnichannelError, SchemaError, StoreError
from omnichannel.identity import Policy
from omnichannel.store import disks
from omnichannel.store.engine import Driver, Engine
from omnichannel.store.ids import Ids
from omnichannel.store.sqlite import SqliteDriver, is_locked
from omnichannel.store.tx import Moment, Tx

if TYPE_CHECKING:
    from omnichannel.store.listening import Listener

_log = logging.getLogger("omnichannel")

_CURE = (
    "Use sqlite:///support.db, sqlite:////srv/support.db, sqlite:///:memory: or postgresql://user@host/name"
)


def check_url(url: object) -> None:
    """Raise ConfigError for what names no store, before anything is opened."""
    scheme = url.partition(":")[0] if isinstance(url, str) else type(url).__name__
    if not isinstance(url, str) or scheme.lower() not in ("sqlite", "postgresql", "postgres"):
        raise ConfigError("store", f"{scheme!r} is not a store that is known", _CURE)
    if scheme.lower() == "sqlite":
        sqlite_path(url)


def driver_for(url: str) -> tuple[Callable[[], Driver], dict[str, str]]:
    """How to connect to a store, and its dialect's words. Raises ConfigError for a URL that is none."""
    scheme = urlsplit(url).scheme
    if scheme == "sqlite":
        path = sqlite_path(url)
        return lambda: SqliteDriver(path), SqliteDriver.words
    if scheme in ("postgresql", "postgres"):
        try:
            from omnichannel.store.postgres import PostgresDriver
        except ImportError:
            raise ConfigError(
                "store", "PostgreSQL needs psycopg", "Run: pip install 'omnichannel[postgres]'"
            ) from None
        return partial(PostgresDriver, url), PostgresDriver.words
    raise ConfigError("store", f"{scheme or url!r} is not a store that is known", _CURE)


def listener_for(url: str, workspace: int, heard: Callable[[], object]) -> Listener | None:
    """What hears of other workers' commits; None where the engine cannot tell: then one looks."""
    if urlsplit(url).scheme == "sqlite":
        return None
    from omnichannel.store.listening import Listener
    from omnichannel.store.postgres import connect

    return Listener(partial(connect, url), workspace, heard)


def sqlite_path(url: str) -> str:
    """The file that a SQLite URL names; raises ConfigError if it names none."""
    path = unquote(url.removeprefix("sqlite:///")) if url.startswith("sqlite:///") else ""
    if not path:
        raise ConfigError("store", f"{url!r} names no file", _CURE)
    return path


def schema_files() -> list[tuple[int, str]]:
    """Every version of the tables and its statements, oldest first."""
    folder = files("omnichannel.store") / "schema"
    found = [
        (int(file.name[:4]), file.read_text()) for file in folder.iterdir() if file.name.endswith(".sql")
    ]
    return sorted(found)


def migrate(driver: Driver, words: dict[str, str]) -> int:
    """Bring the tables to this version, each step in one transaction with the others; the version.

    Of a fleet one does it, and the others wait until it is done, however long that takes.
    """
    driver.take_turns()
    driver.run("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL PRIMARY KEY)", ())
    done = {int(str(row[0])) for row in driver.rows("SELECT version FROM schema_version", ())}
    steps = schema_files()
    newest = steps[-1][0]
    if done and max(done) > newest:
        raise SchemaError(
            f"the store has version {max(done)} of the tables, this omnichannel knows {newest}; upgrade omnichannel"
        )
    missing = [step for step in steps if step[0] not in done]
    for version, sql in missing:
        driver.script(re.sub(r"\{(\w+)\}", lambda word: words[word[1]], sql))
        driver.run("INSERT INTO schema_version (version) VALUES (?)", (version,))
    if missing:
        driver.plan()
    return newest


def patiently(connect: Callable[[], Driver]) -> Driver:
    """Connect; where somebody keeps a file to themselves, wait until they let go of it.

    A migration that outgrew the memory that it has lets nobody even look meanwhile.
    """
    while True:
        try:
            return connect()
        except Exception as error:
            if not is_locked(error):
                raise
            _log.warning("the store's file is locked; whoever has it may be changing its tables: waiting")


def bring_up_to_date(engine: Engine, url: str, words: dict[str, str]) -> None:
    """Bring the tables to this version, or wait for as long as somebody else does.

    Raises StoreError where nobody does, and somebody keeps the file to themselves all the same; SchemaError, and what
    the driver raises.
    """
    while True:
        try:
            engine.wait_for(lambda driver: migrate(driver, words))
        except Exception as error:
            if not is_locked(error):
                raise
            if is_ready(url):  # so nobody has the tables in hand
                raise StoreError(
                    f"{sqlite_path(url)} is locked, and not by a migration: another process has been writing to it "
                    "all the time; end it (fuser and lsof tell which), or start again when it is done"
                ) from error
            _log.warning("the store's file is locked while its tables are changed: waiting until they are")
        else:
            return


def enter(driver: Driver, workspace: str, clock: Clock, policy: Policy) -> Tx:
    """Find or make the workspace, and become one more worker in it."""
    found: list[tuple[Any, ...]] = []
    while not found:  # somebody else may take the same number at the same moment, for another workspace
        driver.run(
            "INSERT INTO workspaces (workspace, name, secret, opened)"
            " SELECT COALESCE(MAX(workspace), 0) + 1, ?, ?, 0 FROM workspaces WHERE true ON CONFLICT DO NOTHING",
            (workspace, clock.random(32)),
        )
        found = driver.rows(
            "UPDATE workspaces SET opened = opened + 1 WHERE name = ? RETURNING workspace, secret, opened",
            (workspace,),
        )
    number, secret, opened = found[0]
    moment = Moment(clock)
    ids = Ids(bytes(secret), number, opened, moment.milliseconds)
    ids.above(_newest(driver, number))
    driver.sign(number, opened)
    return Tx(driver, number, workspace, bytes(secret), ids, moment, policy, opened)


def _newest(driver: Driver, workspace: int) -> int:
    """The greatest number among what is kept in order: it stays in order though the clock was set back."""
    tables = ("deliveries", "calls", "journal", "happenings")
    newest = (
        driver.rows(f"SELECT MAX(id) FROM {table} WHERE workspace = ?", (workspace,)) for table in tables
    )
    return max(int(str(rows[0][0] or 0)) for rows in newest)


def findings(url: str) -> list[Finding]:
    """What `doctor` says about a store: reachable, safe, which version of the tables."""
    try:
        connect, _ = driver_for(url)
        away = _far(url)
        if (missing := _missing(url)) is not None:
            return [missing, *away]
        driver = connect()
    except OmnichannelError as error:
        return [Finding(ok=False, what=f"store: {error}", cure=_CURE)]
    except Exception as error:  # noqa: BLE001 - drivers raise what they like
        cure = "Check URL and rights"
        if is_locked(error):
            cure = "Another process has the file to itself, perhaps to change its tables: look again later"
        return [Finding(ok=False, what=f"store cannot be opened: {type(error).__name__}", cure=cure)]
    try:
        return [Finding(ok=True, what=_described(driver)), *away]
    finally:
        driver.close()


def is_ready(url: str) -> bool:
    """Whether a store is there that has the tables of this version, so that opening it makes and changes none."""
    try:
        connect, _ = driver_for(url)
        if _missing(url) is not None:
            return False
        driver = connect()
    except Exception:  # noqa: BLE001 - drivers raise what they like; `findings` says what is wrong
        return False
    try:
        rows = driver.rows("SELECT MAX(version) FROM schema_version", ())
    except Exception:  # noqa: BLE001 - no such table, in the words of each driver
        return False
    finally:
        driver.close()
    return rows[0][0] == schema_files()[-1][0]


def _missing(url: str) -> Finding | None:
    """What to say of a file that is not there yet: looking must not make it."""
    path = Path(sqlite_path(url)) if url.startswith("sqlite:") else None
    if path is None or str(path) == ":memory:" or path.exists():
        return None
    folder = path.absolute().parent
    if folder.is_dir() and os.access(folder, os.W_OK):
        return Finding(ok=True, what=f"store: {path} will be made when the inbox first opens")
    return Finding(
        ok=False, what=f"store: {folder} is no folder that can be written to", cure="Make it, or name another"
    )


def _far(url: str) -> list[Finding]:
    """What to say of a file that lies on another machine."""
    path = sqlite_path(url) if url.startswith("sqlite:") else ":memory:"
    kind = disks.far(path, disks.mounts()) if path != ":memory:" else ""
    what = (
        f"store: {path} is on a network file system ({kind}), whose locks and flushes SQLite cannot rely on"
    )
    return [Finding(ok=False, what=what, cure="Put it on a local disk, or use PostgreSQL")] if kind else []


def _described(driver: Driver) -> str:
    if isinstance(driver, SqliteDriver):
        version, journal = _said(driver, "SELECT sqlite_version()"), _said(driver, "PRAGMA journal_mode")
        return f"store: SQLite {version}, journal_mode={journal}, synchronous=FULL: what is accepted is safe"
    version = _said(driver, "SELECT current_setting('server_version')")
    return f"store: PostgreSQL {version}, durable commits: what is accepted is safe"


def _said(driver: Driver, sql: str) -> str:
    return str(driver.rows(sql, ())[0][0])
