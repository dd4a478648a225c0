"""Whether a request comes from Meta: the challenge when a webhook is set up, and the signature ever after.

Meta signs the raw bytes with the app's secret (Graph API, Webhooks, "Validating payloads"); `X-Hub-Signature`
with SHA-1 is a relic and is not looked at.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Sequence
from urllib.parse import parse_qsl, urlsplit

from pydantic import SecretStr

from omnichannel.channel import Ack, Delivery
from omnichannel.errors import Forged
from omnichannel.toolbox import signed

# What is echoed must never be a page or a script, whoever learns the verify token.
_CHALLENGE = re.compile(r"[A-Za-z0-9_.-]{1,256}")

_TAKEN = Ack(status=200, headers=(("content-type", "text/plain"),), body=b"EVENT_RECEIVED")


def challenge(delivery: Delivery, verify_token: SecretStr | None) -> Ack:
    """Answer the question that Meta asks when the webhook is set up; raises Forged for anybody else's."""
    asked = _query(delivery.url)
    mode, token, text = (asked.get(name, "") for name in ("mode", "verify_token", "challenge"))
    expected = verify_token.get_secret_value() if verify_token else ""
    same = hmac.compare_digest(token.encode("utf-8", "surrogatepass"), expected.encode())
    if mode != "subscribe" or not expected or not same:
        raise Forged("not Meta's verification: hub.mode or hub.verify_token is another than ours")
    if not _CHALLENGE.fullmatch(text):
        raise Forged("hub.challenge is not one that Meta would send")
    headers = (("content-type", "text/plain; charset=utf-8"), ("x-content-type-options", "nosniff"))
    return Ack(status=200, headers=headers, body=text.encode(), keep=False)


def _query(url: str) -> dict[str, str]:
    """The `hub.` parameters, in the spelling of the wire or of PHP-like gateways (`hub_`)."""
    try:
        pairs = parse_qsl(urlsplit(url).query, keep_blank_values=True, max_num_fields=50)
    except ValueError:
        return {}
    return {name[4:]: value for name, value in pairs if name.startswith(("hub.", "hub_"))}


def notification(delivery: Delivery, secrets: Sequence[SecretStr]) -> Ack:
    """Take what one of the app's secrets signed; raises Forged for anything else.

    Meta waits five seconds for the answer and gives up a webhook that fails for an hour.
    """
    if not secrets:
        raise Forged("no app secret is configured, so nothing can be told from a forgery")
    header = delivery.header("x-hub-signature-256")
    if not header:
        raise Forged("X-Hub-Signature-256 is missing")
    if not signed(secrets, delivery.body, header):
        raise Forged("X-Hub-Signature-256 was not made with our app secret over these bytes")
    return _TAKEN
