"""Whom nobody listens to, and what they wrote meanwhile."""

from __future__ import annotations

from omnichannel.model.address import Address, Party
from omnichannel.model.base import UtcTime, Value


class Block(Value):
    """Somebody who is not listened to: the `address`, or everybody in a `domain` of mail (and in those below it).

    `unproven`: of the domain, only who is not proven to write from there. `until` None: for ever. `held_back` counts
    what they wrote meanwhile and is aside. `lifted_at`: the block was taken back, by `lifted_by`. Both address and
    domain are empty where whoever had it was erased.
    """

    id: str
    address: Address | None = None
    domain: str = ""
    unproven: bool = False
    reason: str = ""
    actor: str = ""
    at: UtcTime
    until: UtcTime | None = None
    lifted_at: UtcTime | None = None
    lifted_by: str = ""
    held_back: int = 0


class HeldBack(Value):
    """Something that a blocked sender wrote: where, when it came, who says to have written it, and the words.

    `what`: a `message`, or what they did about an earlier one (`edited`, `reaction`, `deleted`).
    """

    account: str
    what: str = "message"
    at: UtcTime
    sender: Party
    subject: str = ""
    text: str = ""
