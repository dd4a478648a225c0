"""What came in: raw deliveries, kept before anything else happens, and how far each source was read."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Literal, NamedTuple, cast

from pydantic_core import PydanticSerializationError, to_json

from omnichannel.channel import Delivery
from omnichannel.clock import micros, moment
from omnichannel.errors import NotFound
from omnichannel.model import Parked
from omnichannel.store.tx import Tx

WAITING, READ, PARKED = 0, 1, 2


class Arrival(NamedTuple):
    """A delivery in the store."""

    id: int
    account: str
    attempts: int
    delivery: Delivery


_COLUMNS = "id, account, attempts, source, key, head, body, received_at"


def keep(tx: Tx, delivery: Delivery) -> int | None:
    """Keep a delivery, to be read later; its id, or None if one with its key was kept before."""
    now, number = tx.now(), tx.ids.new()
    row = (
        tx.ws, number, delivery.account, delivery.source, delivery.key or None, _head(delivery), delivery.body,
        micros(delivery.received_at) if delivery.received_at else now,
    )  # fmt: skip
    if not delivery.key:
        tx.at_last(_KEEP, *row)
    elif not tx.run(f"{_KEEP} ON CONFLICT (workspace, account, key) WHERE key IS NOT NULL DO NOTHING", *row):
        tx.firm()
        return None
    tx.stir()
    return number


_KEEP = (
    "INSERT INTO deliveries (workspace, id, account, source, key, head, body, received_at,"
    " state, attempts, due_at, reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0, '')"
)


def _head(delivery: Delivery) -> str:
    head = (delivery.method, delivery.url, delivery.headers)
    try:
        return to_json(head).decode()
    except PydanticSerializationError:  # half a character, which only the slow one writes
        return json.dumps(head, separators=(",", ":"))


def keep_batch(tx: Tx, account: str, name: str, deliveries: Sequence[Delivery], cursor: str) -> int:
    """Keep what a source brought, together with how far it was read; how many were new."""
    fresh = sum(keep(tx, delivery) is not None for delivery in deliveries)
    move_cursor(tx, account, name, cursor)
    return fresh


def cursor(tx: Tx, account: str, name: str) -> str:
    """How far a source was read; empty for never."""
    row = tx.one(
        "SELECT value FROM cursors WHERE workspace = ? AND account = ? AND name = ?", tx.ws, account, name
    )
    return str(row[0]) if row else ""


def move_cursor(tx: Tx, account: str, name: str, value: str) -> None:
    """Write down how far a source was read."""
    tx.run(
        "INSERT INTO cursors (workspace, account, name, value) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (workspace, account, name) DO UPDATE SET value = excluded.value",
        tx.ws, account, name, value,
    )  # fmt: skip


def waiting(tx: Tx, most: int) -> list[Arrival]:
    """The oldest deliveries that are due to be read, held against other workers until the commit.

    One worker at a time reads of an account, so that what came first is read first: none of those that another one
    reads of are among them.
    """
    now = tx.now()
    free, given = (_FREE.format(most=int(most)), (tx.ws, now, tx.ws)) if tx.skip_locked else ("", ())
    rows = tx.all(
        f"SELECT {_COLUMNS} FROM deliveries WHERE workspace = ? AND state = 0 AND due_at <= ?{free}"
        f" ORDER BY id LIMIT {int(most)}{tx.skip_locked}",
        tx.ws, now, *given,
    )  # fmt: skip
    return [_arrival(row) for row in rows]


_READS = "pg_try_advisory_xact_lock(hashtextextended(?::bigint || ' is read: ' || {account}, 0))"
_FREE = (
    " AND id = ANY(ARRAY(SELECT ahead.id FROM (SELECT id, account FROM deliveries"
    " WHERE workspace = ? AND state = 0 AND due_at <= ? ORDER BY id LIMIT 1000) AS ahead"
    f" WHERE {_READS.format(account='ahead.account')} LIMIT {{most}}))"
)
"""Of what waits first, what is of accounts that nobody else reads, nor will before the commit."""


def where(tx: Tx, condition: str, *params: int, most: int) -> list[Arrival]:
    """Deliveries by a condition, oldest first."""
    rows = tx.all(
        f"SELECT {_COLUMNS} FROM deliveries WHERE workspace = ? AND {condition} ORDER BY id LIMIT {int(most)}",
        tx.ws,
        *params,
    )
    return [_arrival(row) for row in rows]


def _arrival(row: tuple[object, ...]) -> Arrival:
    number, account, attempts, source, key, head, body, received_at = cast(
        "tuple[int, str, int, Literal['webhook', 'poll', 'file', 'history', 'gap'], str | None, str, bytes, int]",
        row,
    )
    method, url, headers = json.loads(head)
    delivery = Delivery(
        account=account,
        source=source,
        method=method,
        url=url,
        headers=headers,
        body=bytes(body),
        key=key or "",
        received_at=moment(received_at),
    )
    return Arrival(number, account, attempts, delivery)


def still_waits(tx: Tx, number: int) -> bool:
    """Whether a delivery was not read meanwhile, nor is its account; then both are held until the commit."""
    free, given = (f" AND {_READS.format(account='account')}", (tx.ws,)) if tx.skip_locked else ("", ())
    row = tx.one(
        f"SELECT 1 FROM deliveries WHERE workspace = ? AND id = ? AND state = 0{free}{tx.skip_locked}",
        tx.ws, number, *given,
    )  # fmt: skip
    return row is not None


def done(tx: Tx, *numbers: int) -> None:
    """These were read."""
    for number in numbers:
        tx.at_last("UPDATE deliveries SET state = 1 WHERE workspace = ? AND id = ?", tx.ws, number)


def park(tx: Tx, number: int, reason: str) -> None:
    """It cannot be read: set aside for a person."""
    tx.run(
        "UPDATE deliveries SET state = 2, attempts = attempts + 1, reason = ? WHERE workspace = ? AND id = ?",
        reason[:1000],
        tx.ws,
        number,
    )


def later(tx: Tx, number: int, due_at: int, reason: str, *, counts: bool = True) -> None:
    """Reading it failed; try again at that time. `counts`: whether that was one of its attempts."""
    tx.run(
        "UPDATE deliveries SET attempts = attempts + ?, due_at = ?, reason = ? WHERE workspace = ? AND id = ?",
        int(counts),
        due_at,
        reason[:1000],
        tx.ws,
        number,
    )


def parked(tx: Tx) -> list[Parked]:
    """Every delivery that waits for a person, oldest first."""
    rows = tx.all(
        "SELECT id, account, reason, attempts, received_at FROM deliveries"
        " WHERE workspace = ? AND state = 2 ORDER BY id",
        tx.ws,
    )
    return [
        Parked(
            id=tx.ids.show("delivery", cast("int", number)),
            what="delivery",
            account=str(account),
            reason=str(reason),
            attempts=cast("int", attempts),
            at=moment(cast("int", at)),
        )
        for number, account, reason, attempts, at in rows
    ]


def replay(tx: Tx, number: int) -> bool:
    """Let it be read once more, from the start; whether there is such a delivery."""
    tx.stir()
    changed = tx.run(
        "UPDATE deliveries SET state = 0, attempts = 0, due_at = 0, reason = '' WHERE workspace = ? AND id = ?",
        tx.ws,
        number,
    )
    return changed > 0


def all_parked(tx: Tx) -> list[Arrival]:
    """Every delivery of which something cannot be read."""
    return where(tx, "state = 2", most=1_000_000)


def arrival(tx: Tx, number: int) -> Arrival | None:
    """A delivery in the store by its number; None if it is not kept."""
    found = where(tx, "id = ?", number, most=1)
    return found[0] if found else None


def replace_body(tx: Tx, number: int, body: bytes) -> None:
    """Keep less of a delivery: somebody's items were cut out of it, and what was said of it may name them."""
    tx.run(
        "UPDATE deliveries SET body = ?, reason = CASE WHEN state = 2 THEN 'an item of it cannot be read' ELSE '' END"
        " WHERE workspace = ? AND id = ?",
        body, tx.ws, number,
    )  # fmt: skip


