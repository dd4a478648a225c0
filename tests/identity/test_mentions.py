"""What people type of their addresses in a chat: read carefully, believed by nobody."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnichannel.identity import mentioned, normalise

MENTIONS = {
    "mail me at Jo.Smit+x@Shop.NL.": ["email::jo.smit+x@shop.nl"],
    "(jo@shop.nl)": ["email::jo@shop.nl"],
    "jo@shop.nl, or ann@a.b.example!": ["email::jo@shop.nl", "email::ann@a.b.example"],
    "jo@shop.nl jo@SHOP.nl": ["email::jo@shop.nl"],
    "call +31 6 1234 5678 please": ["phone::+31612345678"],
    "+31(0)612345678, jo@x.nl": ["email::jo@x.nl", "phone::+31612345678"],
    "call 06 12345678": [],
    "order +1": [],
    "jo@shop": [],
    "@jo and jo@": [],
    "a@b@c.nl": [],
    "user@host.nl@evil.example": [],
    "+٣١٦١٢٣٤٥٦٧٨": [],
    "jo@x-.nl jo@-x.nl jo@x..nl": [],
    "": [],
}


@pytest.mark.parametrize(("text", "expected"), MENTIONS.items())
def test_what_is_mentioned(text: str, expected: list[str]) -> None:
    assert [str(address) for address in mentioned(text)] == expected


def test_at_most_five_near_the_beginning() -> None:
    many = " ".join(f"jo{n}@x.nl" for n in range(50))
    assert len(mentioned(many)) == 5
    assert mentioned("x" * 4000 + " jo@x.nl") == []


@given(st.text() | st.from_regex(r"[a-z.@+0-9() -]{0,60}", fullmatch=True))
def test_everything_found_is_in_its_one_spelling(text: str) -> None:
    for address in mentioned(text):
        assert normalise(address.kind, address.value) == address
