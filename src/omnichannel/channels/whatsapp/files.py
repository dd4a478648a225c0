"""What a file may hold besides one webhook: an entry, a change, its value, a message, several named bodies.

A webhook over the network is never guessed at: only `source="file"` comes here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from omnichannel.toolbox import Json, is_object, items, string

Shape = Literal["webhook", "entry", "change", "value", "message", "no_event", "unknown"]

_DEEPEST = 3

HELD = frozenset(
    {
        "messages", "statuses", "errors", "message_echoes", "calls", "history", "user_preferences",
        "user_id_update", "groups", "standby",
    }
)  # fmt: skip
"""The lists that a `value` holds."""

# What is asked of the Cloud API, and what it answers: no events.
_ASKED = frozenset(
    {"to", "recipient", "recipient_type", "file", "template", "encrypted_contents", "hub.mode"}
)
_ANSWERED = frozenset(
    {"error", "success", "permission", "actions", "data", "encrypted_contents", "file_size"}
)


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
    if shape != "unknown" or not named or depth >= _DEEPEST:
        yield where, Piece(shape, value)
    if shape == "webhook" or (shape == "unknown" and depth < _DEEPEST):
        for key in named:
            yield from pieces(value[key], f"{where}/{key}", depth + 1)


def _shape(value: dict[str, Json]) -> Shape:
    if "entry" in value:
        return "webhook"
    if "changes" in value:
        return "entry"
    if is_object(value.get("value")):
        return "change"
    if _is_asked_or_answered(value):
        return "no_event"
    if HELD & set(value) or {"messaging_product", "metadata"} & set(value):
        return "value"
    if "timestamp" in value and {"from", "type", "from_user_id"} & set(value):
        return "message"
    return "no_event" if set(value) == {"id"} else "unknown"


def _is_asked_or_answered(value: dict[str, Json]) -> bool:
    """A send request, its answer (which has `contacts` and `messages` like a webhook), a challenge."""
    if "timestamp" in value:
        return False
    answered = any(string(contact, "input") for contact in items(value, "contacts"))
    asked = "status" in value and "message_id" in value
    return answered or asked or bool((_ASKED | _ANSWERED) & set(value))


def _holds_event(value: Json) -> bool:
    """Whether a named value is a body of its own; ids and names beside the bodies are only remarks."""
    if isinstance(value, list):
        return bool(value) and all(_holds_event(one) for one in value)
    return is_object(value) and _shape(value) in ("webhook", "change", "value")
