"""What there is of some people: the messages to and by them, and everything that hangs on those."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, cast

from omnichannel.channel import Call
from omnichannel.clock import moment
from omnichannel.model import Carried, Stated, Strength
from omnichannel.store.tx import Tx, marks, some

"""How many values stand in one statement."""


class Spoken(NamedTuple):
    """A message, as far as its belonging to somebody goes. `peer` is None for a note of ours."""

    id: int
    conversation: int
    account: str
    peer: int | None
    public: bool
    delivery: int | None
    external_id: str
    content: dict[str, Any]


class Named(NamedTuple):
    """A platform's id, and the message that it is of."""

    account: str
    what: str
    external_id: str
    fingerprint: str


def spoken(tx: Tx, conversation: int) -> list[Spoken]:
    """Every message of a conversation, in order."""
    rows = tx.all(
        "SELECT id, conversation, account, peer, public, delivery, external_id, content FROM messages"
        " WHERE workspace = ? AND conversation = ? ORDER BY seq",
        tx.ws, conversation,
    )  # fmt: skip
    return [_spoken(cast("tuple[Any, ...]", row)) for row in rows]


def _spoken(row: tuple[Any, ...]) -> Spoken:
    number, conversation, account, peer, public, delivery, external_id, content = row
    return Spoken(
        number, conversation, account, peer, bool(public), delivery, external_id, json.loads(content)
    )


def asker(tx: Tx, conversation: int) -> int:
    """The address that opened a conversation; 0 if it is no more."""
    row = tx.one("SELECT asker FROM conversations WHERE workspace = ? AND id = ?", tx.ws, conversation)
    return cast("int", row[0]) if row else 0


def externals(tx: Tx, messages: Sequence[int]) -> list[Named]:
    """Every id that the platforms have for these messages. Walks the table once for each few hundred of them."""
    found: list[Named] = []
    for few in some(messages):
        rows = tx.all(
            "SELECT account, what, external_id, fingerprint FROM externals WHERE workspace = ?"
            f" AND message IN ({marks(few)})",
            tx.ws, *few,
        )  # fmt: skip
        found += [Named(*map(str, row)) for row in rows]
    return found


def calls(tx: Tx, messages: Sequence[int]) -> list[tuple[str, str, str]]:
    """The calls of these messages: account, external id and correlator, either of which may be empty."""
    found: list[tuple[str, str, str]] = []
    for few in some(messages):
        rows = tx.all(
            f"SELECT account, external_id, correlator FROM calls WHERE workspace = ? AND message IN ({marks(few)})",
            tx.ws, *few,
        )  # fmt: skip
        found += [
            (str(account), str(external_id), str(correlator)) for account, external_id, correlator in rows
        ]
    return found


def nameless(tx: Tx, messages: Sequence[int], since: int) -> list[tuple[str, int, str]]:
    """The calls of these messages that are known by their words alone: account, peer and words.

    They are under way or in doubt, or began since then and arrived under no id: a person decided that they did.
    """
    return [
        (str(account), cast("int", peer), Call.model_validate_json(str(call)).text)
        for few in some(messages)
        for account, peer, call in tx.all(
            "SELECT c.account, m.peer, c.call FROM calls AS c"
            " JOIN messages AS m ON m.workspace = c.workspace AND m.id = c.message"
            f" WHERE c.workspace = ? AND c.message IN ({marks(few)})"
            " AND (c.state IN (1, 4) OR c.state = 2 AND c.external_id = '' AND c.begun_at >= ?)"
            " AND m.peer IS NOT NULL",
            tx.ws, *few, since,
        )
    ]  # fmt: skip


def brought_by(tx: Tx, deliveries: Iterable[int]) -> dict[int, set[int | None]]:
    """For each of these deliveries, whose messages were read from it. Walks all messages."""
    found: dict[int, set[int | None]] = {}
    for few in some(sorted(deliveries)):
        rows = tx.all(
            f"SELECT delivery, peer FROM messages WHERE workspace = ? AND delivery IN ({marks(few)})",
            tx.ws, *few,
        )  # fmt: skip
        for delivery, peer in rows:
            found.setdefault(cast("int", delivery), set()).add(cast("int | None", peer))
    return found


def stated(tx: Tx, addresses: Sequence[int]) -> list[Stated]:
    """Everything that was said from these addresses of whoever has them, oldest first."""
    found: list[Stated] = []
    for few in some(addresses):
        rows = tx.all(
            "SELECT field, value, strength, source, at FROM facts WHERE workspace = ?"
            f" AND address IN ({marks(few)}) ORDER BY at, field, value",
            tx.ws, *few,
        )  # fmt: skip
        found += [
            Stated(
                field=str(field), value=str(value), strength=Strength(str(strength)), source=str(source),
                at=moment(cast("int", at)),
            )
            for field, value, strength, source, at in rows
        ]  # fmt: skip
    return found


def carried(tx: Tx, addresses: Sequence[int]) -> list[Carried]:
    """The links and codes that were given to these addresses, oldest first."""
    found: list[Carried] = []
    for few in some(addresses):
        rows = tx.all(
            "SELECT conversation, account, issued_at, expires_at, used_at FROM tokens WHERE workspace = ?"
            f" AND address IN ({marks(few)}) ORDER BY issued_at, digest",
            tx.ws, *few,
        )  # fmt: skip
        found += [
            Carried(
                conversation=tx.ids.show("conversation", cast("int", conversation)),
                account=str(account),
                issued_at=moment(cast("int", issued_at)),
                expires_at=moment(cast("int", expires_at)),
                used_at=None if used_at is None else moment(cast("int", used_at)),
            )
            for conversation, account, issued_at, expires_at, used_at in rows
        ]
    return found
