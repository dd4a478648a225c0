"""What was erased is found by nothing: its words go in the same commit, and no worker puts them in again."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from omnichannel.inbox.search import indexing
from omnichannel.model import Purpose
from omnichannel.store import Tx
from tests.engines import Postgres
from tests.inbox.desk import Desk
from tests.inbox.rights.life import ANNA, HERS, lived, traces

WORDS = ("kastanje", "peperkoek", "kast*", "annabel")


async def found(desk: Desk) -> list[str]:
    """Everything of hers that any search finds."""
    shown = []
    for frozen in (False, True):
        for word in WORDS:
            page = await desk.inbox.search.messages(word, frozen=frozen, most=300)
            people = await desk.inbox.search.customers(word, frozen=frozen, purpose=Purpose.ANALYTICS)
            shown += [one.message.text for one in page.found] + [one.customer.name for one in people.found]
    return shown


async def test_an_erased_customer_is_found_by_nothing(desk: Desk) -> None:
    """Nor does any row of the index hold a word of theirs, before anything else is done."""
    life = await lived(desk)
    assert await found(desk)
    await desk.inbox.identity.erase(life.hers, actor="zoe", scrub=False)
    assert [trace for trace in traces(desk) if trace.startswith("sought")] == []
    assert await found(desk) == []
    await desk.inbox.work()
    assert await found(desk) == []
    assert len((await desk.inbox.search.messages("walnoot")).found) > 2


async def test_the_index_of_sqlite_holds_no_token_of_theirs(
    tmp_path: Path, desks: Callable[..., Desk]
) -> None:
    """As the engine itself lists them: every token, with the rows that it finds."""
    desk = desks(f"sqlite:///{tmp_path / 'support.db'}")
    life = await lived(desk)

    def tokens() -> set[str]:
        with closing(sqlite3.connect(tmp_path / "support.db")) as connection:
            connection.execute("CREATE VIRTUAL TABLE temp.listed USING fts5vocab(main, sought_words, row)")
            return {str(term) for term, _ in connection.execute("SELECT term, doc FROM listed WHERE doc > 0")}

    before = tokens()
    assert {"1:kastanje", "1~annabel", "1:walnoot"} <= before
    await desk.inbox.identity.erase(life.hers, actor="zoe", scrub=False)
    left = tokens()
    assert "1:walnoot" in left
    assert [token for token in left if any(word.lower() in token for word in HERS)] == []
    check = "INSERT INTO sought_words (sought_words) VALUES ('integrity-check')"
    await desk.inbox.run_job(lambda tx: tx.run(check))  # raises if it is not sound


async def test_what_another_worker_just_read_does_not_come_back(
    postgres: Postgres, desks: Callable[..., Desk]
) -> None:
    """It read her messages to take them in; the erasure waits until it did, and takes them out."""
    url = postgres.ready()
    desk, other = desks(url), desks(url)
    await desk.inbox.search.messages("anything")
    await desk.heard("a kastanje", who=ANNA.value)
    hers = (await desk.customer(ANNA.value)).id
    read, go_on = threading.Event(), threading.Event()

    def slowly(tx: Tx) -> None:
        tx.run("UPDATE indexed SET position = 0 WHERE workspace = ?", tx.ws)
        tx.run("DELETE FROM sought WHERE workspace = ?", tx.ws)
        put = indexing.documents.put

        def waits(tx: Tx, some: list[indexing.Document]) -> None:
            read.set()
            assert go_on.wait(60)
            put(tx, some)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(indexing.documents, "put", waits)
            indexing.index(tx)

    taking_in = asyncio.create_task(other.inbox.run_job(slowly))
    await asyncio.to_thread(read.wait, 60)
    erasing = asyncio.create_task(desk.inbox.identity.erase(hers, actor="zoe", scrub=False))
    await asyncio.to_thread(_somebody_waits, url)
    go_on.set()
    await asyncio.gather(taking_in, erasing)
    assert traces(desk, ("kastanje", ANNA.value)) == []
    assert (await desk.inbox.search.messages("kastanje")).found == ()


def _somebody_waits(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        asked = "SELECT count(*) FROM pg_locks WHERE NOT granted"
        while connection.execute(asked).fetchone() == (0,):
            pass
