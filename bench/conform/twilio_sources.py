"""What the sources of texts and calls through Twilio have in common: their fields, their matchers, an assert."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from urllib.parse import parse_qsl

from bench.conform import Row, rows
from bench.conform.rows import Source, read
from omnichannel.channel import Channel
from omnichannel.model import Event

SUFFIXES = (".json", ".form")

Look = Callable[[str, list[Event], dict], object]
"""What we say where a source's accessor looks, given our events and the body."""


def fields_of(body: bytes) -> dict:
    """The parameters of a body, read without our code."""
    if body.lstrip()[:1] == b"{":
        return json.loads(body)
    return dict(parse_qsl(body.decode(), keep_blank_values=True))


def only(source: Source, wanted: Callable[[dict], bool]) -> Source:
    """The source with those of its files whose fields are wanted."""
    return source._replace(
        files={name: body for name, body in source.files.items() if wanted(fields_of(body))}
    )


def asserts(kind: type[Channel], source: Source, look: Look) -> Iterator[Row]:
    """Whether we say what the source's own tests say, as far as both have words for it."""

    def judge(name: str, body: bytes, expected: dict) -> Iterator[tuple[str, object]]:
        events = read(kind, body)
        for path, op, value in _asserts_of(expected):
            yield f"{name} {path}", rows.problem(op, value, look(path, events, fields_of(body)), agrees)

    return rows.asserts(source, judge)


def _asserts_of(expected: dict) -> Iterator[tuple[str, str, object]]:
    """Every assert as (accessor, operator, value), whatever the source calls it."""
    for one in rows.listed(expected):
        if one["op"] == "toMatchObject" and isinstance(one.get("value"), dict):
            for key, value in one["value"].items():
                yield f"{one['path']}.{key}", "eq", value
        else:
            yield one["path"], one["op"], one.get("value")
    for key, value in expected.items():
        if key in ("content", "has_attachments"):
            yield key, "eq", value


def agrees(op: str, value: object, found: object) -> bool:
    """Whether what was found is what a source's matcher asks for."""
    if op in ("not_eq", "not_receive"):
        return found != value if op == "not_eq" else not found
    if op == "receive":
        return bool(found)
    if op == "contain_exactly":
        return isinstance(found, list) and isinstance(value, list) and sorted(found) == sorted(value)
    if isinstance(value, float) and isinstance(found, float):
        return abs(value - found) < 0.01
    return (value or "") == (found or "")


def digits(text: str) -> str:
    """A number without its spelling."""
    return re.sub(r"\D", "", text)
