"""What a process has in its memory: a planted mistake that relies on it loses it when the process dies."""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from weakref import WeakKeyDictionary

from bench.simulate.life import LIFE, Life

_memories: WeakKeyDictionary[Life, defaultdict[str, list[Any]]] = WeakKeyDictionary()


def memory(what: str) -> list[Any]:
    """A list that lives as long as the process that is running now."""
    life = LIFE.get()
    assert life is not None
    return _memories.setdefault(life, defaultdict(list))[what]


def taken(what: str) -> list[Any]:
    """Everything that was remembered, and is not any more."""
    held = memory(what)
    found, held[:] = list(held), []
    return found


def world() -> str:
    """Which scenario this is: what outlives a process, but no scenario."""
    life = LIFE.get()
    assert life is not None
    return life.world.plan.seed
