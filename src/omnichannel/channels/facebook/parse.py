"""From the bytes of a webhook (of a file, of the past) to events: what of a Page's news is said in public.

Messenger's messages come to the same webhook, and are another channel's: only the echo of our own private reply
to a comment is known here, by what `render` planted in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from omnichannel.channel import Delivery
from omnichannel.channels.facebook.feed import KIND, read
from omnichannel.model import Direction, Event, Ignored, Received
from omnichannel.platforms.meta.envelope import NOT_ASKED_FOR, Body, Place, Readers
from omnichannel.platforms.meta.messaging.item import item_of, party
from omnichannel.platforms.meta.messaging.parts import parts_of
from omnichannel.toolbox import Json, is_object, items, need, obj, string

MARK = "comment:"
"""Before the comment's id in the `metadata` of a private reply; Meta returns it in the echo."""

_MESSENGER = "messenger"
_FIELDS = ("feed", "mention", "ratings")

SUBSCRIBED = (*_FIELDS, "message_echoes")
"""What the app subscribes to on the Page for all that is read: `message_echoes` brings back our private replies."""


def events(delivery: Delivery, page_id: str) -> Iterator[Event]:
    """What a delivery says. `page_id` is our Page; empty takes every Page (reading files).

    Raises Malformed, at once, if it is not JSON or no webhook at all.
    """
    return _readers(page_id).events(delivery)


@lru_cache
def _readers(page_id: str) -> Readers:
    return Readers(KIND, "page", "Page", (page_id,) if page_id else (), _item, _change, _past)


def _change(change: Body, place: Place) -> Event:
    field, value = string(change, "field"), obj(change, "value")
    if field not in _FIELDS or not value:
        return Ignored(reason=f"not_comment: the Page's field {field or '(none)'}"[:200], kind=field)
    return read(value, place, field)


def _item(data: Body, place: Place) -> Event:
    """An item of Messenger's: none of ours, unless it is our own private reply coming back."""
    message = obj(data, "message")
    planted = string(message, "metadata")
    if message.get("is_echo") is True and planted.startswith(MARK):
        return _private_reply(data, place, message, planted)
    item = item_of(KIND, data, place.home)
    return Ignored(
        reason="not_comment: a private message; give this webhook to an account of kind messenger as well",
        kind="message",
        external_id=string(message, "mid")[:1024],
        # Whose it is must be known here too: when they are erased, so is this copy of their words.
        sender=party(_MESSENGER, item.home, item.customer) if item.customer else None,
        sent_at=item.sent_at,
    )


def _private_reply(data: Body, place: Place, message: Body, planted: str) -> Received:
    """The person is known by a Messenger id here, and as an author there: the comment says who it is."""
    item = item_of(KIND, data, place.home)
    return Received(
        external_id=need(message, "mid"),
        direction=Direction.OUTBOUND,
        sender=party(KIND, item.home, item.home),
        sent_at=item.sent_at,
        parts=parts_of(message),
        reply_to=planted.removeprefix(MARK).partition("/")[0],
        correlator=planted,
        app=string(message, "app_id"),
    )


def _past(data: Body, place: Place, of: str) -> Iterator[Event]:
    """A post or comment as the Graph API tells of it, said as its webhook said it."""
    if not of and not ("from" in data and "message" in data):
        yield Ignored(reason=NOT_ASKED_FOR, kind="answer")
        return
    node = need(data, "id")
    value: Body = {key: data[key] for key in ("from", "message", "created_time") if key in data}
    value |= {"verb": "add", "post_id": of or node.partition("_")[0]}
    if of == place.home != "":
        value |= {"item": "post", "post_id": node}
    else:
        parent = string(obj(data, "parent"), "id") or value["post_id"]
        value |= {"item": "comment", "comment_id": node, "parent_id": parent}
    attached = [obj(data, "attachment"), *items(obj(data, "attachments"), "data")]
    value |= {key: url for one in attached if is_object(one) for key, url in _attached(one)}
    yield read(value, place)


def _attached(one: Body) -> Iterator[tuple[str, Json]]:
    """A file or link beside a post or comment, under the name that it has in a webhook."""
    media = obj(one, "media")
    kind, picture, film = string(one, "type"), string(obj(media, "image"), "src"), string(media, "source")
    if film:
        yield "video", film
    elif picture and kind not in ("share", "link"):
        yield "photo", picture
    elif url := string(one, "url"):
        yield "link", url
