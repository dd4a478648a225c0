"""What goes by its age: looked through page by page, in the order of numbers; and how far that has come."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, cast

from omnichannel.store.tx import Tx, marks, some

_PAGE = 500
_FILE = 'content LIKE \'%"type":"attachment"%\''
_EMPTY = ('{"url":""}', '{"url":"","prepares":true}')  # calls without words, readable as calls


class Item(NamedTuple):
    """Something that may be old: its number, whose account's, since when, and in which conversation (0: in none)."""

    id: int
    account: str
    at: int
    conversation: int = 0


class Walk(NamedTuple):
    """A walk: as of when, at which stage, behind which number, how much went; and when the last one ended."""

    began: int
    stage: int
    after: int = 0
    went: int = 0
    ended: int = 0


def take(tx: Tx) -> Walk:
    """Where the walk is; nobody else goes on with it until the commit."""
    row = tx.one(
        "INSERT INTO ageing (workspace, began, stage, after, went, ended) VALUES (?, 0, 0, 0, 0, 0)"
        " ON CONFLICT (workspace) DO UPDATE SET stage = ageing.stage RETURNING began, stage, after, went, ended",
        tx.ws,
    )
    return Walk(*cast("tuple[int, int, int, int, int]", row))


def go_on(tx: Tx, walk: Walk) -> None:
    """The walk has come so far."""
    tx.run(
        "UPDATE ageing SET began = ?, stage = ?, after = ?, went = ?, ended = ? WHERE workspace = ?",
        *walk,
        tx.ws,
    )


def _page(tx: Tx, sql: str, after: int) -> list[tuple[Any, ...]]:
    return cast("list[tuple[Any, ...]]", tx.all(f"{sql} ORDER BY id LIMIT {_PAGE}", tx.ws, after))


def deliveries(tx: Tx, after: int) -> list[Item]:
    """Deliveries behind a number; those that are still to be read, or to be brought in, have no moment (0)."""
    rows = _page(
        tx,
        "SELECT id, account, CASE WHEN state = 1 THEN received_at ELSE 0 END FROM deliveries"
        " WHERE workspace = ? AND id > ?",
        after,
    )
    wanted = _in(
        tx, "SELECT delivery FROM missing WHERE workspace = ? AND delivery IN", [row[0] for row in rows]
    )
    return [Item(number, account, 0 if number in wanted else at) for number, account, at in rows]


def held_back(tx: Tx, deliveries: Sequence[int]) -> set[int]:
    """Of these deliveries those with words that nobody listened to, which stand nowhere else."""
    return _in(tx, "SELECT delivery FROM held_back WHERE workspace = ? AND delivery IN", deliveries)


def forget_held_back(tx: Tx, deliveries: Sequence[int]) -> None:
    """What was held back in these deliveries goes with them."""
    for few in some(deliveries):
        tx.run(f"DELETE FROM held_back WHERE workspace = ? AND delivery IN ({marks(few)})", tx.ws, *few)


def messages(tx: Tx, after: int) -> list[Item]:
    """Messages behind a number, with their conversations."""
    rows = _page(
        tx,
        "SELECT id, account, received_at, conversation FROM messages WHERE workspace = ? AND id > ?",
        after,
    )
    return [Item(*row) for row in rows]


def files(tx: Tx, after: int) -> list[Item]:
    """Messages behind a number whose files' bytes stand in them; others have no moment (0)."""
    rows = _page(
        tx,
        f"SELECT id, account, CASE WHEN {_FILE} THEN received_at ELSE 0 END, conversation,"
        f" CASE WHEN {_FILE} THEN content ELSE '{{}}' END FROM messages WHERE workspace = ? AND id > ?",
        after,
    )
    return [
        Item(number, account, at if inline(json.loads(content)) else 0, conversation)
        for number, account, at, conversation, content in rows
    ]


def inline(content: Mapping[str, Any]) -> bool:
    """Whether the bytes of a file stand in what a message holds."""
    return any(part.get("content") for part in content.get("parts", ()) if part.get("type") == "attachment")


