"""What a file may hold besides one webhook: an entry, an item, a list of items, several named bodies.

A webhook over the network is never guessed at: only `source="file"` comes here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from omnichannel.toolbox import Json, is_object

Shape = Literal["webhook", "entry", "item", "change", "past", "answer", "unknown"]

_DEEPEST = 3

# What the Graph API answers when asked: a profile, a list, a send, an error. Not events.
_ANSWERS = frozenset({"first_name", "profile_pic", "data", "message_id", "error", "success"})
_MOMENTS = frozenset({"created_time", "timestamp"})


@dataclass(frozen=True, slots=True)
class Piece:
    """One readable thing in a file."""

    shape: Shape
    data: dict[str, Json]


def pieces(value: Json, where: str = "", depth: int = 0) -> Iterator[tuple[str, Piece]]:
    """Everything readable, in order, each with a JSON pointer to it."""
    if isinstance(value, list) and depth < _DEEPEST:
        for index, one in enumerate(value):
            yield from pieces(one, f"{where}/{index}", depth + 1)
        return
    if not is_object(value):
        yield where, Piece("unknown", {})
        return
    shape = _shape(value)
    named = [key for key, inner in value.items() if _holds_event(inner)]
    if shape not in ("unknown", "answer") or not named or depth >= _DEEPEST:
        yield where, Piece(shape, value)
        return
    for key in named:
        yield from pieces(value[key], f"{where}/{key}", depth + 1)


def _shape(value: dict[str, Json]) -> Shape:
    if "entry" in value:
        return "webhook"
    # Instagram also puts a change right into its entry.
    if "field" in value and "value" in value:
        return "entry" if "time" in value else "change"
    # Some gateways call the list of entries `messaging`: only entries hold such a list themselves.
    if _is_entries(value.get("messaging")):
        return "unknown"
    if "messaging" in value or "standby" in value or "changes" in value:
        return "entry"
    if "sender" in value or "recipient" in value:
        return "item"
    if "id" in value and value.keys() & _MOMENTS:
        return "past"
    # Whatever else has an id is a node of the Graph: somebody's profile, a post, a picture.
    return "answer" if "id" in value or _ANSWERS & set(value) else "unknown"


def _is_entries(value: Json) -> bool:
    return isinstance(value, list) and any(is_object(one) and "messaging" in one for one in value)


def _holds_event(value: Json) -> bool:
    """Whether a named value is a body of its own; ids and names beside the bodies are only remarks."""
    if isinstance(value, list):
        return bool(value) and all(_holds_event(one) for one in value)
    return is_object(value) and _shape(value) not in ("past", "answer", "unknown")
