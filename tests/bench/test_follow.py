"""`python -m bench follow`, a short one: what it counts is judged here, what it times never is."""

from __future__ import annotations

import pytest
from bench.follow import ENDPOINTS, main


def test_everything_is_told_in_order_to_whoever_is_difficult(capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing lost, nothing out of order, nothing forged; what was taken and not admitted comes again."""
    assert main(["--events", "60", "--seed", "3"]) == 0
    rows = {line.split()[0]: line.split()[1:] for line in capsys.readouterr().out.splitlines() if line}
    for name in ENDPOINTS:
        delivered, attempts, _, *wrong = map(int, rows[name])
        assert (delivered, wrong) == (63, [0, 0, 0])
        assert attempts >= delivered
    assert int(rows["forgetful"][2]) > 0
