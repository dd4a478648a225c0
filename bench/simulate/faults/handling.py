"""Mistakes around the handlers: who runs them, when, how often, and what becomes of what they decide."""

from __future__ import annotations

from bench.simulate.faults.memory import memory, taken
from omnichannel.inbox import Core, handling
from omnichannel.inbox.handling import Turn
from omnichannel.inbox.incoming import Incoming
from omnichannel.inbox.together import Together
from omnichannel.store import Tx, outbox, queue, records
from omnichannel.store.queue import Task


async def _decide(inbox: Core, turn: Turn) -> Incoming:
    for handler in inbox.handlers:
        await handler(turn.incoming)
    return turn.incoming


def _act(tx: Tx, incoming: Incoming) -> None:
    for act in incoming.acts:
        act(tx)


def _done(tx: Tx, task: Task) -> bool:
    done = bool(queue.done(tx, task))
    if done:
        records.happened(tx, "message.handled", conversation=task.conversation, message=task.message)
    return done


def handled_before_replies() -> None:
    """A message counts as handled in one commit, and its answers are queued in the next."""

    async def handle_one(inbox: Core, turn: Turn, ends: object) -> None:
        incoming = await _decide(inbox, turn)
        if await inbox.run_job(lambda tx: _done(tx, turn.task)):
            await inbox.run_job(lambda tx: _act(tx, incoming))

    handling.handle_one = handle_one


def replies_before_handled() -> None:
    """Answers are queued in one commit, and their message counts as handled in the next."""

    async def handle_one(inbox: Core, turn: Turn, ends: object) -> None:
        incoming = await _decide(inbox, turn)
        await inbox.run_job(lambda tx: _act(tx, incoming))
        await inbox.run_job(lambda tx: _done(tx, turn.task))

    handling.handle_one = handle_one


def calls_in_another_commit() -> None:
    """An answer is written down in one commit, and what is to be sent for it in the next."""
    handle_one, add = handling.handle_one, outbox.add
    outbox.add = lambda tx, *given: memory("calls").append(given)

    async def handle_then_add(inbox: Core, turn: Turn, ends: Together[Incoming]) -> None:
        await handle_one(inbox, turn, ends)
        calls = taken("calls")
        await inbox.run_job(lambda tx: [add(tx, *given) for given in calls])

    handling.handle_one = handle_then_add


def replies_at_once() -> None:
    """An answer is queued when the handler gives it, whatever becomes of the handler."""
    reply = Incoming.reply

    async def reply_at_once(self: Incoming, said: str, **more: bool) -> None:
        await reply(self, said, **more)
        act = self.acts.pop()
        await self._inbox.run_job(act)

    Incoming.reply = reply_at_once  # type: ignore[method-assign,assignment]


def taken_for_good() -> None:
    """A message leaves the queue when a handler takes it up."""
    claim, done = queue.claim, queue.done

    def claim_and_forget(tx: Tx, most: int, lease_until: int) -> list[Task]:
        tasks = claim(tx, most, lease_until)
        for task in tasks:
            done(tx, task)
        return tasks

    queue.claim = claim_and_forget
    queue.done = lambda tx, *tasks: {task.message for task in tasks}


def failure_is_success() -> None:
    """A handler that fails has handled its message."""
    handling._failed = lambda tx, task, reason, rules: _done(tx, task)


def set_aside_at_once() -> None:
    """A handler that fails once is not asked again."""
    handling._failed = lambda tx, task, reason, rules: queue.park(tx, task, reason)


def no_lease_on_messages() -> None:
    """Whoever looks takes a message up, and nobody asks whether somebody else has handled it meanwhile."""
    claim, done = queue.claim, queue.done
    queue.claim = lambda tx, most, lease_until: claim(tx, most, tx.now())

    def done_anyway(tx: Tx, *tasks: Task) -> set[int]:
        done(tx, *tasks)
        return {task.message for task in tasks}

    queue.done = done_anyway


def twice_handled_twice_answered() -> None:
    """A worker that was taken for dead commits what it decided all the same."""
    done = queue.done

    def done_anyway(tx: Tx, *tasks: Task) -> set[int]:
        done(tx, *tasks)
        return {task.message for task in tasks}

    queue.done = done_anyway


def turns_ignored() -> None:
    """A message does not wait for those before it in its conversation."""

    def claim(tx: Tx, most: int, lease_until: int) -> list[Task]:
        rows = tx.all(
            "SELECT conversation, seq, message, attempts FROM todo WHERE workspace = ? AND state = 0"
            " AND due_at <= ? LIMIT ?",
            tx.ws, tx.now(), most,
        )  # fmt: skip
        tasks = [Task(*row) for row in rows]  # type: ignore[arg-type]
        for task in tasks:
            tx.run(
                "UPDATE todo SET due_at = ? WHERE workspace = ? AND message = ?",
                lease_until,
                tx.ws,
                task.message,
            )
        return tasks

    queue.claim = claim


def lease_without_end() -> None:
    """What a dead process had taken up is never found again."""
    claim = queue.claim
    queue.claim = lambda tx, most, lease_until: claim(tx, most, lease_until + 10**12)


FAULTS = (
    handled_before_replies, replies_before_handled, calls_in_another_commit, replies_at_once, taken_for_good,
    failure_is_success, set_aside_at_once, no_lease_on_messages, twice_handled_twice_answered, turns_ignored,
    lease_without_end,
)  # fmt: skip
