"""Whose claims are not believed: of whoever names an address every time, where others do it once.

A customer says who they are when they are asked, and is known from then on. Whoever poses as a customer has to say it
each time, for nothing else makes them one. How often senders name an address on a channel is learned from the stream
itself, and so is how many mails of a domain prove their sender: nothing is suspicious where everybody does it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from math import exp, log
from typing import NamedTuple

from omnichannel.identity.resolving.events_spoken import Spoken
from omnichannel.model import Address, Strength

_HONEST = 0.15
"""Where the bound of the probability that an honest sender seems to insist is too small (a guess)."""

_KNOWN = 10.0
"""After how many mails of a domain its own share of unproven ones weighs as much as everybody's (a guess)."""

_GIVEN = {"email": "email", "voice": "phone"}
"""The kind of address that a channel gives as the author's, though nothing proves it."""


class _Author(NamedTuple):
    """Who wrote, by their own address, and whether it was proven."""

    address: Address
    proven: bool

    def habit(self, channel: str) -> tuple[str, str, bool]:
        """Those whom they are like: who write on a channel from such addresses."""
        return channel, self.address.kind, self.proven


def insisting(several: Iterable[Spoken]) -> frozenset[str]:
    """The record ids of the events whose authors insist: what is unproven in them is not to be believed."""
    written: defaultdict[_Author, list[Spoken]] = defaultdict(list)
    for one in several:
        if author := _author(one):
            written[author].append(one)
    naming, forging = _Naming(written), _Forging(written)
    return frozenset(
        one.event.id
        for author, events in written.items()
        if naming.insists(author, events) or forging.likely(author, len(events))
        for one in events
    )


class _Naming:
    """How often authors of each habit name each kind of address."""

    def __init__(self, written: Mapping[_Author, Sequence[Spoken]]) -> None:
        self._events: Counter[tuple[str, str, bool]] = Counter()
        self._named: Counter[tuple[tuple[str, str, bool], str]] = Counter()
        for author, events in written.items():
            for one in events:
                habit = author.habit(one.event.channel)
                self._events[habit] += 1
                self._named.update((habit, kind) for kind in _named(author, one))

    def insists(self, author: _Author, events: Sequence[Spoken]) -> bool:
        """Whether one author names addresses far more often than others."""
        count = Counter(author.habit(one.event.channel) for one in events)
        named = Counter(
            (author.habit(one.event.channel), kind) for one in events for kind in _named(author, one)
        )
        return any(
            _at_least(times, count[habit], self._named[habit, kind] / self._events[habit]) < _HONEST
            for (habit, kind), times in named.items()
        )


class _Forging:
    """How many mails of each mailbox and each domain do not prove their sender."""

    def __init__(self, written: Mapping[_Author, Sequence[Spoken]]) -> None:
        self._mails: Counter[str] = Counter()
        self._unproven: Counter[str] = Counter()
        self._proven = {author.address: len(events) for author, events in written.items() if author.proven}
        for author, events in written.items():
            if author.address.kind == "email":
                (self._mails if author.proven else self._unproven)[_domain(author.address)] += len(events)
        self._mails += self._unproven
        self._usual = self._unproven.total() / max(1, self._mails.total())

    def likely(self, author: _Author, unproven: int) -> bool:
        """Whether so many mails without proof are likely not all their owner's; never where a domain proves none."""
        domain = _domain(author.address)
        if author.proven or author.address.kind != "email" or self._unproven[domain] == self._mails[domain]:
            return False
        share = (self._unproven[domain] + _KNOWN * self._usual) / (self._mails[domain] + _KNOWN)
        return _at_least(unproven, unproven + self._proven.get(author.address, 0), share) < _HONEST


def _author(one: Spoken) -> _Author | None:
    if one.proven:
        return _Author(one.proven[0], proven=True)
    kind = _GIVEN.get(one.event.channel)
    given = (
        address for address, strength in one.said if address.kind == kind and strength is Strength.ASSERTED
    )
    return next((_Author(address, proven=False) for address in given), None)


def _named(author: _Author, one: Spoken) -> set[str]:
    """The kinds of the addresses that an author says are theirs too."""
    return {
        address.kind
        for address, strength in one.said
        if strength is Strength.ASSERTED and address != author.address
    }


def _domain(address: Address) -> str:
    return address.value.rpartition("@")[2]


def _at_least(times: int, of: int, share: float) -> float:
    """How probable it is, at most, that something happens so many times or more (Chernoff's bound)."""
    seen = times / of
    if seen <= share:
        return 1.0
    surprise = seen * log(seen / share)
    if times < of:
        surprise += (1 - seen) * log((1 - seen) / (1 - share))
    return exp(-of * surprise)
