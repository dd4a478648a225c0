"""Knowing our own words when they come back."""

from __future__ import annotations

from omnichannel.model import Received
from omnichannel.store import Tx, externals, outbox, people, records


def recognise(tx: Tx, account: str, event: Received) -> bool:
    """Whether an outgoing message is one of our calls; then it proves that the call arrived.

    By the correlator that was planted, else by the platform's id, else, for platforms that let us plant
    nothing, by the words to this person of a call that is under way or in doubt.
    """
    found = outbox.find(tx, account, correlator=event.correlator) if event.correlator else None
    found = found or outbox.find(tx, account, external_id=event.external_id)
    if found is None and event.recipients:
        person = people.find(tx, event.recipients[0].address)
        found = outbox.unsettled_like(tx, account, person.id, event.text) if person else None
    if found is None:
        known = externals.by_external(tx, account, event.external_id)
        return known is not None
    confirm(tx, account, found, event.external_id)
    return True


def confirm(tx: Tx, account: str, call: tuple[int, int, int], external_id: str) -> None:
    """A call, its message and state: it proved to have arrived, under this id if the platform says one."""
    number, message, _ = call
    if external_id:
        externals.claim_external(tx, account, "message", external_id, message)
    if outbox.settle(tx, number, outbox.SENT, external_id, "seen coming back"):
        records.happened(tx, "message.sent", message=message, detail={"because": "seen coming back"})
