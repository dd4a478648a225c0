"""`inbox.identity`: why addresses are one customer's, and the decisions about who is one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Literal

from omnichannel.clock import micros
from omnichannel.errors import NotFound, UsageError
from omnichannel.identity import UNPROVEN, Entry, check_accept, explain, undo, unmerge
from omnichannel.inbox import auditing, judging, merging, owners, studying, suggesting
from omnichannel.inbox.challenging import Challenges, refuse_earlier
from omnichannel.inbox.claims import claims_of
from omnichannel.inbox.customers import customer, number_of
from omnichannel.inbox.given import address_of, purpose_of, several_of
from omnichannel.inbox.merging import around, regroup
from omnichannel.inbox.rights import forgetting, freezing
from omnichannel.inbox.rights.surface import Rights
from omnichannel.model import (
    Address,
    Audit,
    Challenge,
    Claim,
    Customer,
    Evidence,
    Likeness,
    Purpose,
    Strength,
    Suggestion,
)
from omnichannel.store import Tx, journal, judged, people, records

if TYPE_CHECKING:
    from omnichannel.inbox.core import Core


class Identity(Rights):
    """Every claim about who is one customer, and every decision. Addresses are `Address` values.

    Nothing here is ever overwritten: whatever was decided can be taken back exactly with `undo`, by the ids that
    the decision gave.
    """

    def __init__(self, inbox: Core) -> None:
        super().__init__(inbox)
        self._run = inbox.run_job
        self._challenges = Challenges(inbox)

    # ------------------------------------------------------------------------------------------ what is known

    async def claims(self, who: str) -> list[Claim]:
        """Every claim, decision, refusal and revocation about a customer's addresses, oldest first.

        Of an address that others had before, or have now, those of this customer's time.
        """
        return await self._run(lambda tx: claims_of(tx, people.get(tx, number_of(tx, who)).customer))

    async def explain(
        self, one: Address, other: Address, *, purpose: Purpose = Purpose.DISCLOSE
    ) -> list[str]:
        """Why two addresses are one customer's, or are not, in sentences; raises NotFound for unknown ones."""
        purpose = purpose_of(purpose)

        def job(tx: Tx) -> list[str]:
            a, b = _known(tx, one), _known(tx, other)
            found = around(tx, [a.id, b.id], purpose)
            return explain(found.now(tx, purpose), a.id, b.id, found.spelt, tx.policy)

        return await self._run(job)

    async def likeness(self, one: Address, other: Address) -> Likeness:
        """How alike the customers with two addresses are, with the weight of each reason. Raises NotFound.

        It is a likeness of what is known of them, whatever is proven: it joins nobody to disclose.
        """

        def job(tx: Tx) -> Likeness:
            weighed = studying.compare(tx, _known(tx, one), _known(tx, other))
            return Likeness(
                probability=judging.calibrated(tx)(weighed.probability),
                odds=round(weighed.odds, 2),
                weights=suggesting.weights(weighed),
            )

        return await self._run(job)

    async def as_of(
        self, time: datetime, address: Address, *, purpose: Purpose = Purpose.DISCLOSE
    ) -> tuple[Address, ...]:
        """The addresses that were one customer's with this one at a moment, as far as was known by then.

        What was written down later does not count, nor what was taken back before. Raises NotFound.
        """
        purpose = purpose_of(purpose)

        def job(tx: Tx) -> tuple[Address, ...]:
            then = micros(time)
            person = people.find(tx, address, then) or _known(tx, address)
            found = around(tx, [person.id], purpose)
            partition = found.derive(tx.policy, purpose, then)
            together = partition.members(partition.customer_of[person.id])
            return tuple(found.people[number].address for number in together)

        return await self._run(job)

    async def suggestions(self, *, most: int = 1000) -> list[Suggestion]:
        """Customers who may be one, unproven: for a person to decide, those first that are worth most time.

        Worth most is what is expected to put most messages right (`Suggestion.worth`): what is nearly likely enough
        to be shown as one, between two who write much. What comes after the first `most` is found again when those
        are decided.
        """
        return await self._run(partial(suggesting.suggested, most=most))

    async def audit(self, purpose: Purpose = Purpose.ASSIST, *, sample: int = 300) -> Audit:
        """A random sample of what a view joins, for people to judge, and how wrong the view is by that.

        For *assist* and *analytics* it is drawn from what that view joins and nothing proves. While pairs of the last
        sample wait for `judge`, it is that one, whatever its size; once all are judged, a new one. Of 300 pairs
        without a mistake it follows that at most 1 % are wrong; for 0.1 % it takes 3,000. Raises UsageError for a
        sample of none.
        """
        return await auditing.draw(self._run, purpose_of(purpose), sample)

    async def audited(self, purpose: Purpose = Purpose.ASSIST) -> Audit | None:
        """The last sample of a view as it stands, judged or not; None if none was drawn."""
        return await self._run(partial(auditing.audit_of, purpose=purpose_of(purpose)))

    # ------------------------------------------------------------------------------------------- what is added

    async def observe(
        self,
        address: Address,
        evidence: Sequence[Evidence] = (),
        *,
        facts: dict[str, str] | None = None,
        strength: Strength = Strength.ATTESTED,
        source: str = "",
        even_erased: bool = False,
    ) -> Customer:
        """Write down what another system knows of whoever has an address; the customer that follows from it.

        `evidence` are further addresses of theirs, each as strong as its method may be; `facts` what is known of
        them (`name`, `street`, `born`…). `strength`: how well this source knows that they are at `address`:
        `attested` where an operator vouches for it, `asserted` where it was only typed there. Raises Conflict for
        an address whose owner was erased and has not written since, unless `even_erased` says that it is meant.
        """
        address_of(address)

        def job(tx: Tx) -> Customer:
            if not even_erased:
                forgetting.refuse_erased(tx, [address, *(item.address for item in evidence)])
            now = tx.now()
            person = people.observed(tx, address, strength, "import", source, now)
            merging.add_evidence(tx, person, evidence, source=source, at=now)
            person = people.holder(tx, person, now)  # it may be what shows that the address has a new owner
            for field, value in sorted((facts or {}).items()):
                merging.say(tx, person, field, value, strength, source=source, at=now)
            return customer(tx, person.id)

        return await self._run(job)

    async def learn(self) -> int:
        """Learn from what is known here how telling each field is, without labels; the version of what was learned.

        Before that, what is usual elsewhere counts. Worth repeating when a store has grown by half. From 100 judged
        pairs on (suggestions decided, pairs of an audit) what people judged puts the probabilities right, too.
        """
        return await self._run(studying.learn)

    # ------------------------------------------------------------------------------------------------ decisions

    async def accept(self, suggestion: str, *, actor: str, because: str = "") -> Customer:
        """Say that a suggestion is right, by its id; the customer. Raises as `merge` does."""

        def job(tx: Tx) -> tuple[Address, Address]:
            entry = journal.entry(tx, tx.ids.find("claim", suggestion))
            refuse_earlier(tx, entry)
            one, other = entry.pair
            return people.get(tx, one).address, people.get(tx, other).address

        one, other = await self._run(job)
        return await self.merge(one, other, actor=actor, because=because)

    async def merge(
        self, one: Address, other: Address, *, actor: str, because: str = "", even_unproven: bool = False
    ) -> Customer:
        """Vouch that two addresses are one customer's; the customer. Raises Conflict after a refusal.

        Where nothing proves who writes from an address, whoever forges it would be this customer from now on: that
        raises UsageError, unless `even_unproven` says that it is meant.
        """
        if not even_unproven and UNPROVEN in (address_of(one).scope, address_of(other).scope):
            raise UsageError(
                "nothing proves who writes from there, and every forgery would be this customer; send them a link "
                "with continue_on, set `trusted` for the mailbox, or pass even_unproven=True"
            )

        def job(tx: Tx) -> Customer:
            a, b = _two(tx, one, other)
            found = merging.alone(tx, [a.id, b.id])
            check_accept(found.now(tx), found.owned, a.id, b.id, partial(tx.ids.show, "claim"))
            _decide(tx, _decision("accept", a, b, actor, because, tx.now()), a, b)
            return customer(tx, a.id)

        return await self._run(job)

    async def refuse(self, one: Address, other: Address, *, actor: str, because: str = "") -> list[str]:
        """Decide that two addresses are never one customer's, whatever comes later; one customer is parted.

        Returns the ids of what was written, for `undo`.
        """

        def job(tx: Tx) -> list[str]:
            a, b = _two(tx, one, other)
            number = _decide(tx, _decision("refuse", a, b, actor, because, tx.now()), a, b)
            return [tx.ids.show("claim", number)]

        return await self._run(job)

    async def judge(self, pair: str, *, same: bool | None, actor: str, because: str = "") -> None:
        """Say whether a pair of an audit is one customer, by its id; None takes that back. Raises NotFound.

        If not, that is refused for ever, and the two are parted. If so, nothing changes but the bound of the audit.
        """

        def job(tx: Tx) -> None:
            _judge(tx, judged.get(tx, tx.ids.find("pair", pair)), actor, because, same=same)

        await self._run(job)

    async def share(self, address: Address, *, actor: str, because: str = "") -> list[str]:
        """Say that several people use an address: it is nobody's, and joins nobody. Returns ids for `undo`."""
        return await self._run(lambda tx: _say(tx, "share", address, actor, because))

    async def leave(self, address: Address, *, actor: str, because: str = "") -> list[str]:
        """Say that whoever had an address gave it up: who writes from now on is somebody else.

        The same account that is proven to have it again is its owner, who came back. Returns ids for `undo`.
        """
        return await self._run(lambda tx: _say(tx, "leave", address, actor, because))

    async def unmerge(self, one: Address, other: Address, *, actor: str, because: str = "") -> list[str]:
        """Take a merge back exactly: every message, later ones too, is again its own customer's.

        Returns the ids of what was written, for `undo`. Raises Conflict if they are not one customer's.
        """

        def job(tx: Tx) -> list[str]:
            a, b = _two(tx, one, other)
            found = merging.alone(tx, [a.id, b.id])
            entries = unmerge(
                found.points, found.entries, a.id, b.id, tx.policy, at=tx.now(), actor=actor, because=because
            )
            return _append(tx, entries, actor, because)

        return await self._run(job)

    async def undo(self, decisions: Sequence[str], *, actor: str, because: str = "") -> None:
        """Take back decisions or claims, by the ids that were returned for them: as if they were never made."""

        def job(tx: Tx) -> None:
            found = several_of(decisions, "decisions") or ()
            entries = [journal.entry(tx, tx.ids.find("claim", decision)) for decision in found]
            _append(tx, undo(entries, at=tx.now(), actor=actor, because=because), actor, because)

        await self._run(job)

    async def challenge(
        self,
        claim: str,
        *,
        on: str | None = None,
        language: str = "en",
        words: str = "",
        actor: str = "",
        idempotency_key: str = "",
    ) -> Challenge:
        """Ask the address that a claim is about whether it is so: a code is sent there, which settles the claim.

        Back from there, or typed where the claim was made, it makes both one customer, verified; after
        `Rules.challenge_life` or too many wrong codes the claim is revoked. `claim` is a `Claim.id` or a
        `Suggestion.id`. `on` is the account to send on, or its kind (None: the first that can); `words` take the
        place of those in `language` (en, nl, de, fr, es, it), with `{code}` where the code goes. Under the same
        `idempotency_key` it is asked once (`Conversations.reply`). Raises NotFound,
        Conflict for a claim that is settled or after too many codes (`Rules.challenges`), UsageError for what no
        code can prove, and what `reply` raises.
        """
        return await self._challenges.challenge(
            claim, on=on, language=language, words=words, actor=actor, idempotency_key=idempotency_key
        )

    async def challenges(self, who: str) -> list[Challenge]:
        """Every challenge about a customer's addresses, and what came of it, oldest first."""
        return await self._challenges.about(who)


