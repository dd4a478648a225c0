"""Conversations: who takes part, on which threads they go on, who has them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import NamedTuple, cast

from omnichannel.clock import moment
from omnichannel.errors import NotFound
from omnichannel.model import Conversation
from omnichannel.store.tx import Tx, marks, padded, some


class Spoken(NamedTuple):
    """A conversation as the threading rules see it."""

    id: int
    open: bool
    last_at: int
    asker: int


def open_conversation(tx: Tx, subject: str, asker: int, at: int) -> int:
    """A new conversation; nobody has said anything in it yet."""
    number = tx.ids.new()
    tx.at_last(
        "INSERT INTO conversations (workspace, id, subject, status, assignee, asker, opened_at, last_at, seq)"
        " VALUES (?, ?, ?, 0, '', ?, ?, ?, 0)",
        tx.ws, number, subject, asker, at, at,
    )  # fmt: skip
    tx.memory.conversations[number] = Spoken(number, open=True, last_at=at, asker=asker)
    tx.memory.seqs[number] = 0
    take_part(tx, asker, number)
    return number


def take_part(tx: Tx, address: int, conversation: int) -> None:
    """Somebody takes part in a conversation from now on."""
    tx.memory.new.discard(address)
    tx.at_last(
        "INSERT INTO participants (workspace, address, conversation) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        tx.ws, address, conversation,
    )  # fmt: skip


def leave(tx: Tx, address: int, conversation: int) -> None:
    """Somebody takes part no more where others do and nothing is left that they said or were told.

    What they had begun is then whoever's words stand first. Give conversations that are held.
    """
    if tx.one(f"{_TOLD} AND peer = ? LIMIT 1", tx.ws, conversation, address):
        return
    heir = tx.one(f"{_TOLD} AND peer IS NOT NULL ORDER BY seq LIMIT 1", tx.ws, conversation)
    if heir is None:
        return
    tx.run(
        "DELETE FROM participants WHERE workspace = ? AND address = ? AND conversation = ?",
        tx.ws, address, conversation,
    )  # fmt: skip
    tx.run(
        "UPDATE conversations SET asker = ?, subject = ? WHERE workspace = ? AND id = ? AND asker = ?",
        heir[0], str(json.loads(str(heir[1])).get("subject", "")), tx.ws, conversation, address,
    )  # fmt: skip


_TOLD = "SELECT peer, content FROM messages WHERE workspace = ? AND conversation = ?"


def takes_part(tx: Tx, customer: int, conversation: int) -> bool:
    """Whether one of a customer's addresses takes part in a conversation."""
    return tx.one(
        "SELECT 1 FROM addresses AS a JOIN participants AS p"
        " ON p.workspace = a.workspace AND p.address = a.id AND p.conversation = ?"
        " WHERE a.workspace = ? AND a.customer = ? LIMIT 1",
        conversation, tx.ws, customer,
    ) is not None  # fmt: skip


def spoken(tx: Tx, conversation: int) -> Spoken | None:
    """A conversation by its number."""
    row = tx.one(
        "SELECT id, status, last_at, asker FROM conversations WHERE workspace = ? AND id = ?",
        tx.ws,
        conversation,
    )
    return _spoken(row) if row else None


def next_seq(tx: Tx, conversation: int, at: int) -> int:
    """The place behind a conversation's last message, taken; something was said in it at that moment.

    Raises NotFound for one that is not there (any more).
    """
    memory = tx.memory
    if (seq := memory.seqs.get(conversation)) is None:
        memory.conversations.pop(conversation, None)
        row = tx.one(
            "UPDATE conversations SET seq = seq + 1, last_at = CASE WHEN last_at < ? THEN ? ELSE last_at END"
            " WHERE workspace = ? AND id = ? RETURNING seq",
            at, at, tx.ws, conversation, minded=True,
        )  # fmt: skip
        if row is None:
            raise NotFound("there is no such conversation in this workspace")
        return cast("int", row[0])
    spoken = memory.conversations[conversation]
    memory.conversations[conversation] = spoken = spoken._replace(last_at=max(spoken.last_at, at))
    memory.seqs[conversation] = seq + 1
    tx.at_last(
        "UPDATE conversations SET seq = ?, last_at = ? WHERE workspace = ? AND id = ?",
        seq + 1, spoken.last_at, tx.ws, conversation, key=conversation,
    )  # fmt: skip
    return seq + 1


