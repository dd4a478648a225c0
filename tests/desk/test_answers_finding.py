"""Finding the answer: by its words, and by the questions that it was good for before."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnichannel.desk.answers import Asked, Finder, Index, asked, suggest, worth, written
from omnichannel.model.desk import Answer, Use

CARD = Answer(
    name="card-arrival",
    texts={"en": ("Cards take five days.",)},
    asked=("Where is my new card?", "My card did not arrive"),
)
RATE = Answer(
    name="exchange-rate",
    texts={"en": ("We take the rate of the day[, {rate:number}].",)},
    asked=("Which exchange rate do you use?",),
)
HOURS = Answer(
    name="opening-hours",
    texts={"en": ("Open until six.",), "nl": ("Open tot zes.",)},
    about="Café and shop: when are you open",
)
ANSWERS = (CARD, RATE, HOURS)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("card", ["card-arrival"]),
        ("CARD arrival", ["card-arrival"]),
        ("exch", ["exchange-rate"]),
        ("cafe", ["opening-hours"]),
        ("tot zes", ["opening-hours"]),
        ("exchagne", ["exchange-rate"]),
        ("open card", ["opening-hours", "card-arrival"]),
        ("rate of the day", ["exchange-rate"]),
        ("zzz", []),
        ("", []),
    ],
)
def test_answers_are_found_by_their_words(typed: str, found: list[str]) -> None:
    """By their beginnings, without accents, with a slip."""
    names = [one.answer for one in Finder(ANSWERS).find(typed)]
    assert sorted(names[: len(found)]) == sorted(found)
    assert bool(names) == bool(found)


def test_where_the_words_stand_is_told() -> None:
    best = Finder(ANSWERS).find("exchange rate")[0]
    assert best.because == ("'exchange' in its name", "'rate' in its name")


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("my card still has not arrived", "card-arrival"),
        ("what exchange rates do u use??", "exchange-rate"),
        ("wher is my crad", "card-arrival"),
        ("when is the café open", "opening-hours"),
    ],
)
def test_the_first_day_has_suggestions_too(question: str, answer: str) -> None:
    found = suggest(Index(written(ANSWERS)), question)
    assert found[0].answer == answer
    assert "alike" in found[0].because[0]


def test_nothing_is_suggested_where_nothing_is_alike() -> None:
    index = Index(written(ANSWERS))
    assert suggest(index, "") == suggest(Index(), "card") == suggest(index, "¿?") == ()
    assert suggest(index, "zyx wvu") == ()


def test_only_what_is_looked_among_is_suggested() -> None:
    """An answer that left the book, or is not meant for the channel, is known from before and not suggested."""
    index = Index(written(ANSWERS))
    assert suggest(index, "where is my card", among={"opening-hours"}) == ()
    assert suggest(index, "where is my card", among={"card-arrival"})[0].answer == "card-arrival"


def use(number: int, **told: object) -> Use:
    return Use.model_validate(
        {
            "id": f"u{number}",
            "answer": "a",
            "language": "en",
            "question": "why",
            "at": datetime.now(UTC),
            **told,
        }
    )


def test_what_customers_thanked_for_counts_more_than_what_they_asked_again() -> None:
    order = [
        worth(use(1, how=how, reaction=reaction))
        for how, reaction in (
            ("as_is", "thanked"), ("as_is", ""), ("edited", "thanked"), ("edited", ""), ("as_is", "asked_again"), ("refused", ""),
        )
    ]  # fmt: skip
    assert order == sorted(order, reverse=True)
    assert asked(use(1, how="refused")) is None
    assert asked(use(1, question="  ")) is None
    good, bad = (use(1, answer="good", reaction="thanked"), use(2, answer="bad", reaction="asked_again"))
    index = Index(filter(None, map(asked, (good, bad))))
    assert [one.answer for one in suggest(index, "why")] == ["good", "bad"]


def test_reasons_quote_the_questions_and_count_the_rest() -> None:
    index = Index(Asked(str(number), "a", f"where is my parcel {number}") for number in range(5))
    assert suggest(index, "where is my parcel 3")[0].because == (
        "100% alike: 'where is my parcel 3'", "66% alike: 'where is my parcel 4'", "and 3 more like it",
    ) or suggest(index, "where is my parcel 3")[0].because[2] == "and 3 more like it"  # fmt: skip


ROWS = st.lists(
    st.builds(
        Asked,
        st.sampled_from("abcdefgh"),
        st.sampled_from(["refund", "hours"]),
        st.text(st.sampled_from("ab cde fé"), max_size=14),
        st.sampled_from([0.24, 0.4, 0.6, 1.0, 1.5]),
    ),
    max_size=10,
)


@given(
    ROWS,
    st.lists(st.sampled_from("abcdefgh"), max_size=6),
    st.text(st.sampled_from("ab cde fé"), max_size=14),
)
def test_growing_and_forgetting_is_the_same_as_starting_anew(
    rows: list[Asked], gone: list[str], question: str
) -> None:
    index = Index(rows)
    for one in gone:
        index.drop(one)
    anew = Index(index)
    assert list(anew) == list(index)
    assert anew.near(question) == index.near(question)
    assert suggest(anew, question) == suggest(index, question)
    assert len(index) == len({row.id for row in rows} - set(gone))
    for row in list(index):
        index.drop(row.id)
    assert vars(index._typical) == vars(Index()._typical)
    assert (index._known, dict(index._holders), index._size) == ({}, {}, 0)


@given(ROWS, st.text(max_size=40))
def test_likeness_is_a_share(rows: list[Asked], question: str) -> None:
    near = Index(rows).near(question)
    assert all(0 <= one.likeness <= 1 for one in near)
    assert [one.likeness for one in near] == sorted((one.likeness for one in near), reverse=True)


def test_the_same_question_is_wholly_alike() -> None:
    index = Index([Asked("1", "a", "Where is my parcel?"), Asked("2", "b", "Do you have blue lamps")])
    assert index.near("where is my PARCEL")[0].likeness == pytest.approx(1.0)
