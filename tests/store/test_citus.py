"""The statements for Citus name every table that there is, each once, and can be run again."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest

from omnichannel import cli
from omnichannel.store import Store, citus
from omnichannel.store.known import EVERYWHERE, TABLES
from tests.engines import Postgres

# What Citus brings, as far as the statements ask for it: where a table went is written down, and nothing is moved.
CITUS = """
CREATE TABLE pg_dist_partition (logicalrelid REGCLASS PRIMARY KEY, by TEXT, beside TEXT);
CREATE FUNCTION create_reference_table(t REGCLASS) RETURNS VOID LANGUAGE sql
  AS 'INSERT INTO pg_dist_partition VALUES (t, NULL, NULL)';
CREATE FUNCTION create_distributed_table(t REGCLASS, by TEXT, colocate_with TEXT DEFAULT NULL) RETURNS VOID LANGUAGE sql
  AS 'INSERT INTO pg_dist_partition VALUES (t, by, colocate_with)';
"""


def test_every_table_is_named_once(postgres: Postgres, opened: Callable[..., Store]) -> None:
    """Run on a real server that has the tables, twice: as after an upgrade without new ones."""
    url = postgres.empty()
    opened(url).close()
    with psycopg.connect(url) as connection:
        connection.execute(CITUS)
        for _ in range(2):
            connection.execute(citus.statements().encode())
        found = {
            name: (by, beside)
            for name, by, beside in connection.execute(
                "SELECT logicalrelid::text, by, beside FROM pg_dist_partition"
            )
        }
        tables = {
            name
            for (name,) in connection.execute(
                "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
            )
        }
    assert set(found) == tables - {"pg_dist_partition"} == set(TABLES) | set(EVERYWHERE)
    assert {name for name, how in found.items() if how == (None, None)} == set(EVERYWHERE)
    assert found.pop("deliveries") == ("workspace", None)
    assert {how for name, how in found.items() if name not in EVERYWHERE} == {("workspace", "deliveries")}


def test_the_command_prints_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["schema", "--citus"]) == 0
    assert capsys.readouterr().out == citus.statements()
