"""What happens in a scenario, all of it drawn from its seed: who writes, who dies where, and what goes wrong."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

from bench.simulate.deaths import INSIDE, STALLS, STILL, Kill, When
from bench.simulate.decisions import BLOCKS, LISTENING, STORIES, Decision
from omnichannel.store.opening import schema_files

NEWEST = 99
"""The version of the tables that this library makes; 0 is an empty disk, and between them are migrations."""

# How far into a life a boundary is still likely to be crossed, and how often it is where a process dies.
_REACH = {
    "write": 120, "sync": 60, "truncate": 25, "commit": 45, "committed": 45, "send": 6, "sent": 6, "answer": 6,
    "answered": 6, "handle": 6, "fetch": 6, "ask": 4, "told": 4, "begin": 45,
}  # fmt: skip
_WEIGHTS = {
    "write": 10, "sync": 8, "truncate": 2, "commit": 4, "committed": 4, "send": 6, "sent": 2, "answer": 3,
    "answered": 3, "handle": 2, "fetch": 2, "ask": 1, "told": 2,
}  # fmt: skip

CHANNELS = (
    "chat", "chat", "chat", "polled", "polled", "messenger", "messenger", "instagram", "whatsapp", "sms", "telegram",
    "x", "email", "email", "webchat", "facebook", "voice",
    "letter",
)  # fmt: skip
"""What is played, and how often beside the others."""

HANDS = 2
"""How many handlers run beside each other where many write more than they can answer."""

CALLED = ("chat", "messenger", "instagram", "whatsapp", "sms", "telegram", "x", "facebook", "voice")
"""Where calls go to a platform that may say 429, and what comes is posted."""

UNDECIDED = ("facebook", "letter")
"""Where no operator decides who is who: people merge by coming over, and nobody proves who wrote on paper."""

OLDER = range(1, len(schema_files()))
"""The versions from which a migration leads to the newest."""

SENDS = (
    "refused", "lost before", "lost after", "failed before", "failed after", "garbage", "hang before", "hang after",
    "late", "too many", "rejected",
)  # fmt: skip
"""How a platform or the way to it fails on a call; what is `after` was taken all the same."""


@dataclass(frozen=True)
class Plan:
    """One scenario. Shares are from 0 to 1, times in seconds.

    `tables` is the version that the disk begins with, `checkpoint` how many pages a write-ahead log may have.
    `crowd`: how long two handlers take over each of far more messages than they can answer; 0: no crowd. `limited`:
    for a day the platform takes nothing (429). `settles`: a person decides what is in doubt.
    """

    seed: str
    channel: str
    wal: bool
    checkpoint: int
    workers: int
    tables: int
    shuffled: bool
    messages: int
    customers: int
    echoes: bool
    kills: tuple[Kill | None, ...]
    redelivered: float
    unheard: float
    forged: float
    odd: float
    batched: float
    late_news: float
    sends: tuple[tuple[str, float], ...]
    handler_fails: float
    handler_slow: float
    half_jobs: tuple[float, ...]
    full_at: tuple[tuple[float, float], ...]
    broken_at: tuple[tuple[float, float], ...]
    unreadable_at: tuple[tuple[float, float], ...]
    clock_jumps: tuple[tuple[float, float], ...]
    decisions: tuple[tuple[float, Decision], ...]
    crowd: float = 0.0
    limited: bool = False
    settles: bool = False

    @property
    def has_desk(self) -> bool:
        """Whether the inbox has a desk: where somebody is not listened to."""
        return any(what == "block" for _, what in self.decisions)


def plan(seed: str) -> Plan:
    """The scenario of a seed."""
    return _shaped(_drawn(seed))


def _drawn(seed: str) -> Plan:
    chance = random.Random(f"plan {seed}")
    calm = chance.random() < 0.15  # nothing but deaths: what goes wrong then is surely theirs
    workers = 1 if chance.random() < 0.7 else chance.choice((2, 3))
    channel = chance.choice(CHANNELS)
    decisions = _decisions(chance) if channel not in UNDECIDED else ()
    least = 2 if any(what == "merge" for _, what in decisions) else 1
    return Plan(
        seed=seed,
        channel=channel,
        wal=workers == 1 and chance.random() < 0.5,
        checkpoint=chance.choice((1000, 1000, 100, 12)),
        workers=workers,
        tables=chance.choices((NEWEST, 0, *OLDER), (86, 6, *(8 / len(OLDER) for _ in OLDER)))[0],
        shuffled=chance.random() < 0.7,
        messages=max(least, chance.choice((1, 2, 3, 3, 4, 6))),
        customers=max(least, chance.choice((1, 1, 2, 3))),
        echoes=chance.random() < 0.5,
        kills=tuple(_kill(chance) for _ in range(chance.choice((0, 1, 1, 1, 2, 2, 3)))),
        redelivered=0.0 if calm else chance.choice((0.0, 0.2, 0.6)),
        unheard=0.0 if calm else chance.choice((0.0, 0.0, 0.3)),
        forged=0.0 if calm else chance.choice((0.0, 0.2)),
        odd=0.0 if calm else chance.choice((0.0, 0.0, 0.2)),
        batched=chance.choice((0.0, 0.5)),
        late_news=chance.choice((0.0, 0.5)),
        sends=() if calm else _sends(chance),
        handler_fails=0.0 if calm else chance.choice((0.0, 0.0, 0.2)),
        handler_slow=0.0 if calm else chance.choice((0.0, 0.0, 0.2)),
        half_jobs=() if calm else tuple(chance.uniform(0.0, 3.0) for _ in range(chance.choice((0, 0, 2)))),
        full_at=() if calm else _spans(chance, 0.15),
        broken_at=() if calm else _spans(chance, 0.08),
        unreadable_at=() if calm else _spans(chance, 0.08),
        clock_jumps=() if calm else _jumps(chance),
        decisions=decisions + _blocks(random.Random(f"blocks {seed}")),
    )


def _shaped(drawn: Plan) -> Plan:
    """Most worlds as they were drawn; in some a worker stands still, or the platform takes nothing, or many write."""
    chance = random.Random(f"shape {drawn.seed}")
    share, quiet = (
        chance.random(),
        replace(drawn, kills=(), full_at=(), broken_at=(), unreadable_at=(), clock_jumps=()),
    )
    if share < 0.3:
        return _standing(drawn, chance)
    if share < 0.32 and drawn.channel in CALLED:
        sends = (("too many", 1.0),)
        return replace(drawn, limited=True, sends=sends, messages=6, clock_jumps=(), decisions=())
    if share < 0.35 and drawn.channel in CALLED:
        return replace(
            quiet, crowd=chance.choice((0.4, 0.7)), messages=24, customers=4, handler_slow=0.0, decisions=(),
            redelivered=0.0, unheard=0.0, sends=(), workers=1, half_jobs=(),
        )  # fmt: skip
    return drawn


def _standing(drawn: Plan, chance: random.Random) -> Plan:
    """One or two of several workers stand still for a while; others may die meanwhile."""
    stalls = tuple(_stall(chance) for _ in range(chance.choice((1, 1, 2))))
    refused = drawn.sends and any(one.what in ("send", "sent") for one in stalls)  # a no that comes late, too
    return replace(
        drawn, workers=max(2, drawn.workers), wal=False, kills=(*stalls, *drawn.kills), settles=chance.random() < 0.7,
        sends=(("rejected", 0.4),) if refused else drawn.sends,
    )  # fmt: skip


def _stall(chance: random.Random) -> Kill:
    what = chance.choice(
        ("begin", "begin", "begin", "committed", "committed", "send", "sent", "handle", *STALLS)
    )
    nth = 1 + int(_REACH[what] * chance.random() ** 1.5)
    return Kill(what, "stall", nth, power=False, fate=chance.choice((3, STILL, STILL, 20)))


def small(seed: str) -> Plan:
    """A world of one or two messages, in which nobody dies: every death is tried in it, one by one.

    It has no desk, at which each step has several times as many places to die.
    """
    chance = random.Random(f"small {seed}")
    workers = chance.choice((1, 1, 1, 2, 1, 2))
    large = _drawn(f"{seed} small")
    least = 2 if any(what == "merge" for _, what in large.decisions) else 1
    return replace(
        large,
        seed=seed,
        workers=workers,
        wal=workers == 1 and chance.random() < 0.5,
        messages=max(least, chance.choice((1, 1, 2))),
        customers=max(least, chance.choice((1, 2))),
        kills=(),
        half_jobs=(),
        full_at=(),
        broken_at=(),
        unreadable_at=(),
        clock_jumps=(),
        handler_slow=0.0,
        settles=random.Random(f"settles {seed}").random() < 0.5,
        decisions=tuple(one for one in large.decisions if one[1] not in LISTENING),
    )


def _kill(chance: random.Random) -> Kill:
    what = chance.choices(list(_WEIGHTS), list(_WEIGHTS.values()))[0]
    whens: tuple[When, ...] = ("before", "inside") if what in INSIDE else ("before",)
    nth = 1 + int(_REACH[what] * chance.random() ** 1.5)
    return Kill(what, chance.choice(whens), nth, power=chance.random() < 0.5)


def _sends(chance: random.Random) -> tuple[tuple[str, float], ...]:
    """One way to fail that happens now and then, or several."""
    if chance.random() < 0.3:
        return ()
    some = chance.sample(SENDS, chance.choice((1, 1, 2, 4)))
    return tuple((fault, chance.choice((0.15, 0.4))) for fault in some)


def _spans(chance: random.Random, share: float) -> tuple[tuple[float, float], ...]:
    if chance.random() >= share:
        return ()
    start = chance.uniform(0.0, 4.0)
    return ((start, start + chance.choice((0.01, 0.3, 2.0))),)


def _decisions(chance: random.Random) -> tuple[tuple[float, Decision], ...]:
    """What an operator decides, each so many seconds after the one before."""
    if chance.random() >= 0.5:
        return ()
    return tuple((chance.choice((0.05, 0.5, 1.5)), what) for what in chance.choice(STORIES))


def _blocks(chance: random.Random) -> tuple[tuple[float, Decision], ...]:
    """Whether nobody listens to somebody for a while, after what else is decided."""
    if chance.random() >= 0.25:
        return ()
    return tuple((chance.choice((0.05, 0.5, 1.5)), what) for what in chance.choice(BLOCKS))


def _jumps(chance: random.Random) -> tuple[tuple[float, float], ...]:
    """When the machine's clock is set, and by how much."""
    if chance.random() >= 0.2:
        return ()
    return ((chance.uniform(0.2, 4.0), chance.choice((-20.0, -20.0, -2.0, 1.5, 3600.0, 3600.0))),)
