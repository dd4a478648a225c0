"""Codes that were sent to an address that somebody claims, and what came of them."""

from __future__ import annotations

from typing import NamedTuple, cast

from omnichannel.clock import moment
from omnichannel.model import Challenge
from omnichannel.store import people
from omnichannel.store.tx import Tx, marks

WAITING, PROVEN, DROPPED, REPLACED = range(4)
_STATUS = ("waiting", "proven", "dropped", "replaced")


class Asked(NamedTuple):
    """One challenge as the store keeps it. Times are microseconds since 1970 (UTC)."""

    id: int
    claim: int
    claimant: int
    claimed: int
    digest: str
    account: str
    message: int
    state: int
    tries: int
    issued_at: int
    expires_at: int
    actor: str
    reason: str


_COLUMNS = ", ".join(Asked._fields)


def ask(tx: Tx, asked: Asked) -> None:
    """Write a challenge down."""
    tx.run(f"INSERT INTO challenges (workspace, {_COLUMNS}) VALUES (?, {marks(asked)})", tx.ws, *asked)


def settle(tx: Tx, number: int, state: int, reason: str) -> bool:
    """Decide a challenge that waits; False if it was decided before."""
    return tx.run(
        "UPDATE challenges SET state = ?, reason = ? WHERE workspace = ? AND id = ? AND state = 0",
        state, reason, tx.ws, number,
    ) > 0  # fmt: skip


def failed(tx: Tx, number: int) -> int:
    """Count a wrong code; how many there were."""
    row = tx.one(
        "UPDATE challenges SET tries = tries + 1 WHERE workspace = ? AND id = ? RETURNING tries",
        tx.ws,
        number,
    )
    return cast("int", row[0]) if row else 0


def waiting(tx: Tx, address: int) -> list[Asked]:
    """The challenges that wait for this address, as claimant or as claimed, oldest first."""
    return _asked(tx, "state = 0 AND (claimant = ? OR claimed = ?)", address, address)


def overdue(tx: Tx) -> list[Asked]:
    """The challenges that waited too long."""
    return _asked(tx, "state = 0 AND expires_at <= ?", tx.now())


def about(tx: Tx, addresses: list[int]) -> list[Asked]:
    """Every challenge about one of these addresses, oldest first."""
    several = marks(addresses)
    return _asked(tx, f"(claimant IN ({several}) OR claimed IN ({several}))", *addresses, *addresses)


def of_claim(tx: Tx, claim: int, claimant: int) -> list[Asked]:
    """Every challenge of a claim, oldest first."""
    return _asked(tx, "claimant = ? AND claim = ?", claimant, claim)


def _asked(tx: Tx, where: str, *params: int) -> list[Asked]:
    rows = tx.all(
        f"SELECT {_COLUMNS} FROM challenges WHERE workspace = ? AND {where} ORDER BY id", tx.ws, *params
    )
    return [
        Asked(*cast("tuple[int, int, int, int, str, str, int, int, int, int, int, str, str]", row))
        for row in rows
    ]


def count(tx: Tx, since: int, *, claimant: int | None = None, claimed: int | None = None) -> int:
    """How many challenges were sent since a moment: of somebody's claims, to an address, or altogether."""
    only = "".join(
        f" AND {column} = ?"
        for column, value in (("claimant", claimant), ("claimed", claimed))
        if value is not None
    )
    row = tx.one(
        f"SELECT COUNT(*) FROM challenges WHERE workspace = ? AND issued_at > ?{only}",
        tx.ws, since, *(value for value in (claimant, claimed) if value is not None),
    )  # fmt: skip
    return cast("int", row[0]) if row else 0


def shown(tx: Tx, asked: Asked) -> Challenge:
    """A challenge as the application sees it."""
    return Challenge.model_validate(
        {
            "id": tx.ids.show("challenge", asked.id),
            "claim": tx.ids.show("claim", asked.claim),
            "claimant": people.get(tx, asked.claimant).address,
            "claimed": people.get(tx, asked.claimed).address,
            "account": asked.account,
            "message": tx.ids.show("message", asked.message),
            "status": _STATUS[asked.state],
            "because": asked.reason,
            "tries": asked.tries,
            "at": moment(asked.issued_at),
            "expires_at": moment(asked.expires_at),
        }
    )
