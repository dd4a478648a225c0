"""WhatsApp keeps the contract."""

from __future__ import annotations

from pathlib import Path

from omnichannel.channels.whatsapp import WhatsApp
from omnichannel.testing import ChannelContract, LinkContract
from tests.platforms.meta.webhook import VERIFY_TOKEN, MetaWebhook


class TestWhatsApp(MetaWebhook, ChannelContract):
    cases = Path(__file__).parent / "cases"

    def channel(self, *secrets: str) -> WhatsApp:
        return WhatsApp(
            "number",
            number="+15550783881",
            phone_number_id="106540352242922",
            waba_id="102290129340398",
            token="a-system-token-made-up",
            app_secret=secrets,
            verify_token=VERIFY_TOKEN,
        )


class TestWhatsAppLink(LinkContract):
    kind = "whatsapp"
