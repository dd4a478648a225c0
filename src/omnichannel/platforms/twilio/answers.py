"""What Twilio's REST API answers. There is no idempotency: in doubt, nothing is ever sent again.

Codes: Twilio's error dictionary (1,902 codes as of August 2026), those that a send or a call can meet.
"""

from __future__ import annotations

from omnichannel.channel import Response
from omnichannel.model import Deferred, Receipt, Refused, Sent, Unknown
from omnichannel.toolbox import (
    Json,
    answer,
    excerpt,
    number,
    retry_after,
    string,
    trouble,
)

_WAIT = frozenset({
    10004,  # too many calls at once
    14107, 20429, 21611,  # too fast; the number's queue is full
    63018,
})  # fmt: skip

_CODES = {
    "reauth": (20003, 20008),
    "config": (
        20005, 20404, 21210, 21212, 21213, 21215, 21216, 21219, 21408, 21603, 21606, 21608, 21609, 21659, 21660,
        21661, 21703, 21705, 13227,
    ),
    "recipient_unavailable": (21211, 21214, 21217, 21610, 21612, 21614, 13224, 63024),
    "too_large": (21605, 21617),
    "policy": (21202, 21635, 30034, 13225),
    "window_closed": (63016,),
}  # fmt: skip
_BY_CODE = {code: word for word, codes in _CODES.items() for code in codes}

_CURES = {
    21610: "this person answered STOP; only they can take that back, with START",
    21408: "allow messages to that country under Messaging > Settings > Geo permissions",
    21215: "allow calls to that country under Voice > Settings > Geo permissions",
    21608: "a trial account reaches verified numbers only",
    21219: "a trial account reaches verified numbers only",
    20003: "check account_sid and auth_token",
    20404: "check account_sid and host",
}


def receipt(response: Response) -> Receipt:
    """The outcome of one send or call: Sent with the `sid` that statuses will name."""
    body = answer(response)
    code = code_of(body)
    if not response.failure and response.status >= 400 and response.status < 500 and code:
        return _refusal(response, body, code)
    outcome = trouble(response)
    if outcome is not None:
        return outcome
    sid = string(body, "sid")
    if not sid:
        return Unknown(detail=f"no sid in the answer: {excerpt(response.body)}")
    return Sent(external_id=sid)


def code_of(body: dict[str, Json]) -> int:
    """Twilio's error code, 0 where there is none."""
    return int(number(body, "code") or 0)


def _refusal(response: Response, body: dict[str, Json], code: int) -> Receipt:
    detail = f"{code} {string(body, 'message')}"[:300].strip()
    if code in _WAIT or response.status == 429:
        return Deferred(after=retry_after(response), detail=detail, scope="account")
    word = _BY_CODE.get(code) or ("reauth" if response.status == 401 else "invalid")
    cure = _CURES.get(code)
    return Refused(code=word, detail=f"{detail} ({cure})" if cure else detail)
