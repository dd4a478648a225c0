"""Mistakes in keeping: the disk, the transaction, the numbers."""

from __future__ import annotations

from omnichannel.store import engine, ids, messages, opening
from omnichannel.store.engine import Driver, Engine
from omnichannel.store.sqlite import SqliteDriver
from omnichannel.store.tx import Tx


def _set(*pragmas: str) -> None:
    secure = SqliteDriver._secure

    def careless(self: SqliteDriver) -> None:
        secure(self)
        for pragma in pragmas:
            self._connection.execute(f"PRAGMA {pragma}")

    SqliteDriver._secure = careless  # type: ignore[method-assign]


def synchronous_normal() -> None:
    """The setting that most advice recommends: the log is not brought down at a commit."""
    _set("synchronous=NORMAL")


def synchronous_off() -> None:
    """Nothing is ever brought down by SQLite itself."""
    _set("synchronous=OFF")


def journal_off() -> None:
    """What a transaction overwrites is not saved first."""
    _set("journal_mode=OFF")


def journal_in_memory() -> None:
    """What a transaction overwrites is saved where it dies with the process."""
    _set("journal_mode=MEMORY")


def told_before_commit() -> None:
    """Whoever waits for a job hears of its end before the commit."""

    def commit(self: Engine, driver: Driver, group: list[engine._Ticket]) -> None:
        try:
            driver.begin()
            self.opened()
            for ticket in self._growing(group):
                ticket.result = ticket.job(driver)
            self.closing()
            engine._tell(group)
            driver.commit()
        except Exception:
            driver.rollback()

    Engine._commit = commit  # type: ignore[method-assign]


def commit_postponed() -> None:
    """Only every third group is committed: the next ones share its transaction, and are told at once."""
    begin, commit = SqliteDriver.begin, SqliteDriver.commit
    waiting: dict[int, int] = {}

    def begin_unless_begun(self: SqliteDriver) -> None:
        if not self._connection.in_transaction:
            begin(self)

    def commit_later(self: SqliteDriver) -> None:
        waiting[id(self)] = waiting.get(id(self), 0) + 1
        if waiting[id(self)] % 3 == 0:
            commit(self)

    SqliteDriver.begin = begin_unless_begun  # type: ignore[method-assign]
    SqliteDriver.commit = commit_later  # type: ignore[method-assign]


def failed_commit_ignored() -> None:
    """A disk that is full, or does not answer, changes nothing for those who wait."""

    def commit(self: Engine, driver: Driver, group: list[engine._Ticket]) -> None:
        try:
            driver.begin()
            self.opened()
            for ticket in self._growing(group):
                ticket.result = ticket.job(driver)
            self.closing()
            driver.commit()
        except Exception:
            driver.rollback()
        engine._tell(group)

    Engine._commit = commit  # type: ignore[method-assign]


def no_rollback() -> None:
    """What a failed group did stays, and goes with the next one."""

    def begin(self: SqliteDriver) -> None:
        if not self._connection.in_transaction:
            self._connection.execute("BEGIN IMMEDIATE")

    SqliteDriver.rollback = lambda self: None  # type: ignore[method-assign]
    SqliteDriver.begin = begin  # type: ignore[method-assign]


def each_statement_alone() -> None:
    """There is no transaction: every statement is committed by itself."""
    SqliteDriver.begin = lambda self: None  # type: ignore[method-assign]
    SqliteDriver.rollback = lambda self: None  # type: ignore[method-assign]
    commit = SqliteDriver.commit
    SqliteDriver.commit = lambda self: commit(self) if self._connection.in_transaction else None  # type: ignore[method-assign]


def migration_in_pieces() -> None:
    """Each statement of a migration is committed by itself."""
    script = SqliteDriver.script

    def in_pieces(self: SqliteDriver, sql: str) -> None:
        for piece in sql.split(";\n"):
            script(self, f"{piece};\n")
            self._connection.execute("COMMIT")
            self._connection.execute("BEGIN IMMEDIATE")

    SqliteDriver.script = in_pieces  # type: ignore[method-assign]


def numbers_go_back() -> None:
    """A clock that is set back takes the numbers with it."""
    ids.Ids.above = lambda self, number: None  # type: ignore[method-assign]
    opening._newest = lambda driver, workspace: 0


def place_counted() -> None:
    """A message's place is one more than there are messages, seen before and not taken."""

    def next_seq(tx: Tx, conversation: int, at: int) -> int:
        tx.run("UPDATE conversations SET last_at = ? WHERE workspace = ? AND id = ?", at, tx.ws, conversation)
        row = tx.one(
            "SELECT MAX(id) FROM messages WHERE workspace = ? AND conversation = ?", tx.ws, conversation
        )
        return int(str(row[0] or 0)) % 1000 + 1 if row else 1

    messages.next_seq = next_seq


FAULTS = (
    synchronous_normal, synchronous_off, journal_off, journal_in_memory, told_before_commit, commit_postponed,
    failed_commit_ignored, no_rollback, each_statement_alone, migration_in_pieces,
    numbers_go_back, place_counted,
)  # fmt: skip
