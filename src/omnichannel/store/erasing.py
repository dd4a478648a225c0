"""The statements of an erasure. Each says how many rows it changed; who decides what goes is the inbox."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import cast

from omnichannel.model import Updated
from omnichannel.store import pace
from omnichannel.store.desk import uses
from omnichannel.store.tx import Tx, marks, some

_PAGE = 2000


def alone(tx: Tx) -> None:
    """Let nobody else look anybody up until the commit: who is erased must not be written to meanwhile."""
    if tx.skip_locked:  # else there is one writer at a time
        tx.run("LOCK TABLE addresses IN ACCESS EXCLUSIVE MODE")


def delete(tx: Tx, table: str, column: str, values: Sequence[int]) -> int:
    """Delete the rows of a table that have one of these numbers in a column."""
    return sum(
        tx.run(f"DELETE FROM {table} WHERE workspace = ? AND {column} IN ({marks(few)})", tx.ws, *few)
        for few in some(values)
    )


def messages(tx: Tx, numbers: Sequence[int]) -> Counter[str]:
    """Delete messages and all that hangs on them; how many rows of which table."""
    found = Counter({"uses (whose they were)": uses.forget(tx, numbers)})
    for table, column in (
        ("todo", "message"),
        ("calls", "message"),
        ("externals", "message"),
        ("orders", "message"),
        ("sought", "number"),
        ("messages", "id"),
    ):
        found[table] += delete(tx, table, column, numbers)
    return found


def conversations(tx: Tx, numbers: Sequence[int]) -> Counter[str]:
    """Delete conversations of which nothing is left; how many rows of which table."""
    found: Counter[str] = Counter()
    for table, column in (
        ("threads", "conversation"), ("tokens", "conversation"), ("participants", "conversation"),
        ("cases", "conversation"), ("decisions", "conversation"), ("spells", "conversation"),
        ("told", "conversation"), ("writing", "conversation"), ("unread", "conversation"),
        ("readings", "conversation"), ("proposals", "conversation"), ("notices", "conversation"),
        ("ratings", "conversation"), ("rated", "conversation"), ("turns", "conversation"), ("filed", "number"),
        ("counts", "conversation"), ("uncounted", "conversation"), ("batch_cases", "conversation"),
        ("conversations", "id"),
    ):  # fmt: skip
        found[table] += delete(tx, table, column, numbers)
    for few in some(numbers):
        tx.run(
            f"UPDATE conversations SET joined = NULL WHERE workspace = ? AND joined IN ({marks(few)})",
            tx.ws,
            *few,
        )
    return found


def leave_case(tx: Tx, conversation: int) -> int:
    """The desk begins anew with a conversation that others are in; that something was decided, and when, stays."""
    tables = (
        "cases", "spells", "told", "unread", "readings", "proposals", "notices", "ratings", "rated", "turns",
        "counts", "uncounted", "batch_cases",
    )  # fmt: skip
    delete(tx, "filed", "number", [conversation])
    for table in tables:
        delete(tx, table, "conversation", [conversation])
    return tx.run(
        "UPDATE decisions SET because = '[]', changes = '[]', summary = '' WHERE workspace = ? AND conversation = ?",
        tx.ws, conversation,
    )  # fmt: skip


def pass_on(tx: Tx, conversation: int, numbers: Collection[int]) -> None:
    """A conversation that others are in goes on as theirs, without the words that it was named by."""
    row = tx.one("SELECT asker FROM conversations WHERE workspace = ? AND id = ?", tx.ws, conversation)
    if row is None or row[0] not in numbers:
        return
    heir = tx.one(
        "SELECT peer FROM messages WHERE workspace = ? AND conversation = ? AND peer IS NOT NULL"
        " ORDER BY seq LIMIT 1",
        tx.ws, conversation,
    )  # fmt: skip
    if heir is not None:
        tx.run(
            "UPDATE conversations SET asker = ?, subject = '' WHERE workspace = ? AND id = ?",
            heir[0], tx.ws, conversation,
        )  # fmt: skip


def people(tx: Tx, numbers: Sequence[int]) -> Counter[str]:
    """Delete addresses and what is known of whoever has them; how many rows of which table."""
    found: Counter[str] = Counter()
    for table in (
        "facts", "keys", "unstudied", "tokens", "participants", "consents", "customer_fields", "paced",
    ):  # fmt: skip
        found[table] += delete(tx, table, "address", numbers)
    for table in ("ratings", "rated"):
        found[table] += delete(tx, table, "peer", numbers)
    found["tokens"] += delete(tx, "tokens", "holder", numbers)
    for table in ("sought", "filed"):
        found[table] += delete(tx, table, "number", numbers)
    for few in some(numbers):
        tx.run(
            f"UPDATE tokens SET used_by = NULL WHERE workspace = ? AND used_by IN ({marks(few)})", tx.ws, *few
        )
        counted = [name for number in few for name in (f"address {number}", pace.who(number))]
        found["tries"] += tx.run(
            f"DELETE FROM tries WHERE workspace = ? AND who IN ({marks(counted)})", tx.ws, *counted
        )
    found["addresses"] += delete(tx, "addresses", "id", numbers)
    return found


def thread(tx: Tx, account: str, key: str) -> int:
    """Forget which conversation a platform's thread belongs to."""
    return tx.run(
        "DELETE FROM threads WHERE workspace = ? AND account = ? AND thread = ?", tx.ws, account, key
    )


