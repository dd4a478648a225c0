"""Filling a store with so many addresses in bulk: the very rows that the library's own calls would write.

The library takes one call for each customer (`identity.observe`, then `study`), which for ten million addresses
would take a day. So the rows are made here, table by table, and the indexes afterwards; `tests/identity/test_cost.py`
fills a store both ways and compares every row. Left out is only what likeness would suggest.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from bench.identity_cost.population import Someone, people
from omnichannel.clock import SystemClock
from omnichannel.identity.likeness.blocking import keys
from omnichannel.identity.likeness.known import LAYOUT
from omnichannel.model import Address
from omnichannel.store import Store

_CHUNK = 20_000
_ASPECTS = {column: aspect for aspect in LAYOUT.aspects for column in aspect.columns}

_PRAGMAS = (
    "journal_mode=OFF",
    "synchronous=OFF",
    "locking_mode=EXCLUSIVE",
    "cache_size=-524288",
    "temp_store=FILE",
)

_INSERTS = {
    "addresses": "INSERT INTO addresses (workspace, id, kind, scope, value, name, written, strength, method,"
    " customer, first_seen) VALUES (1, ?, ?, ?, ?, '', '', ?, 'import', ?, ?)",
    "journal": "INSERT INTO journal (workspace, id, kind, one, other, strength, method, because, actor, source, at)"
    " VALUES (1, ?, 'claim', ?, ?, 'attested', 'import', '', '', '', ?)",
    "facts": "INSERT INTO facts (workspace, address, field, value, strength, source, at, studied)"
    " VALUES (1, ?, 'name', ?, 'attested', '', ?, 1)",
    "happenings": "INSERT INTO happenings (workspace, id, what, at, customer, actor, detail)"
    " VALUES (1, ?, 'customer.merged', ?, ?, '', ?)",
    "new_keys": "INSERT INTO staging.new_keys VALUES (?, ?)",
    "new_terms": "INSERT INTO staging.new_terms VALUES (?, ?)",
}
_STAGED = """
CREATE TABLE staging.new_keys (key TEXT NOT NULL, address BIGINT NOT NULL);
CREATE TABLE staging.new_terms (field TEXT NOT NULL, term TEXT NOT NULL);
"""
_SETTLE = """
INSERT INTO keys (workspace, key, address) SELECT 1, key, address FROM staging.new_keys ORDER BY key, address;
INSERT INTO terms (workspace, field, term, count)
  SELECT 1, field, term, COUNT(*) FROM staging.new_terms GROUP BY field, term;
"""  # in the order of their tables, so that every row is appended

Cell = int | str | None
Rows = dict[str, list[tuple[Cell, ...]]]


class Found(NamedTuple):
    """What studying one value gives: the keys under which its address is found, and what is counted."""

    keys: tuple[str, ...]
    terms: tuple[tuple[str, str], ...]


class Numbers(NamedTuple):
    """Where a filled store's ids come from, and the moment that all of it was said."""

    store: Store
    at: int


def fill(path: Path, addresses: int) -> None:
    """Make a store of so many addresses at a path where there is none yet; it is there only when it is whole."""
    begun = path.with_suffix(".filling")
    begun.unlink(missing_ok=True)
    store = Store(f"sqlite:///{begun}", "default", SystemClock())
    try:
        moment = Numbers(store, 1_700_000_000_000_000)
        with closing(sqlite3.connect(begun, isolation_level=None)) as connection:
            store.close()  # what made the tables lets go of the file
            _fill(connection, begun.with_suffix(".staging"), people(addresses), moment)
    finally:
        store.close()
    Path(f"{begun}-journal").unlink(missing_ok=True)
    begun.rename(path)


def _fill(
    connection: sqlite3.Connection, staging: Path, population: Iterator[Someone], numbers: Numbers
) -> None:
    staging.unlink(missing_ok=True)
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("ATTACH ? AS staging", (str(staging),))
    connection.execute("PRAGMA staging.journal_mode=OFF")
    connection.executescript(_STAGED)
    indexes = _drop_indexes(connection)
    connection.execute("BEGIN")
    while some := list(islice(population, _CHUNK)):
        for table, rows in _rows(some, numbers).items():
            connection.executemany(_INSERTS[table], rows)
    for statement in (*_SETTLE.strip().split(";\n"), *indexes):
        connection.execute(statement)
    connection.execute("COMMIT")
    connection.execute("DETACH staging")
    connection.execute("PRAGMA locking_mode=NORMAL")
    staging.unlink()


def _drop_indexes(connection: sqlite3.Connection) -> Sequence[str]:
    """Drop every index that a statement made; those statements."""
    found = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    ).fetchall()
    for name, _ in found:
        connection.execute(f"DROP INDEX {name}")
    return [sql for _, sql in found]


def _rows(population: Iterable[Someone], numbers: Numbers) -> Rows:
    """What the library writes about each of these customers, by table."""
    rows: Rows = {table: [] for table in _INSERTS}
    new, at = numbers.store.ids.new, numbers.at
    for customer in population:
        first, *further = customer.addresses
        number = new()
        rows["addresses"].append((number, first.kind, first.scope, first.value, "attested", number, at))
        rows["journal"].append((new(), number, None, at))
        rows["facts"].append((number, customer.name, at))
        _study(rows, number, _of_name(customer.name), _of_contact(first))
        for address in further:
            other = new()
            rows["addresses"].append(
                (other, address.kind, address.scope, address.value, "asserted", number, at)
            )
            rows["journal"].append((new(), number, other, at))
            detail = json.dumps({"address": str(address), "because": "import"}, ensure_ascii=False)
            rows["happenings"].append((new(), at, number, detail))
            _study(rows, other, _of_contact(address))
    return rows


def _of_contact(address: Address) -> Found:
    return _found(address.kind, address.value) if address.kind in ("email", "phone") else Found((), ())


@lru_cache(maxsize=100_000)
def _of_name(name: str) -> Found:
    return _found("name", name)


def _found(heading: str, value: str) -> Found:
    aspect = _ASPECTS[heading]
    values = aspect.prepare({heading: value})
    terms = {
        (field.name, word)
        for one in values
        for field, words in zip(aspect.fields, aspect.terms(one), strict=True)
        for word in words
        if word
    }
    return Found(tuple(keys({aspect.name: values})), (*terms, *{(field, "") for field, _ in terms}))


def _study(rows: Rows, number: int, *found: Found) -> None:
    for several, terms in found:
        rows["new_keys"] += [(key, number) for key in several]
        rows["new_terms"] += terms
