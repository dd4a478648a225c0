"""`routes`: rules are tried on what was asked before, from a file, and a conversation says which rule takes it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from omnichannel import Inbox
from omnichannel.config import load
from tests.cli.conftest import Command
from tests.desk.room import Room
from tests.engines import HandClock
from tests.imports.desks import chatwoot, conversation, message

DESK = """
[desk]
default_team = "service"
teams = [{ name = "service" }, { name = "sales" }]
"""
RULES = """
[[desk.routes]]
name = "chairs"
when = { words = ["chair"] }
then = { team = "sales" }
"""


@pytest.fixture
def config(tmp_path: Path) -> str:
    """A store with two questions, one of them about a chair, that a desk has looked at."""
    url = f"sqlite:///{tmp_path}/support.db"
    asyncio.run(_asked(url))
    file = tmp_path / "omnichannel.toml"
    file.write_text(
        f'store = "{url}"\n[channels.mail]\nkind = "email"\naddress = "support@shop.example"\n{DESK}'
    )
    return str(file)


async def _asked(url: str) -> None:
    room = Room(url, HandClock())
    await room.hears("rosa", "Where is my chair?")
    await room.hears("ben", "Do you open on Sundays?")
    await room.close()


def test_rules_are_tried_before_they_count(command: Command, tmp_path: Path, config: str) -> None:
    rules = tmp_path / "rules.toml"
    rules.write_text('[channels.page]\nkind = "messenger"\npage_token = "${NOT_SET}"\n' + DESK + RULES)
    ran = command("routes", "try-out", "--rules", str(rules), "--config", config)
    assert ran.status == 0
    first, *rest = ran.out.splitlines()
    assert first == "2 looked at, 1 would have gone otherwise"
    assert "       1  chairs" in rest
    assert "       1  service → sales" in rest
    assert rest[-2].endswith("chairs: team: sales, was service")
    assert "chair" in rest[-1]
    none = command("routes", "try-out", "--config", config, "--until", "2026-01-01", "--json")
    assert (none.status, none.json["looked_at"]) == (0, 0)
    bare = command("routes", "try-out", "--rules", str(rules), "--store", f"sqlite:///{tmp_path}/support.db")
    assert bare.out.splitlines()[0] == first


def test_a_conversation_says_which_rule_takes_it(command: Command, tmp_path: Path, config: str) -> None:
    tried = command("routes", "try-out", "--config", config, "--rules", _with(tmp_path, RULES), "--json")
    [moved] = [one["conversation"] for one in tried.json["examples"]]
    ran = command("routes", "explain", moved, "--config", _with(tmp_path, RULES))
    assert (ran.status, ran.out) == (0, "taken by chairs\n")
    unlike = command("routes", "explain", moved, "--config", _with(tmp_path, RULES.replace("chair", "sofa")))
    assert unlike.out == "no rule takes it\n  not sofas: sofa is not in the text\n"
    assert command("routes", "explain", moved, "--json", "--config", config).json["route"] == ""


def _with(folder: Path, rules: str) -> str:
    """The same configuration with rules."""
    file = folder / "with.toml"
    file.write_text((folder / "omnichannel.toml").read_text() + rules)
    return str(file)


def test_what_is_asked_wrongly_is_told_with_the_cure(command: Command, tmp_path: Path, config: str) -> None:
    empty = tmp_path / "empty.toml"
    empty.write_text("")
    ran = command("routes", "try-out", "--rules", str(empty), "--config", config)
    assert (ran.status, "write the rules as [[desk.routes]]" in ran.err) == (2, True)
    empty.write_text(DESK + RULES.replace("sales", "nobody"))
    ran = command("routes", "try-out", "--rules", str(empty), "--config", config)
    assert (ran.status, "nobody" in ran.err) == (2, True)
    ran = command("routes", "try-out", "--until", "soon", "--config", config)
    assert (ran.status, "--until soon: no date" in ran.err) == (2, True)


def test_what_another_desk_had_open_is_on_the_desk_of_the_configuration(
    command: Command, tmp_path: Path, config: str
) -> None:
    export = chatwoot(tmp_path / "export", [message(1)], conversation(status="open"))
    assert command("import", "chatwoot", str(export), "--account", "mail", "--config", config).status == 0
    given = load(config)
    with Inbox(given.store, desk=given.desk).sync() as inbox:
        [case] = [inbox.desk.case(talk.id) for talk in inbox.conversations.open() if talk.subject == "Order"]
    assert (case.tags, case.priority) == (("order", "late"), "high")
