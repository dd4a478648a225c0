"""What is on record in the end: read by plain statements, so that no reader of the library hides anything."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any, NamedTuple

from bench.simulate.dialects import Dialect
from bench.simulate.sqlite import SimDriver
from omnichannel import channel


class Call(NamedTuple):
    """A row of the outbox."""

    id: int
    conversation: int
    message: int
    position: int
    state: int
    status: str
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
    text: str


class Census:
    """Everything that is on record."""

    def __init__(self, driver: SimDriver, dialect: Dialect) -> None:
        rows = driver.rows(
            "SELECT id, conversation, seq, direction, external_id, delivery, content FROM messages", ()
        )
        self.messages = [Message(*row[:6], _text(row[6])) for row in rows]  # type: ignore[arg-type]
        rows = driver.rows(
            "SELECT id, conversation, message, position, state, status, call FROM calls ORDER BY id", ()
        )
        self.calls = [_call(dialect, row) for row in rows]
        self.deliveries: dict[Any, tuple[Any, bytes]] = {
            row[0]: (row[1], bytes(row[2]))  # type: ignore[arg-type]
            for row in driver.rows("SELECT id, state, body FROM deliveries", ())
        }
        self.happened = Counter(driver.rows("SELECT what, message FROM happenings", ()))
        self.handled = [
            row[0]
            for row in driver.rows(
                "SELECT message FROM happenings WHERE what = 'message.handled' ORDER BY rowid", ()
            )
        ]
        self.parked = {row[0] for row in driver.rows("SELECT message FROM todo WHERE state = 2", ())}
        self.integrity = str(driver.rows("PRAGMA integrity_check", ())[0][0])


def _call(dialect: Dialect, row: tuple[Any, ...]) -> Call:
    call = channel.Call.model_validate_json(row[6])
    return Call(*row[:6], dialect.mark(call), call.text)


def _text(content: object) -> str:
    return "".join(part.get("text", "") for part in json.loads(str(content))["parts"])
