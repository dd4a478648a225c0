"""Everybody who ever wrote, and the journal that says which addresses are one customer's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple, cast

from omnichannel.errors import NotFound
from omnichannel.identity import Entry
from omnichannel.identity.journal import Kind
from omnichannel.model import Address, Party, Strength
from omnichannel.store.tx import Tx, marks


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

    @property
    def address(self) -> Address:
        """The address as the application sees it."""
        return Address(kind=self.kind, scope=self.scope, value=self.value)

    @property
    def party(self) -> Party:
        """The address with its name and spelling."""
        return Party(address=self.address, name=self.name, written=self.written)


_COLUMNS = "id, customer, kind, scope, value, name, written, strength, method"


def find(tx: Tx, address: Address) -> Person | None:
    """Who that is; None if nobody with this address ever wrote or was named."""
    row = tx.one(
        f"SELECT {_COLUMNS} FROM addresses WHERE workspace = ? AND kind = ? AND scope = ? AND value = ?",
        tx.ws, address.kind, address.scope, address.value,
    )  # fmt: skip
    return _person(row) if row else None


def get(tx: Tx, number: int) -> Person:
    """Who that is; raises NotFound."""
    row = tx.one(f"SELECT {_COLUMNS} FROM addresses WHERE workspace = ? AND id = ?", tx.ws, number)
    if row is None:
        raise NotFound("there is no such address in this workspace")
    return _person(row)


def _person(row: tuple[object, ...]) -> Person:
    return Person(*cast("tuple[int, int, str, str, str, str, str, str, str]", row))


def meet(tx: Tx, party: Party, strength: Strength, method: str, message: int | None, at: int) -> Person:
    """Find somebody who wrote `message`, or write them down, with the claim that they control this address.

    A stronger proof than before is one more claim; a name is filled in where there was none.
    """
    known = find(tx, party.address)
    if known is None:
        number = _add(tx, party, strength, method, at)
        known = get(tx, number)
        write(tx, _control(number, strength, method, tx.ids.show("message", message), at))
    elif _stronger(strength, known.strength):
        write(tx, _control(known.id, strength, method, tx.ids.show("message", message), at))
        known = _improve(tx, known, party, strength, method)
    elif party.name and not known.name:
        known = _improve(tx, known, party, strength, method)
    return known


def name(tx: Tx, address: Address, strength: Strength, method: str, at: int) -> int:
    """The number of an address that somebody named, without any claim that its owner was there."""
    known = find(tx, address)
    return known.id if known else _add(tx, Party(address=address), weakest(strength), method, at)


def weakest(strength: Strength) -> Strength:
    """Being named proves nothing about who controls an address, whatever the naming itself proves."""
    return strength if strength is Strength.INFERRED else Strength.ASSERTED


def _control(number: int, strength: Strength, method: str, source: str, at: int) -> Entry:
    return Entry(id=0, kind="claim", one=number, strength=strength, method=method, source=source, at=at)


def _add(tx: Tx, party: Party, strength: Strength, method: str, at: int) -> int:
    address, number = party.address, tx.ids.new()
    tx.run(
        "INSERT INTO addresses (workspace, id, kind, scope, value, name, written, strength, method, customer,"
        " first_seen) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        tx.ws, number, address.kind, address.scope, address.value, party.name, party.written,
        strength.value, method, number, at,
    )  # fmt: skip
    # Somebody else may have been faster: theirs is the one that counts.
    found = find(tx, address)
    return found.id if found else number


_ORDER = [Strength.VERIFIED, Strength.ATTESTED, Strength.ASSERTED, Strength.INFERRED]


def _stronger(strength: Strength, than: str) -> bool:
    return _ORDER.index(strength) < _ORDER.index(Strength(than))


def _improve(tx: Tx, known: Person, party: Party, strength: Strength, method: str) -> Person:
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
        f" AND scope = ? ORDER BY id LIMIT {int(most)}{tx.skip_locked}",
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


def hold(tx: Tx, customer: int) -> bool:
    """Let no other worker decide about a customer before the commit; whether others could have until now."""
    if not tx.skip_locked:
        return False  # there is one writer at a time
    tx.all("SELECT 1 FROM addresses WHERE workspace = ? AND id = ? FOR UPDATE", tx.ws, customer)
    return True


def members(tx: Tx, customer: int) -> list[Person]:
    """The addresses of a customer, oldest first; empty for a number that is no customer's now."""
    rows = tx.all(
        f"SELECT {_COLUMNS} FROM addresses WHERE workspace = ? AND customer = ? ORDER BY id", tx.ws, customer
    )
    return [_person(row) for row in rows]


def assign(tx: Tx, customers: Iterable[tuple[int, int]]) -> None:
    """Write down which customer addresses (address, customer) are derived to be."""
    for address, customer in customers:
        tx.run("UPDATE addresses SET customer = ? WHERE workspace = ? AND id = ?", customer, tx.ws, address)


# ------------------------------------------------------------------------------------------------- journal

_ENTRY = "id, kind, one, other, strength, method, target, because, actor, source, at"


def write(tx: Tx, entry: Entry) -> int:
    """Add an entry to the journal, for ever; its number."""
    number = tx.ids.new()
    tx.run(
        f"INSERT INTO journal (workspace, {_ENTRY}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        tx.ws, number, entry.kind, entry.one, entry.other, entry.strength.value, entry.method, entry.target,
        entry.because, entry.actor, entry.source, entry.at,
    )  # fmt: skip
    return number


def entries_about(tx: Tx, addresses: Sequence[int]) -> list[Entry]:
    """Every entry that names one of these addresses, oldest first."""
    found: dict[int, Entry] = {}
    for start in range(0, len(addresses), 200):
        some = addresses[start : start + 200]
        for column in ("one", "other"):
            rows = tx.all(
                f"SELECT {_ENTRY} FROM journal WHERE workspace = ? AND {column} IN ({marks(some)})",
                tx.ws,
                *some,
            )
            found.update((entry.id, entry) for entry in map(_entry, rows))
    return [found[number] for number in sorted(found)]


def entry(tx: Tx, number: int) -> Entry:
    """An entry of the journal; raises NotFound."""
    row = tx.one(f"SELECT {_ENTRY} FROM journal WHERE workspace = ? AND id = ?", tx.ws, number)
    if row is None:
        raise NotFound("there is no such entry in this workspace's journal")
    return _entry(row)


def undecided(tx: Tx) -> list[Entry]:
    """Every claim between two addresses that proves nothing yet, and every refusal, with what was decided on them.

    Refusals between any addresses, because "never these two" parts whole customers.
    """
    rows = tx.all(
        f"SELECT {_ENTRY} FROM journal WHERE workspace = ? AND (kind = 'refuse' OR"
        " (kind = 'claim' AND other IS NOT NULL AND strength IN ('asserted', 'inferred'))) ORDER BY id",
        tx.ws,
    )
    return entries_about(tx, sorted({number for row in rows for number in _entry(row).pair}))


def _entry(row: tuple[object, ...]) -> Entry:
    number, kind, one, other, strength, method, target, because, actor, source, at = row
    return Entry(
        id=cast("int", number),
        kind=cast("Kind", kind),
        one=cast("int", one),
        other=cast("int | None", other),
        strength=Strength(str(strength)),
        method=str(method),
        target=cast("int | None", target),
        because=str(because),
        actor=str(actor),
        source=str(source),
        at=cast("int", at),
    )
