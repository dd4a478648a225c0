"""Every reader of what strangers write. Most are found, not listed: whoever writes a new one is fuzzed with it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from bench.fuzz.target import Target
from bench.fuzz.targets import answers, archives, channels, files, mail, pages, words


@cache
def all_targets() -> tuple[Target, ...]:
    """Every target by name."""
    found = [
        one for room in (channels, mail, words, pages, files, answers, archives) for one in room.targets()
    ]
    return tuple(sorted(found, key=lambda one: one.name))


def chosen(names: list[str]) -> Iterator[Target]:
    """Those whose name is one of these, or begins with one of them and a slash; all without any."""
    for target in all_targets():
        if not names or any(target.name == name or target.name.startswith(f"{name}/") for name in names):
            yield target
