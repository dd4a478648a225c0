"""How far the example of somebody else's channel (`examples/plugin`: LINE) agrees with what its sources expect.

`reads`: no file raises, nothing in it is unreadable. `events`: every event in a file gives one of ours, in their
order, of its type, with the id, the author, the place and the words that stand in it. `asserts`: what the source's
own tests say, as far as we have a counterpart. `admits`: the signatures that LINE's own libraries are tested with.
`python -m bench.conform.line` prints them, what differs, and what has no counterpart.
"""

from __future__ import annotations

import json
import pathlib
import re
import sys
from collections.abc import Iterator, Mapping
from importlib import import_module
from itertools import zip_longest

from bench.conform import Row, rows
from bench.conform.line_accessors import bottender, chatwoot, java
from bench.conform.line_view import TYPES, View, listed, place_in, views
from bench.conform.rows import NONE, Source, Told, read
from omnichannel.channel import Channel, Delivery
from omnichannel.model import Event

DATA = rows.DATA / "line"
PLUGIN = pathlib.Path(__file__).parents[2] / "examples" / "plugin" / "src"

TRIALS = ("0" * 32, "f" * 32)
"""The reply tokens of the messages from nobody with which LINE once tried out a webhook; bottender drops them too."""


def kind() -> type[Channel]:
    """The plug-in's class, from its sources: it is a package of its own, and need not be installed."""
    if str(PLUGIN) not in sys.path:
        sys.path.insert(0, str(PLUGIN))
    return import_module("omnichannel_line").Line


def report(data: pathlib.Path = DATA) -> list[Row]:
    """The figures of every source under a folder; empty if there is none."""
    found = rows.report(kind(), rows.sources(data.glob("*")), _judge)
    return [*found, *rows.signatures(data.parent / "signatures" / "line", _takes)]


def _takes(vector: dict) -> bool:
    header = ("x-line-signature", vector["signature"])
    delivery = Delivery(body=vector["body"].encode(), headers=(header,))
    return rows.admits(kind(), vector["channel_secret"], delivery)


def _judge(source: Source) -> Iterator[Row]:
    events = [one for name, body in source.files.items() for one in _compared(name, body)]
    yield rows.row(source.name, "events", events)
    yield from rows.asserts(source, _evaluated)


def _compared(name: str, body: bytes) -> Iterator[tuple[str, str]]:
    """Each event of a file beside ours of the same place."""
    found = [_told(View(event, {})) for event in read(kind(), body)]
    for raw, ours in zip_longest(listed(json.loads(body)), found):
        wanted = _wanted(raw) if raw else None
        problem = "" if wanted == ours else f"{name} wanted {wanted}, found {ours}"
        yield _case(raw or {}) or name, problem


def _wanted(raw: dict) -> Told:
    """What stands in an event, written down from LINE's description of its webhooks and not from our parser."""
    if raw["type"] not in TYPES or raw.get("replyToken") in TRIALS:
        return (f"ignored {raw['type']}",)
    source, message, postback = (raw.get(key) or {} for key in ("source", "message", "postback"))
    person, place = source.get("userId", ""), place_in(source)
    about = message.get("id") or (raw.get("unsend") or {}).get("messageId") or raw.get("webhookEventId", "")
    words = message.get("text", "") if message.get("type") == "text" else postback.get("data", "")
    named = f"{raw['type']}/{message['type']}" if message else raw["type"]
    return (named, about, person or place, place or person, words)


def _told(view: View) -> Told:
    if view.event.event in ("ignored", "malformed"):
        return (view.type,)
    return (view.type, view.about, view.author, view.place, view.words or view.payload or "")


def _case(raw: dict) -> str:
    """What we always read otherwise than others do; empty for all the rest."""
    source = raw.get("source") or {}
    said = raw.get("type") in ("message", "messageEdited", "postback")
    nobody = said and not (source.get("userId") or place_in(source))
    return "a message of which LINE does not say whose it is" if nobody else ""


def _evaluated(name: str, body: bytes, expected: dict) -> Iterator[tuple[str, object]]:
    """Every assert on a file; the tests for Python tell how many events there are, and the type of each."""
    events = read(kind(), body)
    beside = views(events, json.loads(body))
    for one in rows.listed(expected):
        view = _meant(one["path"], beside)
        problem = rows.problem(one["op"], one.get("value"), _found(one, view, name, events))
        meant = _case(view.raw) if view and problem and problem is not NONE else ""
        yield meant or f"{name} {one['path']}", problem
    if "n_events" in expected:
        yield f"{name} n_events", rows.problem("eq", expected["n_events"], len(events))
    for number, (wanted, view) in enumerate(zip(expected.get("event_types", ()), beside, strict=False)):
        found = view.type.removeprefix("ignored ")
        yield f"{name} event_types {number}", rows.problem("eq", wanted, found)


def _meant(path: str, beside: list[View]) -> View | None:
    """`event2` is the second event, `messageEvent` the first message; everything else is about the first event."""
    if number := re.search(r"\bevent(\d)\b", path):
        return beside[int(number[1]) - 1] if int(number[1]) <= len(beside) else None
    if named := re.match(r"(\w+)Event\b", path):
        return next((view for view in beside if view.raw.get("type") == named[1]), None)
    return beside[0] if beside else None


def _found(one: dict, view: View | None, name: str, events: list[Event]) -> object:
    path = one["path"]
    if path == "callbackRequest.events()":
        return events
    if "inbox" in path or path.startswith("Contact"):
        return chatwoot(path, events)
    if view is None:
        return None  # it asks for an event that is not there
    of_bottender = path.startswith(("new LineEvent", "senderId"))
    return bottender(path, view, name) if of_bottender else java(path, view, one)


def without_counterpart(data: pathlib.Path = DATA) -> Mapping[str, int]:
    """The accessors that were not judged, each with how often it is used."""
    return rows.without_counterpart(rows.sources(data.glob("*")), _evaluated)


def main() -> int:
    """Print the figures; the exit status is 1 if anything differs."""
    return rows.show(report(), DATA, without_counterpart())


if __name__ == "__main__":
    sys.exit(main())
