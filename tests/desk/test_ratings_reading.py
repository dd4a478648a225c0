"""What is a rating in somebody's words, and what plainly is none."""

from __future__ import annotations

import pytest

from omnichannel.desk.ratings import Ratings, Read, asks_nothing, option_of, question, read, way_of
from omnichannel.model import Choice
from omnichannel.plugins import channel_class


@pytest.mark.parametrize(
    ("text", "stars", "words", "bare"),
    [
        ("4", 4, "", True),
        ("4!", 4, "", True),
        (" 5. ", 5, "", True),
        ("4, it took a while", 4, "it took a while", True),
        ("5 thanks!", 5, "thanks", True),
        ("2\nNobody called me back.", 2, "Nobody called me back", True),
        ("vijf", 5, "", True),
        ("4 because it was quick", 4, "because it was quick", True),
        ("5 very friendly", 5, "very friendly", True),
        ("5 👍", 5, "👍", True),
        ("5 but slow", 5, "but slow", True),
        ("4 (a bit slow)", 4, "(a bit slow)", True),
        ("2 want het duurde lang", 2, "want het duurde lang", True),
        ("I'd say 4", 4, "", False),
        ("I would say a 4, he was kind", 4, "he was kind", False),
        ("4/5", 4, "", False),
        ("3 out of 5", 3, "", False),
        ("4 sterren, prima geholpen", 4, "prima geholpen", False),
        ("I'd give you a 5", 5, "", False),
        ("ik geef jullie een 2", 2, "", False),
        ("Rating: 3", 3, "", False),
        ("⭐⭐⭐⭐", 4, "", False),
        ("★★★☆☆ could be faster", 3, "could be faster", False),
        ("4️⃣", 4, "", False),
        ("STOP", None, "", False),
        ("niet meer vragen.", None, "", False),
    ],
)
def test_a_rating(text: str, stars: int | None, words: str, bare: bool) -> None:
    assert read(text) == Read(stars, words, bare)


@pytest.mark.parametrize(
    "text",
    [
        "", "6", "0", "45", "4711", "4.50", "4,50 euro", "€ 4", "4 chairs are missing", "4:30", "3-5 days",
        "2x", "4%", "1st", "#4", "4?", "1. The chair\n2. The table", "Order 4", "My order is 4",
        "5 of the chairs", "4 (four) chairs", "5 but only 4 arrived", "4 very large boxes", "4 and 5 are broken",
        "I say", "I'd say 40", "4th of May", "1 januari", "1/2", "5/2024", "⭐⭐⭐⭐⭐⭐", "Thank you!", "3 out of 50",
    ],
)  # fmt: skip
def test_no_rating(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize(
    ("kind", "with_page", "without"),
    [
        ("email", "link", "digit"),
        ("letter", "link", None),
        ("sms", "digit", "digit"),
        ("voice", "digit", "digit"),
        ("whatsapp", "buttons", "buttons"),
        ("telegram", "buttons", "buttons"),
        ("webchat", "buttons", "buttons"),
    ],
)
def test_each_channel_is_asked_on_in_its_own_way(kind: str, with_page: str, without: str | None) -> None:
    can = channel_class(kind).can
    assert way_of(can, Ratings(page="https://shop.example/hooks")) == with_page
    assert way_of(can, Ratings()) == without


def test_buttons_bring_back_which_rating_they_are_of() -> None:
    _, offered = question("buttons", Ratings(), "nl", "r-1", "")
    assert offered.type == "choice"
    chosen = Choice(chosen=offered.options[0])
    assert (option_of([chosen], "r-1"), option_of([chosen], "r-2"), option_of([offered], "r-1")) == (
        5,
        None,
        None,
    )
    assert all(len(one.value.replace("r-1", "0" * 36)) <= 64 for one in offered.options), (
        "as Telegram carries"
    )


def test_thanks_beside_it_ask_nothing() -> None:
    assert all(asks_nothing(words) for words in ("", "thanks", "heel erg bedankt!", "👍", "Great, thank you"))
    assert not any(asks_nothing(words) for words in ("thanks, but where is my refund", "it took a while"))
