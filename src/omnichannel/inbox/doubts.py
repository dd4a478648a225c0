"""Calls of which nobody knows whether they arrived: for a person to decide, where no echo or status will."""

from __future__ import annotations

from typing import Literal

from omnichannel.errors import Conflict, NotFound
from omnichannel.inbox.rights import freezing
from omnichannel.model import Message
from omnichannel.store import Tx, messages, outbox, records

Outcome = Literal["arrived", "again", "given_up"]
"""It is there; it is not, so send it again; it is not to be sent any more."""


def in_doubt(tx: Tx) -> list[Message]:
    """The messages of ours with a call in doubt, oldest first; which call it is stands in their `sendings`."""
    numbers = dict.fromkeys(message for _, message in outbox.in_doubt(tx))
    return [messages.message(tx, number) for number in numbers]


def resolve(tx: Tx, call: int, outcome: Outcome, actor: str) -> None:
    """Settle a call in doubt as a person decided. Raises NotFound, or Conflict if it is not in doubt any more.

    To somebody whose data are frozen nothing is sent `again`: Conflict.
    """
    state = outbox.state_of(tx, call)
    if state is None:
        raise NotFound("there is no such call in this workspace")
    if state != outbox.UNKNOWN:
        raise Conflict("this call is not in doubt any more: look at the message's sendings again")
    message = outbox.message_of(tx, call)
    detail = f"{actor or 'an operator'} decided: {outcome.replace('_', ' ')}"
    if outcome == "again":
        if freezing.frozen(tx, [message]):
            raise Conflict("the data of whoever it is to are frozen: unfreeze them first, or give it up")
        outbox.queue_again(tx, call, detail)
    else:
        arrived = outcome == "arrived"
        outbox.settle(tx, call, outbox.SENT if arrived else outbox.FAILED, "", detail)
        if not arrived:
            outbox.cancel_rest(tx, message, "an earlier piece of this message was given up")
    what = {"arrived": "message.sent", "again": "message.queued", "given_up": "message.failed"}[outcome]
    records.happened(tx, what, message=message, actor=actor, detail={"because": detail})
