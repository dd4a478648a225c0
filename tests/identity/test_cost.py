"""The bench `identity_cost`: what an operation asks of the database does not grow with the store. Time judges nothing."""

from __future__ import annotations

import csv
import re
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest
from bench.identity_cost import operations, rivals
from bench.identity_cost.__main__ import GOAL, Measured, bytes_by_table, main
from bench.identity_cost.filling import fill
from bench.identity_cost.measuring import ROUNDS, Counts, count
from bench.identity_cost.operations import OPERATIONS, World
from bench.identity_cost.parts import Part, make
from bench.identity_cost.population import people, someone
from bench.identity_cost.settings import SETTINGS, WAL_NORMAL, said, stores_open_with
from bench.tape import record

from omnichannel import Inbox
from omnichannel.store.sqlite import SqliteDriver

FEW, MANY = 1000, 20_000
COMPONENT = 100
_IN_BLOCK, _KEYS = 201, 12
# Of what was learned the newest is asked for, the last first and one row; `todo` holds only what waits for handlers,
# and one index only the frozen.
_WHOLE = re.compile(
    r"SCAN (?!CONSTANT)|(?<!models_1 )(?<!todo_message )(?<!addresses_frozen )\(workspace=\?\)$"
)


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """A store with few addresses, and one with many."""
    folder = tmp_path_factory.mktemp("cost")
    paths = {size: folder / f"{size}.db" for size in (FEW, MANY)}
    for size, path in paths.items():
        fill(path, size)
    return paths


@pytest.fixture(autouse=True)
def _small_components(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations, "COMPONENT", COMPONENT)


# ------------------------------------------------------------------------------------------------ what is asked


async def _counted(path: Path, addresses: int) -> dict[str, Counts]:
    async with Inbox(f"sqlite:///{path}") as inbox:
        world = await World.of(inbox, addresses)
        return {one.what: await count(world, one, ROUNDS) for one in OPERATIONS}


async def test_what_an_operation_asks_does_not_grow_with_the_store(stores: dict[int, Path]) -> None:
    """Twenty times the addresses: the same statements, and rows of the customers that it is about alone."""
    few, many = await _counted(stores[FEW], FEW), await _counted(stores[MANY], MANY)
    for what, asked in many.items():
        assert asked.statements <= 1.5 * few[what].statements, what
        assert asked.changed <= 2 * few[what].changed + 5, what
        if what != "candidates":
            assert asked.fetched <= 1.5 * few[what].fetched + 10, what
    # Of every key at most a block is looked at, and fifty candidates with what is known of them.
    assert many["candidates"].fetched <= _KEYS * _IN_BLOCK + 50 * 12
    assert many["known sender"].statements <= 5


async def test_no_statement_of_identity_walks_a_whole_table(stores: dict[int, Path]) -> None:
    """Every row is found by an index that leaves few: not by the workspace alone."""
    async with Inbox(f"sqlite:///{stores[MANY]}") as inbox:
        world, tape = await World.of(inbox, MANY), record(inbox.open())
        for operation in OPERATIONS:
            await (await operation.ready(world))()
    told = {one.sql: one for one in tape}
    with closing(sqlite3.connect(stores[MANY])) as connection:
        walks = [
            (sql, how)
            for sql, one in told.items()
            for *_, how in connection.execute(f"EXPLAIN QUERY PLAN {sql}", one.some)
            if _WHOLE.search(how)
        ]
    assert len(told) > 20
    assert walks == []


# ------------------------------------------------------------------------------------------------ the stores


_KEPT = {
    "addresses": "id, customer, kind, scope, value, name, written, strength, method, look_up_at, first, since, frozen_at",
    "journal": "one, other, kind, strength, method, target, because, actor, source, expires_at, likely",
    "facts": "address, field, value, strength, source, studied",
    "keys": "address, key",
    "terms": "NULL, field, term, count",
    "unstudied": "address",
    "happenings": "customer, what, conversation, message, actor, detail",
}


