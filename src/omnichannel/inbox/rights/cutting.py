"""Cutting one person's items out of a raw delivery that holds several people's.

No channel has to know of it. What speaks of them is taken out of the JSON, or line by line out of text, and each cut
stands only if the channel still reads the same out of the rest: everybody else's items, each word of them. What
cannot be cut that way is not cut at all.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from omnichannel.model import Event, Ignored, Party, Received, Unreadable, Updated

Node = dict[str, "Node"] | list["Node"] | str | int | float | bool | None
Reads = Callable[[bytes], list[Event] | None]
_SHORT = 4  # characters; a shorter word stands in too many others


def cut(body: bytes, reads: Reads, gone: Callable[[Event], bool], words: Iterable[str]) -> bytes | None:
    """The body without the items that are to be gone; None if that cannot be done.

    `reads` says what a body means (None: it cannot be read), `words` are what the items to be gone are found by.
    """
    cutter = _Cutter(reads, gone, filter(None, words))
    if not cutter.begin(body):
        return None
    for way in (cutter.json, cutter.lines):
        made = way(body)
        if made is not None and cutter.left(made) == 0:
            return made
    return None


def words_of(events: Iterable[Event]) -> set[str]:
    """What items can be found by in the raw bytes: who they are from and to, and the platform's ids."""
    found: set[str] = set()
    for event in events:
        if isinstance(event, Received | Updated):
            found |= {event.external_id, *(event.targets if isinstance(event, Updated) else ())}
            found |= {word for party in event.recipients for word in named(party)}
        if isinstance(event, Received | Updated | Ignored) and event.sender:
            found |= named(event.sender)
    return found - {""}


def named(party: Party) -> set[str]:
    """The ways in which somebody is written on a wire."""
    value = party.address.value
    return {value, value.lstrip("+"), party.written, party.name} - {""}


class _Cutter:
    """What stays, what goes, and the body as far as it was cut."""

    def __init__(self, reads: Reads, gone: Callable[[Event], bool], words: Iterable[str]) -> None:
        self._reads = reads
        self._gone = gone
        self._words = set(words)
        self._elses: set[str] = set()
        self._rest: list[Event] = []
        self._mute = 0
        self._root: Node = None

    def begin(self, body: bytes) -> bool:
        """Note what must stay; False if that cannot be told."""
        events = self._reads(body)
        if events is None:
            return False
        self._rest, self._mute = self._split(events)
        self._elses = words_of(self._rest) - self._words
        return True

    def _split(self, events: list[Event]) -> tuple[list[Event], int]:
        """Everybody else's items, and how many are nobody's: those may shift their place."""
        stay = [event for event in events if not self._gone(event)]
        rest = [event for event in stay if not _is_mute(event)]
        return rest, len(stay) - len(rest)

    def left(self, body: bytes) -> int | None:
        """How many items are still to go; None if somebody else's item is not what it was.

        An item that is only damaged is nobody's then, and no less there: it counts as harm.
        """
        events = self._reads(body)
        if events is None:
            return None
        rest, mute = self._split(events)
        return len(list(filter(self._gone, events))) if rest == self._rest and mute <= self._mute else None

    # ------------------------------------------------------------------------------------------------- JSON

    def json(self, body: bytes) -> bytes | None:
        """Cut what speaks of them out of JSON; None if it is none, or reads differently when it is written anew."""
        try:
            self._root = json.loads(body)
        except (ValueError, RecursionError):
            return None
        if self.left(self._written()) is None:
            return None
        self._prune(self._root)
        return self._written()

    def _written(self) -> bytes:
        return json.dumps(self._root, ensure_ascii=False, separators=(",", ":")).encode(
            "utf-8", "surrogatepass"
        )

    def _prune(self, node: Node) -> None:
        """Take out the largest pieces that are their items, or that speak of nobody else and are not needed."""
        if isinstance(node, list):
            for place in reversed(range(len(node))):
                whole = list(node)
                if self._speaks(node[place], self._words) and not self._without(node, place):
                    node[:] = whole
                    self._prune_deeper(node, place)
        elif isinstance(node, dict):
            for key in list(node):
                entries = dict(node)
                if self._speaks({key: node[key]}, self._words) and not self._without(node, key):
                    node.clear()
                    node.update(entries)
                    self._prune_deeper(node, key)

    def _without(self, node: Any, place: int | str) -> bool:
        """Take a piece out; whether it may stay out as it is."""
        before, piece = self.left(self._written()), node[place]
        del node[place]
        after = self.left(self._written())
        if before is None or after is None:
            return False
        return after < before or not self._speaks(piece, self._elses)

    def _prune_deeper(self, node: Any, place: int | str) -> None:
        """Cut inside of a piece, and take it out after all if it still speaks of them and nobody needs it."""
        piece = node[place]
        self._prune(piece)
        if self._speaks(piece, self._words):
            whole = node.copy()
            del node[place]
            if self.left(self._written()) is None:
                node.clear()
                node.extend(whole) if isinstance(node, list) else node.update(whole)

    @staticmethod
    def _speaks(node: Node, words: set[str]) -> bool:
        return any(_has(leaf, words) for leaf in _leaves(node))

    # ------------------------------------------------------------------------------------------------ lines

    def lines(self, body: bytes) -> bytes | None:
        """Cut their lines out of text."""
        lines = body.splitlines(keepends=True)
        for place in reversed(range(len(lines))):
            if _has(lines[place].decode("utf-8", "replace").strip(), self._words):
                line = lines.pop(place)
                if self.left(b"".join(lines)) is None:
                    lines.insert(place, line)
        return b"".join(lines)


def _is_mute(event: Event) -> bool:
    """Whether an item says nothing of anybody."""
    return isinstance(event, Unreadable) or (isinstance(event, Ignored) and event.sender is None)


def _has(text: str, words: set[str]) -> bool:
    return any(word == text or (len(word) >= _SHORT and word in text) for word in words)


def _leaves(node: Node) -> Iterator[str]:
    """Every word and number in a piece of JSON, the names of its fields too."""
    waiting = [node]
    while waiting:
        here = waiting.pop()
        if isinstance(here, dict):
            yield from here
            waiting += here.values()
        elif isinstance(here, list):
            waiting += here
        elif isinstance(here, str | int):
            yield str(here)
