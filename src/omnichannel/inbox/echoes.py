"""Knowing our own words when they come back."""

from __future__ import annotations

from collections.abc import Iterable

from omnichannel.inbox import merging
from omnichannel.model import Evidence, Received, Strength
from omnichannel.store import Tx, conversations, doubts, externals, meant, messages, outbox, people, records


def vouched(event: Received) -> bool:
    """Whether what calls itself ours is: where everything in a message can be forged (mail), only if it is proven."""
    return event.strength.proves or not event.fingerprint


def recognise(tx: Tx, account: str, event: Received) -> bool:
    """Whether an outgoing message is one of our calls; then it proves that the call arrived.

    By the correlator that was planted, else by the platform's id, else, for platforms that let us plant
    nothing, by the words to this person of a call that is under way, in doubt or to be made once more for that, or of
    which a person decided that it arrived. If several say the same, it is one of ours, and proves none of them.
    """
    found = meant.find(tx, account, correlator=event.correlator, external_id=event.external_id)
    if found is not None:
        confirm(tx, account, found, event.external_id)
        return True
    if externals.by_external(tx, account, event.external_id) is not None:
        return True
    alike = _alike(tx, account, event)
    if len(alike) == 1:
        confirm(tx, account, alike[0], event.external_id)
    return bool(alike)


def _alike(tx: Tx, account: str, event: Received) -> list[tuple[int, int, int]]:
    if not event.recipients or not vouched(event):
        return []
    person = people.find(tx, event.recipients[0].address)
    if person is None:
        return []
    open_ = meant.unsettled_like(tx, account, person.id, event.text)
    return open_ or meant.nameless_like(tx, account, person.id, event.text)


def came_over(tx: Tx, account: str, others: Iterable[str], event: Received, at: int) -> bool:
    """Whether we said it on another account of the same platform: then whoever got it is one person on both.

    So a private answer to a public comment leads over to the chat, and what is answered there goes on in the same
    conversation. The platform signs the echo, and the correlator was made for this call; both ends are known to
    the same account of the platform (the scope), so that no other platform can claim our words.
    """
    found = _said_elsewhere(tx, others, event.correlator) if event.correlator and event.recipients else None
    if found is None:
        return False
    other, call = found
    said, peer = messages.held(tx, call[1]), event.recipients[0]
    if said.peer is None or not peer.address.scope:
        return False
    addressee = people.get(tx, said.peer)
    if addressee.scope != peer.address.scope or addressee.kind == peer.address.kind:
        return False
    confirm(tx, other, call, event.external_id)
    externals.claim_external(tx, account, "message", event.external_id, call[1])
    person = people.meet(tx, peer, Strength.VERIFIED, "platform_id", call[1], at)
    same = Evidence(
        address=addressee.address,
        strength=Strength.VERIFIED,
        method="private_reply",
        because="the platform brought our private answer to this person",
    )
    merging.add_evidence(tx, person, [same], source=tx.ids.show("message", call[1]), at=at)
    conversations.take_part(tx, person.id, said.conversation)
    if event.thread:
        conversations.tie(tx, account, event.thread, said.conversation)
    return True


def _said_elsewhere(
    tx: Tx, others: Iterable[str], correlator: str
) -> tuple[str, tuple[int, int, int]] | None:
    for other in others:
        if call := meant.find(tx, other, correlator=correlator):
            return other, call
    return None


def confirm(tx: Tx, account: str, call: tuple[int, int, int], external_id: str) -> None:
    """A call, its message and state: it proved to have arrived, under this id if the platform says one.

    Also where it waits to be made once more, because nobody knew of the first time: it is not.
    """
    number, message, _ = call
    if external_id:
        externals.claim_external(tx, account, "message", external_id, message)
    seen = (number, external_id, "seen coming back")
    waited = outbox.came_back(tx, *seen)
    if waited:
        doubts.refused_again(tx, number)
    if waited or outbox.settle(tx, number, outbox.SENT, *seen[1:]):
        records.happened(tx, "message.sent", message=message, detail={"because": "seen coming back"})
    elif external_id:
        outbox.name(tx, number, external_id)
