"""`trail`: who saw and did what is listed, verified and sealed."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import pytest

from omnichannel import Inbox
from omnichannel.errors import Forbidden
from tests.cli.conftest import Command

KEYED = '\n[access]\nkeys = [{ env = "TRAIL_KEY" }]\n'


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configuration with a key from the environment, and a store in which zoe looked around."""
    monkeypatch.setenv("TRAIL_KEY", "made by chance, kept elsewhere")
    file = tmp_path / "omnichannel.toml"
    file.write_text(f'store = "sqlite:///{tmp_path}/support.db"\n{KEYED}')
    asyncio.run(look_around(file))
    return file


async def look_around(file: Path) -> None:
    from omnichannel.config import load

    found = load(file)
    async with Inbox(found.store, access=found.access) as inbox:
        await inbox.add_agent("zoe")
        zoe = inbox.acting_as("zoe", because="ticket 12")
        await zoe.conversations.open()
        with pytest.raises(Forbidden):
            await zoe.identity.scrub()


def test_acts_are_listed(file: Path, command: Command) -> None:
    lines = command("trail", "--config", str(file)).out.splitlines()
    assert [line.split("  ")[1:3] for line in lines] == [
        ["zoe", "identity.scrub"],
        ["zoe", "conversations.open"],
    ]
    assert "REFUSED" in lines[0]
    assert "ticket 12" in lines[1]
    [row] = command("trail", "--config", str(file), "--refused", "--json").rows
    assert (row["method"], row["allowed"]) == ("identity.scrub", False)
    assert "nothing of that" in command("trail", "--config", str(file), "--actor", "mia").out
    assert "nothing of that" in command("trail", "--config", str(file), "--until", "2020-01-01").out
    assert command("trail", "--config", str(file), "--since", "yesterday").status == 2


def test_what_was_changed_is_told(file: Path, tmp_path: Path, command: Command) -> None:
    seal = str(tmp_path / "seal.json")
    assert command("trail", "seal", "--config", str(file)).status == 2
    assert command("trail", "seal", "--config", str(file), "--seal", seal).status == 0
    assert command("trail", "seal", "--config", str(file), "--seal", seal).status == 2
    verified = command("trail", "verify", "--config", str(file), "--seal", seal)
    assert (verified.status, "2 acts in 1 chains" in verified.out) == (0, True)
    with sqlite3.connect(tmp_path / "support.db") as database:
        database.execute("DELETE FROM acts WHERE number = 2")
    database.close()
    assert command("trail", "verify", "--config", str(file)).status == 0
    cut_off = command("trail", "verify", "--config", str(file), "--seal", seal)
    assert cut_off.status == 1
    assert "which the seal covers, is missing" in cut_off.out
    assert command("trail", "verify", "--config", str(file), "--seal", str(file)).status == 2


def test_without_a_key_of_its_own_it_says_what_that_proves(tmp_path: Path, command: Command) -> None:
    store = f"sqlite:///{tmp_path}/support.db"
    with Inbox(store).sync() as box:
        box.add_agent("zoe")
        box.acting_as("zoe").agents()
    assert "stands in the same database" in command("trail", "verify", "--store", store).out


def test_a_table_that_is_wrong_names_where(tmp_path: Path, command: Command) -> None:
    file = tmp_path / "omnichannel.toml"
    file.write_text('[access]\nperson = "boss"\n')
    told = command("trail", "--config", str(file))
    assert told.status == 2
    assert "no role is called 'boss'" in told.err
