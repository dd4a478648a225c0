"""Every recorded body we have is read as its source says, or differs for a reason that is written down."""

from __future__ import annotations

import pytest
from bench.conform.__main__ import missed, totals
from bench.conform.whatsapp import DATA, report


@pytest.mark.skipif(not DATA.exists(), reason="the recorded bodies are not beside this repository")
def test_nothing_differs_without_a_reason() -> None:
    rows = report()
    assert {row.what for row in rows} == {"reads", "events", "asserts", "sends", "answers", "admits"}
    assert missed("whatsapp", totals("whatsapp", rows)) == []


def test_without_data_there_are_no_figures(tmp_path) -> None:
    assert report(tmp_path / "nothing") == []


def test_what_differs_is_named(tmp_path) -> None:
    """The figures can fail: a body that cannot be read, and an assert that does not hold."""
    source = tmp_path / "whatsapp" / "pywa"
    source.mkdir(parents=True)
    good = '{"messages":[{"from":"16505551234","id":"m","timestamp":"1","type":"text","text":{"body":"Hi"}}]}'
    (source / "good.json").write_text(good)
    (source / "bad.json").write_text(good.replace('"from":"16505551234",', ""))
    lambdas = (
        '["m.text is None", "m.text is not None", "not m.image", "m.unheard_of == 1", "m.sticker.animated"]'
    )
    asserts = '[{"path": "m.getFrom()", "op": "eq", "value": "1"}, {"path": "m.getEmoji()", "op": "eq", "value": "x"}]'
    expected = f'{{"lambdas": {lambdas}, "asserts": {asserts}}}'
    (source / "expected.json").write_text(f'{{"cases":{{"good.json":{{"expected":{expected}}}}}}}')
    found = {row.what: (row.met, row.of) for row in report(tmp_path / "whatsapp")}
    assert found == {"reads": (1, 2), "events": (1, 2), "asserts": (2, 6)}
