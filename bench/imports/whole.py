"""Everything a workspace holds, with every number replaced by what it stands for: two imports can be compared.

Numbers of ours grow with time, and the moment at which something was written down is another in each run. What
was said, by whom, when, in what order, in which conversation, and what is believed of whom is not.
"""

from __future__ import annotations

import re
from hashlib import sha256
from typing import NamedTuple

from omnichannel import Inbox
from omnichannel.errors import NotFound
from omnichannel.store import Tx

Told = dict[str, list[str]]

_NUMBER = re.compile(r"\d{15,}")


class _Names(NamedTuple):
    """What the numbers stand for."""

    deliveries: dict[int, str]
    addresses: dict[int, str]
    messages: dict[int, str]
    conversations: dict[int, str]
    customers: dict[int, str]


async def whole(inbox: Inbox) -> Told:
    """What the store of an inbox says, table by table, in an order that does not depend on its numbers."""
    return await inbox.run_job(_told)


def _rows(tx: Tx, sql: str) -> list[tuple[object, ...]]:
    return [tuple(row) for row in tx.all(sql, tx.ws)]


def _told(tx: Tx) -> Told:
    names = _names(tx)
    told = {
        "deliveries": _deliveries(tx),
        "addresses": _addresses(tx, names),
        "journal": _journal(tx, names),
        "facts": _facts(tx, names),
        "conversations": _conversations(tx, names),
        "messages": _messages(tx, names),
        "threads": _threads(tx, names),
        "participants": _participants(tx, names),
        "externals": _externals(tx, names),
        "happenings": _happenings(tx, names),
        "todo": [repr(row) for row in _rows(tx, "SELECT message FROM todo WHERE workspace = ?")],
        "calls": [repr(row) for row in _rows(tx, "SELECT id FROM calls WHERE workspace = ?")],
    }
    return {table: sorted(rows) for table, rows in told.items()}


def _names(tx: Tx) -> _Names:
    deliveries = {
        _int(row[0]): f"{row[1]} {row[2] or sha256(_bytes(row[3])).hexdigest()}"
        for row in _rows(tx, "SELECT id, account, key, body FROM deliveries WHERE workspace = ?")
    }
    addresses = {
        _int(row[0]): f"{row[1]}:{row[2]}:{row[3]}"
        for row in _rows(tx, "SELECT id, kind, scope, value FROM addresses WHERE workspace = ?")
    }
    said = _rows(tx, "SELECT id, account, external_id, conversation FROM messages WHERE workspace = ?")
    messages = {_int(row[0]): f"{row[1]} {row[2]}" for row in said}
    conversations: dict[int, str] = {}
    for row in said:
        name, number = messages[_int(row[0])], _int(row[3])
        conversations[number] = min(name, conversations.get(number, name))
    customers: dict[int, str] = {}
    for row in _rows(tx, "SELECT id, customer FROM addresses WHERE workspace = ?"):
        name, number = addresses[_int(row[0])], _int(row[1])
        customers[number] = min(name, customers.get(number, name))
    return _Names(deliveries, addresses, messages, conversations, customers)


def _int(cell: object) -> int:
    assert isinstance(cell, int)
    return cell


def _bytes(cell: object) -> bytes:
    assert isinstance(cell, bytes)
    return cell


def _deliveries(tx: Tx) -> list[str]:
    rows = _rows(
        tx,
        "SELECT account, source, key, head, body, received_at, state, reason FROM deliveries WHERE workspace = ?",
    )
    return [repr((*row[:4], sha256(_bytes(row[4])).hexdigest(), *row[5:])) for row in rows]


def _addresses(tx: Tx, names: _Names) -> list[str]:
    rows = _rows(
        tx,
        "SELECT id, name, written, strength, method, customer, first_seen FROM addresses WHERE workspace = ?",
    )
    return [
        repr((names.addresses[_int(row[0])], *row[1:5], names.customers[_int(row[5])], row[6]))
        for row in rows
    ]


def _journal(tx: Tx, names: _Names) -> list[str]:
    rows = _rows(
        tx,
        "SELECT kind, one, other, strength, method, because, actor, source, at FROM journal WHERE workspace = ?",
    )
    return [
        repr((row[0], _whose(row[1], names), _whose(row[2], names), *row[3:7],
              _source(tx, str(row[7]), names), row[8]))
        for row in rows
    ]  # fmt: skip


def _whose(address: object, names: _Names) -> str:
    return names.addresses.get(_int(address), "erased") if address else ""


def _source(tx: Tx, shown: str, names: _Names) -> str:
    try:
        return names.messages.get(tx.ids.find("message", shown), "a message that is not here")
    except NotFound:
        return shown


def _facts(tx: Tx, names: _Names) -> list[str]:
    rows = _rows(tx, "SELECT address, field, value, strength, source FROM facts WHERE workspace = ?")
    return [repr((names.addresses[_int(row[0])], *row[1:4], _source(tx, str(row[4]), names))) for row in rows]


def _conversations(tx: Tx, names: _Names) -> list[str]:
    rows = _rows(
        tx,
        "SELECT id, subject, status, assignee, asker, opened_at, last_at, seq FROM conversations WHERE workspace = ?",
    )
    return [
        repr(
            (
                names.conversations.get(_int(row[0]), "empty"),
                *row[1:4],
                names.addresses[_int(row[4])],
                *row[5:],
            )
        )
        for row in rows
    ]


def _messages(tx: Tx, names: _Names) -> list[str]:
    rows = _rows(
        tx,
        "SELECT id, conversation, seq, kind, direction, public, peer, agent, strength, sent_at, received_at,"
        " delivery, because, content FROM messages WHERE workspace = ?",
    )
    return [
        repr((names.messages[_int(row[0])], names.conversations[_int(row[1])], *row[2:6],
              row[6] and names.addresses[_int(row[6])], *row[7:11], row[11] and names.deliveries[_int(row[11])],
              *row[12:]))
        for row in rows
    ]  # fmt: skip


def _threads(tx: Tx, names: _Names) -> list[str]:
    def named(found: re.Match[str]) -> str:
        return names.addresses.get(int(found[0]), found[0])

    rows = _rows(tx, "SELECT account, thread, conversation FROM threads WHERE workspace = ?")
    return [
        repr((row[0], _NUMBER.sub(named, str(row[1])), names.conversations.get(_int(row[2]), "empty")))
        for row in rows
    ]


def _participants(tx: Tx, names: _Names) -> list[str]:
    rows = _rows(tx, "SELECT address, conversation FROM participants WHERE workspace = ?")
    return [
        repr((names.addresses[_int(row[0])], names.conversations.get(_int(row[1]), "empty"))) for row in rows
    ]


def _externals(tx: Tx, names: _Names) -> list[str]:
    rows = _rows(
        tx, "SELECT account, what, external_id, message, fingerprint FROM externals WHERE workspace = ?"
    )
    return [repr((*row[:3], names.messages.get(_int(row[3]), ""), row[4])) for row in rows]


def _happenings(tx: Tx, names: _Names) -> list[str]:
    rows = _rows(
        tx, "SELECT what, conversation, customer, message, actor, detail FROM happenings WHERE workspace = ?"
    )
    return [
        repr((row[0], row[1] and names.conversations.get(_int(row[1]), "empty"),
              row[2] and names.customers.get(_int(row[2]), "another"),
              row[3] and names.messages.get(_int(row[3]), ""), *row[4:]))
        for row in rows
    ]  # fmt: skip
