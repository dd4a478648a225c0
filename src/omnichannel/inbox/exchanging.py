"""Customers to another engine, which finds who is alike among many, and its findings back as inferred evidence.

Whoever objects to likeness, or is frozen, is not handed out, and nothing that comes back is written of them.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import partial
from itertools import islice

from omnichannel.errors import NotFound, UsageError
from omnichannel.identity import Entry, live, undo
from omnichannel.identity.likeness.known import Known, default
from omnichannel.identity.likeness.model import Model
from omnichannel.identity.shared import standing
from omnichannel.identity.splink import Scored
from omnichannel.inbox import merging, studying
from omnichannel.inbox.customers import RunJob
from omnichannel.model import Purpose, Strength
from omnichannel.store import Tx, exchange, freezing, journal, likeness, people

_PAGE = 500
_BATCH = 200


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What became of pairs that came back. `unknown`: of somebody who is not here, or must not be compared."""

    read: int = 0
    written: int = 0
    known: int = 0
    unlikely: int = 0
    joined: int = 0
    unknown: int = 0
    withdrawn: int = 0

    def plus(self, other: TakenIn) -> TakenIn:
        """Both together."""
        return TakenIn(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))


async def customers(run: RunJob) -> AsyncIterator[list[tuple[str, Known]]]:
    """Everybody who may be compared, with what is known of them, a page at a time. Ids are those of `Customer.id`."""
    after = 0
    while page := await run(partial(exchange.customers, after=after, most=_PAGE)):
        yield await run(partial(_known, numbers=page))
        after = page[-1]


def _known(tx: Tx, numbers: Sequence[int]) -> list[tuple[str, Known]]:
    members = people.by_customer(tx, numbers)
    roots = sorted({person.root for several in members.values() for person in several})
    objecting = {entry.one for entry in live(journal.about(tx, roots)) if entry.kind == "object"}
    allowed = [
        number
        for number, several in members.items()
        if not any(person.root in objecting for person in several)
        and not all(standing(person.address) for person in several)
    ]
    known = studying.known_customers(tx, allowed)
    return [(tx.ids.show("customer", number), known[number]) for number in allowed]


async def model(run: RunJob) -> Model:
    """What was learned here, or what is usual."""
    text = (await run(likeness.learned)).model
    return Model.from_json(text) if text else default()


async def take_in(
    run: RunJob,
    pairs: Iterable[Scored],
    model: str = "",
    *,
    told: Callable[[TakenIn], None] | None = None,
) -> TakenIn:
    """Write down who is alike by another engine's model, a batch at a time; taking the same in again adds nothing.

    Each pair is inferred evidence: it joins nobody to disclose. Of the same pair's probabilities by one model the
    highest counts; what an earlier model said of it is taken back. `model` is the name and version that the reasons
    give, where the pairs do not say it; `told` hears how far it is, after every batch. Raises UsageError for a pair
    of a model without a name; what was written before stays, and the import can be repeated.
    """
    total = TakenIn()
    for batch in _batches(pairs, model):
        total = total.plus(await run(partial(_take_in, batch=batch)))
        if told:
            told(total)
    return total


def _batches(pairs: Iterable[Scored], model: str) -> Iterator[list[Scored]]:
    waiting = iter(pairs)
    while batch := list(islice(waiting, _BATCH)):
        named = [pair if pair.model else pair._replace(model=model) for pair in batch]
        if not all(pair.model for pair in named):
            raise UsageError(
                "nothing says which model found these pairs; name it and its version: --model NAME"
            )
        yield named


def _take_in(tx: Tx, batch: Sequence[Scored]) -> TakenIn:
    """One batch in one transaction: the likeliest of each pair."""
    best: dict[tuple[str, str, str], Scored] = {}
    for pair in batch:
        key = (pair.one, pair.other, pair.model)
        if key not in best or best[key].probability < pair.probability:
            best[key] = pair
    ends = _ends(tx, {end for pair in best.values() for end in (pair.one, pair.other)})
    done = TakenIn(read=len(batch))
    for pair in best.values():
        done = done.plus(_write(tx, pair, ends.get(pair.one), ends.get(pair.other)))
    return done


def _ends(tx: Tx, ids: Iterable[str]) -> Mapping[str, people.Person]:
    """The address that stands for each customer who may be compared: the oldest that is one person's."""
    found = {}
    for shown in ids:
        try:
            customer = people.get(tx, tx.ids.find("customer", shown)).customer
        except NotFound:
            continue
        members = people.members(tx, customer)
        about = live(journal.about(tx, [person.root for person in members]))
        own = [person for person in members if not standing(person.address)]
        if (
            own
            and freezing.since(tx, customer) is None
            and not any(entry.kind == "object" for entry in about)
        ):
            found[shown] = own[0]
    return found


def _write(tx: Tx, pair: Scored, one: people.Person | None, other: people.Person | None) -> TakenIn:
    if one is None or other is None:
        return TakenIn(unknown=1)
    if one.customer == other.customer or one.root == other.root:
        return TakenIn(joined=1)
    likely = round(pair.probability, 4)
    if likely < tx.policy.least[Purpose.ANALYTICS]:
        return TakenIn(unlikely=1)
    before = [
        entry
        for entry in live(journal.about(tx, [one.root]))
        if entry.method == studying.METHOD and entry.source and set(entry.pair) == {one.root, other.root}
    ]
    same = [entry for entry in before if entry.source == pair.model]
    if any((entry.likely or 0) >= likely for entry in same):
        return TakenIn(known=1)
    for revoke in undo(before, at=tx.now()):
        journal.write(tx, revoke)
    claim = Entry(
        0, "claim", one.root, other.root, Strength.INFERRED, studying.METHOD,
        because=f"{pair.model}: alike", source=pair.model, at=tx.now(), likely=likely,
    )  # fmt: skip
    merging.write(tx, claim)
    return TakenIn(written=1, withdrawn=len(before) - len(same))


async def withdraw(run: RunJob, keep: Collection[str]) -> int:
    """Take back what other engines' models ever said, but for those to keep; how many claims."""

    def job(tx: Tx) -> int:
        old = [entry for entry in live(journal.alike(tx)) if entry.source and entry.source not in keep]
        for revoke in undo(old, at=tx.now()):
            journal.write(tx, revoke)
        return len(old)

    return await run(job)
