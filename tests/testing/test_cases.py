"""Case files: what they may hold, and that they mean exactly what they say."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnichannel.channel import Call, Delivery, Response
from omnichannel.testing.cases import BadCase, check_case, load, load_all
from omnichannel.testing.failing import Broken
from omnichannel.testing.record import laid_out, record
from omnichannel.testing.shapes import call_of, delivery_of, response_of, told_call
from tests.testing.given import RECEIVE, messenger, written


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("receive-a", {}, "lacks delivery"),
        ("receive-a", RECEIVE | {"calls": []}, "cannot use calls"),
        ("receive-a", RECEIVE | {"why": " "}, "why is empty"),
        ("receive-a", {"delivery": []}, "delivery is not an object"),
        ("receive-a", {"delivery": {"json": 1, "text": "a"}}, "a body is written in one way"),
        ("receive-a", {"delivery": {"text": 1}}, "text is a text"),
        ("receive-a", {"delivery": {"flavour": "sweet"}}, "Extra inputs are not permitted"),
        ("send-a", {"draft": {"id": "d"}}, "Field required"),
        ("send-a", {"draft": {}, "raises": "KeyError"}, "raises is one of"),
        ("response-a", {"response": {"status": "many"}}, "valid integer"),
        ("recieve-a", RECEIVE, "a case is called receive-, send- or response-"),
    ],
)
def test_a_case_that_cannot_be_used_is_refused_by_name(
    tmp_path: Path, name: str, data: dict, says: str
) -> None:
    path = written(tmp_path, name, **data)
    with pytest.raises(BadCase, match=says) as caught:
        load(path)
    assert name in str(caught.value)


@pytest.mark.parametrize("text", ["", "[]", "{", '"receive"'])
def test_a_file_that_is_no_object_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "receive-a.json").write_text(text)
    with pytest.raises(BadCase, match="receive-a"):
        load_all(tmp_path)


@pytest.mark.parametrize(
    ("name", "data"), [("receive-a", RECEIVE), ("response-a", {"response": {"status": 200}})]
)
def test_what_was_not_recorded_says_how_to(tmp_path: Path, name: str, data: dict) -> None:
    case = load(written(tmp_path, name, **data))
    with pytest.raises(BadCase, match="omnichannel.testing record"):
        check_case(case, messenger().channel())


BODIES = [b"", b"{}", b'{"a": [1, "\\ud800"]}', b"plain", "é".encode(), b"\xff\x00", b"7"]


@pytest.mark.parametrize("body", BODIES)
def test_bodies_stand_in_the_first_form_that_holds_them(body: bytes) -> None:
    """And come back: JSON as the same JSON, everything else as the same bytes."""
    told = told_call(Call(url="https://a.example/", body=body))
    again = call_of(told).body
    assert again == body or json.loads(again) == json.loads(body)


@given(st.binary(max_size=40), st.text(max_size=8), st.booleans())
def test_calls_come_back_from_files(body: bytes, text: str, prepares: bool) -> None:
    call = Call(
        method="PUT", url="https://a.example/", headers=(("a", "1"), ("a", "2")), body=body,
        correlator="c", chain="/a", prepares=prepares, text=text,
    )  # fmt: skip
    again = call_of(json.loads(json.dumps(told_call(call))))
    assert again.model_copy(update={"body": body}) == call


def test_deliveries_and_responses_are_as_written() -> None:
    assert delivery_of(
        {"method": "GET", "headers": {"A": "b"}, "base64": base64.b64encode(b"\0").decode()}
    ) == Delivery(method="GET", headers=(("A", "b"),), body=b"\0")
    assert response_of({"status": 200, "headers": [["A", "1"], ["A", "2"]], "text": "é"}) == Response(
        status=200, headers=(("A", "1"), ("A", "2")), body="é".encode()
    )


def test_recording_fills_in_and_tells_what_changed(tmp_path: Path) -> None:
    """Recorded again it is as it was; a wrong expectation becomes the right one."""
    subject = messenger()
    for name in ("receive-text", "send-text", "send-late", "response-sent"):
        source = next(case for case in subject.cases if case.name == name)
        known = dict(source.data)
        path = written(
            tmp_path,
            name,
            **{
                key: value
                for key, value in known.items()
                if key not in ("events", "calls", "raises", "receipt")
            },
        )
        assert "+" in record(path, subject.channel())
        assert record(path, subject.channel()) == ""
        assert json.loads(path.read_text()) == known | {"why": known["why"], "source": known["source"]}
        check_case(load(path), subject.channel())


@pytest.mark.parametrize(
    ("name", "key", "wrong", "says"),
    [
        ("receive-text", "events", [], "the delivery means something else"),
        ("receive-text", "events", [{"event": "moved"}], "its events cannot be read"),
        ("send-text", "calls", [], "the draft becomes something else"),
        ("send-text", "calls", [{"body": 1}], "its calls cannot be read"),
        ("response-sent", "receipt", {"outcome": "unknown"}, "the answer means something else"),
        ("response-sent", "receipt", {"outcome": "lost"}, "its receipt cannot be read"),
    ],
)
def test_a_case_that_says_something_else_is_broken(
    tmp_path: Path, name: str, key: str, wrong: object, says: str
) -> None:
    source = next(case for case in messenger().cases if case.name == name)
    case = load(written(tmp_path, name, **(dict(source.data) | {key: wrong})))
    with pytest.raises(Broken, match=f"{name}: {says}"):
        check_case(case, messenger().channel())


@pytest.mark.parametrize(
    ("name", "raises", "says"),
    [("send-text", "TooLarge", "becomes 1 calls"), ("send-late", "TooLarge", "raises WindowClosed")],
)
def test_what_should_raise_has_to_raise_that(tmp_path: Path, name: str, raises: str, says: str) -> None:
    source = next(case for case in messenger().cases if case.name == name)
    data = {key: value for key, value in source.data.items() if key != "calls"} | {"raises": raises}
    with pytest.raises(Broken, match=says):
        check_case(load(written(tmp_path, name, **data)), messenger().channel())


@given(st.recursive(st.none() | st.booleans() | st.text(max_size=60), lambda one: st.lists(one, max_size=4) | st.dictionaries(st.text(max_size=9), one, max_size=4)))  # fmt: skip
def test_files_are_laid_out_for_people_and_are_the_same_json(value: object) -> None:
    text = laid_out(value)
    assert json.loads(text) == value