def _known(tx: Tx, address: Address) -> people.Person:
    person = people.find(tx, address_of(address))
    if person is None:
        raise NotFound(f"{address} never wrote to this workspace")
    return person


def _two(tx: Tx, one: Address, other: Address) -> tuple[people.Person, people.Person]:
    if one == other:
        raise UsageError(f"{one} is one address; a decision is about two different ones")
    return _known(tx, one), _known(tx, other)


def _decision(
    kind: Literal["accept", "refuse"],
    one: people.Person,
    other: people.Person,
    actor: str,
    because: str,
    at: int,
) -> Entry:
    return Entry(id=0, kind=kind, one=one.root, other=other.root, because=because, actor=actor, at=at)


def _decide(tx: Tx, entry: Entry, one: people.Person, other: people.Person) -> int:
    """Write down what somebody decided, and what likeness had said of the two; the entry's number."""
    stated = suggesting.stated(tx, one, other)
    [number] = _write(tx, [entry], entry.actor, entry.because)
    if stated is not None:
        pair = one.id, other.id
        judged.decided(tx, pair, stated, number, same=entry.kind == "accept", actor=entry.actor)
    return number


def _judge(tx: Tx, row: judged.Judged, actor: str, because: str, *, same: bool | None) -> None:
    if row.decision is not None:
        _write(tx, undo([journal.entry(tx, row.decision)], at=tx.now(), actor=actor), actor, because)
    decision = None
    if same is False:
        one, other = people.get(tx, row.one), people.get(tx, row.other)
        [decision] = _write(tx, [_decision("refuse", one, other, actor, because, tx.now())], actor, because)
    judged.judge(tx, row.id, same=same, actor=actor, decision=decision)


def _say(tx: Tx, kind: Literal["share", "leave"], address: Address, actor: str, because: str) -> list[str]:
    """Write down what somebody decided of one address."""
    entry = Entry(0, kind, _known(tx, address).root, because=because, actor=actor, at=tx.now())
    return _append(tx, [entry], actor, because)


def _append(tx: Tx, entries: Sequence[Entry], actor: str, because: str) -> list[str]:
    return [tx.ids.show("claim", number) for number in _write(tx, entries, actor, because)]


def _write(tx: Tx, entries: Sequence[Entry], actor: str, because: str) -> list[int]:
    ends = {number for entry in entries for number in entry.pair}
    people.hold(tx, ends)
    numbers = [journal.write(tx, entry) for entry in entries]
    for entry in entries:
        records.happened(
            tx,
            f"customer.{entry.kind}",
            customer=people.holder(tx, people.get(tx, entry.one), entry.at).customer,
            actor=actor,
            detail={"because": because} if because else None,
        )
    owners.settle(tx, ends, decided=True)
    regroup(tx, ends, actor=actor, because=because)
    freezing.settle(tx, ends)
    return numbers
