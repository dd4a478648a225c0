"""From one message of Telegram's to the event that it is: who speaks, to whom, where, and what is said.

The people of the company speak too: in a channel, from a business account, through the bot itself. What they say
is outbound. Groups and channels are public: everybody in them reads along.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from omnichannel.channels.telegram.contact import own_number
from omnichannel.channels.telegram.parts import Body, parts_of, present
from omnichannel.channels.telegram.place import address, called, nameless, party, place_in, shared
from omnichannel.channels.telegram.service import HAPPENED, MOVED, happened, moved
from omnichannel.errors import Malformed
from omnichannel.model import (
    Automatic,
    Direction,
    Event,
    Evidence,
    Part,
    Party,
    Received,
    Strength,
    System,
    Text,
    Updated,
    written,
)
from omnichannel.toolbox import find_tokens, from_epoch, number, obj, string

_NOTED = frozenset({"media_group_id", "via_bot"})


class Said:
    """One message: `data` as it came, `own` our bot's id (empty: unknown), `business` from whose account it is.

    What several of its answers need is read once, when it is made. Raises Malformed for what was said nowhere.
    """

    __slots__ = (
        "_chat",
        "_from",
        "_type",
        "business",
        "data",
        "ours",
        "own",
        "place",
        "says",
        "sender",
        "shared",
    )

    def __init__(self, data: Body, own: str = "", *, business: bool = False) -> None:
        self.data = data
        self.own = own
        self.business = business
        self._chat = obj(data, "chat")
        self._from = obj(data, "from")
        self._type = string(self._chat, "type")
        self.place = place_in(data)
        """Where it was said."""
        self.shared = shared(data, self.place)
        """Whether several people read along."""
        self.says = present(data)
        """The fields that say something."""
        self.sender = self._sender()
        """Who speaks: a chat instead of a person where Telegram says so, and where it names nobody."""
        self.ours = self._is_ours()
        """Whether the company speaks and not a customer."""

    @property
    def id(self) -> str:
        """What it is called here: a guest's by its query, as the bot is not in that chat."""
        guest = string(self.says, "guest_query_id")
        return f"guest:{guest}" if guest else called(self.data, self.place)

    @property
    def thread(self) -> str:
        """Where more of the same is said: nowhere for what only one person is shown, and in others' private chats.

        Such a chat has the id of one of the two, as has the bot's own chat with that person.
        """
        guest = "guest_query_id" in self.says and not self.shared
        return "" if guest or "ephemeral_message_id" in self.says else str(self.place)

    @property
    def answers(self) -> str:
        """The message that it answers. In a forum everything answers its topic, which means nothing."""
        if "reply_to_message" not in self.data:
            return ""
        answered = obj(self.data, "reply_to_message")
        number = string(answered, "message_id")
        topic = self.place.topic == number and bool(self.place.topic)
        return called(answered, self.place) if number and not topic else ""

    @property
    def sent_at(self) -> datetime | None:
        """When it was sent."""
        return from_epoch(number(self.data, "date"))

    @property
    def chat(self) -> Party:
        """The chat: in a private one, the person there."""
        found = party(self._chat)
        if found is None:
            raise Malformed("chat.id is missing")
        return found

    def _sender(self) -> Party:
        found = party(obj(self.data, "sender_chat")) if "sender_chat" in self.data else None
        if found is None and self._type != "channel":
            found = party(self._from)
        return found or self.chat

    def _is_ours(self) -> bool:
        if self._type == "channel" or self.data.get("is_automatic_forward") is True:
            return True
        if self.place.topic.startswith("d"):
            return bool(obj(self.data, "sender_chat"))
        who = string(self._from, "id")
        if self.own and who == self.own:
            return True
        elsewhere = who not in ("", self.place.chat)
        return elsewhere and not self.shared and (self.business or self._from.get("is_bot") is True)

    @property
    def recipients(self) -> tuple[Party, ...]:
        """Whom it is for: the customer, the group, or our bot; nobody in particular for a post in a channel."""
        if self.place.topic.startswith("d"):
            asker = party(obj(obj(self.data, "direct_messages_topic"), "user"))
            return (asker,) if self.ours and asker else ()
        if self.shared:
            return () if self.ours else (self.chat,)
        if self.ours:
            return (self.chat,)
        return (nameless(self.own),) if self.own and not self.business else ()

    @property
    def automatic(self) -> Automatic | None:
        """Other bots, and what a business account says while nobody is there."""
        if self.business and self.data.get("is_from_offline") is True:
            return "auto_reply"
        if self._from.get("is_bot") is not True or self.ours or obj(self.data, "sender_chat"):
            return None
        return "auto_generated"

    @property
    def notes(self) -> tuple[str, ...]:
        """What belongs together, and through which program it came."""
        if _NOTED.isdisjoint(self.data):
            return ()
        album, via = string(self.data, "media_group_id"), string(obj(self.data, "via_bot"), "username")
        return tuple(filter(None, (album and f"album {album}", via and f"via @{via}")))

    def received(self, parts: tuple[Part, ...], *, evidence: tuple[Evidence, ...] = ()) -> Received:
        """The message."""
        tokens = self._tokens(parts)
        return Received(
            external_id=self.id,
            direction=Direction.OUTBOUND if self.ours else Direction.INBOUND,
            sender=self.sender,
            recipients=self.recipients,
            sent_at=self.sent_at,
            parts=_without_payload(parts) if tokens else parts,
            thread=self.thread,
            reply_to=self.answers,
            public=self.shared,
            automatic=self.automatic,
            tokens=tokens,
            evidence=evidence,
            # A guest answers through one query, once, and not in the chat.
            readonly="guest_query_id" in self.says,
            notes=self.notes,
        )

    def _tokens(self, parts: tuple[Part, ...]) -> tuple[str, ...]:
        """What the sender brings back themselves: not what we said, nor what they hand on from somebody else."""
        found = () if self.ours else find_tokens(written(parts))
        forwarded = found and any(part.type == "reference" and part.what == "forward" for part in parts)
        return () if forwarded else found

    def updated(self, kind: str, external_id: str, parts: tuple[Part, ...], reason: str = "") -> Updated:
        """What happened to this message, or what it says that happened."""
        edited = from_epoch(number(self.data, "edit_date"))
        return Updated(
            kind=kind,
            external_id=external_id,
            sender=self.sender,
            sent_at=edited or self.sent_at,
            thread=self.thread,
            parts=parts,
            reason=reason,
        )


