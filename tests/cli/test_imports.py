"""`import`: mailboxes and exports in files are brought in, counted, and told with what cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Command
from tests.imports.desks import article as of_zammad
from tests.imports.desks import chatwoot, message, zammad
from tests.imports.letters import boxed, foldered, letter, ours


@pytest.fixture
def config(tmp_path: Path) -> str:
    file = tmp_path / "omnichannel.toml"
    file.write_text(
        f'store = "sqlite:///{tmp_path}/support.db"\n'
        '[channels.mail]\nkind = "email"\naddress = "support@shop.example"\n'
    )
    return str(file)


def test_a_box_is_counted_brought_in_and_known(command: Command, tmp_path: Path, config: str) -> None:
    box = str(boxed([letter("1"), ours("2", answers="1"), "\n\x01\n"], tmp_path / "a.mbox"))
    asked = ("import", "mbox", box, "--account", "mail", "--config", config)
    dry = command(*asked, "--dry-run")
    assert dry.status == 1
    assert "would be: 3 found, 2 brought in, 0 known, 0 passed over, 1 not readable" in dry.out
    ran = command(*asked)
    assert ran.status == 1
    assert "100 %: 3 found, 2 brought in" in ran.out
    assert "cannot be read: mbox:a.mbox#" in ran.out
    assert "this is no e-mail" in command("parked", "--config", config).out
    again = command(*asked)
    assert again.status == 0
    assert "done: 3 found, 0 brought in, 3 known" in again.out


@pytest.mark.parametrize("kind", ["maildir", "chatwoot", "zammad"])
def test_every_kind_of_archive_is_brought_in(
    command: Command, tmp_path: Path, config: str, kind: str
) -> None:
    place = tmp_path / kind
    if kind == "maildir":
        foldered([letter("1")], place)
    elif kind == "chatwoot":
        chatwoot(place, [message(1)])
    else:
        zammad(place, [of_zammad(1)])
    ran = command("import", kind, str(place), "--account", "mail", "--config", config)
    assert ran.status == 0
    assert "done: 1 found, 1 brought in" in ran.out


@pytest.mark.parametrize(
    ("given", "cure"),
    [
        (["mbox", "a"], "--account ACCOUNT"),
        (["mbox", "a", "--account", "mail", "--inbox", "a=b"], "mail has one account"),
        (["mbox", "a", "--account", "post"], "no account called 'post'"),
        (["chatwoot", "a"], "--inbox INBOX=ACCOUNT"),
        (["chatwoot", "a", "--inbox", "Support"], "write the other desk's inbox and our account"),
        (["zammad", "a", "--account", "mail", "--sent"], "--sent is for mail"),
        (["maildir", "nowhere", "--account", "mail"], "is no Maildir"),
    ],
)
def test_what_is_asked_wrongly_is_told_with_the_cure(
    command: Command, config: str, given: list[str], cure: str
) -> None:
    ran = command("import", *given, "--config", config)
    assert ran.status == 2
    assert cure in ran.err


def test_a_file_that_is_not_there_is_named(command: Command, config: str) -> None:
    ran = command("import", "mbox", "nowhere.mbox", "--account", "mail", "--config", config)
    assert ran.status == 1
    assert "nowhere.mbox" in ran.err
