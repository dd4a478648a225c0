"""What other projects' tests ask of their models, answered from ours."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from bench.conform.rows import NONE
from omnichannel.model import Event

_MESSAGES = (
    "message", "edited_message", "channel_post", "edited_channel_post", "business_message", "edited_business_message",
    "guest_message",
)  # fmt: skip


class View:
    """The first event of a file, with an answer for every question, whatever kind of event it is."""

    def __init__(self, event: Any, value: Any) -> None:
        self.event = event
        self.kind = event.event if event.event == "received" else getattr(event, "kind", "")
        self.parts = getattr(event, "parts", ())
        self.value = value if isinstance(value, dict) else {}
        self.tap = any(part.type == "choice" and part.chosen for part in self.parts)
        self.text = getattr(event, "text", "") or None

    def holds(self, key: str) -> bool:
        """Whether the update came under this key: our events do not tell a message from a channel's post."""
        return key in self.value and self.event.event != "malformed"

    def part(self, kind: str, what: str = "") -> Any:
        """The first part of a type."""
        found = (part for part in self.parts if part.type == kind and what in ("", getattr(part, "what", "")))
        return next(found, None)

    def file(self, raw: Any) -> Any:
        """The raw object of a file (of a photo: its sizes), if ours holds the same; None if it does not."""
        held = {part.external_id for part in self.parts if part.type == "attachment"}
        if isinstance(raw, list):
            largest = max(raw, key=lambda size: size.get("width", 0) * size.get("height", 0), default={})
            return raw if largest.get("file_id") in held else None
        return raw if isinstance(raw, dict) and raw.get("file_id") in held else None


def _place(view: View) -> Any:
    """A place on earth, or what is none, as it was sent."""
    found, raw = view.part("location"), view.value.get("message", {}).get("location")
    return raw if found or view.part("system", "location") else None


def _raw(key: str) -> Callable[[View], Any]:
    return lambda view: view.value.get(key) if view.holds(key) else None


def _message(key: str, kind: str) -> Callable[[View], Any]:
    return lambda view: (
        view.value.get("message", {}).get(key)
        if view.part(kind, key if kind == "reference" else "")
        else None
    )


BOTTENDER: dict[str, Callable[[View], Any]] = {
    "message": _raw("message"),
    "text": lambda view: view.text if view.holds("message") else None,
    "replyToMessage": lambda view: (
        view.value["message"].get("reply_to_message")
        if getattr(view.event, "reply_to", "") and not view.tap
        else None
    ),
    "location": _place,
    "venue": lambda view: (
        view.value["message"].get("venue")
        if view.part("location") or view.part("system", "location")
        else None
    ),
    "contact": _message("contact", "contact"),
    "game": _message("game", "reference"),
    "callbackQuery": lambda view: view.value.get("callback_query") if view.tap else None,
    "payload": lambda view: view.part("choice").chosen.value if view.tap else None,
}
for _kind, _camel in (
    ("audio", "audio"), ("document", "document"), ("photo", "photo"), ("sticker", "sticker"),
    ("video", "video"), ("voice", "voice"), ("video_note", "videoNote"),
):  # fmt: skip
    BOTTENDER[_camel] = lambda view, kind=_kind: view.file(view.value.get("message", {}).get(kind))
for _kind in (
    "edited_message", "channel_post", "edited_channel_post", "inline_query", "chosen_inline_result",
    "shipping_query", "pre_checkout_query",
):  # fmt: skip
    BOTTENDER[re.sub(r"_(\w)", lambda found: found[1].upper(), _kind)] = _raw(_kind)


def bottender(path: str, events: list[Event], name: str, value: object) -> object:
    """`new TelegramEvent(textMessage).isText`; one file's asserts may speak of another file's message."""
    found = re.fullmatch(r"new TelegramEvent\((\w+)\)\.(is)?(\w+)", path)
    if not found or not name.endswith(f"_{found[1]}.json"):
        return NONE
    accessor = found[3][0].lower() + found[3][1:]
    if accessor not in BOTTENDER:
        return NONE
    answer = BOTTENDER[accessor](View(events[0], value))
    return answer is not None if found[2] else answer


def _customer(event: Any) -> Any:
    return event.recipients[0] if event.direction == "outbound" else event.sender


def _first_file(event: Any) -> str:
    kinds = {"image": "image", "video": "video", "audio": "audio"}
    part = event.parts[0]
    return "location" if part.type == "location" else kinds.get(part.media_type.partition("/")[0], "file")


def chatwoot(path: str, events: list[Event]) -> object:
    """Chatwoot's spec reads its database: contacts, conversations, messages."""
    event: Any = events[0]
    if path == "message.content":
        return event.text
    if event.event != "received":
        return NONE
    if path.endswith("conversations.count"):
        return len(events)
    place, _, chat = event.thread.rpartition("@")
    table: dict[str, Callable[[], object]] = {
        "Contact.all.first.name": lambda: _customer(event).name,
        'Contact.all.first.additional_attributes["social_telegram_user_id"]': lambda: int(
            event.sender.address.value
        ),
        "channel_telegram.inbox.messages.first.content": lambda: event.text,
        "channel_telegram.inbox.messages.first.message_type": lambda: (
            "outgoing" if event.direction == "outbound" else "incoming"
        ),
        "channel_telegram.inbox.messages.first.attachments.first.file_type": lambda: _first_file(event),
        "channel_telegram.inbox.conversations.last.additional_attributes": lambda: {
            "chat_id": int(chat),
            "business_connection_id": place,
        },
    }
    return table[path]() if path in table else NONE


_TAKEN = {
    "callback_query": lambda view: view.tap,
    "message_reaction": lambda view: view.kind == "reaction",
    "my_chat_member": lambda view: view.part("system", "membership"),
    "chat_member": lambda view: view.part("system", "membership"),
    "chat_join_request": lambda view: view.kind == "join_request",
    "deleted_business_messages": lambda view: view.kind == "deleted",
}


def nutgram(update_kind: str, update_field: str, events: list[Event], value: object) -> str:
    """What an update is about must be recognised; empty if it is, else what we make of it."""
    view = View(events[0], value)
    if update_field not in _MESSAGES:
        good = _TAKEN.get(update_field, lambda view: view.kind == update_field)(view)
        return "" if good else f"{update_field} is {view.kind}"
    body = view.value.get(update_field, {})
    kind = update_kind.split("~", maxsplit=1)[0].removeprefix("message_")
    named = [getattr(part, "what", "") for part in view.parts]
    good = (
        bool({kind, update_kind} & set(named))
        or view.file(body.get(kind))
        or (kind in ("contact", "users_shared") and view.part("contact"))
        or (kind in ("location", "venue", "live_location") and view.part("location"))
        or (kind == "reply_to_story" and view.part("reference", "story"))
        or ("rich_message" in body and view.text is not None)
        # What has no field of its own is a way of writing: a command, an answer, words with marks.
        or (
            (kind in ("text", "caption", "entities") or kind not in body)
            and view.text is not None
            and view.text == (body.get("text") or body.get("caption"))
        )
    )
    return "" if good else f"{update_kind} is {view.kind} with {[part.type for part in view.parts]}"
