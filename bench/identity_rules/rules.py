"""What must hold whatever the journal says. Each rule raises AssertionError for a log that breaks it.

P1 to P10 are the properties that identity resolution is sold by here; the rest hold them up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import combinations
from random import Random

from tests.identity import oracle

from bench.identity_rules.attacks import random_attack
from bench.identity_rules.logs import FLAVOURS, LAST, MOMENTS, Log, kept, random_entries
from omnichannel.errors import Conflict
from omnichannel.identity import (
    Entry,
    Partition,
    Policy,
    check_accept,
    counts,
    derive,
    explain,
    owned,
    owner,
    path,
    undo,
    unmerge,
)
from omnichannel.model import Purpose

Rule = Callable[[Log, Random], None]
Customers = frozenset[frozenset[int]]


def found(log: Log, purpose: Purpose = Purpose.DISCLOSE) -> Partition:
    """Who is one customer. Asked again of the same log, the answer is not worked out again."""
    if purpose not in log.found:
        log.found[purpose] = derive(log.points, log.entries, purpose, log.policy, log.at)
    return log.found[purpose]


def groups(partition: Partition, among: Iterable[int] | None = None) -> Customers:
    """The customers as sets of addresses, of all or of some."""
    members: dict[int, list[int]] = {}
    for address in partition.customer_of if among is None else among:
        members.setdefault(partition.customer_of[address], []).append(address)
    return frozenset(map(frozenset, members.values()))


def definition(log: Log, _: Random) -> None:
    """What is derived is what the definition says, for every purpose; and so is what is shared."""
    told = oracle.views(log.points, log.entries, log.policy, log.at)
    for purpose, view in told.items():
        partition = found(log, purpose)
        assert groups(partition) == view.customers, purpose
        assert set(partition.shared) == view.shared, purpose
        assert partition.objecting == view.objecting, purpose
        assert all(partition.shared.values()), "a shared address has no reason"
        assert all(
            customer == min(partition.members(customer)) for customer in partition.customer_of.values()
        )


def owners(log: Log, random: Random) -> None:
    """Addresses change hands when the definition says so, and what happened at a moment is its owner's then."""
    for address in log.addresses:
        family = sorted((point for point in log.points if point.root == address.id), key=lambda p: p.since)
        moments = [point.since for point in family[1:]]
        if log.policy.kind(address.kind).gap is None:
            assert not moments
        else:
            assert moments == oracle.changes(address, log.addresses, log.entries, log.policy)
        for at in MOMENTS:
            begun = [point for point in family if point.since <= at]
            assert owner(random.sample(family, len(family)), at) == begun[-1]


def order(log: Log, random: Random) -> None:
    """P1: any order gives the same answer, with its links and what was refused; any numbering the same customers."""
    points, entries = list(log.points), list(log.entries)
    random.shuffle(points)
    random.shuffle(entries)
    numbers = random.sample(range(1, 1000), len(entries))
    anew = dict(zip((entry.id for entry in log.entries), numbers, strict=True))
    renumbered = [
        replace(entry, id=anew[entry.id], target=anew[entry.target] if entry.target else None)
        for entry in log.entries
    ]
    purpose = random.choice(tuple(Purpose))
    first = found(log, purpose)
    assert derive(points, entries, purpose, log.policy, log.at) == first
    assert derive(log.points, renumbered, purpose, log.policy, log.at).customer_of == first.customer_of


def batches(log: Log, random: Random) -> None:
    """P1, P4: batch after batch, working out anew only what a batch touches, ends where all at once ends."""
    purpose = random.choice(tuple(Purpose))
    entries = random.sample(log.entries, len(log.entries))
    known: dict[int, int] = {}
    some: list[Entry] = []
    while len(some) < len(entries) or not known:
        batch = entries[len(some) : len(some) + random.choice((2, 6, 12))]
        some += batch
        now = replace(log, entries=tuple(some))
        parts = _parts(now, purpose)
        touched = {end for entry in batch for end in entry.pair} if known else {p.id for p in log.addresses}
        known = {
            number: customer for number, customer in known.items() if any(p.id == number for p in now.points)
        }
        for part in parts:
            if part & touched:
                known |= found(now.only(part), purpose).customer_of
    assert known == found(log, purpose).customer_of


def replays(log: Log, random: Random) -> None:
    """P2: what is said again, by a delivery that comes again, changes nothing at all."""
    purpose = random.choice(tuple(Purpose))
    entries = [*log.entries, *random.choices(log.entries, k=len(log.entries))] if log.entries else []
    assert derive((*log.points, *log.points), entries, purpose, log.policy, log.at) == found(log, purpose)


