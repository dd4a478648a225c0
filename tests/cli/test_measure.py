"""`measure`: a text as the channel counts it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cli.conftest import Command


def test_a_text_that_fits_is_one_piece(command: Command) -> None:
    """The line end that `echo` adds is not counted; any other is."""
    assert command("measure", "telegraph", "-", stdin=b"COME HOME\n").json == {
        "measure": "chars", "size": 9, "limit": 20, "fits": True, "splits": True, "pieces": ["COME HOME"],
    }  # fmt: skip
    assert command("measure", "telegraph", "-", stdin=b"A\n\n").json["pieces"] == ["A\n"]


def test_a_text_that_is_too_long_is_split(command: Command) -> None:
    """Where the channel may; the pieces are what would be sent."""
    found = command("measure", "telegraph", "-", stdin=b"COME HOME AT ONCE. FATHER IS WELL.").json
    assert (found["size"], found["fits"]) == (34, True)
    assert found["pieces"] == ["COME HOME AT ONCE. ", "FATHER IS WELL."]


def test_a_text_that_is_too_long_and_may_not_be_split_does_not_fit(command: Command) -> None:
    """Private text has a limit, and a measure, of its own. That it does not fit is an answer, no failure."""
    ran = command("measure", "telegraph", "-", "--private", stdin="12345678€".encode())
    assert ran.json == {
        "measure": "bytes", "size": 11, "limit": 10, "fits": False, "splits": False, "pieces": [],
    }  # fmt: skip
    assert ran.status == 0


def test_what_just_fits_fits(command: Command) -> None:
    """The limit itself is within the limit."""
    assert command("measure", "telegraph", "-", "--private", stdin="1234567€".encode()).json["fits"] is True


def test_nothing_is_no_piece(command: Command) -> None:
    """An empty text, or one of blanks, is sent as nothing."""
    for size, text in ((0, b"\n"), (30, b" " * 30)):
        found = command("measure", "telegraph", "-", stdin=text).json
        assert (found["size"], found["fits"], found["pieces"]) == (size, True, [])


def test_a_file_instead_of_standard_input(command: Command, tmp_path: Path) -> None:
    """By its path."""
    (tmp_path / "a.txt").write_text("COME")
    assert command("measure", "telegraph", str(tmp_path / "a.txt")).json["size"] == 4


def test_what_is_not_utf8_is_not_counted(command: Command) -> None:
    """It says where the first wrong byte stands."""
    ran = command("measure", "telegraph", "-", stdin=b"abc\xff")
    assert (ran.status, ran.err) == (2, "omnichannel: -: not UTF-8 at byte 3\n")


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(exclude_categories=["Cs"])))
def test_the_pieces_are_the_text_and_each_fits(command: Command, text: str) -> None:
    """Nothing but blanks is lost, nothing is too long."""
    found = command("measure", "telegraph", "-", stdin=text.encode() + b"\n").json
    assert "".join("".join(found["pieces"]).split()) == "".join(text.split())
    assert all(len(piece) <= 20 for piece in found["pieces"])


@pytest.mark.parametrize(("kind", "limit"), [("messenger", 2000), ("x", 280)])
def test_our_own_channels_measure(command: Command, kind: str, limit: int) -> None:
    """One more than the limit makes two pieces."""
    found = command("measure", kind, "-", stdin=b"x" * (limit + 1)).json
    assert (found["size"], found["limit"], len(found["pieces"])) == (limit + 1, limit, 2)


def test_a_url_is_never_cut(command: Command) -> None:
    """X spares URLs, and drops the blanks at the cuts: the pieces are the posts, not only what would fit."""
    url = "https://example.com/" + "a-b/" * 60
    found = command("measure", "x", "-", stdin=f"{'word ' * 54}{url}\n".encode()).json
    assert (found["size"], len(found["pieces"])) == (293, 2)
    assert url in found["pieces"][1]
    assert [piece.strip() for piece in found["pieces"]] == found["pieces"]


def test_a_direct_message_has_the_private_limit(command: Command) -> None:
    """On X ten thousand characters."""
    found = command("measure", "x", "-", "--private", stdin=b"x" * 10_001).json
    assert (found["measure"], found["limit"], len(found["pieces"])) == ("chars", 10_000, 2)
