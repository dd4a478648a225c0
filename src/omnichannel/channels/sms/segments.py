"""How many pieces a text is paid for: 160 septets of GSM-7, or 70 units of UCS-2; less when there are several.

Source: 3GPP TS 23.038 and 23.040 (each piece of several gives six bytes to the header that joins them).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from omnichannel.toolbox import size


@dataclass(frozen=True)
class Segments:
    """What a text becomes on the air."""

    alphabet: Literal["gsm7", "ucs2"]
    units: int
    count: int


_LONGEST: dict[Literal["gsm7", "ucs2"], tuple[int, int]] = {"gsm7": (160, 153), "ucs2": (70, 67)}


def segments(text: str) -> Segments:
    """The alphabet that a text needs, its length in it, and the number of pieces it is billed as."""
    alphabet = _alphabet(text)
    units = size(text, "gsm7" if alphabet == "gsm7" else "utf16")
    single, joined = _LONGEST[alphabet]
    if units <= single:
        return Segments(alphabet, units, 1 if text else 0)
    count, room = 1, joined
    # A character of two units (€ in GSM-7, 👍 in UCS-2) is never cut in two: what does not fit moves on.
    for char in text:
        wide = size(char, "gsm7" if alphabet == "gsm7" else "utf16")
        if wide > room:
            count, room = count + 1, joined
        room -= wide
    return Segments(alphabet, units, count)


def _alphabet(text: str) -> Literal["gsm7", "ucs2"]:
    """GSM-7 writes all of a text or nothing: one character that it lacks makes the whole text UCS-2."""
    return "gsm7" if all(_in_gsm7(char) for char in set(text)) else "ucs2"


def _in_gsm7(char: str) -> bool:
    # `{` takes two septets, but one unit beside a character that GSM-7 lacks.
    return size("{" + char, "gsm7") - size(char, "gsm7") == 2
