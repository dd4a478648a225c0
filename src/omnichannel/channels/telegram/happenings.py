"""Updates that are no messages: tapped buttons, reactions, who came and who blocked us, business accounts.

One function per kind of update; each gets the update and the object under its key.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from omnichannel.channels.telegram.parts import Body
from omnichannel.channels.telegram.place import Place, address, called, named, party, place_in, shared
from omnichannel.channels.telegram.wording import compact, flat, rich_buttons
from omnichannel.errors import Malformed
from omnichannel.model import Choice, Event, Ignored, Option, Part, Party, Received, System, Text, Updated
from omnichannel.toolbox import Json, from_epoch, is_object, items, need, number, obj, string


@dataclass(frozen=True, slots=True)
class Update:
    """One update as it came; `own` is our bot's id, empty if it is unknown."""

    data: Body
    own: str = ""

    def own_id(self, kind: str) -> str:
        """An id for what Telegram gives none: the same by webhook and by polling, different for anything else."""
        return f"{kind}:{hashlib.sha256(compact(self.data).encode()).hexdigest()[:32]}"

    def updated(
        self,
        kind: str,
        body: Body,
        *,
        sender: Party | None = None,
        targets: tuple[str, ...] = (),
        parts: tuple[Part, ...] = (),
        reaction: str = "",
        removed: bool = False,
        reason: str = "",
    ) -> Updated:
        """Something that happened in a chat or to messages in it."""
        return Updated(
            kind=kind,
            external_id=self.own_id(kind),
            sender=sender,
            targets=targets,
            sent_at=from_epoch(number(body, "date")),
            thread=str(place_in(body)) if obj(body, "chat") else "",
            parts=parts,
            reaction=reaction,
            removed=removed,
            reason=reason,
        )


def callback_query(update: Update, body: Body) -> Event:
    """A tapped button: it is the person who speaks. Telegram does not say when."""
    message, data = obj(body, "message"), string(body, "data")
    if not data:
        game = string(body, "game_short_name")
        what = f"somebody wants to play {game}" if game else "a button that brings nothing back"
        return ignored("callback_query", body, f"not_conversation: {what}")
    place = place_in(message) if message else Place(chat=need(obj(body, "from"), "id"))
    public = bool(message) and shared(message, place)
    title = next((option.title for option in _options(message) if option.value == data), data)
    return Received(
        external_id=f"callback:{need(body, 'id')}",
        sender=_somebody(obj(body, "from")),
        recipients=(Party(address=address(update.own)),) if update.own and not public else (),
        parts=(Text(text=title), Choice(chosen=Option(title=title, value=data))),
        # Under an ephemeral message only one person has buttons: the group's talk is no place for them.
        thread=str(place) if message and "ephemeral_message_id" not in message else "",
        reply_to=called(message, place) if message else "",
        public=public,
    )


def _options(message: Body) -> Iterator[Option]:
    rows = obj(message, "reply_markup").get("inline_keyboard")
    for row in rows if isinstance(rows, list) else ():
        for button in row if isinstance(row, list) else ():
            yield Option(title=string(button, "text"), value=string(button, "callback_data"))
    for button in rich_buttons(message.get("rich_message")):
        if is_object(button):
            yield Option(title=flat(button.get("text")), value=string(button, "callback_data"))


def _somebody(one: Json) -> Party:
    found = party(one)
    if found is None:
        raise Malformed("from.id is missing")
    return found


def message_reaction(update: Update, body: Body) -> Event:
    """What somebody's reactions to a message are now; none, if they took the last one back."""
    new = " ".join(_reactions(body, "new_reaction"))
    target = place_in(body).message(need(body, "message_id"))
    return update.updated(
        "reaction",
        body,
        sender=party(obj(body, "user")) or party(obj(body, "actor_chat")),
        targets=(target,),
        reaction=new or " ".join(_reactions(body, "old_reaction")),
        removed=not new,
    )


