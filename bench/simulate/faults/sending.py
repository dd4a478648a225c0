"""Mistakes in sending: what is in doubt, what is repeated, what overtakes what."""

from __future__ import annotations

import asyncio
from typing import Any

from bench.mistakes import forget_in_doubt, resend_in_doubt
from bench.simulate.faults.memory import memory
from omnichannel.channel import Call, Channel, Sender
from omnichannel.inbox import Core, Rules, sending
from omnichannel.model import Deferred, Receipt, Refused, Sent, Unknown
from omnichannel.store import Tx, outbox, records
from omnichannel.store.outbox import Leased


def _settle_as(kind: type[Receipt], other: Receipt) -> None:
    """Take another outcome for every one of a kind that comes back."""
    settle = sending.settle

    def settle_changed(tx: Tx, channel: Channel, leased: Leased, receipt: Receipt, rules: Rules) -> None:
        settle(tx, channel, leased, other if isinstance(receipt, kind) else receipt, rules)

    sending.settle = settle_changed


def sent_before_sending() -> None:
    """A call counts as sent when it is taken from the queue."""
    lease = outbox.lease

    def lease_as_sent(tx: Tx, most: int, until: int, *more: Any) -> list[Leased]:
        leased = lease(tx, most, until, *more)
        for one in leased:
            outbox.settle(tx, one.id, outbox.SENT, "", "")
            records.happened(tx, "message.sent", conversation=one.conversation, message=one.message)
        return leased

    outbox.lease = lease_as_sent


def sent_before_leased() -> None:
    """A call is made while the store still has it as waiting, and only its end is written down."""
    lease, settle = outbox.lease, sending.settle

    def lease_in_memory(tx: Tx, most: int, until: int, *more: Any) -> list[Leased]:
        leased = [one for one in lease(tx, most, until, *more) if one.id not in memory("leased")]
        for one in leased:
            memory("leased").append(one.id)
            outbox.defer(tx, one.id, tx.now(), "")
        return leased

    def settle_anyway(tx: Tx, channel: Channel, leased: Leased, receipt: Receipt, rules: Rules) -> None:
        memory("leased").remove(leased.id)
        tx.run("UPDATE calls SET state = 1 WHERE id = ? AND state = 0", leased.id)
        settle(tx, channel, leased, receipt, rules)

    outbox.lease = lease_in_memory
    sending.settle = settle_anyway


def doubt_is_success() -> None:
    """A call without an answer counts as sent."""
    _settle_as(Unknown, Sent(external_id=""))


def doubt_is_failure() -> None:
    """A call without an answer counts as failed."""
    _settle_as(Unknown, Refused(code="invalid", detail="lost"))


def doubt_is_retried() -> None:
    """A call without an answer is made again after a while."""
    _settle_as(Unknown, Deferred(after=1.0, detail="lost"))


def refusal_is_doubt() -> None:
    """A call that never left counts as one that perhaps arrived."""
    _settle_as(Deferred, Unknown(detail="?"))


def too_many_is_failure() -> None:
    """Whoever asks us to wait is taken to say no."""
    _settle_as(Deferred, Refused(code="invalid", detail="429"))


def waits_as_long_as_it_likes() -> None:
    """Whoever asks us to wait is asked again at once."""
    _settle_as(Deferred, Deferred(after=0.1, detail="429"))


def rejection_is_retried() -> None:
    """What the platform refuses for good is tried for ever."""
    _settle_as(Refused, Deferred(after=1.0, detail="no"))


def retries_inside() -> None:
    """The sender tries once more by itself when it hears nothing."""
    attempt = sending.attempt

    async def attempt_twice(channel: Channel, sender: Sender, leased: Leased) -> Receipt:
        receipt = await attempt(channel, sender, leased)
        return await attempt(channel, sender, leased) if isinstance(receipt, Unknown) else receipt

    sending.attempt = attempt_twice


def lease_ignored() -> None:
    """Whatever is under way counts as a dead worker's, however young its lease."""

    def expired(tx: Tx) -> list[tuple[int, Call]]:
        rows = tx.all("SELECT id, call FROM calls WHERE workspace = ? AND state = 1", tx.ws)
        return [(int(str(number)), Call.model_validate_json(str(call))) for number, call in rows]

    outbox.expired = expired


def the_living_taken_for_dead() -> None:
    """A process does not know its own slow calls when their lease is over."""
    recover = sending.recover
    sending.recover = lambda tx, alive=(): recover(tx)


def answers_overtake() -> None:
    """A call does not wait for those before it in its conversation."""

    def lease(tx: Tx, most: int, until: int, *more: Any) -> list[Leased]:
        rows = tx.all(
            "SELECT id, conversation, message, account, position, attempts, call FROM calls WHERE workspace = ?"
            " AND state = 0 AND due_at <= ? ORDER BY id LIMIT ?",
            tx.ws, tx.now(), most,
        )  # fmt: skip
        for row in rows:
            tx.run(
                "UPDATE calls SET state = 1, due_at = ?, begun_at = ? WHERE id = ?", until, tx.now(), row[0]
            )
        return [
            Leased(*row[:4], row[5], Call.model_validate_json(str(row[6])), outbox.before_of(tx, *row[2:5:2]))  # type: ignore[arg-type, call-arg, misc]
            for row in rows
        ]

    outbox.lease = lease


def rest_goes_out() -> None:
    """When a piece fails, those behind it are sent all the same."""
    outbox.cancel_rest = lambda tx, message, detail: None


def settled_is_settled_again() -> None:
    """What comes last counts, whatever was known before."""

    def settle(tx: Tx, number: int, state: int, external_id: str, detail: str) -> bool:
        tx.run(
            "UPDATE calls SET state = ?, external_id = ?, detail = ? WHERE workspace = ? AND id = ?",
            state, external_id, detail, tx.ws, number,
        )  # fmt: skip
        return True

    outbox.settle = settle


def unwritten_never_happened() -> None:
    """What came of a call and could not be written down never happened: the call waits again."""
    make = Core.make_call

    async def make_and_hope(self: Core, leased: Leased) -> None:
        try:
            await make(self, leased)
        except Exception:
            await asyncio.sleep(2.5)
            await self.run_job(lambda tx: outbox.defer(tx, leased.id, tx.now(), ""))

    Core.make_call = make_and_hope  # type: ignore[method-assign]


def later_calls_forgotten() -> None:
    """Only the first call of a message is queued."""
    add = outbox.add
    outbox.add = lambda tx, conversation, message, account, calls: add(
        tx, conversation, message, account, calls[:1]
    )


FAULTS = (
    resend_in_doubt, forget_in_doubt, sent_before_sending, sent_before_leased, doubt_is_success, doubt_is_failure,
    doubt_is_retried, refusal_is_doubt, too_many_is_failure, waits_as_long_as_it_likes, rejection_is_retried,
    retries_inside, lease_ignored, the_living_taken_for_dead, answers_overtake, rest_goes_out,
    settled_is_settled_again, unwritten_never_happened, later_calls_forgotten,
)  # fmt: skip
