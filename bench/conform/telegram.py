"""How far the Telegram channel agrees with what the sources of recorded bodies say about them.

Three figures a source: `reads` (no file raises, nothing well-formed is unreadable), `events` (every message,
edit, tap and reaction in a file gives its event, with its id, its sender and its words) and `asserts` (what the
source's own tests say, as far as it has a counterpart in our model). `python -m bench conform telegram --differing`.
"""

from __future__ import annotations

import json
import pathlib
import sys
from collections.abc import Iterator

from bench.conform import Row, rows
from bench.conform.rows import NONE, Source, Told, read
from bench.conform.telegram_accessors import bottender, chatwoot, nutgram
from omnichannel.channels.telegram import Telegram
from omnichannel.model import Event

DATA = rows.DATA / "telegram"

# The keys of an update (Bot API 10.1), written down from its page and not from our parser.
SAID = ("message", "channel_post", "business_message", "guest_message")
CHANGED = ("edited_message", "edited_channel_post", "edited_business_message")


def report(data: pathlib.Path = DATA) -> list[Row]:
    """The figures of every source under a folder; empty if there is none."""
    return rows.report(Telegram, rows.sources(data.glob("*")), _judge)


def _judge(source: Source) -> Iterator[Row]:
    yield rows.events(Telegram, source, _wanted, _told, lambda told: told[0] in ("message", "edit"))
    yield from rows.asserts(source, _judged)


def _wanted(value: object, depth: int = 0) -> Iterator[Told]:
    """Every message, edit, tap and reaction, wherever it is in the file: its kind, id and words."""
    if isinstance(value, list):
        for one in value:
            yield from _wanted(one, depth + 1)
    if not isinstance(value, dict) or depth > 4:
        return
    if _is_message(value):
        yield ("message", _id(value), _words(value))
    elif "chat_instance" in value:
        yield from _tap(value)
    elif "update_id" in value or _holds(value):
        for key, body in value.items():
            yield from _update(key, body)
    else:
        for one in value.values():
            yield from _wanted(one, depth + 1)


def _is_message(value: dict) -> bool:
    return "message_id" in value and isinstance(value.get("chat"), dict) and "type" not in value


def _holds(value: dict) -> bool:
    return any(isinstance(value.get(key), dict) for key in (*SAID, *CHANGED, "callback_query"))


def _update(key: str, body: object) -> Iterator[Told]:
    if not isinstance(body, dict):
        return
    if key in SAID:
        yield ("message", _id(body), _words(body))
    elif key in CHANGED:
        yield ("edit", _id(body), _words(body))
    elif key == "callback_query":
        yield from _tap(body)
    elif key == "message_reaction":
        yield ("reaction", _id(body), "")


def _tap(body: dict) -> Iterator[Told]:
    if body.get("data"):
        yield ("tap", str(body["id"]), body["data"])


def _id(message: dict) -> str:
    connection = message.get("business_connection_id")
    return f"{f'{connection}@' if connection else ''}{message['chat']['id']}:{message['message_id']}"


def _words(message: dict) -> str:
    # How rich messages are laid out as lines is ours to say.
    return "" if "rich_message" in message else message.get("text") or message.get("caption") or ""


def _told(event: Event) -> Told:
    if event.event == "received":
        choice = next((part for part in event.parts if part.type == "choice" and part.chosen), None)
        if choice:
            return ("tap", event.external_id.removeprefix("callback:"), choice.chosen.value)
        rich = event.direction == "outbound" and "\n" in event.text
        return ("message", event.external_id, "" if rich else event.text)
    if event.event == "updated":
        if event.kind in ("edited", "live_location"):
            return ("edit", event.targets[0], event.text)
        if event.kind == "reaction":
            return ("reaction", event.targets[0], "")
        made = event.external_id.startswith(f"{event.kind}:")
        return (event.kind, "", "") if made else ("message", event.external_id, event.text)
    return (event.event, "", "")


def _judged(name: str, body: bytes, wanted: dict) -> Iterator[tuple[str, str]]:
    """Every expectation of a file that has a counterpart, as what it is called and what differs."""
    if not rows.is_json(body):
        return
    events, value = read(Telegram, body), json.loads(body)
    if "update_kind" in wanted:
        yield name, nutgram(wanted["update_kind"], wanted["update_field"], events, value)
    for one in wanted.get("asserts", ()):
        yield from _compared(name, one, bottender(one["path"], events, name, value))
    for case in wanted.get("cases", ()):
        for one in case["asserts"]:
            yield from _compared(name, one, chatwoot(one["path"], events))


def _compared(name: str, one: dict, found: object) -> Iterator[tuple[str, str]]:
    value = one.get("value")
    # How many conversations there were before is in Chatwoot's database: only whether there is one can be told.
    if found is NONE or (one["path"].endswith("conversations.count") and value != 0):
        return
    good = {
        "not_eq": found != value,
        "include": isinstance(found, dict) and isinstance(value, dict) and value.items() <= found.items(),
    }.get(one["op"], found == value)
    label = f"{name} {one['path']}"
    if not good and one["path"].endswith("conversations.count") and value == 0:
        label = "chatwoot reads no groups"
    yield label, "" if good else f"{name} {one['op']} {value!r}, found {found!r}"


def main() -> int:
    """Print the figures; the exit status is 1 if anything differs."""
    return rows.show(report(), DATA)


if __name__ == "__main__":
    sys.exit(main())
