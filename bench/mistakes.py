"""Plausible mistakes in the library that more than one bench plants, to see that it finds them.

Each changes a running process in one place, for good.
"""

from __future__ import annotations

from functools import partial

from omnichannel.inbox import Core, sending
from omnichannel.inbox.reading import Reader
from omnichannel.store import Tx, arrivals, externals, outbox


def read_before_recorded() -> None:
    """A delivery counts as read in one commit, and what it says is recorded in the next."""

    async def read(self: Core) -> int:
        waiting = await self.run_job(lambda tx: arrivals.waiting(tx, 64))
        await self.run_job(lambda tx: _all_done(tx, waiting))
        reader = Reader(self.channels, self.rules, handled=True)
        for arrival in waiting:
            await self.run_job(partial(reader.read_one, arrival=arrival))
        return len(waiting)

    Core.read = read  # type: ignore[method-assign]


def _all_done(tx: Tx, waiting: list[arrivals.Arrival]) -> None:
    for arrival in waiting:
        arrivals.done(tx, arrival.id)


def no_dedupe() -> None:
    """Every delivery is taken for news."""
    claim = externals.claim_external

    def always(
        tx: Tx, account: str, what: str, external_id: str, message: int, fingerprint: str = ""
    ) -> bool:
        claim(tx, account, what, external_id, message, fingerprint)
        return True

    externals.claim_external = always


def resend_in_doubt() -> None:
    """A call whose sender died is simply made once more."""

    def recover(tx: Tx, _alive: object = ()) -> int:
        dead = outbox.expired(tx)
        for number, _ in dead:
            outbox.defer(tx, number, tx.now(), "the sender died: once more")
        return len(dead)

    sending.recover = recover


def forget_in_doubt() -> None:
    """A call whose sender died stays under way for ever."""
    sending.recover = lambda tx, _alive=(): 0  # noqa: ARG005
