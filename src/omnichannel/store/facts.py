"""What whoever wrote from an address said of themselves, each spelling once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple, cast

from omnichannel.model import Strength
from omnichannel.store import likeness
from omnichannel.store.tx import Tx, marks, padded, some

NAME = "name"
"""The field of a name as somebody gives it, in whatever order."""


class Fact(NamedTuple):
    """One thing said: by whom, what, and how well it was proven who said it."""

    address: int
    field: str
    value: str
    strength: Strength
    studied: bool = False


def say(tx: Tx, fact: Fact, *, source: str, at: int) -> bool:
    """Write a fact down; whether it tells anything new. A better proven one takes the place of a weaker."""
    names = tx.memory.names.get(fact.address) if fact.field == NAME else None
    known = _strength(tx, fact) if names is None else names.get(fact.value)
    order = list(Strength)
    if known is None:
        tx.at_last(
            "INSERT INTO facts (workspace, address, field, value, strength, source, at) VALUES (?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT DO NOTHING",
            tx.ws, fact.address, fact.field, fact.value, fact.strength.value, source, at,
        )  # fmt: skip
        if names is not None:
            names[fact.value] = fact.strength.value
    elif order.index(fact.strength) < order.index(Strength(known)):
        tx.run(
            "UPDATE facts SET strength = ?, source = ?"
            " WHERE workspace = ? AND address = ? AND field = ? AND value = ?",
            fact.strength.value, source, tx.ws, fact.address, fact.field, fact.value,
        )  # fmt: skip
    else:
        return False
    likeness.note(tx, fact.address)
    return True


def _strength(tx: Tx, fact: Fact) -> str | None:
    row = tx.one(
        "SELECT strength FROM facts WHERE workspace = ? AND address = ? AND field = ? AND value = ?",
        tx.ws, fact.address, fact.field, fact.value,
    )  # fmt: skip
    return str(row[0]) if row else None


def foresee(tx: Tx, addresses: Iterable[int]) -> None:
    """Look up what these addresses call themselves, for whoever asks in this job."""
    for few in padded(sorted(set(addresses))):
        rows = tx.all(
            "SELECT address, value, strength FROM facts WHERE workspace = ? AND field = 'name'"
            f" AND address IN ({marks(few)})",
            tx.ws, *few,
        )  # fmt: skip
        tx.memory.names.update((number, {}) for number in few)
        for number, value, strength in cast("list[tuple[int, str, str]]", rows):
            tx.memory.names[number][value] = strength


def is_first_word(tx: Tx, number: int) -> bool:
    """Whether one name is all that is known of an address: it was met in this job, and nothing is tied to it."""
    return number in tx.memory.new and len(tx.memory.names.get(number, ())) == 1


def studied(tx: Tx, number: int) -> None:
    """What was said from an address up to now has been compared and counted."""
    tx.run("UPDATE facts SET studied = 1 WHERE workspace = ? AND address = ? AND studied = 0", tx.ws, number)


def of(tx: Tx, numbers: Sequence[int]) -> list[Fact]:
    """Everything that was said from these addresses."""
    found: list[Fact] = []
    for few in some(numbers):
        rows = tx.all(
            "SELECT address, field, value, strength, studied FROM facts WHERE workspace = ?"
            f" AND address IN ({marks(few)}) ORDER BY address, field, value",
            tx.ws, *few,
        )  # fmt: skip
        found += [
            Fact(int(str(number)), str(field), str(value), Strength(str(strength)), bool(studied))
            for number, field, value, strength, studied in rows
        ]
    return found
