"""What X's answer to a call means.

Errors come as v2 problems (`type`, `title`, `detail`), as v1.1 numbers, or both; they are told apart by
number, by the last part of the type, and where X has neither, by words seen in real answers.
Sources: docs.x.com (response codes and errors), developer.x.com (error codes), recorded answers.
"""

from __future__ import annotations

from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from typing import NamedTuple

from omnichannel.channel import Response
from omnichannel.channels.x.context import either, objects
from omnichannel.errors import Malformed
from omnichannel.model import Deferred, Receipt, Refused, Sent, Unknown
from omnichannel.toolbox import Json, excerpt, load_json, number, obj, retry_after, string, trouble

_WAIT = 900.0
"""Seconds to wait if X does not say: its windows are 15 minutes long."""
_LONGEST = 86_400.0

_CURES = {
    "not_summoned": "X lets us answer only posts whose author mentions or quotes us: write a direct message, "
    "or answer in the X app.",
    "duplicate": "X takes the same words only once: if they are not there yet, change them.",
    "recipient_unavailable": "The person or post is gone, or takes nothing from us.",
    "reauth": "Connect the account again.",
    "quota": "The spending limit or the month's quota is used up: raise it in the developer portal.",
    "config": "Let the app read, write and send direct messages, then connect the account again.",
    "too_large": "Shorten it: it is longer than this account may send.",
    "policy": "X took it for automated or spam: let a person answer in the X app.",
}

# Numbers of v1.1 (developer.x.com, "Error codes").
_CODES = {
    32: "reauth", 64: "reauth", 89: "reauth", 99: "reauth", 135: "reauth", 215: "reauth", 326: "reauth",
    93: "config", 220: "config", 261: "config", 453: "config",
    50: "recipient_unavailable", 63: "recipient_unavailable", 108: "recipient_unavailable",
    150: "recipient_unavailable", 151: "recipient_unavailable", 160: "recipient_unavailable",
    349: "recipient_unavailable", 385: "recipient_unavailable", 476: "recipient_unavailable",
    186: "too_large", 354: "too_large", 187: "duplicate", 226: "policy", 344: "policy", 433: "not_summoned",
}  # fmt: skip
_LATER = {88: _WAIT, 185: 3600.0}
"""Numbers that mean "not now", and how many seconds to wait: rate limit, too many posts today."""

_TYPES = {
    "usage-capped": "quota",
    "client-forbidden": "config",
    "not-authorized-for-resource": "recipient_unavailable",
    "resource-not-found": "recipient_unavailable",
    "resource-unavailable": "recipient_unavailable",
    "disallowed-resource": "policy",
    "invalid-request": "invalid",
}

_WORDS = {
    "mentioned or are the author": "not_summoned",
    "only reply to or quote": "not_summoned",
    "reply to this conversation is not allowed": "not_summoned",
    "duplicate content": "duplicate",
    "cannot send messages to this user": "recipient_unavailable",
    "not following you": "recipient_unavailable",
    "does not accept": "recipient_unavailable",
    "permission to dm": "recipient_unavailable",
    "not verified to send message requests": "recipient_unavailable",
}


class _Problem(NamedTuple):
    """One thing that X says is wrong: its number, the last part of its type, and its words."""

    number: int
    type: str
    words: str

    @property
    def code(self) -> str:
        """Our word for it; empty if it says nothing that the HTTP status does not say."""
        said = next((code for words, code in _WORDS.items() if words in self.words.lower()), "")
        return said or _CODES.get(self.number, "") or _TYPES.get(self.type, "")


def read(response: Response) -> Receipt:
    """The receipt for an answer to a post, a direct message or an upload."""
    if response.failure or response.status == 408 or not 200 <= response.status < 500:
        return trouble(response) or Unknown(detail=excerpt(response.body))
    answer = _json(response)
    problems = tuple(_problems(answer))
    detail = "; ".join(problem.words for problem in problems if problem.words) or excerpt(response.body)
    code = next((problem.code for problem in problems if problem.code), "")
    if response.status < 300 and (sent := _sent_id(answer)):
        return Sent(external_id=sent, detail=detail if problems else "")
    waits = [_LATER[problem.number] for problem in problems if problem.number in _LATER]
    if waits or (response.status == 429 and code != "quota"):
        return Deferred(
            after=_until_reset(response) or retry_after(response, max(waits, default=_WAIT)),
            detail=detail,
            scope="account",
        )
    if not code:
        refused = trouble(response)
        code = refused.code if isinstance(refused, Refused) else ""
    if not code:
        return Unknown(detail=f"X took it, but gave no id: {detail}")
    return Refused(code=code, detail=" ".join(filter(None, (detail, _CURES.get(code, "")))))


def _json(response: Response) -> Json:
    try:
        return load_json(response.body)
    except Malformed:
        return None


def _sent_id(answer: Json) -> str:
    """The id of what was made: a post, a direct message, a file."""
    data = obj(answer, "data")
    return either(data, "id", "dm_event_id") or either(answer, "media_id_string", "media_id")


def _problems(answer: Json) -> Iterator[_Problem]:
    """Everything that an answer complains of, the more exact ones first."""
    for error in (*objects(answer, "errors"), *([answer] if isinstance(answer, dict) else ())):
        words = " ".join(
            text for key in ("title", "detail", "message", "error") if (text := string(error, key))
        )
        kind = string(error, "type").rstrip("/").rpartition("/")[2]
        code = int(number(error, "code") or 0)
        if words or kind or code:
            yield _Problem(code, kind, words)
    if isinstance(answer, dict) and isinstance(answer.get("errors"), str):
        yield _Problem(0, "", string(answer, "errors"))


def _until_reset(response: Response) -> float | None:
    """Seconds until X takes calls again, by its own clock: the `date` of the answer, not ours."""
    try:
        now = parsedate_to_datetime(response.header("date")).timestamp()
    except ValueError:
        return None
    resets = [
        float(response.header(f"x-{limit}-reset"))
        for limit in ("rate-limit", "user-limit-24hour", "app-limit-24hour")
        if response.header(f"x-{limit}-reset").isdigit()
        and response.header(f"x-{limit}-remaining") in ("", "0")
    ]
    return min(max(max(resets) - now, 1.0), _LONGEST) if resets else None
