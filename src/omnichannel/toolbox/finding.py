"""Finding a call in doubt among what a platform says that was said."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from omnichannel.channel import Call
from omnichannel.model import Direction, Doubt, Event, Received, Sent


def found_among(events: Iterable[Event], call: Call, doubt: Doubt) -> Sent | None:
    """The oldest message of ours that says exactly a call's words, and can be none but it; None if there is none.

    What has no words, or no time, is never found: it could be anything. Nor is what may be a rival's.
    """
    several = [event for event in events if isinstance(event, Received) and _is(event, call, doubt)]
    if len({event.external_id for event in several}) <= doubt.rivals:
        return None
    return Sent(external_id=min(several, key=_moment).external_id)


def _is(event: Received, call: Call, doubt: Doubt) -> bool:
    return (
        event.direction is Direction.OUTBOUND
        and event.external_id not in doubt.others
        and event.sent_at is not None
        and event.sent_at >= doubt.since
        and bool(event.text.strip())
        and event.text.split() == call.text.split()
    )


def _moment(event: Received) -> datetime:
    assert event.sent_at is not None
    return event.sent_at
