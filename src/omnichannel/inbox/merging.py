"""Keeping customers true to the journal: who is one is worked out anew wherever something was added to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from math import inf
from typing import NamedTuple

from omnichannel.identity import Entry, Partition, Point, Policy, Said, derive, epochs, joins, live, mutual
from omnichannel.identity.points import owned
from omnichannel.identity.shared import shared, standing
from omnichannel.inbox import owners
from omnichannel.inbox.rights import freezing
from omnichannel.model import Evidence, Purpose, Strength
from omnichannel.store import Tx, arrivals, facts, journal, people, records
from omnichannel.store.facts import Fact

_MOST = 20_000  # addresses that proofs connect; nobody has so many, so beyond it nothing is looked at


_EXPIRED = "evidence that has expired"
_POLICY = "customers by this policy"


class Around(NamedTuple):
    """What is known around some addresses: every owner of each, their names, and what the journal says.

    `inner` are those about which all is known. The others stand on the far side of an address that several people
    share: they are there to see that it is shared, and what is derived for them here means nothing.
    """

    people: dict[int, people.Person]
    points: list[Point]
    entries: list[Entry]
    inner: frozenset[int]

    def derive(self, policy: Policy, purpose: Purpose = Purpose.DISCLOSE, at: int | None = None) -> Partition:
        """Who is one customer among them at a moment."""
        return derive(self.points, self.entries, purpose, policy, at)

    def now(self, tx: Tx, purpose: Purpose = Purpose.DISCLOSE) -> Partition:
        """Who is one customer among them now: what has expired counts no more."""
        # Another machine's clock may be ahead: what it just wrote down counts all the same.
        latest = max((entry.at for entry in self.entries), default=0)
        return self.derive(tx.policy, purpose, max(tx.now(), latest))

    @property
    def owned(self) -> list[Entry]:
        """The entries, each about whoever had its addresses then."""
        return owned(self.points, self.entries)

    @property
    def spelt(self) -> dict[int, str]:
        """Each address as it is written."""
        return {number: str(person.address) for number, person in self.people.items()}


def around(tx: Tx, start: Iterable[int], purpose: Purpose = Purpose.DISCLOSE) -> Around:
    """Every address that evidence, live or revoked, ever connected to these for a purpose, with all about them.

    Revoked evidence counts here, so that taking back a revocation is found again. Past an address that is shared
    nothing is looked for, unless it is one of `start`: what made it shared may have been the last word.
    """
    known = {person.id: person for person in people.family(tx, sorted(set(start)))}
    first = {person.root for person in known.values()}
    if others := first - known.keys():
        known.update((person.id, person) for person in people.family(tx, sorted(others)))
    inner, far, frontier = set(first), set[int](), sorted(first)
    entries: dict[int, Entry] = {}
    while frontier and len(inner) <= _MOST:
        asked = [number for number in frontier if not standing(known[number].address)]
        found = journal.about(tx, asked)
        entries.update((entry.id, entry) for entry in found)
        connected = _connected(found, purpose, tx.policy)
        new = {end for link in connected for end in link.pair} - known.keys()
        known.update((person.id, person) for person in people.family(tx, sorted(new)))
        closed = _shared(tx, known, set(asked) - first, found, purpose)
        reached = {
            there for link in connected for here, there in _both(link) if here in asked and here not in closed
        }
        far |= new
        frontier = sorted(reached - inner)
        inner |= reached
    roots = inner | far
    inside = [entry for _, entry in sorted(entries.items()) if set(entry.pair) <= roots]
    numbers = frozenset(number for number, person in known.items() if person.root in inner)
    return Around(known, _points(tx, known.values()), inside, numbers)


def _connected(entries: Iterable[Entry], purpose: Purpose, policy: Policy) -> list[Entry]:
    """The entries that ever connected two addresses for a purpose."""
    every = list(entries)
    return [*(entry for entry in every if joins(entry, purpose, policy)), *mutual(every, policy)]


def _both(link: Entry) -> Iterator[tuple[int, int]]:
    one, other = link.pair
    yield from ((one, other), (other, one))


def _shared(
    tx: Tx,
    known: Mapping[int, people.Person],
    asked: Collection[int],
    entries: Sequence[Entry],
    purpose: Purpose,
) -> set[int]:
    """Which of the addresses asked about several people share now. Most have too few links to need a look."""
    links = Counter(end for entry in entries if entry.other is not None for end in entry.pair)
    crowded = {
        number for number in asked if links[number] > 1 or not tx.policy.kind(known[number].kind).account
    }
    if not crowded:
        return set()
    near = crowded | {end for entry in entries for end in entry.pair}
    several = _points(tx, (one for one in known.values() if one.root in near))
    counted = owned(several, live(entries))
    points = {point.id: point for point in epochs.retire(several, counted, tx.policy)}
    common = shared(points, counted, purpose, tx.policy)
    open_ = {point.root for point in points.values() if point.id not in common}
    return crowded - open_


def _points(tx: Tx, found: Iterable[people.Person]) -> list[Point]:
    persons = list(found)
    names = _names(tx, [person.id for person in persons])
    return [_point(person, names.get(person.id, ())) for person in persons]


def _names(tx: Tx, numbers: Iterable[int]) -> dict[int, tuple[Said, ...]]:
    found: dict[int, tuple[Said, ...]] = {}
    for fact in facts.of(tx, sorted(numbers)):
        if fact.field == facts.NAME:
            found[fact.address] = (*found.get(fact.address, ()), Said(fact.value, fact.strength))
    return found


def _point(person: people.Person, names: Sequence[Said]) -> Point:
    return Point(person.id, person.kind, person.scope, person.value, tuple(names), person.first, person.since)


def alone(tx: Tx, start: Iterable[int]) -> Around:
    """What is known around some addresses, of whom no other worker decides who is one before the commit.

    Else each of two would work it out without what the other one writes, and nobody with both.
    """
    known = sorted(set(start))
    held = set(known)
    people.hold(tx, held)
    while True:
        found = around(tx, known)
        more = {found.people[number].root for number in found.inner} - held
        if not more or not people.hold(tx, more):
            return found
        held |= more


def regroup(tx: Tx, start: Iterable[int], *, actor: str = "", because: str = "") -> None:
    """Work out anew who is one customer around some addresses, and say what changed."""
    found = alone(tx, start)
    partition = found.now(tx)
    changed = [
        (number, partition.customer_of[number])
        for number, person in found.people.items()
        if number in found.inner and partition.customer_of[number] != person.customer
    ]
    people.assign(tx, changed)
    freezing.follow(tx, {customer for _, customer in changed})
    for number, customer in changed:
        what = "customer.merged" if customer < number else "customer.separated"
        detail = {"address": str(found.people[number].address), "because": because}
        records.happened(tx, what, customer=customer, actor=actor, detail=detail)


def say(
    tx: Tx, person: people.Person, field: str, value: str, strength: Strength, *, source: str, at: int
) -> bool:
    """Write down what somebody says of themselves; whether that was looked at anew: who writes there, and who is one.

    A name may show that several people write.
    """
    new = facts.say(tx, Fact(person.id, field, value, strength), source=source, at=at)
    tells = new and field == facts.NAME and not facts.is_first_word(tx, person.id)
    if tells:
        regroup(tx, [person.root], because="another name was used")
    return tells


def call(tx: Tx, person: people.Person, name: str) -> None:
    """Give somebody the name that their platform's profile has, if they have none yet, and were not erased since."""
    if not people.several(tx, [person.id]):
        return
    people.call(tx, person.id, name)
    say(tx, person, facts.NAME, name, Strength(person.strength), source="profile", at=tx.now())


