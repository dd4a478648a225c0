"""Everybody who ever wrote, and the journal that says which addresses are one customer's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, cast

from omnichannel.errors import NotFound
from omnichannel.identity import Entry
from omnichannel.model import Address, Party, Strength
from omnichannel.store import journal, likeness
from omnichannel.store.tx import Tx, marks, padded, some


class Person(NamedTuple):
    """An address in the store, and the customer that it is one of."""

    id: int
    customer: int
    kind: str
    scope: str
    value: str
    name: str
    written: str
    strength: str
    method: str
    first: int = 0
    since: int = 0

    @property
    def root(self) -> int:
        """The number that the journal calls this address by, whoever had it when."""
        return self.first or self.id

    @property
    def address(self) -> Address:
        """The address as the application sees it."""
        return Address(kind=self.kind, scope=self.scope, value=self.value)

    @property
    def party(self) -> Party:
        """The address with its name and spelling."""
        return Party(address=self.address, name=self.name, written=self.written)


_COLUMNS = "id, customer, kind, scope, value, name, written, strength, method, first, since"
NEVER = (1 << 63) - 1
"""A moment that never comes, in microseconds since 1970: the `since` of whom something taken back made an owner."""


_ALIKE = ("email", "phone")  # kinds of which two may differ by a slip of the pen


def find(tx: Tx, address: Address, at: int = NEVER - 1) -> Person | None:
    """Who has that address, or had it at a moment; None if nobody with it ever wrote or was named."""
    known = tx.memory.owners.get((address.kind, address.scope, address.value))
    if known is not None:
        return next((owner for owner in known if owner.since <= at), None)
    row = tx.one(
        f"SELECT {_COLUMNS} FROM addresses WHERE workspace = ? AND kind = ? AND scope = ? AND value = ?"
        " AND since <= ? ORDER BY since DESC LIMIT 1",
        tx.ws, address.kind, address.scope, address.value, at,
    )  # fmt: skip
    return _person(row) if row else None


def holder(tx: Tx, person: Person, at: int = NEVER - 1) -> Person:
    """Who has somebody's address by now, or had it at a moment: somebody else, where it has changed hands."""
    return find(tx, person.address, at) or get(tx, person.id)


def keeps(tx: Tx, person: Person, at: int = NEVER - 1) -> bool:
    """Whether somebody still has their address, or had it at a moment: numbers are given out again."""
    return holder(tx, person, at).id == person.id


def foresee(tx: Tx, addresses: Iterable[Address]) -> None:
    """Look up who has these addresses, or had them, for whoever asks in this job."""
    values: dict[tuple[str, str], set[str]] = {}
    for address in addresses:
        values.setdefault((address.kind, address.scope), set()).add(address.value)
    for (kind, scope), wanted in values.items():
        for few in padded(sorted(wanted)):
            rows = tx.all(
                f"SELECT {_COLUMNS} FROM addresses WHERE workspace = ? AND kind = ? AND scope = ?"
                f" AND value IN ({marks(few)}) ORDER BY since DESC",
                tx.ws, kind, scope, *few,
            )  # fmt: skip
            owners: dict[str, list[Person]] = {value: [] for value in few}
            for person in map(_person, rows):
                owners[person.value].append(person)
            tx.memory.owners.update(((kind, scope, value), found) for value, found in owners.items())


def get(tx: Tx, number: int) -> Person:
    """Who that is; raises NotFound."""
    row = tx.one(f"SELECT {_COLUMNS} FROM addresses WHERE workspace = ? AND id = ?", tx.ws, number)
    if row is None:
        raise NotFound("there is no such address in this workspace")
    return _person(row)


def _person(row: tuple[object, ...]) -> Person:
    return Person(*cast("tuple[int, int, str, str, str, str, str, str, str, int, int]", row))


def family(tx: Tx, roots: Sequence[int]) -> list[Person]:
    """Every owner that these addresses ever had, by the numbers that the journal calls them by."""
    found: dict[int, Person] = {}
    for few in some(roots):
        rows = tx.all(
            f"SELECT {_COLUMNS} FROM addresses WHERE workspace = ? AND id IN ({marks(few)}) UNION ALL"
            f" SELECT {_COLUMNS} FROM addresses WHERE workspace = ? AND first <> 0 AND first IN ({marks(few)})",
            tx.ws, *few, tx.ws, *few,
        )  # fmt: skip
        found.update((person.id, person) for person in map(_person, rows))
    return [found[number] for number in sorted(found)]


def stranger(address: Address) -> Person:
    """Whoever has an address from which nobody ever wrote."""
    return Person(0, 0, address.kind, address.scope, address.value, "", "", "", "")


