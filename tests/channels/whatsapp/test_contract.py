"""WhatsApp keeps the contract."""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path

from omnichannel.channel import Delivery
from omnichannel.channels.whatsapp import WhatsApp
from omnichannel.testing import ChannelContract


class TestWhatsApp(ChannelContract):
    cases = Path(__file__).parent / "cases"

    def channel(self, *secrets: str) -> WhatsApp:
        return WhatsApp(
            "number",
            number="+15550783881",
            phone_number_id="106540352242922",
            waba_id="102290129340398",
            token="a-system-token-made-up",
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
        return Delivery(method="GET", url=f"https://hook.example/number?{query}")
