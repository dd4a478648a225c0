"""One number inside, one UUIDv7 outside, and no table between them.

Inside, an id is a 63-bit integer that grows with time (milliseconds since 2020, worker, counter), so that
rows are appended, not scattered. Outside it is a UUIDv7 (RFC 9562) that holds the same number and, where the
RFC wants random bits, a keyed tag over number and kind: an id that was not handed out here, for this kind of
thing, in this workspace, is refused before any table is asked. Costs about 3 µs and no index
(docs/adr/0003-ids.md).
"""

from __future__ import annotations

import hashlib
import hmac
import threading
import uuid
from collections.abc import Callable

from omnichannel.errors import NotFound

_EPOCH_MS = 1_577_836_800_000  # 2020-01-01
_WORKER_BITS, _COUNTER_BITS = 10, 12
_LOW = _WORKER_BITS + _COUNTER_BITS
_TAG_BITS = 52


class Ids:
    """Makes and reads the ids of one workspace. Safe to use from several threads."""

    def __init__(self, secret: bytes, workspace: int, worker: int, milliseconds: Callable[[], int]) -> None:
        self._key = hashlib.blake2b(workspace.to_bytes(8, "big"), key=secret, digest_size=32).digest()
        self._worker = (worker % (1 << _WORKER_BITS)) << _COUNTER_BITS
        self._milliseconds = milliseconds
        self._lock = threading.Lock()
        self._last = 0

    def new(self) -> int:
        """The next number: greater than every one before it from here, also when the clock was set back."""
        with self._lock:
            stamp = (self._milliseconds() - _EPOCH_MS) << _LOW
            least = self._last + 1
            if stamp >= least:
                value = stamp | self._worker
            else:
                # The same millisecond, or a clock set back: count on, into the next millisecond if need be.
                value = least if least & (1 << _COUNTER_BITS) - 1 else self._carry(least)
            self._last = value
            return value

    @staticmethod
    def first(milliseconds: int) -> int:
        """A number below all that were made since a moment, in milliseconds since 1970."""
        return max((milliseconds - _EPOCH_MS) << _LOW, 0)

    def above(self, number: int) -> None:
        """Make no number below this one, which another worker may have made."""
        with self._lock:
            if number > self._last:
                # Up to the next millisecond: in this one the other worker may still count on.
                self._last = ((number >> _LOW) + 1 << _LOW) - 1

    def _carry(self, value: int) -> int:
        return ((value >> _LOW) + (1 if value & ((1 << _LOW) - 1) else 0) << _LOW) | self._worker

    def show(self, kind: str, number: int | None) -> str:
        """The UUID of a number; empty for none."""
        if number is None:
            return ""
        low = number & ((1 << _LOW) - 1)
        milliseconds = (number >> _LOW) + _EPOCH_MS
        value = milliseconds << 80 | 0x7 << 76 | (low >> 10) << 64
        value |= 0b10 << 62 | (low & 0x3FF) << _TAG_BITS | self._tag(kind, number)
        text = f"{value:032x}"
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"

    def find(self, kind: str, shown: str) -> int:
        """The number of a UUID made by `show`; raises NotFound for any other text."""
        try:
            value = uuid.UUID(shown).int
        except (ValueError, AttributeError, TypeError):
            raise self._unknown(kind, shown) from None
        low = (value >> 64 & 0xFFF) << 10 | value >> _TAG_BITS & 0x3FF
        number = ((value >> 80) - _EPOCH_MS) << _LOW | low
        if not 0 <= number < 1 << 63 or not hmac.compare_digest(
            self.show(kind, number), str(uuid.UUID(int=value))
        ):
            raise self._unknown(kind, shown)
        return number

    def _tag(self, kind: str, number: int) -> int:
        text = kind.encode() + b"\0" + number.to_bytes(8, "big")
        digest = hashlib.blake2b(text, key=self._key, digest_size=8).digest()
        return int.from_bytes(digest, "big") >> (64 - _TAG_BITS)

    @staticmethod
    def _unknown(kind: str, shown: object) -> NotFound:
        return NotFound(f"there is no {kind} {str(shown)[:60]!r} in this workspace")
