"""Filling a store with so many addresses in bulk: the very rows that the library's own calls would write.

The library takes one call for each customer (`identity.observe`, then `study`), which for ten million addresses
would take a day. So the rows are made in parts, by as many processes as there are processors (`parts`), put together
table by table, and the indexes made afterwards; `tests/identity/test_cost.py` fills a store both ways and compares
every row. Left out is only what likeness would suggest.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from multiprocessing import get_context
from pathlib import Path

from bench.identity_cost.parts import Part, make
from bench.identity_cost.population import PART
from omnichannel.clock import SystemClock
from omnichannel.store import Store

_PRAGMAS = (
    "journal_mode=OFF", "synchronous=OFF", "locking_mode=EXCLUSIVE", "cache_size=-524288", "temp_store=FILE",
)  # fmt: skip

_TAKE = """
INSERT INTO addresses (workspace, id, kind, scope, value, name, written, strength, method, customer, first_seen)
  SELECT 1, id, kind, scope, value, '', '', strength, 'import', customer, at FROM part.addresses;
INSERT INTO journal (workspace, id, kind, one, other, strength, method, because, actor, source, at)
  SELECT 1, id, 'claim', one, other, 'attested', 'import', '', '', '', at FROM part.journal;
INSERT INTO facts (workspace, address, field, value, strength, source, at, studied)
  SELECT 1, address, 'name', value, 'attested', '', at, 1 FROM part.facts;
INSERT INTO happenings (workspace, id, what, at, customer, actor, detail)
  SELECT 1, id, 'customer.merged', at, customer, '', detail FROM part.happenings;
INSERT INTO staging.keys SELECT key, address FROM part.keys;
INSERT INTO staging.terms SELECT field, term FROM part.terms;
"""
_STAGED = """
CREATE TABLE staging.keys (key TEXT NOT NULL, address BIGINT NOT NULL);
CREATE TABLE staging.terms (field TEXT NOT NULL, term TEXT NOT NULL);
"""
_SETTLE = """
INSERT INTO keys (workspace, key, address) SELECT 1, key, address FROM staging.keys ORDER BY key, address;
INSERT INTO terms (workspace, field, term, count)
  SELECT 1, field, term, COUNT(*) FROM staging.terms GROUP BY field, term;
"""  # in the order of their tables, so that every row is appended


def fill(path: Path, addresses: int) -> None:
    """Make a store of so many addresses at a path where there is none yet; it is there only when it is whole.

    Parts that are whole lie beside it until then: a run that was broken off takes them up again.
    """
    parts = _parts(path, addresses)
    begun = path.with_suffix(".filling")
    begun.unlink(missing_ok=True)
    Store(f"sqlite:///{begun}", "default", SystemClock()).close()
    with closing(sqlite3.connect(begun, isolation_level=None)) as connection:
        _put_together(connection, begun.with_suffix(".staging"), parts)
    Path(f"{begun}-journal").unlink(missing_ok=True)
    begun.rename(path)
    for part in parts:
        part.path.unlink()


def _parts(path: Path, addresses: int) -> list[Part]:
    """The parts of a store, each of them whole."""
    parts = [
        Part(path.with_suffix(f".part{place}"), place, min(PART, addresses - place * PART))
        for place in range(-(-addresses // PART))
    ]
    missing = [part for part in parts if not part.path.exists()]
    if len(missing) == 1:
        make(missing[0])
    elif missing:
        with ProcessPoolExecutor(os.cpu_count(), get_context("spawn")) as pool:
            list(pool.map(make, missing))
    return parts


def _put_together(connection: sqlite3.Connection, staging: Path, parts: Sequence[Part]) -> None:
    staging.unlink(missing_ok=True)
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("ATTACH ? AS staging", (str(staging),))
    connection.execute("PRAGMA staging.journal_mode=OFF")
    connection.executescript(_STAGED)
    indexes = _drop_indexes(connection)
    for part in parts:
        connection.execute("ATTACH ? AS part", (str(part.path),))
        _run(connection, _statements(_TAKE))
        connection.execute("DETACH part")
    _run(connection, [*_statements(_SETTLE), *indexes])
    connection.execute("DETACH staging")
    connection.execute("PRAGMA locking_mode=NORMAL")
    staging.unlink()


def _statements(script: str) -> list[str]:
    return [statement for statement in script.split(";\n") if statement.strip()]


def _run(connection: sqlite3.Connection, statements: Sequence[str]) -> None:
    connection.execute("BEGIN")
    for statement in statements:
        connection.execute(statement)
    connection.execute("COMMIT")


def _drop_indexes(connection: sqlite3.Connection) -> Sequence[str]:
    """Drop every index that a statement made; those statements."""
    found = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    ).fetchall()
    for name, _ in found:
        connection.execute(f"DROP INDEX {name}")
    return [sql for _, sql in found]
