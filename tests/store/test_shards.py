"""The tables can be spread over machines by `workspace`, and each statement finds all it needs on one of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import psycopg
import pytest

from omnichannel.desk import Route, When
from omnichannel.desk.retention import Retention
from omnichannel.model import Where
from omnichannel.store import due, missing
from omnichannel.store.known import EVERYWHERE, TABLES
from omnichannel.store.opening import schema_files
from tests.engines import HandClock, Postgres
from tests.inbox.desk import Desk
from tests.inbox.rights.life import lived
from tests.shards import SHARDS, Routes, make_spread_tables, routed, spread

A_DAY = timedelta(days=1)
EVERYTHING = Retention(
    deliveries=A_DAY, files=A_DAY, calls=A_DAY, ratings=A_DAY, messages=A_DAY, conversations=A_DAY, happenings=A_DAY,
    trail=A_DAY,
)  # fmt: skip


@pytest.fixture(scope="module")
def spread_url(postgres: Postgres) -> str:
    """A database whose tables are spread over two partitions."""
    url = postgres.empty()
    make_spread_tables(url)
    return url


@pytest.fixture
def connection(spread_url: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(spread_url) as found:
        yield found


def test_every_table_is_spread(connection: psycopg.Connection) -> None:
    """The server took all of it: the tables, what later versions changed, every index."""
    rows = connection.execute(
        "SELECT relname, relkind = 'p', (SELECT count(*) FROM pg_inherits WHERE inhparent = c.oid)"
        " FROM pg_class AS c WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
        " AND NOT relispartition"
    ).fetchall()
    found = {name: (spread_out, parts) for name, spread_out, parts in rows}
    assert set(found) == set(TABLES) | {"schema_version"}
    for name, how in found.items():
        assert how == ((False, 0) if name in EVERYWHERE else (True, SHARDS)), name


def test_the_workspace_is_first_in_every_index(connection: psycopg.Connection) -> None:
    rows = connection.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND indexname !~ '_s[0-9]_'"
        " AND tablename <> ALL(%s)",
        ([*EVERYWHERE],),
    ).fetchall()
    assert len(rows) > 30
    # In the index of words it stands first in each of them.
    assert [name for name, made in rows if not re.search(r"USING btree \(workspace\b", made)] == [
        "sought_words"
    ]


def test_a_key_without_the_workspace_would_be_refused(postgres: Postgres) -> None:
    """What shows that the tables are right must be able to show that they are not."""
    wrong = "CREATE TABLE wrong (\n  workspace BIGINT NOT NULL, id BIGINT NOT NULL PRIMARY KEY\n);"
    with psycopg.connect(postgres.empty()) as fresh, pytest.raises(psycopg.errors.FeatureNotSupported):
        fresh.execute(spread(wrong))


async def test_every_statement_goes_to_one_shard(spread_url: str, clock: HandClock) -> None:
    """A life with everything in it; the server's plans say where each statement looks."""
    with routed(spread_url) as routes:
        desk = Desk(spread_url, clock, workspace="one")
        life = await lived(desk)
        await desk.inbox.customers.timeline(life.hers)
        await desk.inbox.identity.export(life.hers)
        await desk.inbox.identity.suggestions()
        await desk.inbox.conversations.open()
        await desk.inbox.events()
        async with desk.inbox.follow("index", wait=False) as events:
            assert [event async for event in events]
        await desk.inbox.followers.all()
        await desk.inbox.search.messages("kastanje", who=life.hers, where=Where(tags=frozenset({"x"})))
        await desk.inbox.search.messages("kast* -walnoot", where=Where(account="chat"))
        await desk.inbox.search.messages(where=Where(files=False))
        await desk.inbox.search.customers("annabel")
        await desk.inbox.search.progress()
        await desk.inbox.webhooks.add("crm", "http://127.0.0.1:1/hook", private=True)
        await desk.inbox.webhooks.all()
        await desk.inbox.claim_notices(9)
        await desk.inbox.webhooks.pause("crm")
        await desk.inbox.parked()
        await desk.inbox.add_agent("zoe")
        await desk.inbox.agents()
        await desk.inbox.desk.routes.try_out([Route(name="new", when=When(new=True))])
        await desk.inbox.desk.routes.intents()
        await desk.inbox.desk.views.listed()
        await desk.inbox.in_doubt()
        await desk.inbox.run_job(lambda tx: due.soonest(tx, 0))
        await desk.inbox.run_job(lambda tx: missing.oldest(tx, "chat", 9))
        await desk.inbox.identity.erase(life.hers, actor="zoe")
        desk.inbox.retention_rules = EVERYTHING
        clock.advance(days=2)
        await desk.inbox.retention.foresee()
        await desk.inbox.retention.apply()
        await desk.inbox.retention.gone()
        await desk.close()
    assert routes.astray() == {}
    assert len(routes.seen) > 150
    assert set(TABLES) - routes.tables() <= {"audits", "judged", "models"}, "tables that nothing looked into"


def test_a_statement_that_looks_everywhere_is_seen(spread_url: str) -> None:
    routes = Routes(spread_url)
    routes.look("SELECT id FROM messages WHERE workspace = ?", (1,))
    assert routes.astray() == {}
    for astray in (
        "SELECT id FROM messages WHERE id = ?",
        "SELECT m.id FROM messages AS m JOIN calls AS c ON c.message = m.id WHERE m.workspace = ?",
    ):
        routes.look(astray, (1,))
        assert astray in routes.astray()
    routes.close()


def test_every_table_has_a_place(connection: psycopg.Connection) -> None:
    """What the tests take apart is what there is: a table written in another manner would slip through."""
    made = {name for _, sql in schema_files() for name in re.findall(r"CREATE TABLE (\w+)", sql)}
    parts = {name for _, sql in schema_files() for name in re.findall(r"CREATE TABLE (\w+)_s0 ", spread(sql))}
    assert parts == made - {*EVERYWHERE}
