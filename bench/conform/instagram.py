"""How far the Instagram channel agrees with what the sources of recorded bodies say about them.

`reads`: no file raises, nothing in it is unreadable. `events`: every item and comment gives the event, the id, the
author and the words that stand in it. `asserts`: what the source's own tests say, as far as we have a counterpart.
"""

from __future__ import annotations

import pathlib
import re
from collections.abc import Callable, Iterator

from bench.conform import Row, graph, rows
from bench.conform.rows import NONE, Source, Told
from omnichannel.channels.instagram import Instagram
from omnichannel.model import Event

DATA = rows.DATA / "instagram"

KEYS = {
    "message": "received", "postback": "received", "reaction": "reaction", "message_edit": "edited", "read": "read",
    "referral": "referral", "optin": "optin",
}  # fmt: skip


def report(data: pathlib.Path = DATA) -> list[Row]:
    """The figures of every source under a folder; empty if there is none."""
    return graph.report(Instagram, data, _judge)


def _judge(source: Source) -> Iterator[Row]:
    yield from graph.asserts(Instagram, source, look)
    yield from graph.events(Instagram, source, _wanted, _told)


def _wanted(value: object) -> Iterator[Told]:
    return (_item(key, item) for key, item in _items(value))


def _items(value: object) -> Iterator[tuple[str, dict]]:
    """Every item and comment, wherever it stands, by its key or field."""
    if isinstance(value, list):
        for one in value:
            yield from _items(one)
    elif isinstance(value, dict):
        if value.get("field") in ("comments", "live_comments"):
            yield "comment", value["value"]
        elif value.get("field") == "messages":
            yield from _items(value["value"])
        elif "sender" in value and set(value) & set(KEYS):
            yield next(key for key in KEYS if key in value), value
        else:
            for key in ("entry", "messaging", "standby", "changes"):
                yield from _items(value.get(key))


def _item(key: str, value: dict) -> Told:
    if key == "comment":
        return "received", value["id"], str((value.get("from") or {}).get("id", "")), value.get("text", "")
    body = value[key]
    echo = key == "message" and body.get("is_echo")
    customer = value["recipient" if echo else "sender"]["id"]
    if key == "message" and body.get("is_deleted"):
        return "deleted", body["mid"], customer, ""
    return KEYS[key], body.get("mid", ""), customer, body.get("text") or body.get("title") or ""


def _told(event: Event) -> Told:
    if event.event == "received":
        who = event.thread if not event.public else event.sender.address.value
        return "received", event.external_id, "" if who.startswith("comment:") else who, event.text
    if event.event == "updated":
        return event.kind, next(iter(event.targets), ""), event.thread, event.text
    return event.event, "", "", ""


def _files(events: list[Event]) -> list:
    """What other models call attachments: shared things, and what cannot be shown, included."""
    pointers = ("link", "share", "post", "reel", "story", "story_mention")
    return [
        part
        for event in events
        for part in getattr(event, "parts", ())
        if part.type == "attachment"
        or (part.type == "reference" and part.what in pointers)
        or (part.type == "system" and part.what.startswith("unsupported:"))
    ]


def _unsupported(events: list[Event]) -> bool:
    return any(getattr(part, "what", "").startswith("unsupported:") for part in _files(events))


def _messages(events: list[Event]) -> list[Event]:
    """What a desk shows as a message: what was said, and, unsent, the place where it stood."""
    return [
        event
        for event in events
        if event.event == "received" or (event.event == "updated" and event.kind == "deleted")
    ]


def _kind(events: list[Event]) -> object:
    """Chatwoot's word for a shared thing."""
    found = next((part for part in _files(events) if part.type == "reference"), None)
    return f"ig_{found.what}" if found else NONE


def _words(events: list[Event]) -> object:
    """Where Chatwoot puts words of its own in place of none, there is no counterpart."""
    return getattr(events[-1], "text", "") or NONE


LOOKS: dict[str, Callable[[list[Event]], object]] = {
    "messages.count": lambda events: len(_messages(events)),
    "conversations.count": lambda events: len({event.thread for event in _messages(events)}),
    "contacts.count": lambda events: len({event.thread for event in _messages(events)}),
    "attachments.count": lambda events: len(_files(events)),
    ".file_type": _kind,
    '["image_type"]': _kind,
    ".external_url": lambda events: _files(events)[-1].url,
    ".content": _words,
    ".deleted": lambda events: events[-1].event == "updated" and events[-1].kind == "deleted",
    '["is_unsupported"]': lambda events: _unsupported(events) or None,
    "getMessage().hasAttachment()": lambda events: bool(_files(events)),
    "isUnsupportedType()": _unsupported,
    "getFrom().getId()": lambda events: events[0].sender.address.value,
    "getFrom().getUsername()": lambda events: events[0].sender.name,
    "getParentId()": lambda events: events[0].reply_to,
    "getMedia().getId()": lambda events: _post(events).external_id,
    "getMedia().getMediaProductType()": lambda events: _post(events).title,
    "value.getId()": lambda events: events[0].external_id,
    "value.getText()": lambda events: events[0].text,
    "change.getField()": lambda events: getattr(events[0], "kind", NONE),
}


def _post(events: list[Event]):
    return next(part for part in events[0].parts if part.type == "reference")


OPS = {"eq": "eq", "be": "eq", "be_nil": "is_null", "include": "toContain", "is_true": "is_true"}


def look(path: str, events: list[Event], name: str, one: dict) -> object:  # noqa: ARG001 - a `graph.Look`
    """By how the accessor ends; a value in braces stands for one in the source's own database."""
    if str(one.get("value")).startswith("{{") or re.search(r"additional_attributes|\.name$", path):
        return NONE
    one["op"] = OPS.get(one["op"], one["op"])
    found = next((LOOKS[end] for end in LOOKS if path.endswith(end)), None)
    return found(events) if found and events else NONE
