"""What the Bot API's answers mean. There is no idempotency and nothing comes back: in doubt, nothing is sent again.

Words of refusals: the Bot API server's own source (`fail_query_with_error`, `check_chat`, May 2026).
"""

from __future__ import annotations

from omnichannel.channel import Response
from omnichannel.channels.telegram.place import place_in
from omnichannel.errors import Malformed
from omnichannel.model import Deferred, Receipt, Refused, Sent, Unknown
from omnichannel.toolbox import (
    Json,
    answer,
    excerpt,
    need,
    number,
    obj,
    retry_after,
    string,
    trouble,
)

# The first whose words stand in the description decides.
_BY_WORDS = (
    ("chat not found", "recipient_unavailable"),
    ("user not found", "recipient_unavailable"),
    ("upgraded to a supergroup", "recipient_unavailable"),
    ("peer_id_invalid", "recipient_unavailable"),
    ("too long", "too_large"),
    ("too_long", "too_large"),
    ("too big", "too_large"),
    ("entity too large", "too_large"),
    ("rights", "config"),
    ("write_forbidden", "config"),
    ("business_connection", "config"),
    ("business connection", "config"),
    ("chat_restricted", "policy"),
    ("voice_messages_forbidden", "unsupported"),
)
_BY_CODE = {401: "reauth", 404: "reauth", 403: "recipient_unavailable", 409: "config", 413: "too_large"}

_CURES = {
    "reauth": "copy the token from @BotFather again",
    "recipient_unavailable": "they blocked the bot, never started it, or are gone; use another channel",
    "config": "check the bot's rights in this chat or business account",
    "too_large": "send less, or a link to it",
}

_SOONEST, _LATEST = 1.0, 3600.0


def receipt(response: Response) -> Receipt:
    """The outcome of one send."""
    body = answer(response)
    if not response.failure and body.get("ok") is False:
        return _refusal(response, body)
    outcome = trouble(response)
    if outcome is not None:
        return outcome
    ids = _messages(body.get("result"))
    if not ids:
        return Unknown(detail=f"no message in the answer: {excerpt(response.body)}")
    return Sent(external_id=ids[0], aliases=ids[1:])


def _messages(result: Json) -> tuple[str, ...]:
    """What the sent message, or each message of an album, is called: as updates about it will call it."""
    try:
        listed = result if isinstance(result, list) else [result]
        return tuple(place_in(message).message(need(message, "message_id")) for message in listed)
    except Malformed:
        return ()


def _refusal(response: Response, body: dict[str, Json]) -> Receipt:
    code = int(number(body, "error_code") or response.status)
    words, parameters = string(body, "description"), obj(body, "parameters")
    detail = f"{code} {words}"[:300]
    if code == 429:
        asked = number(parameters, "retry_after")
        after = retry_after(response) if asked is None else min(max(asked, _SOONEST), _LATEST)
        # Its limits are for each chat, above all; of the one for all chats each chat is told by itself.
        return Deferred(after=after, detail=detail)
    if code >= 500:
        return Unknown(detail=detail)
    moved = string(parameters, "migrate_to_chat_id")
    if moved and moved != "0":
        return Refused(
            code="recipient_unavailable",
            detail=f"{detail} (the group is {moved} now: answer what was said there, or write to telegram::{moved})",
        )
    word = word_for(code, words)
    cure = _CURES.get(word)
    return Refused(code=word, detail=f"{detail} ({cure})" if cure else detail)


def word_for(code: int, words: str) -> str:
    """Our word for an error of the Bot API."""
    folded = words.lower()
    by_words = next((word for part, word in _BY_WORDS if part in folded), "invalid") if code == 400 else ""
    return by_words or _BY_CODE.get(code, "invalid")
