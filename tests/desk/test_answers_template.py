"""The little language of standard answers: what it reads, what it refuses and where, and that nothing of it leaks."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnichannel.desk.answers import Clause, Slot, Template, Words, can_fail, fill, parse, slots, wording
from omnichannel.errors import ConfigError, Unfilled
from omnichannel.model.desk import FieldValue, Money

ANN: dict[str, FieldValue] = {"customer.first_name": "Ann", "order.number": "A7", "a": "x", "b": "y"}


@pytest.mark.parametrize(
    ("template", "known", "bare"),
    [
        ("Hello.", "Hello.", "Hello."),
        ("Dear {customer.first_name|customer},", "Dear Ann,", "Dear customer,"),
        ("[Dear {customer.first_name},|Hello,]", "Dear Ann,", "Hello,"),
        ("Your order[ {order.number}] left.", "Your order A7 left.", "Your order left."),
        ("Your order [{order.number}] left.", "Your order A7 left.", "Your order left."),
        ("Hi [{customer.first_name}], welcome", "Hi Ann, welcome", "Hi, welcome"),
        ("One.\n[About {order.number}.]\nTwo.", "One.\nAbout A7.\nTwo.", "One.\nTwo."),
        ("[About {order.number}.]\nTwo.", "About A7.\nTwo.", "Two."),
        ("[{order.number}: ]see below", "A7: see below", "see below"),
        ("See [{order.number}]", "See A7", "See"),
        ("{x|{y|{order.number|nothing}}}", "A7", "nothing"),
        ("[{a}[ and {b}]|none]", "x and y", "none"),
        ("[[{a}|{x|}] |]".replace("|}", "|z}").replace(" |]", " {b}]") + "!", "x y!", "!"),
        (
            r"\{not\} a \[field\] \| but \\",
            r"{not} a [field] | but \ ".strip(),
            r"{not} a [field] | but \ ".strip(),
        ),
        ("this | that", "this | that", "this | that"),
        ("{customer.first_name:str|you}", "Ann", "you"),
    ],
)
def test_what_is_said_with_values_and_without(template: str, known: str, bare: str) -> None:
    assert fill(parse(template), ANN).text == known
    assert fill(parse(template), {}).text == bare


@pytest.mark.parametrize(
    ("template", "where", "problem"),
    [
        ("Dear {customer", "line 1, column 6", "the field customer is not closed"),
        ("a\nb {}", "line 2, column 4", "a field has no name"),
        ("{Name}", "line 1, column 2", "a field has no name"),
        ("{a.}", "line 1, column 3", "stands inside the field a"),
        ("{a:dat}", "line 1, column 4", "there is no type 'dat'; did you mean date?"),
        ("{a:}", "line 1, column 4", "a type is missing"),
        ("{a:strong}", "line 1, column 4", "there is no type 'strong'"),
        ("{a|}", "line 1, column 4", "nothing to say where a is missing"),
        ("{a| }", "line 1, column 5", "nothing to say where a is missing"),
        ("{a|b|c}", "line 1, column 5", "'|' stands inside the field a"),
        ("x}", "line 1, column 2", "'}' closes nothing"),
        ("x]", "line 1, column 2", "']' closes nothing"),
        ("[1] note", "line 1, column 1", "always said"),
        ("[{a|b}]", "line 1, column 1", "always said"),
        ("[one|{a}]", "line 1, column 1", "always said"),
        ("[{a}|one|two]", "line 1, column 1", "always said"),
        ("say [ {a} ", "line 1, column 5", "a clause is not closed"),
        ("[{a}}", "line 1, column 5", "'}' stands inside a clause"),
        ("back\\slash", "line 1, column 5", "a backslash stands before nothing"),
        ("end\\", "line 1, column 4", "a backslash stands before nothing"),
        ("[" * 9 + "{a}" + "]" * 9, "line 1, column 9", "more than 8"),
        ("x" * 20_001, "answer", "20,001 characters"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(template: str, where: str, problem: str) -> None:
    with pytest.raises(ConfigError) as raised:
        parse(template, "answer")
    assert where in raised.value.setting
    assert problem in raised.value.problem
    assert raised.value.cure


def test_every_missing_field_is_named_at_once() -> None:
    with pytest.raises(Unfilled) as raised:
        fill(parse("{one} {two|2} {three|{four}} [{five}] {one}"), {})
    assert raised.value.fields == ("one", "four")
    assert "no value for one, four" in str(raised.value)


def test_nothing_is_never_said() -> None:
    with pytest.raises(Unfilled, match="nothing is left to say"):
        fill(parse("[Hello {a}]"), {})


def test_what_had_no_value_is_told() -> None:
    assert fill(parse("{a|you}[ {b}][ {c}]"), {"c": "!"}).without == ("a", "b")


@pytest.mark.parametrize(
    ("template", "value"),
    [
        ("{x:int}", "7"), ("{x:int}", True), ("{x:int}", Decimal("7.5")), ("{x:str}", 7), ("{x:date}", "soon"),
        ("{x:date}", datetime(2026, 1, 1, tzinfo=UTC)), ("{x:datetime}", datetime(2026, 1, 1)),  # noqa: DTZ001
        ("{x:money}", Decimal(5)), ("{x:link}", "javascript:alert(1)"), ("{x:link}", "https://a b"), ("{x}", True),
        ("{x}", datetime(2026, 1, 1)),  # noqa: DTZ001
    ],
)  # fmt: skip
def test_a_value_of_another_type_is_refused_by_name(template: str, value: FieldValue) -> None:
    """Even where there is something to say instead: a wrong value is a mistake, not a gap."""
    for text in (template, f"[{template}|nothing]", template.replace("}", "|nothing}")):
        with pytest.raises(Unfilled) as raised:
            fill(parse(text), {"x": value})
        assert raised.value.fields == ("x",)


@pytest.mark.parametrize(
    ("language", "value", "said"),
    [
        ("en-GB", date(2026, 12, 24), "24 December 2026"),
        ("en", date(2026, 12, 24), "December 24, 2026"),
        ("nl", date(2026, 12, 24), "24 december 2026"),
        ("fr", datetime(2026, 12, 24, 8, 0, tzinfo=UTC), "jeudi 24 décembre 2026, 09:00"),
        ("nl", datetime(2026, 7, 1, 22, 30, tzinfo=UTC), "donderdag 2 juli 2026, 00:30"),
        ("nl", time(14, 20), "14:20"),
        ("nl", Money(amount=Decimal("1234.5"), currency="EUR"), "€ 1.234,50"),
        ("de", Money(amount=Decimal("1234.5"), currency="EUR"), "1.234,50 €"),
        ("en", Money(amount=Decimal(-3), currency="JPY"), "-¥3"),
        ("de", 1234567, "1.234.567"),
        ("nl", Decimal("0.125"), "0,125"),
    ],
)
def test_a_language_writes_values_its_own_way(language: str, value: FieldValue, said: str) -> None:
    from zoneinfo import ZoneInfo

    assert fill(parse("{x}"), {"x": value}, wording(language, ZoneInfo("Europe/Amsterdam"))).text == said


def test_a_language_that_nobody_knows_is_named() -> None:
    assert fill(parse("{x}"), {"x": "words"}, wording("xx")).text == "words"
    with pytest.raises(ConfigError, match="language 'xx'"):
        fill(parse("{x}"), {"x": 5}, wording("xx"))


def test_a_value_is_never_read_as_a_template() -> None:
    sly = "{agent.name} [x] \\{ {0.__class__} %s ${HOME}"
    assert fill(parse("Hello {a}!"), {"a": sly, "agent.name": "Judy"}).text == f"Hello {sly}!"


@pytest.mark.parametrize(
    "sly", ["Ann\nBcc: all@x.example", "Ann\u202e gro.live", "\u200bAnn\x00", "  Ann\t\r\n "]
)
def test_a_value_stays_on_its_line_and_hides_nothing(sly: str) -> None:
    said = fill(parse("Dear {a},\nyours"), {"a": sly}).text
    assert said.count("\n") == 1
    assert said.startswith("Dear Ann")
    assert not set("\u202e\u200b\x00\r\t") & set(said)


@pytest.mark.parametrize("empty", ["", "  ", "\n", "\u200b", "\u202e \x00"])
def test_a_value_that_shows_nothing_is_none(empty: str) -> None:
    assert fill(parse("Dear {a|customer}"), {"a": empty}).text == "Dear customer"


# --- for all templates ----------------------------------------------------------------------------------------

NAMES = st.sampled_from(["a", "b", "customer.first_name", "x_1.y"])
PLAIN = st.text(
    st.characters(exclude_characters="{}[]|\\", exclude_categories=["Cs"]), min_size=1, max_size=8
).filter(str.strip)


def nested(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    needed = st.builds("{0}{{{1}}}{2}".format, inner, NAMES, inner)
    return st.one_of(
        st.builds("{}{}".format, inner, inner),
        st.builds("{{{}|{}}}".format, NAMES, inner.filter(lambda text: "|" not in text)),
        st.builds("[{}]".format, needed),
        st.builds("[{}|{}]".format, needed, inner),
    )


TEMPLATES = st.recursive(st.one_of(PLAIN, NAMES.map("{{{}}}".format)), nested, max_leaves=8)
VALUES = st.dictionaries(NAMES, st.text(max_size=12), max_size=4)


def read(text: str) -> Template | ConfigError:
    try:
        return parse(text, "answer")
    except ConfigError as error:
        return error


def said(template: Template, values: dict[str, str]) -> str | Unfilled:
    try:
        return fill(template, dict(values)).text
    except Unfilled as error:
        return error


@given(TEMPLATES, VALUES)
def test_no_braces_of_a_template_ever_leave(text: str, values: dict[str, str]) -> None:
    """It is read, or refused with a place; it is said, or the fields are named: and nothing else is raised."""
    template = read(text)
    if isinstance(template, ConfigError):
        assert "line" in template.setting
        return
    outcome = said(template, values)
    if isinstance(outcome, Unfilled):
        assert set(outcome.fields) <= {slot.field for slot in slots(template)}
        return
    braces = set("{}[]|\\")
    assert not braces & set(outcome) or any(braces & set(value) for value in values.values())
    assert outcome.strip()


@given(TEMPLATES)
def test_with_every_value_everything_is_said(text: str) -> None:
    template = read(text)
    if not isinstance(template, ConfigError):
        whole = {slot.field: "v" for slot in slots(template)}
        assert fill(template, dict(whole)).without == ()


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    template = read(text)
    if isinstance(template, ConfigError):
        assert template.cure
    else:
        assert template == parse(text)


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30))
def test_what_is_escaped_is_said_as_it_is(text: str) -> None:
    escaped = "".join(f"\\{char}" if char in "{}[]|\\" else char for char in text)
    assert parse(escaped) == (Words(text),)


def test_what_can_fail() -> None:
    assert can_fail(parse("{a}"))
    assert can_fail(parse("{a|{b}}"))
    assert not can_fail(parse("{a|b}[ {c}]"))


def test_a_template_is_a_value() -> None:
    expected: Template = (Words("Hi"), Clause(((Words(" "), Slot("a", "str", None)),)))
    assert parse("Hi[ {a:str}]") == expected
