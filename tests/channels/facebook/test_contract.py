"""Facebook keeps the contract."""

from __future__ import annotations

from pathlib import Path

from omnichannel.channels.facebook import Facebook
from omnichannel.testing import ChannelContract, LinkContract
from tests.platforms.meta.webhook import VERIFY_TOKEN, MetaWebhook


class TestFacebook(MetaWebhook, ChannelContract):
    cases = Path(__file__).parent / "cases"

    def channel(self, *secrets: str) -> Facebook:
        return Facebook(
            "page",
            page_id="100000000000001",
            page_token="a-page-token-made-up",
            app_secret=secrets,
            verify_token=VERIFY_TOKEN,
        )


class TestFacebookLink(LinkContract):
    kind = "facebook"
