"""What people wrote, as the desk reads it: no machine's words, nothing deleted."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import NamedTuple, cast

from omnichannel.store.messages import PAST
from omnichannel.store.tx import Tx

MOST_MESSAGES = 20
"""Of a question's last messages: whoever writes more before anybody answers says in those what they want."""

COLUMNS = "m.conversation, m.seq, m.received_at, m.kind, m.account, m.public, m.content"
"""What `of_person` reads a message (`m`) from."""

# A key's name stands in JSON nowhere else like this: in a text its quotes are escaped.
_AUTOMATIC, _DELETED, _EDITED = '"automatic":', '"deleted":true', '"edited":true'

NOT_AUTOMATIC = f"content NOT LIKE '%{_AUTOMATIC}%'"
"""The condition that a person, and no program, said something."""


class Said(NamedTuple):
    """One message of a customer, as far as it matters here: `at` in microseconds since 1970."""

    conversation: int
    seq: int
    at: int
    kind: str
    account: str
    public: bool
    text: str


def of_program(content: str) -> bool:
    """Whether a program said something by itself."""
    return _AUTOMATIC in content


def deleted(content: str) -> bool:
    """Whether something was taken back."""
    return _DELETED in content


def changed(content: str) -> bool:
    """Whether something was edited or taken back."""
    return _EDITED in content or deleted(content)


def past(content: str) -> bool:
    """Whether something was said before, and brought in."""
    return PAST in content


def text(content: str, role: str = "written") -> str:
    """The text of a message: what was written, or what was `quoted`."""
    # As `model.written` has it, without reading every part into its type: a dry run does this by the million.
    return "\n".join(
        part["text"] for part in json.loads(content)["parts"]
        if part["type"] == "text" and part.get("role", "written") == role
    )  # fmt: skip


def of_person(row: tuple[object, ...]) -> Said | None:
    """A message that a person wrote; None for what a machine did, or what was deleted."""
    conversation, seq, at, kind, account, public, held = row
    content = str(held)
    if of_program(content) or deleted(content):
        return None
    return Said(
        cast("int", conversation),
        cast("int", seq),
        cast("int", at),
        str(kind),
        str(account),
        bool(public),
        text(content),
    )


def said(tx: Tx, conversation: int, after: int, since: int = 0, upto: int = 1 << 62) -> list[Said]:
    """What the customer wrote behind a message, `upto` another, since a moment, of it the last messages, in order.

    Nothing of what their machines wrote, what they deleted, or what was said before and brought in.
    """
    rows = tx.all(
        f"SELECT {COLUMNS} FROM messages AS m WHERE m.workspace = ? AND m.conversation = ? AND m.seq > ?"
        f" AND m.seq <= ? AND m.direction = 0 ORDER BY m.seq DESC LIMIT {MOST_MESSAGES}",
        tx.ws, conversation, after, upto,
    )  # fmt: skip
    return [one for one in of_persons(list(reversed(rows))) if one.at >= since]


def theirs(tx: Tx, conversation: int, upto: int) -> Sequence[tuple[object, ...]]:
    """Everything that came from customers up to a message, in order, for `of_persons`."""
    return tx.all(
        f"SELECT {COLUMNS} FROM messages AS m WHERE m.workspace = ? AND m.conversation = ? AND m.seq <= ?"
        " AND m.direction = 0 ORDER BY m.seq",
        tx.ws, conversation, upto,
    )  # fmt: skip


def of_persons(rows: Sequence[tuple[object, ...]]) -> list[Said]:
    """The messages among the last ones that people wrote, and that were not said before and brought in."""
    found = [of_person(row) for row in rows[-MOST_MESSAGES:] if not past(str(row[-1]))]
    return [one for one in found if one is not None]
