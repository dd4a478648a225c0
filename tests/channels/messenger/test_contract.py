"""Messenger keeps the contract."""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path

from omnichannel.channel import Delivery
from omnichannel.channels.messenger import Messenger
from omnichannel.testing import ChannelContract, LinkContract


class TestMessenger(ChannelContract):
    cases = Path(__file__).parent / "contract"

    def channel(self, *secrets: str) -> Messenger:
        return Messenger(
            "page",
            page_id="100000000000001",
            page_token="a-page-token-made-up",
            app_secret=secrets,
            verify_token="a-verify-token-made-up",
        )

    def sign(self, delivery: Delivery, secret: str) -> Delivery:
        """Hexadecimal HMAC-SHA256 over the raw body (Graph API, Webhooks, "Validating payloads")."""
        mac = hmac.new(secret.encode(), delivery.body, hashlib.sha256).hexdigest()
        return delivery.model_copy(
            update={"headers": (*delivery.headers, ("x-hub-signature-256", f"sha256={mac}"))}
        )

    def challenge(self, text: str, secret: str) -> Delivery:
        query = f"hub.mode=subscribe&hub.verify_token=a-verify-token-made-up&hub.challenge={text}"
        return Delivery(method="GET", url=f"https://hook.example/page?{query}")


class TestMessengerLink(LinkContract):
    kind = "messenger"