def foresee(tx: Tx, account: str, threads: Iterable[str]) -> None:
    """Look up where these threads go on, for whoever asks in this job; nobody else changes it before the commit."""
    held = " FOR UPDATE" if tx.skip_locked else ""  # a thread, too, or it may lead elsewhere by then
    memory = tx.memory
    for few in padded(sorted(set(threads))):
        rows = tx.all(
            "SELECT t.thread, c.seq, c.id, c.status, c.last_at, c.asker FROM threads AS t"
            " JOIN conversations AS c ON c.workspace = t.workspace AND c.id = t.conversation"
            f" WHERE t.workspace = ? AND t.account = ? AND t.thread IN ({marks(few)}) ORDER BY c.id{held}",
            tx.ws, account, *few,
        )  # fmt: skip
        memory.threads.update(((account, thread), None) for thread in few)
        for thread, *row in rows:
            memory.threads[account, str(thread)] = _remember(tx, row)


def hold(tx: Tx, numbers: Sequence[int]) -> None:
    """Look up these conversations, to say something in each; nobody else does before the commit."""
    held = " FOR UPDATE" if tx.skip_locked else ""
    for few in padded([number for number in sorted(numbers) if number not in tx.memory.seqs]):
        rows = tx.all(
            "SELECT seq, id, status, last_at, asker FROM conversations WHERE workspace = ?"
            f" AND id IN ({marks(few)}) ORDER BY id{held}",
            tx.ws, *few,
        )  # fmt: skip
        for row in rows:
            _remember(tx, row)


def _remember(tx: Tx, row: Sequence[object]) -> int:
    spoken = _spoken(tuple(row[1:]))
    tx.memory.conversations[spoken.id] = spoken
    tx.memory.seqs[spoken.id] = cast("int", row[0])
    return spoken.id


def by_thread(tx: Tx, account: str, thread: str, *, anew: bool = False) -> Spoken | None:
    """The conversation that a platform's thread belongs to now; `anew`: somebody else may have changed it."""
    if not anew and (account, thread) in tx.memory.threads:
        number = tx.memory.threads[account, thread]
        if number is None or number in tx.memory.conversations:
            return None if number is None else tx.memory.conversations[number]
    row = tx.one(
        "SELECT c.id, c.status, c.last_at, c.asker FROM threads AS t"
        " JOIN conversations AS c ON c.workspace = t.workspace AND c.id = t.conversation"
        " WHERE t.workspace = ? AND t.account = ? AND t.thread = ?",
        tx.ws, account, thread,
    )  # fmt: skip
    return _spoken(row) if row else None


def last_open(tx: Tx, customer: int) -> Spoken | None:
    """A customer's open conversation that was last spoken in."""
    if customer in tx.memory.new:
        return None
    row = tx.one(
        "SELECT c.id, c.status, c.last_at, c.asker FROM addresses AS a"
        " JOIN participants AS p ON p.workspace = a.workspace AND p.address = a.id"
        " JOIN conversations AS c ON c.workspace = p.workspace AND c.id = p.conversation"
        " WHERE a.workspace = ? AND a.customer = ? AND c.status = 0 ORDER BY c.last_at DESC LIMIT 1",
        tx.ws, customer,
    )  # fmt: skip
    return _spoken(row) if row else None


def _spoken(row: tuple[object, ...]) -> Spoken:
    number, status, last_at, asker = cast("tuple[int, int, int, int]", row)
    return Spoken(number, status == 0, last_at, asker)


def tie(tx: Tx, account: str, thread: str, conversation: int) -> None:
    """From now on the platform's thread belongs to this conversation."""
    tx.at_last(
        "INSERT INTO threads (workspace, account, thread, conversation) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (workspace, account, thread) DO UPDATE SET conversation = excluded.conversation",
        tx.ws, account, thread, conversation, key=(account, thread),
    )  # fmt: skip
    tx.memory.threads[account, thread] = conversation


def threads_of(tx: Tx, conversation: int) -> list[tuple[str, str]]:
    """The platforms' threads (account, thread) that a conversation goes on in."""
    rows = tx.all(
        "SELECT account, thread FROM threads WHERE workspace = ? AND conversation = ? ORDER BY account, thread",
        tx.ws, conversation,
    )  # fmt: skip
    return [(str(account), str(thread)) for account, thread in rows]


def of_threads(tx: Tx, account: str, start: str) -> list[int]:
    """The conversations of an account's threads whose key begins so (no `%` or `_` in it)."""
    rows = tx.all(
        "SELECT DISTINCT conversation FROM threads WHERE workspace = ? AND account = ? AND thread LIKE ?",
        tx.ws, account, f"{start}%",
    )  # fmt: skip
    return [cast("int", row[0]) for row in rows]


