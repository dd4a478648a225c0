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

from bench.conform import Row, table
from bench.conform.telegram_accessors import NONE, bottender, chatwoot, nutgram
from omnichannel.channel import Delivery
from omnichannel.channels.telegram import Telegram
from omnichannel.errors import OmnichannelError
from omnichannel.model import Event

DATA = pathlib.Path(__file__).parents[2].parent / "shared" / "data" / "telegram"

# The keys of an update (Bot API 10.1), written down from its page and not from our parser.
SAID = ("message", "channel_post", "business_message", "guest_message")
CHANGED = ("edited_message", "edited_channel_post", "edited_business_message")


def read(body: bytes) -> list[Event]:
    """The events of a file."""
    return list(Telegram.bare().parse(Delivery(source="file", body=body)))


def report(data: pathlib.Path = DATA) -> list[Row]:
    """The figures of every source under a folder; empty if there is none."""
    rows: list[Row] = []
    for folder in sorted(path for path in data.glob("*") if path.is_dir()):
        files = {path.name: path.read_bytes() for path in sorted(folder.glob("*.json"))}
        expected = json.loads(files.pop("expected.json", b'{"cases":{}}'))["cases"]
        rows.append(_row(folder.name, "reads", [(name, _trouble(body)) for name, body in files.items()]))
        readable = {name: body for name, body in files.items() if _json(body) is not NONE}
        rows.append(
            _row(folder.name, "events", [(name, _difference(body)) for name, body in readable.items()])
        )
        judged = [one for name in expected if name in readable for one in _judged(name, readable, expected)]
        if judged:
            rows.append(_row(folder.name, "asserts", judged))
    return rows


def _row(source: str, what: str, results: list[tuple[str, str]]) -> Row:
    differing = tuple(f"{name}: {problem}" for name, problem in results if problem)
    return Row(source, what, len(results) - len(differing), len(results), differing)


def _json(body: bytes) -> object:
    try:
        return json.loads(body.decode("utf-8-sig"))
    except ValueError:
        return NONE


def _trouble(body: bytes) -> str:
    try:
        return "; ".join(event.reason for event in read(body) if event.event == "malformed")
    except OmnichannelError as error:
        return repr(error) if _json(body) is not NONE else ""
    except Exception as error:
        return repr(error)


def _difference(body: bytes) -> str:
    """What stands in a file and gave no event, and what gave one and does not stand there."""
    try:
        wanted, found = list(_wanted(_json(body))), [_told(event) for event in read(body)]
    except Exception as error:
        return repr(error)
    missing = [one for one in wanted if one not in found]
    strangers = [one for one in found if one[0] in ("message", "edit") and one not in wanted]
    return f"missing {missing}, not in the file {strangers}" if missing or strangers else ""


def _wanted(value: object, depth: int = 0) -> Iterator[tuple[str, str, str]]:
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


def _update(key: str, body: object) -> Iterator[tuple[str, str, str]]:
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


def _tap(body: dict) -> Iterator[tuple[str, str, str]]:
    if body.get("data"):
        yield ("tap", str(body["id"]), body["data"])


def _id(message: dict) -> str:
    connection = message.get("business_connection_id")
    return f"{f'{connection}@' if connection else ''}{message['chat']['id']}:{message['message_id']}"


def _words(message: dict) -> str:
    # How rich messages are laid out as lines is ours to say.
    return "" if "rich_message" in message else message.get("text") or message.get("caption") or ""


def _told(event: Event) -> tuple[str, str, str]:
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


def _judged(name: str, files: dict[str, bytes], expected: dict) -> Iterator[tuple[str, str]]:
    """Every expectation of a file that has a counterpart, as what it is called and what differs."""
    wanted, events, value = expected[name]["expected"], read(files[name]), _json(files[name])
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
    rows = report()
    print(table(rows) or f"no data under {DATA}")
    for row in rows:
        for case in row.differing:
            print(f"  {row.source} {row.what}: {case}")
    return 1 if any(row.differing for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
