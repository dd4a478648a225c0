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
from collections.abc import Iterator

from bench.conform import Row, table
from bench.conform.messenger_accessors import NONE, agrees, bottender, restfb, vercel
from omnichannel.channel import Delivery
from omnichannel.channels.messenger import Messenger
from omnichannel.errors import Forged, OmnichannelError
from omnichannel.model import Event

DATA = pathlib.Path(__file__).parents[2].parent / "shared" / "data" / "facebook"

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


def read(body: bytes) -> list[Event]:
    """The events of a file."""
    return list(Messenger.bare().parse(Delivery(source="file", body=body)))


def report(data: pathlib.Path = DATA) -> list[Row]:
    """The figures of every source under a folder; empty if there is none."""
    rows: list[Row] = []
    for folder in sorted(path for path in data.glob("*") if path.is_dir()):
        files = {path.name: path.read_bytes() for path in sorted(folder.glob("*.json"))}
        expected = json.loads(files.pop("expected.json", b'{"cases":{}}'))["cases"]
        rows.append(_reads(folder.name, files))
        rows.append(_events(folder.name, files))
        rows += _asserts(folder.name, files, expected)
    return [*rows, *_signatures(data.parent / "signatures" / "meta")]


def _signatures(folder: pathlib.Path) -> Iterator[Row]:
    """Recorded bodies with Meta's own signature: taken when they are valid, and only then."""
    results = []
    for path in sorted(folder.glob("*.json")):
        vectors = json.loads(path.read_text("utf-8"))
        for number, vector in enumerate(vectors if isinstance(vectors, list) else ()):
            problem = "" if _admits(vector) == vector["valid"] else "judged otherwise"
            results.append((f"{path.name} {number}", problem))
    if results:
        yield _row("signatures/meta", "admits", results)


def _admits(vector: dict) -> bool:
    header = ("x-hub-signature-256", vector["signature"])
    delivery = Delivery(body=vector["body"].encode(), headers=(header,))
    try:
        return Messenger.for_verifying((vector["app_secret"],)).admit(delivery).keep
    except Forged:
        return False


def _row(source: str, what: str, results: list[tuple[str, str]]) -> Row:
    differing = tuple(f"{name}: {problem}" for name, problem in results if problem)
    return Row(source, what, len(results) - len(differing), len(results), differing)


def _reads(source: str, files: dict[str, bytes]) -> Row:
    results = []
    for name, body in files.items():
        try:
            bad = [event.reason for event in read(body) if event.event == "malformed"]
            results.append((name, "; ".join(bad)))
        except Exception as error:
            problem = "" if isinstance(error, OmnichannelError) and not _is_json(body) else repr(error)
            results.append((name, problem))
    return _row(source, "reads", results)


def _is_json(body: bytes) -> bool:
    try:
        json.loads(body.decode("utf-8-sig"))
    except ValueError:
        return False
    return True


def _events(source: str, files: dict[str, bytes]) -> Row:
    readable = {name: body for name, body in files.items() if _is_json(body)}
    return _row(source, "events", [(name, _difference(body)) for name, body in readable.items()])


def _difference(body: bytes) -> str:
    """What stands in a file and gave no event, and what gave an event and does not stand there."""
    try:
        wanted = [_wanted(one) for one in _items(json.loads(body.decode("utf-8-sig")))]
        found = [_told(event) for event in read(body)]
    except Exception as error:
        return repr(error)
    missing = [one for one in wanted if one not in found]
    strangers = [one for one in found if one[0] not in ("ignored", "unreadable") and one not in wanted]
    return f"missing {missing}, not in the file {strangers}" if missing or strangers else ""


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


def _wanted(item: dict) -> tuple[str, str, str]:
    key = next(key for key in (*WORDS, *NOT_OURS) if key in item)
    body = item[key]
    if key in NOT_OURS:
        return ("ignored", "", "")
    if key == "message" and body.get("is_deleted"):
        return ("deleted", body["mid"], "")
    words = body.get("text") or (body.get("title") if key == "postback" else "") or ""
    mid = body.get("mid") or next(iter(body.get("mids") or ()), "")
    return (WORDS[key], mid, words)


def _told(event: Event) -> tuple[str, str, str]:
    if event.event == "received":
        made = event.external_id.startswith("postback:")
        return ("received", "" if made else event.external_id, event.text)
    if event.event == "updated":
        return (event.kind, next(iter(event.targets), ""), event.text)
    return ("ignored" if event.event == "ignored" else "unreadable", "", "")


def _asserts(source: str, files: dict[str, bytes], expected: dict) -> Iterator[Row]:
    results = []
    for name, problem in _judged(files, expected):
        if problem is not NONE:
            results.append((name, str(problem)))
    if results:
        yield _row(source, "asserts", results)


def _judged(files: dict[str, bytes], expected: dict) -> Iterator[tuple[str, object]]:
    """Every assert as (file and accessor, what differs); NONE where our model has no counterpart."""
    for name, case in expected.items():
        if name not in files:
            continue
        for path, op, value, found in _evaluated(name, files[name], case["expected"]):
            where = f"{name} {path}"
            if found is NONE:
                yield where, NONE
            else:
                yield where, "" if agrees(op, value, found) else f"{op} {value!r}, found {found!r}"


def _evaluated(name: str, body: bytes, expected: dict) -> Iterator[tuple[str, str, object, object]]:
    asserts = [
        *expected.get("asserts", ()),
        *(one for case in expected.get("cases", ()) for one in case["asserts"]),
    ]
    events = read(body)
    for one in asserts:
        look = bottender if one["path"].startswith("new MessengerEvent") else restfb
        if one["path"].startswith(("parsed.", "captured")):
            look = vercel
        yield one["path"], one["op"], one.get("value"), look(one["path"], events, name, body)
    for key, several in expected.get("by_key", {}).items():
        inner = json.dumps(json.loads(body)[key]).encode()
        events = read(inner)
        for one in several:
            yield (
                f"{key} {one['path']}",
                one["op"],
                one.get("value"),
                vercel(one["path"], events, name, inner),
            )


def without_counterpart(data: pathlib.Path = DATA) -> dict[str, int]:
    """The accessors that were not judged, each with how often it is used."""
    found: dict[str, int] = {}
    for folder in sorted(path for path in data.glob("*") if (path / "expected.json").exists()):
        files = {path.name: path.read_bytes() for path in folder.glob("*.json")}
        for where, problem in _judged(files, json.loads(files["expected.json"])["cases"]):
            if problem is NONE:
                accessor = f"{folder.name}: {where.partition(' ')[2]}"
                found[accessor] = found.get(accessor, 0) + 1
    return found


def main() -> int:
    """Print the figures; the exit status is 1 if anything differs."""
    rows = report()
    print(table(rows) or f"no data under {DATA}")
    for row in rows:
        for case in row.differing:
            print(f"  {row.source} {row.what}: {case}")
    rest = without_counterpart()
    print(f"\n{sum(rest.values())} asserts have no counterpart in our model:")
    print("\n".join(f"  {times:>3} {accessor}" for accessor, times in sorted(rest.items())))
    return 1 if any(row.differing for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
