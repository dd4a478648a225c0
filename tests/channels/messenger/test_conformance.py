"""Every recorded body we have is read as its source says; the figures are those that `bench.conform` prints."""

from __future__ import annotations

import pytest
from bench.conform.messenger import DATA, main, report, without_counterpart


@pytest.mark.skipif(not DATA.exists(), reason="the recorded bodies are not beside this repository")
def test_nothing_differs(capsys: pytest.CaptureFixture[str]) -> None:
    rows = report()
    assert rows
    assert [(row.source, row.what, row.differing) for row in rows if row.differing] == []
    assert all(row.met == row.of > 0 for row in rows)
    assert main() == 0
    assert f"{sum(without_counterpart().values())} asserts have no counterpart" in capsys.readouterr().out


def test_without_data_there_are_no_figures(tmp_path) -> None:
    assert report(tmp_path / "nothing") == []


def test_what_differs_is_named(tmp_path) -> None:
    """The figures can fail: a body that we cannot read, and an assert that does not hold."""
    source = tmp_path / "facebook" / "restfb"
    source.mkdir(parents=True)
    good = '{"object":"page","entry":[{"id":"1","messaging":[{"sender":{"id":"2"},"message":{"mid":"m","text":"Hi"}}]}]}'
    (source / "messaging-good.json").write_text(good)
    (source / "messaging-bad.json").write_text(good.replace('"Hi"', '["Hi"]'))
    asserts = (
        '[{"path":"item.getText()","op":"eq","value":"Ho"},{"path":"item.getMid()","op":"eq","value":"m"}]'
    )
    cases = f'{{"cases":{{"messaging-good.json":{{"expected":{{"asserts":{asserts}}}}}}}}}'
    (source / "expected.json").write_text(cases)
    found = {row.what: (row.met, row.of) for row in report(tmp_path / "facebook")}
    assert found == {"reads": (1, 2), "events": (1, 2), "asserts": (1, 2)}
