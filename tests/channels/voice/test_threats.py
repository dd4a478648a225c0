"""Calls that Twilio signed, and that are not ours or not whole."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from omnichannel.channel import Delivery
from omnichannel.channels.voice import Voice
from omnichannel.errors import Malformed
from omnichannel.model import Event, Received, Unreadable

ACCOUNT = "AC00000000000000000000000000000001"
CALL = {
    "CallSid": "CA1", "AccountSid": ACCOUNT, "From": "+31612345678", "To": "+31201234567", "CallStatus": "ringing",
    "Direction": "inbound",
}  # fmt: skip


def read(**fields: str) -> list[Event]:
    voice = Voice("voice", account_sid=ACCOUNT, auth_token="auth-token", number="+31201234567")
    return list(
        voice.parse(Delivery(url="https://hook.example/voice", body=urlencode(CALL | fields).encode()))
    )


def test_t06_a_call_of_another_twilio_account_is_set_aside() -> None:
    (found,) = read(AccountSid="AC99999999999999999999999999999999")
    assert isinstance(found, Unreadable)
    assert found.reason.startswith("account_mismatch")
    assert isinstance(read()[0], Received)


def test_t09_ids_without_end_are_refused_in_our_own_words() -> None:
    with pytest.raises(Malformed):
        read(CallSid="C" * 100_000)
