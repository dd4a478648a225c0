"""`parked`: what waits for a person is listed, and can be tried once more."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from pydantic import SecretStr

from omnichannel import Delivery, Inbox, config
from omnichannel.toolbox import sign
from tests.cli.conftest import Command

OFFICE = '[channels.north]\nkind = "telegraph"\noffice = "Nes"\nkey = "k"\n'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A configuration whose store holds one delivery with a broken item."""
    path = tmp_path / "omnichannel.toml"
    path.write_text(f'store = "sqlite:///{tmp_path}/a.db"\n{OFFICE}')
    body = json.dumps({"items": [{"do": "broken"}, {"id": "1", "from": "7", "text": "HI"}]}).encode()
    signature = "sha256=" + sign(SecretStr("k"), body, form="hex")

    async def fill() -> None:
        found = config.load(path, {})
        async with Inbox(found.store, found.channels) as inbox:
            await inbox.receive("north", Delivery(headers=(("X-Telegraph-Signature", signature),), body=body))
            await inbox.work()

    asyncio.run(fill())
    return path


def test_a_store_that_is_not_there_is_not_made(command: Command, tmp_path: Path) -> None:
    """A slip of the pen must not look as if all were well."""
    ran = command("parked", "--store", f"sqlite:///{tmp_path}/slip.db")
    assert ran.status == 2
    assert "slip.db is not there" in ran.err
    assert list(tmp_path.glob("slip*")) == []


def test_what_is_parked_is_listed_with_its_reason(command: Command, file: Path) -> None:
    """And the status says that somebody has to look."""
    ran = command("parked", "--config", str(file))
    assert ran.status == 1
    assert "delivery on north" in ran.out
    assert "no clapper" in ran.out
    [row] = command("parked", "--config", str(file), "--json").rows
    assert (row["what"], row["account"]) == ("delivery", "north")
    assert row["id"] in ran.out


def test_nothing_in_another_workspace(command: Command, file: Path) -> None:
    """Which is as good a place as any without trouble."""
    ran = command("parked", "--config", str(file), "--workspace", "other")
    assert (ran.status, ran.out) == (0, "nothing is parked\n")


@pytest.mark.parametrize("how", ["id", "all"])
def test_what_is_still_broken_is_parked_again(command: Command, file: Path, how: str) -> None:
    """It is read again here and now; nothing is recorded twice."""
    [row] = command("parked", "--config", str(file), "--json").rows
    ran = command("parked", "--config", str(file), *(["--all"] if how == "all" else ["--replay", row["id"]]))
    assert ran.status == 1
    assert "no clapper" in ran.out

    async def said() -> list[int]:
        async with Inbox(config.load(file, {}).store) as inbox:
            return [conversation.messages for conversation in await inbox.conversations.open()]

    assert asyncio.run(said()) == [1]


def test_an_id_that_is_not_parked_is_an_error(command: Command, file: Path) -> None:
    """One line that names it."""
    ran = command("parked", "--config", str(file), "--replay", "nonsense")
    assert ran.status == 2
    assert "nonsense" in ran.err
