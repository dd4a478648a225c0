"""What is in the index: the words of each message, and of whoever has each address; where each stands in it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, cast

from omnichannel.store.messages import DIRECTIONS
from omnichannel.store.people import Person
from omnichannel.store.tx import Tx, marks, padded

MESSAGE, PERSON = 0, 1
"""What a document is of."""

_TICK = 250  # microseconds
_TICKS = 44  # bits of a doc that are time: until the year 2109
_MOST_BYTES = 400_000  # of words in a document: PostgreSQL takes a megabyte, with what it writes between them


class Said(NamedTuple):
    """A message as it is searched: its row, with the content read, and how long that is."""

    id: int
    conversation: int
    account: str
    kind: str
    direction: str
    peer: int | None
    received_at: int
    content: Mapping[str, object]
    size: int


class Document(NamedTuple):
    """What is to be in the index: of what, when that was, in microseconds since 1970, and its tokens."""

    number: int
    what: int
    at: int
    tokens: Sequence[str]

    @property
    def words(self) -> str:
        """Its tokens as they are kept; of far too many the first ones."""
        whole = " ".join(dict.fromkeys(self.tokens))
        if len(whole) <= _MOST_BYTES // 4:
            return whole
        return whole.encode()[:_MOST_BYTES].decode(errors="ignore").rpartition(" ")[0]


def said(tx: Tx, numbers: Sequence[int]) -> dict[int, Said]:
    """Messages by number; one that is not there is left out."""
    found: dict[int, Said] = {}
    for few in padded(numbers):
        rows = tx.all(
            "SELECT id, conversation, account, kind, direction, peer, received_at, content FROM messages"
            f" WHERE workspace = ? AND id IN ({marks(few)})",
            tx.ws, *few,
        )  # fmt: skip
        for number, conversation, account, kind, direction, peer, at, content in rows:
            found[cast("int", number)] = Said(
                cast("int", number), cast("int", conversation), str(account), str(kind),
                DIRECTIONS[cast("int", direction)].value, cast("int | None", peer), cast("int", at),
                json.loads(str(content)), len(str(content)),
            )  # fmt: skip
    return found


def met(tx: Tx, persons: Iterable[Person]) -> dict[int, int]:
    """When each of them was first heard of."""
    found: dict[int, int] = {}
    for few in padded([person.id for person in persons]):
        rows = tx.all(
            f"SELECT id, first_seen FROM addresses WHERE workspace = ? AND id IN ({marks(few)})", tx.ws, *few
        )
        found.update(cast("list[tuple[int, int]]", rows))
    return found


def put(tx: Tx, documents: Sequence[Document]) -> None:
    """Take documents in; one whose words are others by now takes the place that it had."""
    words = {one.number: one.words for one in documents}
    known = _known(tx, list(words))
    other = [(words[number], tx.ws, number) for number, before in known.items() if words[number] != before]
    tx.each("UPDATE sought SET words = ? WHERE workspace = ? AND number = ?", other)
    fresh = {one.number: one for one in documents if one.number not in known}
    # In their order, because an index of words is written in one go then.
    ordered = sorted(fresh.values(), key=lambda one: (one.at, one.number))
    docs = _places(tx, [doc_at(tx, one.at) for one in ordered])
    tx.each(
        "INSERT INTO sought (workspace, doc, what, number, words) VALUES (?, ?, ?, ?, ?)",
        [
            (tx.ws, doc, one.what, one.number, words[one.number])
            for doc, one in zip(docs, ordered, strict=True)
        ],
    )


def _known(tx: Tx, numbers: Sequence[int]) -> dict[int, str]:
    return {
        cast("int", number): str(words)
        for few in padded(numbers)
        for number, words in tx.all(
            f"SELECT number, words FROM sought WHERE workspace = ? AND number IN ({marks(few)})", tx.ws, *few
        )
    }


def doc_at(tx: Tx, at: int) -> int:
    """The first doc of a moment, in microseconds since 1970: workspace, then time in quarters of a millisecond."""
    return tx.ws << _TICKS | min(max(at // _TICK, 0), (1 << _TICKS) - 1)


def last_doc(tx: Tx) -> int:
    """What is above every doc of the workspace."""
    return (tx.ws + 1) << _TICKS


def _places(tx: Tx, wanted: Sequence[int]) -> list[int]:
    """For each of these docs, which are in order, the next one that is free."""
    runs: dict[int, int] = {}
    while True:
        chosen = _beyond(wanted, runs)
        taken = [
            cast("int", row[0])
            for few in padded(chosen)
            for row in tx.all(
                f"SELECT doc FROM sought WHERE workspace = ? AND doc IN ({marks(few)})", tx.ws, *few
            )
        ]
        if not taken:
            return chosen
        free = 0
        for doc in sorted(taken):
            if doc >= free:
                free = _free_behind(tx, doc)
            runs[doc] = free


def _beyond(wanted: Sequence[int], runs: Mapping[int, int]) -> list[int]:
    chosen: list[int] = []
    for doc in wanted:
        place = max(doc, chosen[-1] + 1) if chosen else doc
        while place in runs:
            place = runs[place]
        chosen.append(place)
    return chosen


def _free_behind(tx: Tx, doc: int) -> int:
    row = tx.one(
        "SELECT s.doc + 1 FROM sought AS s WHERE s.workspace = ? AND s.doc >= ? AND NOT EXISTS"
        " (SELECT 1 FROM sought AS n WHERE n.workspace = s.workspace AND n.doc = s.doc + 1) ORDER BY s.doc LIMIT 1",
        tx.ws, doc,
    )  # fmt: skip
    return cast("int", row[0]) if row else doc
