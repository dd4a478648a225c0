"""How far the WhatsApp channel agrees with what the sources of recorded bodies say about them.

`reads` (no file raises, none of its items is unreadable), `events` (every item in a file gives the event, the id and
the words that stand in it), `asserts` (what the source's own tests say, as far as our model has a counterpart),
`sends` and `answers` (Meta's own examples: what we would send for them, and what their answers mean), `admits` (real
signatures). `python -m bench.conform.whatsapp` prints them, what differs, and what has no counterpart.
"""

from __future__ import annotations

import json
import pathlib
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime

from bench.conform import Row, table
from bench.conform.whatsapp_accessors import NONE, agrees, ask, pywa
from omnichannel.channel import Call, Delivery, Response
from omnichannel.channels.whatsapp import WhatsApp
from omnichannel.errors import Forged, UsageError
from omnichannel.model import Address, Attachment, Draft, Event, Location, Part, Party, Template, Text

DATA = pathlib.Path(__file__).parents[2].parent / "shared" / "data" / "whatsapp"

# What a message or status is, written down from Meta's reference and not from our parser.
DOINGS = {"reaction": "reaction", "edit": "edited", "revoke": "deleted"}
STATUSES = {"sent": "sent", "delivered": "delivered", "read": "read", "played": "read", "failed": "failed"}
Told = tuple[str, str, str]


def read(body: bytes) -> list[Event]:
    """The events of a file."""
    return list(WhatsApp.bare().parse(Delivery(source="file", body=body)))


def report(data: pathlib.Path = DATA) -> list[Row]:
    """The figures of every source under a folder; empty if there is none."""
    rows: list[Row] = []
    for folder in sorted(path for path in data.glob("*") if path.is_dir()):
        files = {path.name: path.read_bytes() for path in sorted(folder.glob("*.json"))}
        expected = json.loads(files.pop("expected.json", b'{"cases":{}}'))["cases"]
        rows += [_reads(folder.name, files), _events(folder.name, files)]
        rows += _asserts(folder.name, files, expected)
        if folder.name == "meta-openapi-examples":
            rows += [_sends(folder.name, files), _answers(folder.name, files)]
    return [*rows, *_signatures(data.parent / "signatures" / "meta")]


def _row(source: str, what: str, results: list[tuple[str, str]]) -> Row:
    differing = tuple(f"{name}: {problem}" for name, problem in results if problem)
    return Row(source, what, len(results) - len(differing), len(results), differing)


def _signatures(folder: pathlib.Path) -> Iterator[Row]:
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
    try:
        delivery = Delivery(body=vector["body"].encode(), headers=(header,))
        return WhatsApp.for_verifying((vector["app_secret"],)).admit(delivery).keep
    except Forged:
        return False


def _reads(source: str, files: dict[str, bytes]) -> Row:
    results = []
    for name, body in files.items():
        try:
            results.append(
                (name, "; ".join(event.reason for event in read(body) if event.event == "malformed"))
            )
        except Exception as error:
            results.append((name, repr(error)))
    return _row(source, "reads", results)


def _events(source: str, files: dict[str, bytes]) -> Row:
    return _row(source, "events", [(name, _difference(body)) for name, body in files.items()])


def _difference(body: bytes) -> str:
    """What stands in a file and gave no event, and what gave an event and does not stand there."""
    try:
        wanted = list(_wanted(json.loads(body)))
        found = [_told(event) for event in read(body)]
    except Exception as error:
        return repr(error)
    missing = [one for one in wanted if one not in found]
    strangers = [one for one in found if one[0] not in ("ignored", "malformed") and one not in wanted]
    return f"missing {missing}, not in the file {strangers}" if missing or strangers else ""


def _wanted(value: object, key: str = "") -> Iterator[Told]:
    """Every item that says something, wherever it is in the file."""
    if isinstance(value, list):
        for one in value:
            yield from _wanted(one, key)
    elif isinstance(value, dict):
        known = _item(value, key)
        if known is not None:
            yield known
            return
        for name, one in value.items():
            yield from _wanted(one, name)


