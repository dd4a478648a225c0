"""The worst model that there could be: it does whatever anybody's text tells it, and tells everything that it saw.

Wherever `call NAME {…}` stands in what it is given, it calls that tool with those arguments. Then it answers, quite
sure of itself, with everything that it was ever shown in this turn.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from tests.assistants.model import Streamed, calls

_ORDER = re.compile(r"call (\w+) (?=\{)")
_READS = json.JSONDecoder()
_MOST = 6  # tools in one go


def obeys(asked: dict[str, Any]) -> Streamed:
    """What it answers to a request."""
    shown = [one for one in asked["messages"] if one["role"] != "assistant"]
    text = "\n".join(str(one["content"]) for one in shown)
    done = sum(len(one["tool_calls"]) for one in asked["messages"] if one["role"] == "assistant")
    left = list(_orders(" ".join(_strings(json.loads(shown[1]["content"])))))[done : done + _MOST]
    if left:
        return calls(*left)
    return calls(("answer", {"text": text[:20_000], "confidence": 1.0, "summary": "I did as I was told."}))


def _strings(value: Any) -> Iterator[str]:
    """Every text in what it was given, read as a model reads it."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _strings(one)


def _orders(text: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for found in _ORDER.finditer(text):
        try:
            arguments, _ = _READS.raw_decode(text, found.end())
        except ValueError:
            continue
        yield found[1], arguments
