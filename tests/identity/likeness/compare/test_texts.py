"""Free text and categories: columns that nobody knows."""

from __future__ import annotations

import pytest

from omnichannel.identity.likeness.compare import (
    CATEGORY,
    SEX,
    TEXT,
    prepare_category,
    prepare_sex,
    prepare_text,
)

LEVELS = [
    ("Learning to Read", "learning to read!", "same"),
    ("machine learning", "learning, machine", "same words"),
    ("data base", "database", "same words"),
    ("an experimental comparison of methods", "an experimental comparision of methods", "near"),
    ("hills like white elephants", "white elephants", "half the words"),
    ("painter", "portrait painter and writer", "a little alike"),
    ("painter", "soldier", "differs"),
]


@pytest.mark.parametrize(("one", "other", "words"), LEVELS)
def test_texts(one: str, other: str, words: str) -> None:
    first, second = prepare_text(one), prepare_text(other)
    assert first
    assert second
    assert TEXT.words(TEXT.level(first, second)) == words
    assert TEXT.level(second, first) == TEXT.level(first, second)


@pytest.mark.parametrize(
    ("one", "other", "words"), [("F", "Female", "same"), ("Vrouw", "weiblich", "same"), ("m", "f", "differs")]
)
def test_sexes(one: str, other: str, words: str) -> None:
    first, second = prepare_sex(one), prepare_sex(other)
    assert first
    assert second
    assert SEX.words(SEX.level(first, second)) == words


@pytest.mark.parametrize(
    ("one", "other", "words"),
    [("NSW", "nsw", "same"), ("married", "maried", "one letter off"), ("nsw", "nsv", "differs")],
)
def test_categories(one: str, other: str, words: str) -> None:
    first, second = prepare_category(one), prepare_category(other)
    assert first
    assert second
    assert CATEGORY.words(CATEGORY.level(first, second)) == words


def test_what_says_nothing_is_none() -> None:
    for prepare in (prepare_text, prepare_category, prepare_sex):
        assert prepare("n/a") is None
        assert prepare("") is None
