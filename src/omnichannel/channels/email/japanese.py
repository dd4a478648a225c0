"""ISO-2022-JP as Japanese mail programs write it, which is more than RFC 1468 allows.

Outlook and most phones write the rows that NEC and IBM added to JIS X 0208 (circled digits, `㈱`, the variants of
family names), and half-width kana; Python's codecs stop at the first of these. Browsers read them
(https://encoding.spec.whatwg.org/#iso-2022-jp), by the same table as Shift_JIS, which is Python's `cp932`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_RUN = re.compile(rb"\x1b(\$[@B]|\$\(D|\([BJI])?([^\x1b\r\n]*)|([^\x1b]+)")
_HIGH = bytes(byte | 0x80 for byte in range(256))


def japanese(data: bytes) -> str:
    """Bytes of 7 bits and escape sequences as text; what has no meaning becomes U+FFFD. Linear; never raises."""
    # A line that ends is ASCII again, whatever it was (RFC 1468): the third group goes on there.
    return "".join(_run(run) for run in _RUN.finditer(data))


def _run(run: re.Match[bytes]) -> str:
    escape, text, plain = run.groups()
    if text is None:
        return plain.decode("ascii", "replace")
    if escape in (b"$@", b"$B"):
        return _kanji(text)
    if escape == b"$(D":
        return b"".join(b"\x8f" + pair for pair in _pairs(text.translate(_HIGH))).decode("euc_jp", "replace")
    if escape == b"(I":
        return text.translate(_HIGH).decode("cp932", "replace")
    return text.decode("ascii", "replace")


def _kanji(text: bytes) -> str:
    try:
        return text.translate(_HIGH).decode("euc_jp")
    except UnicodeError:
        return b"".join(_shifted(pair) for pair in _pairs(text)).decode("cp932", "replace")


def _pairs(text: bytes) -> Iterator[bytes]:
    return (text[at : at + 2] for at in range(0, len(text), 2))


def _shifted(pair: bytes) -> bytes:
    """Two bytes of JIS X 0208 as Shift_JIS; `?` for what is none."""
    row, cell = pair[0] - 0x21, (pair[1] if len(pair) == 2 else 0) - 0x21
    if not (0 <= row < 94 and 0 <= cell < 94):
        return b"?"
    lead = (row >> 1) + (0x81 if row < 62 else 0xC1)
    trail = cell + (0x9F if row % 2 else 0x40 if cell < 63 else 0x41)
    return bytes((lead, trail))
