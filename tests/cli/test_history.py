"""`history`: what was said before, brought in by one command; wrong questions are answered in one line."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from omnichannel import Inbox
from omnichannel.cli.emulate import section
from omnichannel.config import load
from omnichannel.emulators.sms import Sms
from tests.cli.conftest import Command

CONFIG = """
store = "sqlite:///{folder}/support.db"

[channels.wire]
kind = "telegraph"
office = "main"
key = "k"
"""


def test_a_date_that_is_none_is_refused(command: Command) -> None:
    ran = command("history", "wire", "--since", "last week")
    assert ran.status == 2
    assert "2026-01-31" in ran.err


def test_a_channel_without_a_record_is_refused(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "omnichannel.toml"
    file.write_text(CONFIG.format(folder=tmp_path))
    ran = command("history", "wire", "--since", "2026-01-01", "--config", str(file))
    assert ran.status == 2, ran
    assert "keeps no record" in ran.err
    assert "omnichannel channels --json" in ran.err


def test_it_tells_how_far_it_came(command: Command, tmp_path: Path) -> None:
    """Batches that bring something, not the days on which nobody wrote, and a second time it is not said twice."""
    file, told = tmp_path / "omnichannel.toml", []
    with Sms() as twilio:
        twilio.write("Ann", "Where is my order?")
        file.write_text(f'store = "sqlite:///{tmp_path}/support.db"\n' + section("sms", twilio.settings))
        since = (datetime.now(UTC) - timedelta(days=20)).isoformat()
        for _ in range(2):
            told.append(command("history", "sms", "--since", since, "--config", str(file)))
    assert [ran.status for ran in told] == [0, 0], told
    assert told[0].out.splitlines() == [
        "messages-to: 1 delivery, 1 of them new",
        "done: 1 delivery, 1 of them new",
    ]
    with Inbox(f"sqlite:///{tmp_path}/support.db", load(file).channels).sync() as box:
        assert [one.messages for one in box.conversations.closed()] == [1]
