"""Telephone calls keep the contract."""

from __future__ import annotations

import base64
from pathlib import Path
from urllib.parse import parse_qsl
from xml.etree import ElementTree as ET

from omnichannel.channel import Call
from omnichannel.channels.voice import Voice
from omnichannel.testing import ChannelContract, LinkContract
from tests.platforms.twilio.webhook import ACCOUNT, TwilioWebhook


class TestVoice(TwilioWebhook, ChannelContract):
    cases = Path(__file__).parent / "cases"

    def channel(self, *secrets: str) -> Voice:
        return Voice(
            "voice",
            account_sid=ACCOUNT,
            auth_token=secrets,
            number="+31201234567",
            agent_number="+31203333333",
            status_callback="https://hook.example/voice",
        )

    def tokens(self, link: str) -> tuple[str, ...]:
        """Forty digits after three pauses: the token's 26 letters of base32 (RFC 4648) as one number."""
        number, pauses, digits = link.removeprefix("tel:").partition(",,,")
        assert (number, pauses, len(digits)) == ("+31201234567", ",,,", 40)
        raw = (int(digits) << 6).to_bytes(17, "big")
        return ("oct" + base64.b32encode(raw).decode().lower()[:26],)

    def said(self, call: Call) -> str | None:
        """What is spoken: the text of the document that the call is started with."""
        document = dict(parse_qsl(call.body.decode()))["Twiml"]
        return "".join(ET.fromstring(document).itertext())


class TestVoiceLink(LinkContract):
    kind = "voice"
