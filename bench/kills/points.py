"""Where a process may die: named boundaries around each commit and each send, counted where a kill cannot reach.

A boundary is crossed just before and just after a step becomes durable (`before keep`, `after keep`, …) and
around each request that goes out (`before send`, `after send`). Counters live in memory that the killed process
shares with the one that judges it.
"""

from __future__ import annotations

import mmap
import os
import signal
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from omnichannel.channel import Call, Response
from omnichannel.http import HttpSender
from omnichannel.store import arrivals, outbox, queue
from omnichannel.store.engine import Driver
from omnichannel.store.postgres import PostgresDriver
from omnichannel.store.sqlite import SqliteDriver

STEPS = ("keep", "read", "claim", "handle", "lease", "send", "settle")
POINTS = tuple(f"{when} {step}" for step in STEPS for when in ("before", "after"))

# What a transaction of the store makes durable is known by which of these did something in it.
_MARKS: tuple[tuple[ModuleType, str, str], ...] = (
    (arrivals, "keep", "keep"),
    (arrivals, "done", "read"),
    (queue, "claim", "claim"),
    (queue, "done", "handle"),
    (outbox, "lease", "lease"),
    (outbox, "settle", "settle"),
)

_STATES = tuple(f"{what} {step}" for step in STEPS for what in ("writing", "committing"))
_NAMES = (*POINTS, *_STATES, "serving", "handled", "died")
_SLOT = {name: number for number, name in enumerate(_NAMES)}


class Ledger:
    """Counters in a file that two processes map: whatever was counted outlives a SIGKILL."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with path.open("a+b") as file:
            file.truncate(8 * len(_NAMES))
            self._slots = memoryview(mmap.mmap(file.fileno(), 8 * len(_NAMES))).cast("q")

    def __getitem__(self, name: str) -> int:
        return self._slots[_SLOT[name]]

    def __setitem__(self, name: str, value: int) -> None:
        self._slots[_SLOT[name]] = value

    def clear(self) -> None:
        """Start counting anew, for the next process."""
        for name in _NAMES:
            self[name] = 0

    def where(self) -> list[str]:
        """What a process that is dead now was doing; several things if it did them beside each other."""
        if not self["serving"]:
            return ["starting"]
        under_way = [state for state in _STATES if self[state]]
        if self["before send"] > self["after send"]:
            under_way.append("sending send")
        return under_way or ["between steps"]


class Death:
    """Counts crossings, and kills this very process at the one it was told, as `kill -9` would."""

    def __init__(self, ledger: Ledger, point: str = "", nth: int = 1) -> None:
        self.ledger = ledger
        self.point = point
        self.nth = nth

    def cross(self, point: str) -> None:
        """Be at a boundary; possibly for the last time."""
        count = self.ledger[point] + 1
        self.ledger[point] = count
        if point == self.point and count >= self.nth:
            self.ledger["died"] = 1
            os.kill(os.getpid(), signal.SIGKILL)


class _Transaction:
    """What the store's one thread is writing down, until it is committed or taken back."""

    def __init__(self, death: Death) -> None:
        self._death = death
        self._steps: set[str] = set()

    def mark(self, step: str) -> None:
        self._steps.add(step)
        self._death.ledger[f"writing {step}"] = 1

    def begin_commit(self) -> list[str]:
        steps = [step for step in STEPS if step in self._steps]
        for step in steps:
            self._death.cross(f"before {step}")
            self._death.ledger[f"committing {step}"] = 1
            self._death.ledger[f"writing {step}"] = 0
        return steps

    def committed(self, steps: list[str]) -> None:
        self._steps.clear()
        for step in steps:
            self._death.ledger[f"committing {step}"] = 0
            self._death.cross(f"after {step}")

    def taken_back(self) -> None:
        for step in self._steps:
            self._death.ledger[f"committing {step}"] = self._death.ledger[f"writing {step}"] = 0
        self._steps.clear()


def watch(death: Death) -> None:
    """Put the boundaries around the store's commits and the sender of this process; the library is not changed."""
    transaction = _Transaction(death)
    for module, name, step in _MARKS:
        setattr(module, name, _marked(getattr(module, name), step, transaction))
    for driver in (SqliteDriver, PostgresDriver):
        _watch_commits(driver, transaction)
    _watch_sends(death)


def _marked(function: Callable[..., Any], step: str, transaction: _Transaction) -> Callable[..., Any]:
    def marking(*args: Any, **kwargs: Any) -> Any:
        result = function(*args, **kwargs)
        if result is None or result:  # an empty list, or False: nothing was done
            transaction.mark(step)
        return result

    return marking


def _watch_commits(kind: type[Any], transaction: _Transaction) -> None:
    commit, rollback = kind.commit, kind.rollback

    def watched_commit(driver: Driver) -> None:
        steps = transaction.begin_commit()
        commit(driver)
        transaction.committed(steps)

    def watched_rollback(driver: Driver) -> None:
        transaction.taken_back()
        rollback(driver)

    kind.commit, kind.rollback = watched_commit, watched_rollback


def _watch_sends(death: Death) -> None:
    send = HttpSender.send

    async def watched_send(sender: HttpSender, call: Call) -> Response:
        death.cross("before send")
        response = await send(sender, call)
        death.cross("after send")
        return response

    HttpSender.send = watched_send  # type: ignore[method-assign,assignment]
