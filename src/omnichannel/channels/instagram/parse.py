"""From the bytes of a webhook (of a file, of the past) to events: private messages and public comments.

Messages are Messenger's in all but a few ways. Comments come as changes, or with field and value in the entry
itself; they have no time of their own, so that the entry's counts. Facts: Meta, "Instagram Platform Webhook
Notification Examples" (24 November 2025), and what others recorded.
"""

from __future__ import annotations

from collections.abc import Iterator

from omnichannel.channel import Delivery
from omnichannel.channels.instagram import mentions
from omnichannel.channels.instagram.mentions import KIND
from omnichannel.model import (
    Direction,
    Event,
    Ignored,
    Part,
    Party,
    Received,
    Reference,
    Strength,
    System,
    Text,
)
from omnichannel.platforms.meta.envelope import NOT_ASKED_FOR, Body, Place, Readers
from omnichannel.platforms.meta.messaging.item import address, compact, item_of
from omnichannel.platforms.meta.messaging.past import message_of
from omnichannel.platforms.meta.messaging.reading import event_of
from omnichannel.toolbox import find_tokens, from_epoch, from_iso, is_object, items, need, number, obj, string

__all__ = ["KIND", "events"]

_COMMENTS = ("comments", "live_comments")


def events(delivery: Delivery, account_id: str, username: str) -> Iterator[Event]:
    """What a delivery says. `account_id` is our account; empty takes every account (reading files).

    Raises Malformed, at once, if it is not JSON or no webhook at all.
    """

    def change(data: Body, place: Place) -> Event:
        field, value = string(data, "field"), obj(data, "value")
        if field in _COMMENTS:
            return _comment(value, place, username, live=field == "live_comments")
        if field == mentions.FIELD:
            return mentions.mentioned(value, place)
        return Ignored(reason=f"not_conversation: the account's field {field or '(none)'}"[:200], kind=field)

    def past(data: Body, place: Place, of: str) -> Iterator[Event]:
        if "to" in data:
            yield message_of(KIND, place.home, data, username)
        elif of or "text" in data:
            yield from _comments_of_before(data, place, of, username)
        else:
            yield Ignored(reason=NOT_ASKED_FOR, kind="answer")

    home = (account_id,) if account_id else ()
    return Readers(KIND, "instagram", "account", home, _item, change, past).events(delivery)


def _item(data: Body, place: Place) -> Event:
    edit = obj(data, "message_edit")
    if "message" not in data and number(edit, "num_edit") == 0:
        # Apps in development get the zeroth edit in place of the message, some of them without its words.
        data = {**{key: value for key, value in data.items() if key != "message_edit"}, "message": edit}
    return event_of(item_of(KIND, data, place.home, standby=place.standby, entry_time=place.time))


def _comment(value: Body, place: Place, username: str, *, live: bool = False) -> Received:
    # Through a Facebook login the same is called otherwise.
    node = string(value, "id") or need(value, "comment_id")
    author = obj(value, "from") or obj(value, "user")
    who, name = string(author, "id"), string(author, "username") or string(value, "username")
    ours = who == place.home != "" or "self_ig_scoped_id" in author or name == username != ""
    # Without an author it is somebody who is nobody else's customer: an address that holds the comment's id.
    sender = address(KIND, place.home, (place.home if ours else who) or f"comment:{node}")
    known = ours or bool(who)
    return Received(
        external_id=node,
        direction=Direction.OUTBOUND if ours else Direction.INBOUND,
        sender=Party(address=sender, name=name),
        strength=Strength.VERIFIED if known else Strength.ASSERTED,
        method="platform_id" if known else "author_missing",
        sent_at=from_iso(string(value, "timestamp")) or from_epoch(place.time),
        parts=tuple(_parts(value)) or (System(what="unsupported:comment", text=compact(value)),),
        thread=string(value, "parent_id") or node,
        reply_to=string(value, "parent_id"),
        public=True,
        tokens=() if ours else find_tokens(string(value, "text")),
        notes=("live: a private reply is possible while the broadcast lasts",) if live else (),
    )


def _parts(value: Body) -> Iterator[Part]:
    """The words, and what they are about: an advertisement is a post, too."""
    if text := string(value, "text"):
        yield Text(text=text)
    media = obj(value, "media")
    if node := string(media, "original_media_id") or string(media, "id"):
        title = string(media, "ad_title") or string(media, "media_product_type")
        yield Reference(what="advertisement" if "ad_id" in media else "post", title=title, external_id=node)


def _comments_of_before(comment: Body, place: Place, of: str, username: str) -> Iterator[Event]:
    """A comment as the Graph API tells of it, and the replies that it brings along."""
    media: Body = {"media": obj(comment, "media") or {"id": of}}
    yield _comment({**media, **comment}, place, username)
    for reply in items(obj(comment, "replies"), "data"):
        if is_object(reply):
            yield _comment({**media, "parent_id": need(comment, "id"), **reply}, place, username)
