"""Reading what arrives: within limits, raising only our own errors, whatever it is."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from omnichannel.errors import Malformed
from omnichannel.model import Address, Event, Ignored, Unreadable
from omnichannel.toolbox import (
    Json,
    guarded,
    is_object,
    items,
    load_form,
    load_json,
    need,
    number,
    obj,
    string,
)

texts = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"))
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=20,
)


@given(values)
def test_json_says_what_was_written(value: object) -> None:
    for ensure_ascii in (True, False):
        assert load_json(json.dumps(value, ensure_ascii=ensure_ascii).encode()) == value


@given(st.binary())
@example(b"")
@example(b"\xff\xfe[\x00]\x00")
def test_any_bytes_are_read_or_malformed(body: bytes) -> None:
    try:
        json.dumps(load_json(body)).encode()
    except Malformed:
        return


HOSTILE = {
    "nothing": b"",
    "cut off": b'{"a": ',
    "two values": b"1 2",
    "not UTF-8": b'"\xff"',
    "UTF-16": '{"a":1}'.encode("utf-16"),
    "NaN": b"[NaN]",
    "Infinity": b"[-Infinity]",
    "a number of 5000 digits": b"1" * 5000,
    "65 deep": b"[" * 65 + b"]" * 65,
    "300 deep": b'{"a":' * 300 + b"1" + b"}" * 300,
    "900 deep and odd": b"[" * 900 + b'"\\ud800"' + b"]" * 900,
    "100000 deep": b"[" * 100_000 + b"]" * 100_000,
    "trailing comma": b"[1,]",
    "comment": b"[1] // x",
    "single quotes": b"{'a': 1}",
    "control character": b'"\x01"',
    "a key twice": b'{"a": 1, "a": 2}',
    "a key twice, deep inside": b'[{"b": [{"a": 1, "c": 0, "a": 1}]}]',
    "a key twice, once as an escape": b'{"a": 1, "\\u0061": 2}',
    "a key twice, and a colon less elsewhere": b'{"a": 1, "a": 2, "b": "\\u003a"}',
    "a key twice, and a colon less, in capitals": b'{"a": 1, "a": 2, "b": "\\u003A"}',
    "a key twice, with what only the slow reader reads": b'{"a": 1, "a": "\\ud800"}',
    "an object twice": b'{"a": {"b": 1}, "a": {"b": 1}}',
    "more than any number": b'{"a": 1e999}',
    "less than any number": b"[-1e999]",
    "a number of 400 digits and a point": b"1" * 400 + b".0",
    "half a million lists": b"[" + b"[]," * 500_000 + b"0]",
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_json_is_malformed(body: bytes) -> None:
    """T08: never an error of Python's own."""
    with pytest.raises(Malformed):
        load_json(body)


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b'"a\\u0000b"', "a\ufffdb"),
        (b'{"\\u0000": ["\\u0000"]}', {"\ufffd": ["\ufffd"]}),
        (b'"\\ud800"', "\ufffd"),
        (b'["\\ud83d\\ude00", "\\ude00\\ud83d"]', ["😀", "\ufffd\ufffd"]),
        (b'\xef\xbb\xbf{"a": 1}', {"a": 1}),
        (b'{"a": "b:c", "d": "Infinity", "e:f": "\\u003a"}', {"a": "b:c", "d": "Infinity", "e:f": ":"}),
        (b'[{"a": 1}, {"a": 2, "b": {"a": 3}}]', [{"a": 1}, {"a": 2, "b": {"a": 3}}]),
        (b"12345678901234567890123", 12345678901234567890123),
        (b" \n[1.5e3]\t", [1500.0]),
        (b"[" * 64 + b"]" * 64, eval("[" * 64 + "]" * 64)),
    ],
)
def test_odd_json_is_read(body: bytes, value: object) -> None:
    """What no store can hold is replaced; everything else is read as it stands there."""
    assert load_json(body) == value


def test_too_many_bytes_are_not_even_looked_at() -> None:
    assert load_json(b'"' + b"x" * 10 + b'"', most=12) == "x" * 10
    with pytest.raises(Malformed, match="13 bytes.*12"):
        load_json(b'"' + b"x" * 11 + b'"', most=12)
    with pytest.raises(Malformed, match="at most 12"):
        load_form(b"x" * 13, most=12)


