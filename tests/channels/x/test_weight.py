"""How long X holds a text to be, as its own vectors demand."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omnichannel.channels.x import X
from omnichannel.channels.x.urls import find_urls
from omnichannel.channels.x.weight import POST_LIMIT, UNWRITABLE, weigh
from tests.channels.x.given import case

WEIGHTS = [(group, one) for group, cases in case("weights.json").items() for one in cases]
URLS = [one for cases in case("urls.json").values() for one in cases]


@pytest.mark.parametrize(
    ("group", "one"), WEIGHTS, ids=[f"{group}-{one['description']}" for group, one in WEIGHTS]
)
def test_official_weights(group, one):
    """twitter-text's vectors: the older group is of configuration 2, which does not know emoji."""
    weight = weigh(one["text"], emoji=group != "WeightedTweetsCounterTest")
    valid = 0 < weight <= POST_LIMIT and not UNWRITABLE.search(one["text"])
    assert (weight, valid, weight * 1000 // POST_LIMIT) == (
        one["expected"]["weightedLength"],
        one["expected"]["valid"],
        one["expected"]["permillage"],
    )


@pytest.mark.parametrize("one", URLS, ids=[one["description"] for one in URLS])
def test_official_urls(one):
    """What counts 23: twitter-text's vectors of URLs, with their places where it gives them."""
    found = list(find_urls(one["text"]))
    texts = [one["text"][start:end] for start, end in found]
    expected = [url if isinstance(url, str) else url["url"] for url in one["expected"]]
    assert texts == expected
    places = [tuple(url["indices"]) for url in one["expected"] if isinstance(url, dict)]
    assert not places or places == found


@pytest.mark.parametrize(
    ("text", "weight"),
    [
        ("", 0),
        ("Hi http://test.co", 26),
        ("A\u0301B", 2),
        ("🙋🏽👨‍🎤", 4),
        ("🇳🇱", 2),
        ("1️⃣", 2),
        ("🏴󠁧󠁢󠁥󠁮󠁧󠁿", 2),
        ("©", 1),
        ("©️", 2),
        ("❤︎", 4),
        ("漢字", 4),
        ("mail me: a@b.com", 16),
        ("é.com", 23),
        ("http://xn--80ak6aa92e.com/", 23),
        ("https://" + "a" * 64 + ".com", 76),
        ("https://example.com/" + "a" * 5000, 5020),
        ("a_b.com", 7),
    ],
)
def test_weights_by_hand(text, weight):
    """One picture is 2, one URL 23, Latin 1, the rest 2; what DNS cannot hold is no URL."""
    assert weigh(text) == weight


@pytest.mark.parametrize(
    "pump",
    ["あ.-", "a.com.-.", "-.a_b.", "a(b", "あ.com中", "_a.", "t.co/(((", "http://", "👨‍", "xn--.", "a.b:"],
)
def test_the_time_is_linear(pump):
    """A hostile text costs no more than its length: 40 000 characters come back at once."""
    assert weigh(pump * (40_000 // len(pump))) > 0


def test_which_measure():
    """Posts are weighed, direct messages counted."""
    assert (X.size("漢字"), X.size("漢字", public=False)) == (4, 2)
    assert (X.limit().size, X.limit().measure, X.limit(public=False).size) == (280, "x_weighted", 10_000)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200))
def test_any_text_has_a_weight(text):
    """Never an error, never less than nothing, and URLs lie one after the other."""
    found = [place for url in find_urls(text) for place in url]
    assert weigh(text) >= 0
    assert found == sorted(found)
