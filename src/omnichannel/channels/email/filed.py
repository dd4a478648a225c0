"""A mail that somebody kept: which side of the talk it is from, and how well its sender is proven by that.

A mail from our own address that came over the wire may be anybody's. One that was filed as sent, or that no server
ever passed on (it has no `Received`), was put there by a program of ours, and whoever brings it in says so.
"""

from __future__ import annotations

from collections.abc import Collection

from omnichannel.channels.email.headers import Headers
from omnichannel.channels.email.mime import read
from omnichannel.identity import unproven
from omnichannel.model import Direction, Party, Received, Strength

_DOUBTED = frozenset({"no_sender", "two_from", "ambiguous_sender", "parse_error"})


def filed(event: Received, raw: bytes, own: Collection[str], *, sent: bool, vouched: bool) -> Received:
    """A mail of the past as ours, or as theirs.

    `sent`: it was filed as sent; `vouched`: somebody vouches for its sender.
    """
    if event.sender.address.value in own:
        theirs = [party for party in event.recipients if party.address.value not in own]
        headers = read(raw).headers
        if theirs and (sent or event.strength.proves or not headers.first("received")):
            return _ours(event, headers, theirs, vouched=vouched)
        return event
    if vouched and not event.strength.proves and _DOUBTED.isdisjoint(event.notes):
        return event.model_copy(update={"strength": Strength.ATTESTED, "method": "import"})
    return event


def _ours(event: Received, headers: Headers, theirs: list[Party], *, vouched: bool) -> Received:
    to = theirs if vouched else [unproven(party) for party in theirs]
    return event.model_copy(
        update={
            "direction": Direction.OUTBOUND,
            "strength": Strength.ATTESTED,
            "method": "import",
            "recipients": tuple(to),
            "automatic": event.automatic if headers.word("auto-submitted") not in ("", "no") else None,
        }
    )
