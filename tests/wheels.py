"""Packages as others get them: built as wheels, installed into an environment of their own, without a network.

What a package depends on is the development environment's; the package itself, and omnichannel, come from wheels alone.
"""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

ROOT = Path(__file__).parents[1]


def built(project: Path, into: Path) -> Path:
    """The wheel of a project, in a folder of its name."""
    folder = into / project.name
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    [wheel] = folder.glob("*.whl")
    return wheel


class Environment:
    """A fresh environment with some wheels in it."""

    def __init__(self, folder: Path) -> None:
        venv.create(folder, with_pip=False, symlinks=True)
        self.folder = folder
        self.python = folder / "bin" / "python"
        site = next(folder.glob("lib/python*/site-packages"))
        # Below what is installed here, and without the links that an editable installation makes.
        (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")

    def install(self, *wheels: Path) -> None:
        """Put wheels in, and nothing else."""
        pip = [sys.executable, "-m", "pip", "--python", str(self.python)]
        words = ["install", "-q", "--force-reinstall", "--no-deps", "--no-index"]
        subprocess.run([*pip, *words, *map(str, wheels)], check=True, capture_output=True)

    def run(self, *words: str, cwd: Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """Run `python -m …` there, or a command that a wheel brought."""
        script = self.folder / "bin" / words[0]
        command = [str(script), *words[1:]] if script.exists() else [str(self.python), "-m", *words]
        environ = {"PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUNBUFFERED": "1"}
        return subprocess.run(
            command, cwd=cwd, input=stdin, capture_output=True, text=True, env=environ, check=False
        )
