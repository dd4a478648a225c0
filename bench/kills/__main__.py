"""`kill -9` of a real process, again and again, and nothing is lost: `python -m bench kills --runs 1000`.

A platform that lives on sends signed webhooks to an inbox in another process, which answers every message over
HTTP. That process is killed at random moments, and at exact points between and inside the steps, and started
again on the same SQLite file. In the end everything must be there: each acknowledged message stored once and
answered once, each answer sent once, or shown as in doubt. `--faults` plants mistakes and sees that they are found.
`--engine postgres` does the same on a PostgreSQL, and kills that too: one of its processes, or all of them at once.

The seed fixes what is written, batched and killed when; which instruction a random kill hits is the machine's.
A SIGKILL leaves the operating system's cache alone: this shows nothing about a power cut.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import signal
import socket
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, nullcontext
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from bench.kills.child import ACCOUNT, Order, inbox_of
from bench.kills.faults import FAULTS
from bench.kills.platform import Distant, Platform
from bench.kills.points import POINTS, STEPS, Ledger
from bench.kills.server import VICTIMS, Server, server
from bench.kills.verdict import Census, Verdict, altered, census, judge
from omnichannel import Inbox
from omnichannel.emulators.serving import Served

_RANDOM_PER_STORY, _EXACT_PER_STORY = 20, 4
_FAULT_KILLS = 200  # random kills within which a planted fault must be found
_BESIDE = 2
_POSTGRES_SHARES = (6, 3, 1)  # a server needs seconds to recover
_DRAIN = 180.0  # seconds; only what never ends needs them, and a machine that has much else to do
_NEVER = 20.0  # seconds until a point that is not crossed is given up
_LEASES = 15.0  # seconds in which every lease of the dead is over (`child.PATIENT`)


@dataclass(frozen=True)
class Kill:
    """One death: so many seconds after the start, or (`point`) at the nth crossing of a boundary.

    If the `victim` is (of) the server, our process is to survive that, and is killed somewhat later.
    """

    after: float
    point: str = ""
    nth: int = 1
    victim: str = "client"


@dataclass(frozen=True)
class Story:
    """A new store and a new platform, and several deaths on the way."""

    name: str
    kills: tuple[Kill, ...]
    echoes: bool
    fault: str = ""


@dataclass
class Told:
    """What came of stories: how often what happened, where the process died, and what is wrong."""

    figures: Counter[str] = field(default_factory=Counter)
    fell: Counter[str] = field(default_factory=Counter)
    crossed: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def add(self, other: Told) -> None:
        """Take another story's figures in."""
        self.figures += other.figures
        self.fell += other.fell
        self.crossed += other.crossed
        self.faults += other.faults


