"""The pass that a browser keeps: unguessable, checked without a table, worth nothing on another account.

A pass is a JSON value and an HMAC over it with the account's secret. When the secret is rotated, passes made with the
old one are good until it is taken away, and are exchanged for new ones whenever a browser comes back.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Iterable
from datetime import datetime

from pydantic import SecretStr, ValidationError

from omnichannel.channels.webchat.wire import Pass
from omnichannel.errors import Forged
from omnichannel.toolbox import sign

ID_BYTES = 16
"""128 bits of chance in a visitor's id: none can be guessed, and none is made twice."""

_LONGEST = 4096


def visitor_id(chance: bytes) -> str:
    """A visitor's id, from so many unguessable bytes."""
    return "v" + base64.b32encode(chance).decode().rstrip("=").lower()


def issued(secrets: tuple[SecretStr, ...], account: str, found: Pass) -> str:
    """The pass as the browser keeps it, made with the newest secret."""
    body = found.model_dump_json(exclude_defaults=True).encode()
    return f"{base64.urlsafe_b64encode(body).decode().rstrip('=')}.{_mac(secrets[0], account, body)}"


def read(secrets: Iterable[SecretStr], account: str, token: str) -> Pass:
    """The pass that a browser shows, whether or not it has expired. Raises Forged for what we did not make."""
    payload, _, mac = token.partition(".")
    try:
        if len(token) > _LONGEST:
            raise Forged("the pass is too long to be ours")
        body = base64.b64decode(payload + "=" * (-len(payload) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise Forged("the pass is not one of ours") from None
    given = mac.encode("utf-8", "surrogatepass")
    # Every secret is tried, so that the time taken does not tell which one was right.
    matches = [hmac.compare_digest(given, _mac(secret, account, body).encode()) for secret in secrets]
    if not any(matches):
        raise Forged("the pass was not made with this account's secret")
    try:
        return Pass.model_validate_json(body)
    except ValidationError:
        raise Forged("the pass was made by another version") from None


def valid(found: Pass, now: datetime) -> Pass:
    """The pass, if it has not ended. Raises Forged."""
    if found.expires and now.timestamp() >= found.expires:
        raise Forged("the pass has ended; log in again")
    return found


def _mac(secret: SecretStr, account: str, body: bytes) -> str:
    # The words before keep it apart from the signature of a delivery, which is JSON from its first byte.
    return sign(secret, b"omnichannel webchat pass\n" + account.encode() + b"\n" + body, form="hex")
