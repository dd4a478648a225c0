"""What somebody else's channel reads, beside what LINE's own libraries and other projects expect of the same bodies."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from bench.conform.__main__ import KINDS, missed, totals
from bench.conform.line import DATA, _told, _wanted, kind, main, report, without_counterpart
from bench.conform.line_view import View
from bench.conform.rows import read

SAID = {
    "type": "message",
    "replyToken": "reply",
    "timestamp": 1462629479859,
    "source": {"type": "group", "groupId": "C1", "userId": "U1"},
    "message": {"id": "7", "type": "text", "text": "Hello"},
}
NOBODY = {**SAID, "source": {"type": "other"}}
TRIAL = {**SAID, "replyToken": "0" * 32}


def source(folder: Path, files: dict[str, object], **expected: object) -> Path:
    """A folder of data with one source, in which every file is expected to be the same."""
    place = folder / "line" / "line-bot-sdk-java"
    place.mkdir(parents=True)
    for name, body in files.items():
        (place / name).write_text(json.dumps(body), "utf-8")
    cases = {name: {"expected": expected} for name in files}
    (place / "expected.json").write_text(json.dumps({"cases": cases}), "utf-8")
    return folder / "line"


def figures(data: Path) -> dict[str, tuple[int, int]]:
    return {row.what: (row.met, row.of) for row in report(data)}


def test_the_example_is_one_of_the_reports() -> None:
    """Its class is that of the package in `examples/plugin`, installed or not."""
    assert "line" in KINDS
    assert (kind().kind, kind().__module__) == ("line", "omnichannel_line")


@pytest.mark.skipif(not DATA.exists(), reason="the recorded bodies are not beside this repository")
def test_nothing_differs_without_a_reason(capsys: pytest.CaptureFixture[str]) -> None:
    rows = report()
    assert {row.what for row in rows} == {"reads", "events", "asserts", "admits"}
    assert missed("line", totals("line", rows)) == []
    assert main() == 1, "a difference with a reason is still one"
    assert f"{sum(without_counterpart().values())} asserts have no counterpart" in capsys.readouterr().out


def test_without_data_there_are_no_figures(tmp_path: Path) -> None:
    assert report(tmp_path / "nothing") == []


def test_what_differs_is_named(tmp_path: Path) -> None:
    """The figures can fail: a body that cannot be read, and asserts that do not hold."""
    asserts = [
        {"path": "event.source().userId()", "op": "eq", "value": "U1"},
        {"path": "event.source().userId()", "op": "eq", "value": "U2"},
        {"path": "event.source()", "op": "isInstanceOf", "value": "UserSource.class"},
        {"path": "messageEvent.unheardOf()", "op": "eq", "value": 1},
    ]
    broken = {**SAID, "message": {"type": "text", "text": "Hello"}}
    data = source(
        tmp_path, {"good.json": {"events": [SAID]}, "bad.json": {"events": [broken]}}, asserts=asserts
    )
    assert figures(data) == {"reads": (1, 2), "events": (1, 2), "asserts": (1, 6)}


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ({"message": {"id": "8", "type": "text", "text": "Hello"}}, "another message"),
        ({"message": {"id": "7", "type": "text", "text": "Bye"}}, "other words"),
        ({"message": {"id": "7", "type": "image"}}, "no text"),
        ({"source": {"type": "group", "groupId": "C2", "userId": "U1"}}, "another group"),
        ({"source": {"type": "group", "groupId": "C1", "userId": "U2"}}, "another person"),
        ({"type": "unsend", "unsend": {"messageId": "7"}, "message": {}}, "not said, but taken back"),
    ],
)
def test_an_event_is_told_from_another(other: dict[str, object], why: str) -> None:
    """By its type, its id, its author, its place and its words: what is read of one does not pass for the other."""
    (event,) = read(kind(), json.dumps({"events": [SAID]}).encode())
    assert _told(View(event, SAID)) == _wanted(SAID)
    assert _told(View(event, SAID)) != _wanted({**SAID, **other}), why


def test_an_event_too_few_is_missed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An event of theirs without one of ours differs, and so does one of ours without one of theirs."""
    data = source(tmp_path, {"two.json": {"events": [SAID, SAID]}})
    whole = report(data)
    monkeypatch.setattr("bench.conform.line.listed", lambda value: iter(value["events"][:1]))
    assert [(row.what, row.met, row.of) for row in whole] == [("reads", 1, 1), ("events", 2, 2)]
    assert figures(data)["events"] == (1, 2)


def test_a_message_from_nobody_differs_for_a_reason(tmp_path: Path) -> None:
    """Others read it; with us there is nobody to answer. It counts as not met, and is no failure."""
    rows = report(source(tmp_path, {"nobody.json": {"events": [NOBODY]}}))
    assert [(row.what, row.met, row.of) for row in rows] == [("reads", 1, 1), ("events", 0, 1)]
    assert missed("line", totals("line", rows)) == []


def test_a_trial_is_no_message(tmp_path: Path) -> None:
    """As bottender has it: it drops what came with these reply tokens."""
    assert figures(source(tmp_path, {"trial.json": {"events": [TRIAL]}}))["events"] == (1, 1)


def test_the_types_of_the_tests_for_python_are_compared(tmp_path: Path) -> None:
    data = source(tmp_path, {"a.json": {"events": [SAID]}}, n_events=2, event_types=["message/image"])
    assert figures(data)["asserts"] == (0, 2)
