"""Text messages keep the contract."""

from __future__ import annotations

from pathlib import Path

from omnichannel.channels.sms import Sms
from omnichannel.testing import ChannelContract, LinkContract
from tests.platforms.twilio.webhook import ACCOUNT, TwilioWebhook


class TestSms(TwilioWebhook, ChannelContract):
    cases = Path(__file__).parent / "cases"

    def channel(self, *secrets: str) -> Sms:
        return Sms(
            "sms",
            account_sid=ACCOUNT,
            auth_token=secrets,
            number="+31201234567",
            status_callback="https://hook.example/sms",
        )


class TestSmsLink(LinkContract):
    kind = "sms"
