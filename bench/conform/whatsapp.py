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
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from bench.conform import Row, graph, rows
from bench.conform.rows import NONE, Source, Told, read
from bench.conform.whatsapp_accessors import ask
from bench.conform.whatsapp_pywa import pywa
from bench.conform.whatsapp_view import agrees
from omnichannel.channel import Call, Response
from omnichannel.channels.whatsapp import WhatsApp
from omnichannel.errors import UsageError
from omnichannel.model import Address, Attachment, Draft, Event, Location, Part, Party, Template, Text

DATA = rows.DATA / "whatsapp"

# What a message or status is, written down from Meta's reference and not from our parser.
DOINGS = {"reaction": "reaction", "edit": "edited", "revoke": "deleted"}
STATUSES = {"sent": "sent", "delivered": "delivered", "read": "read", "played": "read", "failed": "failed"}


def report(data: pathlib.Path = DATA) -> list[Row]:
    """The figures of every source under a folder; empty if there is none."""
    return graph.report(WhatsApp, data, _judge)


def _judge(source: Source) -> Iterator[Row]:
    yield rows.events(WhatsApp, source, _wanted, _told, lambda told: told[0] not in ("ignored", "malformed"))
    yield from rows.asserts(source, _asked)
    if source.name == "meta-openapi-examples":
        yield _sends(source)
        yield _answers(source)


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


def _case(name: str, where: str, value: object) -> str:
    """What a difference is called; where we always differ from a source, the same for all of its files."""
    if ("inbox" in where and value == 0) or where == "Contact.count":
        return "chatwoot keeps nothing of what it cannot show"
    if where.startswith("m.message."):
        return "pywa gives an edit the file of its message"
    return f"{name} {where}".replace("::", ".")


def _asked(name: str, body: bytes, expected: dict) -> Iterator[tuple[str, object]]:
    events = read(WhatsApp, body)
    for source in expected.get("lambdas", ()):
        yield _judged(name, source, "is_true", True, pywa(source, events, body))
    for one in rows.listed(expected):
        yield _judged(name, one["path"], one["op"], one.get("value"), _found(one, events, body))
    for key, several in expected.get("by_key", {}).items():
        inner = json.dumps(json.loads(body)[key]).encode()
        for one in several:
            found = _vercel(one["path"], read(WhatsApp, inner))
            yield _judged(name, f"{key} {one['path']}", "eq", one["value"], found)


def _judged(name: str, where: str, op: str, value: object, found: object) -> tuple[str, object]:
    return _case(name, where, value), rows.problem(op, value, found, agrees)


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


def _sends(source: Source) -> Row:
    results = []
    for name, body in source.files.items():
        wanted = json.loads(_filled(body)) if "ID_messages__request" in name else {}
        draft = _draft(wanted)
        if draft is not None:
            results.append((name, _unlike(wanted, draft)))
    return rows.row(source.name, "sends", results)


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


def _answers(source: Source) -> Row:
    results = []
    for name, body in source.files.items():
        status = re.search(r"__response(\d+)__", name)
        if status is None or b"encrypted_contents" in body or b'"success"' in body:
            continue
        call = Call(url="https://graph.facebook.com/x", prepares="_media__" in name)
        receipt = WhatsApp.bare().read(call, Response(status=int(status[1]), body=body))
        expected = {"2": "sent", "4": "refused", "5": "unknown"}[status[1][0]]
        results.append((name, "" if receipt.outcome == expected else f"{receipt}"))
    return rows.row(source.name, "answers", results)


def without_counterpart(data: pathlib.Path = DATA) -> Mapping[str, int]:
    """The accessors that were not judged, each with how often it is used."""
    return rows.without_counterpart(rows.sources(data.glob("*")), _asked)


def main() -> int:
    """Print the figures; the exit status is 1 if anything differs."""
    return rows.show(report(), DATA, without_counterpart())


if __name__ == "__main__":
    sys.exit(main())