def _without_payload(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """As the person sees it: Telegram's own programs show `/start` and hide what the link brought."""
    return tuple(
        Text(text="/start") if part.type == "text" and part.text.startswith("/start ") else part
        for part in parts
    )


def message(said: Said) -> Event:
    """A new message: words and files are said; a title, a member, a pinned message only happened."""
    if not _SERVICE.isdisjoint(said.says):
        return _served(said, next(key for key in said.says if key in _SERVICE))
    evidence = () if said.ours or "contact" not in said.says else own_number(said.says)
    return said.received(parts_of(said.says), evidence=evidence)


_SERVICE = HAPPENED.keys() | frozenset(MOVED)


def _served(said: Said, key: str) -> Event:
    """What a service message tells, under its key."""
    if key in MOVED:
        return _moved(said, key, string(said.data, key))
    kind, words = happened(key, said.says[key])
    return said.updated(kind, said.id, (System(what=key, text=words),), words)


def _moved(said: Said, key: str, other: str) -> Received:
    """A group became a supergroup: two ids of the one group. Nobody said it, so nobody answers it."""
    here = said.chat
    evidence = Evidence(
        address=address(other),
        strength=Strength.VERIFIED,
        method="chat_migrated",
        because="Telegram says that the group became this supergroup",
    )
    event = said.received(
        (System(what=key, text=moved(key, here.address.value, other)),), evidence=(evidence,)
    )
    return event.model_copy(
        update={
            "sender": here,
            "recipients": (),
            "direction": Direction.INBOUND,
            "automatic": "auto_generated",
        }
    )


def edited(said: Said, own_id: Callable[[str], str]) -> Event:
    """What an earlier message says now; or where somebody is who shares their live location."""
    kind = "live_location" if "location" in said.says and "venue" not in said.says else "edited"
    event = said.updated(kind, own_id(kind), parts_of(said.says))
    return event.model_copy(update={"targets": (said.id,)})


def said_of(data: Body, own: str, *, business: bool = False) -> Said:
    """A message, of a business account if the update says so or the message does."""
    return Said(data, own, business=business or bool(string(data, "business_connection_id")))
