"""Mistakes about who is not listened to: what they write is to wait aside, and to come in whole when it may."""

from __future__ import annotations

from omnichannel.inbox import blocking, steps
from omnichannel.inbox.base import Base
from omnichannel.store import Tx, blocks
from omnichannel.store.blocks import Item


def blocked_are_heard() -> None:
    """Nobody asks whether anybody is to listen."""
    blocks.covering = lambda *_, **__: None


def aside_is_dropped() -> None:
    """Where something stands that a blocked sender wrote is not noted down."""
    blocks.hold_back = lambda tx, block, item: None


def left_aside_is_dropped() -> None:
    """Whoever is listened to again without what they wrote meanwhile has lost it."""
    lift = blocks.lift

    def lift_and_drop(tx: Tx, number: int, state: int, actor: str) -> None:
        lift(tx, number, state, actor)
        if state == blocks.LIFTED:
            tx.run("DELETE FROM held_back WHERE workspace = ? AND block = ?", tx.ws, number)

    blocks.lift = lift_and_drop


def let_in_before_it_is_recorded() -> None:
    """What was held back is taken out in one commit, and recorded in the next."""

    async def bring_in(inbox: Base, *, handled: bool) -> int:
        number, held = await inbox.run_job(_take_out)
        await inbox.run_job(lambda tx: [_record(tx, inbox, number, item, handled=handled) for item in held])
        return max(len(held), 1)

    steps.blocking.bring_in = bring_in  # type: ignore[attr-defined]


def _take_out(tx: Tx) -> tuple[int, list[Item]]:
    number = blocks.to_bring_in(tx) or 0
    held = blocks.held_back(tx, number, 50, but_failed=True)
    for item in held:
        blocks.let_in(tx, item.mark)
    blocks.brought_in(tx, number)
    return number, held


def _record(tx: Tx, inbox: Base, number: int, item: Item, *, handled: bool) -> None:
    items = blocking._items(tx, inbox.channels, inbox.rules, item.delivery, handled=handled)
    blocking._record(tx, blocking._found(items, item), number, item)


FAULTS = (blocked_are_heard, aside_is_dropped, left_aside_is_dropped, let_in_before_it_is_recorded)
