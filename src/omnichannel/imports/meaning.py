"""What a delivery out of an archive means: what its channel reads in it, or what another desk's record says."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from omnichannel.channel import Channel, Delivery
from omnichannel.errors import NotFound
from omnichannel.imports import chatwoot, zammad
from omnichannel.imports.archive import ARCHIVED, UNREADABLE
from omnichannel.imports.records import Object, Standing, content_of, opened
from omnichannel.model import Attachment, Event, Received, Unreadable
from omnichannel.toolbox import guarded


class _Desk(NamedTuple):
    """How another desk's records are read."""

    parse: Callable[[Delivery, Channel], Iterable[Event]]
    standing: Callable[[Object], Standing]


_DESKS = {
    chatwoot.KIND: _Desk(chatwoot.parse, chatwoot.standing),
    zammad.KIND: _Desk(zammad.parse, zammad.standing),
}


def archived(delivery: Delivery) -> str:
    """The kind of archive that a delivery came out of; empty for what came over a wire."""
    return delivery.header(ARCHIVED) if delivery.source == "history" else ""


def meaning(channel: Channel, delivery: Delivery) -> Iterable[Event]:
    """What a kept delivery means, wherever it came from.

    Out of an archive only what was said is told: what became of our mails is known here better than a file of old
    reports does. Raises what `Channel.parse` raises.
    """
    kind = archived(delivery)
    if not kind:
        return channel.parse(delivery)
    if reason := delivery.header(UNREADABLE):
        return [Unreadable(reason=reason, where=delivery.url)]
    if kind in _DESKS:
        return guarded(lambda one: _DESKS[kind].parse(one, channel), delivery, delivery.url)
    return [_placed(event, delivery.url) for event in channel.parse(delivery) if _is_said(event)]


def _is_said(event: Event) -> bool:
    return isinstance(event, Received | Unreadable)


def _placed(event: Event, where: str) -> Event:
    return event.model_copy(update={"where": where}) if isinstance(event, Unreadable) else event


def standing(delivery: Delivery) -> Standing | None:
    """How the conversation stood in the other desk; None for mail, which knows no such thing. Raises Malformed."""
    kind = archived(delivery)
    if kind not in _DESKS or delivery.header(UNREADABLE):
        return None
    return _DESKS[kind].standing(opened(delivery))


def content(channel: Channel, delivery: Delivery, attachment: Attachment) -> bytes:
    """The bytes of a file that came within a delivery. Raises NotFound, and what `Channel.content` raises."""
    if archived(delivery) not in _DESKS:
        return channel.content(delivery, attachment)
    found = content_of(delivery, attachment)
    if found is None:
        lies = attachment.url or attachment.external_id or "nowhere that is known"
        raise NotFound(
            f"the export names the file {attachment.name!r} and does not hold it; it lies at {lies}"
        )
    return found
