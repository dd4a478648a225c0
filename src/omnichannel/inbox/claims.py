"""An entry of the journal as the application sees it."""

from __future__ import annotations

from omnichannel.clock import moment
from omnichannel.identity import Entry
from omnichannel.model import Claim
from omnichannel.store import Tx, people


def claim(tx: Tx, entry: Entry, *, revoked: bool) -> Claim:
    """The entry with its addresses, and the reason in words."""
    expires = tx.policy.expires(entry)
    return Claim(
        id=tx.ids.show("claim", entry.id),
        address=people.get(tx, entry.one).address,
        other=people.get(tx, entry.other).address if entry.other is not None else None,
        strength=entry.strength,
        method=entry.method if entry.kind == "claim" else entry.kind,
        source=entry.source or entry.actor,
        because=tx.policy.says(entry),
        at=moment(entry.at),
        expires_at=moment(expires) if expires is not None else None,
        revoked=revoked,
    )
