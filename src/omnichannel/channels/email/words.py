"""The words of a header: encoded words (RFC 2047) and raw 8-bit text, in time linear to their length.

A header value is kept as text in which a byte that is no UTF-8 stands as a lone surrogate (`surrogateescape`).
"""

from __future__ import annotations

import re
from itertools import groupby

from omnichannel.channels.email.charset import to_text
from omnichannel.channels.email.transfer import from_base64, from_quoted_printable

# Longer than the 75 characters of RFC 2047, because senders are; bounded, so that no header costs a second.
_WORD = re.compile(r"=\?([^?*\s]{1,40})(?:\*[^?\s]{0,40})?\?([bBqQ])\?(.{0,2000}?)\?=", re.DOTALL)
_Piece = tuple[str, str, bytes]


def readable(value: str) -> str:
    """A header value as a person reads it: encoded words decoded, 8-bit bytes read, the ends stripped."""
    if "=?" not in value:
        return _plain(value).strip()
    return "".join(_join(kind, list(run)) for kind, run in groupby(_pieces(value), key=_kind)).strip()


def _plain(value: str) -> str:
    return to_text(value.encode("utf-8", "surrogateescape"))


def _pieces(value: str) -> list[_Piece]:
    """The value as (character set, letter of the encoding, bytes); plain text between has neither."""
    pieces: list[_Piece] = []
    at = 0
    for found in _WORD.finditer(value):
        between = value[at : found.start()]
        # White space between two encoded words belongs to neither (RFC 2047, 6.2).
        if between and not (pieces and pieces[-1][1] and between.isspace()):
            pieces.append(("", "", between.encode("utf-8", "surrogateescape")))
        pieces.append((found[1].lower(), found[2].lower(), _bytes_of(found[2].lower(), found[3])))
        at = found.end()
    if at < len(value):
        pieces.append(("", "", value[at:].encode("utf-8", "surrogateescape")))
    return pieces


def _bytes_of(letter: str, coded: str) -> bytes:
    data = coded.encode("utf-8", "surrogateescape")
    if letter == "b":
        return from_base64(data)
    return from_quoted_printable(re.sub(rb"[ \t]*\r?\n[ \t]*", b"", data).replace(b"_", b"=20"))


def _kind(piece: _Piece) -> tuple[str, str]:
    return piece[0], "word" if piece[1] else ""


def _join(kind: tuple[str, str], run: list[_Piece]) -> str:
    """Words of one character set are joined as bytes first: senders cut between the bytes of one character."""
    return to_text(b"".join(data for _, _, data in run), kind[0])
