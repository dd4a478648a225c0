"""Random evidence logs: few addresses, few moments, few names, so that whatever can collide does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from random import Random
from typing import Any

from omnichannel.identity import (
    KINDS,
    METHODS,
    POLICY,
    UNPROVEN,
    Entry,
    Partition,
    Point,
    Policy,
    Said,
    beginnings,
    departures,
    live,
    ties,
)
from omnichannel.model import Purpose, Strength

DAY = 86_400 * 1_000_000
MOMENTS = tuple(DAY * day for day in (1, 2, 3, 30, 60, 61, 120))
"""Within and beyond the silence after which a number is somebody else's (45 days), and equal more often than not."""
LAST = DAY * 200
NAMES = ("Anna Visser", "A. Visser", "Anna", "Bob de Wit", "Chen Li")
METHODS_MET = (*METHODS, "a method of somebody's")
STRENGTHS = tuple(Strength)
OWNER = 1000
"""The number of an address's second owner is this much more than its own."""


@dataclass(frozen=True)
class Flavour:
    """What a log is rich in. `kinds` of addresses, `does` which entries, `methods` of its claims, as weights.

    `tight`: how often it has a policy of its own, with tight limits; `back`: how often a claim says an earlier one
    again, or back; `tied`: how often it is of an account and something else.
    """

    name: str
    kinds: str = "email phone phone whatsapp messenger account handle cookie x line"
    does: str = "claim claim claim claim claim claim claim accept refuse revoke revoke share leave object"
    methods: Sequence[str] = METHODS_MET
    tight: float = 0.4
    back: float = 0.25
    tied: float = 0.0


FLAVOURS = (
    Flavour("mixed"),
    Flavour("crowded", "whatsapp whatsapp messenger email email", tight=0.9, methods=("token", "import", "form")),
    Flavour("moving", "phone phone handle whatsapp x", methods=("platform_mapping", "number_change", "text"),
            back=0.1, tied=0.7, does="claim claim claim claim claim leave leave revoke"),
    Flavour("mutual", methods=("text", "text", "form", "profile", "contact_card", "signature"), back=0.7),
    Flavour("alike", methods=("likeness", "likeness", "signature", "name", "dmarc"),
            does="claim claim claim claim claim claim refuse object freeze revoke"),
    Flavour("shared", "cookie cookie account account email phone", methods=("login", "token", "form")),
    Flavour("undone", does="claim claim claim accept refuse revoke revoke revoke revoke"),
    Flavour("decided", does="claim claim accept accept refuse refuse revoke share"),
)  # fmt: skip


@dataclass(frozen=True)
class Log:
    """A journal with the addresses that it speaks of, the policy and the moment to judge it by.

    `addresses` are as they were first met; `points` are their owners, as the journal tells them.
    """

    addresses: tuple[Point, ...]
    entries: tuple[Entry, ...]
    policy: Policy = POLICY
    at: int | None = None
    flavour: str = ""

    @cached_property
    def points(self) -> tuple[Point, ...]:
        """Every owner of every address."""
        return settled(self.addresses, self.entries, self.policy)

    @cached_property
    def found(self) -> dict[Purpose, Partition]:
        """Who is one customer, for the purposes that were asked for so far."""
        return {}

    def adding(self, entries: Sequence[Entry], addresses: Sequence[Point] = ()) -> Log:
        """The log with more in it."""
        return replace(
            self,
            addresses=(*self.addresses, *addresses),
            entries=(*self.entries, *kept(self.entries, entries)),
        )

    def without(self, *gone: Entry) -> Log:
        """The log as if some entries had never been written."""
        return replace(self, entries=tuple(entry for entry in self.entries if entry not in gone))

    def only(self, roots: frozenset[int]) -> Log:
        """What the log says of some addresses alone."""
        return replace(
            self,
            addresses=tuple(address for address in self.addresses if address.id in roots),
            entries=tuple(entry for entry in self.entries if roots.issuperset(entry.pair)),
        )


def kept(journal: Sequence[Entry], appended: Sequence[Entry]) -> list[Entry]:
    """Entries with the numbers that a store gives them; those that have one keep it."""
    last = max((entry.id for entry in (*journal, *appended)), default=0)
    return [entry if entry.id else replace(entry, id=last + nth) for nth, entry in enumerate(appended, 1)]


def settled(addresses: Sequence[Point], entries: Sequence[Entry], policy: Policy) -> tuple[Point, ...]:
    """The owners of all addresses, one point each, as a store writes them down."""
    counted = live(entries)
    known = {address.id: address for address in addresses}
    return tuple(owner for address in addresses for owner in _owners(address, known, counted, policy))


def _owners(address: Point, known: dict[int, Point], counted: Sequence[Entry], policy: Policy) -> list[Point]:
    gap = policy.kind(address.kind).gap
    if gap is None:
        return [address]
    since = beginnings(ties(address.id, known, counted, policy), gap, departures(address.id, counted, policy))
    several = 1 + len(since)
    later = (
        replace(
            address,
            id=address.id + OWNER * nth,
            first=address.id,
            since=at,
            names=address.names[nth::several],
        )
        for nth, at in enumerate(since, 1)
    )
    return [replace(address, names=address.names[::several]), *later]