def _item(value: dict, key: str) -> Told | None:
    if key in ("messages", "message_echoes") and {"timestamp", "from"} & value.keys():
        kind = value.get("type") or next(
            (name for name in (*DOINGS, "text", "location") if name in value), ""
        )
        if kind in DOINGS:
            inner = value[kind]
            target = inner.get("message_id") or inner.get("original_message_id") or ""
            return (DOINGS[kind], target, _words(inner.get("message", {})) if kind == "edit" else "")
        return ("received", value.get("id", ""), _words(value))
    if key == "statuses":
        status = STATUSES.get(value["status"])
        return (status, value["id"], "") if status else None
    if key == "calls" and "event" in value:
        return ("received" if value["event"] == "connect" else "edited", value["id"], "")
    return ("marketing", "", "") if key == "user_preferences" else None


def _words(message: dict) -> str:
    """What the person wrote: a text, a caption, the title that they tapped."""
    kind = message.get("type", "text")
    body = message.get(kind) if isinstance(message.get(kind), dict) else {}
    if kind == "system":
        return ""
    reply = body.get(body.get("type", ""), {}) if kind == "interactive" else {}
    return body.get("body") or body.get("caption") or body.get("text") or reply.get("title") or ""


def _told(event: Event) -> Told:
    if event.event == "received":
        made = re.fullmatch(r"message:[0-9a-f]{32}", event.external_id)
        system = event.parts[0].type == "system" and event.parts[0].what.startswith("user_changed") and made
        return ("ignored", "", "") if system else ("received", "" if made else event.external_id, event.text)
    if event.event == "updated":
        return (event.status or event.kind, next(iter(event.targets), ""), event.text)
    return (event.event, "", "")


def _asserts(source: str, files: dict[str, bytes], expected: dict) -> Iterator[Row]:
    judged = [(name, problem) for name, problem in _judged(files, expected) if problem is not NONE]
    if judged:
        yield _row(source, "asserts", [(name, str(problem)) for name, problem in judged])


def _judged(files: dict[str, bytes], expected: dict) -> Iterator[tuple[str, object]]:
    """Every assert as (file and accessor, what differs); NONE where our model has no counterpart."""
    for name, case in expected.items():
        for where, op, value, found in _asked(files[name], case["expected"]) if name in files else ():
            problem = (
                NONE
                if found is NONE
                else ""
                if agrees(op, value, found)
                else f"{op} {value!r}, found {found!r}"
            )
            yield _case(name, where, value), problem


def _case(name: str, where: str, value: object) -> str:
    """What a difference is called; where we always differ from a source, the same for all of its files."""
    if ("inbox" in where and value == 0) or where == "Contact.count":
        return "chatwoot keeps nothing of what it cannot show"
    if where.startswith("m.message."):
        return "pywa gives an edit the file of its message"
    return f"{name} {where}".replace("::", ".")


def _asked(body: bytes, expected: dict) -> Iterator[tuple[str, str, object, object]]:
    events = read(body)
    for source in expected.get("lambdas", ()):
        yield source, "is_true", True, pywa(source, events, body)
    listed = [
        *expected.get("asserts", ()),
        *(one for case in expected.get("cases", ()) for one in case["asserts"]),
    ]
    for one in listed:
        yield one["path"], one["op"], one.get("value"), _found(one, events, body)
    for key, several in expected.get("by_key", {}).items():
        inner = json.dumps(json.loads(body)[key]).encode()
        for one in several:
            yield f"{key} {one['path']}", "eq", one["value"], _vercel(one["path"], read(inner))


def _found(one: dict, events: list[Event], body: bytes) -> object:
    if "inbox" in one["path"] or one["path"].startswith(("Contact", "contact.name", "Message")):
        return _chatwoot(one["path"], one["op"], events)
    return (
        ask(one["path"], events, body)
        if one["op"] not in ("isInstanceOf", "InstanceOf", "contains")
        else NONE
    )


def _chatwoot(path: str, op: str, events: list[Event]) -> object:
    """What stands in Chatwoot's inbox afterwards."""
    heard = [event for event in events if event.event == "received"]
    place = next((part for event in heard for part in event.parts if part.type == "location"), None)
    table: dict[str, object] = {
        "Contact.all.first.name": heard[0].sender.name if heard else "",
        "channel_whatsapp.inbox.messages.first.content": heard[0].text if heard else "",
        "channel_whatsapp.inbox.messages.count": len(heard),
        "Contact.count": len(heard),
        "channel_whatsapp.inbox.messages.first.attachments.first.fallback_title": place.name if place else "",
        "channel_whatsapp.inbox.messages.first.attachments.first.coordinates_lat": place.latitude
        if place
        else "",
        "channel_whatsapp.inbox.messages.first.attachments.first.coordinates_long": place.longitude
        if place
        else "",
    }
    if path == "channel_whatsapp.inbox.conversations.count":
        return len(heard) if op == "eq" else NONE
    return table.get(path, NONE)


