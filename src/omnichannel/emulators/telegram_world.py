"""The people around the emulated bot: who they are, what they say and do, and what Telegram has to tell of it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count

from omnichannel.toolbox import Json

Content = dict[str, Json]

CONNECTION = "eooW3KF5WB5HxTD7T826"
"""What a business account's connection is called, if nothing else is said."""


@dataclass
class Person:
    """Somebody with a Telegram account. `blocked`: they want to hear nothing of the bot any more."""

    id: int
    name: str
    started: bool = False
    blocked: bool = False

    @property
    def user(self) -> Content:
        """As Telegram writes them."""
        first, _, last = self.name.partition(" ")
        return {"id": self.id, "is_bot": False, "first_name": first, **({"last_name": last} if last else {})}


@dataclass
class Chat:
    """One chat with what was said in it, oldest first. `moved` is the supergroup that a group became."""

    about: Content
    messages: list[Content] = field(default_factory=list)
    moved: int = 0


class World:
    """People, groups, business accounts and files, and the updates about them that are on their way to the bot."""

    def __init__(self, me: Content, clock: Callable[[], datetime]) -> None:
        self.me, self.clock = me, clock
        self.people: dict[str, Person] = {}
        self.chats: dict[str, Chat] = {}
        self.connections: dict[str, Content] = {}
        self.files: dict[str, bytes] = {}
        self.updates: list[Content] = []
        self.lock = threading.RLock()
        self._numbers = count(1001)
        self._update_ids = count(700_000_001)

    def now(self) -> int:
        """Seconds since 1970, as the Bot API writes moments."""
        return int(self.clock().timestamp())

    # Who and where.

    def person(self, who: str) -> Person:
        """The person of that name; a name that nobody has makes somebody new."""
        with self.lock:
            return self.people.setdefault(who, Person(500_000_001 + len(self.people), who))

    def chat(self, number: int | str, **about: Json) -> Chat:
        """A chat by its id; made of `about` if there is none yet."""
        with self.lock:
            return self.chats.setdefault(str(number), Chat({"id": int(number), **about}))

    def private(self, who: str) -> Chat:
        """The chat of a person with the bot."""
        user = self.person(who).user
        rest = {key: value for key, value in user.items() if key not in ("id", "is_bot")}
        return self.chat(self.person(who).id, type="private", **rest)

    def shown(self, who: str) -> Sequence[str]:
        """What that person sees of ours in their own chat, as words."""
        ours = (one for one in self.private(who).messages if sent_by(one) != self.person(who).id)
        return [words(one) for one in ours]

    # What people do. Each waits for the next push or poll.

    def write(self, who: str, text: str, chat: Chat | None = None, via: str = "", **more: Json) -> str:
        """Somebody writes to the bot, or in a group; `more` are further keys of `Message`. Returns `chat:number`."""
        return self.say(who, chat, via, **{"text": text, **more})

    def say(self, who: str, chat: Chat | None = None, via: str = "", **content: Json) -> str:
        """Somebody sends anything at all; `via` is the business account that they write to."""
        person = self.person(who)
        person.started |= chat is None
        there = chat or self.private(who)
        extra: Content = {"business_connection_id": via} if via else {}
        message = self.put(there, {"from": person.user, **extra, **content})
        self.happen("business_message" if via else "message", message)
        return called(message)

    def put(self, chat: Chat, content: Content) -> Content:
        """A message into a chat, with its number and time."""
        with self.lock:
            number = next(self._numbers)
            message = {"message_id": number, "date": self.now(), "chat": chat.about, **content}
            chat.messages.append(message)
            return message

    def file(self, content: bytes, **about: Json) -> Content:
        """A file that Telegram keeps: as it stands in a message."""
        with self.lock:
            name = f"BQACAgQAAxkBAA{len(self.files) + 1:06d}"
            self.files[name] = content
        return {"file_id": name, "file_unique_id": f"u{name[-6:]}", "file_size": len(content), **about}

    def start(self, who: str, payload: str = "") -> str:
        """Somebody presses Start, after a link with a payload."""
        command: Content = {"type": "bot_command", "offset": 0, "length": 6}
        return self.write(who, f"/start {payload}".strip(), entities=[command])

    def edit(self, who: str, message: str, text: str) -> None:
        """Somebody changes what they wrote."""
        found = self.message(message)
        if sent_by(found) != self.person(who).id:
            raise ValueError(f"{who} did not write {message}")
        found |= {"text": text, "edit_date": self.now()}
        self.happen(
            "edited_business_message" if "business_connection_id" in found else "edited_message", found
        )

    def tap(self, who: str, message: str, value: str) -> str:
        """Somebody taps a button under a message; returns the query's id, which waits to be answered."""
        query = str(4_382_000_000_000_000_000 + next(self._numbers))
        body: Content = {
            "id": query,
            "from": self.person(who).user,
            "message": self.message(message),
            "data": value,
        }
        self.happen("callback_query", {**body, "chat_instance": "-3871936473298"})
        return query

    def react(self, who: str, message: str, *emoji: str, before: Sequence[str] = ()) -> None:
        """Somebody's reactions to a message are these now; none takes them back."""
        found = self.message(message)
        body: Content = {
            "user": self.person(who).user,
            "old_reaction": [{"type": "emoji", "emoji": one} for one in before],
            "new_reaction": [{"type": "emoji", "emoji": one} for one in emoji],
        }
        place = {"chat": found["chat"], "message_id": found["message_id"], "date": self.now()}
        self.happen("message_reaction", {**place, **body})

    def block(self, who: str, *, blocked: bool = True) -> None:
        """Somebody blocks the bot, or lets it in again."""
        person = self.person(who)
        person.blocked = blocked
        old, new = ("member", "kicked") if blocked else ("kicked", "member")
        body: Content = {"chat": self.private(who).about, "from": person.user, "date": self.now()}
        members = {"old_chat_member": old, "new_chat_member": new}
        about: Content = {key: {"user": self.me, "status": status} for key, status in members.items()}
        self.happen("my_chat_member", {**body, **about})

    def group(self, title: str, *, forum: bool = False) -> Chat:
        """A group that the bot is in; a supergroup with topics if it is a forum."""
        number = next(self._numbers)
        about: Content = {"is_forum": True} if forum else {}
        identity = -1_000_000_000_000 - number if forum else -number
        return self.chat(identity, title=title, type="supergroup" if forum else "group", **about)

    def migrate(self, group: Chat, who: str) -> Chat:
        """A group becomes a supergroup; from now on the old id only tells the new one."""
        old = int(str(group.about["id"]))
        group.moved = -1_000_000_000_000 + old
        new = self.chat(group.moved, title=group.about["title"], type="supergroup")
        self.say(who, chat=group, migrate_to_chat_id=group.moved)
        self.say(who, chat=new, migrate_from_chat_id=old)
        return new

    def business(self, owner: str, connection: str = CONNECTION) -> str:
        """Somebody lets the bot look after the chats of their account; returns the connection's id."""
        person = self.person(owner)
        body: Content = {
            "id": connection, "user": person.user, "user_chat_id": person.id, "date": self.now(),
            "rights": {"can_reply": True}, "is_enabled": True,
        }  # fmt: skip
        self.connections[connection] = body
        self.happen("business_connection", body)
        return connection

    def answer(self, owner: str, who: str, text: str, via: str, **more: Json) -> str:
        """The owner of a business account writes to somebody there, in Telegram's own program."""
        content: Content = {
            "from": self.person(owner).user,
            "business_connection_id": via,
            "text": text,
            **more,
        }
        message = self.put(self.private(who), content)
        self.happen("business_message", message)
        return called(message)

    def unsend(self, who: str, message: str) -> None:
        """Somebody deletes a message to a business account."""
        found = self.message(message)
        self.chats[str(self.person(who).id)].messages.remove(found)
        body = {key: found[key] for key in ("business_connection_id", "chat")}
        self.happen("deleted_business_messages", {**body, "message_ids": [found["message_id"]]})

    def message(self, name: str) -> Content:
        """A message by `chat:number`; raises KeyError."""
        for chat in self.chats.values():
            for message in chat.messages:
                if called(message) == name:
                    return message
        raise KeyError(name)

    def happen(self, kind: str, body: Content) -> None:
        """Any update, as it is now: what changes later changes nothing in it."""
        with self.lock:
            self.updates.append({"update_id": next(self._update_ids), kind: dict(body)})


def called(message: Content) -> str:
    """What a message is called by the channel: its chat and number, seen through a business connection if any."""
    chat = message["chat"]
    through = f"{message['business_connection_id']}@" if "business_connection_id" in message else ""
    return f"{through}{chat['id'] if isinstance(chat, dict) else ''}:{message['message_id']}"


def words(message: Content) -> str:
    """A message as somebody reads it."""
    text = str(message.get("text") or message.get("caption") or "")
    kinds = ("photo", "document", "video", "audio", "voice", "animation", "venue", "location", "contact")
    shown = next((f"[{kind}]" for kind in kinds if kind in message), "")
    return " ".join(filter(None, (shown, text)))


def sent_by(message: Content) -> Json:
    """The id of whoever wrote it."""
    sender = message.get("from")
    return sender.get("id") if isinstance(sender, dict) else None
