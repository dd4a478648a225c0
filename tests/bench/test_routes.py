"""`python -m bench routes`: rules tried out count what one statement by hand counts."""

from __future__ import annotations

import pytest

from bench import routes


def test_both_count_the_same_and_the_table_says_what_it_cost(capsys: pytest.CaptureFixture[str]) -> None:
    assert routes.main(["--messages", "400", "--rounds", "1", "--engine", "sqlite"]) in (0, 1)
    row = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("sqlite"))
    assert row.split()[1:3] == ["400", "20"]


def test_another_count_is_not_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes other conversations than it should would be fast for nothing."""
    monkeypatch.setattr(routes, "by_hand", lambda say: {"": 20})
    with pytest.raises(AssertionError):
        routes.main(["--messages", "400", "--rounds", "1", "--engine", "sqlite"])
