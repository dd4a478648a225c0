"""What S/MIME signed and wrapped: the mail within a `signed-data`, whose signature nobody asks for here (RFC 8551).

Outlook sends signed mail so by default where a server may change it: its words stand nowhere else. Only as much of
CMS (RFC 5652, 5) is read as leads there; what is encrypted, and what is broken, holds nothing.
"""

from __future__ import annotations

_SIGNED = bytes.fromhex("2a864886f70d010702")
_DATA = bytes.fromhex("2a864886f70d010701")
_SEQUENCE, _IDENTIFIER, _OCTETS, _WRAPPED = 0x30, 0x06, 0x04, 0xA0
_CONSTRUCTED = 0x20
_DEEPEST = 8
_MOST_ITEMS = 100_000


def within(data: bytes) -> bytes:
    """The mail that was signed; empty if there is none that could be read."""
    try:
        return _content(data)
    except (IndexError, ValueError):
        return b""


def _content(data: bytes) -> bytes:
    outer = _of(_first(data, _SEQUENCE))
    if len(outer) < 2 or outer[0] != (_IDENTIFIER, _SIGNED):
        return b""
    signed = _of(_first(_inner(outer[1], _WRAPPED), _SEQUENCE))
    # The version and the algorithms stand before it.
    wrapped = _of(_inner(signed[2], _SEQUENCE))
    if len(wrapped) < 2 or wrapped[0] != (_IDENTIFIER, _DATA):
        return b""
    tag, octets = _of(_inner(wrapped[1], _WRAPPED))[0]
    return _joined(tag, octets, 0)


def _joined(tag: int, octets: bytes, depth: int) -> bytes:
    """An octet string; one in pieces is put together."""
    if tag == _OCTETS:
        return octets
    if tag != _OCTETS | _CONSTRUCTED or depth > _DEEPEST:
        raise ValueError("no octet string")
    return b"".join(_joined(kind, piece, depth + 1) for kind, piece in _of(octets))


def _first(data: bytes, tag: int) -> bytes:
    return _inner(_of(data)[0], tag)


def _inner(item: tuple[int, bytes], tag: int) -> bytes:
    if item[0] != tag:
        raise ValueError("another kind of value")
    return item[1]


def _of(data: bytes) -> list[tuple[int, bytes]]:
    """The values that follow each other: tag and contents."""
    found: list[tuple[int, bytes]] = []
    at = 0
    while at < len(data) and len(found) < _MOST_ITEMS:
        tag, start, end, after = _value(data, at, 0)
        if tag == 0:
            break
        found.append((tag, data[start:end]))
        at = after
    return found


def _value(data: bytes, at: int, depth: int) -> tuple[int, int, int, int]:
    """Tag, where the contents begin and end, and where the next value begins. Raises ValueError or IndexError."""
    tag, size, start = data[at], data[at + 1], at + 2
    if size == 0x80:
        end = _end(data, start, depth)
        return tag, start, end, end + 2
    if size > 0x80:
        count = size - 0x80
        if count > 8:
            raise ValueError("a length of more than eight bytes")
        size = int.from_bytes(data[start : start + count], "big")
        start += count
    return tag, start, min(start + size, len(data)), start + size


def _end(data: bytes, at: int, depth: int) -> int:
    """Where a value of indefinite length ends: at two zeros, of which those of values within do not count."""
    if depth > 4 * _DEEPEST:
        raise ValueError("too deep")
    while data[at : at + 2] != b"\0\0":
        at = _value(data, at, depth + 1)[3]
        if at >= len(data):
            raise ValueError("it is cut off")
    return at
