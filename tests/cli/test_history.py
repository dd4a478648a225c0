"""`history`: what was said before, brought in by one command; wrong questions are answered in one line."""

from __future__ import annotations

from pathlib import Path

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
