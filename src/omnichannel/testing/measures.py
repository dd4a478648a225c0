"""How long a text is, counted by the kit itself: an oracle may not share code with its subject.

Sources: 3GPP TS 23.038 table 1 and 2 (GSM 7 bit); RFC 3629 (UTF-8); RFC 2781 (UTF-16); twitter-text's configuration
version 3, https://github.com/twitter/twitter-text/blob/master/config/v3.json (X).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from itertools import takewhile

from omnichannel.model import Measure

# Table 1 in the order of its codes 0 to 127, without escape; table 2 is reached by it and costs two.
_BASIC = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = set("\f^{}\\[~]|€")

_X_LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
_X_URL = re.compile(r"https?://[^\s]+")


def measured(text: str, measure: Measure) -> int:
    """How long a text is in a measure."""
    return _MEASURES[measure](text)


def _chars(text: str) -> int:
    return sum(1 for _ in text)


def _utf16(text: str) -> int:
    return sum(2 if ord(char) > 0xFFFF else 1 for char in text)


def _bytes(text: str) -> int:
    return sum(1 + (code > 0x7F) + (code > 0x7FF) + (code > 0xFFFF) for code in map(ord, text))


def _gsm7(text: str) -> int:
    """Septets; what the alphabet lacks forces UCS-2, whose units are those of UTF-16."""
    if any(char not in _BASIC and char not in _EXTENSION for char in text):
        return _utf16(text)
    return len(text) + sum(char in _EXTENSION for char in text)


def _x(text: str) -> int:
    """X's weight: URLs weigh 23, pictures 2 however they are put together, Latin and its neighbours 1, others 2."""
    text = unicodedata.normalize("NFC", text)
    urls = len(_X_URL.findall(text))
    return 23 * urls + sum(_x_character(cluster) for cluster in clusters(_X_URL.sub("", text)))


def _x_character(cluster: str) -> int:
    if any(_is_picture(char) for char in cluster) or cluster.endswith("\u20e3"):
        return 2
    return sum(1 if any(low <= ord(char) <= high for low, high in _X_LIGHT) else 2 for char in cluster)


def _is_picture(char: str) -> bool:
    return 0x1F000 <= ord(char) <= 0x1FAFF or 0x2600 <= ord(char) <= 0x27BF


_MEASURES: dict[Measure, Callable[[str], int]] = {
    "chars": _chars,
    "utf16": _utf16,
    "bytes": _bytes,
    "gsm7": _gsm7,
    "x_weighted": _x,
}


def clusters(text: str) -> Iterator[str]:
    """A text in user-perceived characters, roughly: what never stands alone goes with what is before it."""
    cluster = ""
    for char in text:
        joined = bool(cluster) and (clings(char) or cluster.endswith("\u200d") or _second_flag(cluster, char))
        if cluster and not joined:
            yield cluster
            cluster = ""
        cluster += char
    if cluster:
        yield cluster


def clings(char: str) -> bool:
    """Whether a character only changes the one before it: combining marks, joiners, skin tones, variations, tags."""
    code = ord(char)
    return (
        unicodedata.category(char) in ("Mn", "Mc", "Me")
        or char == "\u200d"
        or 0x1F3FB <= code <= 0x1F3FF
        or 0xE0020 <= code <= 0xE007F
    )


def _second_flag(cluster: str, char: str) -> bool:
    if not _is_flag(char):
        return False
    return len(list(takewhile(_is_flag, reversed(cluster)))) % 2 == 1


def _is_flag(char: str) -> bool:
    return 0x1F1E6 <= ord(char) <= 0x1F1FF
