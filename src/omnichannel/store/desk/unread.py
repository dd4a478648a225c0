"""Words that are to be read: whoever takes them up has them for a time, and others leave them alone."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple, cast

from omnichannel.store import freezing
from omnichannel.store.desk import readings, words
from omnichannel.store.desk.words import Said, said
from omnichannel.store.tx import Tx

_MOST_CHARACTERS = 20_000
"""Of what a classifier is given: more than anybody reads before they know what it is about."""


class Words(NamedTuple):
    """What a customer wrote behind what was read before it, up to a message (`seq`), and where."""

    conversation: int
    seq: int
    text: str
    kind: str


class Changed(NamedTuple):
    """Where readings are of words that are others by now (`stale`), or of which nothing is left (`gone`)."""

    stale: tuple[int, ...]
    gone: tuple[int, ...]


def wait(tx: Tx, conversation: int, *, again: bool = False) -> None:
    """Let a conversation's words be read; `again`: what was read before, too, where it is something else by now."""
    tx.run(
        "INSERT INTO unread (workspace, conversation, since, due_at, again) VALUES (?, ?, ?, 0, ?)"
        " ON CONFLICT (workspace, conversation) DO "
        + ("UPDATE SET again = 1" if again else "NOTHING"),
        tx.ws, conversation, tx.now(), int(again),
    )  # fmt: skip


def claim(tx: Tx, most: int, lease_until: int) -> list[Words]:
    """Take words that wait, those that wait longest first, until a moment; those of frozen customers wait on."""
    frozen = "" if freezing.nobody(tx) else NOT_FROZEN
    rows = tx.all(
        f"SELECT u.conversation, u.again FROM unread AS u WHERE u.workspace = ? AND +u.due_at <= ?{frozen}"
        f" ORDER BY u.since, u.conversation LIMIT {int(most)}{tx.skip_locked}",
        tx.ws, tx.now(),
    )  # fmt: skip
    for number, _ in rows:
        tx.run(
            "UPDATE unread SET due_at = ? WHERE workspace = ? AND conversation = ?",
            lease_until, tx.ws, number,
        )  # fmt: skip
    return [_words(tx, cast("int", number), again=bool(again)) for number, again in rows]


NOT_FROZEN = (
    " AND NOT EXISTS (SELECT 1 FROM participants AS p JOIN addresses AS a ON a.workspace = p.workspace"
    " AND a.id = p.address JOIN addresses AS f ON f.workspace = a.workspace AND f.customer = a.customer"
    " WHERE p.workspace = u.workspace AND p.conversation = u.conversation AND f.frozen_at IS NOT NULL)"
)
"""The condition that nobody who takes part in a conversation (`u.conversation`) is frozen."""


def _words(tx: Tx, conversation: int, *, again: bool) -> Words:
    """What was said first of what is to be read."""
    stale = changed(tx, conversation).stale if again else ()
    if stale:
        return _put(
            conversation,
            stale[0],
            said(tx, conversation, readings.before(tx, conversation, stale[0]), upto=stale[0]),
        )
    after = readings.up_to(tx, conversation)
    rows = said(tx, conversation, after)
    return _put(conversation, rows[-1].seq if rows else after, rows)


def _put(conversation: int, seq: int, rows: Sequence[Said]) -> Words:
    return Words(conversation, seq, _text(rows), rows[-1].kind if rows else "")


def _text(rows: Sequence[Said]) -> str:
    return "\n".join(one.text for one in rows if one.text)[:_MOST_CHARACTERS]


def changed(tx: Tx, conversation: int) -> Changed:
    """What was made of words that are others by now."""
    known = readings.known(tx, conversation)
    rows = words.theirs(tx, conversation, known[-1].seq) if known else []
    stale, gone, begin = [], [], 0
    for one in known:
        end = bisect_right(rows, one.seq, key=lambda row: cast("int", row[1]))
        read, begin = rows[begin:end], end
        people = words.of_persons(read)
        if not people:
            gone.append(one.seq)
        elif _differs(one.mark, people, read):
            stale.append(one.seq)
    return Changed(tuple(stale), tuple(gone))


def _differs(mark: str | None, people: Sequence[Said], read: Sequence[tuple[object, ...]]) -> bool:
    """Whether words are others than those that were read; where these are not known, whether any was changed."""
    if mark is None:
        return any(words.changed(str(row[-1])) for row in read)
    return mark != readings.mark(_text(people))


def stand(tx: Tx, claimed: Words) -> bool:
    """Whether a reading of these words is wanted still: nobody was faster, and they say it still."""
    number, seq = claimed.conversation, claimed.seq
    known = readings.find(tx, number, seq)
    if readings.up_to(tx, number) > seq if known is None else known.mark == readings.mark(claimed.text):
        return False
    rows = said(tx, number, readings.before(tx, number, seq), upto=seq)
    return bool(rows) and _text(rows) == claimed.text


def message_at(tx: Tx, conversation: int, seq: int) -> int | None:
    """The message at a place in a conversation; None if it was moved from there."""
    row = tx.one(
        "SELECT id FROM messages WHERE workspace = ? AND conversation = ? AND seq = ?",
        tx.ws,
        conversation,
        seq,
    )
    return cast("int", row[0]) if row else None


def done(tx: Tx, conversation: int) -> bool:
    """A conversation's words were read; whatever is to be read besides can be at once. Whether there is anything."""
    row = tx.one("SELECT again FROM unread WHERE workspace = ? AND conversation = ?", tx.ws, conversation)
    stale = row is not None and bool(row[0]) and bool(changed(tx, conversation).stale)
    if stale or said(tx, conversation, readings.up_to(tx, conversation)):
        tx.run(
            "UPDATE unread SET since = ?, due_at = 0, again = ? WHERE workspace = ? AND conversation = ?",
            tx.now(), int(stale), tx.ws, conversation,
        )  # fmt: skip
        return row is not None
    tx.run("DELETE FROM unread WHERE workspace = ? AND conversation = ?", tx.ws, conversation)
    return False
