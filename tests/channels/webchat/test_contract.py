"""Web chat keeps the contract."""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path

from omnichannel.channel import Delivery
from omnichannel.channels.webchat import WebChat
from omnichannel.testing import ChannelContract, LinkContract


class TestWebChat(ChannelContract):
    cases = Path(__file__).parent / "cases"

    def channel(self, *secrets: str) -> WebChat:
        return WebChat(
            "chat",
            secret=secrets,
            origins=["https://www.shop.example"],
            page="https://www.shop.example/help",
            user_keys="the key that the shop signs its logins with",
        )

    def sign(self, delivery: Delivery, secret: str) -> Delivery:
        """Hex of HMAC-SHA256 over the raw body (docs/howto/webchat.md, "The delivery")."""
        mac = hmac.new(secret.encode(), delivery.body, hashlib.sha256).hexdigest()
        header = ("x-omnichannel-signature", f"sha256={mac}")
        return delivery.model_copy(update={"headers": (*delivery.headers, header)})


class TestWebChatLink(LinkContract):
    kind = "webchat"
