"""What was said in a conversation, word for word: what questions are found in, and their answers."""

from __future__ import annotations

from typing import cast

from omnichannel.clock import moment
from omnichannel.desk.listening import Said
from omnichannel.store.desk import words
from omnichannel.store.tx import Tx


def said(tx: Tx, conversation: int, after: int) -> list[Said]:
    """What people said behind a place, theirs and ours, in order: no machine's words, no notes, no past."""
    rows = tx.all(
        "SELECT id, direction, sent_at, received_at, content FROM messages"
        " WHERE workspace = ? AND conversation = ? AND seq > ? AND direction IN (0, 1) ORDER BY seq",
        tx.ws, conversation, after,
    )  # fmt: skip
    return [_said(tx, row) for row in rows if not _left_out(str(row[4]))]


def _left_out(content: str) -> bool:
    return words.of_program(content) or words.deleted(content) or words.past(content)


def _said(tx: Tx, row: tuple[object, ...]) -> Said:
    number, direction, sent_at, received_at, content = row
    inbound = direction == 0
    return Said(
        message=tx.ids.show("message", cast("int", number)),
        at=moment(cast("int", received_at if inbound else sent_at)),
        asks=inbound,
        text=words.text(str(content)),
        quoted=words.text(str(content), "quoted"),
    )


def speakers(tx: Tx, conversation: int) -> list[tuple[int, int]]:
    """Who wrote each message of a conversation: numbers of messages and addresses, in order."""
    rows = tx.all(
        "SELECT id, peer FROM messages WHERE workspace = ? AND conversation = ? AND direction = 0"
        " AND peer IS NOT NULL ORDER BY seq",
        tx.ws, conversation,
    )  # fmt: skip
    return [cast("tuple[int, int]", row) for row in rows]
