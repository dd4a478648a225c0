"""How the tables are spread over machines by Citus, as statements: made of what tables there are."""

from __future__ import annotations

from omnichannel.store.known import EVERYWHERE, TABLES

_BESIDE = "deliveries"
_HEAD = """\
-- Spreads the tables of this version over machines, by workspace. Run it on the coordinator with nobody else at
-- work, once the tables are made, and again after every upgrade: what is spread already is left alone.
"""


def statements() -> str:
    """For psql: small tables on every machine, all others by workspace, beside each other."""
    others = sorted(set(TABLES) - {*EVERYWHERE, _BESIDE})
    lines = [_once(name, f"create_reference_table('{name}')") for name in EVERYWHERE]
    lines.append(_once(_BESIDE, f"create_distributed_table('{_BESIDE}', 'workspace')"))
    beside = f"colocate_with => '{_BESIDE}'"
    lines += [_once(name, f"create_distributed_table('{name}', 'workspace', {beside})") for name in others]
    return _HEAD + "\n".join(lines) + "\n"


def _once(table: str, call: str) -> str:
    there = f"SELECT 1 FROM pg_dist_partition WHERE logicalrelid = '{table}'::regclass"
    return f"SELECT {call} WHERE NOT EXISTS ({there});"
