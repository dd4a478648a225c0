"""Writing header fields: every value becomes printable ASCII in lines of legal length, or is refused.

Written by hand because the standard library's own writer turns long ids in References and In-Reply-To into
encoded words, which breaks the thread (python/cpython#79986, still so in 3.13), and decodes encoded words
that somebody put into a display name before it writes them (CVE-2024-6923).
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable

from omnichannel.toolbox import clean

_LINE = 78  # RFC 5322 §2.1.1: should; 998 is the must
_FOLD = "\r\n "
_LONGEST_WORD = 900
# 39 octets become 52 of base64: with =?utf-8?B??= and "Reply-To: " a line stays within the 76 of RFC 2047.
_PIECE = 39
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_PLAIN = re.compile(r"[!-~]+(?: [!-~]+)*")
_ATOM_TEXT = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?: [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_ID = re.compile(r"<[!-;=?-~]+>")


def field(name: str, value: str) -> str:
    """A header line whose value is already safe ASCII, folded at spaces."""
    lines = [f"{name}:"]
    for word in value.split(" "):
        if len(lines[-1]) + 1 + len(word) > _LINE and lines != [f"{name}:"]:
            lines.append("")
        lines[-1] += " " + word
    return "\r\n".join(lines) + "\r\n"


def text_field(name: str, text: str) -> str:
    """A header line of free text, such as the subject. Line breaks and control characters become a space."""
    return field(name, _encoded(one_line(text)))


def mailbox_field(name: str, mailboxes: Iterable[tuple[str, str]]) -> str:
    """A header line of display names with their addr-specs (which must have been checked), one a line."""
    written = [_mailbox(display, address) for display, address in mailboxes]
    return f"{name}: " + f",{_FOLD}".join(written) + "\r\n"


def id_field(name: str, ids: Iterable[str]) -> str:
    """A header line of message ids, one a line, never encoded."""
    return f"{name}: " + _FOLD.join(ids) + "\r\n"


def writable_ids(ids: Iterable[str]) -> list[str]:
    """The ids that a header can hold: in angle brackets, printable ASCII, at most 900 long, each once."""
    return [found for found in dict.fromkeys(ids) if len(found) <= _LONGEST_WORD and _ID.fullmatch(found)]


def one_line(text: str) -> str:
    """The text on one line, without control characters and lone surrogates."""
    return clean(_UNPRINTABLE.sub(" ", text)).strip()


def _mailbox(display: str, address: str) -> str:
    name = one_line(display)
    if not name:
        return address
    if _ATOM_TEXT.fullmatch(name) and "=?" not in name and len(name) < _LINE:
        phrase = name
    elif _PLAIN.fullmatch(name) and "=?" not in name and len(name) < _LINE:
        phrase = '"' + re.sub(r'([\\"])', r"\\\1", name) + '"'
    else:
        phrase = _words(name).replace(" ", _FOLD)
    return phrase + (" " if len(phrase) + len(address) < _LINE - 15 else _FOLD) + f"<{address}>"


def _encoded(text: str) -> str:
    if not text:
        return ""
    plain = _PLAIN.fullmatch(text) and "=?" not in text
    return text if plain and max(map(len, text.split(" "))) <= _LONGEST_WORD else _words(text)


def _words(text: str) -> str:
    """The text as encoded words (RFC 2047), none of which ends inside a character."""
    pieces, piece = [], b""
    for char in text:
        octets = char.encode()
        if len(piece) + len(octets) > _PIECE:
            pieces.append(piece)
            piece = b""
        piece += octets
    pieces.append(piece)
    return " ".join(f"=?utf-8?B?{base64.b64encode(each).decode()}?=" for each in pieces)
