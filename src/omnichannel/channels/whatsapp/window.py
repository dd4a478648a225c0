"""Whether WhatsApp lets us write to somebody freely now. Given the times; reads no clock.

Rule: for 24 hours after the person last wrote or called anything may be said; at any other time only a template
that Meta approved (error 131047 otherwise).
"""

from __future__ import annotations

from datetime import timedelta

from omnichannel.errors import WindowClosed
from omnichannel.model import Draft, Template, Window

WINDOW = Window(hours=24)

_CURE = "send an approved template (the part Template), or use another channel"


def check(draft: Draft) -> None:
    """Raises WindowClosed, saying until when it was, if a draft says anything freely and is too late."""
    if all(isinstance(part, Template) for part in draft.parts):
        return
    if draft.heard_at is None:
        raise WindowClosed(
            f"this person has not written to this number, and only then may we write freely: {_CURE}"
        )
    if draft.created_at - draft.heard_at > timedelta(hours=WINDOW.hours):
        closed = draft.heard_at + timedelta(hours=WINDOW.hours)
        raise WindowClosed(f"the 24-hour window closed at {closed:%Y-%m-%d %H:%M} UTC: {_CURE}")
