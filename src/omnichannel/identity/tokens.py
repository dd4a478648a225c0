"""Words of ours that come back: the one-time token that carries a conversation, and the mark in our mail.

A *token* is random and given to one person, on one channel, to be used once on another; only its digest is
kept. Whoever brings it back was given it, so it must never be shown in public. A *mark* is planted in each
mail we send and may come back often; it says which conversation the mail belonged to and holds only for the
address that the mail was sent to, so that it is worth nothing to whoever a mail was forwarded to. What both
look like on the wire is `omnichannel.toolbox.tokens`; a token that is short enough to be said is in `codes`.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass

from omnichannel.errors import ConfigError
from omnichannel.identity.journal import Entry
from omnichannel.model import Address, Strength

_ONE_TIME, _MARK = "oct", "ocm"
_TOKEN_LETTERS = 26
_LEAST_RANDOM = 16  # bytes: 128 bits
_LEAST_SECRET = 16
_MAC = 16  # bytes of HMAC-SHA256 kept: 128 bits
_MARK_BYTES = 8 + 1 + _MAC


def new_token(random: bytes) -> str:
    """A one-time token out of 16 or more fresh random bytes (`secrets.token_bytes(17)` fills all letters)."""
    if len(random) < _LEAST_RANDOM:
        raise ValueError(f"{len(random)} random bytes can be guessed; give at least {_LEAST_RANDOM}")
    return _ONE_TIME + _base32(random)[:_TOKEN_LETTERS]


def is_one_time(token: str) -> bool:
    """Whether it looks like a one-time token, and not like a mark."""
    return token.startswith(_ONE_TIME)


def digest(token: str) -> str:
    """What the store keeps of a token: SHA-256 in hexadecimal, the same for upper and lower case.

    A token is too random to be guessed, so the digest needs no salt and finds its row by equality.
    """
    return hashlib.sha256(token.lower().encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Token:
    """A one-time token as the store keeps it. Times are microseconds since 1970 (UTC).

    `address` is whom we gave it to, `account` where it is to come back; from `holder` alone, if there is one.
    `used_by` is the address that brought it back, where that is known.
    """

    digest: str
    conversation: int
    address: int
    account: str
    issued_at: int
    expires_at: int
    used_at: int | None = None
    holder: int | None = None
    used_by: int | None = None

    def usable(self, now: int) -> bool:
        """Whether it still works: issued, not used, not expired."""
        return self.used_at is None and self.issued_at <= now < self.expires_at

    def claim(self, sender: int, strength: Strength, *, at: int, source: str = "") -> Entry | None:
        """What it proves when `sender` brings it back: that sender and `address` are one person's.

        It proves that no better than the sender is proven: whoever was given a token can write any From
        into a mail, and must not become one customer with whoever is named there. None if the sender is
        the very address it was given to.
        """
        if sender == self.address:
            return None
        return Entry(0, "claim", self.address, sender, strength, "token", source=source, at=at)


def mark(keys: Mapping[int, bytes], workspace: int, conversation: int, recipient: Address) -> str:
    """The mark of a mail that is sent to `recipient`, made with the newest key (the highest number).

    `keys` are numbered 0 to 255; keep old ones as long as mail made with them may be answered. Raises
    ConfigError without a key of 16 bytes or more.
    """
    if not keys:
        raise ConfigError("keys", "there is no key to sign marks with", "Give one: {1: 32 random bytes}.")
    number = max(keys)
    key = _checked(keys, number)
    head = conversation.to_bytes(8, "big") + number.to_bytes(1, "big")
    return _MARK + _base32(head + _mac(key, workspace, head, recipient))


def read_mark(keys: Mapping[int, bytes], workspace: int, token: str, sender: Address) -> int | None:
    """The conversation that a mark belongs to, if one of the keys made it for this very sender; else None.

    Never raises for whatever stands in `token`. What it compares, it compares in constant time.
    """
    raw = _unpacked(token)
    if raw is None or raw[8] not in keys:
        return None
    made = _mac(_checked(keys, raw[8]), workspace, raw[:9], sender)
    return int.from_bytes(raw[:8], "big") if hmac.compare_digest(raw[9:], made) else None


def _unpacked(token: str) -> bytes | None:
    """The 25 bytes of a mark; None if it is none."""
    word = token.lower()
    if not (token.isascii() and word.startswith(_MARK)):
        return None
    try:
        raw = base64.b32decode(word[len(_MARK) :].upper())
    except ValueError:
        return None
    return raw if len(raw) == _MARK_BYTES else None


def _checked(keys: Mapping[int, bytes], number: int) -> bytes:
    key = keys[number]
    if not 0 <= number <= 255 or len(key) < _LEAST_SECRET:
        raise ConfigError(
            "keys",
            f"key {number} has {len(key)} bytes",
            f"Number keys 0 to 255 and give each at least {_LEAST_SECRET} random bytes.",
        )
    return key


def _mac(key: bytes, workspace: int, head: bytes, recipient: Address) -> bytes:
    """128 bits over all that a mark speaks of; each part has a fixed length or says its own."""
    whom = [
        part.encode("utf-8", "surrogatepass") for part in (recipient.kind, recipient.scope, recipient.value)
    ]
    said = b"omnichannel mark 1" + workspace.to_bytes(8, "big") + head
    said += b"".join(len(part).to_bytes(4, "big") + part for part in whom)
    return hmac.new(key, said, hashlib.sha256).digest()[:_MAC]


def _base32(raw: bytes) -> str:
    return base64.b32encode(raw).decode("ascii").rstrip("=").lower()
