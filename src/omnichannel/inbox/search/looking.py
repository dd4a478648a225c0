"""Finding messages: the index says where to look, the messages themselves say whether it is there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from omnichannel.desk.search import Query, excerpts, match, message_fields
from omnichannel.desk.search.matching import Field, Match
from omnichannel.inbox.search import tokens
from omnichannel.inbox.search.filtering import Narrowed, passing, reach
from omnichannel.model.search import FoundMessage, Order, Where
from omnichannel.store import Tx, messages
from omnichannel.store.search import documents, looking
from omnichannel.store.search.documents import Said
from omnichannel.store.search.looking import Candidate

AT_ONCE = 200
"""Candidates that are read at a time, at the most: first as many as are wanted, then twice as many each time."""

MOST_READ, MOST_TEXT = 2000, 2_000_000
"""Candidates that one call reads, and characters of them: what waits behind it on the store is not to wait long."""

BEST_OF = 300
"""Of so many of the newest that were found the best are shown."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for: words, words of a file's name, where, in which order, and how much of it at the most."""

    query: Query
    file: Query
    where: Where
    narrowed: Narrowed
    frozen: bool
    order: Order
    most: int

    @property
    def enough(self) -> int:
        """How many are to be found."""
        return self.most if self.order == "newest" else BEST_OF


class Here(NamedTuple):
    """A message in which it stands: its doc, its number, its texts, and where it stands in them."""

    doc: int
    number: int
    fields: list[Field]
    match: Match


class Looked(NamedTuple):
    """What was found, and the doc below which to go on; None at the end."""

    found: list[Here]
    below: int | None


def look(tx: Tx, asked: Asked, below: int | None) -> Looked:
    """Look through candidates until enough is found, or as many are read as one call may read."""
    found: list[Here] = []
    read, size, some = 0, 0, min(asked.enough + 1, AT_ONCE)
    while read < MOST_READ and size < MOST_TEXT:
        candidates = _candidates(tx, asked, below, some)
        said = documents.said(tx, [number for _, number in candidates])
        for here in _matching(tx, asked, candidates, said):
            if len(found) == asked.enough:
                return Looked(found, found[-1].doc)
            found.append(here)
        if len(candidates) < some:
            return Looked(found, None)
        below = candidates[-1][0]
        read, some = read + len(candidates), min(2 * some, AT_ONCE)
        size += sum(one.size for one in said.values())
    return Looked(found, below)


def _candidates(tx: Tx, asked: Asked, below: int | None, most: int) -> list[Candidate]:
    within = reach(tx, asked.where, below)
    if asked.narrowed.conversations is not None:
        talks = asked.narrowed.conversations
        return looking.said_in(tx, talks, within, most) if talks else []
    wanted = tokens.wanted_messages(tx.ws, asked.query, asked.file, asked.where)
    if wanted.every or wanted.begins:
        return looking.having(tx, wanted, within, most)
    return looking.any_message(tx, within, most)


def _matching(tx: Tx, asked: Asked, candidates: list[Candidate], said: Mapping[int, Said]) -> Iterator[Here]:
    docs = {number: doc for doc, number in candidates}
    read = [said[number] for _, number in candidates if number in said]
    kept = passing(tx, read, asked.where, asked.narrowed, frozen=asked.frozen)
    return (here for one in kept if (here := _here(asked, docs[one.id], one)) is not None)


def _here(asked: Asked, doc: int, said: Said) -> Here | None:
    fields = message_fields(said.content)
    found = match(asked.query, fields)
    named = match(asked.file, fields, only="file")
    if found is None or named is None:
        return None
    both = Match(tuple(sorted({*found.hits, *named.hits})), found.score + named.score)
    return Here(doc, said.id, fields, both)


def shown(tx: Tx, asked: Asked, found: list[Here]) -> tuple[FoundMessage, ...]:
    """What was found as the application sees it, in the order that it asked for."""
    if asked.order == "best":
        found = sorted(found, key=lambda here: (-here.match.score, -here.doc))[: asked.most]
    said = messages.several(tx, [here.number for here in found])
    return tuple(
        FoundMessage(message=message, excerpts=excerpts(here.match, here.fields), score=here.match.score)
        for here, message in zip(found, said, strict=True)
    )
