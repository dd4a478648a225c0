"""What an SMTP server's reply means for us (RFC 5321 §4.2, enhanced codes of RFC 3463 and its registry)."""

from __future__ import annotations

import re

from omnichannel.channel import Call, Response
from omnichannel.model import Deferred, Receipt, Refused, Sent, Unknown

STAGE = "stage"
"""The `Response` header that says which command was answered: CONNECT, AUTH, MAIL FROM, RCPT TO or DATA."""

_WAIT_LINK = 30.0
_WAIT_CLOSING = 60.0
_WAIT_GREYLIST = 300.0  # greylisting opens after 1 to 5 minutes; RFC 5321 §4.5.4.1 asks for more patience
_ENHANCED = re.compile(r"\s*5\.(\d{1,3}\.\d{1,3})\b")

_BY_ENHANCED = {
    "1.0": "recipient_unavailable", "1.1": "recipient_unavailable", "1.2": "recipient_unavailable",
    "1.3": "invalid", "1.6": "recipient_unavailable", "1.7": "invalid", "1.8": "invalid",
    "1.10": "recipient_unavailable", "2.0": "recipient_unavailable", "2.1": "recipient_unavailable",
    "2.2": "recipient_unavailable", "2.3": "too_large", "2.4": "recipient_unavailable",
    "3.4": "too_large", "4.4": "recipient_unavailable", "5.3": "invalid", "6.7": "unsupported",
    "7.8": "reauth", "7.9": "reauth", "7.11": "reauth", "7.14": "reauth",
}  # fmt: skip
_BY_TOPIC = {"2": "recipient_unavailable", "7": "policy"}
_BY_STATUS = {521: "policy", 552: "too_large", 554: "policy", 556: "recipient_unavailable"}
_AT_RECIPIENT: dict[int, str] = dict.fromkeys((550, 551, 552, 553), "recipient_unavailable")
_AT_DATA = {550: "policy", 554: "policy"}
_LOGIN = {530, 534, 535, 538}  # RFC 4954 §6, whatever enhanced code stands beside


def receipt(call: Call, response: Response) -> Receipt:
    """What became of a mail.

    250: sent, under our own Message-ID. Never connected, or cut before the mail's last line: deferred, it
    was certainly not taken. Cut after it: unknown. 4xx: deferred. 5xx: refused, with our word for why.
    """
    if response.failure == "in_doubt":
        return Unknown(detail=response.detail)
    if response.failure == "not_sent":
        return Deferred(after=_WAIT_LINK, detail=response.detail)
    if 200 <= response.status < 300:
        return Sent(external_id=call.correlator, detail=response.detail)
    detail = f"{response.header(STAGE)} {response.status} {response.detail}".strip()
    if response.status == 421:
        return Deferred(after=_WAIT_CLOSING, detail=detail)
    if 400 <= response.status < 500:
        return Deferred(after=_WAIT_GREYLIST, detail=detail)
    if 500 <= response.status < 600:
        return Refused(code=_refusal(response), detail=detail)
    return Unknown(detail=detail)


def _refusal(response: Response) -> str:
    stage = response.header(STAGE)
    if stage == "AUTH" or response.status in _LOGIN:
        return "reauth"
    match = _ENHANCED.match(response.detail)
    if match:
        topic = match[1].partition(".")[0]
        return _BY_ENHANCED.get(match[1]) or _BY_TOPIC.get(topic, "invalid")
    by_stage: dict[int, str] = _AT_RECIPIENT if stage == "RCPT TO" else _AT_DATA if stage == "DATA" else {}
    return by_stage.get(response.status) or _BY_STATUS.get(response.status, "invalid")
