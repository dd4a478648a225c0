"""Reading the same bodies as other libraries do: for `python -m bench parse`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from itertools import cycle
from statistics import median
from typing import Any, NamedTuple

from bench import peers
from bench.interleave import Lap, ratio, rounds, timed
from bench.outcome import Goal
from bench.peers import node
from bench.peers.bodies import KINDS, Post
from bench.peers.ours import channel, delivery
from omnichannel.model import Received

BARE = "JSON and one validation"
GOALS = {BARE: 0.5, "chat-sdk": 4, "chat": 12, "aiogram": 2.5, "python-telegram-bot": 5, "pywa": 1.2}
"""How many times as fast as each we want to be, at the least. grammy's own reading is `JSON.parse` alone."""


class Beside(NamedTuple):
    """One reader on one kind of body: microseconds for one delivery, and how many times as fast ours is."""

    kind: str
    reader: str
    each: float
    ratio: float

    @property
    def goal(self) -> Goal:
        """Whether ours is as far ahead as we want to be."""
        return Goal(f"{self.kind}, beside {self.reader}", self.ratio, GOALS[self.reader])


def measure(kind: str, times: int, count_of_rounds: int) -> list[Beside]:
    """Ours and all others on one kind of body, in turn; `times` deliveries each, none twice."""
    posts = [KINDS[kind](number) for number in range(times)]
    laps = rounds(_contestants(kind, posts), count_of_rounds)
    found = [Beside(kind, "ours", _each(laps["ours"], len(posts)), 1.0)]
    for name, theirs in laps.items():
        if name != "ours":
            found.append(Beside(kind, name, _each(theirs, len(posts)), ratio(laps["ours"], theirs).cpu))
    return found


def _each(laps: Sequence[Lap], times: int) -> float:
    return median(lap.cpu for lap in laps) / times * 1e6


def _contestants(kind: str, posts: Sequence[Post]) -> dict[str, Callable[[], Lap]]:
    account = channel(kind)
    deliveries = [delivery(account.name, post) for post in posts]
    found = {
        "ours": partial(_all, lambda one: list(account.parse(one)), deliveries),
        BARE: partial(_all, _bare(account.parse, deliveries[0]), posts),
    }
    for peer in peers.there():
        if kind in peer.readers:
            found[peer.name] = partial(_all, _of_body(peer.readers[kind]), posts)
    if kind in node.KINDS["chat"] and node.folder():
        found["chat"] = partial(_on_node, kind, posts)
    return found


def _all(read: Callable[[Any], object], given: Sequence[object]) -> Lap:
    one = cycle(given)
    return timed(lambda: read(next(one)), len(given))


def _of_body(read: Callable[[bytes], object]) -> Callable[[Post], object]:
    return lambda post: read(post.body)


def _bare(parse: Callable[..., Any], delivery: object) -> Callable[[Post], object]:
    """The least that a typed library can do: read JSON, and validate a plain dict with what is in it, once each."""
    received = [event for event in parse(delivery) if isinstance(event, Received)]
    dicts = [event.model_dump() for event in received]
    assert [Received.model_validate(each) for each in dicts] == received
    loads = _loads()

    def read(post: Post) -> None:
        loads(post.body)
        for each in dicts:
            Received.model_validate(each)

    return read


def _loads() -> Callable[[bytes], object]:
    """The fastest reader of JSON that is installed."""
    try:
        fast: Callable[[bytes], object] = import_module("orjson").loads
    except ImportError:
        from pydantic_core import from_json

        return from_json
    return fast


def _on_node(kind: str, posts: Sequence[Post]) -> Lap:
    """As many as the others read, after some to warm up."""
    warm = list(posts)[: len(posts) // (node.WARM - 1)]
    found = node.run("chat", "parse", kind, [*warm, *posts]).lap
    share = len(posts) / (len(warm) + len(posts) - (len(warm) + len(posts)) // node.WARM)
    return Lap(found.wall * share, found.cpu * share)