def begun(tx: Tx, conversation: int, at: int) -> None:
    """It began at that moment, if it is not known to have begun before."""
    tx.run(
        "UPDATE conversations SET opened_at = ? WHERE workspace = ? AND id = ? AND opened_at > ?",
        at, tx.ws, conversation, at,
    )  # fmt: skip


def join(tx: Tx, conversation: int, into: int) -> None:
    """From now on what comes for a conversation goes to another one: its threads, and whatever names it."""
    for account, thread in threads_of(tx, conversation):
        tie(tx, account, thread, into)
    for number, target in ((conversation, into), (into, None)):
        tx.run("UPDATE conversations SET joined = ? WHERE workspace = ? AND id = ?", target, tx.ws, number)


def current(tx: Tx, conversation: int) -> int:
    """Where a conversation goes on: in itself, or in what it was joined into."""
    row = tx.one("SELECT joined FROM conversations WHERE workspace = ? AND id = ?", tx.ws, conversation)
    return conversation if row is None or row[0] is None else current(tx, cast("int", row[0]))


def set_status(tx: Tx, conversation: int, *, closed: bool) -> bool:
    """Close or reopen; whether that changed anything. What is open again goes on in itself."""
    changed = tx.run(
        f"UPDATE conversations SET status = ?{'' if closed else ', joined = NULL'}"
        " WHERE workspace = ? AND id = ? AND status <> ?",
        int(closed), tx.ws, conversation, int(closed),
    )  # fmt: skip
    return changed > 0


def set_assignee(tx: Tx, conversation: int, agent: str) -> None:
    """Give it to somebody; empty for nobody."""
    tx.run("UPDATE conversations SET assignee = ? WHERE workspace = ? AND id = ?", agent, tx.ws, conversation)


_CONVERSATION = (
    "SELECT c.id, c.subject, c.status, c.assignee, a.customer, c.opened_at, c.last_at, c.seq"
    " FROM conversations AS c JOIN addresses AS a ON a.workspace = c.workspace AND a.id = c.asker"
)


def conversation(tx: Tx, number: int) -> Conversation:
    """A conversation as the application sees it; raises NotFound."""
    row = tx.one(f"{_CONVERSATION} WHERE c.workspace = ? AND c.id = ?", tx.ws, number)
    if row is None:
        raise NotFound("there is no such conversation in this workspace")
    return _conversation(tx, row)


def of_numbers(tx: Tx, numbers: Sequence[int]) -> dict[int, Conversation]:
    """Conversations as the application sees them, by number; those that are not there are left out."""
    found: dict[int, Conversation] = {}
    for few in some(numbers):
        rows = tx.all(f"{_CONVERSATION} WHERE c.workspace = ? AND c.id IN ({marks(few)})", tx.ws, *few)
        found.update((cast("int", row[0]), _conversation(tx, row)) for row in rows)
    return found


def conversations(
    tx: Tx, *, assignee: str | None = None, closed: bool = False, frozen: bool = False, most: int = 100
) -> list[Conversation]:
    """Open (or closed) conversations, the one that waited longest first; of frozen customers, or of all others."""
    mine = "" if assignee is None else " AND c.assignee = ?"
    # The status stands in the statement itself, or the index of open conversations would not be used.
    rows = tx.all(
        f"{_CONVERSATION} WHERE c.workspace = ? AND c.status = {int(closed)}{mine}"
        f" AND {'' if frozen else 'NOT '}EXISTS (SELECT 1 FROM addresses AS f WHERE f.workspace = a.workspace"
        "  AND f.customer = a.customer AND f.frozen_at IS NOT NULL)"
        f" ORDER BY c.last_at, c.id LIMIT {int(most)}",
        tx.ws, *(() if assignee is None else (assignee,)),
    )  # fmt: skip
    return [_conversation(tx, row) for row in rows]


def conversations_of(tx: Tx, addresses: Sequence[int]) -> list[int]:
    """Every conversation in which one of these addresses takes part, oldest first."""
    found: set[int] = set()
    for address in addresses:
        rows = tx.all(
            "SELECT conversation FROM participants WHERE workspace = ? AND address = ?", tx.ws, address
        )
        found.update(cast("int", row[0]) for row in rows)
    return sorted(found)


def _conversation(tx: Tx, row: tuple[object, ...]) -> Conversation:
    number, subject, status, assignee, customer, opened_at, last_at, seq = cast(
        "tuple[int, str, int, str, int, int, int, int]", row
    )
    return Conversation(
        id=tx.ids.show("conversation", number),
        subject=subject,
        status="closed" if status else "open",
        assignee=assignee,
        customer=tx.ids.show("customer", customer),
        opened_at=moment(opened_at),
        last_at=moment(last_at),
        messages=seq,
    )
