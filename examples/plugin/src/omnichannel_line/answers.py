"""What the Messaging API's answers mean ("Status codes", "Retry failed API requests"). Pure."""

from __future__ import annotations

from omnichannel.channel import Response
from omnichannel.model import Receipt, Refused, Sent, Unknown
from omnichannel.toolbox import Json, answer, excerpt, items, string, trouble

_CURES = {
    "quota": "wait for the next month, or choose a larger plan in the LINE Official Account Manager",
    "reauth": "issue a new channel access token in the LINE Developers Console",
    "config": "check in the LINE Developers Console what this channel may do",
    "window_closed": "the reply token is used up or too old; say it again, and it is pushed",
    "recipient_unavailable": "they are not a friend of this account, or left the group",
}

INVALID_REPLY_TOKEN = "invalid reply token"  # noqa: S105 - what LINE answers, in small letters


def receipt(response: Response) -> Receipt:
    """The outcome of one push or reply."""
    said = answer(response)
    ids = [found for found in (string(one, "id") for one in items(said, "sentMessages")) if found]
    if response.status == 409 and response.header("x-line-accepted-request-id"):
        # Our retry key was taken before: this is the repetition that LINE did not need.
        return _sent(ids, response)
    if response.status == 429 and "monthly limit" in string(said, "message"):
        return _refused("quota", response)
    if response.status == 400 and not response.failure:
        return _refused(_of_bad_request(said), response)
    outcome = trouble(response)
    if isinstance(outcome, Refused):
        return _refused(outcome.code, response)
    if outcome is not None:
        return outcome
    return _sent(ids, response)


def _sent(ids: list[str], response: Response) -> Receipt:
    if not ids:
        return Unknown(detail=f"no sentMessages in the answer: {excerpt(response.body)}")
    return Sent(external_id=ids[0], aliases=tuple(ids[1:]))


def reply_token_refused(response: Response) -> bool:
    """Whether LINE surely did not take a reply, for its token's sake."""
    return response.status == 400 and INVALID_REPLY_TOKEN in string(answer(response), "message").lower()


def _of_bad_request(said: dict[str, Json]) -> str:
    words = " ".join(
        [string(said, "message"), *(string(one, "property") for one in items(said, "details"))]
    ).lower()
    if INVALID_REPLY_TOKEN in words:
        return "window_closed"
    return (
        "recipient_unavailable"
        if "'to'" in words or words.endswith(" to") or "failed to send" in words
        else "invalid"
    )


def _refused(code: str, response: Response) -> Refused:
    said = answer(response)
    details = "; ".join(
        f"{string(one, 'property')}: {string(one, 'message')}" for one in items(said, "details")
    )
    told = " ".join(filter(None, (string(said, "message"), details))) or excerpt(response.body, 200)
    cure = f" ({_CURES[code]})" if code in _CURES else ""
    return Refused(code=code, detail=f"HTTP {response.status} {told}"[:400].rstrip() + cure)
