"""Step three, handle: one conversation at a time, in order, at least once; what was decided commits once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from omnichannel.errors import NotFound
from omnichannel.inbox.customers import customers
from omnichannel.inbox.incoming import Incoming, called
from omnichannel.inbox.rights import freezing
from omnichannel.inbox.rules import Rules, span
from omnichannel.inbox.together import Together
from omnichannel.store import Tx, conversations, messages, outbox, queue, records
from omnichannel.store.queue import Task
from omnichannel.telling import told

if TYPE_CHECKING:
    from omnichannel.inbox.base import Base

_log = logging.getLogger("omnichannel")


class Turn(NamedTuple):
    """A message whose turn it is. `given` is what its handlers are given, or why that cannot be told."""

    task: Task
    given: Incoming | Exception

    @property
    def incoming(self) -> Incoming:
        """What its handlers are given; raises what was wrong with it."""
        if isinstance(self.given, Exception):
            raise self.given
        return self.given


def claim(inbox: Base, tx: Tx, most: int) -> list[Turn]:
    """Take messages whose turn it is."""
    tasks = queue.claim(tx, most, tx.now() + span(inbox.rules.handle_lease))
    return load(inbox, tx, freezing.hold_back(tx, tasks))


def load(inbox: Base, tx: Tx, tasks: Sequence[Task]) -> list[Turn]:
    """Everything that handlers are given. The customer is who the sender is proven to be, no more."""
    rows = messages.rows_of(tx, [task.message for task in tasks])
    where = conversations.of_numbers(tx, sorted({messages.conversation_of(row) for row in rows.values()}))
    who = customers(tx, filter(None, map(messages.peer_of, rows.values())))

    def given(task: Task) -> Incoming | Exception:
        try:
            row = rows[task.message]
            said, peer = messages.received(tx, row), messages.peer_of(row)
            assert peer is not None
            return Incoming(inbox, task, said, where[messages.conversation_of(row)], who[peer])
        except KeyError:
            return NotFound("there is no such message in this workspace")
        except Exception as error:  # noqa: BLE001 - one that cannot be read holds up no other
            return error

    return [Turn(task, given(task)) for task in tasks]


async def handle_one(inbox: Base, turn: Turn, ends: Together[Incoming]) -> None:
    """Run the handlers on one message and commit what they decided; or note that they failed."""
    task = turn.task
    waits = inbox.open().waits
    try:
        async with asyncio.timeout(inbox.rules.handle_lease.total_seconds()):
            await _run_handlers(inbox, turn.incoming)
        await ends.end(turn.incoming)
        inbox.handles.through(task.message)
    except Exception as error:  # noqa: BLE001 - a handler may raise anything
        # Type and place alone are logged: a handler's message may hold what a customer wrote.
        shown = await inbox.run_job(lambda tx: tx.ids.show("message", task.message))
        _log.warning("handler failed on message %s: %s", shown, told(error))
        reason = f"{type(error).__name__}: {error}"
        # Cut off while they waited for a server that was away, they did nothing wrong.
        counts = inbox.open().waits == waits or inbox.handles.cut_off(task.message)
        await inbox.run_job(lambda tx: _failed(tx, task, reason, inbox.rules, counts=counts))


async def _run_handlers(inbox: Base, incoming: Incoming) -> None:
    """Run them one after the other. Only we are cancelled by a cancellation that is meant for us."""
    try:
        for handler in inbox.handlers:
            await called(handler, incoming)
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if task is None or task.cancelling():
            raise
        raise RuntimeError("a handler let something be cancelled that it waited for") from None


def commit(tx: Tx, ended: Sequence[Incoming]) -> None:
    """Handled, with all that the handlers decided; where another worker took us for dead, what it decided counts."""
    ours = queue.done(tx, *(incoming.task for incoming in ended))
    for incoming in ended:  # what was decided is done where the message stands by now
        if (moved := ours.get(incoming.task.message)) is not None:
            incoming.task = incoming.task._replace(conversation=moved)
    answered = sorted({incoming.task.conversation for incoming in ended if incoming.acts})
    conversations.hold(tx, answered)
    outbox.foresee_open(tx, answered)
    for incoming in ended:
        task = incoming.task
        # Whoever took it up again, because its lease was over, may end with it.
        if ours.pop(task.message, None) is not None:
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
