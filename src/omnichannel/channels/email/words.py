"""The words of a header: encoded words (RFC 2047) and raw 8-bit text, in time linear to their length.

A header value is kept as text in which a byte that is no UTF-8 stands as a lone surrogate (`surrogateescape`).
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import NamedTuple

from omnichannel.channels.email.charset import to_text
from omnichannel.channels.email.transfer import from_base64, from_quoted_printable

# Longer than the 75 characters of RFC 2047, because senders are; bounded, so that no header costs a second.
_WORD = re.compile(r"=\?([^?*\s]{1,40})(?:\*[^?\s]{0,40})?\?([bBqQ])\?(.{0,2000}?)\?=", re.DOTALL)


class _Piece(NamedTuple):
    """A stretch of a value: an encoded word, or the text between two of them (then `charset` is empty)."""

    word: bool
    charset: str
    data: bytes
    source: str


def readable(value: str) -> str:
    """A header value as a person reads it: encoded words decoded, 8-bit bytes read, the ends stripped."""
    if "=?" not in value:
        return _plain(value).strip()
    runs = groupby(_pieces(value), key=lambda piece: (piece.word, piece.charset))
    return "".join(_join(list(run)) for _, run in runs).strip()


def _plain(value: str) -> str:
    return to_text(value.encode("utf-8", "surrogateescape"))


def _between(text: str) -> _Piece:
    return _Piece(False, "", text.encode("utf-8", "surrogateescape"), text)


def _pieces(value: str) -> list[_Piece]:
    pieces: list[_Piece] = []
    at = 0
    for found in _WORD.finditer(value):
        text = value[at : found.start()]
        # White space between two encoded words belongs to neither (RFC 2047, 6.2).
        if text and not (pieces and pieces[-1].word and text.isspace()):
            pieces.append(_between(text))
        data = _bytes_of(found[2].lower(), found[3])
        pieces.append(_Piece(True, found[1].lower(), data, found.group()))
        at = found.end()
    return [*pieces, _between(value[at:])] if at < len(value) else pieces


def _bytes_of(letter: str, coded: str) -> bytes:
    data = coded.encode("utf-8", "surrogateescape")
    if letter == "b":
        return from_base64(data)
    return from_quoted_printable(re.sub(rb"[ \t]*\r?\n[ \t]*", b"", data).replace(b"_", b"=20"))


def _join(run: list[_Piece]) -> str:
    """Words of one character set are joined as bytes first: senders cut between the bytes of one character."""
    text = to_text(b"".join(piece.data for piece in run), run[0].charset)
    if run[0].word and any(char < " " and char not in "\t\r\n" for char in text):
        # Control characters: these words do not hold what they say. Shown as they stand, nothing is lost.
        return _plain(" ".join(piece.source for piece in run))
    return text
