"""How far the Messenger channel agrees with what the sources of recorded bodies say about them.

Three figures a source: `reads` (no file raises, none of its items is unreadable), `events` (every item in a
file gives the event, the id, the person and the words that stand in it) and `asserts` (what the source's own tests
say, as far as their accessors have a counterpart in our model). `python -m bench.conform.messenger` prints
them, what differs, and the accessors that have none.
"""

from __future__ import annotations

import json
import pathlib
import sys
from collections.abc import Callable, Iterator, Mapping

from bench.conform import Row, graph, rows
from bench.conform.messenger_accessors import bottender, restfb, vercel
from bench.conform.rows import Source, Told, read
from omnichannel.channels.messenger import Messenger
from omnichannel.model import Event

DATA = rows.DATA / "facebook"

# What the key of an item makes it, written down from Meta's reference and not from our parser.
WORDS = {
    "message": "received",
    "postback": "received",
    "reaction": "reaction",
    "message_edit": "edited",
    "delivery": "status",
    "read": "read",
    "referral": "referral",
    "optin": "optin",
    "account_linking": "account_linking",
    "policy_enforcement": "policy_enforcement",
    "pass_thread_control": "handover",
    "take_thread_control": "handover",
    "request_thread_control": "handover",
}
NOT_OURS = ("payment", "pre_checkout", "checkout_update", "game_play", "app_roles")


def report(data: pathlib.Path = DATA) -> list[Row]:
    """The figures of every source under a folder; empty if there is none."""
    return graph.report(Messenger, data, _judge)


def _judge(source: Source) -> Iterator[Row]:
    yield rows.events(
        Messenger, source, _wanted, _told, lambda told: told[0] not in ("ignored", "unreadable")
    )
    yield from rows.asserts(source, _evaluated)


def _wanted(value: object) -> Iterator[Told]:
    return (_item(item) for item in _items(value))


def _items(value: object) -> Iterator[dict]:
    """Every dict that has somebody in it and something to say, wherever it is in the file."""
    if isinstance(value, list):
        for one in value:
            yield from _items(one)
    elif isinstance(value, dict):
        if ("sender" in value or "recipient" in value) and set(value) & {*WORDS, *NOT_OURS}:
            yield value
        elif value.get("object", "page") == "page":
            for key, one in value.items():
                if key != "value" or value.get("field") == "messages":
                    yield from _items(one)


def _item(item: dict) -> Told:
    key = next(key for key in (*WORDS, *NOT_OURS) if key in item)
    body = item[key]
    if key in NOT_OURS:
        return ("ignored", "", "")
    if key == "message" and body.get("is_deleted"):
        return ("deleted", body["mid"], "")
    words = body.get("text") or (body.get("title") if key == "postback" else "") or ""
    mid = body.get("mid") or next(iter(body.get("mids") or ()), "")
    return (WORDS[key], mid, words)


def _told(event: Event) -> Told:
    if event.event == "received":
        made = event.external_id.startswith("postback:")
        return ("received", "" if made else event.external_id, event.text)
    if event.event == "updated":
        return (event.kind, next(iter(event.targets), ""), event.text)
    return ("ignored" if event.event == "ignored" else "unreadable", "", "")


def _evaluated(name: str, body: bytes, expected: dict) -> Iterator[tuple[str, object]]:
    events = read(Messenger, body)
    for one in rows.listed(expected):
        found = _look(one["path"])(one["path"], events, name, body)
        yield f"{name} {one['path']}", rows.problem(one["op"], one.get("value"), found)
    for key, several in expected.get("by_key", {}).items():
        inner = json.dumps(json.loads(body)[key]).encode()
        events = read(Messenger, inner)
        for one in several:
            found = vercel(one["path"], events, name, inner)
            yield f"{name} {key} {one['path']}", rows.problem(one["op"], one.get("value"), found)


def _look(path: str) -> Callable[[str, list[Event], str, bytes], object]:
    if path.startswith(("parsed.", "captured")):
        return vercel
    return bottender if path.startswith("new MessengerEvent") else restfb


def without_counterpart(data: pathlib.Path = DATA) -> Mapping[str, int]:
    """The accessors that were not judged, each with how often it is used."""
    return rows.without_counterpart(rows.sources(data.glob("*")), _evaluated)


def main() -> int:
    """Print the figures; the exit status is 1 if anything differs."""
    return rows.show(report(), DATA, without_counterpart())


if __name__ == "__main__":
    sys.exit(main())
