"""LINE keeps the contract of omnichannel's channels: the checks are the kit's, the cases LINE's."""

from __future__ import annotations

import base64
import hashlib
import hmac
from pathlib import Path

from omnichannel.channel import Delivery
from omnichannel.testing import ChannelContract, LinkContract

from omnichannel_line import Line


class TestLine(ChannelContract):
    cases = Path(__file__).parent / "cases"

    def channel(self, *secrets: str) -> Line:
        bot, token = "U" + "ab" * 16, "line-access-token"
        return Line(
            "line", bot_id=bot, channel_secret=secrets, access_token=token, basic_id="@shop", replies=True
        )

    def sign(self, delivery: Delivery, secret: str) -> Delivery:
        digest = hmac.new(secret.encode(), delivery.body, hashlib.sha256).digest()
        proof = ("X-Line-Signature", base64.b64encode(digest).decode())
        return delivery.model_copy(update={"headers": (*delivery.headers, proof)})


class TestLineLink(LinkContract):
    kind = "line"
