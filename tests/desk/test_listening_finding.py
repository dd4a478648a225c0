"""What is asked in a text, with its place; and which answer answers what."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnichannel.desk import Listening, Question
from omnichannel.desk.listening import DUTCH, ENGLISH, Said, find, fold_questions, promises

BOTH = (ENGLISH, DUTCH)
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LISTENING = Listening()


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Hi Ann, where is my chair? It should be here.", ["Hi Ann, where is my chair?"]),
        ("when can you deliver it", ["when can you deliver it"]),
        ("When I opened the box, it was broken.", []),
        ("Please send me the invoice of May.", ["Please send me the invoice of May."]),
        ("I need a new key. Thanks!", ["I need a new key."]),
        ("It costs 4.50 at https://shop.example/?id=4 and that is fine.", []),
        (
            "Two things: what does the lamp cost? And can I pay later?",
            ["what does the lamp cost?", "And can I pay later?"],
        ),
        ("How are you? Thank you for the chair!", []),
        ("> where is my chair?\nIt came, thanks.", []),
        ("Wanneer komt mijn stoel? Alvast bedankt", ["Wanneer komt mijn stoel?"]),
        ("Kunt u mij de factuur sturen", ["Kunt u mij de factuur sturen"]),
        ("Ik heb een nieuwe sleutel nodig.", ["Ik heb een nieuwe sleutel nodig."]),
        ("De stoel is prachtig, bedankt!", []),
        ("Hello?", []),
        ("", []),
    ],
)
def test_what_is_asked(text: str, asked: list[str]) -> None:
    found = find(text, BOTH)
    assert [text[one.start : one.end] for one in found] == [one.text for one in found]
    assert [one.text.split(": ")[-1] for one in found] == asked


def heard(*said: tuple[str, str]) -> tuple[Question, ...]:
    """A talk: `c` says something, or `a` answers; `>` before the words that are quoted."""
    messages = [
        Said(f"m{place}", MONDAY + timedelta(minutes=place), who == "c", text)
        for place, (who, text) in enumerate(said)
    ]
    return fold_questions((), messages, LISTENING)


def left(*said: tuple[str, str]) -> list[str]:
    return [one.text for one in heard(*said) if one.open]


CHAIR, PRICE = "Where is the chair that I ordered?", "What does the lamp cost?"


def test_answered_by_words_in_common() -> None:
    assert left(("c", f"{CHAIR} {PRICE}"), ("a", "The chair was ordered on Monday and is under way.")) == [
        PRICE
    ]
    [chair, _] = heard(("c", f"{CHAIR} {PRICE}"), ("a", "The chair was ordered on Monday and is under way."))
    assert (chair.answered_by, chair.because) == ("m1", "the answer speaks of chair, ordered")


def test_answered_by_the_kind_of_answer_that_it_wants() -> None:
    assert left(("c", PRICE), ("a", "That is € 45.")) == []
    assert left(("c", "When will it come?"), ("a", "On Thursday.")) == []
    assert left(("c", "Can I pay later?"), ("a", "Yes, within thirty days.")) == []
    assert left(("c", "Please send me the invoice."), ("a", "Done, it is attached.")) == []


def test_a_quote_answers_what_it_quotes() -> None:
    assert left(("c", f"{CHAIR} {PRICE}"), ("a", f"> {CHAIR}\nIn Utrecht.")) == [PRICE]


@pytest.mark.parametrize(
    "answer",
    [
        "Thank you for your message about the chair that you ordered.",
        "We will find out where the chair is that you ordered.",
        "Which chair did you order?",
        "Good morning!",
        "Of course! Which one was it?",
        "I don't know where the chair is that you ordered.",
    ],
)
def test_what_puts_off_or_asks_back_answers_nothing(answer: str) -> None:
    assert left(("c", CHAIR), ("a", answer)) == [CHAIR]


def test_of_two_that_want_the_same_kind_of_answer_nobody_can_say_which() -> None:
    both = "When will the chair come? When will you call me?"
    assert len(left(("c", both), ("a", "On Thursday."))) == 2


def test_who_asks_again_has_one_question_and_who_needs_none_has_none() -> None:
    assert len(left(("c", CHAIR), ("c", "Hello? Where is the chair I ordered?"))) == 1
    assert left(("c", CHAIR), ("c", "Never mind, it has arrived.")) == []


def test_of_the_answered_only_the_last_stay() -> None:
    talk = [
        turn for n in range(30) for turn in (("c", f"What does lamp{n} cost?"), ("a", f"Lamp{n} is € 4."))
    ]
    found = heard(*talk, ("c", CHAIR))
    assert (len(found), found[-1].open) == (LISTENING.keep + 1, True)


TURNS = st.lists(
    st.tuples(
        st.sampled_from("ca"),
        st.lists(
            st.sampled_from(
                [CHAIR, PRICE, "Yes.", "On Monday.", "It is € 4.", "Never mind.", "The chair is ordered.", "Kan ik ruilen?",
                 f"> {PRICE}", "Ja hoor.", "Please send it.", "Done."]
            ),
            max_size=4,
        ).map(" ".join),
    ),
    max_size=12,
)  # fmt: skip


@given(TURNS, st.integers(0, 12))
def test_step_by_step_or_at_once_is_the_same(turns: list[tuple[str, str]], cut: int) -> None:
    said = [
        Said(f"m{place}", MONDAY + timedelta(minutes=place), who == "c", text)
        for place, (who, text) in enumerate(turns)
    ]
    listening = Listening(keep=2)
    whole = fold_questions((), said, listening)
    assert fold_questions(fold_questions((), said[:cut], listening), said[cut:], listening) == whole


@pytest.mark.parametrize(
    "text",
    ["." * 20_000 + "a", "ik heb " + "'" * 20_000, "ik heb " + "a' - " * 4_000, "please " * 3_000, "?" * 20_000,
     "in " + "1 " * 10_000, "> " * 10_000, "\n" * 20_000],
)  # fmt: skip
def test_a_hostile_text_is_read_as_well(text: str) -> None:
    found = heard(("c", text), ("c", CHAIR), ("a", text))
    assert found[-1].text == CHAIR
    assert list(promises(text, MONDAY.date(), BOTH)) == []


def test_a_changed_tongue_is_another_one() -> None:
    mine = ENGLISH.model_copy(update={"requests": ("give us",)})
    assert find("Give us a lamp.", [mine])
    assert not find("Give us a lamp.", [ENGLISH])
    assert not find("Please send a lamp.", [mine])


def test_a_plan_has_the_same_name_in_every_process() -> None:
    code = "from omnichannel.desk import Plan, Ratings; print(Plan(ratings=Ratings()).fingerprint)"
    names = {
        subprocess.run(
            [sys.executable, "-c", code], env=os.environ | {"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(names) == 1


@given(st.text(max_size=200))
def test_any_text_is_read_and_places_are_right(text: str) -> None:
    for one in find(text, BOTH):
        assert text[one.start : one.end] == one.text
