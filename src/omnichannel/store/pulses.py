"""When each account last heard, was challenged, refused and sent, and how its sources do; and how much waits."""

from __future__ import annotations

from typing import Literal, NamedTuple, cast

from omnichannel.store.tx import Tx

_COUNTED = 10_000


class Pulse(NamedTuple):
    """An account's row; moments in microseconds since 1970, 0 for never."""

    begun_at: int = 0
    heard_at: int = 0
    longest: int = 0
    gap_from: int = 0
    compared_at: int = 0
    tried_at: int = 0
    challenged_at: int = 0
    sent_at: int = 0
    refused: int = 0
    refused_at: int = 0


class Look(NamedTuple):
    """A source's row."""

    source: str
    looked_at: int
    trouble: str
    trouble_at: int


class Backlog(NamedTuple):
    """How much of an account is still to be done, since when, and what failed; 10,000 of a kind are counted."""

    waiting: int = 0
    since: int = 0
    parked: int = 0
    in_doubt: int = 0


def get(tx: Tx, account: str) -> Pulse:
    """An account's row; that of one which nothing is known of yet."""
    row = tx.one(
        f"SELECT {', '.join(Pulse._fields)} FROM pulses WHERE workspace = ? AND account = ?", tx.ws, account
    )
    return Pulse(*cast("tuple[int, ...]", row)) if row else Pulse()


def hold(tx: Tx, account: str) -> Pulse:
    """The same, and nobody else changes it, or brings in what this account missed, until the commit."""
    tx.run(
        "INSERT INTO pulses (workspace, account) VALUES (?, ?)"
        " ON CONFLICT (workspace, account) DO UPDATE SET account = excluded.account",
        tx.ws, account,
    )  # fmt: skip
    return get(tx, account)


def put(tx: Tx, account: str, pulse: Pulse) -> None:
    """Write a row that is held."""
    columns = ", ".join(f"{name} = ?" for name in Pulse._fields)
    tx.run(f"UPDATE pulses SET {columns} WHERE workspace = ? AND account = ?", *pulse, tx.ws, account)


def note(tx: Tx, account: str, what: Literal["sent_at", "challenged_at"], at: int) -> None:
    """Something happened at that moment."""
    tx.run(
        f"INSERT INTO pulses (workspace, account, {what}) VALUES (?, ?, ?)"
        f" ON CONFLICT (workspace, account) DO UPDATE SET {what} = excluded.{what}",
        tx.ws, account, at,
    )  # fmt: skip


def hold_off(tx: Tx, account: str, until: int) -> None:
    """The platform takes nothing from an account before a moment; a later one that it named before stays."""
    tx.run(
        "INSERT INTO pulses (workspace, account, not_before) VALUES (?, ?, ?)"
        " ON CONFLICT (workspace, account) DO UPDATE SET not_before = CASE"
        "  WHEN pulses.not_before > excluded.not_before THEN pulses.not_before ELSE excluded.not_before END",
        tx.ws, account, until,
    )  # fmt: skip


def refused(tx: Tx, account: str, count: int, at: int) -> None:
    """So many deliveries more proved nothing, the last one at that moment."""
    tx.run(
        "INSERT INTO pulses (workspace, account, refused, refused_at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (workspace, account) DO UPDATE SET refused = pulses.refused + excluded.refused,"
        " refused_at = excluded.refused_at",
        tx.ws, account, count, at,
    )  # fmt: skip


def looked(tx: Tx, account: str, source: str, at: int) -> None:
    """A look at a source succeeded: nothing is wrong with it."""
    tx.run(
        "INSERT INTO looks (workspace, account, source, looked_at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (workspace, account, source)"
        " DO UPDATE SET looked_at = excluded.looked_at, trouble = '', trouble_at = 0",
        tx.ws, account, source, at,
    )  # fmt: skip


def troubled(tx: Tx, account: str, source: str, trouble: str, at: int) -> None:
    """A look at a source failed; since when that is so stays as it was."""
    tx.run(
        "INSERT INTO looks (workspace, account, source, trouble, trouble_at) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (workspace, account, source) DO UPDATE SET trouble = excluded.trouble,"
        " trouble_at = CASE WHEN looks.trouble = '' THEN excluded.trouble_at ELSE looks.trouble_at END",
        tx.ws, account, source, trouble[:500], at,
    )  # fmt: skip


def looks(tx: Tx, account: str) -> dict[str, Look]:
    """An account's sources that were ever looked at, by name."""
    rows = tx.all(
        "SELECT source, looked_at, trouble, trouble_at FROM looks WHERE workspace = ? AND account = ?",
        tx.ws,
        account,
    )
    return {str(row[0]): Look(*cast("tuple[str, int, str, int]", row)) for row in rows}


# Each is found by a partial index that holds nothing but what waits.
_TODO = (
    "SELECT m.account, m.received_at AS at FROM todo AS t JOIN messages AS m"
    " ON m.workspace = t.workspace AND m.id = t.message WHERE t.workspace = ? AND t.state ="
)
_DELIVERIES = "SELECT account, received_at AS at FROM deliveries WHERE workspace = ? AND state ="
WAITING = (
    f"{_DELIVERIES} 0",
    f"{_TODO} 0",
    "SELECT account, at FROM calls WHERE workspace = ? AND state IN (0, 1)",
    "SELECT account, at FROM missing WHERE workspace = ?",
)
PARKED = (f"{_DELIVERIES} 2", f"{_TODO} 2")
IN_DOUBT = ("SELECT account, at FROM calls WHERE workspace = ? AND state IN (0, 1, 4) AND state = 4",)


def backlogs(tx: Tx) -> dict[str, Backlog]:
    """What is still to be done, by account; one that nothing is to be done for is left out."""
    found: dict[str, Backlog] = {}
    for name, statements in (("waiting", WAITING), ("parked", PARKED), ("in_doubt", IN_DOUBT)):
        for statement in statements:
            for account, count, since in _counted(tx, statement):
                before = found.get(account, Backlog())
                after = before._replace(**{name: getattr(before, name) + count})
                oldest = min(since, before.since or since) if name == "waiting" else before.since
                found[account] = after._replace(since=oldest)
    return found


def _counted(tx: Tx, statement: str) -> list[tuple[str, int, int]]:
    rows = tx.all(
        f"SELECT account, COUNT(*), MIN(at) FROM ({statement} LIMIT {_COUNTED}) AS counted GROUP BY account",
        tx.ws,
    )
    return cast("list[tuple[str, int, int]]", rows)
