"""Messages: written down at the end of a conversation, read back as the application sees them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, cast

from pydantic_core import to_json

from omnichannel.channel import Delivery
from omnichannel.clock import moment
from omnichannel.errors import NotFound
from omnichannel.model import Delivered, Direction, Message, Part, Party, Received
from omnichannel.store import arrivals, outbox
from omnichannel.store.conversations import conversations_of, hold, leave, next_seq, take_part
from omnichannel.store.people import NEVER, Person
from omnichannel.store.tx import Tx, marks, padded, some

DIRECTIONS = (Direction.INBOUND, Direction.OUTBOUND, Direction.INTERNAL)
_NUMBER_OF = {direction: number for number, direction in enumerate(DIRECTIONS)}

# What has a column of its own, or only matters while a delivery is read, is not repeated in the content.
_CONTENT = Received.model_fields.keys() - {
    "event", "external_id", "fingerprint", "direction", "strength", "sent_at", "public", "evidence", "tokens",
    "recipients", "method", "parts", "agent",
}  # fmt: skip
_to_json = Received.__pydantic_serializer__.to_json


_LATE = ',"late":true'
PAST = ',"past":true'
"""What the content of a message says that was brought in from before."""


class Written(NamedTuple):
    """A message's place in the store."""

    id: int
    conversation: int
    seq: int


class Saying(NamedTuple):
    """A message about to be written down. `content` is its JSON: the parts, and what has no column."""

    account: str
    kind: str
    direction: Direction
    public: bool
    peer: int | None
    agent: str
    strength: str
    sent_at: int
    external_id: str
    delivery: int | None
    because: str
    content: str


def content_of(event: Received, *, late: bool = False, past: bool = False) -> str:
    """What is kept of a message beside its columns. `past`: it was brought in from before, and asks nothing."""
    rest = _to_json(event, include=_CONTENT, exclude_defaults=True).decode()
    return f'{rest[:-1]},"parts":{parts_json(event.parts)}{_LATE if late else ""}{PAST if past else ""}}}'


def content_of_parts(parts: Sequence[Part], **more: str) -> str:
    """What is kept of a message that we wrote: its parts, and whatever else is not empty."""
    rest = "".join(f",{json.dumps(key)}:{json.dumps(value)}" for key, value in more.items() if value)
    return f'{{"parts":{parts_json(parts)}{rest}}}'


def parts_json(parts: Sequence[Part]) -> str:
    """Parts as a JSON list without what has its default value, but never without the type that tells them apart."""
    return "[" + ",".join(map(_part_json, parts)) + "]"


def _part_json(part: Part) -> str:
    if part.type == "text" and part.role == "written":  # as nearly all are: this is three times as fast
        return f'{{"type":"text","text":{to_json(part.text).decode()}}}'
    rest = part.model_dump_json(exclude_defaults=True)[1:]
    return f'{{"type":"{part.type}"{"" if rest == "}" else ","}{rest}'


def write(tx: Tx, conversation: int, number: int, said: Saying, *, received_at: int) -> Written:
    """Write a message down at the end of a conversation."""
    tx.stir()
    seq = next_seq(tx, conversation, received_at)
    tx.at_last(
        "INSERT INTO messages (workspace, conversation, seq, id, account, kind, direction, public, peer,"
        " agent, strength, sent_at, received_at, external_id, delivery, because, content)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        tx.ws, conversation, seq, number, said.account, said.kind, _NUMBER_OF[said.direction],
        int(said.public), said.peer, said.agent, said.strength, said.sent_at, received_at, said.external_id,
        said.delivery, said.because, said.content,
    )  # fmt: skip
    return Written(number, conversation, seq)


_MESSAGE = (
    "SELECT m.id, m.conversation, m.seq, m.direction, m.account, m.kind, m.agent, m.strength, m.sent_at,"
    " m.received_at, m.public, m.external_id, m.delivery, m.because, m.content, a.kind, a.scope, a.value,"
    " m.peer FROM messages AS m LEFT JOIN addresses AS a ON a.workspace = m.workspace AND a.id = m.peer"
)


_PEER = 18


def message(tx: Tx, number: int) -> Message:
    """A message by its number; raises NotFound."""
    return messages(tx, f"{_MESSAGE} WHERE m.workspace = ? AND m.id = ?", number)[0]


def several(tx: Tx, numbers: Sequence[int]) -> list[Message]:
    """Messages by their numbers, in that order; one that is not there is left out."""
    rows = rows_of(tx, numbers)
    return _messages(tx, [rows[number] for number in numbers if number in rows])


def rows_of(tx: Tx, numbers: Sequence[int]) -> dict[int, tuple[object, ...]]:
    """Messages as they are kept, by number, for `received`; one that is not there is left out."""
    return {
        cast("int", row[0]): row
        for few in padded(numbers)
        for row in tx.all(f"{_MESSAGE} WHERE m.workspace = ? AND m.id IN ({marks(few)})", tx.ws, *few)
    }


def received(tx: Tx, row: tuple[object, ...]) -> Message:
    """A customer's message as the application sees it, out of `rows_of`; asks the store nothing."""
    return _message(tx, row, [])