def calls(tx: Tx, after: int) -> list[Item]:
    """Calls behind a number that are settled; of others, and of those that are empty already, no moment (0)."""
    rows = _page(
        tx,
        "SELECT id, account, CASE WHEN state IN (2, 3, 5) AND call NOT IN ('" + "', '".join(_EMPTY) + "')"
        " THEN at ELSE 0 END, conversation FROM calls WHERE workspace = ? AND id > ?",
        after,
    )
    return [Item(*row) for row in rows]


def ratings(tx: Tx, after: int) -> list[Item]:
    """Ratings behind a number in which somebody said something, since they last did."""
    rows = _page(
        tx,
        "SELECT r.id AS id, r.account, COALESCE(MAX(d.at), 0), r.conversation FROM ratings AS r"
        " LEFT JOIN rated AS d ON d.workspace = r.workspace AND d.rating = r.id AND d.words <> ''"
        " WHERE r.workspace = ? AND r.id > ? GROUP BY r.id, r.account, r.conversation",
        after,
    )
    return [Item(*row) for row in rows]


def conversations(tx: Tx, after: int) -> list[Item]:
    """Conversations behind a number, since something was last said in them."""
    rows = _page(tx, "SELECT id, '', last_at, id FROM conversations WHERE workspace = ? AND id > ?", after)
    return [Item(*row) for row in rows]


# ----------------------------------------------------------------------------------------------- what stays


def busy(tx: Tx, conversations: Collection[int]) -> set[int]:
    """Of these conversations those that are not over: open, with something to handle, to send, or in doubt."""
    numbers = sorted(conversations)
    return {
        number
        for sql in (
            "SELECT id FROM conversations WHERE workspace = ? AND status = 0 AND id IN",
            "SELECT conversation FROM todo WHERE workspace = ? AND conversation IN",
            "SELECT conversation FROM calls WHERE workspace = ? AND state IN (0, 1, 4) AND conversation IN",
        )
        for number in _in(tx, sql, numbers)
    }


def hold(tx: Tx, conversations: Collection[int]) -> None:
    """Have these conversations to oneself until the commit: what is said in them meanwhile is said after it."""
    for few in some(sorted(conversations)):
        tx.run(
            f"UPDATE conversations SET status = status WHERE workspace = ? AND id IN ({marks(few)})",
            tx.ws,
            *few,
        )


def frozen(tx: Tx, conversations: Collection[int]) -> set[int]:
    """Of these conversations those in which somebody takes part whose data are frozen."""
    return _in(
        tx,
        "SELECT p.conversation FROM addresses AS f JOIN addresses AS a ON a.workspace = f.workspace"
        " AND a.customer = f.customer JOIN participants AS p ON p.workspace = a.workspace AND p.address = a.id"
        " WHERE f.workspace = ? AND f.frozen_at IS NOT NULL AND p.conversation IN",
        sorted(conversations),
    )


def brought(tx: Tx, deliveries: Sequence[int]) -> dict[int, list[Item]]:
    """The messages that were read from these deliveries."""
    return _messages_of(tx, "delivery", deliveries)


def in_conversations(tx: Tx, numbers: Sequence[int]) -> dict[int, list[Item]]:
    """The messages of these conversations."""
    return _messages_of(tx, "conversation", numbers)


def _messages_of(tx: Tx, column: str, numbers: Sequence[int]) -> dict[int, list[Item]]:
    """Messages by what they are of."""
    found: dict[int, list[Item]] = {}
    for few in some(numbers):
        for of, *row in tx.all(
            f"SELECT {column}, id, account, received_at, conversation FROM messages WHERE workspace = ?"
            f" AND {column} IN ({marks(few)})",
            tx.ws, *few,
        ):  # fmt: skip
            item = Item(*cast("tuple[int, str, int, int]", tuple(row)))
            found.setdefault(cast("int", of), []).append(item)
    return found


def read_from(tx: Tx, messages: Sequence[int]) -> set[int]:
    """The deliveries that these messages were read from."""
    return _in(
        tx, "SELECT delivery FROM messages WHERE workspace = ? AND delivery IS NOT NULL AND id IN", messages
    )


def with_files(tx: Tx, messages: Collection[int]) -> set[int]:
    """Of these messages those that came with files."""
    return _in(
        tx,
        f"SELECT id FROM messages WHERE workspace = ? AND {_FILE} AND id IN",
        sorted(messages),
    )


