"""Who a visitor is, said by the company's own server in a signed JSON Web Token (RFC 7519).

Each key is good for one algorithm, which follows from what the key is and never from the token: a public key can not
be used as a password (RFC 8725, 3.1). Claims have OpenID Connect's names: `email` counts as proven only with
`email_verified`, `phone_number` only with `phone_number_verified`; a shop that lets people register under any
address says nothing about who reads its mail.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from pydantic import SecretStr, ValidationError

from omnichannel.channels.webchat.wire import User, problem
from omnichannel.errors import ConfigError, Forged
from omnichannel.identity import normalise

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from jwt.types import Options

_CURE = "Give the secret that your server signs with (32 characters or more), or its public key in PEM (RSA or P-256)"
_SHORTEST_SECRET = 32
_SHORTEST_RSA = 2048
_LEEWAY = 60  # seconds: the company's clock and ours are never quite the same
_LONGEST_LIFE = 24 * 3600
_LONGEST_TOKEN = 8192


@dataclass(frozen=True, slots=True)
class Key:
    """One key that tokens may be signed with, and the only algorithm that it is good for."""

    algorithm: str
    material: str | RSAPublicKey | EllipticCurvePublicKey = field(repr=False)


def keys_of(given: str | SecretStr | Iterable[str | SecretStr]) -> tuple[Key, ...]:
    """One key or several, old and new while they are changed. Raises ConfigError for what cannot be one."""
    several = (given,) if isinstance(given, str | SecretStr) else given
    texts = [one.get_secret_value() if isinstance(one, SecretStr) else one for one in several]
    return tuple(_key(text.strip()) for text in texts if text.strip())


def _key(text: str) -> Key:
    try:
        import jwt  # noqa: F401 - only whether it is there
    except ImportError:
        raise ConfigError(
            "user_keys", "PyJWT is not installed", "pip install 'omnichannel[webchat]'"
        ) from None
    if text.startswith("-----BEGIN"):
        return _public(text)
    if len(text.encode()) < _SHORTEST_SECRET:
        raise ConfigError("user_keys", f"a secret has fewer than {_SHORTEST_SECRET} characters", _CURE)
    return Key("HS256", text)


def _public(text: str) -> Key:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    if "PRIVATE KEY" in text:
        raise ConfigError("user_keys", "this is a private key, which belongs on your server alone", _CURE)
    try:
        found = load_pem_public_key(text.encode())
    except (ValueError, UnsupportedAlgorithm):
        raise ConfigError("user_keys", "a key is no PEM public key", _CURE) from None
    if isinstance(found, RSAPublicKey) and found.key_size >= _SHORTEST_RSA:
        return Key("RS256", found)
    if isinstance(found, EllipticCurvePublicKey) and isinstance(found.curve, SECP256R1):
        return Key("ES256", found)
    raise ConfigError("user_keys", "a key is neither RSA of 2048 bits or more, nor of the curve P-256", _CURE)


def login(token: str, keys: Iterable[Key], audience: str, now: datetime) -> tuple[User, int]:
    """Who it is, and when the token ends (seconds since 1970). Raises Forged, saying what is wrong with it."""
    if len(token) > _LONGEST_TOKEN:
        raise Forged(f"the login token has more than {_LONGEST_TOKEN} characters")
    claims = _decoded(token, tuple(keys), audience)
    ends = _in_time(claims, now.timestamp())
    subject = str(claims["sub"])
    if not subject.isprintable():
        raise Forged("the login token's sub is not printable")
    try:
        return User.model_validate({"id": subject, **_about(claims)}), ends
    except ValidationError as error:
        raise Forged(f"the login token does not fit: {problem(error)}") from None


def _decoded(token: str, keys: tuple[Key, ...], audience: str) -> Mapping[str, object]:
    if not keys:
        raise Forged("no user_keys are set, so nobody can log in")
    import jwt

    reasons: list[str] = []
    # The clock is the inbox's: what it decides is looked at in `_in_time`.
    options: Options = {
        "require": ["exp", "sub", "aud"],
        "verify_exp": False,
        "verify_iat": False,
        "verify_nbf": False,
    }
    for key in keys:
        try:
            claims: Mapping[str, object] = jwt.decode(
                token, key.material, algorithms=[key.algorithm], audience=audience, options=options
            )
        except (jwt.PyJWTError, ValueError, TypeError) as error:
            reasons.append(f"{type(error).__name__}")
        else:
            return claims
    raise Forged(f"the login token is not good for {audience!r}: {', '.join(dict.fromkeys(reasons))}")


def _in_time(claims: Mapping[str, object], now: float) -> int:
    moments: dict[str, float] = {}
    for name in ("exp", "nbf", "iat"):
        value = claims.get(name, now)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e11:
            raise Forged(f"the login token's {name} is no moment in seconds")
        moments[name] = value
    if moments["exp"] + _LEEWAY <= now:
        raise Forged("the login token has ended")
    if moments["nbf"] - _LEEWAY > now or moments["iat"] - _LEEWAY > now:
        raise Forged("the login token is not good yet: compare the servers' clocks")
    if moments["exp"] - now > _LONGEST_LIFE:
        raise Forged(
            "the login token lives longer than a day, and could never be taken back; an hour is plenty"
        )
    return int(moments["exp"]) + _LEEWAY


def _about(claims: Mapping[str, object]) -> dict[str, str | bool]:
    """What else the company says; what is not what it should be is left out."""
    found: dict[str, str | bool] = {}
    name = claims.get("name")
    if isinstance(name, str) and name.isprintable():
        found["name"] = name.strip()[:200]
    for ours, theirs in (("email", "email"), ("phone", "phone_number")):
        if value := _address(ours, claims.get(theirs)):
            found |= {ours: value, f"{ours}_verified": claims.get(f"{theirs}_verified") is True}
    return found


def _address(kind: str, value: object) -> str:
    try:
        return normalise(kind, value).value if isinstance(value, str) and len(value) <= 254 else ""
    except ValueError:
        return ""
