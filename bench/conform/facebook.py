"""How far the Facebook channel agrees with what the sources of recorded bodies say about them.

`reads`: no file raises, nothing in it is unreadable. `events`: every change of `feed`, `mention` and `ratings` gives
the event, the id, the author and the words that stand in it. `asserts`: what restfb's own tests say of its model.
"""

from __future__ import annotations

import pathlib
import re
from collections.abc import Callable, Iterator
from typing import Any

from bench.conform import Row, graph, rows
from bench.conform.rows import NONE, Source, Told
from omnichannel.channels.facebook import Facebook
from omnichannel.model import Event

DATA = rows.DATA / "facebook"

VERBS = {
    "add": "received", "edited": "edited", "edit": "edited", "remove": "deleted", "hide": "hidden",
    "unhide": "hidden",
}  # fmt: skip
EMOJI = {"👍": "like", "❤️": "love", "🤗": "care", "😆": "haha", "😮": "wow", "😢": "sad", "😡": "angry"}


def report(data: pathlib.Path = DATA) -> list[Row]:
    """The figures of every source under a folder; empty if there is none."""
    return graph.report(Facebook, data, _judge)


def _judge(source: Source) -> Iterator[Row]:
    yield from graph.asserts(Facebook, source, look)
    yield from graph.events(Facebook, source, _wanted, _told)


def _wanted(value: object) -> Iterator[Told]:
    """What stands in a file, written down from Meta's words and not from our parser."""
    return (_change(page, change) for page, change in _changes(value, ""))


def _changes(value: object, page: str) -> Iterator[tuple[str, dict]]:
    """Every change of the fields that are read, wherever it stands, with its Page."""
    if isinstance(value, list):
        for one in value:
            yield from _changes(one, page)
    elif isinstance(value, dict):
        if value.get("field") in ("feed", "mention", "ratings") and value.get("value"):
            yield page, value["value"]
        for key in ("entry", "changes"):
            yield from _changes(value.get(key), str(value.get("id", page)))


def _change(page: str, value: dict) -> Told:
    item, author = value.get("item"), _author(value)
    node = value.get("comment_id") if item in ("comment", "reaction", "like") else ""
    node = node or value.get("post_id") or value.get("open_graph_story_id") or ""
    kind = VERBS.get(value["verb"], "ignored")
    if item in ("reaction", "like"):
        kind = "reaction" if value.get("comment_id") else "ignored"
    elif item not in ("comment", "rating") and (author == page or not value.get("post_id")):
        kind = "ignored"
    said = kind in ("received", "edited")
    words = (value.get("message") or value.get("review_text") or "") if said else ""
    silent = kind in ("deleted", "hidden", "ignored") or not author
    return kind, "" if kind == "ignored" else str(node), "" if silent else author, words


def _author(value: dict) -> str:
    return str(
        (value.get("from") or {}).get("id") or value.get("sender_id") or value.get("reviewer_id") or ""
    )


def _told(event: Event) -> Told:
    sender = getattr(event, "sender", None)
    who = sender.address.value if sender and not sender.address.value.startswith("comment:") else ""
    if event.event == "received":
        return "received", event.external_id, who, event.text
    if event.event == "updated":
        return event.kind, event.targets[0], who, event.text
    return event.event, "", "", ""


class View:
    """One event, asked as restfb's models are; NONE for what we do not keep."""

    def __init__(self, event: Any) -> None:
        self.event = event
        self.said = event.event == "received"
        self.changed = event.event == "updated"
        self.parts = getattr(event, "parts", ())

    @property
    def node(self) -> str:
        """What it is about."""
        return self.event.targets[0] if self.changed else self.event.external_id

    def told(self, found: object) -> object:
        """An answer for what is a message, or the edit of one."""
        return found if self.said or getattr(self.event, "kind", "") == "edited" else NONE

    @property
    def post(self) -> object:
        """The post: itself, or what a comment that is no reply answers."""
        if self.said and self.event.reply_to:
            return self.event.reply_to if self.event.thread == self.event.external_id else NONE
        return NONE if self.changed else self.node

    def file(self, kind: str) -> object:
        """The first file of a kind."""
        return next(
            (part.url for part in self.parts if part.type == "attachment" and part.media_type == kind), None
        )

    def system(self, what: str) -> object:
        """What a part of the platform's own says."""
        return next((part.text for part in self.parts if part.type == "system" and part.what == what), NONE)


def _sender(view: View, name: str) -> object:
    sender = view.event.sender
    if sender is None:
        return NONE
    return sender.name if name == "name" else sender.address.value


LOOKS: dict[str, Callable[[View], object]] = {
    "getMessage": lambda view: view.told(getattr(view.event, "text", "") or None),
    "getReviewText": lambda view: view.told(getattr(view.event, "text", "") or None),
    "getPostId": lambda view: view.post,
    "getParentId": lambda view: view.event.reply_to if view.said else NONE,
    "getCommentId": lambda view: view.node if getattr(view.event, "kind", "") != "rating" else NONE,
    "getCreatedTime.getTime": lambda view: round(view.event.sent_at.timestamp() * 1000),
    "isReply": lambda view: view.event.thread != view.event.external_id if view.said else NONE,
    "getPhoto": lambda view: view.file("image/*") if view.said else NONE,
    "getFrom.getId": lambda view: _sender(view, "id"),
    "getFrom.getName": lambda view: _sender(view, "name"),
    "getSenderId": lambda view: _sender(view, "id"),
    "getSenderName": lambda view: _sender(view, "name"),
    "getReviewerName": lambda view: _sender(view, "name"),
    "getReactionType": lambda view: EMOJI.get(view.event.reaction) if view.changed else NONE,
    "isCommentReaction": lambda view: view.changed and view.event.kind == "reaction",
    "isPostReaction": lambda view: "reaction to the post" in view.event.reason,
    "isPostLike": lambda view: "reaction to the post" in view.event.reason,
    "isPageLike": lambda view: "reaction to the Page" in view.event.reason,
    "getRating.longValue": lambda view: view.system("rating"),
}


def look(path: str, events: list[Event], name: str, one: dict) -> object:
    """`value.getFrom().getId()`: by its last two accessors, or its last one."""
    if len(events) != 1 or one["op"] == "is_null" or name.startswith("messaging"):
        return NONE
    names = re.findall(r"\.((?:get|is)\w*)\(", path)
    key = next((key for key in (".".join(names[-2:]), ".".join(names[-1:])) if key in LOOKS), "")
    return LOOKS[key](View(events[0])) if key else NONE
