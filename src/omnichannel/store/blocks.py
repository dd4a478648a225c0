"""Who is not listened to, and where what they wrote meanwhile is kept."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from typing import NamedTuple, cast

import idna

from omnichannel.clock import moment
from omnichannel.errors import NotFound
from omnichannel.identity import UNPROVEN, normalise
from omnichannel.model import Address
from omnichannel.model.desk import Block
from omnichannel.store.marking import address_mark
from omnichannel.store.tx import Tx, marks, some

BLOCKED, BRINGING_IN, BROUGHT_IN, LIFTED = range(4)
DOMAIN = "domain"
"""The kind of what is no address, but a domain of mail."""

MOST_LABELS = 8
"""So many labels of a domain, from its end, are looked at: no block may have more."""

_LATELY = 3_600_000_000  # microseconds in which somebody who still saw a block may have held something back
_COLUMNS = "id, state, kind, scope, value, unproven, reason, actor, at, until, lifted_at, lifted_by"


class Item(NamedTuple):
    """Something that was held back: when it came, its mark, and the delivery that holds it."""

    at: int
    mark: str
    delivery: int


def covering(tx: Tx, address: Address, at: int, but: int = 0) -> int | None:
    """The block that somebody who writes at a moment is under, but for one; None for nobody's."""
    if "blocked" in tx.memory.unblocked:
        return None
    if tx.one("SELECT 1 FROM blocks WHERE workspace = ? AND state IN (0, 1) LIMIT 1", tx.ws) is None:
        tx.memory.unblocked.add("blocked")
        return None
    found = list(_marks(tx, address))
    row = tx.one(
        f"SELECT id FROM blocks WHERE workspace = ? AND mark IN ({marks(found)}) AND state IN (0, 1) AND id <> ?"
        " AND (until IS NULL OR until > ?) AND (unproven = 0 OR ? = 1) ORDER BY id LIMIT 1",
        tx.ws, *found, but, at, int(address.scope == UNPROVEN),
    )  # fmt: skip
    return cast("int", row[0]) if row else None


def _marks(tx: Tx, address: Address) -> Iterator[str]:
    """The marks under which an address may be blocked: its own, and those of the domains that it is in.

    Who only says to be at an address is not heard if whoever is proven to be there is not: else leaving the proof out
    would be enough to be heard again. Not the other way round.
    """
    known = as_known(address)
    yield address_mark(tx, known)
    if known.scope == UNPROVEN:
        yield address_mark(tx, known.model_copy(update={"scope": ""}))
    if known.kind == "email":
        labels = known.value.rpartition("@")[2].split(".")[-MOST_LABELS:]
        for start in range(len(labels)):
            yield domain_mark(tx, ".".join(labels[start:]))


def as_known(address: Address) -> Address:
    """An address in one spelling, however somebody typed it or a mail has it."""
    value = address.value.strip()
    if address.kind == "email":
        local, at, domain = value.rpartition("@")
        value = "".join(char.lower() if char.isascii() else char for char in local) + at + spelt(domain)
    elif address.kind == "phone":
        with suppress(ValueError):
            value = normalise("phone", value).value
    return address.model_copy(update={"value": value}) if value and value != address.value else address


