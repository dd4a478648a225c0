"""`report`: what was done in a time, as a table, as CSV, as JSON, and drawn."""

from __future__ import annotations

import asyncio
import csv
import io
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from tests.cli.conftest import Command
from tests.desk.room import Room
from tests.engines import HandClock

WEEK = ("--since", "2026-03-02", "--until", "2026-03-09")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A configuration with a desk, whose store holds a day's work that was not counted yet."""
    url = f"sqlite:///{tmp_path}/a.db"
    path = tmp_path / "omnichannel.toml"
    path.write_text(f'store = "{url}"\n[desk]\ndefault_team = "service"\n[[desk.teams]]\nname = "service"\n')

    async def fill() -> None:
        room = Room(url, HandClock())
        await room.hire("=Ann")
        conversation = await room.hears("rosa")
        room.clock.advance(minutes=5)
        await room.says(conversation, "=Ann")
        await room.hears("tim", on="other")
        await room.close()

    asyncio.run(fill())
    return path


def test_a_table_for_people(command: Command, file: Path) -> None:
    ran = command("report", "--config", str(file), *WEEK, "--by", "agent")
    assert ran.status == 0
    heads, *rows = [line.split() for line in ran.out.splitlines()]
    assert heads[:3] == ["agent", "received", "sent"]
    assert [row[:3] for row in rows] == [["-", "2", "0"], ["=Ann", "0", "1"], ["total", "2", "1"]]
    assert "0:05:00" in rows[1]
    assert len(command("report", "--config", str(file), *WEEK).out.splitlines()) == 2
    assert "2026-03-02 09:00" in command("report", "--config", str(file), *WEEK, "--every", "hour").out


def test_tables_and_drawings_for_others(command: Command, file: Path, tmp_path: Path) -> None:
    asked = ("report", "--config", str(file), *WEEK, "--by", "agent", "--every", "day")
    assert command(*asked, "--csv", str(tmp_path / "a.csv"), "--svg", str(tmp_path / "a.svg")).out == ""
    rows = list(csv.DictReader(io.StringIO((tmp_path / "a.csv").read_text())))
    assert [row["agent"] for row in rows[:2]] == ["", "'=Ann"]
    assert ET.parse(tmp_path / "a.svg").getroot().get("role") == "img"
    assert command(*asked, "--csv", "-").out.startswith("row,since,until,agent,received")
    assert command(*asked, "--json").json["total"]["first"]["count"] == 1


def test_without_a_desk_nothing_is_counted_and_it_says_so(command: Command, file: Path) -> None:
    store = f"sqlite:///{file.parent}/a.db"
    ran = command("report", "--store", store, *WEEK, "--json")
    assert ran.json["total"]["received"] == 0
    assert ran.err.startswith("2 conversations changed since they were counted: give --config")
    command("report", "--config", str(file), *WEEK)
    ran = command("report", "--store", store, *WEEK, "--json")
    assert (ran.json["total"]["received"], ran.err) == (2, "")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (("--since", "yesterday"), "'yesterday' is no day; write it as 2026-03-02"),
        ((*WEEK, "--figure", "sold", "--svg", "-"), "no figure is called 'sold'"),
        ((*WEEK, "--zone", "Mars"), "no time zone"),
    ],
)
def test_what_cannot_be_told_is_said(command: Command, file: Path, given: tuple[str, ...], told: str) -> None:
    ran = command("report", "--config", str(file), *given)
    assert ran.status == 2
    assert told in ran.err
