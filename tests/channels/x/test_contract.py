"""X keeps the contract."""

from __future__ import annotations

import base64
import hashlib
import hmac
from pathlib import Path

from omnichannel.channel import Delivery
from omnichannel.channels.x import X
from omnichannel.testing import ChannelContract, LinkContract


class TestX(ChannelContract):
    cases = Path(__file__).parent / "contract"

    def channel(self, *secrets: str) -> X:
        return X(
            "x", user_id="1111111111111111111", username="shop", consumer_secret=secrets, token="user-token"
        )

    def sign(self, delivery: Delivery, secret: str) -> Delivery:
        """Base64 of HMAC-SHA256 over the raw body (docs.x.com, "Securing webhooks")."""
        mac = hmac.new(secret.encode(), delivery.body, hashlib.sha256).digest()
        header = ("x-twitter-webhooks-signature", f"sha256={base64.b64encode(mac).decode()}")
        return delivery.model_copy(update={"headers": (*delivery.headers, header)})

    def challenge(self, text: str, secret: str) -> Delivery:
        return Delivery(method="GET", url=f"https://hook.example/x?crc_token={text}")


class TestXLink(LinkContract):
    kind = "x"
