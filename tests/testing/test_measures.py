"""The kit's own measures, against published vectors and against each other: nothing here is the library's."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnichannel.testing.measures import clusters, measured

VECTORS = json.loads((Path(__file__).parents[1] / "channels/x/cases/weights.json").read_text("utf-8"))


@pytest.mark.parametrize(
    ("text", "chars", "utf16", "octets", "gsm7"),
    [
        ("", 0, 0, 0, 0),
        ("abc", 3, 3, 3, 3),
        ("é", 1, 1, 2, 1),
        ("ê", 1, 1, 2, 1),
        ("€", 1, 1, 3, 2),
        ("[]{}\\^~|", 8, 8, 8, 16),
        ("的", 1, 1, 3, 1),
        ("👍", 1, 2, 4, 2),
        ("ok 👍", 4, 5, 7, 5),
    ],
)
def test_texts_are_counted(text: str, chars: int, utf16: int, octets: int, gsm7: int) -> None:
    """Sources: 3GPP TS 23.038, RFC 3629, RFC 2781."""
    assert [measured(text, measure) for measure in ("chars", "utf16", "bytes", "gsm7")] == [
        chars,
        utf16,
        octets,
        gsm7,
    ]


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_they_agree_with_the_codecs(text: str) -> None:
    assert measured(text, "utf16") * 2 == len(text.encode("utf-16-le"))
    assert measured(text, "bytes") == len(text.encode())


def weighed() -> list[dict]:
    """The vectors of today's configuration, without addresses so wrong that only X's own parser sees it."""
    found = [
        *VECTORS["WeightedTweetsWithDiscountedEmojiCounterTest"],
        *VECTORS["UnicodeDirectionalMarkerCounterTest"],
    ]
    found += [case for case in VECTORS["WeightedTweetsCounterTest"] if case["text"].isascii()]
    return [case for case in found if not re.search(r"https?://(\S{64}|[^\x00-\x7f])", case["text"])]


@pytest.mark.parametrize(
    "case",
    weighed(),
    ids=lambda case: case["description"][:40],
)
def test_x_is_weighed_as_twitter_text_does(case: dict) -> None:
    assert measured(case["text"], "x_weighted") == case["expected"]["weightedLength"]


@pytest.mark.parametrize(
    ("text", "count"),
    [("abc", 3), ("e\u0301a", 2), ("👩‍👩‍👧‍👦", 1), ("🇳🇱🇧🇪", 2), ("👍🏽", 1), ("", 0), ("\u0301", 1)],
)
def test_what_people_take_for_one_character(text: str, count: int) -> None:
    assert len(list(clusters(text))) == count


@given(st.text(max_size=30))
def test_clusters_lose_nothing(text: str) -> None:
    assert "".join(clusters(text)) == text