@pytest.mark.parametrize(
    ("body", "form"),
    [
        (b"", {}),
        (b"a=2&b=&a=2", {"a": "2", "b": ""}),
        (b"a=%00%ff+%20", {"a": "\ufffd\ufffd  "}),
        (b"\x00=\x00&b=%ed%a0%80", {"\ufffd": "\ufffd", "b": "\ufffd\ufffd\ufffd"}),
        ("é=ü".encode(), {"é": "ü"}),
        (b"a", {"a": ""}),
        (b"a;b=1", {"a;b": "1"}),
    ],
)
def test_forms_are_read(body: bytes, form: dict[str, str]) -> None:
    assert load_form(body) == form


def test_a_name_with_two_values_is_malformed() -> None:
    """T08: the signature fits both."""
    assert load_form(b"a=1&b=2&a=1") == {"a": "1", "b": "2"}
    with pytest.raises(Malformed, match="twice"):
        load_form(b"a=1&b=2&a=2")


def test_a_form_of_too_many_fields_is_malformed() -> None:
    assert len(load_form(b"&".join(b"a%d=1" % number for number in range(1000)))) == 1000
    with pytest.raises(Malformed, match="form"):
        load_form(b"&" * 1001 + b"a=1")


@given(st.binary(max_size=200))
def test_any_bytes_are_a_form_or_malformed(body: bytes) -> None:
    try:
        for key, value in load_form(body).items():
            (key + value).encode()
    except Malformed:
        return


SAMPLE = {"o": {"x": 1}, "l": [1, {"y": 2}], "s": "text", "i": 7, "f": 1.5, "b": True, "n": None, "e": ""}


@pytest.mark.parametrize("value", [SAMPLE, [], "x", 1, None, True])
@pytest.mark.parametrize("key", [*SAMPLE, "missing"])
def test_looking_something_up_never_raises(value: object, key: str) -> None:
    """Platforms leave out, null and change the type of what has no meaning."""
    inside = value.get(key) if isinstance(value, dict) else None
    assert obj(value, key) == (inside if isinstance(inside, dict) else {})  # type: ignore[arg-type]
    listed = list(items(value, key))  # type: ignore[arg-type]
    assert listed == (inside if isinstance(inside, list) else [inside] if isinstance(inside, dict) else [])
    assert string(value, key) == {"s": "text", "i": "7", "f": "1.5"}.get(key if value is SAMPLE else "", "")  # type: ignore[arg-type]
    assert is_object(value) == isinstance(value, dict)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        (7, 7.0), (1.5, 1.5), ("7", 7.0), (" 1e3 ", 1000.0), (True, None), (None, None), ("", None), ("x", None),
        ("nan", None), ("inf", None), (10**400, None), (1e18, None), (-5, -5.0), ([], None), ("9" * 400, None),
    ],
)  # fmt: skip
def test_numbers_also_when_written_as_text(given_: object, expected: float | None) -> None:
    assert number({"n": given_}, "n") == expected  # type: ignore[dict-item]


@given(st.text() | st.integers() | st.floats())
def test_a_number_is_finite_or_none(value: object) -> None:
    found = number({"n": value}, "n")  # type: ignore[dict-item]
    assert found is None or math.isfinite(found)


def test_what_is_needed_and_missing_is_named() -> None:
    assert need({"id": 7}, "id") == "7"
    for value in ({}, {"id": ""}, {"id": None}, {"id": []}, [], None):
        with pytest.raises(Malformed, match="id is missing"):
            need(value, "id")  # type: ignore[arg-type]


def _read(value: Json) -> Iterator[Event]:
    """What a careless reader does: it gives something, and only then finds out that it cannot go on."""
    yield Ignored(reason="seen")
    Address(kind=need(value, "kind"), value=need(value, "id"))
    yield Ignored(reason="well")


def test_an_item_is_read_whole_or_not_at_all() -> None:
    """One that lacks something, or holds what the model refuses, is told with its place, and nothing else of it."""
    assert guarded(_read, {"kind": "sms", "id": "1"}, "/0") == (
        Ignored(reason="seen"),
        Ignored(reason="well"),
    )
    assert guarded(_read, {"kind": "sms"}, "/1") == (Unreadable(reason="id is missing", where="/1"),)
    (long,) = guarded(_read, {"kind": "sms", "id": "1" * 10_000}, "/2")
    assert isinstance(long, Unreadable)
    assert (long.where, len(long.reason) <= 500) == ("/2", True)


def test_a_mistake_of_the_reader_is_not_hidden() -> None:
    with pytest.raises(KeyError):
        guarded(lambda item: [item["missing"]], {}, "/0")
