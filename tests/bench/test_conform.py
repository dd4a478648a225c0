"""The conformance command: it adds up honestly, and nothing to compare with is no success."""

from __future__ import annotations

import pytest
from bench.conform import Row, table
from bench.conform.__main__ import main, missed, required, totals, unexplained

from bench import __main__ as entrance


def test_sources_are_added_up() -> None:
    """By kind of expectation."""
    rows = [Row("a", "text", 1, 2), Row("b", "text", 3, 3), Row("b", "sender", 0, 1)]
    assert totals("x", rows) == [Row("x", "text", 4, 5), Row("x", "sender", 0, 1)]


@pytest.mark.parametrize(
    ("kind", "rows", "short"),
    [
        ("x", [Row("x", "weights", 280, 280)], []),
        ("x", [Row("x", "weights", 279, 280)], ["x: weights 279 of 280; 100% are required"]),
        ("x", [Row("x", "weights", 0, 0)], ["x: nothing was compared"]),
        ("messenger", [], ["messenger: nothing was compared"]),
    ],
)
def test_a_share_that_is_not_reached_is_named(kind: str, rows: list[Row], short: list[str]) -> None:
    """One case short of all is not all."""
    assert missed(kind, rows) == short


def test_what_is_required_must_be_compared() -> None:
    """A report that leaves out an expectation does not meet it."""
    rows = [
        Row("email", what, 98, 100) for what in ("subject", "sender", "body", "reply")
    ] + [Row("email", "attachments", 0, 9)]  # fmt: skip
    assert missed("email", rows) == ["email: never_raises nothing to compare with; 100% are required"]


def test_what_nobody_asked_for_is_only_shown() -> None:
    """It has no required share."""
    assert required("email", "attachments") is None


def test_what_is_not_met_has_a_reason() -> None:
    """Also where less than all is required, as of mail."""
    meant, other = "bounce__sisimai/lhost-exim-03.eml", "bounce__sisimai/lhost-exim-04.eml"
    rows = [Row("email", "recipients", 98, 100, (f"{meant}: found a", f"{other}: found b"))]
    assert unexplained("email", rows) == [f"email: recipients differs, and nobody says why: {other}: found b"]
    elsewhere = [Row("email", "body", 99, 100, (f"{meant}: found c",))]
    assert len(unexplained("email", elsewhere)) == 1, "a reason is for one thing of a file"
    case = "a message of which LINE does not say whose it is"
    assert unexplained("line", [Row("line", "events", 1, 2, (f"{case}: found d",))]) == []


def test_shares_are_rounded_down() -> None:
    """One of a thousand missing does not read as all."""
    assert table([Row("a", "text", 9999, 10000), Row("bb", "t", 0, 0)]).splitlines() == [
        "a   text   9999 of 10000   99.9 %",
        "bb  t         0 of     0        -",
    ]


def test_an_unknown_report_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """With the ones there are."""
    assert main(["telex"]) == 2
    assert "there are email" in capsys.readouterr().err


def test_the_entrance_knows_every_bench(capsys: pytest.CaptureFixture[str]) -> None:
    """Modules and packages alike; without a name it lists them."""
    assert {"conform", "sizes"} <= set(entrance.names())
    assert entrance.main([]) == 2
    assert "conform" in capsys.readouterr().err
    assert entrance.main(["conform", "telex"]) == 2
    assert entrance.main(["sizes"]) in (0, 1)
    assert "public names" in capsys.readouterr().out
