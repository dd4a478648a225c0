"""What the Cloud API's answers mean. There is no idempotency: in doubt, nothing is ever sent again.

A send that is accepted is only accepted: whether it arrives, statuses tell. Codes: Meta's "Error codes" of the
Cloud API (2026); the HTTP status is not to be relied on.
"""

from __future__ import annotations

from omnichannel.channel import Call, Response
from omnichannel.model import Deferred, Receipt, Refused, Sent, Unknown
from omnichannel.platforms.meta.answers import code_of
from omnichannel.toolbox import Json, answer, excerpt, items, obj, retry_after, string, trouble

_LATER = {
    4: 60.0,
    80007: 60.0,
    130429: 10.0,  # messages a second
    131048: 600.0,  # many marked as spam
    131056: 6.0,  # one message in 6 s to the same person
    131057: 300.0,  # maintenance
    131064: 60.0,
    131016: 30.0,  # a service is not available
    133004: 60.0,
    133016: 3600.0,
}
"""Seconds to wait after what was certainly not taken."""

_TO_ONE_PERSON = 131056  # too many messages to the same person; others may be written to

_TRANSIENT = frozenset({1, 2, 131000})

_MEANINGS = {
    "window_closed": (131047,),
    "recipient_unavailable": (131026,),
    "policy": (368, 130472, 130497, 131031, 131049, 131050, 137000),
    "reauth": (0, 190),
    "config": (3, 10, 131005, 131030, 131037, 131045, *range(133000, 133017), *range(200, 300)),
    "quota": (131042,),
    "unsupported": (131051, 131062, 131063),
}
_BY_CODE = {code: word for word, codes in _MEANINGS.items() for code in codes}

_CURES = {
    131026: "they are not on WhatsApp, have an old version, or did not accept its terms; use another channel",
    131030: "a test number writes only to the numbers that are listed for it; see WhatsApp > API Setup",
    131031: "Meta locked the account; see WhatsApp Manager",
    131037: "the number's display name is not approved; see WhatsApp Manager > Phone numbers",
    131042: "see the payment method in WhatsApp Manager",
    131047: "send an approved template, or wait until they write again",
    131049: "Meta holds back advertising to this person; wait days, not minutes",
    131050: "they want no advertising; only answers and utility templates may be sent",
    131053: "the file could not be read; see its type and size",
    131062: "this template needs a telephone number, and only a user id is known; ask for the number first",
    132000: "the template has another number of places; give that many values",
    132001: "there is no such template in this language; see WhatsApp Manager > Templates",
    132012: "the values do not fit the template's places",
    132015: "Meta paused this template for its quality; use another one",
    132016: "Meta disabled this template for its quality; use another one",
    137000: "their security code changed: make sure that it is still the same person, and acknowledge it",
    190: "make a new token for the system user",
    0: "make a new token for the system user",
    10: "give the token whatsapp_business_messaging, and the system user the WhatsApp account",
    368: "Meta blocked the account for a time; see Business Support",
}


def receipt(call: Call, response: Response) -> Receipt:
    """The outcome of one send, or of an upload (whose id the message after it names)."""
    body = answer(response)
    error = obj(body, "error")
    if not response.failure and error:
        return _refusal(response, error)
    outcome = trouble(response)
    if outcome is not None:
        return outcome
    sent = next(items(body, "messages"), None)
    external_id = string(body, "id") if call.prepares else string(sent, "id")
    if not external_id:
        return Unknown(detail=f"no id in the answer: {excerpt(response.body)}")
    status = string(sent, "message_status")
    return Sent(external_id=external_id, detail=status if status != "accepted" else "")


def _refusal(response: Response, error: dict[str, Json]) -> Receipt:
    code, _ = code_of(error)
    detail = _told(error, code)
    if code in _LATER or response.status == 429:
        after = retry_after(response, default=_LATER.get(code, 60.0))
        return Deferred(
            after=after, detail=detail, scope="conversation" if code == _TO_ONE_PERSON else "account"
        )
    if code in _TRANSIENT or error.get("is_transient") is True or response.status >= 500:
        return Unknown(detail=detail)
    cure = _CURES.get(code)
    return Refused(code=_BY_CODE.get(code, "invalid"), detail=f"{detail} ({cure})" if cure else detail)


def _told(error: dict[str, Json], code: int) -> str:
    message = string(error, "message") or string(error, "title") or string(error, "type")
    details = string(obj(error, "error_data"), "details")
    message = message.removeprefix(f"(#{code}) ")
    return f"{code} {message}{f': {details}' if details and details not in message else ''}"[:500]
