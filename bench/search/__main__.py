"""`python -m bench search`: finding messages by their words, beside the same query in bare SQL, and beside a scan.

A store is filled with so many messages, on SQLite or PostgreSQL, and indexed as a server does it, in the background.
Then, in turn: `inbox.search.messages`, the same query by hand on the same index (its rows and their content, nothing
read or checked), and `LIKE` over all messages. A scan finds as many as we do, or the bench fails.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from statistics import median
from typing import NamedTuple

from bench.interleave import Lap, ratio, rounds, table, timed
from bench.outcome import Goal, finish
from bench.places import Place, Say, options, wanted
from bench.search.filling import VOCABULARY, fill, order, text
from omnichannel import Inbox
from omnichannel.desk.search import asked
from omnichannel.inbox.search import tokens
from omnichannel.model import Where
from omnichannel.store.sqlite import SqliteDriver

PAGE = 20
SCAN, MANY = 1.0, 50_000
"""The goal: no kind of query costs more than a scan does, from so many messages on."""


class Kind(NamedTuple):
    """A kind of query: what is typed, and the words that `LIKE` looks for."""

    name: str
    typed: str
    like: tuple[str, ...]
    where: Where = Where()


def kinds(messages: int) -> list[Kind]:
    """From words that stand everywhere to what stands once, and nowhere."""
    often, less, seldom = VOCABULARY[0], VOCABULARY[60], VOCABULARY[3000]
    first, second = text(messages // 2).split()[:2]
    return [
        Kind("one message", order(messages // 2), (order(messages // 2),)),
        Kind("a word in every fourth", often, (often,)),
        Kind("a word in some", less, (less,)),
        Kind("a rare word", seldom, (seldom,)),
        Kind("two words", f"{VOCABULARY[30]} {less}", (VOCABULARY[30], less)),
        Kind("two in a row", f'"{first} {second}"', (f"{first} {second}",)),
        Kind("a beginning", f"{VOCABULARY[200][:-1]}*", (VOCABULARY[200][:-1],)),
        Kind("on one account", less, (less,), Where(account="shop")),
        Kind("nothing", f"{order(1)} {order(2)}", (order(1), order(2))),
    ]


class Found(NamedTuple):
    """Of one kind of query: what a page holds, each contestant's laps."""

    kind: Kind
    hits: int
    laps: dict[str, list[Lap]]


class Index(NamedTuple):
    """What making the index cost: seconds of CPU, on the wall, and bytes."""

    cpu: float
    wall: float
    bytes: int


async def make_index(inbox: Inbox, size: Callable[[], int]) -> Index:
    """Take everything in, as a server does in the background."""
    await inbox.search.progress()
    before = size()
    cpu, wall = time.process_time(), time.perf_counter()
    await inbox.search.customers("nobody")
    while await inbox.index():
        pass
    done = Index(time.process_time() - cpu, time.perf_counter() - wall, 0)
    assert (await inbox.search.progress()).waiting == 0
    return done._replace(bytes=size() - before)


def by_hand(say: Say, inbox: Inbox, kind: Kind) -> list[tuple[object, ...]]:
    """The same query in bare SQL, on the same index: the content of a page of messages."""
    engine = SqliteDriver.full_text if inbox.url.startswith("sqlite") else _postgres()
    spelled = engine.spell(tokens.wanted_messages(1, asked(kind.typed), asked(""), kind.where))
    if inbox.url.startswith("sqlite"):
        return say(
            "SELECT m.content FROM sought_words AS f CROSS JOIN sought AS s CROSS JOIN messages AS m"
            " WHERE f.sought_words MATCH ? AND s.workspace = 1 AND s.doc = f.rowid AND m.workspace = 1"
            f" AND m.id = s.number ORDER BY f.rowid DESC LIMIT {PAGE}",
            (spelled,),
        )
    return say(
        "SELECT m.content FROM sought AS s JOIN messages AS m ON m.workspace = s.workspace AND m.id = s.number"
        " WHERE array_to_tsvector(string_to_array(s.words, ' ')) @@ ?::tsquery AND s.workspace = 1"
        f" ORDER BY s.doc DESC LIMIT {PAGE}",
        (spelled,),
    )