def _vercel(path: str, events: list[Event]) -> object:
    """What reached the handler of Vercel's bot, which sees no statuses."""
    (event,) = events
    heard = event if event.event == "received" else None
    table: dict[str, object] = {
        "captured.message": heard,
        "captured.message.text": heard.text if heard else None,
        "captured.message.author.fullName": heard.sender.name if heard else None,
        "captured.message.author.userId": heard.sender.address.value.removeprefix("+") if heard else None,
        "captured.message.author.isMe": bool(heard and heard.direction == "outbound"),
        "captured.thread.isDM": bool(heard and not heard.public),
    }
    plain = re.sub(r"\(captured as \w+\)", "captured", path).replace("?", "")
    return table.get(plain, NONE) if plain != "captured.message" else NONE


# Meta's own examples of requests and answers.


def _sends(source: str, files: dict[str, bytes]) -> Row:
    results = []
    for name, body in files.items():
        wanted = json.loads(_filled(body)) if "ID_messages__request" in name else {}
        draft = _draft(wanted)
        if draft is not None:
            results.append((name, _unlike(wanted, draft)))
    return _row(source, "sends", results)


def _filled(body: bytes) -> bytes:
    """An example with values where its placeholders stand."""
    text = re.sub(r"\{\{[^}]*\}\}", "+16505551234", body.decode())
    return re.sub(r'"<?http\(s\)://[^"]*"', '"https://shop.example/file"', text).encode()


def _draft(wanted: dict) -> Draft | None:
    """What somebody would want said who sends this; None where our model does not say such things."""
    kind = wanted.get("type", "")
    body = wanted.get(kind, {})
    parts: tuple[Part, ...] = ()
    if kind == "text":
        parts = (Text(text=body["body"]),)
    elif kind == "location":
        parts = (Location(latitude=body["latitude"], longitude=body["longitude"], name=body["name"]),)
    elif kind in _TYPES and "link" in body:
        caption = (Text(text=body["caption"]),) if "caption" in body else ()
        parts = (Attachment(media_type=_TYPES[kind], url=body["link"]), *caption)
    elif kind == "template" and _is_plain(body):
        values = tuple(one["text"] for part in body.get("components", ()) for one in part["parameters"])
        parts = (Template(name=body["name"], language=body["language"]["code"], values=values),)
    if not parts:
        return None
    to = Party(address=Address(kind="phone", value="+16505551234"))
    now, answered = datetime(2026, 11, 20, tzinfo=UTC), wanted.get("context", {}).get("message_id", "")
    return Draft(id="0199", to=to, parts=parts, created_at=now, heard_at=now, reply_to=answered)


_TYPES = {"image": "image/jpeg", "video": "video/mp4", "audio": "audio/ogg", "document": "application/pdf"}


def _is_plain(template: dict) -> bool:
    """Whether only texts fill its places, and only those of its body."""
    components = template.get("components", ())
    texts = all(one["type"] == "text" for part in components for one in part["parameters"])
    return (
        texts
        and all(part["type"] == "body" for part in components)
        and bool(re.fullmatch(r"[a-z0-9_]+", template["name"]))
    )


def _unlike(wanted: dict, draft: Draft) -> str:
    """Where what we send is another than the example; our model has one line for a place, and we add our mark."""
    try:
        (call,) = WhatsApp.bare().render(draft)
    except (UsageError, ValueError) as error:
        return repr(error)
    found = json.loads(call.body)
    found.pop("biz_opaque_callback_data")
    wanted = json.loads(json.dumps(wanted))
    wanted.get("location", {}).pop("address", None)
    wanted["to"] = found["to"]
    return "" if found == wanted else f"sent {found}, the example is {wanted}"


def _answers(source: str, files: dict[str, bytes]) -> Row:
    results = []
    for name, body in files.items():
        status = re.search(r"__response(\d+)__", name)
        if status is None or b"encrypted_contents" in body or b'"success"' in body:
            continue
        call = Call(url="https://graph.facebook.com/x", prepares="_media__" in name)
        receipt = WhatsApp.bare().read(call, Response(status=int(status[1]), body=body))
        expected = {"2": "sent", "4": "refused", "5": "unknown"}[status[1][0]]
        results.append((name, "" if receipt.outcome == expected else f"{receipt}"))
    return _row(source, "answers", results)


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
