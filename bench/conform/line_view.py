"""LINE's events beside ours: those that stand in a file, and each of ours described in LINE's own words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs

from omnichannel.model import Event

# LINE's word for an event (webhook.yml of line/line-openapi), and what an update of ours is called.
UPDATES = {
    "messageEdited": "edited",
    "unsend": "deleted",
    "follow": "follow",
    "unfollow": "unfollow",
    "join": "join",
    "leave": "leave",
    "memberJoined": "member_joined",
    "memberLeft": "member_left",
    "videoPlayComplete": "video_viewed",
    "beacon": "beacon",
    "things": "things",
    "accountLink": "account_linking",
    "membership": "membership",
    "module": "module",
    "activated": "activated",
    "deactivated": "deactivated",
    "botSuspended": "bot_suspended",
    "botResumed": "bot_resumed",
}
TYPES = ("message", "postback", *UPDATES)
FILES = {"image/*": "image", "video/*": "video", "audio/*": "audio", "application/octet-stream": "file"}


def listed(value: object) -> Iterator[dict]:
    """Every event in a file: of a webhook, of the request that brought it, of several, or an event alone."""
    if isinstance(value, list):
        for one in value:
            yield from listed(one)
    elif isinstance(value, dict) and "events" in value:
        yield from value["events"]
    elif isinstance(value, dict) and "body" in value:
        yield from listed(value["body"])
    elif isinstance(value, dict) and "type" in value:
        yield value


def place_in(source: dict) -> str:
    """The group or room where something happened; empty in a chat of two."""
    return source.get("groupId") or source.get("roomId") or ""


class View:
    """One event of ours. `raw` is LINE's of the same place: it tells a group's id from a person's."""

    def __init__(self, event: Any, raw: dict) -> None:
        self.event: Any = event
        self.raw = raw
        self.source: dict = raw.get("source") or {}
        self.parts = getattr(event, "parts", ())
        self.said = event.event == "received"
        self.reason: str = getattr(event, "reason", "")

    def part(self, kind: str) -> Any:
        """The first part of a type, and None if there is none."""
        return next((part for part in self.parts if part.type == kind), None)

    @property
    def type(self) -> str:
        """LINE's word for the event, and for its message; what we ignore or cannot read says so."""
        if self.said:
            return "postback" if self.part("choice") else f"message/{self.content}"
        if self.event.event != "updated":
            return f"{self.event.event} {getattr(self.event, 'kind', self.reason)}"
        word = next((line for line, ours in UPDATES.items() if ours == self.event.kind), self.event.kind)
        return f"{word}/{self.content}" if word == "messageEdited" else word

    @property
    def content(self) -> str:
        """LINE's word for a message of these parts."""
        if not self.parts:
            return ""
        part: Any = self.parts[0]
        if part.type == "attachment":
            media_type: str = part.media_type
            return FILES.get(media_type, media_type)
        return part.what if part.type in ("reference", "system") else part.type

    @property
    def about(self) -> str:
        """The message that it is, or that it changes; else the event's own id, where LINE gave one."""
        targets = getattr(self.event, "targets", ())
        return targets[0] if targets else self.event.external_id.removeprefix(self._made)

    @property
    def _made(self) -> str:
        """An id that we made ourselves, because LINE gave none."""
        return self.event.external_id if self.event.external_id.startswith("event:") else ""

    @property
    def author(self) -> str:
        """Who did it; where LINE does not tell, the group or room."""
        sender = self.event.sender
        return sender.address.value if sender else ""

    @property
    def person(self) -> str | None:
        """Who did it, if that is known."""
        return None if self.author == place_in(self.source) else self.author

    @property
    def place(self) -> str:
        """The chat, group or room."""
        return self.event.thread

    @property
    def from_where(self) -> dict[str, str]:
        """LINE's ids of person and place, as we have them."""
        return {
            key: self.author if key == "userId" else self.place for key in self.source if key.endswith("Id")
        }

    @property
    def words(self) -> str | None:
        """What was written."""
        return getattr(self.event, "text", "") or None

    @property
    def chosen(self) -> Any:
        """What was tapped."""
        return getattr(self.part("choice"), "chosen", None)

    @property
    def payload(self) -> str | None:
        """The value of the button that was tapped."""
        return self.chosen.value if self.chosen else None

    @property
    def picked(self) -> dict[str, str]:
        """What was picked with the button: a date, a time."""
        pairs = self.chosen.text.split(", ") if self.chosen and self.chosen.text else ()
        return dict(pair.split("=", 1) for pair in pairs)

    @property
    def reply_token(self) -> str | None:
        """The token that is good for one answer."""
        _, _, tokens = self.event.answer_to.written.partition("?")
        return parse_qs(tokens).get("reply", [None])[0]


def views(events: list[Event], value: object) -> list[View]:
    """Ours, each beside LINE's of the same place in the file."""
    return [View(event, raw) for event, raw in zip(events, listed(value), strict=False)]
