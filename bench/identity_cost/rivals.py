"""The rivals beside ours: installed into an environment of their own, and timed there by their own online calls.

They are given records of customers (given name, surname, e-mail, telephone), of which every fifth says again who came
before, with a slip; what is timed is one new record more against all of these.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import venv
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from bench.identity_cost.population import someone

PACKAGES = ("goldenmatch==3.22.0", "polars", "splink==5.0.0")
SCRIPTS = ("goldenmatch", "splink")
KNOWN, NEW = 10_000, 60
_HERE = Path(__file__).parent / "rival"
_COLUMNS = ("record_id", "given_name", "surname", "email", "phone")
_PATIENCE = 1200


class Rival(NamedTuple):
    """One call of theirs, and how many seconds it took each time."""

    what: str
    seconds: list[float]


class NoRivalsError(Exception):
    """They cannot be had, or they do not run; says why."""


def home() -> Path:
    """The environment that they live in: in the user's cache, made by the first run."""
    caches = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(caches) / "omnichannel-bench" / "identity-rivals"


def install(folder: Path) -> Path:
    """Their environment's Python, ready to run them. Raises NoRivalsError where they cannot be installed."""
    python = folder / "bin" / "python"
    marker = folder / "installed"
    if not marker.exists() or marker.read_text() != " ".join(PACKAGES):
        venv.create(folder, with_pip=True, clear=True)
        _run([str(python), "-m", "pip", "install", "--quiet", *PACKAGES], "could not be installed")
        marker.write_text(" ".join(PACKAGES))
    return python


def measure(known: int = KNOWN, new: int = NEW) -> list[Rival]:
    """Each rival's calls, on the same records. Raises NoRivalsError."""
    python = install(home())
    with TemporaryDirectory() as folder:
        files = [Path(folder) / name for name in ("known.csv", "new.csv")]
        write(files[0], range(known))
        write(files[1], range(known, known + new * 5, 5))  # these say again what is known
        lines = [
            line
            for script in SCRIPTS
            for line in _run(
                [str(python), str(_HERE / f"time_{script}.py"), *map(str, files)], f"{script} failed"
            ).splitlines()
            if line.startswith("{")
        ]
    return [Rival(**json.loads(line)) for line in lines]


def _run(command: list[str], failed: str) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NoRivalsError(f"{failed}: {error}") from error
    if done.returncode:
        raise NoRivalsError(f"{failed}: {(done.stderr or done.stdout).strip().splitlines()[-1]}")
    return done.stdout


def write(path: Path, numbers: Iterable[int]) -> None:
    """Records of these numbers."""
    with path.open("w", newline="") as file:
        writer: csv.DictWriter[str] = csv.DictWriter(file, _COLUMNS)
        writer.writeheader()
        writer.writerows(map(record, numbers))


def record(number: int) -> dict[str, str]:
    """A customer's record; every fifth is of the customer a fifth as far, with a slip in the surname."""
    again = number % 5 == 0
    customer = someone(number // 5 if again else number)
    given, surname = customer.name.split()
    if again:
        surname = surname[:2] + surname[3:]
    said = {address.kind: address.value for address in customer.addresses}
    return {
        "record_id": str(number),
        "given_name": given,
        "surname": surname,
        "email": said.get("email", ""),
        "phone": said.get("phone", ""),
    }
