"""What finds those who are alike: keys of what they said, how common each value is, and what was learned."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple, cast

from omnichannel.store.tx import Tx, marks, some

Term = tuple[str, str]


def note(tx: Tx, number: int) -> None:
    """Something new was said of an address: it is to be studied."""
    tx.at_last(
        "INSERT INTO unstudied (workspace, address) VALUES (?, ?) ON CONFLICT DO NOTHING", tx.ws, number
    )


def take(tx: Tx, most: int) -> list[int]:
    """Addresses to study now; they are to be studied no more, unless something new is said."""
    rows = tx.all(
        f"SELECT address FROM unstudied WHERE workspace = ? ORDER BY address LIMIT {int(most)}{tx.skip_locked}",
        tx.ws,
    )
    numbers = [int(str(row[0])) for row in rows]
    for number in numbers:
        tx.run("DELETE FROM unstudied WHERE workspace = ? AND address = ?", tx.ws, number)
    return numbers


def index(tx: Tx, number: int, keys: Iterable[str]) -> None:
    """Set the keys under which an address is found."""
    known = {
        str(row[0])
        for row in tx.all("SELECT key FROM keys WHERE workspace = ? AND address = ?", tx.ws, number)
    }
    wanted = set(keys)
    for key in sorted(known - wanted):
        tx.run("DELETE FROM keys WHERE workspace = ? AND key = ? AND address = ?", tx.ws, key, number)
    for key in sorted(wanted - known):
        tx.run("INSERT INTO keys (workspace, key, address) VALUES (?, ?, ?)", tx.ws, key, number)


def candidates(tx: Tx, keys: Iterable[str], in_block: int, most: int) -> list[int]:
    """Addresses that share keys, at most so many: first those that share more, and rarer, keys.

    A key that more than `in_block` addresses have tells little: it is left out.
    """
    told: defaultdict[int, float] = defaultdict(float)
    for key in sorted(keys):
        rows = tx.all(
            f"SELECT address FROM keys WHERE workspace = ? AND key = ? LIMIT {int(in_block) + 1}", tx.ws, key
        )
        if len(rows) <= in_block:
            for row in rows:
                told[cast("int", row[0])] += 1 / len(rows)
    return sorted(told, key=lambda number: (-told[number], number))[:most]


def count(tx: Tx, terms: Iterable[Term], by: int) -> None:
    """One address more, or one less, says these values."""
    for field, term in sorted(terms):
        tx.run(
            "INSERT INTO terms (workspace, field, term, count) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (workspace, field, term) DO UPDATE SET count = terms.count + ?",
            tx.ws, field, term, by, by,
        )  # fmt: skip


def uncount(tx: Tx, terms: Iterable[Term]) -> None:
    """One address less says these values; what nobody says any more is not kept."""
    told = sorted(terms)
    count(tx, told, -1)
    for field, term in told:
        tx.run(
            "DELETE FROM terms WHERE workspace = ? AND field = ? AND term = ? AND count <= 0",
            tx.ws,
            field,
            term,
        )


def is_indexed(tx: Tx, number: int) -> bool:
    """Whether an address is found by a key: whether it was studied."""
    return tx.one("SELECT 1 FROM keys WHERE workspace = ? AND address = ? LIMIT 1", tx.ws, number) is not None


def counts(tx: Tx, terms: Iterable[Term]) -> dict[Term, int]:
    """How many addresses say each of these values."""
    by_field: dict[str, list[str]] = {}
    for field, term in sorted(terms):
        by_field.setdefault(field, []).append(term)
    found: dict[Term, int] = {}
    for field, words in by_field.items():
        for few in some(words):
            rows = tx.all(
                f"SELECT term, count FROM terms WHERE workspace = ? AND field = ? AND term IN ({marks(few)})",
                tx.ws, field, *few,
            )  # fmt: skip
            found.update(((field, str(term)), int(str(number))) for term, number in rows)
    return found


def said_of(tx: Tx, most: int) -> list[int]:
    """Addresses of which anything was said, the newest first: what a store learns from."""
    rows = tx.all(
        f"SELECT DISTINCT address FROM facts WHERE workspace = ? ORDER BY address DESC LIMIT {int(most)}",
        tx.ws,
    )
    return [int(str(row[0])) for row in rows]


class Learned(NamedTuple):
    """What was learned: its version, the model, and the curve that decisions gave ("" for none)."""

    version: int = 0
    model: str = ""
    curve: str = ""


def learned(tx: Tx) -> Learned:
    """The newest model; version 0 and nothing if the store has not learned yet."""
    row = tx.one(
        "SELECT version, model, curve FROM models WHERE workspace = ? ORDER BY version DESC LIMIT 1", tx.ws
    )
    return Learned(*cast("tuple[int, str, str]", row)) if row else Learned()


def remember(tx: Tx, model: str, curve: str = "") -> int:
    """Keep a model, and the curve that goes with it; its version."""
    version = learned(tx).version + 1
    tx.run(
        "INSERT INTO models (workspace, version, model, learned_at, curve) VALUES (?, ?, ?, ?, ?)",
        tx.ws, version, model, tx.now(), curve,
    )  # fmt: skip
    return version
