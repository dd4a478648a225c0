"""When each account last heard: written beside what is kept anyway, once in some seconds, never once a message.

What is written is as old as `SELDOM` at most. Whoever writes to an account, or tries to, a million times costs no
more.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import timedelta

from omnichannel.inbox.rules import Rules, span
from omnichannel.store import Tx, pulses
from omnichannel.store.pulses import Pulse

SELDOM = span(timedelta(seconds=10))
"""Microseconds between two writes about the same account (or source), of one process."""

_DAY = span(timedelta(days=1))
_FORGOTTEN = 28 * _DAY  # how long it takes until a long silence no longer counts as usual
_LEARNED = 7 * _DAY  # a week has every hour and every weekday in it

Write = Callable[[Tx, int], None]


class Seldom:
    """What this process wrote down when, in memory: what is too soon is not even a statement."""

    def __init__(self) -> None:
        self._written: dict[Hashable, int] = {}
        self._refused: dict[str, int] = {}

    def note(self, key: Hashable, write: Write) -> Callable[[Tx], None]:
        """A step of a job that writes, if it is time. One that runs again, because its group failed, writes again."""
        chosen = False

        def step(tx: Tx) -> None:
            nonlocal chosen
            now = tx.now()
            last = self._written.get(key)
            if chosen or last is None or abs(now - last) >= SELDOM:
                chosen = True
                self._written[key] = now
                write(tx, now)

        return step

    def due(self, key: Hashable, now: int) -> bool:
        """Whether it is time, for those who would start a job for nothing else."""
        last = self._written.get(key)
        return last is None or abs(now - last) >= SELDOM

    def forget(self, key: Hashable) -> None:
        """The next one is written at once: what was written is no longer so."""
        self._written.pop(key, None)

    def refuse(self, account: str) -> None:
        """Count a delivery that proved nothing; nothing of it is kept."""
        self._refused[account] = self._refused.get(account, 0) + 1

    def refusals(self, account: str) -> Callable[[Tx], None]:
        """A step that writes down how many were refused since it was last written, if it is time."""

        def write(tx: Tx, now: int) -> None:
            if count := self._refused.pop(account, 0):
                pulses.refused(tx, account, count, now)

        return self.note(("refused", account), write)


def heard(account: str, rules: Rules) -> Write:
    """Writes that something verified was heard, and whether a silence ended that was longer than usual."""

    def write(tx: Tx, now: int) -> None:
        pulse = pulses.hold(tx, account)
        if pulse.heard_at < now:
            pulses.put(tx, account, after(pulse, now, rules))

    return write


def after(pulse: Pulse, now: int, rules: Rules) -> Pulse:
    """An account that hears something now. A silence longer than usual may have been a gap, until it is compared."""
    if not pulse.heard_at:
        return pulse._replace(begun_at=now, heard_at=now)
    silence = now - pulse.heard_at
    fading = pulse.longest - pulse.longest * min(silence, _FORGOTTEN) // _FORGOTTEN
    gap = pulse.heard_at if silence > patience(pulse, rules) else 0
    return pulse._replace(heard_at=now, longest=max(silence, fading), gap_from=pulse.gap_from or gap)


def patience(pulse: Pulse, rules: Rules) -> int:
    """How long an account may be silent before that means something, in microseconds.

    Twice the longest silence of late weeks. Before a week has passed nights and weekends are not known: a day at
    least.
    """
    learned = pulse.heard_at - pulse.begun_at >= _LEARNED
    return max(span(rules.quiet_after) if learned else _DAY, 2 * pulse.longest)
