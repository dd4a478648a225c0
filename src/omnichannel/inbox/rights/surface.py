"""The rights of those who write, as an application calls them: `export`, `erase`, `freeze`, `object`."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Literal

from omnichannel.clock import micros
from omnichannel.errors import Conflict, StoreError, UsageError
from omnichannel.identity import Entry, live, undo
from omnichannel.inbox.customers import number_of
from omnichannel.inbox.merging import regroup
from omnichannel.inbox.rights import erasing, exporting, forgetting, freezing, sorting
from omnichannel.model import Export, Proof
from omnichannel.store import Tx, erased, journal, likeness, people, records
from omnichannel.store import erasing as statements
from omnichannel.store.arrivals import Arrival
from omnichannel.store.marking import address_mark
from omnichannel.store.people import Person
from omnichannel.store.search import progress

if TYPE_CHECKING:
    from omnichannel.inbox.core import Core

_Decided = Literal["freeze", "object"]


class Rights:
    """What those who write may ask for. Each rests on proof: a customer is who the *disclose* view says.

    So nobody gets, or takes away, what belongs to somebody whose address they only claim.
    """

    def __init__(self, inbox: Core) -> None:
        self._inbox = inbox

    async def export(self, who: str, *, actor: str = "") -> Export:
        """Everything of one customer in one value, for `write_export`; nothing of anybody else. Raises NotFound.

        Files that lie at a platform are fetched; what cannot be had is in `left_out`. Who only may be the same
        customer is in `likely`, for you to look at: nothing of theirs is here.
        """
        await self._sorted(who)

        def job(tx: Tx) -> Export:
            return exporting.export(tx, self._inbox.channels, number_of(tx, who), actor)

        return await exporting.with_attachments(await self._inbox.run_job(job), self._inbox.attachment)

    async def erase(self, who: str, *, actor: str, because: str = "", scrub: bool = True) -> Proof:
        """Erase one customer for good, everywhere in this store, and prove it. It cannot be undone.

        What is here of them never comes back, however it comes, nor what a platform's record has from before. What
        they send from now on, or what gets here only now for the first time, is somebody new's.
        `scrub` rewrites the database's files afterwards, so that no byte is left in them: that locks them for as
        long as copying them takes. Of many at once, erase each with `scrub=False` and call `scrub` at the end.

        Keep the proof outside of the database: `erase_again` needs it after a backup was restored. Raises NotFound,
        Conflict while their data are frozen, UsageError if `because` names them.
        """
        unread = await self._sorted(who)

        def job(tx: Tx) -> Proof:
            _alone(tx)
            number = people.get(tx, number_of(tx, who)).customer
            order = erasing.Order(number, actor, because)
            return self._erase(tx, order, people.members(tx, number), unread)

        proof = await self._inbox.run_job(job)
        return await self._scrubbed(proof) if scrub else proof

    async def erase_again(self, proof: Proof, *, actor: str, scrub: bool = True) -> Proof:
        """Erase what a proof says was erased, in a store that was restored from a backup of before.

        Do it before anybody works on the restored store: what came to the same addresses since is erased with them.
        Without effect where nothing came back. Raises UsageError for another workspace's proof.
        """
        unread = await self._sorted()

        def job(tx: Tx) -> Proof:
            _alone(tx)
            if proof.workspace != tx.workspace:
                raise UsageError(
                    f"this proof is of the workspace {proof.workspace!r}, this is {tx.workspace!r}"
                )
            erased.remember(tx, proof.marks)
            found = _of_before(tx, proof)
            order = erasing.Order(min((person.customer for person in found), default=0), actor, proof.because)
            again = self._erase(tx, order, found, unread) if found else proof
            forgetting.erase_unmet(tx, self._inbox.channels, proof, unread)
            return again

        again = await self._inbox.run_job(job)
        return await self._scrubbed(again) if scrub else again

    async def scrub(self) -> list[str]:
        """Rewrite the database's files, so that no byte of what was deleted is left in them; what could not be done.

        Takes as long as copying the database, and nobody else can use it meanwhile. Raises StoreError where somebody
        does for too long.
        """
        return await self._inbox.open().scrub()

    async def freeze(self, who: str, *, actor: str, because: str = "") -> list[str]:
        """Keep what there is of a customer, and do not use it (Art. 18); ids for `undo`. Raises NotFound.

        Their conversations stand in no list, no handler sees their messages, nothing is sent to them, and what
        waits to be sent is not. What they write is kept. By id you still see everything.
        """
        return await self._decide(who, "freeze", "customer.frozen", actor, because)

    async def unfreeze(self, who: str, *, actor: str, because: str = "") -> list[str]:
        """Use a customer's data again: handlers see what was written meanwhile. Raises Conflict if not frozen."""
        return await self._take_back(who, "freeze", "customer.unfrozen", actor, because)

    async def object(self, who: str, *, actor: str, because: str = "") -> list[str]:
        """Make no links for a customer that only likeness makes (Art. 21, 22); ids for `undo`. Raises NotFound.

        What they say themselves, what is proven and what people decide counts as before.
        """
        return await self._decide(who, "object", "customer.objected", actor, because)

    async def unobject(self, who: str, *, actor: str, because: str = "") -> list[str]:
        """Take an objection to likeness back. Raises Conflict if there is none."""
        return await self._take_back(who, "object", "customer.unobjected", actor, because)

    # ----------------------------------------------------------------------------------------------- how

    async def _sorted(self, who: str = "") -> list[Arrival]:
        """Find out of every delivery whose items it holds; those of which nobody can tell. Raises NotFound."""
        if who:
            await self._inbox.run_job(lambda tx: number_of(tx, who))
        unread: list[Arrival] = []
        after, more = 0, True
        while more:
            job = partial(sorting.sort_some, channels=self._inbox.channels, after=after)
            after, found = await self._inbox.run_job(job)
            unread += found
            more = after > 0
        return unread

    def _erase(self, tx: Tx, order: erasing.Order, found: list[Person], unread: list[Arrival]) -> Proof:
        after, more, known = 0, True, {arrival.id for arrival in unread}
        while more:  # what came since nobody else may write any more
            after, left = sorting.sort_some(tx, self._inbox.channels, after)
            unread += [arrival for arrival in left if arrival.id not in known]
            more = after > 0
        return erasing.erase(tx, self._inbox.channels, order, found, unread)

    async def _scrubbed(self, proof: Proof) -> Proof:
        """The proof with what a scrub could do. They are erased already: what is in its way costs no proof."""
        try:
            left, done = await self.scrub(), True
        except StoreError as error:
            left, done = [str(error)], False
        return proof.model_copy(update={"scrubbed": done, "elsewhere": (*proof.elsewhere, *left)})

    async def _decide(self, who: str, kind: _Decided, what: str, actor: str, because: str) -> list[str]:
        def job(tx: Tx) -> list[str]:
            found = _customer(tx, who)
            entries = [
                Entry(0, kind, one.root, because=because, actor=actor, at=_in_their_time(tx, one))
                for one in found
            ]
            return _append(tx, found[0].customer, entries, what, actor, because)

        return await self._inbox.run_job(job)

    async def _take_back(self, who: str, kind: _Decided, what: str, actor: str, because: str) -> list[str]:
        def job(tx: Tx) -> list[str]:
            found = _customer(tx, who)
            numbers = {person.id for person in found}
            standing = live(journal.about(tx, sorted({person.root for person in found})))
            theirs = {entry.id for person in found for entry in erasing.meant(tx, person.root, numbers)}
            said = [entry for entry in standing if entry.kind == kind and entry.id in theirs]
            if not said:
                raise Conflict(f"there is nothing to take back: no {kind} stands for this customer")
            if kind == "object":
                for person in found:
                    likeness.note(tx, person.id)  # nothing was worked out about them meanwhile
            entries = undo(said, at=tx.now(), actor=actor, because=because)
            return _append(tx, found[0].customer, entries, what, actor, because)

        return await self._inbox.run_job(job)


