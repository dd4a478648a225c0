"""Keyed marks: what lets an address, a platform's id or a caller's order be known again without being kept.

A mark is HMAC-SHA256 with the workspace's secret, cut to 128 bits. Without the secret nothing can be told from it.
Whoever has the whole database has the secret too, and can try out telephone numbers one by one: marks are
pseudonyms, not nothing (docs/adr/0026-erased-stays-erased.md).
"""

from __future__ import annotations

import base64
import hmac

from omnichannel.model import Address
from omnichannel.store.tx import Tx

_BYTES = 16


def address_mark(tx: Tx, address: Address) -> str:
    """The mark of an address."""
    return _mark(tx, "address", address.kind, address.scope, address.value)


def item_mark(tx: Tx, account: str, what: str, external_id: str, fingerprint: str = "") -> str:
    """The mark of a platform's id: of a message, of an update by its kind, or of a `call` by its correlator."""
    return _mark(tx, "item", account, what, external_id, fingerprint)


def words_mark(tx: Tx, account: str, to: Address, text: str) -> str:
    """The mark of words to somebody, however they are spaced."""
    return _mark(tx, "words", account, to.kind, to.scope, to.value, *text.split())


def order_mark(tx: Tx, what: str, said: str) -> str:
    """The mark of an idempotency `key`, or of what was `asked` under it."""
    return _mark(tx, f"order {what}", said)


def _mark(tx: Tx, *parts: str) -> str:
    said = [part.encode("utf-8", "surrogatepass") for part in parts]
    framed = b"".join(len(part).to_bytes(4, "big") + part for part in said)
    made = hmac.digest(tx.secret, b"omnichannel rights 1" + tx.ws.to_bytes(8, "big") + framed, "sha256")
    return base64.urlsafe_b64encode(made[:_BYTES]).decode("ascii").rstrip("=")