def forget_cursors(tx: Tx, account: str, start: str) -> None:
    """Forget how far the sources were read whose name begins so (no `%` or `_` in it)."""
    tx.run(
        "DELETE FROM cursors WHERE workspace = ? AND account = ? AND name LIKE ?", tx.ws, account, f"{start}%"
    )


def by_key(tx: Tx, account: str, key: str) -> int | None:
    """The delivery that is kept under this key."""
    row = tx.one(
        "SELECT id FROM deliveries WHERE workspace = ? AND account = ? AND key = ?", tx.ws, account, key
    )
    return cast("int", row[0]) if row else None


def has(tx: Tx, account: str, key: str, body: bytes) -> bool:
    """Whether a delivery with this key and body is kept."""
    row = tx.one(
        "SELECT 1 FROM deliveries WHERE workspace = ? AND account = ? AND key = ? AND body = ?",
        tx.ws, account, key, body,
    )  # fmt: skip
    return row is not None


def drop(tx: Tx, number: int) -> int:
    """Keep a delivery no more; whether it was there."""
    return tx.run("DELETE FROM deliveries WHERE workspace = ? AND id = ?", tx.ws, number)


def get(tx: Tx, number: int) -> Delivery:
    """A delivery exactly as it arrived; raises NotFound."""
    row = tx.one(f"SELECT {_COLUMNS} FROM deliveries WHERE workspace = ? AND id = ?", tx.ws, number)
    if row is None:
        raise NotFound("that delivery is not kept in this workspace")
    return _arrival(row).delivery.model_copy(update={"id": tx.ids.show("delivery", number)})
