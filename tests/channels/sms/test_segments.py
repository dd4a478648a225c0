"""What a text costs: pieces of 160 or 153 septets, of 70 or 67 units (3GPP TS 23.038, 23.040)."""

from __future__ import annotations

import pytest

from omnichannel.channels.sms import Segments, segments


@pytest.mark.parametrize(
    ("text", "alphabet", "units", "count"),
    [
        ("", "gsm7", 0, 0),
        ("a" * 160, "gsm7", 160, 1),
        ("a" * 161, "gsm7", 161, 2),
        ("a" * 306, "gsm7", 306, 2),
        ("a" * 307, "gsm7", 307, 3),
        ("€" * 80, "gsm7", 160, 1),
        ("€" * 81, "gsm7", 162, 2),
        ("a" * 152 + "€" + "a" * 152, "gsm7", 306, 3),  # the € does not fit whole into the first piece
        ("ç", "ucs2", 1, 1),
        ("я" * 70, "ucs2", 70, 1),
        ("я" * 71, "ucs2", 71, 2),
        ("👍" * 35, "ucs2", 70, 1),
        ("👍" * 36, "ucs2", 72, 2),
        ("{👍", "ucs2", 3, 1),
    ],
)
def test_pieces(text: str, alphabet: str, units: int, count: int) -> None:
    assert segments(text) == Segments(alphabet, units, count)  # type: ignore[arg-type]  # a table's words
