"""Rows that wait and answers that are remembered: nobody ever sees another store than the one that is there."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from omnichannel import store as rooms
from omnichannel.channel import Delivery
from omnichannel.model import Address, Party, Strength
from omnichannel.store import Store, Tx, arrivals, conversations, externals, facts, outbox, people
from omnichannel.store.known import TABLES
from omnichannel.store.pending import changed, named
from omnichannel.store.sets import many
from tests.engines import HandClock, wait

ANNA = Address(kind="chat", value="anna")


def meet(tx: Tx, name: str = "") -> people.Person:
    return people.meet(tx, Party(address=ANNA, name=name), Strength.VERIFIED, "platform_id", None, tx.now())


# ---------------------------------------------------------------------------------------------------- waiting


def test_whoever_looks_sees_what_waits_to_be_written(store: Store) -> None:
    def job(tx: Tx) -> tuple[int, int]:
        kept = arrivals.keep(tx, Delivery(account="a", body=b"1"))
        assert kept is not None
        return kept, arrivals.waiting(tx, 9)[0].id

    kept, seen = wait(store, job)
    assert kept == seen


def test_what_waits_is_gone_with_the_transaction_that_failed(store: Store) -> None:
    def fails(tx: Tx) -> None:
        arrivals.keep(tx, Delivery(account="a", body=b"1"))
        raise ValueError

    with pytest.raises(ValueError):
        wait(store, fails)
    assert wait(store, lambda tx: arrivals.waiting(tx, 9)) == []


def test_what_is_changed_may_just_have_been_added(store: Store) -> None:
    """Both wait: the place in a conversation that is older, a new conversation, and the first place in that."""

    def job(tx: Tx) -> tuple[int, int]:
        old = conversations.open_conversation(tx, "", meet(tx).id, tx.now())
        conversations.hold(tx, [old])
        conversations.next_seq(tx, old, tx.now())
        new = conversations.open_conversation(tx, "", meet(tx).id, tx.now())
        conversations.next_seq(tx, new, tx.now())
        return old, new

    old, new = wait(store, job)
    assert [
        wait(store, lambda tx, one=one: conversations.conversation(tx, one)).messages for one in (old, new)
    ] == [1, 1]


def test_a_statement_says_which_tables_it_names_and_which_it_changes() -> None:
    said = {
        sql
        for room in Path(rooms.__file__).parent.glob("*.py")
        for sql in re.findall(r'"((?:INSERT INTO|UPDATE|DELETE FROM) [a-z_]+ (?:[^"{])*)', room.read_text())
    }
    assert len(said) > 50
    for sql in said:
        table = (
            sql.removeprefix("INSERT INTO ")
            .removeprefix("UPDATE ")
            .removeprefix("DELETE FROM ")
            .split(" ")[0]
        )
        assert changed(sql) == table
        if table in TABLES:
            assert table in named(sql)
    assert changed("SELECT 1 FROM todo FOR UPDATE") == ""
    assert named("SELECT MIN(at) FROM (SELECT due_at FROM calls) AS a JOIN todo") == {"calls", "todo"}


# ------------------------------------------------------------------------------------------------ remembering


def test_what_was_looked_up_and_then_changed_is_looked_up_again(store: Store) -> None:
    def job(tx: Tx) -> list[str]:
        people.foresee(tx, [ANNA])
        person = meet(tx)
        people.call(tx, person.id, "Anna")  # by a statement that knows nothing of what is remembered
        found = people.find(tx, ANNA)
        assert found is not None
        return [person.name, found.name]

    assert wait(store, job) == ["", "Anna"]


def test_nothing_is_remembered_beyond_its_job(store: Store) -> None:
    def looks(tx: Tx) -> None:
        people.foresee(tx, [ANNA])
        externals.foresee(tx, "a", "message", ["m1"])
        outbox.foresee(tx, [1])

    wait(store, looks)
    assert (
        wait(store, lambda tx: [dict(tx.memory.owners), dict(tx.memory.externals), dict(tx.memory.calls)])
        == [{}] * 3
    )


def test_a_name_that_was_looked_up_is_news_once(store: Store) -> None:
    def job(tx: Tx) -> list[bool]:
        people.foresee(tx, [ANNA])
        person = meet(tx)
        facts.foresee(tx, [person.id])
        said = facts.Fact(person.id, facts.NAME, "Anna", Strength.VERIFIED)
        return [facts.say(tx, said, source="", at=0) for _ in range(2)]

    assert wait(store, job) == [True, False]


@pytest.mark.parametrize("what", ["id", "address"])
def test_what_another_worker_took_meanwhile_is_theirs(
    shared_url: str, opened: Callable[..., Store], clock: HandClock, what: str
) -> None:
    """It was free when it was looked up. The job that comes second runs again, and finds it taken."""
    if shared_url.startswith("sqlite"):
        pytest.skip("a file has one writer at a time")
    mine, theirs = opened(shared_url), opened(shared_url)
    tries: list[object] = []

    def take(tx: Tx) -> object:
        if what == "id":
            return externals.claim_external(tx, "a", "message", "m1", tx.ids.new())
        return meet(tx).id

    def late(tx: Tx) -> object:
        externals.foresee(tx, "a", "message", ["m1"])
        people.foresee(tx, [ANNA])
        if not tries:
            tries.append(wait(theirs, take))
        found = take(tx)
        tries.append(found)
        return found

    found = wait(mine, late)
    assert len(tries) == 3, "it was tried twice"
    assert found is False if what == "id" else found == tries[0]


# ------------------------------------------------------------------------------------------- many rows at once

_TYPES = {"workspace": "bigint", "id": "bigint", "body": "bytea", "state": "smallint"}


def test_one_statement_writes_many_rows_each_column_as_an_array() -> None:
    insert = many(
        "INSERT INTO t (workspace, id, body, state, turn) VALUES (?, ?, ?, 0, DEFAULT) ON CONFLICT DO NOTHING",
        lambda _: _TYPES,
    )
    assert insert is not None
    assert insert.sql.decode() == (
        "INSERT INTO t (workspace, id, body, state) SELECT %(workspace)s::bigint, rows.id_, rows.body_, 0"
        " FROM unnest(%(id)s::bigint[], %(body)s::bytea[]) AS rows(id_, body_) ON CONFLICT DO NOTHING"
    )
    assert insert.values([(1, 2, b"a"), (1, 3, None)]) == {"workspace": 1, "id": [2, 3], "body": [b"a", None]}
    update = many("UPDATE t SET state = ?, id = id + 1 WHERE workspace = ? AND body = ?", lambda _: _TYPES)
    assert update is not None
    assert update.sql.decode() == (
        "UPDATE t SET state = rows.state_, id = id + 1 FROM unnest(%(state)s::smallint[], %(body)s::bytea[])"
        " AS rows(state_, body_) WHERE workspace = %(workspace)s::bigint AND body = rows.body_"
    )


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM t WHERE workspace = ? AND id = ?",
        "UPDATE t SET state = CASE WHEN ? = 1 THEN 2 ELSE state END WHERE workspace = ? AND id = ?",
        "UPDATE t SET state = ? WHERE workspace = ? AND state = ?",
        "INSERT INTO t (workspace, id) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET state = ?",
    ],
)
def test_what_cannot_be_said_for_many_rows_is_said_for_each(sql: str) -> None:
    assert many(sql, lambda _: _TYPES) is None
