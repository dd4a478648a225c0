"""Where in Telegram something is said, and what that place and a message in it are called here.

A chat's id is one number for everybody; a message's number is only unique within its chat, and in the chats of a
business account only as seen through its connection (Bot API 10.1, `Message`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from omnichannel.errors import Malformed
from omnichannel.model import Address, Party
from omnichannel.toolbox import Json, is_object, need, obj, string

KIND = "telegram"

_KNOWN = 4096
"""How many people and places are remembered."""

_TOPICS = frozenset({"direct_messages_topic", "is_topic_message"})

_THREAD = re.compile(r"(?:([\w-]+)@)?(-?\d+)(?:/(d?\d+))?", re.ASCII)
_MESSAGE = re.compile(r"(?:([\w-]+)@)?(-?\d+):(\d+)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Place:
    """A chat: seen through a business `connection`, if there is one; in a `topic` of it, if it has any.

    A topic is a number in a forum, and a number after `d` in the direct messages of a channel.
    """

    chat: str
    connection: str = ""
    topic: str = ""

    def __str__(self) -> str:
        return f"{self._through}{self.chat}/{self.topic}" if self.topic else self._through + self.chat

    @property
    def _through(self) -> str:
        return f"{self.connection}@" if self.connection else ""

    @property
    def shared(self) -> bool:
        """Whether several people read along: a group or channel, whose ids are negative."""
        return self.chat.startswith("-") and not self.topic.startswith("d")

    def message(self, number: str) -> str:
        """What a message here is called: the same in updates, answers, edits and reactions."""
        return f"{self._through}{self.chat}:{number}"


def called(message: Json, place: Place) -> str:
    """What a message is called. Raises Malformed without a number.

    An ephemeral message has the number 0, as all of them do, and beside it one that only counts for the one who is
    shown it (Bot API 10.2, `Message.ephemeral_message_id`). It is nobody's to point at in the chat.
    """
    number = need(message, "message_id")
    ephemeral = string(message, "ephemeral_message_id")
    if number == "0" and ephemeral:
        return f"{place.message('ephemeral')}/{string(obj(message, 'receiver_user'), 'id')}/{ephemeral}"
    return place.message(number)


def place_of(thread: str) -> Place | None:
    """The place that is written so; None if none is."""
    found = _THREAD.fullmatch(thread)
    return Place(chat=found[2], connection=found[1] or "", topic=found[3] or "") if found else None


def message_of(external_id: str) -> tuple[Place, int] | None:
    """The place and number of a message; None for what is no message of Telegram's (a tapped button)."""
    found = _MESSAGE.fullmatch(external_id)
    return (Place(chat=found[2], connection=found[1] or ""), int(found[3])) if found else None


def place_in(message: Json) -> Place:
    """Where a message, or whatever else names a chat, was said. Raises Malformed without a chat."""
    chat = string(obj(message, "chat"), "id")
    if not chat:
        raise Malformed("chat.id is missing")
    return _place(chat, string(message, "business_connection_id"), _topic(message))


def _topic(message: Json) -> str:
    if not is_object(message) or _TOPICS.isdisjoint(message):
        return ""
    desk = string(obj(message, "direct_messages_topic"), "topic_id")
    in_forum = message.get("is_topic_message") is True
    return f"d{desk}" if desk else string(message, "message_thread_id") if in_forum else ""


@lru_cache(maxsize=_KNOWN)
def _place(chat: str, connection: str, topic: str) -> Place:
    """Frozen, and in the same few something is said again and again."""
    return Place(chat, connection, topic)


def shared(message: Json, place: Place) -> bool:
    """Whether several people read along where it was said."""
    if place.topic.startswith("d") or string(message, "ephemeral_message_id"):
        return False
    return place.shared or string(obj(message, "chat"), "type") in ("group", "supergroup", "channel")


def address(who: str) -> Address:
    """The address of a person, bot, group or channel: their ids never meet, and are the same for every bot."""
    return Address(kind=KIND, value=who)


def named(one: Json) -> str:
    """What a person or chat calls itself."""
    first, last = string(one, "first_name"), string(one, "last_name")
    whole = f"{first} {last}" if first and last else first or last
    return string(one, "title") or whole or string(one, "username")


def party(one: Json) -> Party | None:
    """A person or chat as a party; None for nobody."""
    who = string(one, "id")
    return _party(who, named(one)) if who else None


def nameless(who: str) -> Party:
    """Somebody as a party, whatever they call themselves."""
    return _party(who, "")


@lru_cache(maxsize=_KNOWN)
def _party(who: str, name: str) -> Party:
    """Frozen, and the same few write again and again."""
    return Party(address=address(who), name=name)
