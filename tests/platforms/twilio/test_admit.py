"""Only what Twilio signed gets in: the vectors of its own library, and every way around them that is known."""

from __future__ import annotations

import base64
import hashlib
import hmac
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from omnichannel.channel import Delivery
from omnichannel.errors import Forged
from omnichannel.platforms.twilio import admit

TOKEN = SecretStr("12345")
CALL = {
    "CallSid": "CA1234567890ABCDE",
    "Digits": "1234",
    "From": "+14158675309",
    "To": "+18005551212",
    "Caller": "+14158675309",
}
PAGE = "mycompany.com/myapp.php?foo=1&bar=2"
JSON = b'{"property": "value", "boolean": true}'
HASHED = f"https://{PAGE}&bodySHA256=0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620"

# The vectors of twilio-python 9.13.0, tests/unit/test_request_validator.py (MIT).
VECTORS = [
    (f"https://{PAGE}", urlencode(CALL).encode(), "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
    (
        f"https://{PAGE.replace('.com', '.com:1234')}",
        urlencode(CALL).encode(),
        "RSOYDt4T1cUTdK1PDd93/VVr8B8=",
    ),
    (f"http://{PAGE.replace('.com', '.com:1234')}", urlencode(CALL).encode(), "Zmvh+3yNM1Phv2jhDCwEM3q5ebU="),
    (f"https://{PAGE}", urlencode(CALL).encode(), "kvajT1Ptam85bY51eRf/AJRuM3w="),
    (f"http://{PAGE}", urlencode(CALL).encode(), "0ZXoZLH/DfblKGATFgpif+LLRf4="),
    (
        f"https://{PAGE}",
        b"Sid=CA123&SidAccount=AC123&Digits=5678&Digits=1234&Digits=1234",
        "IK+Dwps556ElfBT0I3Rgjkr1wJU=",
    ),
    (HASHED, JSON, "a9nBmqA0ju/hNViExpshrM61xv4="),
]


def signed(text: bytes, token: str = "12345") -> str:
    return base64.b64encode(hmac.new(token.encode(), text, hashlib.sha1).digest()).decode()


def genuine(
    url: str, body: bytes, signature: str, *tokens: SecretStr, method: str = "POST", **headers: str
) -> bool:
    given = (
        ("X-Twilio-Signature", signature),
        *((name.replace("_", "-"), value) for name, value in headers.items()),
    )
    try:
        admit.genuine(Delivery(method=method, url=url, body=body, headers=given), tokens or (TOKEN,))
    except Forged:
        return False
    return True


@pytest.mark.parametrize(("url", "body", "signature"), VECTORS)
def test_twilios_own_vectors(url: str, body: bytes, signature: str) -> None:
    assert genuine(url, body, signature)
    assert genuine(url, body, signature, SecretStr("newer"), TOKEN), "both are good while the token changes"
    assert not genuine(url, body, signature, SecretStr("newer"))
    assert not genuine(url, body + b"&a=", signature)
    assert not genuine(url.replace("foo=1", "foo=2"), body, signature)
    assert not genuine(url, body, signature.lower())


@pytest.mark.parametrize(
    ("seen", "signed_as"),
    [
        ("https://h.example/p?a=1", "https://h.example/p?a=1"),
        ("https://h.example:443/p?a=1", "https://h.example/p?a=1"),
        ("https://h.example/p?a=1", "https://h.example:443/p?a=1"),
        ("https://user:pa@h.example:8443/p", "https://user:pa@h.example/p"),
        ("http://[::1]:8080/p", "http://[::1]/p"),
        ("https://h.example/p?a=a%20b%26c", "https://h.example/p?a=a%20b%26c"),
        ("https://h.example/p?a=a+b&c='d'", "https://h.example/p?a=a%20b&c='d'"),
        ("https://h.example/p?a=é", "https://h.example/p?a=%C3%A9"),
        # As the URL standard serialises it, which twilio-node's validator and its vector expect.
        ("https://h.example/p?a=it's+so", "https://h.example/p?a=it%27s+so"),
        ("https://h.example:443/p?a=it's+so&b=\"<1>", "https://h.example/p?a=it%27s+so&b=%22%3C1%3E"),
    ],
)
def test_spellings_of_the_address_that_twilio_signs(seen: str, signed_as: str) -> None:
    """With and without a port, and with the query as a JavaScript library writes it."""
    assert genuine(seen, b"A=1", signed(signed_as.encode() + b"A1"))


@pytest.mark.parametrize(
    ("seen", "signed_as"),
    [
        ("https://h.example/p", "http://h.example/p"),
        ("https://h.example/p", "https://h.example/p/"),
        ("https://h.example/p", "https://h.example:444/p"),
        ("https://other.example/p", "https://h.example/p"),
        ("https://h.example/P", "https://h.example/p"),
        ("https://h.example/p?a=1&b=2", "https://h.example/p?b=2&a=1"),
    ],
)
def test_another_address_is_another_request(seen: str, signed_as: str) -> None:
    assert not genuine(seen, b"A=1", signed(signed_as.encode() + b"A1"))


def test_what_a_form_holds_is_signed_byte_for_byte() -> None:
    """Empty values count, `&` and `+` may be escaped, and what is no UTF-8 is signed as it came."""
    body = b"ToCity=&Body=a%26b%3Dc%2Bd+e&Raw=%FF"
    text = b"https://h.example/p" + b"Body" + b"a&b=c+d e" + b"Raw\xff" + b"ToCity"
    assert genuine("https://h.example/p", body, signed(text))
    assert not genuine("https://h.example/p", body.replace(b"%FF", b"%FE"), signed(text))


def test_a_digest_that_does_not_fit_is_not_got_around() -> None:
    """A signature over the address alone is no leave to put anything, or nothing, below it."""
    signature = VECTORS[-1][2]
    for body in (b"", b"&&", JSON + b" ", b"{}", b"From=%2B1"):
        assert not genuine(HASHED, body, signature)


def test_a_get_has_its_parameters_in_the_address() -> None:
    url = "https://h.example/p?CallSid=CA1&From=%2B31612345678"
    assert genuine(url, b"", signed(url.encode()), method="GET")
    assert not genuine(url, b"", signed(url.encode() + b"CallSidCA1"), method="GET")


def test_what_is_refused_says_how_to_mend_it() -> None:
    delivery = Delivery(url="https://h.example/p", headers=(("X-Twilio-Signature", "x"),))
    for tokens, arrived, words in (
        ((), delivery, "no auth token"),
        ((TOKEN,), delivery.model_copy(update={"headers": ()}), "is missing"),
        ((TOKEN,), delivery, "public_url"),
        (
            (TOKEN,),
            delivery.model_copy(
                update={"headers": (*delivery.headers, ("X-Twilio-Webhooks-Signature-Settings", "key=K"))}
            ),
            "shared key",
        ),
    ):
        with pytest.raises(Forged, match=words):
            admit.genuine(arrived, tokens)


def test_more_parameters_than_anybody_sends_are_refused() -> None:
    assert not genuine("https://h.example/p", b"a=1&" * 1001, "x")


@given(
    st.text() | st.just("https://h:99999/p") | st.just("https://[::1/p"),
    st.binary(max_size=200),
    st.text(max_size=60),
)
def test_whatever_comes_is_forged_and_nothing_else(url: str, body: bytes, signature: str) -> None:
    """T02: no signature, address or body makes it raise anything but Forged."""
    assert not genuine(url, body, signature)
