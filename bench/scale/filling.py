"""Filling a store with so many messages at once: the rows that receiving and reading them one by one would write."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from bench.webhooks import ACCOUNT, FIRST_PERSON, PAGE
from omnichannel.clock import SystemClock
from omnichannel.store import Store

EACH = 20
"""Messages that each person wrote, all in one conversation."""
_AT_ONCE = 16
"""How many of them are written in order, conversation by conversation. The others come one from everybody in turn, as
they do in life: a tree that was written in order is full to the brim, and each row would split its page and those above."""

_FIRST = 120_000_000_000 << 22  # ids of the year 2023, a millisecond apart
_AT = 1_697_836_800_000_000
_BODY = "Where is my parcel? I have been waiting since Monday. "
_PRAGMAS = ("journal_mode=OFF", "synchronous=OFF", "cache_size=-262144", "locking_mode=EXCLUSIVE")

_PEOPLE = f"""
INSERT INTO addresses (workspace, id, kind, scope, value, name, written, strength, method, customer, first_seen)
  SELECT 1, id, 'messenger', '{PAGE}', value, '', '', 'verified', 'platform_id', id, at FROM people;
INSERT INTO journal (workspace, id, kind, one, strength, method, because, actor, source, at)
  SELECT 1, id + 1, 'claim', id, 'verified', 'platform_id', '', '', '', at FROM people;
INSERT INTO conversations (workspace, id, subject, status, assignee, asker, opened_at, last_at, seq)
  SELECT 1, id + 2, '', 0, '', id, at, at + {EACH}, {EACH} FROM people;
INSERT INTO participants (workspace, address, conversation) SELECT 1, id, id + 2 FROM people;
INSERT INTO threads (workspace, account, thread, conversation)
  SELECT 1, '{ACCOUNT}', value, id + 2 FROM people ORDER BY value;
INSERT INTO happenings (workspace, id, what, at, conversation, customer, actor, detail)
  SELECT 1, id + 3, 'conversation.opened', at, id + 2, id, '', '{{}}' FROM people;
"""
_MESSAGES = f"""
INSERT INTO messages (workspace, conversation, seq, id, account, kind, direction, public, peer, agent, strength, sent_at,
  received_at, external_id, delivery, because, content)
  SELECT 1, p.id + 2, n.value, p.id + 16 * n.value, '{ACCOUNT}', 'messenger', 0, 0, p.id, '', 'verified', p.at + n.value,
    p.at + n.value, p.mid || n.value, p.id + 16 * n.value + 1, 'it was written in the same thread',
    '{{"sender":{{"address":{{"kind":"messenger","scope":"{PAGE}","value":"' || p.value || '"}}}},"thread":"' || p.value ||
    '","parts":[{{"type":"text","text":"' || p.said || '"}}]}}'
  FROM people AS p CROSS JOIN turn AS n;
INSERT INTO externals (workspace, account, what, external_id, message, fingerprint)
  SELECT 1, '{ACCOUNT}', 'message', p.mid || n.value, p.id + 16 * n.value, ''
  FROM people AS p CROSS JOIN turn AS n ORDER BY p.mid || n.value;
"""
_BESIDE = f"""
INSERT INTO deliveries (workspace, id, account, source, key, head, body, received_at, state, attempts, due_at, reason)
  SELECT 1, p.id + 16 * n.value + 1, '{ACCOUNT}', 'webhook', NULL, '["POST","https://support.example.com/",[]]',
    CAST('{{"object":"page","text":"' || p.said || '"}}' AS BLOB), p.at, 1, 0, 0, ''
  FROM people AS p CROSS JOIN each AS n;
INSERT INTO happenings (workspace, id, what, at, conversation, customer, message, actor, detail)
  SELECT 1, p.id + 16 * n.value + 2, 'message.received', p.at + n.value, p.id + 2, p.id, p.id + 16 * n.value, '', '{{}}'
  FROM people AS p CROSS JOIN each AS n;
"""


def fill(path: Path, messages: int) -> int:
    """Make a store with so many messages; how many people wrote them."""
    Store(f"sqlite:///{path}", "default", SystemClock()).close()
    people = max(1, messages // EACH)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("CREATE TEMP TABLE each AS WITH RECURSIVE n (value) AS"
                           f" (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < {EACH}) SELECT value FROM n")  # fmt: skip
        connection.execute("CREATE TEMP TABLE turn (value INTEGER PRIMARY KEY)")
        connection.execute(
            "CREATE TEMP TABLE people AS WITH RECURSIVE n (i) AS"
            " (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ? - 1)"
            " SELECT ? + (i << 22) AS id, CAST(? + i AS TEXT) AS value, ? + i AS at, ? AS said,"
            # As scattered as the platform's own ids are.
            " 'm_' || printf('%08x', (i * 2654435761) % 4294967296) || 'AbcdEfgh01AbcdEfgh01AbcdEfgh01_' AS mid FROM n",
            (people, _FIRST, FIRST_PERSON, _AT, _BODY * 5),
        )
        connection.executescript(f"BEGIN; {_PEOPLE} {_BESIDE}")  # which commits nothing
        for first, last in [(1, _AT_ONCE), *((n, n) for n in range(_AT_ONCE + 1, EACH + 1))]:
            connection.execute("DELETE FROM turn")
            connection.execute(
                "INSERT INTO turn SELECT value FROM each WHERE value BETWEEN ? AND ?", (first, last)
            )
            for statement in _MESSAGES.split(";")[:-1]:
                connection.execute(statement)
        connection.execute("COMMIT")
    return people
