"""Who is writing at this moment: in memory, in this process, gone after a few seconds, and never stored."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

LASTS = 6.0
"""Seconds that one sign counts; the widget repeats it every few seconds as long as somebody types."""
_MOST = 10_000


class Presence:
    """Signs both ways. Safe to use from several threads: answers come from another than pages."""

    def __init__(self) -> None:
        self._until: OrderedDict[str, float] = OrderedDict()
        self._listeners: dict[str, set[Callable[[], object]]] = {}
        self._lock = threading.Lock()

    def visitor(self, who: str, now: datetime) -> None:
        """That visitor types."""
        with self._lock:
            self._until.pop(who, None)
            self._until[who] = now.timestamp() + LASTS
            if len(self._until) > _MOST:
                self._until.popitem(last=False)

    def writes(self, who: str, now: datetime) -> bool:
        """Whether that visitor typed a moment ago."""
        with self._lock:
            return self._until.get(who, 0.0) > now.timestamp()

    def answers(self, who: str) -> bool:
        """Somebody of ours writes to that visitor: tell their browsers that are connected here, if any are."""
        with self._lock:
            listeners = tuple(self._listeners.get(who, ()))
        for listener in listeners:
            listener()
        return bool(listeners)

    @contextmanager
    def listening(self, who: tuple[str, ...], listener: Callable[[], object]) -> Iterator[None]:
        """Within it, the listener is called whenever somebody answers one of these; from any thread."""
        with self._lock:
            for one in who:
                self._listeners.setdefault(one, set()).add(listener)
        try:
            yield
        finally:
            with self._lock:
                for one in who:
                    self._listeners[one].discard(listener)
                    if not self._listeners[one]:
                        del self._listeners[one]
