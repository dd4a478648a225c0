"""`inbox.customers`: who they are, everything they ever said, and the decisions about who is one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from omnichannel.clock import moment
from omnichannel.errors import NotFound, UsageError
from omnichannel.identity import (
    Entry,
    Policy,
    check_accept,
    derive,
    explain,
    is_role,
    suggestions,
    undo,
    unmerge,
)
from omnichannel.inbox.challenging import Challenges
from omnichannel.inbox.merging import UNPROVEN, component, regroup, within
from omnichannel.model import Address, Challenge, Claim, Customer, Message, Reached, Strength, Suggestion
from omnichannel.store import Tx, messages, people, records

_POLICY = Policy()
T = TypeVar("T")


class RunJob(Protocol):
    """Runs a job of the store."""

    async def __call__(self, job: Callable[[Tx], T]) -> T:
        """Return after the commit that holds it."""
        ...


def customer(tx: Tx, number: int) -> Customer:
    """The customer that an address number belongs to now; raises NotFound."""
    found = people.members(tx, people.get(tx, number).customer)
    named = [person for person in found if person.name]
    best = min(
        named, key=lambda person: (list(Strength).index(Strength(person.strength)), person.id), default=None
    )
    return Customer(
        id=tx.ids.show("customer", found[0].customer),
        name=best.name if best else "",
        addresses=tuple(_reached(person) for person in found),
    )


def _reached(person: people.Person) -> Reached:
    method = _POLICY.methods.get(person.method)
    return Reached(
        address=person.address,
        name=person.name,
        strength=Strength(person.strength),
        because=method.says if method else person.method,
    )


def unproven(address: Address) -> Address:
    """Where somebody is kept apart whom nothing proves to be at this address."""
    return address.model_copy(update={"scope": UNPROVEN})


def number_of(tx: Tx, who: str) -> int:
    """The number behind a customer's id, even one that was merged away."""
    return people.get(tx, tx.ids.find("customer", who)).id


