"""Whether two names could be one person's."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from omnichannel.identity.likeness.compare import compatible


@lru_cache(maxsize=65_536)
def same_person(one: str, other: str) -> bool:
    """Whether two names could be one person's: nicknames, initials, slips and a married name included."""
    return one == other or compatible(one, other)


def people(names: Iterable[str]) -> list[str]:
    """One name of each person that there must be, if no two could be one's; fewest guesses, in order."""
    found: list[str] = []
    for name in names:
        if not any(same_person(name, known) for known in found):
            found.append(name)
    return found
