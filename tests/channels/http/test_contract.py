"""The joined system keeps the contract. The signature is made here from the specification's text, not from our code."""

from __future__ import annotations

import base64
import hashlib
import hmac
from pathlib import Path

from omnichannel.channel import Delivery
from omnichannel.channels.http import Http
from omnichannel.testing import ChannelContract, LinkContract

HERE = Path(__file__).parent


class TestHttp(ChannelContract):
    cases = HERE / "cases"

    def channel(self, *secrets: str) -> Http:
        return Http(
            "crm",
            secret=secrets,
            url="https://crm.example/omnichannel",
            send_secret="whsec_" + base64.b64encode(b"the other direction's key").decode(),
            kinds=["http", "phone", "email"],
        )

    def sign(self, delivery: Delivery, secret: str) -> Delivery:
        message, moment = "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W", "1674087231"
        signed = f"{message}.{moment}.".encode() + delivery.body
        made = hmac.new(base64.b64decode(secret.removeprefix("whsec_")), signed, hashlib.sha256).digest()
        proof = (
            ("webhook-id", message),
            ("webhook-timestamp", moment),
            ("webhook-signature", f"v1,{base64.b64encode(made).decode()}"),
        )
        return delivery.model_copy(update={"headers": (*delivery.headers, *proof)})


class TestHttpLink(LinkContract):
    kind = "http"