def conversation_of(row: tuple[object, ...]) -> int:
    """The conversation of one of `rows_of`."""
    return cast("int", row[1])


def peer_of(row: tuple[object, ...]) -> int | None:
    """The address that one of `rows_of` came from or went to."""
    return cast("int | None", row[_PEER])


def of_conversation(tx: Tx, conversation: int, most: int = 1000) -> list[Message]:
    """The last messages of a conversation, in order."""
    rows = tx.all(
        f"{_MESSAGE} WHERE m.workspace = ? AND m.conversation = ? ORDER BY m.seq DESC LIMIT {int(most)}",
        tx.ws,
        conversation,
    )
    return _messages(tx, rows)[::-1]


def of_addresses(tx: Tx, addresses: Sequence[int]) -> list[Message]:
    """Everything said to and by these addresses, and our notes beside it, in order of arrival."""
    wanted: set[object] = {None, *addresses}
    found: list[Message] = []
    for number in conversations_of(tx, addresses):
        rows = tx.all(
            f"{_MESSAGE} WHERE m.workspace = ? AND m.conversation = ? ORDER BY m.seq", tx.ws, number
        )
        found += _messages(tx, [row for row in rows if row[_PEER] in wanted])
    return sorted(found, key=lambda message: (message.received_at, message.id))


def counts(tx: Tx, addresses: Sequence[int]) -> dict[int, int]:
    """How many messages each of these addresses has, said by it or to it; one that has none is left out."""
    found: dict[int, int] = {}
    for few in some(addresses):
        rows = tx.all(
            "SELECT m.peer, COUNT(*) FROM participants AS p JOIN messages AS m ON m.workspace = p.workspace"
            " AND m.conversation = p.conversation AND m.peer = p.address"
            f" WHERE p.workspace = ? AND p.address IN ({marks(few)}) GROUP BY m.peer",
            tx.ws, *few,
        )  # fmt: skip
        found.update((int(str(number)), int(str(count))) for number, count in rows)
    return found


def by_owner(tx: Tx, owners: Sequence[Person]) -> None:
    """Give each message that came from an address to whoever had the address when it came."""
    ordered = sorted((owner for owner in owners if owner.since < NEVER), key=lambda owner: owner.since)
    numbers = [owner.id for owner in owners]
    ends = [*(owner.since for owner in ordered[1:]), NEVER]
    several = conversations_of(tx, numbers)
    hold(tx, several)
    for conversation in several:
        for owner, end in zip(ordered, ends, strict=True):
            moved = tx.run(
                "UPDATE messages SET peer = ? WHERE workspace = ? AND conversation = ? AND received_at >= ?"
                f" AND received_at < ? AND peer <> ? AND peer IN ({marks(numbers)})",
                owner.id, tx.ws, conversation, owner.since, end, owner.id, *numbers,
            )  # fmt: skip
            if moved:
                take_part(tx, owner.id, conversation)
        for owner in owners:
            leave(tx, owner.id, conversation)


def talk(tx: Tx, account: str, peer: int, after: int, most: int) -> list[Message]:
    """What an account and one address said to each other, in order: the first so many after a message, or the newest.

    Our notes are never in it, nor what was said to the same customer elsewhere.
    """
    found: list[Message] = []
    onward = "" if after else " DESC"
    for number in conversations_of(tx, [peer]):
        rows = tx.all(
            f"{_MESSAGE} WHERE m.workspace = ? AND m.conversation = ? AND m.id > ? AND m.account = ? AND m.peer = ?"
            f" AND m.direction <> {_NUMBER_OF[Direction.INTERNAL]} ORDER BY m.seq{onward} LIMIT {int(most)}",
            tx.ws, number, after, account, peer,
        )  # fmt: skip
        found += _messages(tx, rows)
    ordered = sorted(found, key=lambda message: (message.received_at, message.id))
    return ordered[:most] if after else ordered[-most:]


def messages(tx: Tx, sql: str, *params: int | str) -> list[Message]:
    """Messages by a statement; raises NotFound if there are none."""
    rows = tx.all(sql, tx.ws, *params)
    if not rows:
        raise NotFound("there is no such message in this workspace")
    return _messages(tx, rows)


def _messages(tx: Tx, rows: Iterable[tuple[object, ...]]) -> list[Message]:
    held = [cast("tuple[Any, ...]", row) for row in rows]
    sendings = outbox.of_messages(tx, [row[0] for row in held if row[3] == _NUMBER_OF[Direction.OUTBOUND]])
    return [_message(tx, row, sendings.get(row[0], [])) for row in held]