def _kept(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row but ids and moments; an address goes by its place."""
    with closing(sqlite3.connect(path)) as connection:
        place = {
            number: at
            for at, (number,) in enumerate(connection.execute("SELECT id FROM addresses ORDER BY id"))
        }
        found: dict[str, list[tuple[object, ...]]] = {
            table: sorted(
                (
                    tuple(place.get(cell, cell) for cell in row)
                    for row in connection.execute(f"SELECT {columns} FROM {table}")
                ),
                key=repr,
            )
            for table, columns in _KEPT.items()
        }
        found["schema"] = sorted(connection.execute("SELECT name, sql FROM sqlite_master"), key=repr)
        return found


async def test_a_store_filled_in_bulk_is_what_the_library_would_have_written(tmp_path: Path) -> None:
    """Row by row, in every table, and with the same indexes; only what is merely alike is left out."""
    bulk, slow = tmp_path / "bulk.db", tmp_path / "slow.db"
    fill(bulk, 80)
    async with Inbox(f"sqlite:///{slow}") as inbox:
        for one in people(80):
            await inbox.identity.observe(one.addresses[0], one.evidence, facts={"name": one.name})
        while await inbox.study():
            pass
    wanted = _kept(slow)
    wanted["journal"] = [row for row in wanted["journal"] if "likeness" not in row]
    wanted["happenings"] = [row for row in wanted["happenings"] if "customer.suggested" not in row]
    assert len(wanted["addresses"]) == 80
    assert _kept(bulk) == wanted


def test_a_store_that_is_not_whole_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bench.identity_cost.parts.people", lambda addresses, _: iter([None] * addresses))
    with pytest.raises(AttributeError):
        fill(tmp_path / "10.db", 10)
    assert not (tmp_path / "10.db").exists()


def test_a_large_store_is_made_in_parts_and_whole_parts_are_taken_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Parts have customers and ids of their own; what a broken run left whole is not made again."""
    for module in ("filling", "population", "operations"):
        monkeypatch.setattr(f"bench.identity_cost.{module}.PART", 40)
    for place, addresses in ((0, 40), (1, 40)):
        make(Part(tmp_path / f"100.part{place}", place, addresses))
    fill(tmp_path / "100.db", 100)  # the third, of 20, is made now
    with closing(sqlite3.connect(tmp_path / "100.db")) as connection:
        ((many, ids, values),) = connection.execute(
            "SELECT COUNT(*), COUNT(DISTINCT id), COUNT(DISTINCT value) FROM addresses"
        )
    assert (many, ids, values) == (100, 100, 100)
    assert [path.name for path in tmp_path.iterdir()] == ["100.db"]


def test_the_people_are_as_many_as_asked_and_no_two_share_an_address() -> None:
    addresses = [address for one in people(5000) for address in one.addresses]
    assert len(set(addresses)) == len(addresses) == 5000
    assert someone(17) == someone(17)


# ------------------------------------------------------------------------------------------------ the command


def test_the_command_prints_every_operation_and_takes_kept_stores_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["--sizes", "300,600", "--share", "0.01", "--keep", str(tmp_path), "--settings", "own"]
    for _ in range(2):
        main(asked)
    printed = capsys.readouterr().out
    assert all(operation.what in printed for operation in OPERATIONS if "unmerge in" not in operation.what)
    assert printed.count("kept in") == 2
    assert printed.count("back-fill") == 4
    assert "goal: at most 2 times" in printed


def test_what_grows_too_fast_misses_the_goal() -> None:
    """Of five rounds the median counts, so that one in which the machine was busy does not."""
    few, many = [1.0, 1.0, 1.0, 2.0, 1.0], [2.5, 2.5, 2.5, 2.0, 9.0]
    assert Measured(OPERATIONS[0], [few, many], []).ratio == 2.5 > GOAL


def test_bytes_are_told_by_table_where_sqlite_can(stores: dict[int, Path]) -> None:
    assert re.search(r"1,000 addresses: \d+ bytes each", bytes_by_table(stores[FEW], FEW))


@pytest.mark.parametrize("name", SETTINGS)
def test_a_store_opens_with_the_setting_that_is_measured(tmp_path: Path, name: str) -> None:
    with stores_open_with(SETTINGS[name]):
        inbox = Inbox(f"sqlite:///{tmp_path / 'a.db'}")
        driver = inbox.open()._tx.driver
    assert isinstance(driver, SqliteDriver)
    told = inbox.open()._engine.wait_for(lambda _: said(driver))
    inbox.open().close()
    assert ("synchronous=NORMAL" in told) == ("normal" in name)
    assert SETTINGS[name].journal in told
    assert WAL_NORMAL.journal == "WAL"


# ------------------------------------------------------------------------------------------------ the rivals


def test_every_fifth_record_says_again_who_is_known_with_a_slip() -> None:
    again, known = rivals.record(505), rivals.record(101)
    assert again["email"] == known["email"]
    assert again["surname"] != known["surname"]
    assert again["given_name"] == known["given_name"]


def test_rivals_that_cannot_be_had_are_named_with_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(rivals.NoRivalsError, match="could not be installed: no network"):
        rivals._run([sys.executable, "-c", "raise SystemExit('no network')"], "could not be installed")
    with pytest.raises(rivals.NoRivalsError, match="failed"):
        rivals._run(["/nonexistent/python"], "failed")


def test_rivals_are_given_a_file_of_customers_some_of_whom_come_again(tmp_path: Path) -> None:
    rivals.write(tmp_path / "known.csv", range(20))
    with (tmp_path / "known.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["record_id"] for row in rows] == [str(number) for number in range(20)]
    assert rows[10]["email"] == rows[2]["email"]
    assert rows[10]["surname"] != rows[2]["surname"]
