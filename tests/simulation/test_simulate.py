"""A slice of `python -m bench simulate`: everything goes wrong, nothing is lost, and one seed is one trace."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from multiprocessing import get_context
from pathlib import Path

import pytest

pytest.importorskip("apsw", reason="the simulated disk is a file system of apsw's")

from bench.simulate.decisions import BLOCKS, STORIES
from bench.simulate.dialects import DIALECTS
from bench.simulate.faults import FAULTS
from bench.simulate.plan import NEWEST, OLDER, SENDS, plan
from bench.simulate.scenario import play

ROOT = Path(__file__).parents[2]
SOME = 60
FOUND_SOON = (
    "synchronous-normal", "failed-commit-ignored", "ack-before-commit", "no-dedupe", "handled-before-replies",
    "doubt-is-retried", "echo-proves-nothing", "parting-takes-nothing-back", "raw-deliveries-stay", "frozen-is-erased",
    "aside-is-dropped", "left-aside-is-dropped",
)  # fmt: skip


def command(*args: str, hash_seed: str = "random") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bench", "simulate", *args], cwd=ROOT, text=True, capture_output=True, check=False,
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
    )  # fmt: skip


def test_whatever_goes_wrong_nothing_is_lost_and_nothing_is_said_twice() -> None:
    fell: Counter[str] = Counter()
    for number in range(SOME):
        outcome = play(f"slice.{number}")
        assert outcome.violations == [], f"python -m bench simulate --only slice.{number}"
        fell += outcome.fell
    assert sum(number for what, number in fell.items() if what.startswith("power cut")) > 10
    assert sum(number for what, number in fell.items() if what.startswith("kill")) > 10
    assert {"forged", "redelivered", "disk full", "handler failed"} <= fell.keys()
    assert len(fell.keys() & set(SENDS)) > 6
    assert {"decided: merge", "decided: unmerge", "decided: erase", "decided: freeze"} <= fell.keys()


@pytest.mark.parametrize("seed", ["one.0", "one.4", "one.5"])
def test_one_seed_is_one_trace(seed: str) -> None:
    """Line by line, and also in another process that hashes differently."""
    first: list[str] = []
    again: list[str] = []
    trace = play(seed, told=first.append).trace
    play("something else")
    assert play(seed, told=again.append).trace == trace
    assert first == again
    assert f"trace {trace}; violations: 0" in command("--only", seed, hash_seed="7").stdout


def test_another_seed_is_another_trace() -> None:
    assert len({play(f"two.{number}").trace for number in range(5)}) == 5


def test_plans_are_as_different_as_what_can_happen() -> None:
    plans = [plan(f"three.{number}") for number in range(3000)]
    assert {one.workers for one in plans} == {1, 2, 3}
    assert {one.wal for one in plans} == {True, False}
    assert {one.tables for one in plans} == {0, *OLDER, NEWEST}
    assert {one.channel for one in plans} == DIALECTS.keys()
    assert {kill.what for one in plans for kill in one.kills} >= {"write", "sync", "commit", "send", "answer"}
    assert {kill.power for one in plans for kill in one.kills} == {True, False}
    stories = {tuple(what for _, what in one.decisions) for one in plans}
    assert {*STORIES, *BLOCKS, ()} <= stories
    assert stories <= {(*story, *block) for story in ((), *STORIES) for block in ((), *BLOCKS)}


def _names() -> dict[str, set[str]]:
    """What the library's modules and classes have, by name."""
    modules = {name: module for name, module in sys.modules.items() if name.startswith("omnichannel")}
    found = {name: set(vars(module)) for name, module in modules.items()}
    for name, module in modules.items():
        for held in vars(module).values():
            if isinstance(held, type) and held.__module__ == name:
                found[f"{name}.{held.__qualname__}"] = set(dir(held))
    return found


def _invented(fault: str) -> list[str]:
    before = _names()
    FAULTS[fault]()
    return [f"{where}.{one}" for where, now in _names().items() for one in now - before.get(where, now)]


def test_every_planted_mistake_takes_away_what_is_there() -> None:
    """One that replaces what was renamed meanwhile plants nothing, and whatever finds it finds something else."""
    play("something")  # so that all that is needed is there
    with get_context("fork").Pool(1, maxtasksperchild=1) as alone:
        made = dict(zip(FAULTS, alone.map(_invented, FAULTS, chunksize=1), strict=True))
    assert {fault: names for fault, names in made.items() if names} == {}


@pytest.mark.parametrize("fault", FOUND_SOON)
def test_a_planted_mistake_is_found(fault: str) -> None:
    done = command("--fault", fault, "--most", "120")
    assert (done.returncode, "caught 1 of 1" in done.stdout) == (0, True), done.stdout + done.stderr


def test_a_mistake_that_is_not_found_is_said_so() -> None:
    done = command("--fault", "synchronous-normal", "--most", "1")
    assert (done.returncode, "NOT caught" in done.stdout) == (1, True)


def test_there_are_ninety_mistakes_and_each_says_what_it_is() -> None:
    assert len(FAULTS) >= 90
    assert all(plant.__doc__ for plant in FAULTS.values())


def test_a_violation_prints_the_command_that_repeats_it(monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    from bench.simulate import __main__, scenario

    monkeypatch.setattr(scenario, "check", lambda machine: machine.world.wrong("I1 gone"))
    assert __main__.main(["--only", "one.0"]) == 1
    assert "I1 gone" in capsys.readouterr().out


def test_the_table_tells_what_fell() -> None:
    done = command("--scenarios", "30", "--seed", "table")
    assert done.returncode == 0, done.stdout + done.stderr
    for words in ("seconds per thousand", "deaths that fell", "faults that fell", "violations: 0"):
        assert words in done.stdout