def _postgres():  # its driver is an extra
    from omnichannel.store.postgres import PostgresDriver

    return PostgresDriver.full_text


def scanned(say: Say, kind: Kind) -> list[tuple[object, ...]]:
    """The same without an index: every message is looked at."""
    likes = " AND content LIKE ?" * len(kind.like)
    only = " AND account = ?" if kind.where.account else ""
    given = [*(f"%{word}%" for word in kind.like), *([kind.where.account] if only else [])]
    return say(
        f"SELECT content FROM messages WHERE workspace = 1{likes}{only} ORDER BY received_at DESC LIMIT {PAGE}",
        given,
    )


def measure(inbox: Inbox, run: Callable[..., object], say: Say, messages: int, times: int) -> list[Found]:
    """Every kind of query, all contestants in turn."""
    found = []
    for kind in kinds(messages):
        search = partial(_search, inbox, run, kind)
        hits = len(search())
        assert hits == min(len(scanned(say, kind)), PAGE), f"{kind.name}: a scan finds another number"
        laps = rounds(
            {
                "ours": lambda search=search: timed(search),
                "by hand": lambda kind=kind: timed(lambda: by_hand(say, inbox, kind)),
                "scan": lambda kind=kind: timed(lambda: scanned(say, kind)),
            },
            times,
        )
        found.append(Found(kind, hits, laps))
    return found


def _search(inbox: Inbox, run: Callable[..., object], kind: Kind) -> Sequence[object]:
    return run(inbox.search.messages(kind.typed, where=kind.where, most=PAGE)).found  # type: ignore[attr-defined]


HEAD = (
    "query",
    "found",
    "ms",
    "CPU ms",
    "by hand ms",
    "CPU ms",
    "scan ms",
    "beside by hand",
    "beside a scan",
)


def row(found: Found) -> tuple[str, ...]:
    """One line of the table."""
    laps = found.laps
    costs = [
        f"{median(getattr(lap, what) for lap in laps[name]) * 1e3:.2f}"
        for name, what in (
            ("ours", "wall"),
            ("ours", "cpu"),
            ("by hand", "wall"),
            ("by hand", "cpu"),
            ("scan", "wall"),
        )
    ]
    shares = [f"{ratio(laps['ours'], laps[name]).wall:.2f}x" for name in ("by hand", "scan")]
    return (found.kind.name, str(found.hits), *costs, *shares)


def goals(engine: str, messages: int, found: Sequence[Found]) -> list[Goal]:
    """What every kind of query keeps to: of few messages a scan costs nothing."""
    return [
        Goal(
            f"{engine}, {one.kind.name}: beside a scan", ratio(one.laps["ours"], one.laps["scan"]).wall, SCAN
        )
        for one in found
        if messages >= MANY
    ]


def main(argv: Sequence[str]) -> int:
    """Print the tables; 1 if a goal is missed."""
    parser = options("search", __doc__, 7)
    parser.add_argument("--messages", type=int, default=20_000)
    given = parser.parse_args(argv)
    lines, kept = [], []
    for fresh in wanted(given):
        with fresh as place:
            index, found = run_one(place, given.messages, given.rounds)
        each = f"{index.cpu / given.messages * 1e6:.0f} µs CPU, {index.bytes / given.messages:.0f} bytes a message"
        lines += [
            f"{place.engine}, {given.messages:,} messages: indexed in {index.wall:.1f} s, {each}",
            table(HEAD, [row(one) for one in found]),
        ]
        kept += goals(place.engine, given.messages, found)
    return finish("search", "\n".join(lines), kept)


def run_one(place: Place, messages: int, times: int) -> tuple[Index, list[Found]]:
    """Fill a store, index it, and ask."""
    fill(place.url, messages)
    inbox = Inbox(place.url)
    with asyncio.Runner() as runner:
        try:
            index = runner.run(make_index(inbox, place.size))
            return index, measure(inbox, runner.run, place.say, messages, times)
        finally:
            runner.run(inbox.close())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
