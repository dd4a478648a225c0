"""A sample of what a view joins, for people to judge: how often it is wrong, with an exact bound.

Every join is as likely to be drawn as any other. For *disclose* that is an address with another one of its customer;
for the other views a claim that proves nothing and yet has two customers shown as one.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from random import Random
from typing import Generic, TypeVar

from omnichannel.errors import UsageError
from omnichannel.identity import Entry, explain, path
from omnichannel.identity.likeness.bounds import error_bounds, highest_error
from omnichannel.identity.points import owned
from omnichannel.inbox import studying, suggesting
from omnichannel.inbox.customers import RunJob
from omnichannel.inbox.merging import around
from omnichannel.model import Audit, Pair, Purpose
from omnichannel.store import Tx, journal, judged, people

T = TypeVar("T", Entry, people.Person)

_PAGE = 5_000
_SPARE = 10
"""So many claims are drawn for each pair that is wanted: not every one of them has two shown as one."""

Numbers = tuple[int, int]


class Reservoir(Generic[T]):
    """A sample of equal chances out of a stream of unknown length (Vitter's algorithm R)."""

    def __init__(self, size: int, chance: Random) -> None:
        self.size, self.seen = size, 0
        self.kept: list[T] = []
        self._chance = chance

    def add(self, item: T) -> None:
        """One more of the stream."""
        self.seen += 1
        if len(self.kept) < self.size:
            self.kept.append(item)
        elif (place := self._chance.randrange(self.seen)) < self.size:
            self.kept[place] = item


async def draw(run: RunJob, purpose: Purpose, sample: int) -> Audit:
    """The sample that waits to be judged; a new one where none waits. Raises UsageError for a sample of none."""
    if sample < 1:
        raise UsageError(
            f"a sample of {sample} shows nothing; 300 without a mistake show at most 1 % of them"
        )
    standing = await run(lambda tx: _waiting(tx, purpose))
    if standing is not None:
        return standing
    last = await run(lambda tx: judged.newest(tx, purpose.value))
    chance = Random(last.id if last else 0)  # noqa: S311 - a sample that can be drawn again, no secret
    if purpose is Purpose.DISCLOSE:
        proven = await _sample(run, sample, chance, people.joined)
        pairs, whole = await _of_customers(run, proven.kept, chance), proven.seen <= sample
    else:
        claims = await _sample(run, sample * _SPARE, chance, journal.weak)
        pairs = await _shown_as_one(run, claims.kept, purpose, sample)
        whole = claims.seen <= claims.size and len(pairs) < sample
    return await run(lambda tx: _keep(tx, purpose, pairs, whole=whole))


def _waiting(tx: Tx, purpose: Purpose) -> Audit | None:
    last = judged.newest(tx, purpose.value)
    if last is None or all(pair.same is not None for pair in judged.of_audit(tx, last.id)):
        return None
    audit = shown(tx, last)
    return audit if any(pair.same is None for pair in audit.pairs) else None


async def _sample(
    run: RunJob, size: int, chance: Random, page: Callable[[Tx, int, int], list[T]]
) -> Reservoir[T]:
    """Draw from all there is, a page in a job, so that nobody has to wait for long."""
    found = Reservoir[T](size, chance)
    several = await run(lambda tx: page(tx, 0, _PAGE))
    while several:
        for one in several:
            found.add(one)
        several = await run(partial(_next, page=page, after=several[-1].id))
    chance.shuffle(found.kept)
    return found


def _next(tx: Tx, page: Callable[[Tx, int, int], list[T]], after: int) -> list[T]:
    return page(tx, after, _PAGE)


async def _of_customers(run: RunJob, drawn: list[people.Person], chance: Random) -> list[Numbers]:
    def job(tx: Tx) -> list[Numbers]:
        pairs = []
        for person in drawn:
            others = [one for one in people.members(tx, person.customer) if one.root != person.root]
            if others:
                pairs.append((person.id, chance.choice(others).id))
        return pairs

    return await run(job)


async def _shown_as_one(run: RunJob, drawn: list[Entry], purpose: Purpose, sample: int) -> list[Numbers]:
    """Of these claims those whose two ends the view has as one customer, though nothing proves it."""
    pairs: dict[Numbers, Numbers] = {}
    for claim in drawn:
        found = await run(partial(_joined_by, claim=claim, purpose=purpose))
        if found:
            pairs.setdefault(*found)
        if len(pairs) == sample:
            break
    return list(pairs.values())


def _joined_by(tx: Tx, claim: Entry, purpose: Purpose) -> tuple[Numbers, Numbers] | None:
    """The two customers and the two addresses that a claim has shown as one; None if it does not."""
    found = around(tx, list(claim.pair), purpose)
    partition = found.now(tx, purpose)
    one, other = owned(found.points, [claim])[0].pair
    if not partition.unproven(one, other):
        return None
    customers = sorted((partition.proven[one], partition.proven[other]))
    return (customers[0], customers[1]), (one, other)


def _keep(tx: Tx, purpose: Purpose, pairs: list[Numbers], *, whole: bool) -> Audit:
    kept = [(one, other, _stated(tx, one, other, purpose)) for one, other in pairs]
    number = judged.draw(tx, purpose.value, kept, whole=whole)
    return shown(tx, judged.Drawn(number, purpose.value, whole))


def _stated(tx: Tx, one: int, other: int, purpose: Purpose) -> float | None:
    """How probable likeness says it is, where it is likeness that joins the two."""
    found = around(tx, [one, other], purpose)
    links = path(found.now(tx, purpose), one, other)
    if not any(link.method == studying.METHOD for link in links):
        return None
    return studying.compare(tx, people.get(tx, one), people.get(tx, other)).probability


def shown(tx: Tx, drawn: judged.Drawn) -> Audit:
    """A sample with what was judged of it, and the bounds that follow. Who was erased since is left out."""
    every = judged.of_audit(tx, drawn.id)
    answers = [pair.same for pair in every if pair.same is not None]
    wrong = answers.count(False)
    low, high = error_bounds(wrong, len(answers))
    purpose = Purpose(drawn.purpose)
    return Audit(
        id=tx.ids.show("audit", drawn.id),
        purpose=purpose,
        pairs=tuple(pair for row in every if (pair := _pair(tx, row, purpose)) is not None),
        judged=len(answers),
        wrong=wrong,
        low=low,
        high=high,
        most=highest_error(wrong, len(answers)),
        whole=drawn.whole,
    )


def _pair(tx: Tx, row: judged.Judged, purpose: Purpose) -> Pair | None:
    persons = people.several(tx, [row.one, row.other])
    if len(persons) < 2:
        return None
    one, other = persons
    found = around(tx, [one.root, other.root], purpose)
    told = explain(found.now(tx, purpose), one.id, other.id, found.spelt, tx.policy)
    alike = row.stated is not None
    return Pair(
        id=tx.ids.show("pair", row.id),
        one=one.address,
        other=other.address,
        because=tuple(told),
        likely=row.stated,
        weights=suggesting.weights(studying.compare(tx, one, other)) if alike else (),
        same=row.same,
    )


def audit_of(tx: Tx, purpose: Purpose) -> Audit | None:
    """The newest sample of a view as it stands now; None if none was ever drawn."""
    last = judged.newest(tx, purpose.value)
    return shown(tx, last) if last else None
