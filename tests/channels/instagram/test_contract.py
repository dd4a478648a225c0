"""Instagram keeps the contract."""

from __future__ import annotations

from pathlib import Path

from omnichannel.channels.instagram import Instagram
from omnichannel.testing import ChannelContract, LinkContract
from tests.platforms.meta.webhook import VERIFY_TOKEN, MetaWebhook


class TestInstagram(MetaWebhook, ChannelContract):
    cases = Path(__file__).parent / "cases"

    def channel(self, *secrets: str) -> Instagram:
        return Instagram(
            "insta",
            account_id="17841400000000001",
            username="shop",
            token="an-account-token-made-up",
            app_secret=secrets,
            verify_token=VERIFY_TOKEN,
        )


class TestInstagramLink(LinkContract):
    kind = "instagram"