def between(tx: Tx, after: int, last: int, most: int) -> list[int]:
    """The addresses with the next greater numbers, up to a last one."""
    rows = tx.all(
        f"SELECT id FROM addresses WHERE workspace = ? AND id > ? AND id <= ? ORDER BY id LIMIT {int(most)}",
        tx.ws, after, last,
    )  # fmt: skip
    return [cast("int", row[0]) for row in rows]


def newest(tx: Tx) -> int:
    """The greatest number of an address; 0 where there is none."""
    row = tx.one(
        "SELECT id FROM addresses WHERE workspace = ? AND id < ? ORDER BY id DESC LIMIT 1", tx.ws, NEVER
    )
    return cast("int", row[0]) if row else 0


def succeed(tx: Tx, known: Person, since: int) -> int:
    """Write down that an address has a new owner since a moment; the number of the new one."""
    number = tx.ids.new()
    tx.run(
        "INSERT INTO addresses (workspace, id, kind, scope, value, name, written, strength, method, customer,"
        " first_seen, first, since) VALUES (?, ?, ?, ?, ?, '', ?, ?, ?, ?, ?, ?, ?)",
        tx.ws, number, known.kind, known.scope, known.value, known.written, known.strength, known.method,
        number, since, known.root, since,
    )  # fmt: skip
    return number


def begin(tx: Tx, number: int, since: int) -> None:
    """Set when an owner's time began."""
    tx.run("UPDATE addresses SET since = ? WHERE workspace = ? AND id = ?", since, tx.ws, number)


def meet(tx: Tx, party: Party, strength: Strength, method: str, message: int | None, at: int) -> Person:
    """Find somebody who wrote `message`, or write them down, with the claim that they control this address.

    A stronger proof than before is one more claim; a name is filled in where there was none.
    """
    known = find(tx, party.address, at)
    if known is None:
        known = _add(tx, party, strength, method, at)
        journal.write(tx, _control(known.id, strength, method, tx.ids.show("message", message), at))
    elif _stronger(strength, known.strength):
        journal.write(tx, _control(known.root, strength, method, tx.ids.show("message", message), at))
        known = _improve(tx, known, party, strength, method)
    elif party.name and not known.name:
        known = _improve(tx, known, party, strength, method)
    return known


def observed(tx: Tx, address: Address, strength: Strength, method: str, source: str, at: int) -> Person:
    """Find whoever another system knows to be at an address, or write them down, with the claim that they are."""
    known = find(tx, address, at)
    if known is None:
        known = _add(tx, Party(address=address), strength, method, at)
        journal.write(tx, _control(known.id, strength, method, source, at))
    elif _stronger(strength, known.strength):
        journal.write(tx, _control(known.root, strength, method, source, at))
        known = _improve(tx, known, Party(address=address), strength, method)
    return known


def named(tx: Tx, address: Address, strength: Strength, method: str, at: int) -> Person:
    """Who has an address that somebody named, without any claim that its owner was there."""
    return find(tx, address, at) or _add(tx, Party(address=address), weakest(strength), method, at)


def weakest(strength: Strength) -> Strength:
    """Being named proves nothing about who controls an address, whatever the naming itself proves."""
    return strength if strength is Strength.INFERRED else Strength.ASSERTED


def _control(number: int, strength: Strength, method: str, source: str, at: int) -> Entry:
    return Entry(id=0, kind="claim", one=number, strength=strength, method=method, source=source, at=at)


def _add(tx: Tx, party: Party, strength: Strength, method: str, at: int) -> Person:
    address, number = party.address, tx.ids.new()
    place = (address.kind, address.scope, address.value)
    person = Person(number, number, *place, party.name, party.written, strength.value, method)
    row = (tx.ws, number, *place, party.name, party.written, strength.value, method, number, at)
    if place in tx.memory.owners:  # it was looked up; if somebody else is faster, the job runs again
        tx.at_last(_ADD, *row)
        tx.memory.owners[place].append(person)
        tx.memory.new.add(number)
        tx.memory.names[number] = {}
        added = 1
    else:
        added = tx.run(f"{_ADD} ON CONFLICT DO NOTHING", *row)
    if address.kind in _ALIKE:
        likeness.note(tx, number)
    if added:
        return person
    # Somebody else was faster: theirs is the one that counts.
    return find(tx, address) or get(tx, number)