def spelt(domain: str) -> str:
    """A domain as DNS knows it, in lower case; as it is written, where DNS knows no such name."""
    bare = domain.strip().lower().rstrip(".")
    try:
        return bare if bare.isascii() else idna.encode(bare, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        return bare


def domain_mark(tx: Tx, domain: str) -> str:
    """The mark of a domain."""
    return address_mark(tx, Address(kind=DOMAIN, value=domain or "."))


def block(
    tx: Tx, whom: Address, reason: str, actor: str, until: int | None, *, unproven: bool = False
) -> int:
    """Listen no more to an address, or a domain; whoever is blocked already is so from now on by this reason."""
    whom = as_known(whom)
    mark = address_mark(tx, whom)
    row = tx.one("SELECT id FROM blocks WHERE workspace = ? AND mark = ? AND state IN (0, 1)", tx.ws, mark)
    if row is not None:
        tx.run(
            "UPDATE blocks SET state = 0, reason = ?, actor = ?, until = ?, unproven = ?, lifted_at = NULL,"
            " lifted_by = '' WHERE workspace = ? AND id = ?",
            reason, actor, until, int(unproven), tx.ws, row[0],
        )  # fmt: skip
        return cast("int", row[0])
    number = tx.ids.new()
    tx.run(
        "INSERT INTO blocks (workspace, id, state, mark, kind, scope, value, unproven, reason, actor, at, until,"
        " lifted_at, lifted_by) VALUES (?, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, '')",
        tx.ws, number, mark, whom.kind, whom.scope, whom.value, int(unproven), reason, actor, tx.now(), until,
    )  # fmt: skip
    return number


def lift(tx: Tx, number: int, state: int, actor: str) -> None:
    """Listen to them again; what was held back, and what failed before, is brought in, or stays aside."""
    tx.run(
        "UPDATE blocks SET state = ?, lifted_at = ?, lifted_by = ? WHERE workspace = ? AND id = ?",
        state, tx.now(), actor, tx.ws, number,
    )  # fmt: skip
    tx.run("UPDATE held_back SET failed = 0 WHERE workspace = ? AND block = ? AND failed = 1", tx.ws, number)


def brought_in(tx: Tx, number: int) -> None:
    """All that was held back is in, but for what failed."""
    tx.run(f"UPDATE blocks SET state = {BROUGHT_IN} WHERE workspace = ? AND id = ?", tx.ws, number)


def fail(tx: Tx, number: int, mark: str) -> bool:
    """One item cannot be brought in: it stays aside, and stops no other. Whether it is the first of its block."""
    first = failed(tx, number) == 0
    changed = tx.run(
        "UPDATE held_back SET failed = 1 WHERE workspace = ? AND block = ? AND item = ?", tx.ws, number, mark
    )
    return first and changed > 0


def failed(tx: Tx, number: int) -> int:
    """How many items of a block could not be brought in."""
    row = tx.one(
        "SELECT COUNT(*) FROM held_back WHERE workspace = ? AND block = ? AND failed = 1", tx.ws, number
    )
    return cast("int", row[0]) if row else 0


def to_bring_in(tx: Tx) -> int | None:
    """A block of which something is to be brought in; also if it was held back when all seemed to be in.

    It is held until the commit: nobody else brings it in, or blocks them again, meanwhile.
    """
    row = tx.one(
        "SELECT b.id FROM blocks AS b WHERE b.workspace = ? AND b.state IN (1, 2)"
        " AND (b.state = 1 OR (b.lifted_at > ? AND EXISTS (SELECT 1 FROM held_back AS h"
        " WHERE h.workspace = ? AND h.block = b.id AND h.failed = 0)))"
        f" ORDER BY b.id LIMIT 1{tx.skip_locked}",
        tx.ws, tx.now() - _LATELY, tx.ws,
    )  # fmt: skip
    return cast("int", row[0]) if row else None


def proven_in(tx: Tx, domain: str) -> int:
    """How many addresses in a domain, and in those below it, somebody is proven to be at."""
    row = tx.one(
        "SELECT COUNT(*) FROM addresses WHERE workspace = ? AND kind = 'email' AND scope = ''"
        " AND strength IN ('verified', 'attested') AND (value LIKE ? OR value LIKE ?)",
        tx.ws, f"%@{domain}", f"%@%.{domain}",
    )  # fmt: skip
    return cast("int", row[0]) if row else 0


def hold_back(tx: Tx, block: int, item: Item) -> None:
    """Note where something stands that a blocked sender wrote; once."""
    tx.run(
        "INSERT INTO held_back (workspace, block, at, item, delivery) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        tx.ws, block, item.at, item.mark, item.delivery,
    )  # fmt: skip


def holder(tx: Tx, mark: str) -> int | None:
    """The block under which an item is aside, if it is."""
    row = tx.one("SELECT block FROM held_back WHERE workspace = ? AND item = ?", tx.ws, mark)
    return cast("int", row[0]) if row else None


def held_back(tx: Tx, block: int, most: int, *, but_failed: bool = False) -> list[Item]:
    """What is aside under a block, in the order in which it came; perhaps without what could not be brought in."""
    failed = " AND failed = 0" if but_failed else ""
    rows = tx.all(
        f"SELECT at, item, delivery FROM held_back WHERE workspace = ? AND block = ?{failed}"
        f" ORDER BY at, delivery, item LIMIT {int(most)}",
        tx.ws, block,
    )  # fmt: skip
    return [Item(*cast("tuple[int, str, int]", row)) for row in rows]


def let_in(tx: Tx, mark: str) -> None:
    """An item is aside no more."""
    tx.run("DELETE FROM held_back WHERE workspace = ? AND item = ?", tx.ws, mark)


def forget(tx: Tx, delivery: int) -> int:
    """A delivery is gone, and with it what it held; how many items of it were aside."""
    return tx.run("DELETE FROM held_back WHERE workspace = ? AND delivery = ?", tx.ws, delivery)


def forget_whose(tx: Tx, found: Collection[str]) -> int:
    """Keep of the blocks of these addresses, by their marks, that they are blocked, and not who they are."""
    return sum(
        tx.run(
            "UPDATE blocks SET kind = '', scope = '', value = '', reason = ''"
            f" WHERE workspace = ? AND kind <> '' AND mark IN ({marks(few)})",
            tx.ws, *few,
        )
        for few in some(sorted(found))
    )  # fmt: skip


def find(tx: Tx, number: int) -> Block:
    """A block; raises NotFound."""
    row = tx.one(f"SELECT {_COLUMNS} FROM blocks WHERE workspace = ? AND id = ?", tx.ws, number)
    if row is None:
        raise NotFound("there is no such block in this workspace")
    return _block(tx, row)


def listed(tx: Tx, *, lifted: bool, most: int) -> list[Block]:
    """The blocks that hold, or those that were lifted, the newest first."""
    states = "2, 3" if lifted else "0, 1"
    rows = tx.all(
        f"SELECT {_COLUMNS} FROM blocks WHERE workspace = ? AND state IN ({states})"
        f" ORDER BY id DESC LIMIT {int(most)}",
        tx.ws,
    )
    return [_block(tx, row) for row in rows]


def _block(tx: Tx, row: Sequence[object]) -> Block:
    number, _, kind, scope, value, unproven, reason, actor, at, until, lifted_at, lifted_by = row
    counted = tx.one(
        "SELECT COUNT(*) FROM held_back WHERE workspace = ? AND block = ?", tx.ws, cast("int", number)
    )
    whom = None if kind in ("", DOMAIN) else Address(kind=str(kind), scope=str(scope), value=str(value))
    return Block(
        id=tx.ids.show("block", cast("int", number)),
        address=whom,
        domain=str(value) if kind == DOMAIN else "",
        unproven=bool(unproven),
        reason=str(reason),
        actor=str(actor),
        at=moment(cast("int", at)),
        until=None if until is None else moment(cast("int", until)),
        lifted_at=None if lifted_at is None else moment(cast("int", lifted_at)),
        lifted_by=str(lifted_by),
        held_back=cast("int", counted[0]) if counted else 0,
    )
