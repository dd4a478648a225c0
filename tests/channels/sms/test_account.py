"""The settings of a number, and what is rendered and parsed only with or without some of them."""

from __future__ import annotations

from urllib.parse import parse_qs

import pytest

from omnichannel.channel import Call, Delivery
from omnichannel.channels.sms import Sms
from omnichannel.emulators.sms import Sms as Emulated
from omnichannel.errors import ConfigError, Malformed, TooLarge, Unsupported
from omnichannel.model import Address, Attachment, Draft, Party, Text
from tests.channels.sms.given import ACCOUNT, account, draft


def test_a_messaging_service_chooses_the_number() -> None:
    sms = Sms("sms", account_sid=ACCOUNT, auth_token="t", messaging_service_sid="MG1")
    (call,) = sms.render(draft(Text(text="Hi")))
    assert parse_qs(call.body.decode())["MessagingServiceSid"] == ["MG1"]
    assert b"From=" not in call.body
    assert b"StatusCallback" not in call.body
    assert sms.own_address is None
    with pytest.raises(Unsupported, match="number"):
        sms.start_link("oct" + "a" * 26)


def test_one_of_number_and_service_is_needed() -> None:
    with pytest.raises(ConfigError, match="messaging_service_sid"):
        Sms("sms", account_sid=ACCOUNT, auth_token="t")


def test_a_name_as_sender_is_an_address_of_the_account() -> None:
    assert str(account(number="SHOP").own_address) == f"sms:{ACCOUNT}:SHOP"
    with pytest.raises(Unsupported):
        account(number="SHOP").start_link("oct" + "a" * 26)


def test_a_link_opens_a_message_with_the_token() -> None:
    assert account().start_link("oct" + "a" * 26) == "sms:+31201234567?body=oct" + "a" * 26


def test_credentials_are_the_account_and_its_first_token() -> None:
    sms = account(auth_token=["newer", "older"])
    header = sms.credentials(Call(url="https://api.twilio.com"))["authorization"]
    assert header == "Basic QUMwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMTpuZXdlcg=="
    assert Sms.bare().credentials(Call(url="https://api.twilio.com")) == {}


@pytest.mark.parametrize(
    ("part", "error"),
    [
        (Attachment(name="a", media_type="image/png"), "no public address"),
        (Attachment(name="a", media_type="image/png", url="file:///etc/passwd"), "no public address"),
        (Attachment(name="a", media_type="model/obj", url="https://x/a"), "nothing that a phone shows"),
    ],
)
def test_a_file_that_twilio_could_not_fetch_is_refused(part: Attachment, error: str) -> None:
    with pytest.raises(Unsupported, match=error):
        account().render(draft(part))


def test_files_go_with_the_first_piece() -> None:
    picture = Attachment(media_type="image/png", url="https://x/a.png")
    first, second = account().render(draft(Text(text="word " * 400), picture))
    assert (b"MediaUrl" in first.body, b"MediaUrl" in second.body) == (True, False)
    (alone,) = account().render(draft(picture))
    assert (b"Body=" in alone.body, alone.text) == (False, "https://x/a.png")


def test_files_that_are_too_large_together() -> None:
    half = Attachment(media_type="image/png", url="https://x/a.png", size=3 * 1024 * 1024)
    with pytest.raises(TooLarge, match="5242880"):
        account().render(draft(half, half))


def test_somebody_of_another_channel_is_refused() -> None:
    to = Party(address=Address(kind="email", value="a@b.nl"))
    with pytest.raises(Unsupported, match="kind email"):
        account().render(draft(Text(text="Hi"), to=to))
    with pytest.raises(Unsupported, match="one person"):
        account().render(Draft.model_validate({**draft(Text(text="Hi")).model_dump(), "cc": (to,)}))


def test_the_callback_keeps_a_query_of_ones_own() -> None:
    (call,) = account(status_callback="https://h/sms?key=1").render(draft(Text(text="Hi")))
    assert parse_qs(call.body.decode())["StatusCallback"] == ["https://h/sms?key=1&call=0199-draft%2F0"]


def test_what_is_no_message_of_twilios_is_malformed() -> None:
    with pytest.raises(Malformed, match="MessageSid"):
        list(account().parse(Delivery(body=b"hello")))
    (event,) = account().parse(Delivery(source="file", body=b'{"about": "cases"}'))
    assert event.event == "malformed"


@pytest.mark.parametrize(("count", "event"), [("0", "ignored"), ("x", "ignored"), ("1", "received")])
def test_a_message_without_words_is_its_files(count: str, event: str) -> None:
    (found,) = account().parse(Delivery(body=f"MessageSid=SM1&From=%2B31612345678&NumMedia={count}".encode()))
    assert found.event == event


def test_an_empty_text_message_is_a_message() -> None:
    (found,) = account().parse(Delivery(body=b"MessageSid=SM1&From=%2B31612345678&Body="))
    assert (found.event, found.parts) == ("received", ())  # type: ignore[union-attr]  # just compared


def test_a_message_is_answered_with_silence_and_a_status_with_nothing() -> None:
    with Emulated() as platform:
        sms = account(auth_token=platform.auth_token)
        for fields, status, body in (
            ({"MessageSid": "SM1", "Body": "x"}, 200, b"<Response/>"),
            ({"MessageSid": "SM1"}, 204, b""),
        ):
            form = "&".join(f"{name}={value}" for name, value in fields.items()).encode()
            proof = ("X-Twilio-Signature", platform.signature("https://h/sms", fields))
            ack = sms.admit(Delivery(url="https://h/sms", body=form, headers=(proof,)))
            assert (ack.status, ack.body, ack.keep) == (status, body, True)
