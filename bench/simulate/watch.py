"""What no transaction may do, watched as it does it: going back, moving what was placed, dropping what was kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.simulate.fairness import look_at_queue
from bench.simulate.life import Life
from bench.simulate.plan import HANDS
from bench.simulate.sqlite import SimDriver
from omnichannel.channel import Call
from omnichannel.store import outbox
from omnichannel.store.engine import Driver

if TYPE_CHECKING:
    from bench.simulate.platform import Platform

_ALLOWED = {
    (outbox.QUEUED, outbox.SENDING), (outbox.SENDING, outbox.QUEUED), (outbox.SENDING, outbox.SENT),
    (outbox.SENDING, outbox.FAILED), (outbox.SENDING, outbox.UNKNOWN), (outbox.UNKNOWN, outbox.SENT),
    (outbox.UNKNOWN, outbox.FAILED), (outbox.QUEUED, outbox.CANCELLED), (outbox.FAILED, outbox.SENT),
}  # fmt: skip
_IF_THERE = {(outbox.QUEUED, outbox.SENT), (outbox.CANCELLED, outbox.SENT)}
_IF_NOT = {(outbox.UNKNOWN, outbox.QUEUED)}
"""What only comes of it that the platform has a call, or that it does not."""
_RANK = {"": 0, "sent": 1, "failed": 2, "delivered": 3, "read": 4}
_WHAT = ("a message", "an answer of ours", "a delivery")
_TRIGGERS = """
CREATE TEMP TRIGGER watch_calls AFTER UPDATE OF state, status ON main.calls BEGIN
  SELECT watch_call(new.id, old.state, new.state, old.status, new.status, new.call);
END;
CREATE TEMP TRIGGER watch_messages AFTER UPDATE OF conversation, seq, id, external_id ON main.messages BEGIN
  SELECT watch_wrong('I10 a message was moved: ' || old.external_id);
END;
CREATE TEMP TRIGGER watch_gone AFTER DELETE ON main.messages BEGIN
  SELECT watch_gone(old.id, old.conversation, old.direction, old.external_id);
END;
CREATE TEMP TRIGGER watch_aside AFTER INSERT ON main.held_back BEGIN
  SELECT watch_aside();
END;
CREATE TEMP TRIGGER watch_dropped AFTER DELETE ON main.deliveries BEGIN
  SELECT watch_gone(0, 0, 2, old.id);
END;
"""


def watch(driver: Driver, platform: Platform, life: Life) -> None:
    """Look over the shoulder of one connection."""
    world = life.world

    def call(number: int, old: int, new: int, said: str, says: str, content: str) -> None:
        if old != new:
            changed(number, old, new, content)
        if _RANK[says] < _RANK[said]:
            world.wrong(f"I12 call {number}: from {said} back to {says}")

    def changed(number: int, old: int, new: int, content: str) -> None:
        mark = platform.dialect.mark(Call.model_validate_json(content))
        # It may get there between somebody's look and what they say.
        there = mark in platform.truth.copies() and mark != platform.machine.operator.again
        if (old, new) not in _ALLOWED and (old, new) not in (_IF_THERE if there else _IF_NOT):
            world.wrong(f"I12 call {number}: from state {old} to {new}")
        if new == outbox.UNKNOWN:
            world.doubted.add(number)
        if new == outbox.SENDING:
            life.on_commit.append(lambda: world.holders.update({mark: (life, world.loop.time())}))
        elif old == outbox.SENDING:
            life.on_commit.append(lambda: world.holders.pop(mark, None))
        if (old, new) == (outbox.SENDING, outbox.QUEUED):
            life.on_commit.append(lambda: platform.put_off(life, mark))

    def gone(number: int, conversation: int, direction: int, called: str) -> None:
        if not world.may_go:
            world.wrong(f"I1 deleted, and nobody asked for it: {_WHAT[direction]} {called}")
        world.gone[number] = conversation
        if direction == 0:
            world.gone_heard.add(called)

    def aside() -> None:
        world.fell["held back"] += 1

    assert isinstance(driver, SimDriver)
    raw = driver._connection.raw  # type: ignore[attr-defined]
    raw.create_scalar_function("watch_call", call)
    raw.create_scalar_function("watch_wrong", world.wrong)
    raw.create_scalar_function("watch_gone", gone)
    raw.create_scalar_function("watch_aside", aside)
    raw.execute(_TRIGGERS)
    if world.plan.crowd:
        look_at_queue(raw, world, HANDS)
