"""A part of a store that is filled in bulk: the rows of up to a million addresses, made by one process."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from bench.identity_cost.population import Someone, people
from omnichannel.identity.likeness.blocking import keys
from omnichannel.identity.likeness.known import LAYOUT
from omnichannel.model import Address
from omnichannel.store.ids import Ids

_CHUNK = 20_000
_AT = 1_767_225_600_000  # milliseconds since 1970: all of it was said on the first of January 2026
_APART = 60_000  # milliseconds between the ids of two parts: a part has some 3 million, 4,096 in each
_ASPECTS = {column: aspect for aspect in LAYOUT.aspects for column in aspect.columns}
_TABLES = {
    "addresses": "id, kind, scope, value, strength, customer, at",
    "journal": "id, one, other, at",
    "facts": "address, value, at",
    "happenings": "id, at, customer, detail",
    "keys": "key, address",
    "terms": "field, term",
}

Cell = int | str | None
Rows = dict[str, list[tuple[Cell, ...]]]


class Part(NamedTuple):
    """Where a part is kept, which one it is, and how many addresses it has."""

    path: Path
    place: int
    addresses: int


class Found(NamedTuple):
    """What studying one value gives: the keys under which its address is found, and what is counted."""

    keys: tuple[str, ...]
    terms: tuple[tuple[str, str], ...]


def make(part: Part) -> None:
    """Write a part; it is at its path only when it is whole."""
    begun = part.path.with_name(f"{part.path.name}-begun")
    begun.unlink(missing_ok=True)
    moment = _AT + part.place * _APART
    ids = Ids(b"", 1, 0, lambda: moment)
    population = people(part.addresses, part.place)
    with closing(sqlite3.connect(begun, isolation_level=None)) as connection:
        for pragma in ("journal_mode=OFF", "synchronous=OFF"):
            connection.execute(f"PRAGMA {pragma}")
        for table, columns in _TABLES.items():
            connection.execute(f"CREATE TABLE {table} ({columns})")
        while some := list(islice(population, _CHUNK)):
            connection.execute("BEGIN")
            for table, rows in _rows(some, ids, _AT * 1000).items():
                marks = ", ".join("?" * len(rows[0])) if rows else ""
                connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
            connection.execute("COMMIT")
    begun.rename(part.path)


def _rows(population: Iterable[Someone], ids: Ids, at: int) -> Rows:
    """What the library writes about each of these customers, by table."""
    rows: Rows = {table: [] for table in _TABLES}
    for customer in population:
        first, *further = customer.addresses
        number = ids.new()
        rows["addresses"].append((number, first.kind, first.scope, first.value, "attested", number, at))
        rows["journal"].append((ids.new(), number, None, at))
        rows["facts"].append((number, customer.name, at))
        _study(rows, number, _of_name(customer.name), _of_contact(first))
        for address in further:
            other = ids.new()
            rows["addresses"].append(
                (other, address.kind, address.scope, address.value, "asserted", number, at)
            )
            rows["journal"].append((ids.new(), number, other, at))
            detail = json.dumps({"address": str(address), "because": "import"}, ensure_ascii=False)
            rows["happenings"].append((ids.new(), at, number, detail))
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
        rows["keys"] += [(key, number) for key in several]
        rows["terms"] += terms
