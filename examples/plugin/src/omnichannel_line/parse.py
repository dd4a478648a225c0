"""From the bytes of a webhook (or of a file) to events: each on its own, in order. Pure.

Types and keys: LINE's own description of its webhooks (github.com/line/line-openapi, webhook.yml).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from omnichannel.channel import Delivery
from omnichannel.errors import Malformed
from omnichannel.model import Event, System, Text, Unreadable
from omnichannel.toolbox import Json, find_tokens, is_object, items, load_json, need, obj, string

from omnichannel_line.item import Item
from omnichannel_line.parts import chosen, parts_of

_TRIALS = ("0" * 32, "f" * 32)
"""The reply tokens of the messages from nobody with which LINE once tried out a webhook."""


def events(delivery: Delivery, bot: str) -> Iterator[Event]:
    """What a delivery says. `bot` is our account; empty takes every account (reading files).

    Raises Malformed, at once, if it is no webhook at all. An empty list of events is LINE's way to try us out.
    """
    body = load_json(delivery.body)
    if delivery.source == "file":
        body = _unwrapped(body)
    listed = body.get("events") if is_object(body) else None
    if not isinstance(listed, list):
        raise Malformed("not a webhook of LINE: no JSON object with a list of `events`")
    destination = string(body, "destination")
    return (_event(number, data, destination, bot) for number, data in enumerate(listed))


def _unwrapped(body: Json) -> Json:
    """The webhook in a file, which may hold a request with its `body`, an event alone, or several of either."""
    if isinstance(body, list):
        inside = [_unwrapped(one) for one in body]
        return {"events": [event for one in inside for event in items(one, "events")]}
    if is_object(body) and "events" not in body and "body" in body:
        return _unwrapped(body["body"])
    return {"events": [body]} if is_object(body) and "events" not in body and "type" in body else body


def _event(number: int, data: Json, destination: str, bot: str) -> Event:
    """The event, or what is wrong with this one item; pydantic's complaints are ValueErrors."""
    where = f"/events/{number}"
    if bot and destination and destination != bot:
        reason = f"account_mismatch: this is for {destination}, we are {bot}. Mend bot_id, or the webhook's address"
        return Unreadable(reason=reason, where=where)
    if not is_object(data):
        return Unreadable(reason="not an object", where=where)
    try:
        return _read(Item(data, bot or destination))
    except (Malformed, ValueError) as error:
        return Unreadable(reason=str(error)[:500], where=where)


def _read(item: Item) -> Event:
    kind = need(item.data, "type")
    if string(item.data, "replyToken") in _TRIALS:
        return item.ignored("trial: LINE tried the webhook out", kind)
    if kind in ("message", "messageEdited", "postback") and item.sender is None:
        return item.ignored("anonymous: LINE does not say who did it, nor where", kind)
    reader = _READERS.get(kind)
    return reader(item) if reader else item.ignored(f"not_event: we know no {kind[:60]!r}", kind[:60])


def _message(item: Item) -> Event:
    message = obj(item.data, "message")
    return item.received(
        need(message, "id"),
        parts_of(message),
        text=string(message, "text"),
        reply_to=string(message, "quotedMessageId"),
        quote=string(message, "quoteToken"),
    )


def _edited(item: Item) -> Event:
    message = obj(item.data, "message")
    return item.updated("edited", targets=(need(message, "id"),), parts=(Text(text=need(message, "text")),))


def _unsent(item: Item) -> Event:
    return item.updated("deleted", targets=(need(obj(item.data, "unsend"), "messageId"),))


def _postback(item: Item) -> Event:
    return item.received(item.own_id, (chosen(obj(item.data, "postback")),))


def _follow(item: Item) -> Event:
    unblocked = obj(item.data, "follow").get("isUnblocked") is True
    return item.updated("follow", reason="unblocked" if unblocked else "added")


def _link(item: Item) -> Event:
    """They logged in to our own service from LINE: the nonce that we gave them there has come back, signed by LINE.

    If it is a one-time token of ours, their account there and this one are proven to be one customer's.
    """
    link = obj(item.data, "link")
    result, nonce = need(link, "result"), string(link, "nonce")
    tokens = find_tokens(nonce) if result == "ok" else ()
    said = System(what="account_link", text="" if tokens else nonce)
    return item.updated("account_linking", parts=(said,), tokens=tokens, reason=result)


def _members(key: str, word: str) -> Callable[[Item], Event]:
    """People came to a group, or left it."""

    def read(item: Item) -> Event:
        who = [string(member, "userId") for member in items(obj(item.data, key), "members")]
        return item.updated(word, parts=(System(what=word, text=", ".join(filter(None, who))),))

    return read


def _told(word: str, *path: str) -> Callable[[Item], Event]:
    """Something that happened; the texts under an object's keys say what: `_told("beacon", "beacon", "type")`."""

    def read(item: Item) -> Event:
        inside = obj(item.data, path[0]) if path else {}
        return item.updated(word, reason=" ".join(filter(None, (string(inside, key) for key in path[1:]))))

    return read


def _delivery(item: Item) -> Event:
    return item.ignored("not_conversation: a notification to a telephone number was delivered", "delivery")


_READERS: dict[str, Callable[[Item], Event]] = {
    "message": _message,
    "messageEdited": _edited,
    "unsend": _unsent,
    "postback": _postback,
    "follow": _follow,
    "unfollow": _told("unfollow"),
    "join": _told("join"),
    "leave": _told("leave"),
    "memberJoined": _members("joined", "member_joined"),
    "memberLeft": _members("left", "member_left"),
    "videoPlayComplete": _told("video_viewed", "videoPlayComplete", "trackingId"),
    "beacon": _told("beacon", "beacon", "type", "hwid", "dm"),
    "things": _told("things", "things", "type", "deviceId"),
    "accountLink": _link,
    "membership": _told("membership", "membership", "type", "membershipId"),
    "module": _told("module", "module", "type", "botId"),
    "activated": _told("activated"),
    "deactivated": _told("deactivated"),
    "botSuspended": _told("bot_suspended"),
    "botResumed": _told("bot_resumed"),
    "delivery": _delivery,
}
"""What reads an event, by its `type`."""
