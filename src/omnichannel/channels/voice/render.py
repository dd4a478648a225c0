"""From a draft to a call: words that are spoken to somebody, or an agent who is put through to them. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from omnichannel.channel import Call
from omnichannel.channels.voice.twiml import connecting, speakable, spoken
from omnichannel.errors import TooLarge, Unsupported
from omnichannel.model import Draft, System, Text
from omnichannel.platforms.twilio.account import refuse_all_but_one_person
from omnichannel.platforms.twilio.numbers import route

if TYPE_CHECKING:
    from omnichannel.channels.voice import Voice

LONGEST_DOCUMENT = 4000
"""Characters of TwiML that a call may be started with (Calls resource, `Twiml`)."""
LONGEST_TEXT = 3900
"""What is left of it for words, beside the document around them; `&` and `<` count as they are escaped."""

CALLBACK = "callback"
"""What a `System` part to send is called: connect the agent with the customer."""


def spoken_size(text: str) -> int:
    """How long a text is inside the document."""
    return len(speakable(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))


def calls(draft: Draft, channel: Voice) -> tuple[Call, ...]:
    """The one call that says a draft. Raises Unsupported or TooLarge with what is possible instead."""
    refuse_all_but_one_person(draft.public, draft.cc, "a telephone call")
    if channel.account_sid and not channel.number.startswith("+"):
        raise Unsupported("a call needs a number to show; configure the account with number (+31201234567)")
    if channel.path and not channel.account_sid:
        raise Unsupported(
            "an exchange's records cannot call anybody; configure account_sid and auth_token as well"
        )
    to, words = _recipient(draft), _words(draft)
    document = spoken(words, channel.reception.language, channel.reception.voice)
    rung = to
    if not words:
        rung, document = _agent(channel), connecting(to, channel.number)
    if spoken_size(words) > LONGEST_TEXT or len(document) > LONGEST_DOCUMENT:
        raise TooLarge(f"{spoken_size(words)} characters to speak; one call takes {LONGEST_TEXT}")
    return (_call(draft, channel, rung, document, words or f"an agent is connected with {to}"),)


def _recipient(draft: Draft) -> str:
    to = draft.to.address
    if to.kind == "phone":
        return to.value
    if to.scope == "withheld":
        raise Unsupported("this caller withheld their number; they have to call again with it")
    if to.kind == "voice" and route(to.value) in ("client", "sip"):
        return to.value
    raise Unsupported(f"{to} is no telephone number; send it with an account of kind {to.kind}")


def _words(draft: Draft) -> str:
    """What is spoken; empty where an agent is to be connected instead."""
    for part in draft.parts:
        if isinstance(part, System) and part.what == CALLBACK:
            if draft.text.strip():
                raise Unsupported("a call either speaks words or connects an agent; send the words apart")
            return ""
        if not isinstance(part, Text):
            cure = f"write it as text, or send System(what={CALLBACK!r}) to be connected"
            raise Unsupported(f"a telephone call cannot carry a {part.type}; {cure}")
    if not draft.text.strip():
        raise Unsupported("the draft says nothing that could be spoken")
    return draft.text


def _agent(channel: Voice) -> str:
    if channel.account_sid and not channel.agent_number:
        raise Unsupported("nobody is there to be connected; configure the account with agent_number")
    return channel.agent_number


def _call(draft: Draft, channel: Voice, to: str, document: str, told: str) -> Call:
    correlator = f"{draft.id}/0"
    fields = [("To", to), ("From", channel.number), ("Twiml", document)]
    callback = channel.callback(correlator)
    if callback:
        fields += [
            *callback,
            *(("StatusCallbackEvent", event) for event in ("ringing", "answered", "completed")),
        ]
    return Call(
        url=f"{channel.edge}/Calls.json",
        headers=(("content-type", "application/x-www-form-urlencoded"),),
        body=urlencode(fields).encode(),
        correlator=correlator,
        once=True,  # a telephone rings
        text=told,
    )
