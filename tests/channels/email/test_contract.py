"""E-mail keeps the contract: no webhook, no HTTP, bodies that are MIME."""

from __future__ import annotations

from email.parser import BytesParser
from email.policy import default
from pathlib import Path

from omnichannel.channel import Call
from omnichannel.channels.email import Email
from omnichannel.testing import ChannelContract, LinkContract


class TestEmail(ChannelContract):
    cases = Path(__file__).parent / "contract"

    def channel(self, *secrets: str) -> Email:
        return Email(
            "support",
            address="support@shop.example",
            imap="imaps://imap.shop.example",
            smtp="smtps://smtp.shop.example",
            password="a-password-made-up",
            trusted=["mx.shop.example"],
        )

    def said(self, call: Call) -> str:
        """The plain text of the mail, as another mail program reads it."""
        body = BytesParser(policy=default).parsebytes(call.body).get_body(("plain",))
        return body.get_content().replace("\r\n", "\n") if body else ""


class TestEmailLink(LinkContract):
    kind = "email"
