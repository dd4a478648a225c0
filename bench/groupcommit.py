"""`python -m bench groupcommit`: what sharing commits is worth where a flush takes two milliseconds.

A library that is compiled on the spot stands before the system's `fsync` and `fdatasync` and makes each of them
take two milliseconds longer (`LD_PRELOAD`; it needs a C compiler). There the same messages are stored three
ways, in turn: ours with 128 webhooks in flight; the very statements that ours says, in a bare loop that commits
after each message; and, one at a time, a webhook until its acknowledgement (nothing is read beside) next to its
bare insert and commit.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from bench.durable import Outcome, Scenario, run, tape_of_each
from bench.interleave import Lap, percentile, rounds, table
from bench.outcome import Goal, finish
from bench.tape import Said, connect, groups, replay
from bench.webhooks import ACCOUNT, Webhook, delivery, open_inbox, webhooks
from omnichannel.clock import SystemClock
from omnichannel.store import Store

SLOWER = 2_000_000
"""Nanoseconds that each flush takes longer."""
TIMES, SHARE, ADDED = 40, 1 / 32, 0.2
"""Goals: how many times as fast, commits per message, milliseconds between a bare commit and an acknowledgement."""

_SHIM = f"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <time.h>
static void wait_(void) {{ struct timespec t = {{0, {SLOWER}}}; nanosleep(&t, 0); }}
int fsync(int fd) {{ wait_(); return ((int (*)(int))dlsym(RTLD_NEXT, "fsync"))(fd); }}
int fdatasync(int fd) {{ wait_(); return ((int (*)(int))dlsym(RTLD_NEXT, "fdatasync"))(fd); }}
"""
_INSIDE = "OMNICHANNEL_BENCH_SLOW_DISK"


def shim(folder: Path) -> Path | None:
    """The library that slows flushes down, compiled; None without a compiler."""
    compiler = shutil.which("cc")
    if compiler is None:
        return None
    source, library = folder / "slow.c", folder / "slow.so"
    source.write_text(_SHIM)
    subprocess.run([compiler, "-shared", "-fPIC", "-O2", "-o", library, source, "-ldl"], check=True)
    return library


def acknowledged(path: Path, hooks: Sequence[Webhook]) -> list[float]:
    """Seconds until each webhook is acknowledged, one after the other, on an empty file."""
    return asyncio.run(_acknowledged(path, hooks))


async def _acknowledged(path: Path, hooks: Sequence[Webhook]) -> list[float]:
    took = []
    async with open_inbox(path) as inbox:
        for hook in hooks:
            start = time.perf_counter()
            await inbox.receive(ACCOUNT, delivery(hook))
            took.append(time.perf_counter() - start)
    return took


def alone(path: Path, said: Sequence[Said]) -> list[float]:
    """Seconds of each insert of a delivery with a commit of its own, on an empty file."""
    Store(f"sqlite:///{path}", "default", SystemClock()).close()
    connection, took = connect(path), []
    for one in said:
        start = time.perf_counter()
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(one.sql, one.some)
        connection.execute("COMMIT")
        took.append(time.perf_counter() - start)
    connection.close()
    return took


def measure(folder: Path, messages: int, times: int) -> tuple[str, list[Goal]]:
    """Let all take turns; the table, and what it has to reach."""
    many, hooks, few = Scenario("one message", 128, messages), webhooks(messages), max(10, messages // 20)
    tape = tape_of_each(folder / "tape.db", hooks)
    each = groups(tape, 1)
    inserts = [one for one in tape if one.sql.startswith("INSERT INTO deliveries")][:few]
    ours: list[Outcome] = []
    acks: list[float] = []
    bare: list[float] = []

    def fresh() -> Path:
        path = folder / "run.db"
        path.unlink(missing_ok=True)
        return path

    def shared() -> Lap:
        ours.append(run(fresh(), many, hooks))
        return ours[-1].lap

    def one_at_a_time() -> Lap:
        acks.extend(acknowledged(fresh(), hooks[:few]))
        bare.extend(alone(fresh(), inserts))
        return Lap(sum(acks), sum(bare))

    laps = rounds({"shared": shared, "each": lambda: replay(fresh(), each), "single": one_at_a_time}, times)
    faster = median(
        theirs.wall / mine.wall for mine, theirs in zip(laps["shared"], laps["each"], strict=True)
    )
    commits = median(outcome.commits / messages for outcome in ours)
    added = (percentile(acks, 0.5) - percentile(bare, 0.5)) * 1000
    rows = [
        (
            "ours, 128 in flight",
            f"{median(lap.wall for lap in laps['shared']) / messages * 1e6:.0f}",
            f"{commits:.4f}",
        ),
        (
            "a commit for each message",
            f"{median(lap.wall for lap in laps['each']) / messages * 1e6:.0f}",
            "1",
        ),
        ("ours, 1 in flight, to its acknowledgement", f"{percentile(acks, 0.5) * 1e6:.0f}", "1"),
        ("its insert and commit alone", f"{percentile(bare, 0.5) * 1e6:.0f}", "1"),
    ]
    shown = f"{table(('flushes 2 ms slower', 'µs a message', 'commits a message'), rows)}\n"
    shown += f"{faster:.1f} times as fast as a commit for each; {added:.2f} ms added to a bare commit"
    return shown, [
        Goal("beside a commit for each message", faster, TIMES),
        Goal("commits a message", commits, SHARE, most=True),
        Goal("milliseconds added to a bare commit", added, ADDED, most=True),
    ]


def main(argv: Sequence[str]) -> int:
    """Print the table; 1 if a goal is missed, 2 where there is no C compiler."""
    options = argparse.ArgumentParser(prog="python -m bench groupcommit", description=__doc__)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--messages", type=int, default=1000)
    options.add_argument("--folder", help="where the files are made; the disk that is measured")
    given = options.parse_args(argv)
    with TemporaryDirectory(dir=given.folder) as folder:
        if _INSIDE in os.environ:
            shown, goals = measure(Path(folder), given.messages, given.rounds)
            head = f"SQLite {sqlite3.sqlite_version}, synchronous=FULL; medians of {given.rounds} rounds, in turn"
            return finish("groupcommit", f"{head}\n{shown}", goals)
        library = shim(Path(folder))
        if library is None:
            print("no C compiler (cc), so no disk can be made slower: not measured", file=sys.stderr)
            return 2
        environment = {**os.environ, _INSIDE: "1", "LD_PRELOAD": str(library)}
        command = [sys.executable, "-m", "bench", "groupcommit", *argv]
        return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
