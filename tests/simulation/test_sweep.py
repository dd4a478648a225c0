"""`python -m bench simulate --sweep`: every death of a small world, and that a copy is what plays from the beginning."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from importlib.metadata import version
from pathlib import Path
from shutil import which
from typing import TypedDict, cast

import pytest

pytest.importorskip("apsw", reason="the simulated disk is a file system of apsw's")

from bench.simulate.deaths import INSIDE, ON_DISK, OUTSIDE, STALLS, Kill, read, spelled
from bench.simulate.dialects import DIALECTS
from bench.simulate.plan import small
from bench.simulate.scenario import play_plan
from bench.simulate.tables import made_before

ROOT = Path(__file__).parents[2]
CRASHES = int(os.environ.get("OMNICHANNEL_CRASHES", "20000"))


def seed_of_this_commit() -> str:
    """Each commit tries other worlds, and the same ones whenever it is tested. `OMNICHANNEL_SEED` says another."""
    asked = ["git", "rev-parse", "--short=12", "HEAD"]
    told = (
        subprocess.run(asked, cwd=ROOT, text=True, capture_output=True, check=False) if which("git") else None
    )
    commit = told.stdout.strip() if told and not told.returncode else ""
    return os.environ.get("OMNICHANNEL_SEED") or commit or version("omnichannel")


_TRACES = """
import json, sys
from bench.simulate.plan import small
from bench.simulate.sweep import sweep
from bench.simulate.tally import quiet
with quiet():
    tally = sweep(small(sys.argv[1]))
print(json.dumps({what: getattr(tally, what) for what in ("traces", "wrong", "scenarios", "crossed", "fell")}))
"""


class Swept(TypedDict):
    """What came of a world and of every death in it."""

    traces: list[str]
    wrong: list[list[str]]
    scenarios: int
    crossed: dict[str, int]
    fell: dict[str, int]


@pytest.fixture(scope="module")
def swept() -> Callable[[str], Swept]:
    """A world of a seed, swept once for all that is asked of it."""
    return cache(lambda seed: cast("Swept", json.loads(command("-c", _TRACES, seed).stdout)))


def command(*args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *args], cwd=ROOT, text=True, capture_output=True, check=False)


def simulate(*args: str) -> subprocess.CompletedProcess[str]:
    return command("-m", "bench", "simulate", "--sweep", *args)


@pytest.mark.minutes
def test_whoever_dies_wherever_nothing_is_lost_and_nothing_is_said_twice(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The slice of every run: as many deaths as `OMNICHANNEL_CRASHES` says, 20,000 if it says nothing.

    In many worlds, in a few steps of each: some have 90,000 deaths, and some take ten times as long for a thousand.
    """
    slice_of_it = ["--one-in", "32", "--scenarios", str(CRASHES), "--seed", seed_of_this_commit()]
    again = f"python -m bench simulate --sweep {' '.join(slice_of_it)}"
    done = simulate(*slice_of_it)
    with capsys.disabled():
        print("", *done.stdout.splitlines()[:4], sep="\n")
    assert done.returncode == 0, f"{again}\n{done.stdout}{done.stderr}"
    found = re.search(r"^scenarios +(\d+)", done.stdout, re.MULTILINE)
    assert found
    assert int(found[1]) >= CRASHES
    assert "violations: 0" in done.stdout
    for what in ("kill before write", "power cut before sync", "kill before commit", "stall begin"):
        assert what in done.stdout, f"{what}: {again}"


def test_one_dies_at_every_boundary_that_is_crossed(swept: Callable[[str], Swept]) -> None:
    found = swept("copies.8")
    for what in {*ON_DISK, *OUTSIDE} & {*found["crossed"]}:
        assert found["fell"][f"kill before {what}"]
        assert found["fell"][f"power cut before {what}"]
    for what in {*STALLS} & {*found["crossed"]}:
        assert found["fell"][f"stall {what}"]


