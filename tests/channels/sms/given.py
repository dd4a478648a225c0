"""What the tests of text messages start from: an account, and drafts."""

from __future__ import annotations

from datetime import UTC, datetime

from omnichannel.channels.sms import Sms
from omnichannel.model import Address, Draft, Part, Party

ACCOUNT = "AC00000000000000000000000000000001"
ANNA = Party(address=Address(kind="phone", value="+31612345678"))


def account(**settings: object) -> Sms:
    given: dict = {"account_sid": ACCOUNT, "auth_token": "auth-token", "number": "+31201234567"}
    return Sms("sms", **(given | settings))


def draft(*parts: Part, to: Party = ANNA) -> Draft:
    return Draft(id="0199-draft", to=to, parts=parts, created_at=datetime(2026, 11, 20, 12, tzinfo=UTC))
