"""What waits to be sent, and what became of it. A call is never sent twice by itself."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple, cast

from omnichannel.channel import Call
from omnichannel.clock import moment
from omnichannel.model import Delivered
from omnichannel.store.hands import Hands
from omnichannel.store.people import NEVER
from omnichannel.store.tx import Tx, marks, padded

# A partial index is used where its condition stands in the statement word for word, beside what is asked for.
QUEUED, SENDING, SENT, FAILED, UNKNOWN, CANCELLED = range(6)

_SHOWN = {
    QUEUED: "queued", SENDING: "sending", SENT: "sent", FAILED: "failed", UNKNOWN: "unknown", CANCELLED: "cancelled",
}  # fmt: skip
_RANK = {"": 0, "sent": 1, "failed": 2, "delivered": 3, "read": 4}


ONCE, AGAIN, REFUSED_AGAIN = range(3)
"""How often a call was sent by itself: once; again, so that it may be there twice; again, which was refused."""


class Leased(NamedTuple):
    """A call that is ours to send, once. `before` is the external id that the call before it got.

    `attempts`: how often it was taken up before. `resent`: it is sent once more because nobody knew of the first
    time. `begin_by`: the last moment to begin with it, in microseconds since 1970; later, it could outlive its lease.
    `doubted`: it was in doubt before, and not only put off.
    """

    id: int
    conversation: int
    message: int
    account: str
    attempts: int
    call: Call
    before: str
    resent: bool = False
    begin_by: int = NEVER
    doubted: bool = False


def add(tx: Tx, conversation: int, message: int, account: str, calls: Sequence[Call]) -> None:
    """Queue the calls of one message, in order, behind whatever waits in its conversation."""
    tx.stir()
    now = tx.now()
    tx.ids.above(_last_open(tx, conversation))  # which a worker may have queued whose clock is ahead of ours
    for position, call in enumerate(calls):
        number = tx.ids.new()
        if conversation in tx.memory.open_calls:
            tx.memory.open_calls[conversation] = number
        tx.at_last(
            "INSERT INTO calls (workspace, id, conversation, message, account, position, state, attempts,"
            " due_at, begun_at, call, external_id, correlator, status, detail, at)"
            " VALUES (?, ?, ?, ?, ?, ?, 0, 0, ?, 0, ?, '', ?, '', '', ?)",
            tx.ws,
            number,
            conversation,
            message,
            account,
            position,
            now,
            call.model_dump_json(exclude_defaults=True),
            call.correlator,
            now,
        )


def foresee_open(tx: Tx, conversations: Sequence[int]) -> None:
    """Look up the last calls that are under way in these conversations, for whoever adds to them in this job."""
    for few in padded(conversations):
        rows = tx.all(
            "SELECT conversation, MAX(id) FROM calls WHERE workspace = ? AND state IN (0, 1, 4)"
            f" AND conversation IN ({marks(few)}) GROUP BY conversation",
            tx.ws, *few,
        )  # fmt: skip
        tx.memory.open_calls.update(dict.fromkeys(few, 0))
        tx.memory.open_calls.update(cast("list[tuple[int, int]]", rows))


def _last_open(tx: Tx, conversation: int) -> int:
    if conversation in tx.memory.open_calls:
        return tx.memory.open_calls[conversation]
    row = tx.one(
        "SELECT MAX(id) FROM calls WHERE workspace = ? AND conversation = ? AND state IN (0, 1, 4)",
        tx.ws,
        conversation,
    )
    return cast("int", row[0] or 0) if row else 0


def lease(
    tx: Tx, most: int, until: int, hands: Hands | None = None, making: Collection[int] = ()
) -> list[Leased]:
    """Take calls whose turn it is, each after all earlier ones of its conversation, until a moment.

    A conversation's calls wait while one of them is under way: answers never overtake each other. What is in
    doubt holds only the rest of its own message.

    A call may be begun while its whole time-out fits into what is left of the lease; where the time-out is longer
    than half of the lease, in the first half.

    An account whose platform asked us to wait is left alone until then. `hands`, where there are several accounts:
    how they share a worker. `making` is what this worker makes still, though it was taken for dead and somebody
    decided to send it once more: it will know in a moment whether that is needed.
    """
    leased: list[Leased] = []
    full: set[str] = set()
    while (left := most - len(leased)) > 0:
        rows, before = _turns(tx, left, full), len(full)
        for row in rows:
            if row[0] in making:
                continue
            if hands is None or hands.take(str(row[3])):
                leased.append(_take(tx, row, until))
            else:
                full.add(str(row[3]))
        if len(full) == before or len(rows) < left:
            break  # nobody else waits
    return leased


def _turns(tx: Tx, most: int, full: Collection[str]) -> Sequence[tuple[object, ...]]:
    """The calls whose turn it is, but for those of some accounts; held against other workers until the commit."""
    others = f" AND account NOT IN ({marks([*full])})" if full else ""
    return tx.all(
        "SELECT id, conversation, message, account, position, attempts, call, resent, at > begun_at"
        " FROM calls AS c"
        f" WHERE workspace = ? AND state IN (0, 1) AND state = 0 AND due_at <= ?{others}"
        "  AND account NOT IN (SELECT account FROM pulses WHERE workspace = ? AND not_before > ?) AND NOT EXISTS ("
        "  SELECT 1 FROM calls AS p WHERE p.workspace = c.workspace AND p.conversation = c.conversation"
        "  AND p.id < c.id AND p.state IN (0, 1, 4) AND (p.message = c.message OR p.state <> 4 AND NOT EXISTS ("
        "   SELECT 1 FROM calls AS q WHERE q.workspace = ? AND q.conversation = p.conversation"
        "   AND q.message = p.message AND q.id < p.id AND q.state IN (0, 1, 4) AND q.state = 4)))"
        f" ORDER BY due_at, id LIMIT {int(most)}{tx.skip_locked}",
        tx.ws, tx.now(), *full, tx.ws, tx.now(), tx.ws,
    )  # fmt: skip


def _take(tx: Tx, row: tuple[object, ...], until: int) -> Leased:
    number, conversation, message, account, position, attempts, call, resent, later = cast(
        "tuple[int, int, int, str, int, int, str, int, int]", row
    )
    before = before_of(tx, message, position)
    made = Call.model_validate_json(call)
    begin_by = until - min(int(made.timeout * 1_000_000), (until - tx.now()) // 2)
    tx.at_last(
        "UPDATE calls SET state = 1, attempts = attempts + 1, due_at = ?, begun_at = ?"
        " WHERE workspace = ? AND id = ?",
        until, tx.now(), tx.ws, number,
    )  # fmt: skip
    # What is only put off keeps the moment from before it was begun.
    doubted = attempts > 0 and bool(later)
    again = resent == AGAIN
    return Leased(number, conversation, message, account, attempts, made, before, again, begin_by, doubted)


def before_of(tx: Tx, message: int, position: int) -> str:
    """The external id that the call before this one got; empty if there is none."""
    if not position:
        return ""
    row = tx.one(
        "SELECT external_id FROM calls WHERE workspace = ? AND message = ? AND position = ?",
        tx.ws,
        message,
        position - 1,
    )
    return str(row[0]) if row else ""


def settle(tx: Tx, number: int, state: int, external_id: str, detail: str) -> bool:
    """Write down what became of a call that was under way; False if it was decided otherwise meanwhile."""
    row = (state, external_id, external_id, state, detail[:1000], tx.now(), tx.ws, number)
    calls = tx.memory.calls
    if number not in calls:
        return tx.run(_SETTLE, *row) > 0
    if calls[number] not in (SENDING, UNKNOWN):
        return False
    calls[number] = state
    tx.at_last(_SETTLE, *row)
    return True


_BECAME = (
    "UPDATE calls SET state = ?, external_id = CASE WHEN ? = '' THEN external_id ELSE ? END,"
    " status = CASE WHEN ? = 2 AND status = '' THEN 'sent' ELSE status END, detail = ?, at = ?"
    " WHERE workspace = ? AND id = ?"
)
_SETTLE = f"{_BECAME} AND state IN (1, 4)"


def foresee(tx: Tx, numbers: Sequence[int]) -> None:
    """Look up how these calls stand, for whoever settles them in this job; nobody else does before the commit."""
    held = " FOR UPDATE" if tx.skip_locked else ""
    for few in padded(sorted(numbers)):
        rows = tx.all(
            f"SELECT id, state, attempts FROM calls WHERE workspace = ? AND id IN ({marks(few)}) ORDER BY id{held}",
            tx.ws, *few,
        )  # fmt: skip
        tx.memory.calls.update(dict.fromkeys(few))
        for number, state, attempts in cast("list[tuple[int, int, int]]", rows):
            tx.memory.calls[number], tx.memory.taken[number] = state, attempts


def name(tx: Tx, number: int, external_id: str) -> None:
    """Write down what the platform calls a call that was settled before it said so."""
    tx.run(
        "UPDATE calls SET external_id = ? WHERE workspace = ? AND id = ? AND external_id = ''",
        external_id,
        tx.ws,
        number,
    )


def name_of(tx: Tx, number: int) -> str:
    """What the platform calls a call; empty as long as nobody knows."""
    row = tx.one("SELECT external_id FROM calls WHERE workspace = ? AND id = ?", tx.ws, number)
    return str(row[0]) if row else ""


def message_of(tx: Tx, number: int) -> int:
    """The message that a call is a piece of."""
    row = tx.one("SELECT message FROM calls WHERE workspace = ? AND id = ?", tx.ws, number)
    return cast("int", row[0]) if row else 0


def queued_at(tx: Tx, number: int) -> int:
    """When a call was queued, in microseconds since 1970."""
    row = tx.one(
        "SELECT m.received_at FROM calls AS c JOIN messages AS m ON m.workspace = c.workspace AND m.id = c.message"
        " WHERE c.workspace = ? AND c.id = ?",
        tx.ws, number,
    )  # fmt: skip
    return cast("int", row[0]) if row else tx.now()


def defer(tx: Tx, number: int, due_at: int, detail: str) -> None:
    """It was certainly not taken: queue it again for that time."""
    tx.run(
        "UPDATE calls SET state = 0, due_at = ?, detail = ? WHERE workspace = ? AND id = ? AND state = 1",
        due_at,
        detail[:1000],
        tx.ws,
        number,
    )


def cancel_rest(tx: Tx, message: int, detail: str) -> None:
    """An earlier piece failed: what was to follow it is not sent."""
    tx.run(
        "UPDATE calls SET state = 5, detail = ?, at = ? WHERE workspace = ? AND message = ? AND state = 0",
        detail,
        tx.now(),
        tx.ws,
        message,
    )


def expired(tx: Tx) -> list[tuple[int, Call]]:
    """Calls whose sender died: nobody knows whether they went out."""
    rows = tx.all(
        "SELECT id, call FROM calls WHERE workspace = ? AND state IN (0, 1) AND state = 1 AND due_at <= ?"
        f"{tx.skip_locked}",
        tx.ws,
        tx.now(),
    )
    return [(cast("int", number), Call.model_validate_json(str(call))) for number, call in rows]


def advance(tx: Tx, number: int, status: str, detail: str) -> bool:
    """Move a call's status forward, never back; whether it moved.

    `failed` ends what was not delivered, so that statuses say the same in whatever order they come.
    """
    row = tx.one("SELECT state, status FROM calls WHERE workspace = ? AND id = ?", tx.ws, number)
    if row is None:
        return False
    state, said = cast("int", row[0]), str(row[1])
    if _RANK[status] <= _RANK["failed" if state == FAILED else said]:
        return False
    if status == "failed":
        changes = (FAILED, said)
    else:
        # A status proves that a call in doubt did arrive; having arrived disproves a failure.
        changes = (SENT if state in (SENDING, UNKNOWN, FAILED) else state, status)
    tx.run(
        "UPDATE calls SET state = ?, status = ?, detail = CASE WHEN ? = '' THEN detail ELSE ? END, at = ?"
        " WHERE workspace = ? AND id = ?",
        *changes,
        detail[:1000],
        detail[:1000],
        tx.now(),
        tx.ws,
        number,
    )
    return True


def of_messages(tx: Tx, messages: Sequence[int]) -> dict[int, list[Delivered]]:
    """How far the sendings of some messages have come. Uploads are left out: nobody sees them."""
    found: dict[int, list[Delivered]] = {}
    for message in messages:
        rows = tx.all(
            "SELECT id, state, external_id, status, detail, at, call, resent FROM calls"
            " WHERE workspace = ? AND message = ? ORDER BY position",
            tx.ws,
            message,
        )
        for number, state, external_id, status, detail, at, call, resent in rows:
            if '"prepares":true' in str(call):
                continue
            word = str(status) if state == SENT and status else _SHOWN[cast("int", state)]
            found.setdefault(message, []).append(
                Delivered.model_validate(
                    {
                        "call": tx.ids.show("call", cast("int", number)),
                        "status": word,
                        "external_id": str(external_id),
                        "detail": str(detail),
                        "at": moment(cast("int", at)),
                        "possible_duplicate": resent == AGAIN,
                    }
                )
            )
    return found


def in_doubt(tx: Tx) -> list[tuple[int, int]]:
    """Every call, with its message, of which nobody knows whether it arrived."""
    rows = tx.all("SELECT id, message FROM calls WHERE workspace = ? AND state = 4 ORDER BY id", tx.ws)
    return [cast("tuple[int, int]", row) for row in rows]


def state_of(tx: Tx, number: int) -> int | None:
    """How a call stands; None if there is no such call."""
    if number in tx.memory.calls:
        return tx.memory.calls[number]
    row = tx.one("SELECT state FROM calls WHERE workspace = ? AND id = ?", tx.ws, number)
    return cast("int", row[0]) if row else None


def taken_since(tx: Tx, one: Leased) -> bool:
    """Whether somebody took a call up after this lease; nobody does before the commit."""
    if one.id not in tx.memory.calls:
        foresee(tx, [one.id])
    return tx.memory.taken.get(one.id, 0) > one.attempts + 1


def arrived(tx: Tx, number: int, external_id: str, detail: str) -> None:
    """It is there, though it waits to be sent once more, was cut short then, or was refused the second time."""
    row = (SENT, external_id, external_id, SENT, detail[:1000], tx.now(), tx.ws, number)
    tx.run(f"{_BECAME} AND state IN (0, 3, 5)", *row)


def came_back(tx: Tx, number: int, external_id: str, detail: str) -> bool:
    """It is seen at the platform though it waits to be sent once more, or was cut short then; False if it does not.

    What was never taken up is nowhere, whoever says otherwise.
    """
    row = (SENT, external_id, external_id, SENT, detail[:1000], tx.now(), tx.ws, number)
    return tx.run(f"{_BECAME} AND state IN (0, 5) AND attempts > 0", *row) > 0


def queue_again(tx: Tx, number: int, detail: str, after: int = 0) -> None:
    """Send a call in doubt once more, because it is known not to have arrived; `after` so many microseconds."""
    tx.stir()
    now = tx.now()
    tx.run(
        "UPDATE calls SET state = 0, due_at = ?, detail = ?, at = ? WHERE workspace = ? AND id = ? AND state = 4",
        now + after, detail[:1000], now, tx.ws, number,
    )  # fmt: skip
