"""The crowd: who writes what, when and where, drawn from the seed. What becomes of it they do not know."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from bench.week.company import MONDAY, OPENINGS

MINUTE = timedelta(minutes=1)

_KINDS = {"email": 30, "webchat": 24, "whatsapp": 18, "messenger": 11, "sms": 9, "x": 8}
_LANGUAGES = {"en": 55, "nl": 30, "de": 15}
_TOPICS = {
    "parcel": 50, "refund": 9, "invoice": 8, "router": 4, "program": 7, "offer": 7, "outrage": 3, "praise": 8,
    "pills": 4,
}  # fmt: skip
_BY_HOUR = (
    2, 1, 1, 1, 1, 2, 4, 7, 10, 11, 11, 11, 10, 10, 11, 11, 11, 10, 9, 9, 8, 6, 4, 3,
)  # fmt: skip
"""How much is written in each hour of the day, by UTC: most customers live in Europe, some everywhere."""

_BURSTS = (
    (timedelta(days=1, hours=10), timedelta(hours=1), "program", 0.012),
    (timedelta(days=3, hours=19), timedelta(minutes=40), "parcel", 0.012),
)
"""When something happened: since when, for how long, what about, and how much of the week's questions it is."""


class Customer(NamedTuple):
    """Somebody who writes, on a channel of their own; who has a telephone writes on two."""

    number: int
    kind: str
    language: str
    gold: bool

    @property
    def name(self) -> str:
        """What they are called; also who they are."""
        return f"Customer {self.number}"

    @property
    def other(self) -> str:
        """The channel that they change to; none for most."""
        return {"whatsapp": "sms", "sms": "whatsapp"}.get(self.kind, "")


class Opening(NamedTuple):
    """Somebody begins."""

    at: datetime
    customer: Customer
    topic: str


def words(customer: Customer, topic: str, number: int) -> str:
    """What they write: the word of the topic gives it away, the first one the language."""
    return f"{OPENINGS[customer.language]}, about number {number}: {topic} . Can you have a look?"


def openings(draw: random.Random, count: int, days: int) -> list[Opening]:
    """So many first questions of a week, in order."""
    customers = [_customer(draw, number) for number in range(1, count // 2 + 2)]
    found = [*_calm(draw, customers, count, days), *_bursts(draw, customers, count, days)]
    return sorted(found)


def _customer(draw: random.Random, number: int) -> Customer:
    [kind] = draw.choices(list(_KINDS), list(_KINDS.values()))
    [language] = draw.choices(list(_LANGUAGES), list(_LANGUAGES.values()))
    return Customer(number, kind, language, draw.random() < 0.03)


def _calm(draw: random.Random, customers: list[Customer], count: int, days: int) -> Iterator[Opening]:
    weights = [(1.0 if day < 5 else 0.35) * much for day in range(days) for much in _BY_HOUR]
    for hour in draw.choices(range(24 * days), weights, k=count):
        at = MONDAY + timedelta(hours=hour, seconds=draw.randrange(3600))
        customer = draw.choice(customers)
        [topic] = draw.choices(list(_TOPICS), list(_TOPICS.values()))
        if customer.kind == "x" and draw.random() < 0.3:
            topic = "scandal"
        yield Opening(at, customer, topic)


def _bursts(draw: random.Random, customers: list[Customer], count: int, days: int) -> Iterator[Opening]:
    for since, length, topic, share in _BURSTS:
        for _ in range(math.ceil(count * share) if since < timedelta(days=days) else 0):
            at = MONDAY + since + timedelta(seconds=draw.randrange(int(length.total_seconds())))
            yield Opening(at, draw.choice(customers), topic)
