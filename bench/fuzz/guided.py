"""Inputs chosen by the code that they reach: atheris (libFuzzer) beside our mutators, and a corpus of what it found.

Each target runs in a process of its own, because libFuzzer ends with it. What reaches something new, that neither
the seeds nor what was kept before reach, is kept in `corpus/`, as short as it was found. Needs `pip install atheris`
(Linux, CPython to 3.13).
"""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from bench.fuzz import corpus
from bench.fuzz.mutate import MOST_BYTES
from bench.fuzz.target import Target
from bench.fuzz.trial import Tally, run


def report(targets: Sequence[Target], seconds: float) -> int:
    """Let each run for so long, and keep what it found; 1 if anything gave way."""
    if importlib.util.find_spec("atheris") is None:
        print("atheris is not installed: pip install atheris", file=sys.stderr)
        return 2
    failed = 0
    for target in targets:
        with TemporaryDirectory() as place:
            folder = Path(place)
            kept = corpus.kept(target.name)
            _lay(folder / "known", [*target.seeds, *kept])
            _lay(folder / "new", [])
            ended = _child(target, folder / "new", folder / "known", f"-max_total_time={seconds:g}")
            new = [file.read_bytes() for file in (folder / "new").iterdir()]
            number = corpus.keep(target.name, [*kept, *new])
            print(f"{target.name:<58}{_runs(ended.stderr):>10} inputs, {number:>3} kept", flush=True)
            if ended.returncode:
                failed += 1
                print(ended.stdout, ended.stderr[-3000:], sep="\n")
    return 1 if failed else 0


def _lay(folder: Path, inputs: Sequence[bytes]) -> None:
    folder.mkdir()
    for number, data in enumerate(inputs):
        (folder / f"{number:04}").write_bytes(data)


def _child(target: Target, *given: object) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-m", "bench.fuzz.guided", target.name, *map(str, given)]
    return subprocess.run(words, capture_output=True, text=True, errors="replace", check=False)


def _runs(said: str) -> str:
    """How many inputs libFuzzer says that it tried."""
    return next((line.split()[1] for line in said.splitlines() if line.startswith("Done ")), "?")


def _inside(name: str, *given: str) -> None:
    """The child: libFuzzer's loop around one target. Does not return."""
    import atheris

    with atheris.instrument_imports(include=["omnichannel"], enable_loader_override=False):
        from bench.fuzz.targets import chosen

        (target,) = (one for one in chosen([name]) if one.name == name)
    tally, seeds = Tally(name), list(target.seeds)

    def one(data: bytes) -> None:
        run(target, data, tally)
        if tally.holes:
            print(f"{target.name}: {next(iter(tally.holes))}\n{data[:2000]!r}")
            raise SystemExit(1)

    def changed(data: bytes, most: int, seed: int) -> bytes:
        chance = Random(seed)
        if chance.random() < 0.5:
            return bytes(atheris.Mutate(data, most))
        return target.mutate(data, seeds, chance)[:most]

    limits = [f"-max_len={min(MOST_BYTES, 65_536)}", "-rss_limit_mb=0", "-print_final_stats=0", "-timeout=30"]
    atheris.Setup([sys.argv[0], *given, *limits], one, custom_mutator=changed)
    atheris.Fuzz()


if __name__ == "__main__":
    _inside(*sys.argv[1:])
