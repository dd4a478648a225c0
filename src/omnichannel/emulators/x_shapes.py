"""The things of the emulated X, and how its API and webhooks write them down."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Json = dict[str, Any]


@dataclass
class User:
    """Somebody on X. Who does not `takes_messages` refuses direct messages."""

    id: str
    username: str
    name: str
    takes_messages: bool = True


@dataclass
class Post:
    """What stands in public. `versions` are the ids of its edits, oldest first; the last one is `id`."""

    id: str
    author: User
    text: str
    at: datetime
    conversation: str
    in_reply_to: Post | None = None
    media: tuple[str, ...] = ()
    versions: list[str] = field(default_factory=list)


@dataclass
class Message:
    """A direct message between two people."""

    id: str
    sender: User
    recipient: User
    text: str
    at: datetime
    media: tuple[str, ...] = ()

    @property
    def conversation(self) -> str:
        """`smaller-larger`, as X writes it."""
        return "-".join(sorted((self.sender.id, self.recipient.id), key=int))


def mentions(text: str, user: User) -> bool:
    """Whether a text names somebody."""
    return re.search(rf"(?<!\w)@{re.escape(user.username)}(?!\w)", text, re.IGNORECASE) is not None


def v2_user(user: User) -> Json:
    """A user as v2 writes one."""
    return {"id": user.id, "username": user.username, "name": user.name}


def v2_post(post: Post, users: dict[str, User]) -> Json:
    """A post as v2 writes one."""
    named = [user for user in users.values() if mentions(post.text, user)]
    entries = [{"start": 0, "end": 1, "username": user.username, "id": user.id} for user in named]
    found: Json = {
        "id": post.id,
        "text": escaped(post.text),
        "author_id": post.author.id,
        "conversation_id": post.conversation,
        "created_at": _iso(post.at),
        "edit_history_tweet_ids": list(post.versions),
        "entities": {"mentions": entries},
    }
    if post.in_reply_to:
        found["in_reply_to_user_id"] = post.in_reply_to.author.id
        found["referenced_tweets"] = [{"type": "replied_to", "id": post.in_reply_to.id}]
    if post.media:
        found["attachments"] = {"media_keys": [f"3_{file}" for file in post.media]}
    return found


def v2_message(message: Message) -> Json:
    """A direct message as v2's lists write one."""
    found: Json = {
        "id": message.id,
        "event_type": "MessageCreate",
        "text": escaped(message.text),
        "sender_id": message.sender.id,
        "dm_conversation_id": message.conversation,
        "created_at": _iso(message.at),
    }
    if message.media:
        found["attachments"] = {"media_keys": [f"3_{file}" for file in message.media]}
    return found


def activity_message(message: Message) -> Json:
    """A direct message as X Activity writes one: in the shape of v1.1, with wrapped users."""
    people = {user.id: {"data": v2_user(user)} for user in (message.sender, message.recipient)}
    data = {
        "text": escaped(message.text),
        "entities": {"hashtags": [], "symbols": [], "user_mentions": [], "urls": []},
    }
    event = {
        "type": "message_create",
        "id": message.id,
        "created_timestamp": str(int(message.at.timestamp() * 1000)),
        "message_create": {
            "target": {"recipient_id": message.recipient.id},
            "sender_id": message.sender.id,
            "message_data": data,
        },
    }
    return {"direct_message_events": [event], "users": people}


def escaped(text: str) -> str:
    """X delivers these three characters escaped."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _iso(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
