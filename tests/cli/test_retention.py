"""`retention`: what is old goes, or is told."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from omnichannel import Inbox
from tests.cli.conftest import Command
from tests.engines import HandClock


@pytest.fixture
def store(tmp_path: Path) -> str:
    """A store in which something happened long ago."""
    url = f"sqlite:///{tmp_path}/support.db"
    clock = HandClock()
    clock.advance(days=-1000)
    inbox = Inbox(url, clock=clock)
    with inbox.sync() as box:
        for name in ("zoe", "mia"):
            box.add_agent(name)
            box.roles.grant(name, "auditor")
            clock.advance(days=1)
    return url


def test_what_is_old_goes_and_is_told_before_and_after(tmp_path: Path, store: str, command: Command) -> None:
    file = tmp_path / "omnichannel.toml"
    file.write_text(f'store = "{store}"\n[retention]\nhappenings = "4 weeks"\n')
    dry = command("retention", "--dry-run", "--config", str(file))
    assert dry.out.splitlines()[-1] == "1 would go"  # the newest one is kept
    assert command("retention", "--config", str(file)).out.splitlines() == [
        dry.out.splitlines()[0], "1 gone",
    ]  # fmt: skip
    [row] = command("retention", "--gone", "--json", "--config", str(file)).rows
    assert (row["what"], row["count"]) == ("happenings", 1)
    assert (
        command("retention", "--config", str(file)).out.splitlines()[-1] == "1 gone"
    )  # it is the newest no more
    assert command("retention", "--config", str(file)).out == "0 gone\n"
    assert "went on" in command("retention", "--gone", "--store", store).out


def test_where_nothing_is_said_it_asks_how_long(store: str, tmp_path: Path, command: Command) -> None:
    told = command("retention", "--store", store)
    assert (told.status, "[retention]" in told.err) == (2, True)
    file = tmp_path / "omnichannel.toml"
    file.write_text('[retention]\nmessages = "a while"\n')
    told = command("retention", "--config", str(file))
    assert (told.status, "retention.messages" in told.err) == (2, True)


def test_the_file_says_it_for_accounts_and_kinds(tmp_path: Path) -> None:
    from omnichannel.config import load

    file = tmp_path / "omnichannel.toml"
    file.write_text(
        '[retention]\nmessages = "2 years"\n[retention.kinds.letter]\nmessages = "10 years"\n'
        '[retention.accounts.hotline]\ndeliveries = "30 days"\n'
    )
    rules = load(file, {}).retention
    assert rules is not None
    assert rules.length("messages", "scans", "letter") == timedelta(days=3650)
    assert rules.length("deliveries", "hotline") == timedelta(days=30)
