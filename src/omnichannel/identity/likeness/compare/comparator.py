"""The one shape of everything that says how alike two values are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

P = TypeVar("P")


@dataclass(frozen=True, slots=True)
class Comparator(Generic[P]):
    """How alike two values of one kind are, in a few named levels.

    `levels` go from "differs" (0) to the strongest ("same"); each says in words what was found, so that a
    decision can be explained. `prepare` takes text as people wrote it and gives the value to compare, None
    where nothing usable is said (empty, "unknown", "n/a"); it never raises on any text. `level` takes two
    prepared values, in either order, and gives an index into `levels`. Nothing is said by a missing value:
    do not ask for a level then.
    """

    name: str
    levels: tuple[str, ...]
    prepare: Callable[..., P | None]
    level: Callable[[P, P], int]

    def words(self, level: int) -> str:
        """What a level means, in words. Raises IndexError for a level that this comparator does not have."""
        return self.levels[level]
