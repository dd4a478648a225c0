"""`python -m bench threats [T01 …]`: every attack of the threat model, with its defence and without.

With it an attack has to fail, without it to succeed, on each engine where it touches the store. Printed for each
engine: how many cases there are, how many fail as they should (green), how many succeed once their defence is gone
(red); then every case of which that is not so. What the attacks are, `docs/explanation/threats.md` tells.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

from tests.engines import Postgres
from tests.threats import floods
from tests.threats.cases import ENGINES, NOWHERE, NUMBERS, Case, all_cases
from tests.threats.room import Room, file_url

from bench.silence import silence


class Engines:
    """An empty database of each engine; PostgreSQL is started when the first case asks for it."""

    def __init__(self) -> None:
        self._postgres: Postgres | None = None

    def url(self, engine: str, folder: Path) -> str:
        """Where an empty database is, in a folder if it is a file; nowhere, for what touches none."""
        if engine == "file":
            return file_url(folder)
        if engine != "postgres":
            return "sqlite:///:memory:" if engine in ENGINES else ""
        if self._postgres is None:
            # A socket's address is short, and so its folder has to be.
            self._postgres = Postgres(Path(mkdtemp(prefix="omni-pg-")))
        return self._postgres.ready()

    def stop(self) -> None:
        """Stop what was started."""
        if self._postgres is not None:
            self._postgres.stop()


@contextmanager
def engines() -> Iterator[Engines]:
    """All of them, until the end of the block."""
    found = Engines()
    try:
        yield found
    finally:
        found.stop()


def trouble(case: Case, engine: str, found: Engines) -> list[str]:
    """What is wrong with a case on an engine: nothing, or that it is not green, or not red."""
    wrong = []
    with TemporaryDirectory() as folder:
        try:
            if any(case.succeeds(_room(engine, found, folder))):
                wrong.append("green")
        except Exception as error:
            wrong.append(f"green ({type(error).__name__}: {error})")
    with TemporaryDirectory() as folder, case.undefended():
        try:
            if not all(case.succeeds(_room(engine, found, folder))):
                wrong.append("red")
        except Exception as error:
            wrong.append(f"red ({type(error).__name__}: {error})")
    return wrong


def _room(engine: str, found: Engines, folder: str) -> Room:
    return Room(found.url(engine, Path(folder)), Path(folder))


@silence()
def main(argv: Sequence[str]) -> int:
    """Print what came of each; 1 if an attack succeeds, or fails without its defence as well."""
    options = argparse.ArgumentParser(prog="python -m bench threats", description=__doc__)
    options.add_argument("numbers", metavar="T01", nargs="*", help="only these")
    options.add_argument("--days", type=int, default=0, help="how many days machines answer each other (T34)")
    given = options.parse_args(argv)
    chosen = given.numbers or NUMBERS
    floods.DAYS = given.days or floods.DAYS
    cases = [case for case in all_cases() if case.number in chosen]
    count, green, red, said = Counter[str](), Counter[str](), Counter[str](), []
    with engines() as found:
        for case in cases:
            for engine in case.engines:
                wrong = trouble(case, engine, found)
                count[engine] += 1
                green[engine] += not any(one.startswith("green") for one in wrong)
                red[engine] += not any(one.startswith("red") for one in wrong)
                said += [f"{case.name}, {engine}: not {one}" for one in wrong]
    print(f"{'':<12}{'cases':>7}{'green':>7}{'red without':>13}")
    for engine in (*NOWHERE, *ENGINES):
        print(f"{engine:<12}{count[engine]:>7}{green[engine]:>7}{red[engine]:>13}")
    shown = {case.number for case in cases}
    missing = ", ".join(sorted(set(chosen) - shown)) or "none"
    print(f"threats with cases: {len(shown)} of {len(chosen)}; without: {missing}")
    for line in said:
        print(line)
    return 1 if said else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
