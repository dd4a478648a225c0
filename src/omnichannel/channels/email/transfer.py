"""Undoing content transfer encodings: base64, quoted-printable, uuencode. Whatever is broken, as much as can be."""

from __future__ import annotations

import binascii
import re

_NOT_BASE64 = bytes(
    set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
)
_QUOTED = re.compile(rb"=([0-9A-Fa-f]{2})|=[ \t]*(?:\r\n|\r|\n|\Z)|(?<![ \t])[ \t]+(?=\r?\n)")
_UU_START = re.compile(rb"(?m)^begin [0-7]{3,4} [^\r\n]*\r?\n")
_UU_NAMES = frozenset({"x-uuencode", "uuencode", "x-uue", "uue"})


def decode(data: bytes, encoding: str) -> bytes:
    """Undo the encoding that a part names; an unknown one, and 7bit, 8bit or binary, leave the bytes alone."""
    name = encoding.strip().strip("\"';").lower()
    if name == "base64":
        return from_base64(data)
    if name == "quoted-printable":
        return from_quoted_printable(data)
    return _from_uu(data) if name in _UU_NAMES else data


def from_base64(data: bytes) -> bytes:
    """Decode base64, ignoring what is no base64, padding where it is missing; never raises.

    Behind the padding the rest of a line means nothing; what follows on further lines is decoded as well.
    """
    pieces = (piece.translate(None, _NOT_BASE64) for piece in re.split(rb"=[^\n]*", data))
    return b"".join(_base64(piece) for piece in pieces)


def _base64(letters: bytes) -> bytes:
    """Decode letters of the alphabet alone; a single one left over carries less than a byte."""
    whole = letters[: len(letters) - 1] if len(letters) % 4 == 1 else letters
    return binascii.a2b_base64(whole + b"=" * (-len(whole) % 4))


def from_quoted_printable(data: bytes) -> bytes:
    """Decode quoted-printable; what is no escape stays as it stands; never raises."""
    return _QUOTED.sub(lambda found: bytes.fromhex(found[1].decode()) if found[1] else b"", data)


def _from_uu(data: bytes) -> bytes:
    start = _UU_START.search(data)
    if start is None:
        return data
    rows: list[bytes] = []
    for line in data[start.end() :].splitlines():
        if line.strip() in (b"end", b"`", b""):
            break
        rows.append(_uu_line(line))
    return b"".join(rows)


def _uu_line(line: bytes) -> bytes:
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:
        # Some encoders write rubbish behind the line: the first character tells how much of it counts.
        return _cut_uu_line(line)


def _cut_uu_line(line: bytes) -> bytes:
    length = (((line[0] - 32) & 63) * 4 + 5) // 3
    try:
        return binascii.a2b_uu(line[:length])
    except binascii.Error:
        return b""
