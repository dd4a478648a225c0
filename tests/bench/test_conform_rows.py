"""What the conformance reports share: what counts as read, as said by a source, and as admitted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from bench.conform import rows
from bench.conform.rows import NONE, Source

from omnichannel.channel import Delivery
from omnichannel.channels.telegram import Telegram

GOOD = b'{"update_id": 1, "message": {"message_id": 1, "chat": {"id": 5}, "date": 1, "text": "Hi"}}'


def test_a_source_is_a_folder_with_files(tmp_path: Path) -> None:
    """What it expects lies beside them; a folder without files is none."""
    (tmp_path / "b").mkdir()
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "one.json").write_text("{}")
    (tmp_path / "a" / "notes.md").write_text("no input")
    (tmp_path / "a" / "expected.json").write_text(
        '{"cases": {"one.json": {"src": "…", "expected": {"x": 1}}}}'
    )
    assert list(rows.sources(tmp_path.glob("*"))) == [
        Source("a", {"one.json": b"{}"}, {"one.json": {"x": 1}})
    ]


@pytest.mark.parametrize(
    ("body", "readable", "met"),
    [
        (GOOD, rows.is_json, 1),
        (b"not JSON at all", rows.is_json, 1),
        (b"not JSON at all", bool, 0),
        (b'{"update_id": 1, "message": {"chat": {"id": 5}}}', rows.is_json, 0),
    ],
    ids=["read", "no JSON: refused in our own words", "but it must be read", "an item that is none"],
)
def test_what_must_be_read_is_read(body: bytes, readable, met: int) -> None:
    found = rows.reads(Telegram, Source("a", {"f": body}, {}), readable)
    assert (found.what, found.met, found.of) == ("reads", met, 1)


def test_an_event_must_stand_in_the_file_and_come_of_it() -> None:
    """What is missing differs, and so does what was made up; what of ours says nothing may come of nothing."""

    def figure(wanted: list[tuple[str, ...]], made_up: bool) -> int:
        source = Source("a", {"f": GOOD}, {})
        told = rows.events(
            Telegram, source, lambda _: wanted, lambda event: (event.event,), lambda _: made_up
        )
        return told.met

    assert figure([("received",)], made_up=True) == 1
    assert figure([("received",), ("updated",)], made_up=True) == 0
    assert figure([], made_up=True) == 0
    assert figure([], made_up=False) == 1


def test_what_has_no_counterpart_is_counted_apart() -> None:
    """By accessor, over all files; it is neither met nor missed. An expectation without its file is not judged."""

    def judge(name, body, expected):
        for one in rows.listed(expected):
            yield f"{name} {one['path']}", rows.problem("eq", 1, NONE if one["path"] == "price" else 1)

    asserts = {"asserts": [{"path": "price"}], "cases": [{"asserts": [{"path": "text"}]}, {}]}
    source = Source("a", {"f": b"", "g": b""}, {"f": asserts, "g": asserts, "h": asserts})
    (row,) = rows.asserts(source, judge)
    assert (row.met, row.of) == (2, 2)
    assert rows.without_counterpart([source], judge) == {"a: price": 2}


@pytest.mark.parametrize(
    ("op", "expected", "found", "same"),
    [
        ("isTrue", None, 1, False),
        ("is_false", None, False, True),
        ("isNull", None, "", False),
        ("not.toBeNull", None, "", True),
        ("size", 2, [1, 2], True),
        ("endsWith", "b", "ab", True),
        ("toContain", "b", ["a"], False),
        ("eq", 5, "5", True),
        ("eq", True, 1, False),
        ("toEqual", {"a": 1, "b": 2}, {"a": 1}, True),
        ("toEqual", {"a": 1}, {"a": 1, "b": 2}, False),
        ("toEqual", [1, 2], [1], False),
        ("toEqual", None, "", False),
    ],
)
def test_an_assert_holds_as_its_framework_means_it(
    op: str, expected: object, found: object, same: bool
) -> None:
    """But for ids, which are text with us, and for fields that we do not keep."""
    assert rows.agrees(op, expected, found) is same
    assert rows.problem(op, expected, found) == ("" if same else f"{op} {expected!r}, found {found!r}")


def test_a_signature_must_be_judged_as_its_source_says(tmp_path: Path) -> None:
    vectors = [{"name": "a", "valid": True}, {"valid": False}, {"valid": True}]
    (tmp_path / "vectors.json").write_text(json.dumps(vectors))
    (tmp_path / "expected.json").write_text('{"cases": {}}')
    (row,) = rows.signatures(tmp_path, lambda vector: "name" not in vector)
    assert (row.what, row.met, row.of) == ("admits", 1, 3)
    assert row.differing == ("vectors.json 0: a", "vectors.json 1: judged otherwise")
    assert list(rows.signatures(tmp_path / "nothing", lambda _: True)) == []


def test_a_secret_that_is_none_admits_nothing() -> None:
    assert not rows.admits(Telegram, "", Delivery(body=GOOD))


def test_the_exit_status_tells_whether_anything_differs(capsys: pytest.CaptureFixture[str]) -> None:
    good, bad = rows.row("a", "reads", [("f", "")]), rows.row("a", "reads", [("f", "broken")])
    assert rows.show([good], Path("data"), {"a: price": 2}) == 0
    assert rows.show([good, bad], Path("data")) == 1
    assert rows.show([], Path("data")) == 0
    printed = capsys.readouterr().out
    assert "2 asserts have no counterpart" in printed
    assert "a reads: f: broken" in printed
    assert "no data under data" in printed
