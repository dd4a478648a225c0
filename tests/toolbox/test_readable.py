"""What a channel cannot show is said in words, and nothing is dropped."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnichannel.model import (
    Address,
    Attachment,
    Capabilities,
    Card,
    Choice,
    ContactCard,
    Location,
    Option,
    Part,
    Reference,
    Template,
    Text,
    TextLimit,
)
from omnichannel.toolbox.readable import in_words, readable

WORDS_ONLY = Capabilities(text=TextLimit(size=100))
GREEN, BLUE = (
    Option(title="Green", value="g"),
    Option(title="Blue", url="https://shop.example/b", text="sold out"),
)

SAID: list[tuple[Part, str]] = [
    (Choice(options=(GREEN, BLUE)), "1. Green\n2. Blue – sold out – https://shop.example/b"),
    (
        Card(title="Lamp", text="Oak, 40 W", image="https://shop.example/l.png", options=(GREEN,)),
        "Lamp\nOak, 40 W\nhttps://shop.example/l.png\n1. Green",
    ),
    (
        Location(latitude=52.09, longitude=-5.12, name="Shop"),
        "Shop\nhttps://www.openstreetmap.org/?mlat=52.090000&mlon=-5.120000",
    ),
    (
        ContactCard(name="Ann", addresses=(Address(kind="phone", value="+31201234567"),)),
        "Ann\n+31201234567",
    ),
    (Reference(title="Returns", url="https://shop.example/r"), "Returns\nhttps://shop.example/r"),
    (Template(name="late", text="Your parcel is late."), "Your parcel is late."),
    (
        Attachment(name="manual.pdf", url="https://shop.example/m.pdf"),
        "manual.pdf\nhttps://shop.example/m.pdf",
    ),
]


@pytest.mark.parametrize(("part", "words"), SAID, ids=[part.type for part, _ in SAID])
def test_each_part_has_words(part: Part, words: str) -> None:
    """Where it cannot be shown it is said, at its place, and the change is told."""
    parts, changed = readable((Text(text="before"), part, Text(text="after")), WORDS_ONLY)
    assert [one.text for one in parts if one.type == "text"] == ["before", words, "after"]
    assert changed == (f"{'an' if part.type == 'attachment' else 'a'} {part.type} is shown as text",)


@pytest.mark.parametrize(("part", "_words"), SAID, ids=[part.type for part, _ in SAID])
def test_what_a_channel_shows_is_left_to_it(part: Part, _words: str) -> None:
    can = Capabilities(text=TextLimit(size=100), parts_out=frozenset({"text", part.type}))
    assert readable((part,), can) == ((part,), ())


@pytest.mark.parametrize(
    "part", [Attachment(name="a.txt", content=b"x"), Template(name="late"), Attachment(name="gone.txt")]
)
def test_what_has_no_words_stays_so_that_the_channel_refuses_it(part: Part) -> None:
    assert readable((part,), WORDS_ONLY) == ((part,), ())


def test_more_options_than_are_shown_become_a_list() -> None:
    """Cutting the list would take options away from the customer."""
    can = Capabilities(text=TextLimit(size=100), parts_out=frozenset({"text", "choice"}), max_options=2)
    choice = Choice(options=(GREEN, BLUE, Option(title="Red")))
    parts, changed = readable((choice,), can)
    assert parts == (Text(text=in_words(choice)),)
    assert changed


@given(st.lists(st.sampled_from([part for part, _ in SAID]), max_size=5))
def test_doing_it_twice_changes_nothing_more(parts: list[Part]) -> None:
    once, _ = readable(parts, WORDS_ONLY)
    assert readable(once, WORDS_ONLY) == (once, ())


def test_what_is_shown_in_private_alone_is_words_in_public() -> None:
    """A comment on Instagram has no buttons, a message there has."""
    choice = Choice(options=(GREEN,))
    can = Capabilities(
        text=TextLimit(size=100),
        public=True,
        parts_out=frozenset({"text", "choice"}),
        public_parts_out=frozenset({"text"}),
        max_options=2,
    )
    assert readable((choice,), can) == ((choice,), ())
    assert readable((choice,), can, public=True) == ((Text(text="1. Green"),), ("a choice is shown as text",))
