"""Journals for the tests: hand-written ones in one line, and every kind that hypothesis can think of."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from omnichannel.identity import UNPROVEN, Entry, Partition, Point
from omnichannel.model import Strength

ADDRESSES = range(1, 8)
POINTS = [Point(number) for number in ADDRESSES]


def claim(
    number: int, one: int, other: int, strength: str = "verified", at: int = 0, method: str = "dmarc", **more
) -> Entry:
    return Entry(number, "claim", one, other, Strength(strength), method, at=at or number, **more)


def accept(number: int, one: int, other: int, **more) -> Entry:
    return Entry(number, "accept", one, other, at=number, **more)


def refuse(number: int, one: int, other: int, **more) -> Entry:
    return Entry(number, "refuse", one, other, at=number, **more)


def share(number: int, one: int, **more) -> Entry:
    return Entry(number, "share", one, at=number, **more)


def revoke(number: int, entry: Entry) -> Entry:
    return Entry(number, "revoke", entry.one, entry.other, target=entry.id, at=number)


def kept(journal: list[Entry], appended: list[Entry]) -> list[Entry]:
    """The journal after the store has appended entries and numbered them."""
    last = max((entry.id for entry in journal), default=0)
    return [*journal, *(replace(entry, id=last + nth) for nth, entry in enumerate(appended, 1))]


SCOPED = {"whatsapp", "messenger", "x", "telegram", "account", "cookie", "webchat", "handle", "line"}


def points(*kinds: str, **more) -> list[Point]:
    """Addresses numbered from 1: "email", "whatsapp@de", "phone?" (whoever only says so)."""
    found = []
    for number, text in enumerate(kinds, 1):
        kind, _, scope = text.rstrip("?").partition("@")
        where = UNPROVEN if text.endswith("?") else scope or ("here" if kind in SCOPED else "")
        found.append(
            Point(number, kind, where, VALUES.get(kind, "{kind}-{n}").format(kind=kind, n=number), **more)
        )
    return found


VALUES = {"email": "person{n}@mail.nl", "phone": "+3161803000{n}"}
KINDS_MET = ["claim"] * 5 + ["accept", "refuse", "refuse", "share", "revoke", "revoke"]


def sides(partition: Partition) -> set[frozenset[int]]:
    """The customers, each as the set of its addresses."""
    return {frozenset(partition.members(customer)) for customer in set(partition.customer_of.values())}


def several(partition: Partition) -> list[set[int]]:
    """The customers of more than one address, in the order of their ids."""
    return [set(side) for side in sorted(sides(partition), key=min) if len(side) > 1]


@st.composite
def journals(draw: st.DrawFn, most: int = 24) -> list[Entry]:
    """A journal over seven addresses: claims of every strength, decisions, revocations of revocations."""
    journal: list[Entry] = []
    for number in range(1, draw(st.integers(0, most)) + 1):
        kind = draw(st.sampled_from(KINDS_MET))
        # Few different times, so that ties happen; not growing, so that old evidence can come late.
        at = draw(st.integers(1, 4))
        if kind == "revoke":
            if journal:
                target = draw(st.sampled_from(journal))
                journal.append(Entry(number, "revoke", target.one, target.other, target=target.id, at=at))
            continue
        one, other = draw(st.sampled_from([(a, b) for a in ADDRESSES for b in ADDRESSES if a != b]))
        strength = draw(st.sampled_from(list(Strength))) if kind == "claim" else Strength.ATTESTED
        method = draw(st.sampled_from(["dmarc", "token", "text", "a method of somebody's"]))
        alone = kind == "share" or (kind == "claim" and draw(st.integers(0, 9)) == 0)
        journal.append(Entry(number, kind, one, None if alone else other, strength, method, at=at))
    return journal
