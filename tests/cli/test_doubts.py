"""`doubts`: messages of which nobody knows whether they arrived are listed, asked about, and settled."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from omnichannel import Inbox
from omnichannel.cli.emulate import section
from omnichannel.config import load
from omnichannel.emulators.graph import Fault
from omnichannel.emulators.messenger import MessengerPage
from tests.cli.conftest import Command

DAY = timedelta(days=1)


@pytest.fixture
def meta() -> Iterator[MessengerPage]:
    with MessengerPage() as page:
        yield page


@pytest.fixture
def file(tmp_path: Path, meta: MessengerPage) -> Path:
    """A configuration, and two answers without an answer: Messenger took the first and not the second."""
    file = tmp_path / "omnichannel.toml"
    file.write_text(f'store = "sqlite:///{tmp_path}/support.db"\n' + section("messenger", meta.settings))
    asyncio.run(fill(file, meta))
    return file


async def fill(file: Path, meta: MessengerPage) -> None:
    meta.write("Rosa", "Hello?")
    found = load(file, {})
    async with Inbox(found.store, found.channels) as inbox:
        await inbox.import_history("messenger", meta.page.clock() - DAY)
        (talk,) = await inbox.conversations.closed()
        meta.page.faults += [Fault(status=500, taken=True), Fault(status=500)]
        await inbox.conversations.reply(talk.id, "Hello, Rosa.")
        await inbox.send()
        await inbox.conversations.reply(talk.id, "Are you\nthere? " * 8)
        await inbox.send()


def test_what_is_in_doubt_is_listed(command: Command, file: Path) -> None:
    ran = command("doubts", "--config", str(file))
    assert ran.status == 1
    first, second = ran.out.splitlines()
    assert "messenger on messenger, " in first
    assert '"Hello, Rosa."' in first
    assert '"Are you there? Are you there?' in second
    assert '…"' in second
    rows = command("doubts", "--config", str(file), "--json").rows
    assert [row["sending"]["status"] for row in rows] == ["unknown", "unknown"]
    assert rows[0]["text"] == "Hello, Rosa."
    assert rows[0]["sending"]["call"] in first


def test_asking_settles_what_the_platform_proves(command: Command, file: Path) -> None:
    ran = command("doubts", "--ask", "--config", str(file), "--json")
    assert ran.status == 1
    assert [row["text"][:7] for row in ran.rows] == ["Are you"]


def test_a_person_settles_what_nobody_can_prove(command: Command, file: Path, meta: MessengerPage) -> None:
    first, second = (
        row["sending"]["call"] for row in command("doubts", "--config", str(file), "--json").rows
    )
    settle = ("--arrived", first, "--again", second, "--actor", "Tess")
    ran = command("doubts", "--config", str(file), *settle)
    assert (ran.status, ran.out) == (0, "nothing is in doubt\n")
    again = command("doubts", "--config", str(file), "--given-up", first)
    assert again.status != 0
    assert "not in doubt any more" in again.err
    asyncio.run(send(file))
    assert meta.shown("Rosa") == ["Hello, Rosa.", "Are you\nthere? " * 8]


async def send(file: Path) -> None:
    found = load(file, {})
    async with Inbox(found.store, found.channels) as inbox:
        await inbox.send()
        assert {one.actor for one in await inbox.events() if one.what == "message.queued" and one.actor} == {
            "Tess"
        }


def test_only_accounts_can_ask(command: Command, file: Path, tmp_path: Path) -> None:
    store = f"sqlite:///{tmp_path}/support.db"
    assert command("doubts", "--store", store).status == 1
    ran = command("doubts", "--store", store, "--ask")
    assert ran.status == 2
    assert "--config FILE" in ran.err