def _reactions(body: Body, key: str) -> Iterator[str]:
    for one in items(body, key):
        custom = string(one, "custom_emoji_id")
        yield string(one, "emoji") or (f"custom:{custom}" if custom else string(one, "type"))


_PRESENT = frozenset({"creator", "administrator", "member"})


def membership(update: Update, body: Body) -> Event:
    """Somebody, or our bot, came or went; in a private chat: a person started the bot or blocked it."""
    old, new = obj(body, "old_chat_member"), obj(body, "new_chat_member")
    about = obj(new, "user")
    ours = "my_chat_member" in update.data
    private = ours and not shared(body, place_in(body))
    was, now = _is_there(old), _is_there(new)
    kind = "membership"
    if was != now:
        kind = ("started" if now else "blocked") if private else ("joined" if now else "left")
    words = f"{named(about)}: {string(old, 'status')} -> {string(new, 'status')}"
    return update.updated(
        kind,
        body,
        sender=party(obj(body, "from") if ours else about) or party(obj(body, "from")),
        parts=(System(what="membership", text=words),),
        reason=words,
    )


def _is_there(member: Body) -> bool:
    return string(member, "status") in _PRESENT or member.get("is_member") is True


def join_request(update: Update, body: Body) -> Event:
    """Somebody asks to be let in; until it is decided, the bot may write to them for five minutes."""
    words = string(body, "bio")
    return update.updated(
        "join_request",
        body,
        sender=_somebody(obj(body, "from")),
        parts=(System(what="join_request", text=words),),
        reason=words,
    )


def business_connection(update: Update, body: Body) -> Event:
    """A business account let the bot in, changed what it may do, or showed it the door."""
    # Before Bot API 9.0 there was one right, told in the connection itself.
    given = obj(body, "rights") or {"can_reply": body.get("can_reply")}
    rights = sorted(key for key, value in given.items() if value is True)
    enabled = "enabled" if body.get("is_enabled") is True else "disabled"
    words = f"{enabled} by {named(obj(body, 'user'))}: {', '.join(rights) or 'no rights'}"
    parts = (System(what="business_connection", text=words),)
    return update.updated("business_connection", body, parts=parts, reason=words)


def deleted_business_messages(update: Update, body: Body) -> Event:
    """Messages were deleted in a business account's chat, by whoever could."""
    place, listed = place_in(body), body.get("message_ids")
    numbers = [str(one) for one in listed if isinstance(one, int)] if isinstance(listed, list) else []
    if not numbers:
        raise Malformed("message_ids names no message")
    return update.updated("deleted", body, targets=tuple(place.message(one) for one in numbers))


HAPPENINGS: dict[str, Callable[[Update, Body], Event]] = {
    "callback_query": callback_query,
    "message_reaction": message_reaction,
    "my_chat_member": membership,
    "chat_member": membership,
    "chat_join_request": join_request,
    "business_connection": business_connection,
    "deleted_business_messages": deleted_business_messages,
}

NOT_CONVERSATION: dict[str, str] = {
    "message_reaction_count": "how many reacted to a post, and not who",
    "inline_query": "somebody asks the bot for something to send to somebody else",
    "chosen_inline_result": "somebody sent to somebody else what the bot offered",
    "shipping_query": "a payment under way, which the shop answers",
    "pre_checkout_query": "a payment under way, which the shop answers",
    "purchased_paid_media": "somebody bought what a post held",
    "poll": "the state of a poll",
    "poll_answer": "somebody's vote in a poll",
    "chat_boost": "somebody boosted a chat",
    "removed_chat_boost": "somebody boosts a chat no more",
    "managed_bot": "a bot that this bot manages",
    "subscription": "a subscription began, ended or was renewed",
}


def ignored(kind: str, body: Body, reason: str) -> Ignored:
    """Something understood that says nothing in a conversation."""
    return Ignored(
        reason=reason,
        kind=kind,
        external_id=string(body, "id")[:1024],
        sender=party(obj(body, "from")) or party(obj(body, "user")),
        sent_at=from_epoch(number(body, "date")),
    )
