"""What holds of every comparator, on any text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnichannel.identity.likeness.compare import (
    BORN,
    CATEGORY,
    CITY,
    COMPANY,
    DOCUMENT,
    EMAIL,
    NAME,
    PHONE,
    POSTAL,
    POSTCODE,
    SEX,
    TEXT,
    compatible,
    fold,
    prepare_name,
    says_nothing,
    sound,
    words,
)
from omnichannel.identity.likeness.compare.folding import listed

ALL = [BORN, CATEGORY, CITY, COMPANY, DOCUMENT, EMAIL, NAME, PHONE, POSTAL, POSTCODE, SEX, TEXT]
PIECES = sorted(
    listed(
        "John Smith Bob Robert Jr III van der de la bin Abdul Müller Мария 李 小龙 김 محمد O'Brien Jean-Claude J. 12 Main St Apt 3 "
        "jo@x.nl +31612345678 1987-09-26 03/04/70 Ltd GmbH & The XXX-XX-2027 n/a - , . ( ) ' x 0 1 II Maria Mario Anna Ann"
    )
)
TEXTS = st.text(max_size=30) | st.lists(st.sampled_from(PIECES), max_size=6).map(" ".join)
EVERY = pytest.mark.parametrize("comparator", ALL, ids=lambda comparator: comparator.name)


@EVERY
@given(one=TEXTS, other=TEXTS)
def test_any_two_texts_have_a_level_the_same_from_both_sides(comparator, one, other) -> None:
    first, second = comparator.prepare(one), comparator.prepare(other)
    if first is not None and second is not None:
        level = comparator.level(first, second)
        assert 0 <= level < len(comparator.levels)
        assert comparator.level(second, first) == level


@EVERY
@given(text=TEXTS)
def test_nothing_is_liker_than_the_same(comparator, text) -> None:
    """The same value is at the top, but for a name of one word and a date without a day: they say too little."""
    value = comparator.prepare(text)
    if value is None:
        return
    level = comparator.level(value, comparator.prepare(text))
    if comparator is NAME:
        assert level == (NAME.levels.index("same") if len(value.tokens) > 1 else 7)
    elif comparator is BORN:
        assert level >= 4
    elif comparator is POSTAL:
        assert level >= 2
    elif comparator is DOCUMENT:
        assert level == (2 if value.masked else 4)
    else:
        assert level == len(comparator.levels) - 1


@pytest.mark.parametrize(
    "comparator", [CITY, POSTCODE, TEXT, CATEGORY, SEX], ids=lambda comparator: comparator.name
)
@given(text=TEXTS)
def test_what_was_prepared_stays_as_it_is_when_prepared_again(comparator, text) -> None:
    value = comparator.prepare(text)
    if value is not None:
        assert comparator.prepare(value if isinstance(value, str) else value.text) == value


@given(text=TEXTS)
def test_the_words_of_a_company_and_the_number_of_a_document_stay_as_they_are(text) -> None:
    """The legal form, and that a number was masked, are no longer there to be read again."""
    company, document = COMPANY.prepare(text), DOCUMENT.prepare(text)
    if company is not None:
        again = COMPANY.prepare(company.text)
        assert again is None or set(again.words) <= set(company.words)
    if document is not None:
        shown = DOCUMENT.prepare(document.text)
        assert shown is None or shown.number == document.number


@given(text=TEXTS)
def test_the_parts_of_a_name_prepared_again_stay_as_they_are(text) -> None:
    """But for a part that alone would say nothing: the X of Malcolm X."""
    name = prepare_name(text)
    if name is None:
        return
    given, family = " ".join(name.given), " ".join(name.family)
    if not (given and says_nothing(given)) and not (family and says_nothing(family)):
        again = prepare_name(given=given, family=family, suffix=name.generation)
        if again is not None:
            assert (again.given, again.family, again.generation) == (name.given, name.family, name.generation)


@EVERY
def test_levels_have_names_of_their_own_from_differs_up(comparator) -> None:
    assert comparator.levels[0] == "differs"
    assert comparator.levels[-1] == "same"
    assert len(set(comparator.levels)) == len(comparator.levels)
    with pytest.raises(IndexError):
        comparator.words(len(comparator.levels))


@given(one=TEXTS, other=TEXTS)
def test_compatible_is_the_same_from_both_sides_and_a_name_with_itself(one, other) -> None:
    assert compatible(one, other) == compatible(other, one)
    assert compatible(one, one)


@given(st.text())
def test_folding_gives_ascii_and_folding_again_changes_nothing(text) -> None:
    assert fold(text).isascii()
    assert fold(fold(text)) == fold(text)
    assert "".join(words(text)).isalnum() or not words(text)


@given(st.from_regex("[a-z]{1,20}", fullmatch=True))
def test_a_sound_is_short_and_never_empty(word) -> None:
    assert 1 <= len(sound(word)) <= 6


@given(st.sampled_from(["n/a", "Unknown", "  ", "NULL", "-", "none", "onbekend", "'n/a'", "<none>"]))
def test_what_says_nothing(text) -> None:
    assert says_nothing(text)
    assert not says_nothing("Smith")
