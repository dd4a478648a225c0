"""Whether a delivery comes from Telegram, and the answer that it waits for.

There is no signature: Telegram sends back the secret that was given to `setWebhook` (Bot API, `secret_token`), so
the address has to be https and the secret long.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Sequence

from pydantic import SecretStr

from omnichannel.channel import Ack, Delivery
from omnichannel.errors import Forged, Malformed
from omnichannel.toolbox import load_json, obj, string

HEADER = "X-Telegram-Bot-Api-Secret-Token"

_TAKEN = Ack()


def admit(delivery: Delivery, secrets: Sequence[SecretStr]) -> Ack:
    """Take what one of the secrets came with; raises Forged for anything else."""
    if delivery.source != "webhook":
        return _TAKEN
    if not secrets:
        raise Forged("no secret is configured, so nothing can be told from a forgery; this account is polled")
    given = delivery.header(HEADER).encode("utf-8", "surrogatepass")
    # Every one is compared, so that the time taken does not tell which one was right.
    same = [hmac.compare_digest(given, secret.get_secret_value().encode()) for secret in secrets]
    if not any(same):
        raise Forged(f"{HEADER} is {'not our secret' if given else 'missing'}")
    return _answer(delivery.body)


def _answer(body: bytes) -> Ack:
    """Nothing, or for a tapped button the call that stops its waiting: Telegram carries out what a webhook answers.

    Only ever a call of ours with an id of Telegram's: whatever an answer says is done in the bot's name.
    """
    # A quote within a JSON text is escaped, so that nobody can write this into a message.
    if b'"callback_query"' not in body:
        return _TAKEN
    try:
        query = string(obj(load_json(body), "callback_query"), "id")
    except Malformed:
        return _TAKEN
    if not query:
        return _TAKEN
    answer = {"method": "answerCallbackQuery", "callback_query_id": query}
    return Ack(headers=(("content-type", "application/json"),), body=json.dumps(answer).encode())
