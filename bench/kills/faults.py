"""Faults that are planted on purpose, to see that the kills find them: a test that finds none proves nothing.

Each changes a running process in one place, as a plausible mistake in the library would.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from bench.mistakes import forget_in_doubt, no_dedupe, read_before_recorded, resend_in_doubt
from omnichannel.channel import Ack, Delivery
from omnichannel.inbox import Core, handling, sending
from omnichannel.inbox.handling import Turn
from omnichannel.inbox.incoming import Incoming
from omnichannel.model import Sent
from omnichannel.store import Tx, arrivals, outbox, queue
from omnichannel.store.outbox import Leased

_background: set[asyncio.Task[object]] = set()


def plant(name: str) -> None:
    """Plant a fault in this process."""
    FAULTS[name]()


def ack_before_commit() -> None:
    """The platform is told 200 while the delivery is still on its way to the disk."""

    async def receive(self: Core, account: str, delivery: Delivery) -> Ack:
        ack = self.channel(account).admit(delivery)
        kept = delivery.model_copy(update={"account": account})
        task = asyncio.ensure_future(self.run_job(lambda tx: arrivals.keep(tx, kept)))
        _background.add(task)
        task.add_done_callback(lambda _: self.ring())
        return ack

    Core.receive = receive  # type: ignore[method-assign]


def handled_before_replies() -> None:
    """A message counts as handled in one commit, and its answers are queued in the next."""

    async def handle_one(inbox: Core, turn: Turn, _ends: object) -> None:
        incoming = turn.incoming
        for handler in inbox.handlers:
            await handler(incoming)
        if await inbox.run_job(lambda tx: queue.done(tx, turn.task)):
            await inbox.run_job(lambda tx: _act(tx, incoming))

    handling.handle_one = handle_one


def replies_before_handled() -> None:
    """Answers are queued in one commit, and their message counts as handled in the next."""

    async def handle_one(inbox: Core, turn: Turn, _ends: object) -> None:
        incoming = turn.incoming
        for handler in inbox.handlers:
            await handler(incoming)
        await inbox.run_job(lambda tx: _act(tx, incoming))
        await inbox.run_job(lambda tx: queue.done(tx, turn.task))

    handling.handle_one = handle_one


def _act(tx: Tx, incoming: Incoming) -> None:
    for act in incoming.acts:
        act(tx)


def sent_before_sending() -> None:
    """A call counts as sent when it is taken from the queue."""
    lease = outbox.lease

    def lease_as_sent(tx: Tx, most: int, until: int, *more: Any) -> list[Leased]:
        leased = lease(tx, most, until, *more)
        for one in leased:
            outbox.settle(tx, one.id, outbox.SENT, "", "")
        return leased

    outbox.lease = lease_as_sent


def send_before_leased() -> None:
    """A call is made while the store still has it as waiting, and only its end is written down."""
    lease = outbox.lease

    def lease_nothing(tx: Tx, most: int, until: int, *more: Any) -> list[Leased]:
        leased = lease(tx, most, until, *more)
        for one in leased:
            outbox.defer(tx, one.id, 0, "")
        return leased

    def settle(tx: Tx, _channel: object, leased: Leased, receipt: object, _rules: object) -> None:
        # Sent, whatever it was before.
        external_id = receipt.external_id if isinstance(receipt, Sent) else ""
        sql = "UPDATE calls SET state = 2, external_id = ? WHERE workspace = ? AND id = ?"
        tx.run(sql, external_id, tx.ws, leased.id)

    outbox.lease = lease_nothing
    sending.settle = settle  # type: ignore[assignment]


FAULTS: dict[str, Callable[[], None]] = {
    "ack-before-commit": ack_before_commit,
    "read-before-recorded": read_before_recorded,
    "no-dedupe": no_dedupe,
    "handled-before-replies": handled_before_replies,
    "replies-before-handled": replies_before_handled,
    "resend-in-doubt": resend_in_doubt,
    "forget-in-doubt": forget_in_doubt,
    "sent-before-sending": sent_before_sending,
    "send-before-leased": send_before_leased,
}
