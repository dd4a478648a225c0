"""An import whose process is killed in the middle (SIGKILL): the next one goes on, and the store is the same."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from bench.imports import child
from bench.imports.whole import Told, whole

from tests.imports.letters import boxed, letter, ours


def start(url: str, box: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "bench.imports.child", url, str(box)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def finished(url: str, box: Path) -> list[str]:
    """What an import that nobody kills says at its end: mails found, messages written."""
    process = start(url, box)
    out, _ = process.communicate()
    assert process.returncode == 0
    return out.splitlines()[-1].split()[1:3]


async def look(url: str) -> Told:
    async with child.inbox(url) as inbox:
        return await whole(inbox)


@pytest.mark.parametrize("pieces", [1, 3])
async def test_a_killed_import_goes_on_behind_its_last_commit(disk: Path, pieces: int) -> None:
    mails = [
        mail
        for number in range(220)
        for mail in (letter(f"{number}a"), ours(f"{number}b", answers=f"{number}a", refers=f"{number}a"))
    ]
    box = boxed(mails, disk / "a.mbox")
    once, broken = f"sqlite:///{disk / 'once.db'}", f"sqlite:///{disk / 'broken.db'}"
    assert finished(once, box) == ["440", "440"]
    process = start(broken, box)
    assert process.stdout is not None
    for _ in range(pieces):
        assert process.stdout.readline().startswith("piece")
    process.kill()
    process.communicate()
    found, _ = finished(broken, box)
    assert int(found) <= 440 - 100 * pieces
    assert await look(broken) == await look(once)