def add_evidence(
    tx: Tx, person: people.Person, evidence: Iterable[Evidence], *, source: str, at: int
) -> bool:
    """Write down what a message says about further addresses of its sender; whether any was news.

    Proof merges at once.
    """
    news = False
    for item in evidence:
        if item.address == person.address:
            continue
        # Only named: written down, but with no claim that its owner wrote.
        other = people.named(tx, item.address, item.strength, item.method, at)
        entry = Entry(
            id=0,
            kind="claim",
            one=person.root,
            other=other.root,
            strength=item.strength,
            method=item.method,
            because=item.because,
            source=source,
            at=at,
        )
        if _said_before(tx, entry, person, other):
            continue
        news = True
        if people.hold(tx, entry.pair):  # another worker may just have said the same
            journal.forget(tx, *entry.pair)
            if _said_before(tx, entry, person, other):
                continue
        write(tx, entry, because=item.because or item.method)
    return news


def write(tx: Tx, entry: Entry, *, because: str = "", actor: str = "") -> int:
    """Add an entry to the journal, and keep customers true to it; its number."""
    people.hold(tx, entry.pair)
    number = journal.write(tx, replace(entry, expires_at=tx.policy.expires(entry)))
    counts = joins(entry, policy=tx.policy) or entry.kind in ("refuse", "share", "leave", "revoke")
    if entry.kind == "claim" and entry.other is not None and not counts:
        records.happened(
            tx, "customer.suggested",
            customer=people.holder(tx, people.get(tx, entry.one), entry.at).customer, actor=actor,
            detail={"address": str(people.get(tx, entry.other).address)},
        )  # fmt: skip
    if counts or _answered(tx, entry):
        owners.settle(tx, entry.pair)
        regroup(tx, entry.pair, actor=actor, because=because)
    return number


