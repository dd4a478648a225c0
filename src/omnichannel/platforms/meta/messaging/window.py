"""Whether Messenger or Instagram lets us write to somebody now, and under which label. It reads no clock.

Rules: 24 hours after the person's last message for anything; 7 days for words that a person wrote, with the
HUMAN_AGENT feature. All other tags answer with error 100 since 27 April 2026 (Meta, "Send a Message").
"""

from __future__ import annotations

from datetime import timedelta

from omnichannel.errors import WindowClosed
from omnichannel.model import Draft, Window
from omnichannel.platforms.meta.messaging.item import USER_REF
from omnichannel.toolbox import Json

WINDOW = Window(hours=24, person_hours=7 * 24)


def permission(
    draft: Draft, *, human_agent: bool, us: str = "this Page", link: str = "the Page's link (m.me)"
) -> dict[str, Json]:
    """The label a send needs; raises WindowClosed saying until when it was and what is possible.

    `us` and `link` are how we and a link to us are called in that sentence.
    """
    if draft.to.address.value.startswith(USER_REF):
        # A visitor who opted in with the plug-in has written nothing yet: the opt-in is the permission.
        return {"messaging_type": "RESPONSE"}
    if draft.heard_at is None:
        raise WindowClosed(
            f"this person has not written to {us}, and only then may we write. Give them {link}, or use "
            "another channel"
        )
    silence = draft.created_at - draft.heard_at
    if silence <= timedelta(hours=WINDOW.hours):
        return {"messaging_type": "RESPONSE"}
    if silence <= timedelta(hours=WINDOW.person_hours) and human_agent and not draft.automatic:
        return {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
    raise WindowClosed(_why(draft, silence, human_agent=human_agent))


PRIVATE_REPLY = Window(hours=7 * 24)
"""How long after a comment one private reply may be sent (Meta, "Private Replies", 30 June 2026)."""


def check_private_reply(draft: Draft) -> None:
    """Raises WindowClosed if the comment that a private reply answers is too old for one, or nobody's."""
    if draft.heard_at is None:
        raise WindowClosed(
            "a private reply answers a comment, and this person wrote none; answer one of theirs"
        )
    closed = draft.heard_at + timedelta(hours=PRIVATE_REPLY.hours)
    if draft.created_at > closed:
        raise WindowClosed(
            f"a comment can be answered privately for seven days, and that was until {closed:%Y-%m-%d %H:%M} "
            "UTC. Answer in public (public=True), or use another channel"
        )


def _why(draft: Draft, silence: timedelta, *, human_agent: bool) -> str:
    heard_at = draft.heard_at or draft.created_at
    closed = heard_at + timedelta(hours=WINDOW.hours)
    longest = heard_at + timedelta(hours=WINDOW.person_hours)
    elsewhere = "wait until they write again, or use another channel"
    if silence > timedelta(hours=WINDOW.person_hours):
        cure = elsewhere
    elif not human_agent:
        cure = (
            f"until {longest:%Y-%m-%d %H:%M} UTC a person may still answer if Meta approved the Human Agent "
            f"feature and human_agent=True is set; else {elsewhere}"
        )
    else:
        cure = f"until {longest:%Y-%m-%d %H:%M} UTC a person may still answer, a program may not; {elsewhere}"
    return f"the 24-hour window closed at {closed:%Y-%m-%d %H:%M} UTC: {cure}"
