"""Words in any language: which texts a query finds, and where it says that it stands."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnichannel.desk.search import Field, Query, Term, asked, excerpts, match, message_fields, words
from omnichannel.desk.search.excerpts import LENGTH
from omnichannel.errors import UsageError
from omnichannel.model import Where
from tests.desk.languages import FOUND, NOT_FOUND


def stands(query: str, text: str) -> list[str]:
    """The pieces of a text that a query marks; none if it does not stand there."""
    found = match(asked(query), [Field("text", text)])
    return [] if found is None else [text[hit.start : hit.end] for hit in found.hits]


@pytest.mark.parametrize(("text", "query", "marked"), FOUND)
def test_words_are_found_however_they_are_spelled(text: str, query: str, marked: str) -> None:
    for form in ("NFC", "NFD"):
        assert stands(unicodedata.normalize(form, query), text) != [], form
    assert stands(query, text)[0] == marked
    assert stands(query, unicodedata.normalize("NFD", text)) != []


@pytest.mark.parametrize(("text", "query"), NOT_FOUND)
def test_other_words_are_not(text: str, query: str) -> None:
    assert stands(query, text) == []


# -------------------------------------------------------------------------------------------------- queries


@pytest.mark.parametrize(
    ("typed", "wanted", "without"),
    [
        ("Parcel  arrived", [("parcel",), ("arrived",)], []),
        ('"next week" parcel', [("next", "week"), ("parcel",)], []),
        ("“next week”", [("next", "week")], []),
        ("parcel -refund", [("parcel",)], [("refund",)]),
        ('parcel -"money back"', [("parcel",)], [("money", "back")]),
        ("anna@shop.example", [("anna", "shop", "example")], []),
        ("2026-03-02", [("2026", "03", "02")], []),
        ("don't", [("don", "t")], []),
        ("same same", [("same",)], []),
        ('"unfinished phrase', [("unfinished", "phrase")], []),
        ('!!! - * ""', [], []),
        ("", [], []),
    ],
)
def test_what_is_typed_is_read(
    typed: str, wanted: list[tuple[str, ...]], without: list[tuple[str, ...]]
) -> None:
    query = asked(typed)
    assert [term.words for term in query.wanted] == wanted
    assert [term.words for term in query.without] == without
    assert not any(term.begins for term in (*query.wanted, *query.without))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("fiets*", ("fiets",)),
        ('"order num*"', ("order", "num")),
        ('"order num"*', ("order", "num")),
        ("水", ("水",)),
    ],
)
def test_a_beginning_is_asked_for_by_a_star(typed: str, said: tuple[str, ...]) -> None:
    """One character of a script without blanks begins everything that goes on with it."""
    assert asked(typed) == Query(wanted=(Term(words=said, begins=True),))


@pytest.mark.parametrize("typed", ["a*", "parcel -b*", '"order n*"', " ".join(f"word{n}" for n in range(33))])
def test_what_would_find_too_much_is_refused_with_the_cure(typed: str) -> None:
    with pytest.raises(UsageError, match="type at least 2|leave out"):
        asked(typed)


@pytest.mark.parametrize(
    "words", [(), ("",), ("two words",), ("Capital",), ('x" OR "y',), ("it's",), ("a*",)]
)
def test_a_term_is_made_of_words_as_they_are_compared(words: tuple[str, ...]) -> None:
    """What is none could mean something else to an engine."""
    with pytest.raises(ValueError, match="Term"):
        Term(words=words)


@pytest.mark.parametrize("name", ['x" OR "y', "two words", "it's", "-"])
def test_an_account_is_looked_for_by_a_name_that_it_can_have(name: str) -> None:
    with pytest.raises(ValueError, match="Where"):
        Where(account=name)
    with pytest.raises(ValueError, match="Where"):
        Where(kind=name)


# -------------------------------------------------------------------------------------------------- matching

FIELDS = [
    Field("subject", "Order 4711"),
    Field("text", "Where is it? I paid on Monday."),
    Field("file", "invoice.pdf"),
]


@pytest.mark.parametrize(
    ("query", "places"),
    [
        ("order paid invoice", {"subject", "text", "file"}),
        ("4711", {"subject"}),
        ("order -refund", {"subject"}),
        ("order -paid", None),
        ('order -"monday paid"', {"subject"}),
        ('"4711 where"', None),  # not across fields
        ("order refund", None),
        ("", set()),
    ],
)
def test_every_word_stands_somewhere(query: str, places: set[str] | None) -> None:
    found = match(asked(query), FIELDS)
    assert (None if found is None else {FIELDS[hit.field].place for hit in found.hits}) == places


def test_only_files_names_are_looked_at_where_that_is_asked() -> None:
    assert match(asked("invoice"), FIELDS, only="file") is not None
    assert match(asked("order"), FIELDS, only="file") is None


def test_better_places_and_more_of_it_count_more() -> None:
    def score(query: str, *fields: Field) -> float:
        found = match(asked(query), fields)
        assert found is not None
        return found.score

    assert score("order", Field("subject", "order")) > score("order", Field("text", "order"))
    assert score("order", Field("text", "order order")) > score("order", Field("text", "order"))
    assert score("order", Field("text", "order")) > score("order", Field("quoted", "order"))
    together, apart = [Field("text", "a bb c dd")], [Field("text", "bb"), Field("text", "dd")]
    assert score("bb dd", *together) > score("bb dd", *apart)


def test_the_parts_of_a_message_that_hold_words() -> None:
    """Each kind of part, as it is kept; what only programs read is left out."""
    content = {
        "subject": "Question",
        "sender": {"name": "nobody-looks-here"},
        "parts": [
            {"type": "text", "text": "written"},
            {"type": "text", "text": "repeated", "role": "quoted"},
            {"type": "attachment", "name": "bill.pdf", "url": "https://cdn.example/not-this"},
            {"type": "location", "name": "harbour", "latitude": 1, "longitude": 2},
            {"type": "contact", "name": "Ben", "addresses": [{"kind": "email", "scope": "", "value": "ben@x.example"}]},
            {"type": "choice", "options": [{"title": "yes", "text": "of course"}], "chosen": {"title": "tapped"}},
            {"type": "card", "title": "chair", "text": "oak", "options": [{"title": "buy"}]},
            {"type": "template", "name": "tpl-not-this", "text": "approved"},
            {"type": "reference", "title": "a post", "text": "shared", "url": "https://x.example/42"},
            {"type": "system", "what": "call", "text": "missed"},
        ],
    }  # fmt: skip
    assert message_fields(content) == [
        Field("subject", "Question"), Field("text", "written"), Field("quoted", "repeated"), Field("file", "bill.pdf"),
        Field("text", "harbour"), Field("text", "Ben"), Field("text", "ben@x.example"), Field("text", "yes"),
        Field("text", "of course"), Field("text", "tapped"), Field("text", "chair"), Field("text", "oak"),
        Field("text", "buy"), Field("text", "approved"), Field("text", "a post"), Field("text", "shared"),
        Field("text", "https://x.example/42"), Field("text", "missed"),
    ]  # fmt: skip


# -------------------------------------------------------------------------------------------------- excerpts


def shown(query: str, *fields: Field) -> list[tuple[str, list[str], bool, bool]]:
    found = match(asked(query), fields)
    assert found is not None
    return [
        (one.place, [one.text[start:end] for start, end in one.hits], one.before, one.after)
        for one in excerpts(found, fields)
    ]


def test_an_excerpt_marks_what_was_found() -> None:
    assert shown("paid monday", *FIELDS) == [("text", ["paid", "Monday"], False, False)]
    assert shown("order paid", *FIELDS) == [
        ("subject", ["Order"], False, False),
        ("text", ["paid"], False, False),
    ]
    assert shown("", *FIELDS) == [("subject", [], False, False)]


def test_of_a_long_text_the_piece_is_shown_where_most_of_it_stands() -> None:
    text = "needle " + "hay " * 500 + "a needle in it " + "hay " * 500
    field = Field("text", text)
    found = match(asked("needle it"), [field])
    assert found is not None
    (one,) = excerpts(found, [field])
    assert [one.text[start:end] for start, end in one.hits] == ["needle", "it"]
    assert (one.before, one.after) == (True, True)
    assert len(one.text) <= LENGTH + 40
    assert not one.text[0].isspace() or not one.text[-1].isalpha()


# -------------------------------------------------------------------------------------------------- properties

TEXTS = st.one_of(
    st.text(max_size=60),
    st.text(st.characters(codec="utf-8", categories=("L", "M", "N", "Zs", "P")), max_size=60),
    st.lists(st.sampled_from([said for said, _, _ in FOUND]), max_size=3).map(" ".join),
)


@given(TEXTS)
def test_whatever_was_said_is_found_by_each_word_of_it(text: str) -> None:
    """By every word as it stands there, by the whole text as a phrase, and by the beginning of each."""
    said = words(text)
    for word in said:
        assert 0 <= word.start < word.first <= word.end <= len(text)
        piece = text[word.start : word.end]
        if asked(piece.replace('"', " ").replace("*", " ").replace("-", " ")).wanted:
            assert stands(piece.replace('"', " ").replace("*", " ").replace("-", " "), text), piece
    whole = " ".join(text.split()).replace('"', " ")
    if 0 < len(said) <= 32 and "*" not in whole and "＊" not in whole and not set("“”„‟«»＂") & set(whole):
        assert stands(f'"{whole}"', text)


@given(TEXTS, TEXTS)
def test_nothing_that_is_found_lacks_a_word(one: str, other: str) -> None:
    """Told the plain way: the words of the text, as a set."""
    try:
        query = asked(other)
    except UsageError:
        return
    found = match(query, [Field("text", one)])
    there = {word.text for word in words(one)}
    for term in query.wanted:
        wanted = set(term.words[:-1]) if term.begins else set(term.words)
        if found is not None:
            assert wanted <= there
            assert not term.begins or any(word.startswith(term.words[-1]) for word in there)


@given(TEXTS)
def test_words_are_tokens_to_both_engines(text: str) -> None:
    """No blank, no quote, no control character and no sign of ASCII: what would end a token, or a query."""
    for word in words(text):
        assert word.text
        assert not any(char.isascii() and not (char.isdigit() or char.islower()) for char in word.text)
        assert len(word.text) <= 64
