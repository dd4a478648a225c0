"""Every recorded body we have is read as its source says; the figures are those that `bench.conform` prints."""

from __future__ import annotations

import json

import pytest
from bench.conform.__main__ import main as conform
from bench.conform.telegram import DATA, main, report


@pytest.mark.skipif(not DATA.exists(), reason="the recorded bodies are not beside this repository")
def test_nothing_differs_but_what_has_a_reason(capsys: pytest.CaptureFixture[str]) -> None:
    """Where we differ on purpose, `telegram_differences.toml` says why."""
    assert conform(["telegram"]) == 0
    rows = [row for row in report() if row.what != "asserts"]
    assert rows
    assert all(row.met == row.of > 0 for row in rows)
    assert main() == 1
    assert capsys.readouterr().out.count("chatwoot reads no groups") == 2


def test_without_data_there_are_no_figures(tmp_path) -> None:
    assert report(tmp_path / "nothing") == []


def test_what_differs_is_named(tmp_path) -> None:
    """The figures can fail: a body that we cannot read, and expectations that do not hold."""
    source = tmp_path / "telegram" / "nutgram"
    source.mkdir(parents=True)
    good = {
        "update_id": 1,
        "message": {"message_id": 1, "chat": {"id": 5}, "date": 1772998024, "text": "Hi", "photo": [{}]},
    }
    (source / "a_text.json").write_text(json.dumps(good))
    (source / "bad.json").write_text(
        json.dumps({"update_id": 1, "message": {"chat": {"id": 5}, "message_id": None}})
    )
    kinds = {"a_text.json": {"update_kind": "photo", "update_field": "message"}}
    other = {
        "a_text.json": {"asserts": [{"path": "new TelegramEvent(text).text", "op": "toEqual", "value": "Ho"}]}
    }
    for expected in (kinds, other):
        cases = {name: {"expected": one} for name, one in expected.items()}
        (source / "expected.json").write_text(json.dumps({"cases": cases}))
        found = {row.what: (row.met, row.of) for row in report(tmp_path / "telegram")}
        assert found == {"reads": (1, 2), "events": (1, 2), "asserts": (0, 1)}
