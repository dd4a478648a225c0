"""From one message of Telegram's to the event that it is: who speaks, to whom, where, and what is said.

The people of the company speak too: in a channel, from a business account, through the bot itself. What they say
is outbound. Groups and channels are public: everybody in them reads along.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from omnichannel.channels.telegram.contact import own_number
from omnichannel.channels.telegram.parts import Body, parts_of, present
from omnichannel.channels.telegram.place import Place, address, nameless, party, place_in, shared
from omnichannel.channels.telegram.service import HAPPENED, MOVED, happened, moved
from omnichannel.errors import Malformed
from omnichannel.model import Event, Evidence, Part, Party, Received, Strength, System, Text, Updated, written
from omnichannel.model.event import Automatic, Direction
from omnichannel.toolbox import find_tokens, from_epoch, need, number, obj, string


@dataclass(frozen=True)
class Said:
    """One message: `data` as it came, `own` our bot's id (empty: unknown), `business` from whose account it is."""

    data: Body
    own: str = ""
    business: bool = False

    @cached_property
    def place(self) -> Place:
        """Where it was said."""
        return place_in(self.data)

    @cached_property
    def shared(self) -> bool:
        """Whether several people read along."""
        return shared(self.data, self.place)

    @cached_property
    def id(self) -> str:
        """What it is called here."""
        return self.place.message(need(self.data, "message_id"))

    @property
    def answers(self) -> str:
        """The message that it answers. In a forum everything answers its topic, which means nothing."""
        found = obj(self.data, "reply_to_message")
        number = string(found, "message_id")
        topic = self.place.topic == number and bool(self.place.topic)
        return self.place.message(number) if number and not topic else ""

    @property
    def sent_at(self) -> datetime | None:
        """When it was sent."""
        return from_epoch(number(self.data, "date"))

    @cached_property
    def says(self) -> Body:
        """The fields that say something."""
        return present(self.data)

    @cached_property
    def chat(self) -> Party:
        """The chat: in a private one, the person there."""
        found = party(obj(self.data, "chat"))
        if found is None:
            raise Malformed("chat.id is missing")
        return found

    @cached_property
    def sender(self) -> Party:
        """Who speaks: a chat instead of a person where Telegram says so, and where it names nobody."""
        chat_speaks = string(obj(self.data, "chat"), "type") == "channel"
        found = None if chat_speaks else party(obj(self.data, "from"))
        return party(obj(self.data, "sender_chat")) or found or self.chat

    @cached_property
    def ours(self) -> bool:
        """Whether the company speaks and not a customer."""
        chat, sender = obj(self.data, "chat"), obj(self.data, "from")
        if string(chat, "type") == "channel" or self.data.get("is_automatic_forward") is True:
            return True
        if self.place.topic.startswith("d"):
            return bool(obj(self.data, "sender_chat"))
        if self.own and string(sender, "id") == self.own:
            return True
        elsewhere = string(sender, "id") not in ("", string(chat, "id"))
        return elsewhere and not self.shared and (self.business or sender.get("is_bot") is True)

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
        a_bot = obj(self.data, "from").get("is_bot") is True and not obj(self.data, "sender_chat")
        return "auto_generated" if a_bot and not self.ours else None

    @property
    def notes(self) -> tuple[str, ...]:
        """What belongs together, and through which program it came."""
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
            thread=str(self.place),
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
        forwarded = any(part.type == "reference" and part.what == "forward" for part in parts)
        return () if self.ours or forwarded else find_tokens(written(parts))

    def updated(self, kind: str, external_id: str, parts: tuple[Part, ...], reason: str = "") -> Updated:
        """What happened to this message, or what it says that happened."""
        edited = from_epoch(number(self.data, "edit_date"))
        return Updated(
            kind=kind,
            external_id=external_id,
            sender=self.sender,
            sent_at=edited or self.sent_at,
            thread=str(self.place),
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
    for key in said.says:
        if key in MOVED:
            return _moved(said, key, string(said.data, key))
        if key in HAPPENED:
            kind, words = happened(key, said.says[key])
            return said.updated(kind, said.id, (System(what=key, text=words),), words)
    return said.received(parts_of(said.says), evidence=() if said.ours else own_number(said.says))


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
    return Said(data, own, business or bool(string(data, "business_connection_id")))
