"""Standard Webhooks 1.0.0 with symmetric keys: what is signed, how, and whether a delivery was.

Signed is `{webhook-id}.{webhook-timestamp}.{body}` by HMAC-SHA256; the header lists `v1,<base64>` once for each key
that the sender has, so that keys can be changed at both ends without a gap. Signatures of other versions
(`v1a`, with a public key) stand beside them and are passed over.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from pydantic import SecretBytes, SecretStr

from omnichannel.channel import Delivery
from omnichannel.errors import ConfigError, Forged
from omnichannel.toolbox.moments import from_epoch
from omnichannel.toolbox.settings import secrets_of

TOLERANCE = timedelta(minutes=5)
"""How far a timestamp may be off, either way: what the specification's own libraries allow."""

LEAST_BYTES = 24
"""Of a key: the specification's least."""

_MOST_SIGNATURES = 32

# What is signed is parted by full stops alone: an id with a moment in it could be an old delivery, cut elsewhere.
_MOMENT_INSIDE = re.compile(r"\.\d{9,11}(?:\.|\Z)", re.ASCII)
_CURE = "Make one with `echo whsec_$(openssl rand -base64 32)`, and enter the same at the other end"

Secrets = str | SecretStr | Iterable[str | SecretStr]


def keys_of(given: Secrets | None, setting: str) -> tuple[SecretBytes, ...]:
    """The keys in one or several secrets (`whsec_` and base64; the prefix may be left out).

    Raises ConfigError if there is none, or if one is no key of at least 24 bytes.
    """
    return tuple(_key(secret.get_secret_value(), setting) for secret in secrets_of(given, setting, _CURE))


def _key(secret: str, setting: str) -> SecretBytes:
    try:
        key = base64.b64decode(secret.strip().removeprefix("whsec_"), validate=True)
    except (binascii.Error, ValueError):
        raise ConfigError(setting, "it is not `whsec_` followed by base64", _CURE) from None
    if len(key) < LEAST_BYTES:
        raise ConfigError(setting, f"its key has {len(key)} bytes; at least {LEAST_BYTES} are safe", _CURE)
    return SecretBytes(key)


def signature(keys: Sequence[SecretBytes], message_id: str, timestamp: str, body: bytes) -> str:
    """The value of `webhook-signature`: one for each key."""
    return " ".join(_made(key, message_id, timestamp, body) for key in keys)


def _made(key: SecretBytes, message_id: str, timestamp: str, body: bytes) -> str:
    content = f"{message_id}.{timestamp}.".encode("utf-8", "surrogatepass") + body
    digest = hmac.new(key.get_secret_value(), content, hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode()


def check(delivery: Delivery, keys: Sequence[SecretBytes]) -> None:
    """Raises Forged unless one of the keys signed exactly this, and, where it is known when it came, just then."""
    message_id, timestamp, given = (
        delivery.header(f"webhook-{name}") for name in ("id", "timestamp", "signature")
    )
    if not keys:
        raise Forged("no secret is configured, so nothing can be told from a forgery")
    for name, value in (("id", message_id), ("timestamp", timestamp), ("signature", given)):
        if not value:
            raise Forged(f"webhook-{name} is missing")
    if _MOMENT_INSIDE.search(message_id):
        raise Forged("webhook-id has a timestamp in it, so that the signature may be of something else")
    if not _signed(keys, message_id, timestamp, given, delivery.body):
        raise Forged("webhook-signature was not made with our secret over this id, timestamp and body")
    _check_age(timestamp, delivery.received_at)


def _signed(keys: Sequence[SecretBytes], message_id: str, timestamp: str, given: str, body: bytes) -> bool:
    """Every key is tried on every signature, so that the time taken does not tell which one was right."""
    candidates = [one.encode("utf-8", "surrogatepass") for one in given.split(" ")[:_MOST_SIGNATURES]]
    expected = [_made(key, message_id, timestamp, body).encode() for key in keys]
    matches = [hmac.compare_digest(one, ours) for one in candidates for ours in expected]
    return any(matches)


def _check_age(timestamp: str, received_at: datetime | None) -> None:
    """What was signed long ago may be somebody's recording. It would be found out by its ids, too."""
    sent_at = (
        from_epoch(int(timestamp))
        if timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 12
        else None
    )
    if sent_at is None:
        raise Forged("webhook-timestamp is no moment in seconds since 1970")
    if received_at is not None and abs(received_at - sent_at) > TOLERANCE:
        raise Forged(
            f"webhook-timestamp is {sent_at:%Y-%m-%d %H:%M:%S} UTC, more than {TOLERANCE.seconds // 60} minutes off: "
            "set the clocks right at both ends, and sign each attempt anew"
        )
