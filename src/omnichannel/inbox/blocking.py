"""Listening again: what was held back while its sender was blocked is read from its delivery, and brought in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeGuard

from omnichannel.channel import Channel
from omnichannel.inbox.reading import Reader
from omnichannel.inbox.recording import Recorder
from omnichannel.inbox.rights import forgetting, sorting
from omnichannel.inbox.rules import Rules
from omnichannel.model import Event, Received, Updated
from omnichannel.store import Tx, arrivals, blocks, records

if TYPE_CHECKING:
    from omnichannel.inbox.base import Base

_AT_ONCE = 50

Held = tuple[Recorder, Received | Updated]
"""Something that was held back, and what records it."""


def read(tx: Tx, reader: Reader) -> tuple[int, bool]:
    """Read what waits: how much; and, where nothing does, whether something that was held back may come in."""
    found = reader.read(tx)
    return found, not found and blocks.to_bring_in(tx) is not None


class _Unreadable(Exception):  # noqa: N818 - it never leaves this file
    """Why something that was held back cannot be read."""


@dataclass(slots=True)
class _Tried:
    """What a job was about when it failed."""

    block: int = 0
    item: blocks.Item | None = None


async def bring_in(inbox: Base, *, handled: bool) -> int:
    """Record some of what was held back and is to be heard, in the order in which it came; how much.

    Until the last of it is in, the sender is blocked, so that nothing they write now overtakes it. What cannot be
    read or recorded stays aside, alone, and `sender.kept_aside` says so of the first.
    """
    try:
        return await inbox.run_job(
            lambda tx: _bring_in(tx, inbox.channels, inbox.rules, _AT_ONCE, _Tried(), handled=handled)
        )
    except Exception:  # noqa: BLE001 - one item spoiled the group: find it, and let the others in
        return await _one_by_one(inbox, handled=handled)


async def _one_by_one(inbox: Base, *, handled: bool) -> int:
    """As many as a group has, each in a transaction of its own."""
    done = 0
    while done < _AT_ONCE and (some := await _next(inbox, handled=handled)):
        done += some
    return done


async def _next(inbox: Base, *, handled: bool) -> int:
    waits, tried = inbox.open().waits, _Tried()
    try:
        return await inbox.run_job(
            lambda tx: _bring_in(tx, inbox.channels, inbox.rules, 1, tried, handled=handled)
        )
    except Exception as error:
        item = tried.item
        if item is None:
            raise
        if inbox.open().waits != waits and not inbox.reads.cut_off(item.delivery):
            return 1  # the database's server was away: that is no fault of the item
        reason = str(error) if isinstance(error, _Unreadable) else type(error).__name__
        return await inbox.run_job(lambda tx: _keep_aside(tx, tried.block, item, reason))


def _keep_aside(tx: Tx, number: int, item: blocks.Item, reason: str) -> int:
    if blocks.fail(tx, number, item.mark):
        detail = {"block": tx.ids.show("block", number), "reason": reason}
        records.happened(tx, "sender.kept_aside", detail=detail)
    return 1


def _bring_in(
    tx: Tx, channels: Mapping[str, Channel], rules: Rules, most: int, tried: _Tried, *, handled: bool
) -> int:
    number = blocks.to_bring_in(tx)
    if number is None:
        return 0
    held = blocks.held_back(tx, number, most, but_failed=True)
    read: dict[int, Mapping[str, Held | None] | None] = {}
    for item in held:
        tried.block, tried.item = number, item
        if item.delivery not in read:
            read[item.delivery] = _items(tx, channels, rules, item.delivery, handled=handled)
        blocks.let_in(tx, item.mark)
        _record(tx, _found(read[item.delivery], item), number, item)
    if len(held) < most:
        blocks.brought_in(tx, number)
        detail = {"block": tx.ids.show("block", number)}
        if aside := blocks.failed(tx, number):
            detail["aside"] = str(aside)
        records.happened(tx, "sender.brought_in", detail=detail)
    return max(len(held), 1)


def _found(items: Mapping[str, Held | None] | None, item: blocks.Item) -> Held | None:
    """An item among those of its delivery; None where it was erased."""
    if items is None:
        return None
    if item.mark not in items:
        raise _Unreadable("it is not among what its delivery is read as any more")
    return items[item.mark]


def _record(tx: Tx, held: Held | None, number: int, item: blocks.Item) -> None:
    """Record an item, unless it was erased, or its sender is under another block, too."""
    if held is None:
        return
    recorder, event = held
    other = recorder.block_of(event, but=number)
    if other is not None:
        blocks.hold_back(tx, other, item)
    elif isinstance(event, Received):
        recorder.received(event)
    else:
        recorder.updated(event)


def _items(
    tx: Tx, channels: Mapping[str, Channel], rules: Rules, delivery: int, *, handled: bool
) -> Mapping[str, Held | None] | None:
    """The messages of a delivery, and what happened to some, by their marks; None for what was erased.

    Raises _Unreadable where it cannot be read here.
    """
    arrival = arrivals.arrival(tx, delivery)
    if arrival is None:
        return None
    channel = channels.get(arrival.account)
    if channel is None:
        raise _Unreadable(f"no account is called {arrival.account!r}; add it, and lift the block once more")
    parsed = sorting.parsed(channels, arrival)
    if parsed is None:
        raise _Unreadable("its delivery cannot be read")
    events = forgetting.sift(tx, channel, arrival, parsed)
    recorder = Recorder(
        tx, channel, arrival, events, handled=handled, rules=rules, accounts=channels.keys(), listens=True
    )
    items: dict[str, Held | None] = {
        sorting.own_mark(tx, arrival.account, event): None for event in parsed if _says(event)
    }
    for event in events:
        if _says(event):
            items[sorting.own_mark(tx, arrival.account, event)] = (recorder, event)
    return items


def _says(event: Event) -> TypeGuard[Received | Updated]:
    return isinstance(event, Received | Updated)
