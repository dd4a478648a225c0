"""The settings of SQLite that are measured: the store's own, and those by which a commit waits for less."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from omnichannel.store import opening
from omnichannel.store.sqlite import SqliteDriver


class Setting(NamedTuple):
    """`journal` and `synchronous` as SQLite names them; empty for what the store chooses itself."""

    name: str
    journal: str = ""
    synchronous: str = ""


OWN = Setting("own")
NORMAL = Setting("normal", synchronous="NORMAL")
WAL = Setting("wal", "WAL", "FULL")
WAL_NORMAL = Setting("wal-normal", "WAL", "NORMAL")
SETTINGS = {one.name: one for one in (OWN, NORMAL, WAL, WAL_NORMAL)}


@contextmanager
def stores_open_with(setting: Setting) -> Iterator[None]:
    """Every SQLite store that is opened inside has this setting; it is checked that SQLite took it."""

    class Set(SqliteDriver):
        def _secure(self) -> None:
            super()._secure()
            for pragma, value in (("journal_mode", setting.journal), ("synchronous", setting.synchronous)):
                if value:
                    self._connection.execute(f"PRAGMA {pragma}={value}")

    usual = opening.SqliteDriver
    opening.SqliteDriver = Set  # type: ignore[misc]  # stands in for it while a bench measures
    try:
        yield
    finally:
        opening.SqliteDriver = usual  # type: ignore[misc]  # same


def said(driver: SqliteDriver) -> str:
    """The settings that a connection has, in words."""
    levels = {"1": "NORMAL", "2": "FULL"}
    ((journal,),), ((synchronous,),) = (
        driver.rows(f"PRAGMA {pragma}", ()) for pragma in ("journal_mode", "synchronous")
    )
    return f"journal_mode={str(journal).upper()}, synchronous={levels.get(str(synchronous), synchronous)}"
