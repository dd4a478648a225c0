"""Messenger keeps the contract."""

from __future__ import annotations

from pathlib import Path

from omnichannel.channels.messenger import Messenger
from omnichannel.testing import ChannelContract, LinkContract
from tests.platforms.meta.webhook import VERIFY_TOKEN, MetaWebhook


class TestMessenger(MetaWebhook, ChannelContract):
    cases = Path(__file__).parent / "contract"

    def channel(self, *secrets: str) -> Messenger:
        return Messenger(
            "page",
            page_id="100000000000001",
            page_token="a-page-token-made-up",
            app_secret=secrets,
            verify_token=VERIFY_TOKEN,
        )


class TestMessengerLink(LinkContract):
    kind = "messenger"
