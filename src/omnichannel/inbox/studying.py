"""Finding customers who are alike: what is new is compared with what was said before, a few at a time.

What it finds is inferred: it joins nobody to disclose, and is a suggestion for people until they decide.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from functools import lru_cache

from omnichannel.identity import Entry, Point, live, owned, undo
from omnichannel.identity.likeness.known import HEADINGS, Known, Scale, Term, Weighed, default
from omnichannel.identity.likeness.model import Model
from omnichannel.identity.resolving.resolve import resolve
from omnichannel.identity.shared import standing
from omnichannel.inbox import judging, merging
from omnichannel.inbox.search import indexing
from omnichannel.model import Purpose, Strength
from omnichannel.store import Tx, facts, journal, likeness, people
from omnichannel.store.search import progress

_IN_BLOCK = 200
_MOST = 50
_NEWS = 0.02  # a probability that moved by less is no news
METHOD = "likeness"


def study(tx: Tx, most: int = 20) -> int:
    """Compare addresses of which something new was said, and part what expired evidence joined; how many."""
    numbers, silent = likeness.take(tx, most), objecting(tx)
    for number in numbers:
        _study(tx, people.get(tx, number), silent)
    if numbers and progress.hold(tx):
        indexing.take_in_people(tx, numbers)
    return len(numbers) + merging.expire(tx) + merging.rework(tx)


def objecting(tx: Tx) -> set[int]:
    """The customers who want no link that only likeness makes: nothing is worked out about them."""
    said = journal.objections(tx)
    if not said:
        return set()
    roots = sorted({entry.one for entry in said})
    family = people.family(tx, roots)
    points = [Point(id=one.id, first=one.first, since=one.since) for one in family]
    stand = [entry for entry in live(journal.about(tx, roots)) if entry.kind == "object"]
    numbers = {entry.one for entry in owned(points, stand)}
    return {person.customer for person in family if person.id in numbers}


def _study(tx: Tx, person: people.Person, silent: Container[int]) -> None:
    if standing(person.address) or person.customer in silent:
        return
    own = known(tx, [person])
    before = likeness.is_indexed(tx, person.id)
    likeness.index(tx, person.id, own.keys())
    _count(tx, person, own, before=before)
    here = _present(tx, person)
    if here is None:
        return
    said, told = _said(tx, here), set[int]()
    for other, weighed in alike(tx, person, own):
        there = None if other.customer in silent else _present(tx, other)
        if there and there.root not in told:
            told.add(there.root)
            _write(tx, here, there, weighed, said.get(there.root, []))


def _present(tx: Tx, person: people.Person) -> people.Person | None:
    """By which address to speak of somebody: their own, else one that they still have; None if they have none.

    What is written down of an address is about whoever has it by then.
    """
    if people.keeps(tx, person):
        return person
    return next((one for one in people.members(tx, person.customer) if people.keeps(tx, one)), None)


def alike(tx: Tx, person: people.Person, own: Known | None = None) -> list[tuple[people.Person, Weighed]]:
    """Who may be the same customer, each with how probable that is and what tells so; nearest keys first.

    Compared are customers, each by all of its addresses; `own` is what this address says by itself.
    """
    keys = (own or known(tx, [person])).keys()
    near = people.several(tx, likeness.candidates(tx, keys, _IN_BLOCK, _MOST))
    others = [other for other in near if other.customer != person.customer]
    customers = known_customers(tx, {person.customer, *(other.customer for other in others)})
    terms = {term for each in customers.values() for term in _terms(each)}
    counts, scale = likeness.counts(tx, terms), _scale(likeness.learned(tx)[1])
    ours = customers.pop(person.customer)
    weighed = {number: scale.weigh(ours, theirs, counts) for number, theirs in customers.items()}
    return [(other, weighed[other.customer]) for other in others]


def known_customers(tx: Tx, numbers: Iterable[int]) -> dict[int, Known]:
    """What is known of each of these customers, all looked up together."""
    members = people.by_customer(tx, sorted(numbers))
    said: dict[int, list[facts.Fact]] = {}
    for fact in facts.of(tx, sorted(person.id for several in members.values() for person in several)):
        said.setdefault(fact.address, []).append(fact)
    return {
        number: Known.of(_cells(several, [fact for person in several for fact in said.get(person.id, ())]))
        for number, several in members.items()
    }


def _count(tx: Tx, person: people.Person, own: Known, *, before: bool) -> None:
    """Count each value that is new from an address; of one that was studied `before`, what was not counted then."""
    said = [fact for fact in facts.of(tx, [person.id]) if fact.studied]
    counted = _terms(Known.of(_cells([person], said))) if before else set()
    likeness.count(tx, _terms(own) - counted, 1)
    facts.studied(tx, person.id)


def forget(tx: Tx, person: people.Person) -> None:
    """Count no more what was said from an address that is about to be deleted."""
    if likeness.is_indexed(tx, person.id):
        said = [fact for fact in facts.of(tx, [person.id]) if fact.studied]
        likeness.uncount(tx, _terms(Known.of(_cells([person], said))))


def _terms(own: Known) -> set[Term]:
    """Every value, and for each field that there is one."""
    return {term for field, word in own.terms() for term in ((field, word), (field, ""))}


def known(tx: Tx, members: Sequence[people.Person]) -> Known:
    """What is known of these addresses, taken together."""
    return Known.of(_cells(members, facts.of(tx, [person.id for person in members])))


def _cells(members: Iterable[people.Person], said: Iterable[facts.Fact]) -> dict[str, str]:
    """What is said, by heading, several values of one with | between them."""
    cells: dict[str, dict[str, None]] = {heading: {} for heading in HEADINGS}
    for person in members:
        if person.kind in cells:
            cells[person.kind][person.value] = None
    for fact in said:
        if fact.field in cells:
            cells[fact.field][fact.value] = None
    return {heading: "|".join(values) for heading, values in cells.items() if values}


def weigh(tx: Tx, one: Known, other: Known) -> Weighed:
    """How probable it is that two are one customer, by what this workspace has learned."""
    counts = likeness.counts(tx, _terms(one) | _terms(other))
    return _scale(likeness.learned(tx)[1]).weigh(one, other, counts)


def compare(tx: Tx, one: people.Person, other: people.Person) -> Weighed:
    """How probable it is that the customers whom two addresses belong to are one, and what tells so.

    Of two addresses that are one customer's already, each is compared by what itself says.
    """
    if one.customer == other.customer:
        return weigh(tx, known(tx, [one]), known(tx, [other]))
    customers = known_customers(tx, {one.customer, other.customer})
    return weigh(tx, customers[one.customer], customers[other.customer])


@lru_cache(maxsize=16)
def _scale(text: str) -> Scale:
    return Scale(Model.from_json(text) if text else default())


def learn(tx: Tx, most: int = 20_000) -> int:
    """Learn from what is known of the newest addresses how telling each field is; the version of the model.

    Without labels: see `omnichannel.identity.likeness.learning`. What people decided puts the probabilities right
    (`judging.curve`). What was inferred here before is weighed anew: what no longer holds is taken back, and stays in
    the journal.
    """
    numbers = likeness.said_of(tx, most)
    rows = [
        _cells([person], facts.of(tx, [person.id])) for person in (people.get(tx, one) for one in numbers)
    ]
    version = likeness.remember(tx, resolve(rows, HEADINGS).scorer.model.to_json(), judging.curve(tx))
    for entry in live(journal.alike(tx)):
        one, other = (people.holder(tx, people.get(tx, number), entry.at) for number in entry.pair)
        kept = people.keeps(tx, one) and people.keeps(tx, other)
        if one.customer != other.customer and not entry.source and kept:
            _write(tx, one, other, compare(tx, one, other), _said(tx, one).get(other.root, []))
    return version


def _said(tx: Tx, one: people.Person) -> dict[int, list[Entry]]:
    """What was found here before about an address and others, by the number that the journal calls the other by.

    What another model said (it has a source) stands beside it.
    """
    found: dict[int, list[Entry]] = {}
    for entry in live(journal.about(tx, [one.root])):
        if entry.method == METHOD and not entry.source:
            far = next(number for number in entry.pair if number != one.root)
            found.setdefault(far, []).append(entry)
    return found


def _write(
    tx: Tx, one: people.Person, other: people.Person, weighed: Weighed, before: Sequence[Entry]
) -> None:
    """Write down how alike two are, in the place of what was said before; what is unlikely is forgotten."""
    likely = round(judging.calibrated(tx)(weighed.probability), 4)
    if any(abs((entry.likely or 0) - likely) < _NEWS for entry in before):
        return
    for revoke in undo(before, at=tx.now()):
        journal.write(tx, revoke)
    if likely >= tx.policy.least[Purpose.ANALYTICS] and one.root != other.root:
        because = ", ".join(weight.says for weight in weighed.weights if weight.bits > 0)
        claim = Entry(
            0, "claim", one.root, other.root, Strength.INFERRED, METHOD,
            because=because, at=tx.now(), likely=likely,
        )  # fmt: skip
        merging.write(tx, claim)
