"""No byte of what was erased is left in the files of the database: they are searched, as a thief would."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from omnichannel.errors import StoreError, UsageError
from omnichannel.store.sqlite import SqliteDriver
from tests.chat import delivery
from tests.engines import HandClock, Postgres
from tests.inbox.desk import Desk
from tests.inbox.rights.life import ANNA, BEN, HERS, HIS, item, lived


def found_in(files: Iterator[Path] | list[Path], words: tuple[str, ...]) -> set[str]:
    """The words that stand in one of these files."""
    found: set[str] = set()
    for file in files:
        if file.is_file():
            held = file.read_bytes()
            found |= {f"{word} in {file.name}" for word in words if word.encode() in held}
    return found


def sqlite_files(folder: Path) -> list[Path]:
    return sorted(folder.glob("support.db*"))


async def test_no_byte_is_left_in_the_files_of_sqlite(tmp_path: Path, desks: Callable[..., Desk]) -> None:
    """Neither in rows, nor in free pages, nor where rows stood before they moved, nor in a journal or log."""
    desk = desks(f"sqlite:///{tmp_path / 'support.db'}")
    life = await lived(desk)
    assert {word.partition(" ")[0] for word in found_in(sqlite_files(tmp_path), HERS)} == set(HERS)
    proof = await desk.inbox.identity.erase(life.hers, actor="zoe")
    assert proof.scrubbed
    assert found_in(sqlite_files(tmp_path), HERS) == set()
    assert {word.partition(" ")[0] for word in found_in(sqlite_files(tmp_path), HIS)} == set(HIS)


async def test_without_a_scrub_the_proof_does_not_say_so(tmp_path: Path, desks: Callable[..., Desk]) -> None:
    """Many can be erased one after the other, and the files be written anew once."""
    desk = desks(f"sqlite:///{tmp_path / 'support.db'}")
    life = await lived(desk)
    proof = await desk.inbox.identity.erase(life.hers, actor="zoe", scrub=False)
    assert not proof.scrubbed
    assert await desk.inbox.identity.scrub() == []
    assert found_in(sqlite_files(tmp_path), HERS) == set()


async def test_what_an_older_release_left_in_the_file_is_gone_too(tmp_path: Path, clock: HandClock) -> None:
    """What was deleted without overwriting stands in free places: only to write the file anew takes it out."""
    store = tmp_path / "support.db"
    desk = Desk(f"sqlite:///{store}", clock)
    await lived(desk)
    await desk.inbox.close()
    with closing(sqlite3.connect(store)) as older:
        older.execute("PRAGMA secure_delete=OFF")
        older.execute("UPDATE messages SET content = '{\"parts\":[]}'")
        older.commit()
    assert "peperkoek" in {word.partition(" ")[0] for word in found_in([store], HERS)}
    desk.again()
    await desk.inbox.identity.erase((await desk.customer(ANNA.value)).id, actor="zoe")
    assert found_in(sqlite_files(tmp_path), HERS) == set()
    await desk.inbox.close()


async def test_a_write_ahead_log_is_emptied_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: HandClock
) -> None:
    """Newer releases of SQLite are used with one."""
    monkeypatch.setattr("omnichannel.store.sqlite.wal_is_safe", lambda _: True)
    desk = Desk(f"sqlite:///{tmp_path / 'support.db'}", clock)
    life = await lived(desk)
    assert (tmp_path / "support.db-wal").stat().st_size > 0
    await desk.inbox.identity.erase(life.hers, actor="zoe")
    assert (tmp_path / "support.db-wal").stat().st_size == 0
    assert found_in(sqlite_files(tmp_path), HERS) == set()
    await desk.inbox.close()


async def test_who_is_in_the_way_of_a_scrub_does_not_cost_the_proof(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: HandClock
) -> None:
    """She is erased; that her bytes are still in the files is said, with what to do."""
    monkeypatch.setattr("omnichannel.store.sqlite.wal_is_safe", lambda _: True)
    monkeypatch.setattr("omnichannel.store.sqlite._PATIENCE", 0.05)
    desk = Desk(f"sqlite:///{tmp_path / 'support.db'}", clock)
    life = await lived(desk)
    reader = SqliteDriver(str(tmp_path / "support.db"))
    reader.begin()
    reader.rollback()
    reader._connection.execute("BEGIN")
    reader.rows("SELECT COUNT(*) FROM messages", ())  # sees the store as it is now, for as long as it likes
    proof = await desk.inbox.identity.erase(life.hers, actor="zoe")
    assert not proof.scrubbed
    assert any("scrub" in left for left in proof.elsewhere)
    with pytest.raises(StoreError, match="scrub"):
        await desk.inbox.identity.scrub()
    reader.close()
    assert await desk.inbox.identity.scrub() == []
    assert found_in(sqlite_files(tmp_path), HERS) == set()
    await desk.inbox.close()


async def test_no_byte_is_left_in_the_data_of_postgres(
    postgres: Postgres, desks: Callable[..., Desk]
) -> None:
    """In no table, index or statistic, once it was written anew; its write-ahead log is told, for it keeps them."""
    url = postgres.ready()
    desk = desks(url)
    life = await lived(desk)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ANALYZE")
        connection.execute("CHECKPOINT")
        (data,) = connection.execute("SHOW data_directory").fetchone()
    base = Path(data) / "base"
    before = {word.partition(" ")[0] for word in found_in(list(base.rglob("*")), HERS)}
    assert before >= {"anna-psid-778899", "annabel.zwart", "Dorpsstraat"}
    proof = await desk.inbox.identity.erase(life.hers, actor="zoe")
    assert proof.scrubbed
    assert any("pg_wal" in left for left in proof.elsewhere)
    assert found_in([file for file in Path(data).rglob("*") if "pg_wal" not in file.parts], HERS) == set()


async def test_a_proof_holds_for_its_own_workspace(desks: Callable[..., Desk], tmp_path: Path) -> None:
    ours, theirs = (
        desks(f"sqlite:///{tmp_path / 'support.db'}", workspace=name) for name in ("ours", "theirs")
    )
    for desk in (ours, theirs):
        await desk.heard("hello", who=ANNA.value)
    proof = await ours.inbox.identity.erase((await ours.customer(ANNA.value)).id, actor="zoe")
    with pytest.raises(UsageError, match="'ours'"):
        await theirs.inbox.identity.erase_again(proof, actor="zoe")
    forged = proof.model_copy(update={"workspace": "theirs"})
    await theirs.inbox.identity.erase_again(forged, actor="zoe")
    assert await theirs.inbox.customers.find(ANNA) is not None, "another workspace's marks mean nothing here"


async def test_a_restored_backup_is_erased_again(tmp_path: Path, clock: HandClock) -> None:
    """The proof finds them by marks; what came back is gone, what never was erased stays."""
    store = tmp_path / "support.db"
    desk = Desk(f"sqlite:///{store}", clock)
    life = await lived(desk)
    before = await desk.inbox.customers.timeline(life.his)
    await desk.inbox.close()
    shutil.copy(store, tmp_path / "backup")
    desk.again()
    proof = await desk.inbox.identity.erase(life.hers, actor="zoe", because="ticket 17")
    await desk.inbox.close()
    shutil.copy(tmp_path / "backup", store)
    desk.again()
    assert (await desk.customer(ANNA.value)).id == life.hers, "she is back"
    again = await desk.inbox.identity.erase_again(proof, actor="zoe")
    assert again.removed["messages"] == proof.removed["messages"]
    assert found_in(sqlite_files(tmp_path), HERS) == set()
    assert [m.id for m in await desk.inbox.customers.timeline(life.his)] == [m.id for m in before]
    assert await desk.inbox.identity.erase_again(proof, actor="zoe") == proof.model_copy(
        update={"scrubbed": True}
    )
    await desk.inbox.close()


async def test_what_a_restored_backup_had_not_read_yet_is_erased_again_too(
    tmp_path: Path, clock: HandClock
) -> None:
    """Whoever it was from had not been met there: nobody is found, and her words wait all the same."""
    store = tmp_path / "support.db"
    desk = Desk(f"sqlite:///{store}", clock)
    await desk.inbox.receive(
        "chat", delivery(item("mid-anna-1", ANNA, "kastanje"), item("2", BEN, "walnoot"))
    )
    await desk.inbox.close()
    shutil.copy(store, tmp_path / "backup")
    clock.advance(hours=1)
    desk.again()
    await desk.inbox.work()
    proof = await desk.inbox.identity.erase((await desk.customer(ANNA.value)).id, actor="zoe")
    await desk.inbox.close()
    shutil.copy(tmp_path / "backup", store)
    desk.again()
    await desk.inbox.identity.erase_again(proof, actor="zoe")
    assert found_in(sqlite_files(tmp_path), HERS) == set()
    await desk.inbox.work()
    assert [m.text for m in await desk.everything()] == ["walnoot"]
    await desk.inbox.close()
