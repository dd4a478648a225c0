"""Setting up an account, and who may speak to it: challenges, signatures, secrets."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from omnichannel.channel import Delivery
from omnichannel.channels.x import X
from omnichannel.errors import ConfigError, Forged, Malformed
from omnichannel.model import Address
from tests.channels.x.given import SECRET, US, channel, delivery, message

OAUTH1 = {"token": "", "consumer_key": "k", "access_token": "a", "access_token_secret": "s"}


def challenge(query: str) -> Delivery:
    return Delivery(method="GET", url=f"https://shop.example/hooks/x?{query}")


@pytest.mark.parametrize("settings", [{}, OAUTH1, {"token": lambda: "t"}, {"token": SecretStr("t")}])
def test_two_ways_in(settings):
    """OAuth 2 with a token or what gives one, or OAuth 1.0a with its four secrets."""
    assert channel(**settings).own_address == Address(kind="x", value=US)


@pytest.mark.parametrize(
    ("settings", "setting", "cure"),
    [
        ({"user_id": "@shop"}, "user_id", "number"),
        ({"user_id": ""}, "user_id", "number"),
        ({"user_id": "１２"}, "user_id", "number"),
        ({"consumer_secret": ""}, "consumer_secret", "Copy"),
        ({"consumer_secret": []}, "consumer_secret", "Copy"),
        ({"consumer_secret": ["a", " "]}, "consumer_secret", "Copy"),
        ({"token": ""}, "consumer_key", "OAuth 2"),
        (OAUTH1 | {"access_token_secret": ""}, "access_token_secret", "OAuth 1.0a"),
        (OAUTH1 | {"token": "t"}, "token", "OAuth"),
        ({"poll": "mentions"}, "poll", "one of them"),
        ({"poll": ("mail",)}, "poll", "one of them"),
        ({"poll_seconds": 1}, "poll_seconds", "60"),
        ({"poll_seconds": float("nan")}, "poll_seconds", "60"),
        ({"host": "api.x.com"}, "host", "https://api.x.com"),
        ({"host": "https://api.x.com/2"}, "host", "Leave it out"),
        ({"host": "http://api.x.com"}, "host", "https"),
    ],
)
def test_wrong_settings(settings, setting, cure):
    """Refused at the start, naming the setting and what to do."""
    with pytest.raises(ConfigError, match=cure) as caught:
        channel(**settings)
    assert caught.value.setting == setting


def test_secrets_never_show():
    """Neither the channel nor anything in it prints one."""
    x = channel(
        **OAUTH1 | {"access_token": "ACCESS", "access_token_secret": "HIDDEN", "consumer_secret": "DEEP"}
    )
    shown = repr(x) + str(x) + repr(vars(x)) + repr(x.sources()) + repr(x.sender())
    assert not any(secret in shown for secret in ("ACCESS", "HIDDEN", "DEEP"))


def test_signed_deliveries_come_in():
    """With the newest secret or the one before it."""
    both = channel(consumer_secret=["new", "old"])
    for secret in ("new", "old"):
        assert both.admit(delivery(message(), secret=secret)).keep


@pytest.mark.parametrize("body", ['{"a":"\\u00e9"}', '{"a":"é"}', '{ "a" : 1 }', "{}", ""])
def test_the_raw_bytes_are_signed(body):
    """Exactly these bytes, whatever JSON would make of them."""
    x, signed = channel(), delivery(body.encode())
    assert x.admit(signed).keep
    with pytest.raises(Forged):
        x.admit(signed.model_copy(update={"body": body.encode() + b" "}))


def test_a_vector_from_outside():
    """The recipe of X's documentation, without our own helpers."""
    body = b'{"for_user_id":"1"}'
    digest = hmac.new(SECRET.encode(), body, hashlib.sha256).digest()
    header = ("x-twitter-webhooks-signature", "sha256=" + base64.b64encode(digest).decode())
    assert channel().admit(Delivery(body=body, headers=(header,))).keep


