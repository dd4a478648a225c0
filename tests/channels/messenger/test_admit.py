"""Who may speak to the webhook: Meta's challenge, and bodies signed with the app's secret, over the raw bytes."""

from __future__ import annotations

import json
import pathlib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import SecretStr

from omnichannel.channel import Delivery
from omnichannel.channels.messenger import Messenger
from omnichannel.errors import ConfigError, Forged
from omnichannel.toolbox import sign
from tests.channels.messenger.given import SECRET, channel, delivery, message, webhook

VECTORS = json.loads((pathlib.Path(__file__).parent / "cases/pywa-signature.json").read_text("utf-8"))


def asked(query: str) -> Delivery:
    return Delivery(method="GET", url=f"https://shop.example/hooks/page?{query}")


@pytest.mark.parametrize("prefix", ["hub.", "hub_"])
def test_the_challenge_comes_back_as_plain_text_and_is_not_kept(prefix: str) -> None:
    query = f"{prefix}mode=subscribe&{prefix}verify_token=verify-token&{prefix}challenge=1158201444"
    ack = channel().admit(asked(query))
    assert (ack.status, ack.body, ack.keep) == (200, b"1158201444", False)
    assert dict(ack.headers)["content-type"].startswith("text/plain")
    assert dict(ack.headers)["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "query",
    [
        "",
        "hub.mode=subscribe&hub.verify_token=other&hub.challenge=1",
        "hub.mode=subscribe&hub.verify_token=&hub.challenge=1",
        "hub.mode=subscribe&hub.challenge=1",
        "hub.mode=unsubscribe&hub.verify_token=verify-token&hub.challenge=1",
        "hub.verify_token=verify-token&hub.challenge=1",
        "hub.mode=subscribe&hub.verify_token=verify-token",
        "hub.mode=subscribe&hub.verify_token=verify-token&hub.challenge=",
        "hub.mode=subscribe&hub.verify_token=verify-token&hub.challenge=%3Cscript%3E",
        "hub.mode=subscribe&hub.verify_token=verify-token&hub.challenge=" + "1" * 257,
        "hub.mode=subscribe&hub.verify_token=v%C3%A9rify-token&hub.challenge=1",
        "&".join(f"a{n}=1" for n in range(60)),
    ],
)
def test_any_other_question_is_forged(query: str) -> None:
    with pytest.raises(Forged):
        channel().admit(asked(query))


def test_an_address_that_cannot_be_read_is_forged() -> None:
    with pytest.raises(Forged):
        channel().admit(Delivery(method="GET", url="https://[::1/?hub.mode=subscribe"))


def test_an_instance_without_verify_token_answers_no_challenge() -> None:
    with pytest.raises(Forged):
        Messenger.bare().admit(asked("hub.mode=subscribe&hub.verify_token=&hub.challenge=1"))


@pytest.mark.parametrize("vector", VECTORS)
def test_recorded_signatures_are_judged_as_recorded(vector: dict) -> None:
    """A real body of Meta's with its signature; the same with one space more; and the SHA-1 header's spelling."""
    given = Delivery(body=vector["body"].encode(), headers=(("x-hub-signature-256", vector["signature"]),))
    of_the_app = Messenger.for_verifying((vector["app_secret"],))
    if vector["valid"]:
        assert of_the_app.admit(given).keep
    else:
        with pytest.raises(Forged):
            of_the_app.admit(given)


BODIES = [
    b'{"object":"page","text":"caf\\u00e9 \\u0645\\u062d\\u0645\\u062f \\ud83d\\udc4d"}',
    '{"object":"page","text":"café محمد 👍"}'.encode(),
    b"{}",
    b"",
    b"\xff\xfe not even text",
]


@pytest.mark.parametrize("body", BODIES)
def test_exactly_these_bytes_are_signed(body: bytes) -> None:
    """Escaped or not, JSON or not: the signature is over bytes, and any other bytes are forged."""
    ack = channel().admit(delivery(body))
    assert (ack.status, ack.keep) == (200, True)
    for other in (body + b" ", body[:-1] if body else b"{", body.replace(b"\\u00e9", "é".encode()) + b"\n"):
        with pytest.raises(Forged):
            channel().admit(delivery(body).model_copy(update={"body": other}))


def test_what_is_not_for_messenger_is_kept_all_the_same() -> None:
    assert channel().admit(delivery({"object": "instagram", "entry": []})).keep


@pytest.mark.parametrize(("secret", "accepted"), [("new", True), ("old", True), ("retired", False)])
def test_secrets_rotate(secret: str, accepted: bool) -> None:
    both = channel(app_secret=["new", SecretStr("old")])
    given = delivery(webhook(message(text="Hi")), secret=secret)
    if accepted:
        assert both.admit(given).keep
    else:
        with pytest.raises(Forged):
            both.admit(given)


GENUINE = "sha256=" + sign(SecretStr(SECRET), b"{}", form="hex")


@pytest.mark.parametrize(
    "header",
    [
        "",
        "sha256=",
        GENUINE[:-1],
        GENUINE + "0",
        GENUINE.upper(),
        GENUINE[7:],
        "sha1=" + GENUINE[7:],
        "sha256=é" * 9,
        "\udcff",
    ],
)
def test_a_header_that_is_not_the_signature_is_forged(header: str) -> None:
    with pytest.raises(Forged):
        channel().admit(Delivery(body=b"{}", headers=(("X-Hub-Signature-256", header),)))


def test_a_missing_header_is_forged_whatever_other_platforms_headers_are_there() -> None:
    for name in ("x-twitter-webhooks-signature", "x-hub-signature"):
        with pytest.raises(Forged, match="X-Hub-Signature-256 is missing"):
            channel().admit(Delivery(body=b"{}", headers=((name, GENUINE),)))


@given(st.binary(max_size=300), st.data())
def test_one_flipped_bit_is_forged(body: bytes, data: st.DataObject) -> None:
    genuine = delivery(body)
    if body:
        at = data.draw(st.integers(0, len(body) * 8 - 1))
        flipped = bytearray(body)
        flipped[at // 8] ^= 1 << at % 8
        with pytest.raises(Forged):
            channel().admit(genuine.model_copy(update={"body": bytes(flipped)}))
    header = genuine.header("x-hub-signature-256")
    at = data.draw(st.integers(0, len(header) - 1))
    other = header[:at] + chr(ord(header[at]) ^ 1) + header[at + 1 :]
    with pytest.raises(Forged):
        channel().admit(genuine.model_copy(update={"headers": (("x-hub-signature-256", other),)}))


@given(st.text(), st.text(max_size=60))
@example("\ud800", "hub.mode=subscribe&hub.verify_token=\ud800")
def test_only_forged_is_ever_raised(header: str, query: str) -> None:
    """Whatever a stranger sends ends as Forged: never another error, never an acceptance."""
    with pytest.raises(Forged):
        channel().admit(Delivery(body=b"{}", headers=(("x-hub-signature-256", header),)))
    with pytest.raises(Forged):
        channel().admit(asked(query))


def test_without_a_secret_nothing_is_accepted() -> None:
    with pytest.raises(Forged, match="no app secret"):
        Messenger.bare().admit(delivery({}))
    with pytest.raises(ConfigError):
        Messenger.for_verifying(())