def random_log(random: Random) -> Log:
    """A log out of any source of chance."""
    flavour = random.choice(FLAVOURS)
    addresses = random_addresses(random, flavour.kinds.split(), range(1, random.randint(3, 9) + 1))
    entries = tuple(random_entries(random, flavour, addresses))
    policy = random_policy(random) if random.random() < flavour.tight else POLICY
    at = random.choice((None, None, None, None, LAST, LAST, *MOMENTS[3:]))
    return Log(addresses, entries, policy, at, flavour.name)


def random_addresses(random: Random, kinds: Sequence[str], numbers: Sequence[int]) -> tuple[Point, ...]:
    """Addresses of some kinds; now and then one that a role has, or of whoever only says that it is theirs."""
    found = []
    for number in numbers:
        kind = random.choice(kinds)
        scope = "" if kind in ("email", "phone") else random.choice(("one", "one", "two"))
        if kind in ("email", "phone") and random.random() < 0.12:
            scope = UNPROVEN
        names = tuple(
            Said(random.choice(NAMES), random.choice(STRENGTHS))
            for _ in range(random.choice((0, 0, 0, 1, 1, 1, 2, 3)))
        )
        value = _value(random, kind, number)
        found.append(Point(number, kind, scope, value, names, retired=random.random() < 0.06))
    return tuple(found)


def _value(random: Random, kind: str, number: int) -> str:
    odd = random.random() < 0.04
    if kind == "email":
        return random.choice(("info@shop.nl", "test@mail.nl")) if odd else f"person{number}@mail.nl"
    if kind == "phone":
        return "+31000000000" if odd else f"+3161803{number:04}"
    return f"{kind}-{number}-id"


def random_policy(random: Random) -> Policy:
    """Tight limits, other thresholds, claims that expire."""
    kinds = {
        name: replace(kind, most=random.randint(1, 2), loosely=random.choice((0, 2, 3)))
        for name, kind in KINDS.items()
    }
    methods = dict(METHODS)
    if random.random() < 0.5:
        for name in ("text", "form", "token"):
            methods[name] = replace(METHODS[name], lasts=random.choice((DAY, 30 * DAY)))
    return Policy(
        methods=methods,
        kinds=kinds,
        largest=random.randint(2, 6),
        accounts=random.randint(2, 3),
        least={
            Purpose.ASSIST: random.choice((0.9, 0.96, 0.5)),
            Purpose.ANALYTICS: random.choice((0.5, 0.25)),
        },
    )


def random_entries(random: Random, flavour: Flavour, addresses: Sequence[Point]) -> list[Entry]:
    """A journal, in no order: neither numbers nor times grow, and what is revoked may be a revocation."""
    does: list[Any] = flavour.does.split()
    numbers = [address.id for address in addresses]
    many = random.choice((2, 5, 8, 12, 16, 20, 26))
    ids = random.sample(range(2, 400, 2), many)
    found: list[Entry] = []
    for number in ids:
        kind = random.choice(does)
        at = random.choice(MOMENTS)
        if kind == "revoke":
            if found:
                target = random.choice(found)
                found.append(Entry(number, "revoke", target.one, target.other, target=target.id, at=at))
        elif kind == "claim":
            found.append(_claim(random, flavour, number, at, addresses, found))
        else:
            one, other = random.sample(numbers, 2)
            alone = kind in ("share", "leave", "object", "freeze")
            found.append(
                Entry(number, kind, one, None if alone else other, at=at, actor=random.choice(("", "kim")))
            )
    return found


def _claim(
    random: Random, flavour: Flavour, number: int, at: int, addresses: Sequence[Point], found: Sequence[Entry]
) -> Entry:
    one: int
    other: int | None
    one, other = _pair(random, flavour, addresses)
    if found and random.random() < flavour.back:
        earlier = random.choice(found)  # say it back, or say it again
        if earlier.other is not None:
            one, other = (
                (earlier.other, earlier.one) if random.random() < 0.7 else (earlier.one, earlier.other)
            )
    if random.random() < 0.04:
        other = None
    method = random.choice(flavour.methods)
    known = METHODS.get(method)
    strength = known.most if known and random.random() < 0.7 else random.choice(STRENGTHS)
    return Entry(
        number, "claim", one, other, strength, method, at=at,
        expires_at=random.choice(MOMENTS) if random.random() < 0.1 else None,
        likely=random.choice((0.2, 0.92, 0.99)) if random.random() < 0.15 else None,
    )  # fmt: skip


def _pair(random: Random, flavour: Flavour, addresses: Sequence[Point]) -> tuple[int, int]:
    accounts = [address.id for address in addresses if POLICY.kind(address.kind).account]
    others = [address.id for address in addresses if address.id not in accounts]
    if accounts and others and random.random() < flavour.tied:
        return random.choice(accounts), random.choice(others)
    one, other = random.sample(addresses, 2)
    return one.id, other.id
