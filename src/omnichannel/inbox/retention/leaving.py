"""How what is old goes: as an erasure would leave it, but for who they are. What went does not come back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from omnichannel.channel import Channel
from omnichannel.desk.retention import Aged
from omnichannel.inbox.rights import forgetting, sorting
from omnichannel.inbox.rights.belongings import items_of
from omnichannel.model import ErasureMark
from omnichannel.store import (
    Tx,
    ageing,
    arrivals,
    belongings,
    erased,
    erasing,
    following,
    holds,
    messages,
    trail,
)
from omnichannel.store.ageing import Item
from omnichannel.store.people import NEVER


@dataclass(frozen=True, slots=True)
class Leaving:
    """What it takes to let things go: the accounts, and the key of the trail's marks."""

    channels: Mapping[str, Channel]
    keys: Sequence[str]


def leave(tx: Tx, by: Leaving, what: Aged, items: Sequence[Item]) -> None:
    """Let these things go."""
    if items:
        _LEAVES[what](tx, by, items)


def _deliveries(tx: Tx, _by: Leaving, items: Sequence[Item]) -> None:
    ageing.forget_held_back(tx, [item.id for item in items])
    for item in items:
        holds.forget(tx, item.id)
        arrivals.drop(tx, item.id)


def _files(tx: Tx, _by: Leaving, items: Sequence[Item]) -> None:
    """Our messages keep the names and sizes of their files; their bytes go, and the calls that carried them."""
    for item in items:
        held = messages.held(tx, item.id, alone=True)
        parts = [
            {**part, "content": None} if part["type"] == "attachment" else part
            for part in held.content["parts"]
        ]
        messages.rewrite(tx, held, held.content | {"parts": parts})
    ageing.empty_calls(tx, "message", [item.id for item in items])


def _calls(tx: Tx, _by: Leaving, items: Sequence[Item]) -> None:
    ageing.empty_calls(tx, "id", [item.id for item in items])


def _ratings(tx: Tx, _by: Leaving, items: Sequence[Item]) -> None:
    ageing.empty_ratings(tx, [item.id for item in items])


def _messages(tx: Tx, by: Leaving, items: Sequence[Item]) -> None:
    """Nothing that bears the platforms' ids of these messages comes back; what is left of them in deliveries goes."""
    numbers = {item.id for item in items}
    conversations = sorted({item.conversation for item in items})
    said = [one for talk in conversations for one in belongings.spoken(tx, talk) if one.id in numbers]
    marks = sorted(items_of(tx, said))
    erased.remember(tx, (ErasureMark(mark=mark, since=0, until=NEVER) for mark in marks))
    deliveries = ageing.read_from(tx, sorted(numbers))
    erasing.messages(tx, sorted(numbers))
    ageing.forget_words(tx, conversations)
    trail.empty(tx, {(trail.MESSAGE, number) for number in numbers}, ())
    for number in sorted(deliveries):
        _cut_out(tx, by, number)


def _cut_out(tx: Tx, by: Leaving, number: int) -> None:
    """Of a delivery that is kept still, because more was read from it, what went is cut out."""
    arrival = arrivals.arrival(tx, number)
    events = sorting.parsed(by.channels, arrival) if arrival else None
    if arrival is not None and events is not None:
        forgetting.trim_read(tx, by.channels[arrival.account], arrival, events)


def _conversations(tx: Tx, _by: Leaving, items: Sequence[Item]) -> None:
    numbers = [item.id for item in items]
    ageing.keep_spared(tx, numbers)
    erasing.conversations(tx, numbers)
    trail.empty(tx, {(trail.CONVERSATION, number) for number in numbers}, ())


def _happenings(tx: Tx, _by: Leaving, items: Sequence[Item]) -> None:
    following.forget_up_to(tx, items[-1].id)


def _trail(tx: Tx, by: Leaving, items: Sequence[Item]) -> None:
    numbers = {item.id for item in items}
    rows = [row for row in trail.oldest(tx, min(numbers) - 1) if row.id in numbers]
    trail.let_go(tx, trail.keys_of(tx, by.keys)[0], rows)


_LEAVES: Mapping[Aged, Callable[[Tx, Leaving, Sequence[Item]], None]] = {
    "deliveries": _deliveries,
    "files": _files,
    "calls": _calls,
    "ratings": _ratings,
    "messages": _messages,
    "conversations": _conversations,
    "happenings": _happenings,
    "trail": _trail,
}
