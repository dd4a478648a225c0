"""The examples run, end by themselves and say what they should."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[1] / "examples"
SAID = {
    "support_desk/desk.py": "Rosa sees: It is: you have it on Thursday.",
    "script/script.py": "sent to ('kim@home.example',)",
    "bot/bot.py": "page: We are open every day from nine to five.",
    "support_everywhere/everywhere.py": "'webchat: I have to go. Can we go on elsewhere?', 'whatsapp: oct",
}


@pytest.mark.parametrize("example", SAID)
def test_an_example_runs(example: str) -> None:
    """Exit status 0, and the line that proves that the main thing happened."""
    ran = subprocess.run([sys.executable, EXAMPLES / example], capture_output=True, text=True, timeout=120)
    assert ran.returncode == 0, ran.stderr
    assert SAID[example] in ran.stdout


def test_every_example_is_tested() -> None:
    """No example is left to rot; the plug-in is a package, and tested as one (`test_plugin_package.py`)."""
    programs = {str(path.relative_to(EXAMPLES)) for path in EXAMPLES.rglob("*.py")}
    modules = {
        "support_desk/web.py",
        "support_desk/pages.py",
    }  # of a program; driven in `test_support_desk.py`
    assert {path for path in programs if not path.startswith("plugin/")} == set(SAID) | modules
