"""Listening again: what was held back while its sender was blocked is read from its delivery, and brought in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from omnichannel.channel import Channel
from omnichannel.inbox.reading import Reader
from omnichannel.inbox.recording import Recorder
from omnichannel.inbox.rights import forgetting, sorting
from omnichannel.inbox.rules import Rules
from omnichannel.model import Received, Updated
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


async def bring_in(inbox: Base, *, handled: bool) -> int:
    """Record some of what was held back and is to be heard, in the order in which it came; how much.

    Until the last of it is in, the sender is blocked, so that nothing they write now overtakes it. What cannot be
    recorded stays aside, with all that came after it, and `sender.kept_aside` says so.
    """
    try:
        return await inbox.run_job(
            lambda tx: _bring_in(tx, inbox.channels, inbox.rules, _AT_ONCE, handled=handled)
        )
    except Exception:  # noqa: BLE001 - one item spoiled the group: let those before it in
        return await _one_by_one(inbox, handled=handled)


async def _one_by_one(inbox: Base, *, handled: bool) -> int:
    try:
        return await inbox.run_job(lambda tx: _bring_in(tx, inbox.channels, inbox.rules, 1, handled=handled))
    except Exception as error:  # noqa: BLE001 - a bug in a channel must not cost what was kept
        reason = type(error).__name__
        return await inbox.run_job(lambda tx: _keep_aside(tx, reason))


def _keep_aside(tx: Tx, reason: str) -> int:
    number = blocks.to_bring_in(tx)
    if number is None:
        return 0
    blocks.stop(tx, number)
    detail = {"block": tx.ids.show("block", number), "reason": reason}
    records.happened(tx, "sender.kept_aside", detail=detail)
    return 1


def _bring_in(tx: Tx, channels: Mapping[str, Channel], rules: Rules, most: int, *, handled: bool) -> int:
    number = blocks.to_bring_in(tx)
    if number is None:
        return 0
    held = blocks.held_back(tx, number, most)
    read: dict[int, Mapping[str, Held]] = {}
    for item in held:
        if item.delivery not in read:
            read[item.delivery] = _items(tx, channels, rules, item.delivery, handled=handled)
        blocks.let_in(tx, item.mark)
        _record(tx, read[item.delivery].get(item.mark), number, item)
    if len(held) < most:
        blocks.brought_in(tx, number)
        records.happened(tx, "sender.brought_in", detail={"block": tx.ids.show("block", number)})
    return max(len(held), 1)


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
) -> Mapping[str, Held]:
    """The messages of a delivery, and what happened to some, by their marks.

    None where it was erased, or cannot be read any more.
    """
    arrival = arrivals.arrival(tx, delivery)
    parsed = sorting.parsed(channels, arrival) if arrival else None
    if arrival is None or parsed is None:
        return {}
    channel = channels[arrival.account]
    events = forgetting.sift(tx, channel, arrival, parsed)
    recorder = Recorder(
        tx, channel, arrival, events, handled=handled, rules=rules, accounts=channels.keys(), listens=True
    )
    return {
        sorting.own_mark(tx, arrival.account, event): (recorder, event)
        for event in events
        if isinstance(event, Received | Updated)
    }