def _message(tx: Tx, row: tuple[Any, ...], sendings: list[Delivered]) -> Message:
    (number, conversation, seq, direction, account, kind, agent, strength, sent_at, received_at, public,
     external_id, delivery, because, content, peer_kind, peer_scope, peer_value, _) = row  # fmt: skip
    held = json.loads(content)
    spoken_by_them = direction == _NUMBER_OF[Direction.INBOUND]
    author = held.get("sender") if spoken_by_them else None
    if author is None and peer_kind is not None and direction != _NUMBER_OF[Direction.INTERNAL]:
        author = {"address": {"kind": peer_kind, "scope": peer_scope, "value": peer_value}}
    fields = {
        "id": tx.ids.show("message", number),
        "conversation": tx.ids.show("conversation", conversation),
        "seq": seq,
        "direction": DIRECTIONS[direction],
        "account": account,
        "kind": kind,
        "author": author,
        "agent": agent,
        "strength": strength or None,
        "sent_at": moment(sent_at),
        "received_at": moment(received_at),
        "public": bool(public),
        "external_id": external_id,
        "delivery": tx.ids.show("delivery", delivery),
        "because": because,
        **{key: held[key] for key in _SHOWN_CONTENT if key in held},
    }
    # A file's bytes are base64 in JSON, and only there; without any, a dict is read in a third of the time.
    read = (
        Message.model_validate_json(to_json(fields))
        if '"content":' in content
        else Message.model_validate(fields)
    )
    return read.model_copy(update={"sendings": tuple(sendings)}) if sendings else read


_SHOWN_CONTENT = ("subject", "parts", "automatic", "late", "edited", "deleted", "reactions", "reply_to")


class Held(NamedTuple):
    """A message's row, for those who answer or change it."""

    id: int
    conversation: int
    seq: int
    account: str
    kind: str
    direction: Direction
    public: bool
    peer: int | None
    received_at: int
    external_id: str
    delivery: int | None
    content: dict[str, Any]


def held(tx: Tx, number: int, *, alone: bool = False) -> Held:
    """A message's row; raises NotFound. `alone`: for who changes it; nobody else does before the commit."""
    locked = " FOR UPDATE" if alone and tx.skip_locked else ""
    row = tx.one(f"{_HELD} WHERE workspace = ? AND id = ?{locked}", tx.ws, number)
    if row is None:
        raise NotFound("there is no such message in this workspace")
    return _held(row)


def stands_in(tx: Tx, number: int) -> int | None:
    """The conversation that a message stands in; None for one that stands nowhere (yet)."""
    row = tx.one("SELECT conversation FROM messages WHERE workspace = ? AND id = ?", tx.ws, number)
    return cast("int", row[0]) if row else None


_HELD = (
    "SELECT id, conversation, seq, account, kind, direction, public, peer, received_at, external_id,"
    " delivery, content FROM messages"
)


def _held(row: tuple[Any, ...]) -> Held:
    (number, conversation, seq, account, kind, direction, public, peer, received_at, external_id, delivery,
     content) = row  # fmt: skip
    return Held(number, conversation, seq, account, kind, DIRECTIONS[direction], bool(public), peer,
                received_at, external_id, delivery, json.loads(content))  # fmt: skip


def last_heard(tx: Tx, conversation: int, *, account: str = "") -> Held | None:
    """What the customer said last, anywhere or on one account; what a machine said only where nobody else spoke.

    Or else an answer that follows a bounce would go to the mail system, and not to the customer.
    """
    only = " AND account = ?" if account else ""
    for by_people in (
        " AND content NOT LIKE '%\"automatic\":%'",
        "",
    ):  # in a text the quotes have a backslash
        row = tx.one(
            f"{_HELD} WHERE workspace = ? AND conversation = ? AND direction = 0{only}{by_people}"
            " ORDER BY seq DESC LIMIT 1",
            tx.ws, conversation, *((account,) if account else ()),
        )  # fmt: skip
        if row:
            return _held(row)
    return None


def heard_at(tx: Tx, conversation: int, account: str) -> int:
    """When the customer last wrote on an account in a conversation, as its platform counts what is late."""
    row = tx.one(
        "SELECT MAX(CASE WHEN content LIKE ? THEN sent_at ELSE received_at END) FROM messages"
        " WHERE workspace = ? AND conversation = ? AND account = ? AND direction = 0",
        f"%{_LATE}%", tx.ws, conversation, account,
    )  # fmt: skip
    return cast("int", row[0] or 0) if row else 0


def rewrite(tx: Tx, message: Held, content: dict[str, Any]) -> None:
    """Give a message new content (an edit, a deletion, a reaction); its raw deliveries stay as they were."""
    tx.run(
        "UPDATE messages SET content = ? WHERE workspace = ? AND conversation = ? AND seq = ?",
        json.dumps(content, ensure_ascii=False, separators=(",", ":")),
        tx.ws, message.conversation, message.seq,
    )  # fmt: skip


def numbers_in(tx: Tx, conversation: int) -> list[int]:
    """The numbers of a conversation's messages, in order."""
    rows = tx.all(
        "SELECT id FROM messages WHERE workspace = ? AND conversation = ? ORDER BY seq", tx.ws, conversation
    )
    return [cast("int", row[0]) for row in rows]


def raw(tx: Tx, number: int) -> Delivery:
    """The delivery that a message was read from, exactly as it arrived; raises NotFound."""
    delivery = held(tx, number).delivery
    if delivery is None:
        raise NotFound("this message was written here: no delivery brought it")
    return arrivals.get(tx, delivery)


def party(value: dict[str, Any] | None) -> Party | None:
    """A party out of a message's content."""
    return Party.model_validate(value) if value else None
