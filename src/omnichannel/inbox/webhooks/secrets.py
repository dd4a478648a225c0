"""The secrets of endpoints that are registered in the store: derived when they are needed, kept nowhere.

What is kept is a salt. The secret is made of it and of the workspace's own secret by HKDF (RFC 5869, SHA-256), so
that no column, dump or log of the endpoints holds anything that signs. Whoever has the whole database has both
halves: where that is too much, give the secret in the configuration (`omnichannel.webhooks.Webhook`).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence

from pydantic import SecretBytes, SecretStr

from omnichannel.clock import Clock
from omnichannel.store import Tx
from omnichannel.store.webhooks import Salt, Settings

_BYTES = 32


def new_salt(clock: Clock) -> Salt:
    """What another secret will be derived with."""
    return Salt(clock.random(_BYTES).hex())


def live(salts: Sequence[Salt], now: int) -> tuple[Salt, ...]:
    """Those whose secrets still count, newest first."""
    return tuple(salt for salt in salts if salt.until is None or salt.until > now)


def keys(tx: Tx, settings: Settings) -> tuple[SecretBytes, ...]:
    """What signs for an endpoint now, newest first."""
    return tuple(_derived(tx, settings.name, salt) for salt in live(settings.salts, tx.now()))


def shown(key: SecretBytes) -> SecretStr:
    """A key as it is entered at the other end."""
    return SecretStr("whsec_" + base64.b64encode(key.get_secret_value()).decode())


def _derived(tx: Tx, name: str, salt: Salt) -> SecretBytes:
    """HKDF with one block of output: its 32 bytes are what SHA-256 gives."""
    extracted = hmac.new(bytes.fromhex(salt.hexadecimal), tx.secret, hashlib.sha256).digest()
    purpose = f"omnichannel webhook {tx.ws} {name}".encode()
    return SecretBytes(hmac.new(extracted, purpose + b"\x01", hashlib.sha256).digest())
