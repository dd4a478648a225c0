"""From the bytes of a webhook (of a file, of the past) to events: what of a Page's news is Messenger's."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from omnichannel.channel import Delivery
from omnichannel.model import Event, Ignored
from omnichannel.platforms.meta.envelope import NOT_ASKED_FOR, Body, Place, Readers
from omnichannel.platforms.meta.messaging.item import item_of, party
from omnichannel.platforms.meta.messaging.past import message_of
from omnichannel.platforms.meta.messaging.reading import event_of
from omnichannel.toolbox import obj, string

KIND = "messenger"

FIELDS = (
    "messages", "messaging_postbacks", "messaging_referrals", "messaging_optins", "message_echoes",
    "message_edits", "message_reactions", "message_deliveries", "message_reads", "standby",
)  # fmt: skip
"""What the app subscribes to on the Page (Meta, "Webhooks for Pages") for what every Page has to do with.

Forms, baskets and calls have fields of their own (docs/howto/messenger.md), for those who use them.
"""
_COMMENTS = "facebook"


def events(delivery: Delivery, page_id: str) -> Iterator[Event]:
    """What a delivery says. `page_id` is our Page; empty takes every Page (reading files).

    Raises Malformed, at once, if it is not JSON or no webhook at all.
    """
    return _readers(page_id).events(delivery)


@lru_cache
def _readers(page_id: str) -> Readers:
    return Readers(KIND, "page", "Page", (page_id,) if page_id else (), _item, _change, _past)


def _item(data: Body, place: Place) -> Event:
    return event_of(item_of(KIND, data, place.home, standby=place.standby, entry_time=place.time))


def _change(change: Body, place: Place) -> Event:
    """A field of the Page that changed and is no message.

    Whose it is must be known here too: when they are erased, so is this copy of their words.
    """
    field, value = string(change, "field"), obj(change, "value")
    who = string(obj(value, "from"), "id") or string(value, "sender_id")
    return Ignored(
        reason=f"not_messenger: the Page's field {field or '(none)'}"[:200],
        kind=field,
        external_id=(string(value, "comment_id") or string(value, "post_id"))[:1024],
        sender=party(_COMMENTS, place.home, who) if who and place.home and who != place.home else None,
    )


def _past(data: Body, place: Place, of: str) -> Iterator[Event]:  # noqa: ARG001 - a message names its people
    if "to" in data:
        yield message_of(KIND, place.home, data)
    else:
        yield Ignored(reason=NOT_ASKED_FOR, kind="answer")