class Customers:
    """Everything about customers. Ids are those of `Customer.id`; addresses are `Address` values."""

    def __init__(self, run: RunJob, challenges: Challenges) -> None:
        self._run = run
        self._challenges = challenges

    async def get(self, who: str) -> Customer:
        """A customer by id, also by one that was merged away; raises NotFound."""
        return await self._run(lambda tx: customer(tx, number_of(tx, who)))

    async def find(self, address: Address) -> Customer | None:
        """The customer with this address, else whoever only says that it is theirs; None if nobody does."""

        def job(tx: Tx) -> Customer | None:
            person = people.find(tx, address) or people.find(tx, unproven(address))
            return customer(tx, person.id) if person else None

        return await self._run(job)

    async def timeline(self, who: str) -> list[Message]:
        """Everything said to and by a customer on every channel, with our notes, in order of arrival."""

        def job(tx: Tx) -> list[Message]:
            found = people.members(tx, people.get(tx, number_of(tx, who)).customer)
            return messages.of_addresses(tx, [person.id for person in found])

        return await self._run(job)

    async def claims(self, who: str) -> list[Claim]:
        """Every claim, decision, refusal and revocation about a customer's addresses, oldest first."""

        def job(tx: Tx) -> list[Claim]:
            numbers = [
                person.id for person in people.members(tx, people.get(tx, number_of(tx, who)).customer)
            ]
            entries = people.entries_about(tx, numbers)
            revoked = {entry.target for entry in entries if entry.kind == "revoke"}
            return [_claim(tx, entry, revoked=entry.id in revoked) for entry in entries]

        return await self._run(job)

    async def explain(self, one: Address, other: Address) -> list[str]:
        """Why two addresses are one customer's, or are not, in sentences; raises NotFound for unknown ones."""

        def job(tx: Tx) -> list[str]:
            a, b = _known(tx, one), _known(tx, other)
            around = _Around(tx, [a.id, b.id])
            return explain(around.partition, a.id, b.id, around.names)

        return await self._run(job)

    async def suggestions(self) -> list[Suggestion]:
        """Customers who may be one, unproven, most likely first: for a person to decide."""

        def job(tx: Tx) -> list[Suggestion]:
            entries = people.undecided(tx)
            numbers = {number for entry in entries for number in entry.pair}
            known = {number: people.get(tx, number) for number in numbers}
            shared = {number for number, person in known.items() if is_role(person.address)}
            owners = {number: person.customer for number, person in known.items()}
            return [
                Suggestion(
                    id=tx.ids.show("claim", found.entries[0].id),
                    one=known[found.one].address,
                    other=known[found.other].address,
                    strength=found.strength,
                    score=found.score,
                    because=found.because,
                )
                for found in suggestions(owners, entries, shared)
            ]

        return await self._run(job)

    async def accept(
        self, one: Address, other: Address, *, actor: str, because: str = "", even_unproven: bool = False
    ) -> Customer:
        """Vouch that two addresses are one customer's; the customer. Raises Conflict after a refusal.

        Where nothing proves who writes from an address, whoever forges it would be this customer from now on: that
        raises UsageError, unless `even_unproven` says that it is meant.
        """
        if not even_unproven and UNPROVEN in (one.scope, other.scope):
            raise UsageError(
                "nothing proves who writes from there, and every forgery would be this customer; send them a link "
                "with continue_on, set `trusted` for the mailbox, or pass even_unproven=True"
            )

        def job(tx: Tx) -> Customer:
            a, b = _two(tx, one, other)
            around = _Around(tx, [a.id, b.id])
            check_accept(around.partition, around.entries, a.id, b.id, around.shared)
            entry = Entry(
                id=0, kind="accept", one=a.id, other=b.id, because=because, actor=actor, at=tx.now()
            )
            _append(tx, [entry], actor, because)
            return customer(tx, a.id)

        return await self._run(job)

    async def refuse(self, one: Address, other: Address, *, actor: str, because: str = "") -> None:
        """Decide that two addresses are never one customer's, whatever comes later; one customer is parted."""

        def job(tx: Tx) -> None:
            a, b = _two(tx, one, other)
            entry = Entry(
                id=0, kind="refuse", one=a.id, other=b.id, because=because, actor=actor, at=tx.now()
            )
            _append(tx, [entry], actor, because)

        await self._run(job)

    async def unmerge(self, one: Address, other: Address, *, actor: str, because: str = "") -> list[str]:
        """Take a merge back exactly: every message, later ones too, is again its own customer's.

        Returns the ids of what was written, for `undo`. Raises Conflict if they are not one customer's.
        """

        def job(tx: Tx) -> list[str]:
            a, b = _two(tx, one, other)
            around = _Around(tx, [a.id, b.id])
            entries = unmerge(
                around.entries, a.id, b.id, around.shared, at=tx.now(), actor=actor, because=because
            )
            return _append(tx, entries, actor, because)

        return await self._run(job)

    async def undo(self, decisions: Sequence[str], *, actor: str, because: str = "") -> None:
        """Take back decisions (`accept`, `refuse`, `unmerge`) or claims, by their ids: as if never made."""

        def job(tx: Tx) -> None:
            entries = [people.entry(tx, tx.ids.find("claim", decision)) for decision in decisions]
            _append(tx, undo(entries, at=tx.now(), actor=actor, because=because), actor, because)

        await self._run(job)

    async def challenge(
        self, claim: str, *, on: str | None = None, language: str = "en", words: str = "", actor: str = ""
    ) -> Challenge:
        """Ask the address that a claim is about whether it is so: a code is sent there, which settles the claim.

        Back from there, or typed where the claim was made, it makes both one customer, verified; after
        `Rules.challenge_life` or too many wrong codes the claim is revoked. `claim` is a `Claim.id` or a
        `Suggestion.id`. `on` is the account to send on, or its kind (None: the first that can); `words` take the
        place of those in `language` (en, nl, de, fr, es, it), with `{code}` where the code goes. Raises NotFound,
        Conflict for a claim that is settled or after too many codes (`Rules.challenges`), UsageError for what no
        code can prove, and what `reply` raises.
        """
        return await self._challenges.challenge(claim, on=on, language=language, words=words, actor=actor)

    async def challenges(self, who: str) -> list[Challenge]:
        """Every challenge about a customer's addresses, and what came of it, oldest first."""
        return await self._challenges.about(who)


class _Around:
    """What is known around some addresses: who is one, and why."""

    def __init__(self, tx: Tx, numbers: Sequence[int]) -> None:
        addresses, entries = component(tx, numbers)
        known = {number: people.get(tx, number) for number in addresses}
        self.entries = within(entries, known)
        self.shared = {number for number, person in known.items() if is_role(person.address)}
        self.names = {number: str(person.address) for number, person in known.items()}
        self.partition = derive(addresses, self.entries, self.shared)


def _known(tx: Tx, address: Address) -> people.Person:
    person = people.find(tx, address)
    if person is None:
        raise NotFound(f"{address} never wrote to this workspace")
    return person


def _two(tx: Tx, one: Address, other: Address) -> tuple[people.Person, people.Person]:
    if one == other:
        raise UsageError(f"{one} is one address; a decision is about two different ones")
    return _known(tx, one), _known(tx, other)


def _append(tx: Tx, entries: Sequence[Entry], actor: str, because: str) -> list[str]:
    numbers = [people.write(tx, entry) for entry in entries]
    for entry in entries:
        records.happened(
            tx,
            f"customer.{entry.kind}",
            customer=people.get(tx, entry.one).customer,
            actor=actor,
            detail={"because": because} if because else None,
        )
    regroup(tx, {number for entry in entries for number in entry.pair}, actor=actor, because=because)
    return [tx.ids.show("claim", number) for number in numbers]


def _claim(tx: Tx, entry: Entry, *, revoked: bool) -> Claim:
    return Claim(
        id=tx.ids.show("claim", entry.id),
        address=people.get(tx, entry.one).address,
        other=people.get(tx, entry.other).address if entry.other is not None else None,
        strength=entry.strength,
        method=entry.method if entry.kind == "claim" else entry.kind,
        source=entry.source or entry.actor,
        because=_POLICY.says(entry),
        at=moment(entry.at),
        revoked=revoked,
    )