def revocations(log: Log, random: Random) -> None:
    """P3: what is taken back never was: nor does what it took back, nor who it made the owner, stay."""
    if not log.entries:
        return
    gone = random.sample(log.entries, random.randint(1, min(3, len(log.entries))))
    after, never = log.adding(undo(gone, at=min(MOMENTS))), log.without(*gone)
    late = [*log.entries, *kept(log.entries, undo(gone, at=LAST))]  # until it is taken back, it counts
    assert derive(log.points, late, policy=log.policy, at=LAST - 1) == found(replace(log, at=LAST - 1))
    assert after.points == never.points
    purpose = random.choice(tuple(Purpose))
    assert found(after, purpose) == found(never, purpose)


def alone(log: Log, random: Random) -> None:
    """P4: what is derived from one component alone is what is derived for it among all others."""
    purpose = random.choice(tuple(Purpose))
    every = found(log, purpose)
    for part in _parts(log, purpose):
        own = log.only(part)
        here = found(own, purpose)
        assert here.customer_of == {point.id: every.customer_of[point.id] for point in own.points}
        assert here.shared == {
            number: why for number, why in every.shared.items() if number in here.customer_of
        }


def nesting(log: Log, _: Random) -> None:
    """P5: each view refines the next, and what only a laxer one joins is marked."""
    strict, assist, counted = (found(log, purpose) for purpose in Purpose)
    for one, other in combinations(strict.customer_of, 2):
        proven = strict.together(one, other)
        assert assist.together(one, other) or not proven
        assert counted.together(one, other) or not assist.together(one, other)
        for view in (strict, assist, counted):
            assert view.unproven(one, other) == (view.together(one, other) and not proven)


def paths(log: Log, random: Random) -> None:
    """P6: two addresses are one customer's exactly if a path of evidence that counts leads from one to the other."""
    told = [oracle.at_their_time(e, log.points) for e in oracle.counting(log.entries, log.policy, log.at)]
    purpose = random.choice(tuple(Purpose))
    every = found(log, purpose)
    worth = {
        view: oracle.qualifying(log.points, told, view, log.policy)
        for view in oracle.STRICTEST_FIRST[: oracle.STRICTEST_FIRST.index(purpose) + 1]
    }
    for one, other in combinations(every.customer_of, 2):
        steps = path(every, one, other)
        assert bool(steps) == every.together(one, other)
        here = one
        for step in steps:
            assert any(step in links for links in worth.values()), "a step that joins nobody"
            assert here in step.pair
            here = sum(step.pair) - here
        assert not steps or here == other
        assert all(explain(every, one, other, {}, log.policy))


def constraints(log: Log, random: Random) -> None:
    """P7: no refusal is violated, no limit but by an operator's word; whatever is left out says why."""
    told = owned(log.points, counts(log.entries, log.policy, log.at))
    purpose = random.choice(tuple(Purpose))
    every = found(log, purpose)
    for entry in told:
        if entry.kind == "refuse":
            assert not every.together(*entry.pair), entry
    for link in oracle.qualifying(log.points, told, purpose, log.policy):
        if not every.together(*link.pair):
            _refused_with_reason(every, link, log.policy)
    for customer in groups(every):
        links = [link for link in every.links if link.one in customer]
        if not any(link.kind == "accept" for link in links):
            _within_limits(log, customer, purpose)


def _refused_with_reason(every: Partition, link: Entry, policy: Policy) -> None:
    refused = next(refused for refused in every.refused_links if refused.link == link)
    assert refused.obstacle.because
    sides = {every.customer_of[end] for end in link.pair}
    if refused.obstacle.refusal:
        assert {every.customer_of[end] for end in refused.obstacle.refusal.pair} == sides
    assert any(refused.obstacle.because in sentence for sentence in explain(every, *link.pair, {}, policy))


def _within_limits(log: Log, customer: frozenset[int], purpose: Purpose) -> None:
    told = [oracle.at_their_time(e, log.points) for e in oracle.counting(log.entries, log.policy, log.at)]
    points = [
        point
        for point in log.points
        if point.id in customer and point.kind
        if not (point.retired or oracle.moved_away(point, told, log.policy))
    ]
    assert len(customer) <= log.policy.largest or len(customer) == 1
    for point in points:
        most = max(log.policy.kind(point.kind).limit(view) for view in purpose.views)
        assert sum((p.kind, p.scope) == (point.kind, point.scope) for p in points) <= most, (
            "too many of a kind"
        )


def attack(log: Log, random: Random) -> None:
    """P8: whatever strangers say, prove of themselves and make others say, no victim's customer changes."""
    stranger = random_attack(random, log)
    attacked = log.adding(stranger.entries, stranger.addresses)
    victims = {point.id for point in log.points}
    assert {point for point in attacked.points if point.id in victims} == set(log.points), "another owner"
    before, after = found(log), found(attacked)
    for number in victims:
        customer = after.members(after.customer_of[number])
        assert customer == before.members(before.customer_of[number]), f"the customer of {number} changed"
        assert after.shared.get(number) == before.shared.get(number)
    shown = found(attacked, Purpose.ASSIST)
    for number in victims:
        for other in after.customer_of.keys() - victims:
            assert shown.unproven(number, other) == shown.together(number, other), "an attack without a mark"


