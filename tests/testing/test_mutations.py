"""How bodies are damaged: really, everywhere, and never the given one."""

from __future__ import annotations

import copy
import json

from hypothesis import given, settings
from hypothesis import strategies as st

from omnichannel.channel import Call
from omnichannel.testing.mutations import at, damaged, deep, load, paths, peppered, replaced, spoiled, without
from omnichannel.testing.wording import carries, found_text, strings

JSON = st.recursive(
    st.none() | st.integers() | st.text(max_size=5),
    lambda one: st.lists(one, max_size=3) | st.dictionaries(st.text(max_size=3), one, max_size=3),
    max_leaves=8,
)


@given(JSON, st.data())
def test_a_value_is_replaced_or_left_out_where_the_way_leads(value: object, data: st.DataObject) -> None:
    ways = list(paths(value))
    before = copy.deepcopy(value)
    if ways:
        way = data.draw(st.sampled_from(ways))
        assert at(replaced(value, way, "other"), way) == "other"
        assert without(value, way) != value
    assert replaced(value, (), "all") == "all"
    assert value == before


@given(JSON)
def test_everything_can_be_spoiled(value: object) -> None:
    """Each spoiled item is another, and there are as many as are wanted, as far as there is so much in it."""
    found = list(spoiled(value, 60))
    assert len(found) <= 130
    assert bool(found) == bool(list(paths(value, deepest=5)))


def test_spoiling_is_spread_over_all_of_it() -> None:
    item = {f"k{n}": n for n in range(200)}
    missing = [
        key
        for key in item
        if any(isinstance(one, dict) and one.get(key) != item[key] for one in spoiled(item, 60))
    ]
    assert len(missing) > 40


@settings(max_examples=200)
@given(damaged((b'{"a": [1, {"b": "c"}], "d": "e"}', b"a=1&b=2", b"From: a\n\nb")))
def test_damage_is_bytes(body: bytes) -> None:
    assert isinstance(body, bytes)


def test_bodies_are_peppered_everywhere() -> None:
    found = list(peppered(b"abcdef", 12))
    assert len(set(found)) == 12
    assert any(b"\x00" in one for one in found)
    assert all(len(one) > 6 for one in found)


def test_only_what_has_an_inside_is_json() -> None:
    assert (load(b"7"), load(b"{"), load(b"[1]")) == (None, None, [1])
    assert json.dumps(deep(3)) == "[[[[]]]]"


def test_texts_are_found_in_every_kind_of_body() -> None:
    """JSON, forms, JSON in forms, multiparts, plain text; blanks do not count, and what is not there is not found."""
    form = (("content-type", "application/x-www-form-urlencoded"),)
    multipart = (("content-type", "multipart/form-data; boundary=x"),)
    parts = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n{"m": "Hello you"}\r\n--x\r\n\r\nfile\xff\r\n--x--\r\n'
    calls = [
        Call(url="https://a.example/?q=1", body=b'{"a": [{"t": "Hello you"}], "n": 7}', text="Hello you"),
        Call(url="https://a.example/", headers=form, body=b"Body=Hello+you&b=", text="Hello  you"),
        Call(
            url="https://a.example/",
            headers=form,
            body=b"m=%7B%22t%22%3A%22Hello+you%22%7D",
            text="Hello you",
        ),
        Call(url="https://a.example/", headers=multipart, body=parts, text="Hello you"),
        Call(url="https://a.example/", body=b"Say: Hello you", text="Hello you"),
    ]
    for call in calls:
        assert "Hello you" in str(found_text(call))
        assert carries([call], "Hello you")
        assert found_text(call.model_copy(update={"text": "Bye"})) is None
    assert "7" in list(strings(calls[0]))
    assert carries(calls, b"file")
    assert carries([Call(url="https://a.example/", body=b"AAEC")], b"\0\1\2")
    assert not carries(calls, b"elsewhere")