@pytest.mark.parametrize("seed", ["copies.17", "copies.8"])
def test_a_copy_is_the_same_scenario_as_from_the_beginning(swept: Callable[[str], Swept], seed: str) -> None:
    """To the last byte on the disk: so that what is found in a copy can be played, looked at and repeated."""
    found = swept(seed)
    planned = small(seed)
    assert found["wrong"] == []
    assert found["scenarios"] > 5 * len(found["traces"])
    for trace in found["traces"][::15]:
        number, _, path = trace.partition(" ")
        again = play_plan(replace(planned, kills=read(path)), made_before(planned.wal, planned.tables))
        assert again.trace == number, path


def test_copies_die_while_they_recover(swept: Callable[[str], Swept]) -> None:
    found = swept("copies.8")
    deaths = [len([kill for kill in read(trace.partition(" ")[2]) if kill]) for trace in found["traces"]]
    assert {0, 1, 2} == set(deaths)


def test_all_channels_both_journals_and_older_tables_are_swept() -> None:
    plans = [small(f"three.{number}") for number in range(200)]
    assert {one.wal for one in plans} == {True, False}
    assert {one.channel for one in plans} == {*DIALECTS}
    assert len({one.tables for one in plans}) > 3
    assert not any(one.kills for one in plans)


def test_the_seed_can_be_told(monkeypatch: pytest.MonkeyPatch) -> None:
    assert re.fullmatch(r"[0-9a-f]{12,}|\d+\..*", seed_of_this_commit())
    monkeypatch.setenv("OMNICHANNEL_SEED", "another")
    assert seed_of_this_commit() == "another"


def test_a_death_can_be_spelled_and_read() -> None:
    deaths = (
        Kill("write", "inside", 17, power=True, fate=2), None, Kill("send", "before", 1, power=False),
        Kill("begin", "stall", 3, power=False, fate=12),
    )  # fmt: skip
    assert spelled(deaths) == "write inside 17 power 2, -, send before 1, begin stall 3 for 12"
    assert read(spelled(deaths)) == deaths
    assert set(INSIDE) <= {*ON_DISK, *OUTSIDE}


@pytest.mark.parametrize(
    "text",
    ["breath before 1", "write after 1", "write before x", "write", "write stall 1 for 2", "begin before 1"],
)
def test_no_death_is_said_so(text: str) -> None:
    with pytest.raises(ValueError, match="is no death; say 'write before 17'"):
        read(text)


def test_a_planted_mistake_is_found_by_a_death_and_the_command_repeats_it(tmp_path: Path) -> None:
    """With the log not brought down at a commit, a power cut loses what was acknowledged."""
    planted = "from bench.simulate.faults.storing import synchronous_normal; synchronous_normal(); "
    run = planted + "import sys; from bench.simulate.__main__ import main; sys.exit(main(sys.argv[1:]))"
    done = command("-c", run, "--sweep", "--seed", "log-lost", "--scenarios", "20000")
    assert done.returncode == 1
    again = re.search(r"again: python -m bench simulate --only (\S+) --sweep --die '([^']+)'", done.stdout)
    assert again, done.stdout
    repeated = command("-c", run, "--sweep", "--only", again[1], "--die", again[2])
    assert repeated.returncode == 1
    assert "violations: 0" not in repeated.stdout


def test_runs_go_on_where_the_last_one_ended(tmp_path: Path) -> None:
    sums = tmp_path / "sums.json"
    for _ in range(2):
        done = simulate("--one-in", "16", "--scenarios", "1", "--seed", "go-on-3", "--sums", str(sums))
        assert done.returncode == 0, done.stdout + done.stderr
    kept = json.loads(sums.read_text())["sweep go-on-3, one in 16"]
    assert (kept["next"], kept["worlds"], kept["violations"]) == (2, 2, 0)
    assert f"{kept['scenarios']:,}" in done.stdout
