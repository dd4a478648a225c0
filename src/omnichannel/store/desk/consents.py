"""Who lets what they say be used for training: by address, append-only, the last word counts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, cast

from omnichannel.store.tx import Tx, marks, some


class Held(NamedTuple):
    """One time that a customer agreed, or did not any more: in order of `id`, at microseconds since 1970."""

    id: int
    address: int
    given: bool
    proof: str
    actor: str
    at: int


def write(tx: Tx, addresses: Sequence[int], proof: str, actor: str, *, given: bool) -> None:
    """Write down what a customer says of it, for each of their addresses."""
    tx.each(
        "INSERT INTO consents (workspace, id, address, given, proof, actor, at) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [(tx.ws, tx.ids.new(), one, int(given), proof, actor, tx.now()) for one in addresses],
    )


def of(tx: Tx, addresses: Sequence[int]) -> list[Held]:
    """Everything that was said of it from these addresses, in order."""
    found: list[Held] = []
    for few in some(addresses):
        rows = tx.all(
            "SELECT id, address, given, proof, actor, at FROM consents WHERE workspace = ?"
            f" AND address IN ({marks(few)}) ORDER BY id",
            tx.ws, *few,
        )  # fmt: skip
        found += [_held(row) for row in rows]
    return sorted(found)


def agreed(tx: Tx) -> list[int]:
    """The addresses whose last word is that they agree."""
    rows = tx.all(
        "SELECT c.address FROM consents AS c WHERE c.workspace = ? AND c.given = 1 AND c.id = ("
        " SELECT MAX(l.id) FROM consents AS l WHERE l.workspace = c.workspace AND l.address = c.address)"
        " ORDER BY c.address",
        tx.ws,
    )
    return [cast("int", row[0]) for row in rows]


def _held(row: tuple[object, ...]) -> Held:
    number, address, given, proof, actor, at = row
    return Held(
        cast("int", number), cast("int", address), bool(given), str(proof), str(actor), cast("int", at)
    )
