"""Every room of a channel is pure, and the contract on imports says so, unless it owns a wire."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

# What waits, dials, or holds what is dialled with.
WIRES = {
    "email": {"imap", "imap_session", "link", "settings", "smtp"},
    "messenger": {"link", "profile"},
    "x": {"access", "account", "link", "poll"},
}


@pytest.mark.parametrize("channel", sorted(WIRES))
def test_a_new_room_of_a_channel_is_pure_or_named_here(channel: str) -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    (pure,) = (contract for contract in contracts if contract["type"] == "forbidden")
    start = f"omnichannel.channels.{channel}."
    listed = {name.removeprefix(start) for name in pure["source_modules"] if name.startswith(start)}
    rooms = {file.stem for file in (ROOT / "src/omnichannel/channels" / channel).glob("*.py")} - {"__init__"}
    assert listed | WIRES[channel] == rooms
    assert not listed & WIRES[channel]