_ADD = (
    "INSERT INTO addresses (workspace, id, kind, scope, value, name, written, strength, method, customer,"
    " first_seen) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


_ORDER = [Strength.VERIFIED, Strength.ATTESTED, Strength.ASSERTED, Strength.INFERRED]


def _stronger(strength: Strength, than: str) -> bool:
    return _ORDER.index(strength) < _ORDER.index(Strength(than))


def _improve(tx: Tx, known: Person, party: Party, strength: Strength, method: str) -> Person:
    if hold(tx, [known.id]):
        known = get(tx, known.id)  # another worker may just have improved it
    better = _stronger(strength, known.strength)
    improved = known._replace(
        name=party.name if party.name and (better or not known.name) else known.name,
        written=party.written or known.written,
        strength=strength.value if better else known.strength,
        method=method if better else known.method,
    )
    tx.run(
        "UPDATE addresses SET name = ?, written = ?, strength = ?, method = ? WHERE workspace = ? AND id = ?",
        improved.name, improved.written, improved.strength, improved.method, tx.ws, known.id,
    )  # fmt: skip
    return improved


def nameless(tx: Tx, kind: str, scope: str, most: int, again_at: int) -> list[Person]:
    """People of a kind without a name whom the platform may be asked about now; not again before a moment."""
    rows = tx.all(
        f"SELECT {_COLUMNS} FROM addresses WHERE workspace = ? AND name = '' AND look_up_at <= ? AND kind = ?"
        f" AND scope = ? AND frozen_at IS NULL ORDER BY look_up_at, id LIMIT {int(most)}{tx.skip_locked}",
        tx.ws, tx.now(), kind, scope,
    )  # fmt: skip
    found = [_person(row) for row in rows]
    for person in found:
        tx.run(
            "UPDATE addresses SET look_up_at = ? WHERE workspace = ? AND id = ?", again_at, tx.ws, person.id
        )
    return found


def call(tx: Tx, number: int, name: str) -> None:
    """Give somebody a name, if they have none yet."""
    tx.run("UPDATE addresses SET name = ? WHERE workspace = ? AND id = ? AND name = ''", name, tx.ws, number)


def hold(tx: Tx, numbers: Iterable[int]) -> bool:
    """Let no other worker decide about these addresses, or the customers named after them, before the commit.

    Whether others could have until then: what was looked up before that may be no longer so.
    """
    if not tx.skip_locked:
        return False  # there is one writer at a time
    known = set(numbers) - tx.memory.new  # nobody else has seen the new ones yet
    for few in padded(sorted(known - tx.memory.held)):
        tx.all(
            f"SELECT 1 FROM addresses WHERE workspace = ? AND id IN ({marks(few)}) ORDER BY id FOR UPDATE",
            tx.ws, *few,
        )  # fmt: skip
    tx.memory.held |= known
    return bool(known)


def members(tx: Tx, customer: int) -> list[Person]:
    """The addresses of a customer, oldest first; empty for a number that is no customer's now."""
    rows = tx.all(
        f"SELECT {_COLUMNS} FROM addresses WHERE workspace = ? AND customer = ? ORDER BY id", tx.ws, customer
    )
    return [_person(row) for row in rows]


def several(tx: Tx, numbers: Sequence[int]) -> list[Person]:
    """Who these are, in their order; a number that is nobody's is left out."""
    found = {person.id: person for person in _where(tx, "id", numbers)}
    return [found[number] for number in numbers if number in found]


def joined(tx: Tx, after: int, most: int) -> list[Person]:
    """Addresses that are a customer's who is named after another one, after a number: one for each join."""
    rows = tx.all(
        f"SELECT {_COLUMNS} FROM addresses WHERE workspace = ? AND id > ? AND customer <> id ORDER BY id"
        f" LIMIT {int(most)}",
        tx.ws, after,
    )  # fmt: skip
    return [_person(row) for row in rows]


def by_customer(tx: Tx, customers: Sequence[int]) -> dict[int, list[Person]]:
    """The addresses of each of these customers, oldest first."""
    found: dict[int, list[Person]] = {customer: [] for customer in customers}
    for person in sorted(_where(tx, "customer", customers)):
        found[person.customer].append(person)
    return found


def _where(tx: Tx, column: str, numbers: Sequence[int]) -> Iterator[Person]:
    for few in padded(numbers):
        rows = tx.all(
            f"SELECT {_COLUMNS} FROM addresses WHERE workspace = ? AND {column} IN ({marks(few)})",
            tx.ws, *few,
        )  # fmt: skip
        yield from map(_person, rows)


def met_by(tx: Tx, at: int) -> list[Person]:
    """Everybody who was met by a moment, in microseconds since 1970. Walks the table."""
    rows = tx.all(
        f"SELECT {_COLUMNS} FROM addresses WHERE workspace = ? AND first_seen <= ? ORDER BY id", tx.ws, at
    )
    return [_person(row) for row in rows]


def assign(tx: Tx, customers: Iterable[tuple[int, int]]) -> None:
    """Write down which customer addresses (address, customer) are derived to be."""
    for address, customer in customers:
        tx.run("UPDATE addresses SET customer = ? WHERE workspace = ? AND id = ?", customer, tx.ws, address)
