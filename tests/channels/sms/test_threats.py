"""Webhooks that Twilio signed, and that are not ours or not whole."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from omnichannel.channel import Delivery
from omnichannel.errors import Malformed
from omnichannel.model import Event, Received, Unreadable, Updated
from tests.channels.sms.given import ACCOUNT, account

OTHER = "AC99999999999999999999999999999999"
SAID = {
    "MessageSid": "SM1",
    "AccountSid": ACCOUNT,
    "From": "+31612345678",
    "To": "+31201234567",
    "Body": "Hi",
}


def read(settings: dict[str, str] | None = None, **fields: str) -> Event:
    delivery = Delivery(url="https://hook.example/sms", body=urlencode(SAID | fields).encode())
    (event,) = account(**(settings or {})).parse(delivery)
    return event


def test_t06_a_message_of_another_twilio_account_is_set_aside() -> None:
    """An auth token may sign for several; what is for another is parked with the cure, never answered from ours."""
    found = read(AccountSid=OTHER)
    assert isinstance(found, Unreadable)
    assert found.reason.startswith("account_mismatch")
    assert isinstance(read(), Received)


def test_t06_a_message_to_another_number_is_set_aside() -> None:
    assert isinstance(read(To="+4930000000"), Unreadable)
    # A messaging service has many numbers; a status is about a message of ours, whatever number it went out from.
    assert isinstance(read({"messaging_service_sid": "MG1"}, To="+4930000000"), Received)


def test_t06_a_status_names_the_person_as_recipient() -> None:
    body = {"MessageSid": "SM1", "AccountSid": ACCOUNT, "To": "+31612345678", "MessageStatus": "delivered"}
    (found,) = account().parse(Delivery(url="https://hook.example/sms", body=urlencode(body).encode()))
    assert isinstance(found, Updated)


@pytest.mark.parametrize("name", ["MessageSid", "From"])
def test_t09_values_without_end_are_refused_in_our_own_words(name: str) -> None:
    """Parked at once with a reason, and not tried again and again as a fault of ours would be."""
    try:
        read(**{name: "S" * 100_000})
    except Malformed as error:
        assert len(str(error)) <= 500  # noqa: PT017 - either is right


def test_t02_an_address_that_is_none_is_no_fault_of_ours() -> None:
    """The host is what a stranger writes into a header."""
    with pytest.raises(Malformed):
        list(account().parse(Delivery(method="GET", url="http://[")))