def _answered(tx: Tx, entry: Entry) -> bool:
    """Whether the other side said the same: each of the two claims is then worth more."""
    return entry.other is not None and bool(mutual(journal.between(tx, *entry.pair), tx.policy))


def _said_before(tx: Tx, entry: Entry, one: people.Person, other: people.Person) -> bool:
    """Whether an entry is no news: it was said before, in the time of these two owners.

    What was taken back may be said again where it proves nothing by itself. And where an address can change hands, a
    repetition is news now and then: it shows that its owner still has it.
    """
    between = journal.between(tx, *entry.pair)
    known = between if joins(entry, policy=tx.policy) else live(between)
    same = [
        old.at
        for old in known
        if (old.kind, old.method, old.strength, old.one)
        == (entry.kind, entry.method, entry.strength, entry.one)
        and old.at >= max(one.since, other.since)
    ]
    return bool(same) and entry.at - max(same) < _news_after(tx, entry, one.kind, other.kind)


def _news_after(tx: Tx, entry: Entry, *kinds: str) -> float:
    """After how many microseconds it is worth to write a repetition down: well within the silence of a new owner."""
    if tx.policy.strength(entry) is not Strength.VERIFIED:
        return inf
    gaps = [tx.policy.kind(kind).gap for kind in kinds]
    return min((gap / 3 for gap in gaps if gap), default=inf)


def expire(tx: Tx) -> int:
    """Work out anew who is one customer where evidence has expired since this was done last; how many entries."""
    since = int(arrivals.cursor(tx, "", _EXPIRED) or 0)
    found = journal.expired(tx, since, tx.now())
    if found:
        regroup(tx, {number for entry in found for number in entry.pair}, because="evidence has expired")
        arrivals.move_cursor(tx, "", _EXPIRED, str(max(entry.expires_at or 0 for entry in found)))
    return len(found)


def rework(tx: Tx, most: int = 200) -> int:
    """Work out anew who is one customer, some addresses at a time, where another policy counts than did; how many.

    Whoever was met after a policy began to count was worked out by it: those are left alone.
    """
    mark, _, place = arrivals.cursor(tx, "", _POLICY).partition(" ")
    if mark == tx.policy_mark and not place:
        return 0
    last, _, newest = place.partition(" ") if mark == tx.policy_mark else ("0", "", str(people.newest(tx)))
    numbers = people.between(tx, int(last), int(newest or people.NEVER), most)
    for number in numbers:
        regroup(tx, [number], because="the policy is another one")
    place = f" {numbers[-1]} {newest}".rstrip() if numbers else ""
    arrivals.move_cursor(tx, "", _POLICY, f"{tx.policy_mark}{place}")
    return len(numbers)
