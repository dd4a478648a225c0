"""What the Send API's answers mean. There is no idempotency: in doubt, nothing is ever sent again.

Codes: Meta's "error codes" (18 March 2026) and what others met in production.
"""

from __future__ import annotations

from collections.abc import Iterator

from omnichannel.channel import Response
from omnichannel.errors import Malformed
from omnichannel.model import Deferred, Receipt, Refused, Sent, Unknown
from omnichannel.toolbox import (
    Json,
    answer,
    excerpt,
    is_object,
    load_json,
    number,
    obj,
    retry_after,
    string,
    trouble,
)

_RATE = frozenset({4, 17, 32, 613, 80002, 80006, 2534040})
_TRANSIENT = frozenset({1, 2, 1200})

_BY_SUBCODE = {
    2018278: "window_closed",
    2018065: "window_closed",
    2534022: "window_closed",
    2018276: "config",  # HUMAN_AGENT is not approved for this app
    2018108: "config",  # the app is in development mode and the person has no role in it
    2018300: "not_owner",
    1893063: "policy",  # the Page may not send for a time (changelog, 25 June 2026)
    1545041: "recipient_unavailable",
    2018001: "recipient_unavailable",
    2534014: "recipient_unavailable",  # Instagram: no such person
}
_BY_CODE = {
    3: "config",
    10: "config",
    100: "invalid",
    190: "reauth",
    368: "policy",
    551: "recipient_unavailable",
    10900: "duplicate",
    10903: "recipient_unavailable",  # a private reply that this person or comment does not take
} | dict.fromkeys(range(200, 300), "config")

_CURES = {
    "window_closed": "wait until the person writes again, or answer on another channel",
    "config": "check the app's permissions and features for this Page",
    "not_owner": "another app or inbox holds the conversation; take it over there first",
    "reauth": "make a new Page token",
    "recipient_unavailable": "the person blocked the Page or is gone; use another channel",
    "duplicate": "a comment is answered privately once, and this one was; write when they answer",
    "policy": "Meta blocked the Page for a time; see its Page quality",
}


def receipt(response: Response) -> Receipt:
    """The outcome of one send."""
    body = answer(response)
    error = obj(body, "error")
    if not response.failure and error:
        return _refusal(response, error)
    outcome = trouble(response)
    if outcome is not None:
        return outcome
    # Messages have a `message_id`; comments, and messages of an Instagram account to itself, an `id`.
    message_id = string(body, "message_id") or string(body, "id")
    if not message_id:
        return Unknown(detail=f"no message_id in the answer: {excerpt(response.body)}")
    attachment = string(body, "attachment_id")
    return Sent(external_id=message_id, detail=f"attachment {attachment}" if attachment else "")


def code_of(error: dict[str, Json]) -> tuple[int, int]:
    """Meta's code and subcode, 0 where there is none."""
    return int(number(error, "code") or 0), int(number(error, "error_subcode") or 0)


def _refusal(response: Response, error: dict[str, Json]) -> Receipt:
    code, subcode = code_of(error)
    detail = f"{code}/{subcode} {string(error, 'message') or string(error, 'type')}"[:300]
    # Rate limits come marked as transient, too, but they say for certain that nothing was taken.
    if code in _RATE or subcode in _RATE or response.status == 429:
        after = retry_after(response, default=_regained(response))
        return Deferred(after=after, detail=detail, scope="account")
    if error.get("is_transient") is True or code in _TRANSIENT or response.status >= 500:
        return Unknown(detail=detail)
    word = _BY_SUBCODE.get(subcode) or _BY_CODE.get(code) or "invalid"
    cure = _CURES.get(word)
    return Refused(code=word, detail=f"{detail} ({cure})" if cure else detail)


def _regained(response: Response) -> float:
    """Seconds until Meta lets us again, by `X-Business-Use-Case-Usage`, within a minute and an hour."""
    try:
        usage = load_json(response.header("x-business-use-case-usage").encode())
    except Malformed:
        return 60.0
    minutes = max(_minutes(usage), default=0.0)
    return min(max(minutes * 60, 60.0), 3600.0)


def _minutes(usage: Json) -> Iterator[float]:
    for uses in usage.values() if is_object(usage) else ():
        for use in uses if isinstance(uses, list) else ():
            yield number(use, "estimated_time_to_regain_access") or 0.0
