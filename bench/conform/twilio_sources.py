"""The recorded sources of texts and calls, and what they have in common: one file, its events, an assert."""

from __future__ import annotations

import json
import pathlib
import re
from collections.abc import Callable, Iterator
from urllib.parse import parse_qsl

from bench.conform import Row
from omnichannel.channel import Channel, Delivery
from omnichannel.model import Event

DATA = pathlib.Path(__file__).parents[2].parent / "shared" / "data"

NONE = object()
"""What has no counterpart in our model."""

Look = Callable[[str, list[Event], dict], object]
"""What we say where a source's accessor looks, given our events and the body."""


def files(folder: pathlib.Path) -> Iterator[tuple[str, bytes, dict]]:
    """Every recorded body of a source by name, with what the source expects of it."""
    cases = json.loads((folder / "expected.json").read_text("utf-8"))["cases"]
    for path in sorted(folder.iterdir()):
        if path.name != "expected.json" and path.suffix in (".json", ".form"):
            yield path.name, path.read_bytes(), cases.get(path.name, {}).get("expected", {})


def fields_of(body: bytes) -> dict:
    """The parameters of a body, read without our code."""
    if body.lstrip()[:1] == b"{":
        return json.loads(body)
    return dict(parse_qsl(body.decode(), keep_blank_values=True))


def asserts_of(expected: dict) -> Iterator[tuple[str, str, object]]:
    """Every assert as (accessor, operator, value), whatever the source calls it."""
    found = [
        *expected.get("asserts", ()),
        *(one for case in expected.get("cases", ()) for one in case["asserts"]),
    ]
    for one in found:
        if one["op"] == "toMatchObject" and isinstance(one.get("value"), dict):
            for key, value in one["value"].items():
                yield f"{one['path']}.{key}", "eq", value
        else:
            yield one["path"], one["op"], one.get("value")
    for key, value in expected.items():
        if key in ("content", "has_attachments"):
            yield key, "eq", value


def read(channel: type[Channel], body: bytes) -> list[Event]:
    """The events of a file."""
    return list(channel.bare().parse(Delivery(source="file", body=body)))


def reads(channel: type[Channel], source: str, bodies: list[tuple[str, bytes, dict]]) -> Row:
    """Whether nothing raises, and nothing is malformed."""
    results = []
    for name, body, _ in bodies:
        try:
            bad = [event.reason for event in read(channel, body) if event.event == "malformed"]
            results.append((name, "; ".join(bad)))
        except Exception as error:
            results.append((name, repr(error)))
    return row(source, "reads", results)


def asserts(
    channel: type[Channel], source: str, bodies: list[tuple[str, bytes, dict]], look: Look
) -> Iterator[Row]:
    """Whether we say what the source's own tests say, as far as both have words for it."""
    results = []
    for name, body, expected in bodies:
        events = read(channel, body)
        for path, op, value in asserts_of(expected):
            found = look(path, events, fields_of(body))
            if found is not NONE:
                problem = "" if agrees(op, value, found) else f"{op} {value!r}, found {found!r}"
                results.append((f"{name} {path}", problem))
    if results:
        yield row(source, "asserts", results)


def agrees(op: str, value: object, found: object) -> bool:
    """Whether what was found is what a source's matcher asks for."""
    if op in ("not_eq", "not_receive"):
        return found != value if op == "not_eq" else not found
    if op == "receive":
        return bool(found)
    if op == "contain_exactly":
        return isinstance(found, list) and sorted(found) == sorted(value)
    if isinstance(value, float) and isinstance(found, float):
        return abs(value - found) < 0.01
    return (value or "") == (found or "")


def digits(text: str) -> str:
    """A number without its spelling."""
    return re.sub(r"\D", "", text)


def row(source: str, what: str, results: list[tuple[str, str]]) -> Row:
    """The figures of one kind of expectation."""
    differing = tuple(f"{name}: {problem}" for name, problem in results if problem)
    return Row(source, what, len(results) - len(differing), len(results), differing)
