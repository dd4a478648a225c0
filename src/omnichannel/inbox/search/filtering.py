"""Which messages are looked through: what a `Where` says of each, beside the words in it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import NamedTuple

from omnichannel.clock import micros
from omnichannel.desk.search import has_files
from omnichannel.model.search import Where
from omnichannel.store import Tx, conversations, freezing
from omnichannel.store.desk import viewing
from omnichannel.store.search import documents, looking
from omnichannel.store.search.documents import Said
from omnichannel.store.search.looking import Reach

_ASTRAY = 60_000_000
"""Microseconds by which a doc may stand behind its moment, where very many messages came at once."""


class Narrowed(NamedTuple):
    """A search within some conversations, and there to what some addresses said or were told; None: within all."""

    conversations: tuple[int, ...] | None = None
    peers: frozenset[int] | None = None


def reach(tx: Tx, where: Where, below: int | None) -> Reach:
    """The docs that may be within the times of a search, below one that was seen."""
    start = documents.doc_at(tx, micros(where.since)) if where.since else documents.doc_at(tx, 0)
    end = documents.doc_at(tx, micros(where.until) + _ASTRAY) if where.until else documents.last_doc(tx)
    return Reach(start, end if below is None else min(below, end))


def passing(tx: Tx, said: Sequence[Said], where: Where, narrowed: Narrowed, *, frozen: bool) -> list[Said]:
    """Those of these messages that a search may find, in their order."""
    found = [one for one in said if _suits(one, where) and _within(one, narrowed)]
    found = _by_conversation(tx, found, where)
    held = _frozen(tx, found)
    return [one for one in found if (one.id in held) is frozen]


def _suits(said: Said, where: Where) -> bool:
    return (
        where.account in ("", said.account)
        and where.kind in ("", said.kind)
        and (where.direction is None or where.direction.value == said.direction)
        and (where.since is None or said.received_at >= micros(where.since))
        and (where.until is None or said.received_at < micros(where.until))
        and (where.files is None or where.files is has_files(said.content))
    )


def _within(said: Said, narrowed: Narrowed) -> bool:
    """Our notes beside what a customer said are found with it."""
    inside = narrowed.conversations is None or said.conversation in narrowed.conversations
    return inside and (narrowed.peers is None or said.peer is None or said.peer in narrowed.peers)


def _by_conversation(tx: Tx, said: list[Said], where: Where) -> list[Said]:
    numbers = sorted({one.conversation for one in said})
    if said and where.cases is not None:
        meant = viewing.page(
            tx, viewing.condition(tx, where.cases, ""), "oldest", None, len(numbers), numbers
        )
        numbers = [number for _, number in meant]
        said = [one for one in said if one.conversation in set(numbers)]
    if not said or (where.assignee is None and not where.team and not where.tags):
        return said
    talks, cases = conversations.of_numbers(tx, numbers), looking.cases_of(tx, numbers)

    def suits(number: int) -> bool:
        if where.assignee is not None and talks[number].assignee != where.assignee:
            return False
        team, content = cases.get(number, ("", "{}"))
        return where.team in ("", team) and where.tags <= set(json.loads(content).get("tags", ()))

    wanted = {number for number in numbers if suits(number)}
    return [one for one in said if one.conversation in wanted]


def _frozen(tx: Tx, said: Sequence[Said]) -> set[int]:
    """Which messages are of customers whose data are frozen, or notes beside what they said."""
    if not said or freezing.nobody(tx):
        return set()
    held = freezing.held(tx, [one.id for one in said])
    talks = looking.frozen_in(tx, sorted({one.conversation for one in said}))
    return held | {one.id for one in said if one.peer is None and one.conversation in talks}
