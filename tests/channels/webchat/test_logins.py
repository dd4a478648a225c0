"""Who somebody is, only the company's own server says: signed, for us, for now."""

from __future__ import annotations

import base64
import json
import sys
from datetime import timedelta

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from omnichannel.channels.webchat import logins
from omnichannel.channels.webchat.wire import User
from omnichannel.errors import ConfigError, Forged
from tests.channels.webchat.given import USER_KEY, login
from tests.engines import MORNING

RSA = rsa.generate_private_key(65537, 2048)
CURVE = ec.generate_private_key(ec.SECP256R1())
HOUR = int(MORNING.timestamp()) + 3600


def pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> str:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def private(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def read(token: str, *keys: str, audience: str = "chat") -> tuple[User, int]:
    return logins.login(token, logins.keys_of(keys or (USER_KEY,)), audience, MORNING)


def by_hand(header: dict, claims: dict, signature: bytes = b"") -> str:
    """A token that no library would make."""
    pieces = [json.dumps(header).encode(), json.dumps(claims).encode(), signature]
    return ".".join(base64.urlsafe_b64encode(piece).decode().rstrip("=") for piece in pieces)


@pytest.mark.parametrize(
    ("key", "algorithm", "public"),
    [(USER_KEY, "HS256", USER_KEY), (RSA, "RS256", pem(RSA)), (CURVE, "ES256", pem(CURVE))],
    ids=["HS256", "RS256", "ES256"],
)
def test_each_key_is_good_for_its_algorithm(key: object, algorithm: str, public: str) -> None:
    user, ends = read(login(key=key, algorithm=algorithm), public)
    assert user == User(id="4711")
    assert ends == HOUR + 60


def test_keys_are_changed_without_a_gap() -> None:
    """Several may be set at a time, of any kind."""
    both = (USER_KEY, pem(RSA))
    assert read(login(), *both)[0] == read(login(key=RSA, algorithm="RS256"), *both)[0]


def test_the_algorithm_is_the_keys_and_not_the_tokens() -> None:
    """A public key is known to everybody: as a password it proves nothing (RFC 8725, 2.1)."""
    import hashlib
    import hmac

    claims = {"sub": "4711", "aud": "chat", "exp": HOUR}
    unsigned = by_hand({"alg": "HS256", "typ": "JWT"}, claims).rstrip(".")
    mac = hmac.new(pem(RSA).encode(), unsigned.encode(), hashlib.sha256).digest()
    confused = f"{unsigned}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"
    for token in (
        confused,
        by_hand({"alg": "none"}, claims),
        by_hand({"alg": "None"}, claims),
        login(key=USER_KEY * 2, algorithm="HS512"),
    ):
        with pytest.raises(Forged):
            read(token, pem(RSA), USER_KEY, USER_KEY * 2)


def test_a_key_in_the_token_is_not_used() -> None:
    """`jwk` and `jku` in a header are the sender's own words."""
    token = jwt.encode(
        {"sub": "4711", "aud": "chat", "exp": HOUR},
        private(CURVE),
        "ES256",
        {"jku": "https://evil.example/keys"},
    )
    with pytest.raises(Forged):
        read(token, USER_KEY)


@pytest.mark.parametrize(
    ("why", "claims"),
    [
        ("for another site", {"aud": "other"}),
        ("for nobody", {"aud": None}),
        ("of nobody", {"sub": None}),
        ("of nobody at all", {"sub": ""}),
        ("without an end", {"exp": None}),
        ("ended", {"exp": HOUR - 3600 - 61}),
        ("without an end in practice", {"exp": HOUR + 86_400}),
        ("ends at no moment", {"exp": "tomorrow"}),
        ("ends at no moment", {"exp": True}),
        ("not good yet", {"nbf": HOUR}),
        ("made in the future", {"iat": HOUR}),
        ("made at no moment", {"iat": -1}),
        ("control characters in the id", {"sub": "47\n11"}),
        ("an id as long as a letter", {"sub": "4" * 256}),
        ("longer than any", {"more": "x" * 9000}),
    ],
)
def test_what_is_not_for_us_and_for_now_is_refused(why: str, claims: dict) -> None:
    with pytest.raises(Forged):
        read(login(**claims))


@pytest.mark.parametrize(
    "token", ["", "a", "a.b.c", "é.é.é", by_hand({}, {}), login(key="another key, which is long enough too")]
)
def test_what_is_no_token_of_theirs_is_refused(token: str) -> None:
    with pytest.raises(Forged):
        read(token)


def test_clocks_may_differ_by_a_minute() -> None:
    late = login(exp=HOUR - 3600 - 30)
    early = login(iat=(MORNING + timedelta(seconds=30)).timestamp())
    assert read(late)[0] == read(early)[0]


def test_a_token_for_several_is_for_us_too() -> None:
    assert read(login(aud=["shop", "chat"]))[0].id == "4711"


def test_what_the_company_verified_is_told_apart() -> None:
    """OpenID Connect's claims: `true` and nothing else means that it was verified."""
    user, _ = read(
        login(name=" Anna ", email="Anna@Home.example", email_verified=True, phone_number="+31612345678")
    )
    assert user == User(
        id="4711", name="Anna", email="anna@home.example", email_verified=True, phone="+31612345678"
    )
    for claim in ("true", 1, None, False):
        assert not read(login(email="anna@home.example", email_verified=claim))[0].email_verified


@pytest.mark.parametrize(
    "claims",
    [{"email": "no address"}, {"email": 7}, {"phone_number": "0612345678"}, {"name": "a\nb"}, {"name": 7}],
)
def test_what_is_no_address_is_left_out(claims: dict) -> None:
    """Somebody is not locked out of the chat because a field of the shop's is odd."""
    assert read(login(**claims))[0] == User(id="4711")


@pytest.mark.parametrize(
    ("key", "problem"),
    [
        ("short", "fewer than 32"),
        ("-----BEGIN PUBLIC KEY-----\nnonsense\n-----END PUBLIC KEY-----", "no PEM public key"),
        (private(RSA), "private key"),
        (pem(rsa.generate_private_key(65537, 1024)), "neither RSA"),  # noqa: S505 - that it is refused is the point
        (pem(ec.generate_private_key(ec.SECP384R1())), "neither RSA"),
    ],
)
def test_a_key_that_would_not_hold_is_refused_at_once(key: str, problem: str) -> None:
    with pytest.raises(ConfigError, match=problem) as caught:
        logins.keys_of(key)
    assert caught.value.setting == "user_keys"
    assert key[:40] not in str(caught.value)


def test_without_keys_nobody_logs_in() -> None:
    with pytest.raises(Forged, match="no user_keys"):
        logins.login(login(), logins.keys_of(()), "chat", MORNING)


def test_without_the_library_a_key_is_a_wrong_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jwt", None)
    with pytest.raises(ConfigError, match="pip install"):
        logins.keys_of(USER_KEY)
    assert logins.keys_of("") == ()


def test_a_key_never_shows() -> None:
    assert USER_KEY not in repr(logins.keys_of(USER_KEY))
