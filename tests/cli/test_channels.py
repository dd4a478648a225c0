"""`channels`: what is installed, and what it can carry."""

from __future__ import annotations

import sys
from pathlib import Path

from omnichannel.model import Capabilities
from tests.cli.conftest import Command
from tests.telegraph import install


def test_the_table_has_a_line_for_each_kind(command: Command) -> None:
    """With what matters for a first look."""
    ran = command("channels")
    assert (ran.status, ran.err) == (0, "")
    heading, *lines = ran.out.splitlines()
    assert heading.split() == [
        "KIND",
        "TEXT",
        "PRIVATE",
        "TEXT",
        "PUBLIC",
        "CARRIES",
        "OUT",
        "ANSWER",
        "WITHIN",
        "STATUSES",
    ]
    [line] = [line for line in lines if line.startswith("telegraph")]
    assert line.split() == [
        "telegraph",
        "20",
        "chars,",
        "splits",
        "10",
        "bytes",
        "yes",
        "text",
        "any",
        "time",
        "none",
    ]
    [line] = [line for line in lines if line.startswith("messenger")]
    assert "24 h" in line


def test_as_json_everything_is_said(command: Command) -> None:
    """The capabilities as the model reads them again, sets in order."""
    listed = {entry["kind"]: entry for entry in command("channels", "--json").json}
    can = listed["telegraph"]["can"]
    assert Capabilities.model_validate(can).text.size == 20
    outgoing = listed["messenger"]["can"]["parts_out"]
    assert outgoing == sorted(outgoing)


def test_what_cannot_be_used_is_listed_with_the_reason(command: Command, packages: Path) -> None:
    """A missing dependency is no reason to hide a channel, nor to fail."""
    install(packages, package="fax-shop", entry="fax = fax_missing:Fax", source="import nobody_has_this")
    ran = command("channels")
    assert ran.status == 0
    assert (
        ran.out.splitlines()[-1]
        == "fax needs nobody_has_this, which is not installed; pip install 'fax-shop'"
    )
    [fax] = [entry for entry in command("channels", "--json").json if entry["kind"] == "fax"]
    assert fax["problem"].endswith("pip install 'fax-shop'")


def test_without_any_channel_there_is_a_heading(command: Command, monkeypatch) -> None:
    """An installation without channels is a table without lines."""
    monkeypatch.setattr(sys, "path", [])
    assert len(command("channels").out.splitlines()) == 1
