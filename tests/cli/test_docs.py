"""The pages about the command and the configuration say what is so: their transcripts are run."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from omnichannel.cli import COMMANDS

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "cli.md"


def sessions() -> list[tuple[str, str]]:
    """Every transcript of the page: a command, and what it printed."""
    found = []
    for block in re.findall(r"```console\n(.*?)```", PAGE.read_text(), re.DOTALL):
        for session in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, printed = session.partition("\n")
            found.append((command, printed))
    return found


@pytest.mark.skipif(not shutil.which("openssl"), reason="a transcript signs with openssl")
def test_the_transcripts_of_the_page_are_what_happens(tmp_path: Path) -> None:
    """In their order, each in a shell, in the repository."""
    environ = {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "DATABASE_PASSWORD": "p", "MAIL_PASSWORD": "p", "PAGE_TOKEN": "p", "APP_SECRET": "p", "APP_SECRET_BEFORE": "p",
    }  # fmt: skip
    assert sessions()
    for command, printed in sessions():
        own = command.replace("/tmp/", f"{tmp_path}/")
        ran = subprocess.run(
            own, shell=True, cwd=ROOT, env=environ, capture_output=True, check=False, text=True
        )
        assert (ran.stdout, ran.stderr) == (printed, ""), command


def test_the_file_of_the_page_is_the_one_beside_it() -> None:
    """The configuration that is shown is the one that the examples load."""
    shown = (ROOT / "docs" / "reference" / "configuration.md").read_text()
    assert (ROOT / "docs" / "reference" / "omnichannel.toml").read_text() in shown


def test_the_page_has_every_command_in_its_table_and_a_section_of_its_own() -> None:
    page = PAGE.read_text()
    assert sorted(re.findall(r"^\| \[`([a-z]+)`\]\(#", page, re.MULTILINE)) == sorted(COMMANDS)
    assert set(COMMANDS) <= set(re.findall(r"^## ([a-z]+)$", page, re.MULTILINE))
