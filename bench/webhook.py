"""`python -m bench webhook`: a signed POST to the handler, beside the libraries that read the same platforms.

Ours is the whole of it: the signature, the delivery on the disk before it is acknowledged (SQLite, full
durability), who wrote and in which conversation, the message stored, and then the handler, which is told of each
message once. The others check the signature or secret, read the body and call their handler; none of them stores
anything that outlives its process. All take turns, round by round; what counts is the CPU of the process, and
that every message that was sent was handled. Whatever is not installed is named, and left out.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from functools import partial
from itertools import count
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import NamedTuple

from bench import peers
from bench.interleave import Lap, Watch, rounds, table
from bench.outcome import Goal, finish
from bench.peers import Taker, node
from bench.peers.bodies import KINDS, PEOPLE, Post, slack_text
from bench.peers.ours import taker

GOALS = {
    "chat-sdk": 6,
    "chat": 15,
    "slack-bolt": 2.5,
    "python-telegram-bot": 4,
    "aiogram": 4,
    "pywa": 1.3,
    "grammy": 1.2,
}
"""How many times as fast as each we want to be, at the least, on each kind of body."""

AGAINST = {"Slack text": "Messenger text"}
"""What of ours a body is set beside that we do not read."""


class Measured(NamedTuple):
    """One library on one kind of body. `ratio`: how many times as fast ours is, by CPU."""

    peer: str
    kind: str
    each: float
    ratio: float
    handled: int
    sent: int


def posts(kind: str, first: int, messages: int) -> list[Post]:
    """So many messages of a kind, none of which was sent before."""
    make = KINDS.get(kind, slack_text)
    size = make(0).messages
    return [make(first // size + number) for number in range(max(1, messages // size))]


class Contest:
    """Everybody who takes a kind of body, in turn."""

    def __init__(self, kind: str, folder: Path, messages: int) -> None:
        self._kind = kind
        self._messages = messages
        self._first = count(1)
        self.handled: dict[str, int] = {}
        self.sent: dict[str, int] = {}
        self.takers: dict[str, Callable[[], Lap]] = {}
        ours = AGAINST.get(kind, kind)
        self._add("ours", ours, partial(taker, ours, folder / f"{kind}.db"))
        for peer in peers.there():
            if kind in peer.takers:
                self._add(peer.name, kind, peer.takers[kind])
        for name, kinds in node.KINDS.items():
            if kind in kinds and node.folder():
                self.takers[name] = partial(self._on_node, name)

    def _add(self, name: str, kind: str, make: Callable[[], AbstractAsyncContextManager[Taker]]) -> None:
        self.takers[name] = lambda: asyncio.run(self._take(name, kind, make))

    def _fresh(self, kind: str) -> list[Post]:
        return posts(kind, next(self._first) * 1000 * PEOPLE, self._messages)

    def _count(self, name: str, handled: int, given: Sequence[Post]) -> None:
        self.handled[name] = self.handled.get(name, 0) + handled
        self.sent[name] = self.sent.get(name, 0) + sum(post.messages for post in given)

    async def _take(
        self, name: str, kind: str, make: Callable[[], AbstractAsyncContextManager[Taker]]
    ) -> Lap:
        given, watch = self._fresh(kind), Watch()
        async with make() as one:
            # Everybody has written before, as nearly everybody has who writes to somebody.
            if not one.knows_everybody:
                await _hand_over(one, posts(kind, 0, PEOPLE))
                await one.rest()
            before = one.handled
            gc.collect()
            with watch.lap():
                await _hand_over(one, given)
            self._count(name, one.handled - before, given)
        return watch.laps[0]

    def _on_node(self, name: str) -> Lap:
        given = self._fresh(self._kind)
        warm = self._fresh(self._kind)[: len(given) // (node.WARM - 1)]
        found = node.run(name, "webhook", self._kind, [*warm, *given])
        self._count(name, found.handled, given)
        return found.lap


IN_FLIGHT = 128
_PATIENCE = 6000  # looks, ten milliseconds apart, without any message handled: then what is missing is lost


async def _hand_over(one: Taker, given: Sequence[Post]) -> None:
    """Hand over every post, so many at a time, and wait until all is handled, or nothing more comes."""
    waiting = iter(given)

    async def peer() -> None:
        for post in waiting:
            await one.take(post)

    wanted = one.handled + sum(post.messages for post in given)
    await asyncio.gather(*(peer() for _ in range(IN_FLIGHT)))
    idle, last = 0, -1
    while one.handled < wanted and idle < _PATIENCE and not one.at_once:
        idle, last = (idle + 1, last) if one.handled == last else (0, one.handled)
        await asyncio.sleep(0.01)


def measure(kind: str, folder: Path, messages: int, times: int) -> list[Measured]:
    """Everybody on one kind of body."""
    contest = Contest(kind, folder, messages)
    laps = rounds(contest.takers, times)
    # For each message that was handled: who drops nine of ten is not ten times as fast.
    costs = {name: [lap.cpu / max(1, contest.handled[name]) for lap in found] for name, found in laps.items()}
    return [
        Measured(
            name,
            kind,
            median(each) * times * 1e6,
            median(theirs / mine for theirs, mine in zip(each, costs["ours"], strict=True)),
            contest.handled[name],
            contest.sent[name],
        )
        for name, each in costs.items()
    ]


def goal(one: Measured) -> Goal:
    """Whether ours is as far ahead as we want to be; whether ours handled all."""
    if one.peer == "ours":
        return Goal(f"{one.kind}: share handled", one.handled / one.sent, 1)
    return Goal(f"{one.kind}, beside {one.peer}", one.ratio, GOALS[one.peer])


def row(one: Measured) -> tuple[str, ...]:
    """One line of the table."""
    wanted = "" if one.peer == "ours" else f"{GOALS[one.peer]}"
    shown = "" if one.peer == "ours" else f"{one.ratio:.2f}"
    lost = "" if one.handled >= one.sent else f"LOST {one.sent - one.handled:,}"
    return (one.kind, one.peer, f"{one.each:.0f}", shown, wanted, f"{one.handled:,}", f"{one.sent:,}", lost)


HEAD = ("webhook", "library", "µs CPU", "ours is x times as fast", "goal", "handled", "sent", "")


def main(argv: Sequence[str]) -> int:
    """Print the table; 1 if ours lost a message, or is not as far ahead of somebody as it should be."""
    options = argparse.ArgumentParser(prog="python -m bench webhook", description=__doc__)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--messages", type=int, default=1000, help="of each kind, in a round")
    options.add_argument("--kinds", nargs="*", choices=[*KINDS, *AGAINST], help="only these")
    options.add_argument("--folder", help="where the files are made; the disk that is measured")
    given = options.parse_args(argv)
    with TemporaryDirectory(dir=given.folder) as folder:
        found = [
            one
            for kind in given.kinds or [*KINDS, *AGAINST]
            for one in measure(kind, Path(folder), given.messages, given.rounds)
        ]
    lines = [
        f"medians of {given.rounds} rounds, all in turn, by CPU for each message handled; {IN_FLIGHT} in flight",
        table(HEAD, [row(one) for one in found]),
        peers.missing(),
    ]
    return finish("webhook", "\n".join(filter(None, lines)), [goal(one) for one in found])


if __name__ == "__main__":
    import sys

    sys.exit(main(sys.argv[1:]))
