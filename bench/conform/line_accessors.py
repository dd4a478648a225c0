"""What the tests of LINE's own libraries, of bottender and of Chatwoot ask of an event, answered from ours."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from bench.conform.line_view import View
from bench.conform.rows import NONE
from omnichannel.model import Event

_MISSING = (AttributeError, IndexError)
"""What is raised where a part is asked for that is not there."""


def _message(view: View) -> dict[str, object] | None:
    """LINE's object of a message, as far as we keep it."""
    if not view.type.startswith("message/"):
        return None
    known: dict[str, object] = {"id": view.about, "type": view.content}
    if view.content == "text":
        known["text"] = view.words
    if view.content == "sticker":
        package, _, sticker = view.part("reference").external_id.partition("/")
        known |= {"packageId": package, "stickerId": sticker}
    if view.content == "location":
        known |= {"latitude": view.part("location").latitude, "longitude": view.part("location").longitude}
    return known


def _of_content(kind: str) -> Callable[[View], object]:
    return lambda view: _message(view) if view.content == kind else None


def _happened(kind: str) -> Callable[[View], object]:
    """bottender gives the source of a happening in the happening's name."""
    return lambda view: view.from_where if view.type == kind else None


def _beacon(view: View) -> dict[str, str] | None:
    words: Iterator[tuple[str, str]] = zip(("type", "hwid", "dm"), view.reason.split(), strict=False)
    return dict(words) if view.type == "beacon" else None


def _link(view: View) -> dict[str, str] | None:
    if view.type != "accountLink":
        return None
    return {"result": view.reason, "nonce": view.part("system").text}


def _postback(view: View) -> dict[str, object] | None:
    if view.payload is None:
        return None
    return {"data": view.payload, **({"params": view.picked} if view.picked else {})}


def _reply_token(view: View) -> object:
    # Only messages are answered: of other events we keep no token.
    return view.reply_token if view.said else NONE


BOTTENDER: dict[str, Callable[[View], object]] = {
    "message": _message,
    "text": lambda view: view.words if view.content == "text" else None,
    **{kind: _of_content(kind) for kind in ("image", "video", "audio", "file", "location", "sticker")},
    **{
        kind: _happened(kind)
        for kind in ("follow", "unfollow", "join", "leave", "memberJoined", "memberLeft")
    },
    "postback": _postback,
    "payload": lambda view: view.payload,
    **{kind: lambda view, kind=kind: view.picked.get(kind) for kind in ("date", "time", "datetime")},
    "beacon": _beacon,
    "accountLink": _link,
    "replyToken": _reply_token,
    "source": lambda view: view.from_where,
}


def bottender(path: str, view: View, name: str) -> object:
    """`new LineEvent(imageMessage).isText`; one file's asserts may speak of another file's message."""
    if path == "senderId":
        return view.place
    found = re.fullmatch(r"new LineEvent\((\w+)\)\.(is)?(\w+)", path)
    if not found or not name.endswith(f"_{found[1]}.json"):
        return NONE
    key = found[3][0].lower() + found[3][1:]
    if key not in BOTTENDER:
        return NONE
    answer = BOTTENDER[key](view)
    return answer is not None if found[2] else answer


def _class_of(path: str, view: View) -> object:
    """LINE's class for the event, its message or where it is from."""
    if path.endswith("source()"):
        places = ("userId", "UserSource"), ("groupId", "GroupSource"), ("roomId", "RoomSource")
        named = (word for key, word in places if view.place and view.source.get(key) == view.place)
        return f"{next(named, 'UnknownSource')}.class"
    if path.endswith(("message", "message()")):
        if not view.type.startswith("message/"):
            return None
        known = ("text", "image", "video", "audio", "file", "location", "sticker")
        return f"{view.content.title() if view.content in known else 'Unknown'}MessageContent.class"
    word = view.type.partition("/")[0]
    return "UnknownEvent.class" if " " in word else f"{word[0].upper()}{word[1:]}Event.class"


def _mode(view: View) -> object:
    # A happening is no conversation that somebody else could hold.
    if not view.said:
        return NONE
    return "EventMode.STANDBY" if view.event.readonly else "EventMode.ACTIVE"


JAVA: dict[str, Callable[[View], object]] = {
    "destination": lambda view: view.event.sender.address.scope,
    "userId": lambda view: view.person,
    "groupId": lambda view: view.place,
    "roomId": lambda view: view.place,
    "mode": _mode,
    "replyToken": _reply_token,
    "type": lambda view: view.event.kind,
    "id": lambda view: view.about,
    "messageId": lambda view: view.about,
    "text": lambda view: view.words or view.part("reference").text,
    "packageId": lambda view: view.part("reference").external_id.partition("/")[0],
    "stickerId": lambda view: view.part("reference").external_id.partition("/")[2],
    "keywords": lambda view: view.part("reference").title.split(", "),
    "latitude": lambda view: view.part("location").latitude,
    "longitude": lambda view: view.part("location").longitude,
    "fileName": lambda view: view.part("attachment").name,
    "fileSize": lambda view: view.part("attachment").size,
    "data": lambda view: view.payload,
    "result": lambda view: view.reason,
    "nonce": lambda view: view.part("system").text,
    "hwid": lambda view: view.reason.split()[1],
    "dm": lambda view: view.reason.split()[2],
    "trackingId": lambda view: view.reason,
    "uids": lambda view: view.part("system").text,
}


def java(path: str, view: View, one: dict) -> object:
    """`((StickerMessageContent)message).text()`: by its last accessor."""
    try:
        if one["op"] == "isInstanceOf":
            return _class_of(path, view)
        key = path.rpartition(".")[2].removesuffix("()")
        if key in ("title", "address"):
            return _within(view.part("location").name, str(one.get("value")))
        return JAVA[key](view) if key in JAVA else NONE
    except _MISSING:
        return None


def _within(name: str, wanted: str) -> str:
    """Title and address of a place are one line with us."""
    return (
        wanted if name.startswith(f"{wanted}, ") or name.endswith(f", {wanted}") or name == wanted else name
    )


def chatwoot(path: str, events: list[Event]) -> object:
    """What stands in Chatwoot's inbox afterwards; names come from LINE's answers about people."""
    heard: list[Any] = [event for event in events if event.event == "received"]
    which = -1 if ".last." in path else 0
    table: dict[str, Callable[[], object]] = {
        "conversations": lambda: len({event.thread for event in heard}),
        "messages": lambda: len(heard),
        "Contact.all": lambda: len({event.sender for event in heard}),
        'additional_attributes["social_line_user_id"]': lambda: heard[which].sender.address.value,
        # Where Chatwoot puts words of its own in place of none, there is no counterpart.
        "content": lambda: heard[which].text or NONE,
    }
    key = re.sub(r"\.(size|count)$", "", path)
    found = next((look for end, look in table.items() if key.endswith(end)), None)
    if found is None:
        return NONE
    try:
        return found()
    except _MISSING:
        return None