@pytest.mark.parametrize(
    "headers",
    [
        (),
        (("x-twitter-webhooks-signature", ""),),
        (("x-twitter-webhooks-signature", "sha256="),),
        (("x-hub-signature-256", "sha256=" + "0" * 64),),
        (("x-twitter-webhooks-signature", "sha256=é"),),
    ],
)
def test_forged(headers):
    """No proof, no entry."""
    with pytest.raises(Forged):
        channel().admit(Delivery(body=b"{}", headers=headers))
    with pytest.raises(Forged):
        X.bare().admit(delivery(b"{}"))


@given(st.text(max_size=80))
def test_any_header_is_only_forged(header):
    """Verifying never fails in any other way."""
    with pytest.raises(Forged):
        channel().admit(Delivery(body=b"{}", headers=(("x-twitter-webhooks-signature", header),)))


def test_what_we_fetched_needs_no_signature():
    """Polled pages and files were never somebody else's."""
    assert channel().admit(Delivery(source="poll", body=b"{}")).keep
    assert X.bare().admit(Delivery(source="file", body=b"{}")).keep


def test_the_challenge():
    """X asks whether we hold the secret: the answer proves it with the newest, and nothing is kept."""
    token = "MTYzZmM3ZjUtZGM4OC00+/="
    digest = hmac.new(b"new", token.encode(), hashlib.sha256).digest()
    for written in ("MTYzZmM3ZjUtZGM4OC00%2B%2F%3D", token):
        ack = channel(consumer_secret=["new", "old"]).admit(challenge(f"crc_token={written}&nonce=5"))
        assert json.loads(ack.body) == {"response_token": "sha256=" + base64.b64encode(digest).decode()}
        assert (ack.status, ack.keep, ack.headers) == (200, False, (("content-type", "application/json"),))


@pytest.mark.parametrize(
    "query",
    [
        "",
        "crc_token=",
        "crc_token=short",
        "crc_token=" + "a" * 129,
        "crc_token=%7B%22for_user_id%22%3A%221%22%7D",
        "crc_token=aaaaaaaaaaaaaaaaaaaa%0A",
        "crc_token=aaaaaaaaaaaaaaa%C3%A9aaaaaa",
        "nonce=aaaaaaaaaaaaaaaaaaaaaaaa",
    ],
)
def test_the_challenge_signs_nothing_else(query):
    """It would sign a forged delivery for whoever asks: only what is surely a token is signed."""
    with pytest.raises(Malformed):
        channel().admit(challenge(query))


@given(st.text(alphabet='{}[]":,0123456789aA+/=_- \n', max_size=140))
def test_nothing_that_could_be_a_body_is_signed(token):
    """A JSON object or list never gets an answer."""
    try:
        channel().admit(challenge(f"crc_token={quote(token)}"))
    except Malformed:
        return
    assert not set(token) & set('{}[]":,\n')


def test_an_account_without_secrets():
    """A bare one reads and measures, and answers no challenge; one for verifying does nothing else."""
    with pytest.raises(Forged):
        X.bare().admit(challenge("crc_token=" + "a" * 20))
    assert X.bare().own_address is None
    assert X.bare().sources() == []
    verifier = X.for_verifying(("old", SECRET))
    assert verifier.admit(delivery(b"{}")).keep
    with pytest.raises(ConfigError):
        X.for_verifying(())


def test_a_link_to_us():
    """Opens a direct message with the token in it."""
    link = "https://x.com/messages/compose?recipient_id=1111111111111111111&text=oct%20a%2Fb"
    assert channel().start_link("oct a/b") == link


def test_sources():
    """One for each list, named as in the setting."""
    assert [source.name for source in channel().sources()] == ["mentions", "dms"]
    assert [source.name for source in channel(poll=("dms",)).sources()] == ["dms"]
    assert channel(poll=()).sources() == []
