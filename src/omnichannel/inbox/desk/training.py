"""`inbox.desk.training`: whose words may be used for training, and what they said, as training is given it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import partial

from omnichannel.clock import moment
from omnichannel.errors import NotFound, UsageError
from omnichannel.inbox.customers import customer, number_of
from omnichannel.inbox.desk.alone import Alone
from omnichannel.inbox.rights import freezing
from omnichannel.model.desk import Consent, Transcript
from omnichannel.store import Tx, conversations, people, records
from omnichannel.store.desk import consents, talks
from omnichannel.store.desk.consents import Held

_FIRST, _LAST = datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)
_ALL = 1_000_000  # messages of a conversation


class Training(Alone):
    """Nobody's words are used for training unless it is written down that they agreed, and where that can be seen.

    Who they are is as proven as can be (`Purpose.DISCLOSE`): what they say from an address that is only likely to be
    theirs is not used. Whoever was erased, or frozen, or withdrew it since, is not in what is exported from then on;
    what was handed out before is yours to delete (`customer.withdrew`, `customer.erased`).
    """

    async def consent(self, who: str, proof: str, *, actor: str = "") -> Consent:
        """Write down that a customer (`Customer.id`) agrees. `proof` says where: a form and its version, a message.

        Raises NotFound, and UsageError without a proof.
        """
        return await self._say(who, proof, actor, given=True)

    async def withdraw(self, who: str, proof: str, *, actor: str = "") -> Consent:
        """Write down that a customer does not agree any more. Raises NotFound, and UsageError without a proof."""
        return await self._say(who, proof, actor, given=False)

    async def consents(self, who: str) -> list[Consent]:
        """Everything that a customer said of it, in order; the last word counts. Raises NotFound."""

        def job(tx: Tx) -> list[Consent]:
            return consents_of(tx, number_of(tx, who))

        return await self._inbox.run_job(job)

    async def transcripts(
        self, *, since: datetime | None = None, until: datetime | None = None
    ) -> list[Transcript]:
        """What was said by and to everybody who agrees, from `since` up to, and without, `until`.

        Words alone: no notes, quotes, signatures, attachments or names of agents, nothing of machines, nothing that
        was deleted, and nothing of anybody else in the same conversations.
        """
        whose = await self._inbox.run_job(_agreeing)
        wanted = (since or _FIRST, until or _LAST)
        found: list[Transcript] = []
        for number in whose:
            found += await self._inbox.run_job(partial(_transcripts, number=number, period=wanted))
        return found

    async def jsonl(self, *, since: datetime | None = None, until: datetime | None = None) -> str:
        """The same as JSON, a `Transcript` on each line."""
        return "".join(
            f"{one.model_dump_json()}\n" for one in await self.transcripts(since=since, until=until)
        )

    async def _say(self, who: str, proof: str, actor: str, *, given: bool) -> Consent:
        if not proof.strip():
            raise UsageError(
                "a consent needs a proof: say where it can be seen that they agreed, or did not any more"
            )

        def job(tx: Tx) -> Consent:
            number = number_of(tx, who)
            whole = people.get(tx, number).customer
            consents.write(tx, [one.id for one in people.members(tx, whole)], proof, actor, given=given)
            what = "customer.consented" if given else "customer.withdrew"
            records.happened(tx, what, customer=whole, actor=actor)
            return consents_of(tx, number)[-1]

        return await self._inbox.run_job(job)


def consents_of(tx: Tx, number: int) -> list[Consent]:
    """What the customer that an address is one of said of it, each time once, in order."""
    whole = people.get(tx, number).customer
    held = consents.of(tx, [one.id for one in people.members(tx, whole)])
    shown = customer(tx, number).id
    said = {(one.at, one.given, one.proof, one.actor): one for one in held}
    return [
        Consent(customer=shown, given=one.given, proof=one.proof, actor=one.actor, at=moment(one.at))
        for one in sorted(said.values())
    ]


def _agreeing(tx: Tx) -> list[int]:
    """One address of each customer of whom an address agrees."""
    return sorted({people.get(tx, number).customer for number in consents.agreed(tx)})


def _transcripts(tx: Tx, number: int, period: tuple[datetime, datetime]) -> list[Transcript]:
    theirs = _usable(tx, number)
    shown = customer(tx, number).id if theirs else ""
    numbers = conversations.conversations_of(tx, theirs) if theirs else []
    return list(_of_conversations(tx, numbers, theirs, shown, period))


def _usable(tx: Tx, number: int) -> list[int]:
    """The addresses of a customer who agree themselves; none where their last word is that they do not."""
    try:
        members = [one.id for one in people.members(tx, people.get(tx, number).customer)]
    except NotFound:
        return []
    held = consents.of(tx, members)
    if not held or not held[-1].given or freezing.frozen_at(tx, people.get(tx, number).customer):
        return []
    last: dict[int, Held] = {one.address: one for one in held}
    return [address for address, one in last.items() if one.given]


def _of_conversations(
    tx: Tx, numbers: Sequence[int], theirs: Sequence[int], shown: str, period: tuple[datetime, datetime]
) -> Iterator[Transcript]:
    for conversation in numbers:
        said = tuple(
            one.spoken
            for one in talks.said(tx, conversation, theirs, most=_ALL)
            if one.spoken.text and not one.machine and period[0] <= one.spoken.at < period[1]
        )
        if any(one.by == "customer" for one in said):
            yield Transcript(
                conversation=tx.ids.show("conversation", conversation), customer=shown, said=said
            )
