"""What the tests of calls start from: an account, webhooks, drafts."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urlencode

from omnichannel.channel import Delivery
from omnichannel.channels.voice import Voice
from omnichannel.model import Address, Draft, Event, Part, Party

ACCOUNT = "AC00000000000000000000000000000001"
ANNA = Party(address=Address(kind="phone", value="+31612345678"))
CALL = {
    "AccountSid": ACCOUNT,
    "CallSid": "CA1",
    "CallStatus": "ringing",
    "Direction": "inbound",
    "From": "+31612345678",
    "To": "+31201234567",
}


def account(**settings: object) -> Voice:
    given: dict = {"account_sid": ACCOUNT, "auth_token": "auth-token", "number": "+31201234567"}
    return Voice("voice", **(given | settings))


def exchange(**settings: object) -> Voice:
    return Voice("pbx", **({"records": "calls.csv"} | settings))  # type: ignore[arg-type]


def webhook(query: str = "", **fields: str) -> Delivery:
    url = "https://hook.example/voice" + (f"?{query}" if query else "")
    return Delivery(url=url, body=urlencode(CALL | fields).encode())


def events(query: str = "", *, of: Voice | None = None, **fields: str) -> list[Event]:
    return list((of or account()).parse(webhook(query, **fields)))


def draft(*parts: Part, to: Party = ANNA) -> Draft:
    return Draft(id="0199-draft", to=to, parts=parts, created_at=datetime(2026, 11, 20, 12, tzinfo=UTC))
