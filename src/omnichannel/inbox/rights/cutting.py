"""Cutting one person's items out of a raw delivery that holds several people's.

No channel has to know of it. What speaks of them is taken out of the JSON, or line by line out of text, and each cut
stands only if the channel still reads the same out of the rest: everybody else's items, each word of them. What
cannot be cut that way is not cut at all.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator

from omnichannel.model import Event, Ignored, Party, Received, Unreadable, Updated

Node = dict[str, "Node"] | list["Node"] | str | int | float | bool | None
Reads = Callable[[bytes], list[Event] | None]
_SHORT = 4  # characters; a shorter word stands in too many others


def cut(body: bytes, reads: Reads, gone: Callable[[Event], bool], words: Iterable[str]) -> bytes | None:
    """The body without the items that are to be gone; None if that cannot be done.

    `reads` says what a body means (None: it cannot be read), `words` are what the items to be gone are found by.
    """
    cutter = _Cutter(reads, gone, [word for word in set(words) if word])
    if not cutter.begin(body):
        return None
    for way in (cutter.json, cutter.lines):
        made = way(body)
        if made is not None and cutter.done(made):
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
    def __init__(self, reads: Reads, gone: Callable[[Event], bool], words: list[str]) -> None:
        self._reads = reads
        self._gone = gone
        self._words = words
        self._rest: list[Event] = []
        self._root: Node = None

    def begin(self, body: bytes) -> bool:
        events = self._reads(body)
        self._rest = self._others(events or [])
        return events is not None

    def _others(self, events: list[Event]) -> list[Event]:
        """What must stay. What says nothing of anybody may shift its place."""
        return [
            event
            for event in events
            if not self._gone(event)
            and not isinstance(event, Unreadable)
            and not (isinstance(event, Ignored) and event.sender is None)
        ]

    def harmless(self, body: bytes) -> bool:
        events = self._reads(body)
        return events is not None and self._others(events) == self._rest

    def done(self, body: bytes) -> bool:
        events = self._reads(body)
        return events is not None and not any(map(self._gone, events)) and self._others(events) == self._rest

    # ------------------------------------------------------------------------------------------------- JSON

    def json(self, body: bytes) -> bytes | None:
        try:
            self._root = json.loads(body)
        except (ValueError, RecursionError):
            return None
        if not self.harmless(self._written()):
            return None  # even written anew it reads differently
        self._prune(self._root)
        return self._written()

    def _written(self) -> bytes:
        return json.dumps(self._root, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")

    def _prune(self, node: Node) -> None:
        """Take out the largest pieces that speak of them and that nobody else's items need."""
        if isinstance(node, list):
            for place in reversed(range(len(node))):
                if self._speaks(child := node[place]):
                    whole = list(node)
                    del node[place]
                    if not self.harmless(self._written()):
                        node[:] = whole
                        self._prune(child)
        elif isinstance(node, dict):
            for key, child in list(node.items()):
                if self._speaks(key) or self._speaks(child):
                    entries = dict(node)
                    del node[key]
                    if not self.harmless(self._written()):
                        node.clear()
                        node.update(entries)
                        self._prune(child)

    def _speaks(self, node: Node) -> bool:
        return any(self._has_word(leaf) for leaf in _leaves(node))

    def _has_word(self, text: str) -> bool:
        return any(word == text or (len(word) >= _SHORT and word in text) for word in self._words)

    # ------------------------------------------------------------------------------------------------ lines

    def lines(self, body: bytes) -> bytes | None:
        lines = body.splitlines(keepends=True)
        for place in reversed(range(len(lines))):
            if self._has_word(lines[place].decode("utf-8", "replace").strip()):
                line = lines.pop(place)
                if not self.harmless(b"".join(lines)):
                    lines.insert(place, line)
        return b"".join(lines)


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