def erasure(log: Log, random: Random) -> None:
    """P9: without an address, others' customers are as ever, its own as if it had never been; no trace is left."""
    gone = random.choice(log.addresses)
    purpose = random.choice(tuple(Purpose))
    rest = frozenset(point.id for point in log.addresses) - {gone.id}
    after = found(log.only(rest), purpose)
    assert not {point.id for point in log.points if point.root == gone.id} & after.customer_of.keys()
    before = found(log, purpose)
    for part in _parts(log, purpose):
        if gone.id in part:
            assert after.customer_of.items() >= found(log.only(part - {gone.id}), purpose).customer_of.items()
        else:
            numbers = [point.id for point in log.points if point.root in part]
            assert groups(after, numbers) == groups(before, numbers)
    if not any(gone.value == point.value for point in log.addresses if point is not gone):
        assert gone.value not in repr(after)


def locality(log: Log, random: Random) -> None:
    """P10: whatever is added to one component leaves all others as they were, ids included."""
    said = random_entries(random, FLAVOURS[0], log.addresses)
    fresh = [replace(entry, id=0) for entry in said if entry.kind != "revoke"][:2]
    taken_back = undo(random.sample(log.entries, min(1, len(log.entries))), at=min(MOMENTS))
    more = log.adding([*fresh, *taken_back])
    touched = {end for entry in more.entries[len(log.entries) :] for end in entry.pair}
    purpose = random.choice(tuple(Purpose))
    before, after = found(log, purpose), found(more, purpose)
    for part in _parts(more, purpose):
        if not part & touched:
            for number in (point.id for point in log.points if point.root in part):
                assert after.customer_of[number] == before.customer_of[number]
                assert after.members(after.customer_of[number]) == before.members(before.customer_of[number])


def unmerges(log: Log, random: Random) -> None:
    """A merge is undone exactly: the two stay apart, whatever is said again later; undoing that restores all."""
    whole = replace(log, at=None)
    one, other = (address.id for address in random.sample(log.addresses, 2))
    here, there = _holder(log, one), _holder(log, other)
    before = found(whole)
    try:
        appended = unmerge(log.points, log.entries, one, other, log.policy, at=LAST, actor="kim")
    except Conflict:
        assert not before.together(here, there)
        return
    assert before.together(here, there)
    joined = [entry.id for entry in oracle.qualifying(log.points, log.entries, Purpose.DISCLOSE, log.policy)]
    assert all(entry.target in joined for entry in appended[:-1]), "took back what had joined nobody"
    after = whole.adding(appended)
    restored = after.adding(undo(after.entries[len(log.entries) :], at=LAST))
    assert restored.points == log.points
    assert found(restored) == before
    if after.points != log.points:
        return  # what was taken back had said who the owner is
    taken = {entry.target for entry in appended[:-1]}
    if not any(entry.id in taken and oracle.moves(entry, log.policy) for entry in log.entries):
        refusal = Entry(0, "refuse", one, other, at=LAST)
        told = oracle.views(log.points, (*log.entries, refusal), log.policy)
        assert groups(found(after)) == told[Purpose.DISCLOSE].customers
    again = after.adding([replace(entry, id=0, at=LAST) for entry in log.entries if entry.kind != "revoke"])
    for later in (after, again):
        if later.points == log.points:
            assert not any(found(later, purpose).together(here, there) for purpose in Purpose)


def accepts(log: Log, random: Random) -> None:
    """What may be accepted is one customer then, whatever the limits; what may not is told the cure."""
    whole = replace(log, at=None)
    one, other = (address.id for address in random.sample(log.addresses, 2))
    here, there = _holder(log, one), _holder(log, other)
    before = found(whole)
    try:
        check_accept(before, owned(log.points, log.entries), here, there)
    except Conflict as conflict:
        if "take back" not in str(conflict):
            raise AssertionError("no cure") from conflict
        refusals = [e for e in owned(log.points, counts(log.entries)) if e.kind == "refuse"]
        sides = {before.customer_of[here], before.customer_of[there]}
        between = any({before.customer_of[end] for end in e.pair} == sides for e in refusals)
        assert between or {here, there} & before.shared.keys()
    else:
        after = found(whole.adding([Entry(0, "accept", one, other, at=LAST)]))
        assert after.together(here, there)


RULES: dict[str, Rule] = {
    rule.__name__: rule
    for rule in (
        order, batches, replays, revocations, alone, nesting, paths, constraints, attack, erasure, locality, unmerges,
        accepts, owners, definition,
    )
}  # fmt: skip
"""Every rule, by its name; the definition last, so that what a mistake breaks is called by its own name."""


def _parts(log: Log, purpose: Purpose) -> list[frozenset[int]]:
    return oracle.components(log.addresses, log.entries, purpose, log.policy)


def _holder(log: Log, number: int) -> int:
    """Who has an address now."""
    return owner([point for point in log.points if point.root == number], LAST).id
