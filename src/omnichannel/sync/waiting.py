"""What everything without `await` stands on: something that runs a coroutine of the inbox to its end."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Never, Protocol, TypeVar

T = TypeVar("T")


class Wait(Protocol):
    """Runs a coroutine of the inbox from synchronous code."""

    def __call__(self, doing: Coroutine[object, Never, T]) -> T:
        """Return what it returns."""
        ...
