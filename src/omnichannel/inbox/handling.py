"""Step three, handle: one conversation at a time, in order, at least once; what was decided commits once."""

from __future__ import annotations

import asyncio
import logging
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from omnichannel.inbox.customers import customer
from omnichannel.inbox.incoming import Incoming
from omnichannel.inbox.rights import freezing
from omnichannel.inbox.rules import Rules, span
from omnichannel.store import Tx, conversations, messages, queue, records
from omnichannel.store.queue import Task

if TYPE_CHECKING:
    from omnichannel.inbox.base import Base

_log = logging.getLogger("omnichannel")
_LIBRARY = str(Path(__file__).parents[1])


def claim(tx: Tx, rules: Rules, most: int) -> list[Task]:
    """Take messages whose turn it is."""
    return freezing.hold_back(tx, queue.claim(tx, most, tx.now() + span(rules.handle_lease)))


def load(inbox: Base, tx: Tx, task: Task) -> Incoming:
    """Everything that a handler is given. The customer is who the sender is proven to be, no more."""
    said = messages.placed(tx, task.message)
    assert said.peer is not None
    return Incoming(
        inbox,
        task,
        said.message,
        conversations.conversation(tx, said.conversation),
        customer(tx, said.peer),
    )


async def handle_one(inbox: Base, task: Task) -> None:
    """Run the handlers on one message and commit what they decided; or note that they failed."""
    waits = inbox.open().waits
    try:
        incoming = await inbox.run_job(lambda tx: load(inbox, tx, task))
        async with asyncio.timeout(inbox.rules.handle_lease.total_seconds()):
            await _run_handlers(inbox, incoming)
        await inbox.run_job(lambda tx: _commit(tx, task, incoming))
    except Exception as error:  # noqa: BLE001 - a handler may raise anything
        # Type and place alone are logged: a handler's message may hold what a customer wrote.
        shown = await inbox.run_job(lambda tx: tx.ids.show("message", task.message))
        _log.warning("handler failed on message %s: %s at %s", shown, type(error).__name__, _where(error))
        reason = f"{type(error).__name__}: {error}"
        # Cut off while they waited for a server that was away, they did nothing wrong.
        counts = inbox.open().waits == waits
        await inbox.run_job(lambda tx: _failed(tx, task, reason, inbox.rules, counts=counts))


def _where(error: Exception) -> str:
    """File and line of the last step that is not this library's."""
    frames = traceback.extract_tb(error.__traceback__)
    theirs = [frame for frame in frames if not frame.filename.startswith(_LIBRARY)]
    last = (theirs or frames)[-1]
    return f"{last.filename}:{last.lineno}"


async def _run_handlers(inbox: Base, incoming: Incoming) -> None:
    """Run them one after the other. Only we are cancelled by a cancellation that is meant for us."""
    try:
        for handler in inbox.handlers:
            await handler(incoming)
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if task is None or task.cancelling():
            raise
        raise RuntimeError("a handler let something be cancelled that it waited for") from None


def _commit(tx: Tx, task: Task, incoming: Incoming) -> None:
    if not queue.done(tx, task):
        return  # another worker took us for dead and handled it: what it decided counts
    for act in incoming.acts:
        act(tx)
    records.happened(tx, "message.handled", conversation=task.conversation, message=task.message)


def _failed(tx: Tx, task: Task, reason: str, rules: Rules, *, counts: bool) -> None:
    if not counts or task.attempts + 1 < rules.handle_attempts:
        queue.later(tx, task, tx.now() + rules.pause(task.attempts + 1), reason, counts=counts)
    elif queue.park(tx, task, reason):
        detail = {"because": reason[:500]}
        records.happened(
            tx, "message.parked", conversation=task.conversation, message=task.message, detail=detail
        )