def plan(runs: int, seed: str, *, fault: str = "", postgres: bool = False) -> Iterator[Story]:
    """Stories with so many random kills in all, and beside them some at exact points, every point in turn."""
    shares = _POSTGRES_SHARES if postgres else (1, 0, 0)
    chance = random.Random(seed)
    points: list[str] = []
    for number in range(-(-runs // _RANDOM_PER_STORY)):
        several = min(_RANDOM_PER_STORY, runs - number * _RANDOM_PER_STORY)
        kills = [
            replace(_at_random(chance), victim=chance.choices(VICTIMS, shares)[0]) for _ in range(several)
        ]
        for _ in range(_EXACT_PER_STORY):
            points = points or chance.sample(POINTS, len(POINTS))
            kills.append(Kill(_NEVER, points.pop(), chance.choice((1, 1, 2, 3, 5))))
        chance.shuffle(kills)
        yield Story(f"{seed}.{number}", tuple(kills), echoes=number % 2 == 0, fault=fault)


def _at_random(chance: random.Random) -> Kill:
    """Sometimes while it starts, mostly when every step is at work."""
    return Kill(chance.uniform(0.0, 0.06) if chance.random() < 0.1 else chance.uniform(0.05, 0.6))


class Nursery:
    """Processes that were born to be killed, one at a time."""

    def __init__(
        self,
        forker: asyncio.subprocess.Process,
        ledger: Ledger,
        hook: str,
        log: Path,
        server: Server | None = None,
    ) -> None:
        self.server = server
        self.ledger = ledger
        self.hook = hook
        self.log = log
        self._forker = forker

    async def start(self, order: Order) -> int:
        """A new process; its id."""
        self.ledger.clear()
        return await self._ask(json.dumps(asdict(order)))

    def store(self, name: str) -> str:
        """The URL of an empty store."""
        return self.server.fresh(name) if self.server else f"sqlite:///{self.log.parent / f'{name}.db'}"

    async def strike(self, victim: str) -> None:
        """Kill what the process stands on."""
        assert self.server is not None
        await asyncio.to_thread(self.server.strike, victim)

    async def end(self, pid: int) -> int:
        """Kill it, if it is not dead already, and see how it ended: -9 if by a kill."""
        # It stays a zombie, and its id its own, until it is reaped.
        os.kill(pid, signal.SIGKILL)
        return await self._ask("reap")

    async def _ask(self, line: str) -> int:
        assert self._forker.stdin is not None
        assert self._forker.stdout is not None
        self._forker.stdin.write(f"{line}\n".encode())
        return int(await self._forker.stdout.readline())


@asynccontextmanager
async def nursery(folder: Path, server: Server | None = None) -> AsyncIterator[Nursery]:
    """A process that has imported everything and forks, and the port on which its children take webhooks."""
    ledger, log = Ledger(folder / "ledger"), folder / "children.log"
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listener, log.open("wb") as errors:
        forker = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bench.kills.child", str(listener.fileno()), str(ledger.path),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=errors,
            pass_fds=(listener.fileno(),), cwd=Path(__file__).parents[2],
        )  # fmt: skip
        try:
            hook = f"http://127.0.0.1:{listener.getsockname()[1]}/{ACCOUNT}"
            yield Nursery(forker, ledger, hook, log, server)
        finally:
            assert forker.stdin is not None
            forker.stdin.close()
            await forker.wait()


async def tell(story: Story, young: Nursery, *, patience: float = _DRAIN) -> Told:
    """Live through one story, and compare what is on record with what is true."""
    platform = Platform(story.name, echoes=story.echoes)
    told = Told()
    with Served(Distant(platform.app, story.name)) as served:
        order = Order(
            store=young.store(story.name + story.fault), host=served.url, fault=story.fault,
            page_id=platform.page_id, page_token=platform.page_token, app_secret=platform.hook.app_secret,
            verify_token=platform.hook.verify_token,
        )  # fmt: skip
        async with platform.delivering(young.hook):
            writing = asyncio.create_task(platform.write_on())
            for kill in story.kills:
                await _one_life(young, replace(order, point=kill.point, nth=kill.nth), kill, told)
            writing.cancel()
            await asyncio.gather(writing, return_exceptions=True)
            await _last_life(young, order, platform, told, patience)
        verdict = await _final(order, platform)
    told.figures += verdict.figures
    told.figures["stories"] += 1
    told.faults += [f"story {story.name}: {fault}" for fault in verdict.faults]
    return told


async def _one_life(young: Nursery, order: Order, kill: Kill, told: Told) -> None:
    """Start the process, let it be killed, and note where it was."""
    pid = await young.start(order)
    ledger = young.ledger
    while kill.victim != "client" and not ledger["serving"]:
        await asyncio.sleep(0.01)  # an inbox that opens while its server is away says so, and ends
    over = time.monotonic() + kill.after
    while time.monotonic() < over and not ledger["died"]:
        await asyncio.sleep(0.001 if kill.point else over - time.monotonic())
    if kill.victim != "client":
        await young.strike(kill.victim)
        await asyncio.sleep(kill.after)
        told.figures[kill.victim] += 1
    _note_end(young, await young.end(pid), told)
    if ledger["died"]:
        told.figures["exact"] += 1
        told.fell[f"exact {kill.point}"] += 1
    else:
        told.figures["random"] += 1
        told.figures["missed"] += bool(kill.point)
        told.fell.update(ledger.where())


def _note_end(young: Nursery, status: int, told: Told) -> None:
    if status != -signal.SIGKILL:
        told.faults.append(
            f"the process ended by itself, with status {status}:\n{young.log.read_text()[-2000:]}"
        )
    told.crossed.update({point: young.ledger[point] for point in POINTS})
    told.figures["handled"] += young.ledger["handled"]


async def _last_life(young: Nursery, order: Order, platform: Platform, told: Told, patience: float) -> None:
    """Start it once more and let it work until nothing is missing; then it is killed, too."""
    pid = await young.start(order)
    over = time.monotonic() + patience
    async with inbox_of(order) as inbox:
        suspected: set[str] = set()
        while time.monotonic() < over:
            await asyncio.sleep(0.1)
            verdict = judge(await census(inbox), platform)
            # Both sides go on while we look: only what is still so at the next look is really broken.
            if suspected & set(verdict.broken) or (platform.idle and not verdict.faults):
                break
            suspected = set(verdict.broken)
    _note_end(young, await young.end(pid), told)


async def _final(order: Order, platform: Platform) -> Verdict:
    """What a fresh inbox says, after it did whatever was left to do."""
    async with inbox_of(order) as inbox:
        if not order.fault:
            await _work_off(inbox)
        found: Census = await census(inbox)
        verdict = judge(found, platform)
        verdict.broken.extend(await altered(inbox, found, platform))
    if not platform.idle:
        verdict.missing.append("the webhook stopped answering: not everything could be delivered")
    return verdict


async def _work_off(inbox: Inbox) -> None:
    """Until the dead hold nothing any more: what was settled while they died may have let something go out."""
    over = time.monotonic() + _LEASES
    while True:
        await inbox.work()
        calls = (await census(inbox)).calls
        if time.monotonic() > over or not any(call.status == "sending" for _, _, call in calls):
            return
        await asyncio.sleep(0.1)


async def run(stories: Sequence[Story], *, show: bool = False, server: Server | None = None) -> Told:
    """Tell stories, two beside each other: most of the time one waits for the disk. Stops at the first wrong one.

    One after the other where a server is killed: what one does to it would happen to both.
    """
    told, began, untold = Told(), time.monotonic(), iter(stories)
    with tempfile.TemporaryDirectory(prefix="kills-") as name:
        folders = [Path(name, str(number)) for number in range(1 if server else _BESIDE)]
        await asyncio.gather(*(_tell_on(untold, told, folder, server, show=show) for folder in folders))
    told.figures["seconds"] = round(time.monotonic() - began)
    return told


async def _tell_on(
    untold: Iterator[Story], told: Told, folder: Path, server: Server | None, *, show: bool
) -> None:
    folder.mkdir()
    async with nursery(folder, server) as young:
        for story in untold:
            told.add(await tell(story, young))
            if show:
                done = told.figures["random"] + told.figures["exact"]
                print(f"story {story.name}: {done} kills, {len(told.faults)} wrong", file=sys.stderr)
            if told.faults:
                return


async def catches(fault: str, seed: str) -> str:
    """What the kills find wrong with a planted fault; empty if nothing."""
    with tempfile.TemporaryDirectory(prefix="kills-") as name:
        async with nursery(Path(name)) as young:
            for story in plan(_FAULT_KILLS, seed, fault=fault):
                told = await tell(story, young, patience=6.0)
                if told.faults:
                    return told.faults[0]
    return ""


def table(told: Told) -> str:
    """The figures for a person."""
    n = told.figures
    killed, sent = n["random"] + n["exact"], n["sent"] + n["delivered"] + n["read"]
    rows = (
        ("kills", killed, f"{n['random']} at random moments, {n['exact']} at exact points"),
        (
            "of PostgreSQL",
            n["backend"] + n["server"],
            f"{n['backend']} backends, {n['server']} whole servers",
        ),
        ("stories", n["stories"], "each on a new store, every other one without echoes"),
        (
            "messages acknowledged",
            n["acked"],
            f"of {n['written']} written; forged webhooks taken: {n['forged']}",
        ),
        ("messages stored", n["stored"], f"lost: {n['lost']}, stored twice: {n['twice']}"),
        ("messages answered", n["replies"], f"handlers ran {n['handled']} times"),
        ("calls", n["calls"], f"recorded as sent: {sent}, seen at the far end: {n['seen']}"),
        ("sent twice", n["sent_twice"], f"recorded as sent, but not seen: {n['sent_falsely']}"),
        ("settled by an echo", n["echoed"], "before their own answer, or without one"),
        ("settled by asking", n["found"], "the conversation at the platform shows them"),
        ("in doubt", n["in_doubt"], f"proven: {n['proven']}, shown as unknown: {n['unknown']}"),
        (
            "unknown",
            n["unknown"],
            f"of these seen at the far end: {n['unknown_arrived']}; held back: {n['held']}",
        ),
        ("seconds", n["seconds"], ""),
    )
    lines = [f"{what:<22}{figure:>8}   {more}".rstrip() for what, figure, more in rows]
    lines += ["", "where the kills fell (a process may be in several places at once)"]
    lines.append(f"{'':<22}" + "".join(f"{step:>8}" for step in STEPS))
    for label, what in (
        ("while it wrote", "writing"),
        ("in its commit", "committing"),
        ("while it was sent", "sending"),
        ("exactly before", "exact before"),
        ("exactly after", "exact after"),
    ):
        lines.append(f"{label:<22}" + "".join(f"{told.fell[f'{what} {step}'] or '·':>8}" for step in STEPS))
    lines.append(f"while starting: {told.fell['starting']}, between steps: {told.fell['between steps']}")
    return "\n".join(lines)


def never_crossed(told: Told) -> list[str]:
    """Points that no process ever came to: then the boundaries no longer stand where the library commits."""
    return [f"no process ever came to the point {point!r}" for point in POINTS if not told.crossed[point]]


def main(argv: Sequence[str]) -> int:
    """Kill, compare, print; exit status 1 if anything is wrong."""
    args = _arguments(argv)
    if not hasattr(os, "fork"):
        print("kills: needs an operating system with fork and SIGKILL", file=sys.stderr)
        return 2
    if args.faults or args.fault:
        return _find_faults([args.fault] if args.fault else list(FAULTS), args.seed)
    postgres = args.engine == "postgres"
    stories = [
        one
        for one in plan(args.runs, args.seed, postgres=postgres)
        if args.story is None or one.name == args.story
    ]
    with server(args.seed) if postgres else nullcontext() as found:
        told = asyncio.run(run(stories, show=True, server=found))
    print(table(told))
    wrong = told.faults or never_crossed(told)
    if wrong:
        print(f"\n{len(wrong)} wrong:", *wrong[:20], sep="\n  ")
        print(f"\nagain: python -m bench kills --engine {args.engine} --runs {args.runs} --seed {args.seed}")
    return 1 if wrong else 0


def _find_faults(names: Sequence[str], seed: str) -> int:
    """Plant each fault; status 1 if one is not found (or, asked for a single one, if it is)."""
    caught = 0
    for name in names:
        found = asyncio.run(catches(name, seed))
        caught += bool(found)
        print(f"{name:<24} {'caught: ' + found if found else 'NOT caught'}", flush=True)
    print(f"caught {caught} of {len(names)}")
    if len(names) == 1:
        return 1 if caught else 0
    return 0 if caught == len(names) else 1


def _arguments(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench kills", description="kill -9, and nothing is lost")
    parser.add_argument("--runs", type=int, default=100, help="kills at random moments (default 100)")
    parser.add_argument("--engine", choices=("sqlite", "postgres"), default="sqlite", help="what stores")
    parser.add_argument("--seed", default="1", help="any word; the same word plans the same kills")
    parser.add_argument("--story", help="only this one of the planned stories, e.g. 1.7")
    parser.add_argument(
        "--fault", choices=sorted(FAULTS), help="plant this mistake: exit status 1 if it is found"
    )
    parser.add_argument(
        "--faults", action="store_true", help="plant every mistake in turn: all must be found"
    )
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