def _alone(tx: Tx) -> None:
    """Nobody else writes to those who are erased, or takes their words into the index, until the commit."""
    progress.hold(tx)
    statements.alone(tx)


def _customer(tx: Tx, who: str) -> list[Person]:
    return people.members(tx, people.get(tx, number_of(tx, who)).customer)


def _in_their_time(tx: Tx, person: Person) -> int:
    """Now, or the last moment at which an address was theirs: what is said of it then is said of them."""
    later = [one.since for one in people.family(tx, [person.root]) if one.since > person.since]
    return min([tx.now(), *(since - 1 for since in later)])


def _append(
    tx: Tx, customer: int, entries: Sequence[Entry], what: str, actor: str, because: str
) -> list[str]:
    numbers = [journal.write(tx, entry) for entry in entries]
    detail = {"because": because} if because else None
    records.happened(tx, what, customer=customer, actor=actor, detail=detail)
    roots = {entry.one for entry in entries}
    regroup(tx, roots, actor=actor, because=because)
    freezing.settle(tx, roots)
    return [tx.ids.show("claim", number) for number in numbers]


def _of_before(tx: Tx, proof: Proof) -> list[Person]:
    """Those whom a proof speaks of, by the marks of their addresses."""
    marks = {mark.mark: mark for mark in proof.marks}
    found = []
    for person in people.met_by(tx, micros(proof.at)):
        mark = marks.get(address_mark(tx, person.address))
        if mark and mark.since <= person.since <= mark.until:
            found.append(person)
    return found
