"""The index of words in the store: places, plans, and who may take something in."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from omnichannel.errors import StoreError
from omnichannel.store import Store, Tx, findings
from omnichannel.store.fulltext import FTS5, TSVECTOR, Wanted
from omnichannel.store.search import documents, looking, progress
from omnichannel.store.search.documents import MESSAGE, Document, doc_at, last_doc
from omnichannel.store.search.looking import Reach
from omnichannel.store.sqlite import SqliteDriver
from tests.engines import Postgres, wait


def document(number: int, at: int, *tokens: str) -> Document:
    return Document(number, MESSAGE, at, tokens or ("1:word",))


def everything(tx: Tx) -> list[tuple[int, int]]:
    reach = Reach(doc_at(tx, 0), last_doc(tx))
    return looking.having(tx, Wanted(every=(f"{tx.ws}:word",)), reach, 1000)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=st.lists(st.lists(st.integers(0, 3000), max_size=12), max_size=4))
def test_every_document_has_a_place_of_its_own_near_its_moment(
    store: Store, batches: list[list[int]]
) -> None:
    """However many come at one moment, and in whatever order: the newest is found first."""

    def job(tx: Tx) -> list[tuple[int, int]]:
        tx.run("DELETE FROM sought WHERE workspace = ?", tx.ws)
        numbers = iter(range(1, 1000))
        said = {}
        for batch in batches:
            some = [document(next(numbers), at) for at in batch]
            said.update((one.number, one.at) for one in some)
            documents.put(tx, some)
        found = everything(tx)
        assert sorted(number for _, number in found) == sorted(said)
        for doc, number in found:
            assert 0 <= doc - doc_at(tx, said[number]) < len(said)
        return found

    found = wait(store, job)
    assert all(one[0] > other[0] for one, other in pairwise(found))


def test_what_is_taken_in_again_keeps_its_place(store: Store) -> None:
    def job(tx: Tx) -> tuple[Any, Any, Any]:
        documents.put(tx, [document(1, 1000), document(2, 2000)])
        before = everything(tx)
        documents.put(tx, [document(1, 1000, "1:other"), document(2, 2000)])
        after = everything(tx)
        documents.put(tx, [document(1, 1000)])
        return before, after, everything(tx)

    before, after, again = wait(store, job)
    assert [number for _, number in before] == [2, 1]
    assert after == before[:1]
    assert again == before


def test_what_has_too_many_words_is_cut_between_two(store: Store) -> None:
    whole = document(1, 0, *(f"1:{'é' * 60}{number}" for number in range(20_000))).words
    assert len(whole.encode()) <= documents._MOST_BYTES
    assert all(token.startswith("1:") for token in whole.split(" "))
    wait(store, lambda tx: documents.put(tx, [document(1, 0, whole)]))


@pytest.mark.parametrize("many", [False, True], ids=["few", "many"])
def test_frequent_and_rare_words_are_found_far_back(store: Store, many: bool) -> None:
    """Where the last documents are walked first, what stands before them is found all the same, and nothing twice."""

    def job(tx: Tx) -> list[int]:
        for start in range(0, 2000, 500):
            documents.put(
                tx,
                [
                    document(n + 1, n * 1000, f"{tx.ws}:{'word' if many or n % 97 == 3 else 'other'}")
                    for n in range(start, start + 500)
                ],
            )
        return [number for _, number in everything(tx)]

    wanted = [n + 1 for n in reversed(range(2000)) if many or n % 97 == 3]
    assert wait(store, job) == wanted[:1000]


def test_no_search_walks_a_table(store: Store) -> None:
    """On SQLite every statement finds its rows by a key, or by their words."""
    if store._tx.skip_locked:
        return  # there it is the planner's, by what it counts: the bench says how it does

    def job(tx: Tx) -> list[str]:
        seen: list[str] = []
        rows = tx.driver.rows

        def watched(sql: str, params: Any) -> Any:
            seen.extend(str(step[3]) for step in rows(f"EXPLAIN QUERY PLAN {sql}", params))
            return rows(sql, params)

        tx.driver.rows = watched  # type: ignore[method-assign]
        try:
            reach = Reach(doc_at(tx, 0), last_doc(tx))
            everything(tx)
            looking.any_message(tx, reach, 9)
            looking.said_in(tx, [1, 2], reach, 9)
            documents.put(tx, [document(1, 0)])
            progress.begin(tx)
            progress.waiting(tx, progress.Progress(0, 5, 5))
        finally:
            tx.driver.rows = rows  # type: ignore[method-assign]
        return seen

    steps = wait(store, job)
    assert any("sought_words" in step or "VIRTUAL TABLE" in step for step in steps)
    walks = [
        step
        for step in steps
        if step.startswith("SCAN") and "VIRTUAL TABLE" not in step and "few" not in step
    ]
    assert [step for step in walks if "CONSTANT ROW" not in step] == []


@pytest.mark.parametrize(
    ("wanted", "fts5", "tsquery"),
    [
        (Wanted(every=("1:a", "1:b")), '"1:a" AND "1:b"', "'1:a' & '1:b'"),
        (Wanted(every=("1:a",), begins=("1:b",)), '"1:a" AND "1:b" *', "'1:a' & '1:b':*"),
        (
            Wanted(every=("1:a",), none=("1:b",), none_begins=("1:c",)),
            '("1:a") NOT ("1:b" OR "1:c" *)',
            "'1:a' & !'1:b' & !'1:c':*",
        ),
    ],
)
def test_what_is_wanted_is_spelled_for_each_engine(wanted: Wanted, fts5: str, tsquery: str) -> None:
    assert (FTS5.spell(wanted), TSVECTOR.spell(wanted)) == (fts5, tsquery)


class _Without(sqlite3.Connection):
    """SQLite as it is built without FTS5."""

    def execute(self, sql: str, *given: Any) -> sqlite3.Cursor:
        return super().execute(sql.replace("name = 'fts5'", "name = 'fts5' AND false"), *given)


def test_a_sqlite_without_fts5_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def connect(path: str, **given: Any) -> sqlite3.Connection:
        return _Without(path, **given)

    with pytest.raises(StoreError, match="FTS5.*PostgreSQL"):
        SqliteDriver(str(tmp_path / "a.db"), connect)
    (tmp_path / "b.db").touch()
    monkeypatch.setattr("omnichannel.store.sqlite.sqlite3.connect", connect)
    (finding,) = findings(f"sqlite:///{tmp_path / 'b.db'}")
    assert not finding.ok
    assert "FTS5" in finding.what


def test_one_worker_at_a_time_takes_in(postgres: Postgres, opened: Callable[..., Store]) -> None:
    """While one has the index, another one's step has nothing to do, and does not wait for it."""
    url = postgres.ready()
    one, other = opened(url), opened(url)
    wait(one, progress.begin)

    def job(tx: Tx) -> tuple[bool, bool]:
        return progress.take(tx) is not None, wait(other, progress.take) is not None

    assert wait(one, job) == (True, False)
    assert wait(other, progress.take) is not None
