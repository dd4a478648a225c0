"""Seeing what a pure function must not touch: the clock, chance, files, sockets, the log.

Nothing is replaced: every call of a function written in C, and every frame of a module that waits or dials, is
looked at while it happens (`sys.setprofile`). What a channel loads once is loaded before it is watched.
"""

from __future__ import annotations

import gc
import os
import random
import sys
import time
from collections.abc import Callable
from datetime import date
from types import FrameType
from typing import Self, TypeVar

from omnichannel.testing.failing import fail

T = TypeVar("T")

_CLOCKS = frozenset(
    {
        time.time,
        time.time_ns,
        time.monotonic,
        time.monotonic_ns,
        time.perf_counter,
        time.sleep,
        time.localtime,
    }
)
_CHANCE = frozenset({os.urandom, os.getpid})
_FILES = frozenset({open, os.open, os.listdir, os.system})
_MODULES = frozenset(
    {
        "socket",
        "ssl",
        "subprocess",
        "asyncio",
        "threading",
        "sqlite3",
        "logging",
        "httpx",
        "httpcore",
        "requests",
    }
)


class Watch:
    """Within it, every forbidden call is noted."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def __enter__(self) -> Self:
        """Begin to look. What others left to be collected is not collected now: it is not the channel's doing."""
        self._before, self._collects = sys.getprofile(), gc.isenabled()
        gc.disable()
        sys.setprofile(self._look)
        return self

    def __exit__(self, *_: object) -> None:
        """Look no more."""
        sys.setprofile(self._before)
        if self._collects:
            gc.enable()

    def _look(self, frame: FrameType, event: str, arg: object) -> None:
        name = ""
        if event == "c_call":
            name = _forbidden(arg)
        elif event == "call":
            module = str(frame.f_globals.get("__name__", ""))
            name = f"{module}.{frame.f_code.co_name}" if module.partition(".")[0] in _MODULES else ""
        if name:
            caller = frame if event == "c_call" else frame.f_back or frame
            self.seen.append(f"{name} in {caller.f_globals.get('__name__')}:{caller.f_lineno}")


def _forbidden(function: object) -> str:
    """The name of a function in C that reads the clock, chance or a file; empty for any other."""
    owner, name = getattr(function, "__self__", None), str(getattr(function, "__name__", ""))
    if name in ("now", "utcnow", "today") and isinstance(owner, type) and issubclass(owner, date):
        return f"{owner.__name__}.{name}"
    if isinstance(owner, random.Random) and name in ("random", "getrandbits"):
        return f"random.{name}"
    return name if any(function is one for one in (*_CLOCKS, *_CHANCE, *_FILES)) else ""


def watched(function: Callable[[], T], what: str, case: str) -> T:
    """What a function returns. Broken if it touched anything but its arguments; it has to have run once before."""
    with Watch() as watch:
        result = function()
    if watch.seen:
        fail(f"{what} is not pure: it used {'; '.join(sorted(set(watch.seen)))}", case=case)
    return result
