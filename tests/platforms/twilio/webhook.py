"""How Twilio proves that a webhook is its own, from its page on it and not from our code: for the contracts."""

from __future__ import annotations

import base64
import hashlib
import hmac
from urllib.parse import parse_qsl

from omnichannel.channel import Delivery

ACCOUNT = "AC00000000000000000000000000000001"


class TwilioWebhook:
    """Signs what is delivered."""

    def sign(self, delivery: Delivery, secret: str) -> Delivery:
        """Base64 of HMAC-SHA1 over the address and the sorted parameters (Twilio, "Security"), each once."""
        form = sorted(set(parse_qsl(delivery.body.decode(), keep_blank_values=True)))
        text = delivery.url + "".join(name + value for name, value in form)
        made = base64.b64encode(hmac.new(secret.encode(), text.encode(), hashlib.sha1).digest()).decode()
        return delivery.model_copy(update={"headers": (*delivery.headers, ("X-Twilio-Signature", made))})
