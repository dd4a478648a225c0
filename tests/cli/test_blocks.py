"""`blocks`: whom nobody listens to is listed with what was held back; somebody is blocked, and heard again."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import SecretStr

from omnichannel import Delivery, Inbox, config
from omnichannel.toolbox import sign
from tests.cli.conftest import Command, Ran

OFFICE = '[channels.north]\nkind = "telegraph"\noffice = "Nes"\nkey = "k"\n'
DESK = '[desk]\ndefault_team = "service"\nteams = [{ name = "service" }]\n'
WHY = ("--reason", "threats", "--actor", "Ann")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A configuration with a desk, and one telegram."""
    path = tmp_path / "omnichannel.toml"
    path.write_text(f'store = "sqlite:///{tmp_path}/a.db"\n{OFFICE}{DESK}')
    wires(path, "HELLO")
    return path


@pytest.fixture
def blocks(command: Command, file: Path) -> Callable[..., Ran]:
    return lambda verb, *more: command("blocks", verb, *more, "--config", str(file))


def wires(file: Path, *texts: str, who: str = "7") -> list[str]:
    """Somebody sends telegrams; everything that was ever heard."""

    async def work() -> list[str]:
        found = config.load(file, {})
        async with Inbox(found.store, found.channels, desk=found.desk) as inbox:
            for text in texts:
                body = json.dumps({"items": [{"id": text, "from": who, "text": text}]}).encode()
                signature = "sha256=" + sign(SecretStr("k"), body, form="hex")
                headers = (("X-Telegraph-Signature", signature),)
                await inbox.receive("north", Delivery(headers=headers, body=body))
            await inbox.work()
            every = [*await inbox.conversations.open(), *await inbox.conversations.closed()]
            said = [await inbox.conversations.messages(one.id) for one in every]
            return [message.text for messages in said for message in messages]

    return asyncio.run(work())


def conversation(file: Path) -> str:
    async def first() -> str:
        async with Inbox(config.load(file, {}).store) as inbox:
            return (await inbox.conversations.open())[0].id

    return asyncio.run(first())


def test_somebody_is_blocked_shown_and_heard_again(blocks: Callable[..., Ran], file: Path) -> None:
    assert blocks("list").out == "nobody\n"
    added = blocks("add", "--conversation", conversation(file), *WHY, "--until", "2126-01-31")
    assert (added.status, added.err) == (0, "")
    assert (
        "telegraph:here:7  " in added.out
    )  # who it was: somebody else may have written since it was looked at
    assert 'to 2126-01-31 00:00, 0 held back: "threats"' in added.out
    assert wires(file, "ONE", "TWO") == ["HELLO"]
    [row] = blocks("list", "--json").rows
    assert (row["held_back"], row["actor"], row["reason"]) == (2, "Ann", "threats")
    assert blocks("list").out.startswith(f"{row['id']}  telegraph:here:7  ")
    shown = blocks("show", row["id"])
    assert [line.split("  ", 1)[1] for line in shown.out.splitlines()] == [
        'telegraph:here:7 on north: "ONE"',
        'telegraph:here:7 on north: "TWO"',
    ]
    [first] = blocks("show", row["id"], "--most", "1", "--json").rows
    assert (first["text"], first["account"]) == ("ONE", "north")
    assert wires(file) == ["HELLO"]  # it was only looked at
    lifted = blocks("lift", row["id"], "--actor", "Ben")
    assert (lifted.status, "lifted" in lifted.out) == (0, True)
    assert wires(file) == ["HELLO", "ONE", "TWO"]
    assert blocks("list").out == "nobody\n"
    [row] = blocks("list", "--lifted", "--json").rows
    assert (row["lifted_by"], row["held_back"]) == ("Ben", 0)
    assert blocks("show", row["id"]).out == "nothing that can be shown is held back\n"


def test_what_was_held_back_can_stay_aside(blocks: Callable[..., Ran], file: Path) -> None:
    block = blocks("add", "--address", "telegraph:here:7", *WHY, "--json").json
    wires(file, "ONE")
    blocks("lift", block["id"], "--leave-aside")
    assert wires(file, "TWO") == ["HELLO", "TWO"]
    blocks("lift", block["id"])
    assert wires(file) == ["HELLO", "TWO", "ONE"]


def test_a_domain_is_blocked_whole_or_where_nobody_is_proven(blocks: Callable[..., Ran]) -> None:
    assert "spam.example  " in blocks("add", "--domain", "@spam.example", *WHY).out
    assert "shop.example (unproven)  " in blocks("add", "--domain", "shop.example", "--unproven", *WHY).out
    assert len(blocks("list").out.splitlines()) == 2


def test_what_a_stranger_wrote_is_harmless_on_a_terminal(blocks: Callable[..., Ran], file: Path) -> None:
    block = blocks("add", "--address", "telegraph:here:7", *WHY, "--json").json
    wires(file, "\x1b]0;owned\x07 \u202e STOP")
    shown = blocks("show", block["id"]).out
    assert "STOP" in shown
    assert not {"\x1b", "\x07", "\u202e"} & set(shown)


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (["add", "--address", "seven", *WHY], "an address is written kind:scope:value"),
        (["add", "--address", "telegraph:here:7", "--unproven", *WHY], "email:unproven:anna@shop.example"),
        (["add", "--domain", "gmail", *WHY], "is no domain"),
        (["add", "--domain", "a.example", "--address", "a:b:c", *WHY], "not allowed with"),
        (["add", "--domain", "a.example", *WHY, "--until", "soon"], "--until soon: no date"),
        (["add", "--domain", "a.example", *WHY, "--until", "2020-01-01"], "is over"),
        (["add", *WHY], "one of the arguments"),
        (["add", "--domain", "a.example", "--reason", " "], "say why"),
        (["lift", "nine"], "no block 'nine'"),
    ],
)
def test_what_was_asked_wrongly_says_why(blocks: Callable[..., Ran], argv: list[str], says: str) -> None:
    ran = blocks(*argv)
    assert (ran.status, ran.out) == (2, "")
    assert says in ran.err


def test_without_a_plan_one_can_look_and_change_nothing(command: Command, file: Path) -> None:
    """Who blocks takes the desk, which is kept with its plan."""
    store = ("--store", f"sqlite:///{file.parent}/a.db")
    assert command("blocks", "list", *store).out == "nobody\n"
    ran = command("blocks", "add", "--domain", "a.example", *WHY, *store)
    assert (ran.status, "no plan for a desk" in ran.err) == (2, True)
