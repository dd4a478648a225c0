"""What is on record in the end: read by plain statements, so that no reader of the library hides anything."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any, NamedTuple

from bench.simulate.dialects import Dialect
from bench.simulate.sqlite import SimDriver
from bench.simulate.world import OURS
from omnichannel import channel


class Call(NamedTuple):
    """A row of the outbox."""

    id: int
    conversation: int
    message: int
    position: int
    state: int
    status: str
    resent: int
    mark: str
    text: str


class Message(NamedTuple):
    """A row of the messages."""

    id: int
    conversation: int
    seq: int
    direction: int
    external_id: str
    delivery: int | None
    peer: int | None
    text: str


class Census:
    """Everything that is on record."""

    def __init__(self, driver: SimDriver, dialect: Dialect) -> None:
        def ours(columns: str, table: str, rest: str = "") -> list[tuple[Any, ...]]:
            return driver.rows(f"SELECT {columns} FROM {table} WHERE workspace = {OURS} {rest}", ())

        rows = ours("id, conversation, seq, direction, external_id, delivery, peer, content", "messages")
        self.messages = [Message(*row[:7], _text(row[7])) for row in rows]
        rows = ours(
            "id, conversation, message, position, state, status, resent, call", "calls", "ORDER BY id"
        )
        self.calls = [_call(dialect, row) for row in rows]
        self.deliveries = {row[0]: (row[1], bytes(row[2])) for row in ours("id, state, body", "deliveries")}
        rows = ours("what, message", "happenings", "ORDER BY rowid")
        self.happened = Counter(rows)
        self.handled = [message for what, message in rows if what == "message.handled"]
        self.parked = {row[0] for row in ours("message", "todo", "AND state = 2")}
        self.held = {row[0] for row in ours("message", "todo", "AND state = 3")}
        self.customers = dict(ours("id, customer", "addresses"))
        self.integrity = str(driver.rows("PRAGMA integrity_check", ())[0][0])


def _call(dialect: Dialect, row: tuple[Any, ...]) -> Call:
    call = channel.Call.model_validate_json(row[7])
    return Call(*row[:7], dialect.mark(call), call.text)


def _text(content: object) -> str:
    """The words; where there are none, what is told about it (a telephone that rings)."""
    parts = json.loads(str(content))["parts"]
    words = [part for part in parts if part["type"] == "text"]
    return "".join(part.get("text", "") for part in words or parts)
