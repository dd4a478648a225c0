"""`inbox.customers`: who they are, and everything that they ever said."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol, TypeVar

from omnichannel.clock import moment
from omnichannel.identity import UNPROVEN, Partition
from omnichannel.identity.shared import standing
from omnichannel.inbox.given import address_of, purpose_of
from omnichannel.inbox.merging import Around, around
from omnichannel.inbox.rights import freezing
from omnichannel.model import Address, Customer, Message, Purpose, Reached, Strength
from omnichannel.store import Tx, messages, people

T = TypeVar("T")


class RunJob(Protocol):
    """Runs a job of the store."""

    async def __call__(self, job: Callable[[Tx], T]) -> T:
        """Return after the commit that holds it."""
        ...


def customer(tx: Tx, number: int, purpose: Purpose = Purpose.DISCLOSE) -> Customer:
    """The customer that an address number belongs to, for a purpose; raises NotFound."""
    person = people.get(tx, number)
    if purpose is Purpose.DISCLOSE:
        return _shown(tx, people.members(tx, person.customer))
    found = around(tx, [number], purpose)
    partition = found.now(tx, purpose)
    return _shown(tx, members(found, partition, number), partition, number)


def customers(tx: Tx, numbers: Iterable[int]) -> dict[int, Customer]:
    """The customers that addresses belong to, to disclose, by address; an address that is not there is left out."""
    persons = people.several(tx, sorted(set(numbers)))
    found = people.by_customer(tx, sorted({person.customer for person in persons}))
    shown = {number: _shown(tx, theirs) for number, theirs in found.items()}
    return {person.id: shown[person.customer] for person in persons}


def members(found: Around, partition: Partition, number: int) -> list[people.Person]:
    """The addresses of the customer that an address is one of, oldest first."""
    return [found.people[member] for member in partition.members(partition.customer_of[number])]


def _shown(
    tx: Tx, found: list[people.Person], partition: Partition | None = None, number: int = 0
) -> Customer:
    named = [person for person in found if person.name]
    best = min(
        named, key=lambda person: (list(Strength).index(Strength(person.strength)), person.id), default=None
    )
    frozen_at = freezing.frozen_at(tx, found[0].customer)
    return Customer(
        id=tx.ids.show("customer", found[0].id),
        frozen_at=moment(frozen_at) if frozen_at else None,
        name=best.name if best else "",
        addresses=tuple(_reached(tx, person, partition, number) for person in found),
    )


def _reached(tx: Tx, person: people.Person, partition: Partition | None, number: int) -> Reached:
    method = tx.policy.methods.get(person.method)
    return Reached(
        address=person.address,
        name=person.name,
        strength=Strength(person.strength),
        because=method.says if method else person.method,
        unproven=partition is not None and partition.unproven(number, person.id),
        shared=partition.shared.get(person.id, "") if partition else standing(person.address),
        since=moment(person.since) if person.since else None,
    )


def unproven(address: Address) -> Address:
    """Where somebody is kept apart whom nothing proves to be at this address."""
    return address.model_copy(update={"scope": UNPROVEN})


def number_of(tx: Tx, who: str) -> int:
    """The number behind a customer's id, even one that was merged away."""
    return people.get(tx, tx.ids.find("customer", who)).id


def persons(tx: Tx, number: int, purpose: Purpose) -> list[people.Person]:
    """The addresses of the customer that an address is one of, for a purpose."""
    if purpose is Purpose.DISCLOSE:
        return people.members(tx, people.get(tx, number).customer)
    known = around(tx, [number], purpose)
    return members(known, known.now(tx, purpose), number)


class Customers:
    """Everything about customers. Ids are those of `Customer.id`; addresses are `Address` values.

    `purpose` says what for: to *disclose* only what is proven is theirs; to *assist* an agent, what they only say
    is as well, and `Reached.unproven` marks it.
    """

    def __init__(self, run: RunJob) -> None:
        self._run = run

    async def get(self, who: str, *, purpose: Purpose = Purpose.DISCLOSE) -> Customer:
        """A customer by id, also by one that was merged away; raises NotFound."""
        purpose = purpose_of(purpose)
        return await self._run(lambda tx: customer(tx, number_of(tx, who), purpose))

    async def find(self, address: Address, *, purpose: Purpose = Purpose.DISCLOSE) -> Customer | None:
        """The customer with this address, else whoever only says that it is theirs; None if nobody does."""
        purpose, address = purpose_of(purpose), address_of(address)

        def job(tx: Tx) -> Customer | None:
            person = people.find(tx, address) or people.find(tx, unproven(address))
            return customer(tx, person.id, purpose) if person else None

        return await self._run(job)

    async def timeline(self, who: str, *, purpose: Purpose = Purpose.DISCLOSE) -> list[Message]:
        """Everything said to and by a customer on every channel, with our notes, in order of arrival."""
        purpose = purpose_of(purpose)

        def job(tx: Tx) -> list[Message]:
            number = number_of(tx, who)
            return messages.of_addresses(tx, [person.id for person in persons(tx, number, purpose)])

        return await self._run(job)
