"""Text messages keep the contract. The signature is made here from Twilio's page on it, not from our code."""

from __future__ import annotations

import base64
import hashlib
import hmac
from pathlib import Path
from urllib.parse import parse_qsl

from omnichannel.channel import Delivery
from omnichannel.channels.sms import Sms
from omnichannel.testing import ChannelContract

ACCOUNT = "AC00000000000000000000000000000001"


class TestSms(ChannelContract):
    cases = Path(__file__).parent / "cases"

    def channel(self, *secrets: str) -> Sms:
        return Sms(
            "sms",
            account_sid=ACCOUNT,
            auth_token=secrets,
            number="+31201234567",
            status_callback="https://hook.example/sms",
        )

    def sign(self, delivery: Delivery, secret: str) -> Delivery:
        """Base64 of HMAC-SHA1 over the address and the sorted parameters (Twilio, "Security")."""
        form = sorted(parse_qsl(delivery.body.decode(), keep_blank_values=True))
        text = delivery.url + "".join(name + value for name, value in form)
        made = base64.b64encode(hmac.new(secret.encode(), text.encode(), hashlib.sha1).digest()).decode()
        return delivery.model_copy(update={"headers": (*delivery.headers, ("X-Twilio-Signature", made))})