def accounts(tx: Tx, conversation: int) -> set[str]:
    """The accounts on which a conversation went on."""
    rows = tx.all("SELECT account FROM threads WHERE workspace = ? AND conversation = ?", tx.ws, conversation)
    return {str(row[0]) for row in rows}


def _in(tx: Tx, sql: str, numbers: Sequence[int]) -> set[int]:
    return {
        cast("int", row[0]) for few in some(numbers) for row in tx.all(f"{sql} ({marks(few)})", tx.ws, *few)
    }


# ------------------------------------------------------------------------------------------------ what goes


def empty_calls(tx: Tx, column: str, numbers: Sequence[int]) -> None:
    """Leave of settled calls, by `id` or by `message`, how they ended, and none of their words."""
    for few in some(numbers):
        tx.run(
            f"UPDATE calls SET call = CASE WHEN call LIKE '%\"prepares\":true%' THEN '{_EMPTY[1]}' ELSE '{_EMPTY[0]}'"
            f" END, detail = '' WHERE workspace = ? AND state IN (2, 3, 5) AND {column} IN ({marks(few)})",
            tx.ws, *few,
        )  # fmt: skip


def empty_ratings(tx: Tx, numbers: Sequence[int]) -> None:
    """Leave of what customers said of us the stars."""
    for few in some(numbers):
        tx.run(f"UPDATE rated SET words = '' WHERE workspace = ? AND rating IN ({marks(few)})", tx.ws, *few)


def forget_words(tx: Tx, conversations: Sequence[int]) -> None:
    """Leave of conversations of which something went what was done, and none of the words that were made of theirs.

    What was read from them, asked in them, proposed, and the reasons of what was decided; and what it is about.
    """
    for few in some(conversations):
        there = f"workspace = ? AND conversation IN ({marks(few)})"
        for table in ("readings", "proposals"):
            tx.run(f"DELETE FROM {table} WHERE {there}", tx.ws, *few)
        tx.run(f"UPDATE turns SET content = '{{}}' WHERE {there} AND state <> 0", tx.ws, *few)
        tx.run(
            f"UPDATE decisions SET because = '[]', changes = '[]', summary = '' WHERE {there}", tx.ws, *few
        )
        tx.run(
            f"UPDATE conversations SET subject = '' WHERE workspace = ? AND id IN ({marks(few)})", tx.ws, *few
        )
        for number, content in tx.all(f"SELECT conversation, content FROM cases WHERE {there}", tx.ws, *few):
            rest = {
                name: value
                for name, value in json.loads(str(content)).items()
                if name not in ("questions", "settled", "reading")
            }
            tx.run(
                "UPDATE cases SET content = ? WHERE workspace = ? AND conversation = ?",
                json.dumps(rest, ensure_ascii=False, separators=(",", ":")), tx.ws, number,
            )  # fmt: skip


def write_down(tx: Tx, day: int, counts: Iterable[tuple[str, str, int, int]]) -> None:
    """Count what went on a day: of what, of which account, of which day, and how much."""
    tx.each(
        "INSERT INTO aged (workspace, went_on, what, of, day, count) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (workspace, went_on, what, of, day) DO UPDATE SET count = aged.count + excluded.count",
        [(tx.ws, day, *one) for one in counts],
    )


def written_down(tx: Tx, since: int) -> list[tuple[int, str, str, int, int]]:
    """What went from a day on: the day, of what, of which account, of which day, and how much."""
    rows = tx.all(
        "SELECT went_on, what, of, day, count FROM aged WHERE workspace = ? AND went_on >= ?"
        " ORDER BY went_on, what, of, day",
        tx.ws, since,
    )  # fmt: skip
    return [cast("tuple[int, str, str, int, int]", row) for row in rows]


def keep_spared(tx: Tx, conversations: Sequence[int]) -> None:
    """Whoever wants to be asked no more how we did is not, though the conversation goes in which they said it."""
    for few in some(conversations):
        tx.run(
            "UPDATE ratings SET conversation = -id WHERE workspace = ? AND resolution < 0"
            f" AND conversation IN ({marks(few)})",
            tx.ws, *few,
        )  # fmt: skip
