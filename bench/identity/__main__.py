"""`python -m bench identity [SET…]`: every record file of ../shared/data/identity, each in a process of its own."""

from __future__ import annotations

import csv
import importlib.util
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from bench.identity.rivals import GOALS, RIVALS, Goal
from omnichannel.identity.likeness.calibration import calibration_error, reliability
from omnichannel.identity.resolving import Resolved, resolve

DATA = Path(__file__).parents[3] / "shared/data/identity"
WITHOUT = "-noid"
LEASTS = (40, 32, 26, 20, 17, 14, 12, 10, 8, 7, 6, 5, 4, 3, 2, 1, 0, -1, -2, -3, -4)
"""Thresholds in bits, of which the truth picks the one for recall at a precision; the F1 shown first is at 0."""

STATED = 0.01
"""Pairs stated less probable than this would flatter the calibration: nearly all pairs of strangers."""


def main(argv: Sequence[str]) -> int:
    """Print a line for each set; with one set and --json, its figures alone."""
    if "--json" in argv:
        print(json.dumps(measure(next(name for name in argv if not name.startswith("-")))))
        return 0
    if not DATA.is_dir():
        print(f"{DATA} is not there; nothing to measure", file=sys.stderr)
        return 1
    print(
        "pairwise, one configuration, no labels; R@: recall at a precision, the threshold picked by the truth\n"
    )
    print(f"{'set':26}{'P':>8}{'R':>8}{'F1':>8}{'goal':>8}{'best rival':>22}{'R@.999':>8}{'goal':>7}"
          f"{'R@.99':>8}{'best F1':>9}{'ECE':>7}{'s':>7}{'MB':>7}")  # fmt: skip
    for name in list(argv) or sets():
        child = subprocess.run(
            [sys.executable, "-m", "bench", "identity", name, "--json"],
            capture_output=True,
            text=True,
            check=False,
        )
        print(
            _line(name, json.loads(child.stdout))
            if not child.returncode
            else f"{name:26}{child.stderr[-300:]}",
            flush=True,
        )
    return 0


def sets() -> list[str]:
    """Every folder with records, the small ones first; where there is a national id, also without it."""
    folders = sorted(DATA.glob("*/records.csv"), key=lambda path: path.stat().st_size)
    found = []
    for path in folders:
        if (path.parent / "events.jsonl").exists():
            continue
        found.append(path.parent.name)
        with path.open(encoding="utf-8", newline="") as file:
            if (
                "national_id" in next(csv.reader(file))
                and "person+org" not in (path.parent / "meta.json").read_text()
            ):
                found.append(path.parent.name + WITHOUT)
    return found


def measure(name: str) -> dict[str, Any]:
    """Resolve one set and compare it with the truth."""
    folder = DATA / name.removesuffix(WITHOUT)
    with (folder / "records.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    headings = [
        one for one in rows[0] if one != "record_id" and not (name.endswith(WITHOUT) and one == "national_id")
    ]
    score, truth = _truth(folder)
    ids = [row["record_id"] for row in rows]
    start = time.perf_counter()
    resolved = resolve(rows, headings)
    clusters = resolved.clusters()
    seconds = time.perf_counter() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    figures = score(clusters, ids)
    grid = [score(found, ids) for found in resolved.nested(LEASTS)]
    bands = reliability(_judged(resolved, [truth[one] for one in ids]))
    return {
        **{key: figures[f"pair_{key}"] for key in ("p", "r", "f1")}, "seconds": seconds, "memory": memory,
        "best": max(one["pair_f1"] for one in grid),
        **{f"r{level}": max((one["pair_r"] for one in grid if one["pair_p"] >= level), default=0.0)
           for level in (0.999, 0.99)},
        "ece": calibration_error(bands), "bands": [(band.pairs, band.stated, band.observed) for band in bands],
    }  # fmt: skip


def _truth(folder: Path) -> tuple[Callable[[list[int], list[str]], dict[str, Any]], dict[str, str]]:
    """The scorer that comes with the data, and who is who."""
    spec = importlib.util.spec_from_file_location("score", DATA / "tools/score.py")
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    truth = tool.read(str(folder / "truth.csv"))
    return lambda clusters, ids: tool.score(truth, dict(zip(ids, map(str, clusters), strict=True))), truth


def _judged(resolved: Resolved, owner: Sequence[str]) -> Iterator[tuple[float, bool]]:
    for odds, one, other in resolved.edges:
        probability = 1 / (1 + 2.0**-odds)
        if probability >= STATED:
            yield probability, owner[one] == owner[other]


def _line(name: str, figures: dict[str, Any]) -> str:
    goal = GOALS.get(name, Goal(0.0))
    rival, whose = RIVALS[name].best() if name in RIVALS else (0.0, "")
    aimed = f"{goal.f1:8.4f}" if goal.f1 else f"{'-':>8}"
    recall = f"{goal.recall:7.3f}" if goal.recall else f"{'-':>7}"
    return (
        f"{name:26}{figures['p']:8.4f}{figures['r']:8.4f}{figures['f1']:8.4f}{aimed}"
        f"{f'{rival:.4f} {whose}' if whose else '-':>22}{figures['r0.999']:8.4f}{recall}{figures['r0.99']:8.4f}"
        f"{figures['best']:9.4f}{figures['ece']:7.3f}{figures['seconds']:7.1f}{figures['memory']:7}"
    )
