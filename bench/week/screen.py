"""What an agent's screen would show: read from the store once a minute, for everybody at once."""

from __future__ import annotations

from typing import NamedTuple, cast

from omnichannel.store import Tx


class Row(NamedTuple):
    """An open case: whose it is, whether it stands in a queue, of which team, and whether it is put aside.

    `asks` is what it asks of whoever takes it (skills, language, the room it takes); `priority` is what was filed.
    """

    conversation: int
    assignee: str
    team: str
    queued: bool
    aside: bool
    asks: tuple[str, ...] = ()
    priority: str = "normal"


class Arrived(NamedTuple):
    """A message that was recorded, and where; `shown` is what the conversation is called outside."""

    number: int
    external_id: str
    conversation: int
    shown: str


class Screen(NamedTuple):
    """What is open, and what was recorded since the last look."""

    rows: dict[int, Row]
    arrived: list[Arrived]


def look(tx: Tx, after: int) -> Screen:
    """Look at everything that is open, and at what was recorded after a message."""
    rows = tx.all(
        "SELECT conversation, assignee, team, queue_at, weight, json_extract(content, '$.needs'),"
        " json_extract(content, '$.language'), json_extract(content, '$.kind'), json_extract(content, '$.priority')"
        " FROM cases WHERE workspace = ? AND closed = 0",
        tx.ws,
    )
    found = {
        cast("int", number): Row(
            cast("int", number), str(who), str(team), place is not None, weight == 0,
            (str(needs), str(language), str(kind)), str(priority or "normal"),
        )
        for number, who, team, place, weight, needs, language, kind, priority in rows
    }  # fmt: skip
    recorded = tx.all(
        "SELECT id, external_id, conversation FROM messages"
        " WHERE workspace = ? AND id > ? AND direction = 0 ORDER BY id",
        tx.ws, after,
    )  # fmt: skip
    arrived = [cast("tuple[int, str, int]", row) for row in recorded]
    return Screen(found, [Arrived(*one, tx.ids.show("conversation", one[2])) for one in arrived])
