"""Whoever waits longest is handled first: watched as messages come into the queue, are taken up, and leave it.

The rule is about those whose turn it is: a message waits for whoever wrote before it in its conversation, and
one that its handler failed on waits for its time. From then on nobody who came later is taken up before it, but for
as many as there are hands: they may have reached out together.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bench.simulate.world import World

_TRIGGERS = """
CREATE TEMP TRIGGER watch_added AFTER INSERT ON main.todo BEGIN
  SELECT queue_added(new.message, new.conversation, new.seq);
END;
CREATE TEMP TRIGGER watch_taken AFTER UPDATE OF due_at ON main.todo
WHEN new.attempts = old.attempts AND new.state = 0 BEGIN
  SELECT queue_taken(new.message);
END;
CREATE TEMP TRIGGER watch_later AFTER UPDATE OF attempts ON main.todo BEGIN
  SELECT queue_later(new.message, new.due_at, new.state);
END;
CREATE TEMP TRIGGER watch_left AFTER DELETE ON main.todo BEGIN
  SELECT queue_left(old.message);
END;
"""


@dataclass
class _Waiting:
    """A message in the queue. `since`: when its turn came; `passed`: who came later, and was taken up before it."""

    conversation: int
    seq: int
    came: float
    due: float
    taken: bool = False
    since: float | None = None
    passed: int = 0


class Queue:
    """The messages that wait, with how often each was passed by."""

    def __init__(self, world: World, hands: int) -> None:
        self._world = world
        self._hands = hands
        self._waiting: dict[int, _Waiting] = {}

    def added(self, message: int, conversation: int, seq: int) -> None:
        """Somebody wrote."""
        now = self._world.loop.time()
        self._waiting[message] = _Waiting(conversation, seq, came=now, due=now)
        self._turns()

    def taken(self, message: int) -> None:
        """A hand took a message up: whoever waits since before it came was passed by."""
        self._turns()
        one = self._waiting[message]
        one.taken, one.since = True, None
        for number, other in self._waiting.items():
            if other.since is not None and other.since < one.came:
                other.passed += 1
                if other.passed == self._hands + 1:
                    waits = self._world.loop.time() - other.since
                    self._world.wrong(
                        f"I15 message {number}: waits for {waits:.1f} s, and {other.passed} later ones did not"
                    )

    def later(self, message: int, due_at: int, state: int) -> None:
        """Its handler failed: it waits for its time, or is set aside."""
        if state:
            self.left(message)
            return
        now = round(self._world.clock.now().timestamp() * 1e6)
        one = self._waiting[message]
        one.taken, one.due = (
            False,
            self._world.loop.time() + timedelta(microseconds=due_at - now).total_seconds(),
        )

    def left(self, message: int) -> None:
        """It was handled."""
        self._waiting.pop(message, None)
        self._turns()

    def _turns(self) -> None:
        """Whose turn it is by now."""
        now = self._world.loop.time()
        first: dict[int, int] = {}
        for one in self._waiting.values():
            first[one.conversation] = min(one.seq, first.get(one.conversation, one.seq))
        for one in self._waiting.values():
            if one.since is None and not one.taken and one.due <= now and one.seq == first[one.conversation]:
                one.since = now


def look_at_queue(raw: Any, world: World, hands: int) -> None:
    """Watch the queue through one connection: there is one worker."""
    queue = Queue(world, hands)
    raw.create_scalar_function("queue_added", queue.added)
    raw.create_scalar_function("queue_taken", queue.taken)
    raw.create_scalar_function("queue_later", queue.later)
    raw.create_scalar_function("queue_left", queue.left)
    raw.execute(_TRIGGERS)
