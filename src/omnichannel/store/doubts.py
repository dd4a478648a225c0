"""Calls in doubt: when their platform is asked about them next, and what it needs to know to answer."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple, cast

from omnichannel.channel import Call
from omnichannel.clock import moment
from omnichannel.model import Doubt
from omnichannel.store import meant, outbox, people
from omnichannel.store.outbox import Leased
from omnichannel.store.people import NEVER
from omnichannel.store.tx import Tx

_SKEW = timedelta(minutes=1)
"""How far a platform's clock may be behind ours."""
_KNOWN = timedelta(hours=1)
"""How far back our other messages are looked up: a clock that is ahead makes old ones look new."""

_IN_FLIGHT = timedelta(minutes=2)
"""How long before a call another one may have been given up on and still be taken in its time: what was on its way,
and that minute by which clocks differ. A rival from before is there under an older time, or not at all."""

_COLUMNS = "id, conversation, message, account, position, attempts, call, resent, at"


class Open(NamedTuple):
    """A call in doubt whose turn it is. `since`: when the doubt began, in microseconds since 1970."""

    leased: Leased
    since: int
    resent: int


def due(tx: Tx, most: int) -> list[Open]:
    """The calls to be asked about now, longest due first, of each conversation the oldest."""
    rows = tx.all(
        f"SELECT {_COLUMNS} FROM calls AS c"
        " WHERE workspace = ? AND state = 4 AND due_at <= ? AND NOT EXISTS ("
        "  SELECT 1 FROM calls AS p WHERE p.workspace = c.workspace AND p.conversation = c.conversation"
        "  AND p.id < c.id AND p.state IN (0, 1, 4) AND p.state = 4 AND p.due_at <= ?)"
        f" ORDER BY due_at, id LIMIT {int(most)}{tx.skip_locked}",
        tx.ws, tx.now(), tx.now(),
    )  # fmt: skip
    return [_open(tx, row) for row in rows]


def every(tx: Tx) -> list[Open]:
    """All calls in doubt, oldest first, those that were left to a person among them."""
    rows = tx.all(f"SELECT {_COLUMNS} FROM calls WHERE workspace = ? AND state = 4 ORDER BY id", tx.ws)
    return [_open(tx, row) for row in rows]


def _open(tx: Tx, row: tuple[object, ...]) -> Open:
    number, conversation, message, account, position, attempts, call, resent, at = cast(
        "tuple[int, int, int, str, int, int, str, int, int]", row
    )
    before = outbox.before_of(tx, message, position)
    made = Call.model_validate_json(call)
    again = resent == outbox.AGAIN
    return Open(Leased(number, conversation, message, account, attempts - 1, made, before, again), at, resent)


def ask_at(tx: Tx, number: int, at: int) -> None:
    """When a call in doubt is asked about next; `NEVER` for what is left to a person."""
    tx.run("UPDATE calls SET due_at = ? WHERE workspace = ? AND id = ? AND state = 4", at, tx.ws, number)


def let_rest(tx: Tx, number: int) -> bool:
    """Ask about a call no more; False if it was decided, or left to a person, meanwhile."""
    changed = tx.run(
        "UPDATE calls SET due_at = ? WHERE workspace = ? AND id = ? AND state = 4 AND due_at < ?",
        NEVER, tx.ws, number, NEVER,
    )  # fmt: skip
    return changed > 0


def resend(tx: Tx, number: int, detail: str) -> bool:
    """Send a call once more by itself; False if it was, or if it was decided meanwhile."""
    tx.stir()
    changed = tx.run(
        "UPDATE calls SET state = 0, due_at = ?, resent = 1, detail = ?, at = ?"
        " WHERE workspace = ? AND id = ? AND state = 4 AND resent = 0",
        tx.now(), detail[:1000], tx.now(), tx.ws, number,
    )  # fmt: skip
    return changed > 0


def perhaps_twice(tx: Tx, number: int) -> None:
    """A call arrived, and somebody else, who did not know, may have sent it once more: it may be there twice."""
    tx.run("UPDATE calls SET resent = 1 WHERE workspace = ? AND id = ? AND resent = 0", tx.ws, number)


def refused_again(tx: Tx, number: int) -> None:
    """The platform refused a call the second time, or it was not made: it is there once at most."""
    tx.run("UPDATE calls SET resent = 2 WHERE workspace = ? AND id = ? AND resent = 1", tx.ws, number)


def doubt(tx: Tx, one: Leased) -> Doubt | None:
    """What a platform needs to know of a call to find it; None if whoever it was for is not known any more."""
    row = tx.one("SELECT peer, received_at FROM messages WHERE workspace = ? AND id = ?", tx.ws, one.message)
    if row is None or row[0] is None:
        return None
    peer, queued = cast("tuple[int, int]", row)
    return Doubt(
        to=people.get(tx, peer).address,
        since=moment(queued) - _SKEW,
        others=frozenset(_others(tx, one, peer, queued - _KNOWN // timedelta(microseconds=1))),
        rivals=_rivals(tx, one, peer, queued - _IN_FLIGHT // timedelta(microseconds=1)),
    )


def _rivals(tx: Tx, one: Leased, peer: int, since: int) -> int:
    """How many other calls to somebody say the same, and may be there under an id that nobody knows.

    What rings, or is printed, shows no words where it is listed (Twilio's calls): there any of them may be it.

    Those under way or in doubt, those known to have arrived without an id, and those that were sent twice.
    """
    rows = tx.all(
        "SELECT c.call FROM participants AS p JOIN messages AS m"
        "  ON m.workspace = p.workspace AND m.conversation = p.conversation"
        " JOIN calls AS c ON c.workspace = m.workspace AND c.message = m.id"
        " WHERE p.workspace = ? AND p.address = ? AND m.peer = p.address AND c.account = ? AND c.id <> ?"
        "  AND c.at >= ? AND (c.state IN (1, 4) OR (c.state = 2 AND (c.external_id = '' OR c.resent > 0)))",
        tx.ws, peer, one.account, one.id, since,
    )  # fmt: skip
    return sum(one.call.once or meant.says(str(row[0]), one.call.text) for row in rows)


def _others(tx: Tx, one: Leased, peer: int, since: int) -> list[str]:
    """The platform's ids of everything else that we said to somebody since a moment."""
    rows = tx.all(
        "SELECT c.external_id FROM participants AS p JOIN messages AS m"
        "  ON m.workspace = p.workspace AND m.conversation = p.conversation"
        " JOIN calls AS c ON c.workspace = m.workspace AND c.message = m.id"
        " WHERE p.workspace = ? AND p.address = ? AND m.peer = p.address AND c.account = ? AND c.id <> ?"
        "  AND c.at >= ? AND c.external_id <> ''"
        " UNION SELECT m.external_id FROM participants AS p JOIN messages AS m"
        "  ON m.workspace = p.workspace AND m.conversation = p.conversation"
        " WHERE p.workspace = ? AND p.address = ? AND m.peer = p.address AND m.account = ? AND m.received_at >= ?"
        "  AND m.external_id <> ''",
        tx.ws, peer, one.account, one.id, since, tx.ws, peer, one.account, since,
    )  # fmt: skip
    return [str(row[0]) for row in rows]