def external(tx: Tx, account: str, what: str, external_id: str) -> int:
    """Forget a platform's id."""
    return tx.run(
        "DELETE FROM externals WHERE workspace = ? AND account = ? AND what = ? AND external_id = ?",
        tx.ws, account, what, external_id,
    )  # fmt: skip


def early(tx: Tx) -> list[tuple[str, str, int, Updated]]:
    """Every update that waits for its message: account, target, number and what it says."""
    rows = tx.all("SELECT account, target, id, event FROM early WHERE workspace = ?", tx.ws)
    return [
        (str(account), str(target), cast("int", number), Updated.model_validate_json(str(event)))
        for account, target, number, event in rows
    ]


def drop_early(tx: Tx, account: str, target: str, number: int) -> int:
    """Let an update wait no longer."""
    return tx.run(
        "DELETE FROM early WHERE workspace = ? AND account = ? AND target = ? AND id = ?",
        tx.ws, account, target, number,
    )  # fmt: skip


def revocations(tx: Tx, entries: Iterable[int]) -> set[int]:
    """These entries of the journal, and everything that takes one of them back, or takes that back."""
    found = set(entries)
    fresh = sorted(found)
    while fresh:
        rows = [
            row
            for few in some(fresh)
            for row in tx.all(
                f"SELECT id FROM journal WHERE workspace = ? AND target IN ({marks(few)})", tx.ws, *few
            )
        ]
        fresh = sorted({cast("int", row[0]) for row in rows} - found)
        found.update(fresh)
    return found


def empty_entries(tx: Tx, numbers: Sequence[int]) -> int:
    """Leave of these entries of the journal that they were made: kind, time, actor, and what they take back."""
    return sum(
        tx.run(
            "UPDATE journal SET one = 0, other = NULL, method = '', because = '', source = '', expires_at = NULL,"
            f" likely = NULL WHERE workspace = ? AND id IN ({marks(few)})",
            tx.ws, *few,
        )
        for few in some(numbers)
    )  # fmt: skip


def judgements(tx: Tx, numbers: Sequence[int], entries: Sequence[int]) -> int:
    """Delete what people judged of these addresses, or decided in these entries of the journal."""
    columns = (("one", numbers), ("other", numbers), ("decision", entries))
    return sum(delete(tx, "judged", column, values) for column, values in columns)


def call_by(tx: Tx, root: int, heir: int) -> None:
    """From now on the journal, and the later owners, call an address by the number of its next owner."""
    for table, column in (
        ("journal", "one"), ("journal", "other"), ("challenges", "claimant"), ("challenges", "claimed"),
    ):  # fmt: skip
        tx.run(f"UPDATE {table} SET {column} = ? WHERE workspace = ? AND {column} = ?", heir, tx.ws, root)
    tx.run("UPDATE addresses SET first = ? WHERE workspace = ? AND first = ?", heir, tx.ws, root)
    tx.run("UPDATE addresses SET first = 0 WHERE workspace = ? AND id = ?", tx.ws, heir)


def is_only_named(tx: Tx, number: int) -> bool:
    """Whether nothing rests on an address any more: nobody wrote from it, and nothing is said of it."""
    places = (
        ("journal", "one"), ("journal", "other"), ("participants", "address"), ("facts", "address"),
        ("addresses", "first"), ("tokens", "address"), ("challenges", "claimant"), ("challenges", "claimed"),
    )  # fmt: skip
    return not any(
        tx.one(f"SELECT 1 FROM {table} WHERE workspace = ? AND {column} = ? LIMIT 1", tx.ws, number)
        for table, column in places
    )


def empty_happenings(
    tx: Tx,
    customers: Collection[int],
    conversations: Collection[int],
    said: Collection[int],
    words: Iterable[str],
) -> int:
    """Leave of what happened to these that it happened, when and by whom. Walks every happening that has details."""
    told = 0
    after = 0
    wanted = [json.dumps(word, ensure_ascii=False)[1:-1] for word in words]
    while rows := tx.all(
        "SELECT id, customer, conversation, message, detail FROM happenings WHERE workspace = ? AND id > ?"
        f" AND detail <> '{{}}' ORDER BY id LIMIT {_PAGE}",
        tx.ws, after,
    ):  # fmt: skip
        after = cast("int", rows[-1][0])
        theirs = [
            cast("int", number)
            for number, customer, conversation, message, detail in rows
            if customer in customers or conversation in conversations or message in said
            or any(word in str(detail) for word in wanted)
        ]  # fmt: skip
        for few in some(theirs):
            told += tx.run(
                f"UPDATE happenings SET detail = '{{}}' WHERE workspace = ? AND id IN ({marks(few)})",
                tx.ws,
                *few,
            )
    return told
