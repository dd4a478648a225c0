"""One event of a webhook, with everything about it that is the same for all types: who, where, when, and its id."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl, urlencode

from omnichannel.errors import Malformed
from omnichannel.model import Address, Ignored, Part, Party, Received, Updated
from omnichannel.toolbox import Json, find_tokens, from_epoch, number, obj, string

KIND = "line"


@dataclass(frozen=True, slots=True)
class Item:
    """An event. `bot` is the account's own user id, which scopes every id.

    `user` is who did it (empty where LINE does not tell), `place` the group or room where, empty in a chat of two.
    """

    data: dict[str, Json]
    bot: str

    @property
    def user(self) -> str:
        """The user's id, which is the provider's own: another provider's accounts know them by another."""
        return string(obj(self.data, "source"), "userId")

    @property
    def place(self) -> str:
        """The id of the group chat or room."""
        source = obj(self.data, "source")
        return string(source, "groupId") or string(source, "roomId")

    @property
    def sent_at(self) -> datetime | None:
        """When it happened; LINE tells in milliseconds."""
        moment = number(self.data, "timestamp")
        return None if moment is None else from_epoch(moment / 1000)

    @property
    def sender(self) -> Party | None:
        """Who did it: the user, or somebody in the group who has not agreed to be known."""
        who = self.user or self.place
        return Party(address=address(self.bot, who)) if who else None

    @property
    def own_id(self) -> str:
        """LINE's id of the event, the same when it is delivered again; older bodies have none."""
        found = string(self.data, "webhookEventId")
        bare = {key: value for key, value in self.data.items() if key != "deliveryContext"}
        canonical = json.dumps(bare, sort_keys=True, separators=(",", ":")).encode()
        return found or f"event:{hashlib.sha256(canonical).hexdigest()[:32]}"

    def received(
        self,
        external_id: str,
        parts: tuple[Part, ...],
        *,
        text: str = "",
        reply_to: str = "",
        quote: str = "",
    ) -> Received:
        """A message of theirs; an answer points at it by the token `quote`. Raises Malformed without a sender."""
        if self.sender is None:
            raise Malformed("source names nobody")
        return Received(
            external_id=external_id,
            sender=self.sender,
            sent_at=self.sent_at,
            parts=parts,
            thread=self.place or self.user,
            reply_to=reply_to,
            answer_to=self._answer_to(quote),
            # Others read along in a group or room: nothing private is said there, and each member has a conversation.
            public=bool(self.place),
            tokens=find_tokens(text),
            # In standby another module holds the conversation: it is heard, and must not be answered.
            readonly=string(self.data, "mode") == "standby",
        )

    def _answer_to(self, quote: str) -> Party:
        """The writer, spelled with the chat, and the two tokens that are good for answers to this message there."""
        chat = self.place or self.user
        tokens = {"reply": string(self.data, "replyToken"), "quote": quote}
        written = urlencode({key: token for key, token in tokens.items() if token})
        who = address(self.bot, self.user or self.place)
        return Party(address=who, written=f"{chat}?{written}" if written else "")

    def updated(
        self,
        kind: str,
        *,
        targets: tuple[str, ...] = (),
        parts: tuple[Part, ...] = (),
        tokens: tuple[str, ...] = (),
        reason: str = "",
    ) -> Updated:
        """Something that happened to a message, in the chat, or to the account."""
        return Updated(
            kind=kind,
            external_id=self.own_id,
            targets=targets,
            sender=self.sender,
            sent_at=self.sent_at,
            thread=self.place or self.user,
            parts=parts,
            tokens=tokens,
            reason=reason,
        )

    def ignored(self, reason: str, kind: str) -> Ignored:
        """Something understood that says nothing about a conversation."""
        return Ignored(
            reason=reason,
            kind=kind,
            external_id=self.own_id,
            sender=self.sender,
            sent_at=self.sent_at,
            thread=self.place or self.user,
        )


def address(bot: str, who: str) -> Address:
    """The address of a user, a group or a room, as this account knows it."""
    return Address(kind=KIND, scope=bot, value=who)


def tokens_of(party: Party, chat: str) -> dict[str, str]:
    """The tokens in the spelling of `answer_to`: `reply` and `quote`, as far as there are any for this chat.

    A group's reply token, used for a private answer, would say it to the group.
    """
    where, _, tokens = party.written.partition("?")
    return dict(parse_qsl(tokens)) if where == chat else {}


def is_shared(chat: str) -> bool:
    """Whether several people read along: a user's id begins with U, a group's with C, a room's with R."""
    return not chat.startswith("U")
