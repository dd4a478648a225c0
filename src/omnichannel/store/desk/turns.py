"""Bots' turns: what waits for one to speak, and what became of it. A turn is one worker's, by a lease and a count."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple, cast

from omnichannel.clock import moment
from omnichannel.desk.control import Spent
from omnichannel.model.desk import BotTurn, Outcome
from omnichannel.store import freezing
from omnichannel.store.desk.unread import NOT_FROZEN
from omnichannel.store.tx import Tx

_OUTCOMES: tuple[Outcome | None, ...] = (
    None, "answered", "handed over", "unsure", "failed", "limited", "lost",
)  # fmt: skip
_LOST = _OUTCOMES.index("lost")
_DAY = timedelta(days=1) // timedelta(microseconds=1)
_COLUMNS = "id, conversation, bot, at, state, attempts, confidence, cost, message, content"


class Begun(NamedTuple):
    """A turn that a worker has; whoever begins it again, because the worker seems dead, counts one `attempt` more."""

    id: int
    conversation: int
    bot: str
    attempt: int


class Ended(NamedTuple):
    """What became of a turn."""

    outcome: Outcome
    because: Sequence[str] = ()
    message: int | None = None
    confidence: float | None = None
    cost: float = 0.0
    summary: str = ""
    draft: str = ""


def mind(tx: Tx, conversation: int, bot: str) -> None:
    """It is this bot's turn in a conversation, or (empty) nobody's: whoever has one otherwise has lost it."""
    row = tx.one(
        "SELECT id, bot, attempts FROM turns WHERE workspace = ? AND conversation = ? AND state = 0",
        tx.ws, conversation,
    )  # fmt: skip
    if row is not None and row[1] != bot:
        if row[2]:
            tx.run(
                "UPDATE turns SET state = ?, at = ? WHERE workspace = ? AND id = ?",
                _LOST,
                tx.now(),
                tx.ws,
                row[0],
            )
        else:
            tx.run("DELETE FROM turns WHERE workspace = ? AND id = ?", tx.ws, row[0])
    if bot and (row is None or row[1] != bot):
        tx.stir()
        tx.run(
            "INSERT INTO turns (workspace, id, conversation, bot, state, due_at, attempts, at, cost, content)"
            " VALUES (?, ?, ?, ?, 0, 0, 0, ?, 0, '{}') ON CONFLICT DO NOTHING",
            tx.ws, tx.ids.new(), conversation, bot, tx.now(),
        )  # fmt: skip


def claim(tx: Tx, most: int, lease_until: int) -> list[Begun]:
    """Begin turns that wait, those first that came first, whether new or tried again; frozen customers' wait on.

    Nothing new overtakes what failed before, or whose worker died: so nobody waits for ever.
    """
    # `+` keeps engines from any index but the one for that order.
    frozen = "" if freezing.nobody(tx) else NOT_FROZEN
    rows = tx.all(
        "SELECT u.id, u.conversation, u.bot, u.attempts FROM turns AS u"
        f" WHERE u.workspace = ? AND u.state = 0 AND +u.due_at <= ?{frozen}"
        f" ORDER BY u.id LIMIT {int(most)}{tx.skip_locked}",
        tx.ws, tx.now(),
    )  # fmt: skip
    found = [Begun(*cast("tuple[int, int, str, int]", row)) for row in rows]
    for one in found:
        tx.run(
            "UPDATE turns SET due_at = ?, attempts = attempts + 1, at = ? WHERE workspace = ? AND id = ?",
            lease_until, tx.now(), tx.ws, one.id,
        )  # fmt: skip
    return [one._replace(attempt=one.attempt + 1) for one in found]


def holds(tx: Tx, one: Begun) -> bool:
    """Whether a turn is still this worker's: nobody began it again, and the bot did not lose it."""
    return tx.one(
        "SELECT 1 FROM turns WHERE workspace = ? AND id = ? AND state = 0 AND attempts = ?",
        tx.ws, one.id, one.attempt,
    ) is not None  # fmt: skip


def spend(tx: Tx, one: Begun, cost: float) -> None:
    """A turn cost so much, whatever becomes of it."""
    tx.run(
        "UPDATE turns SET cost = cost + ?, at = ? WHERE workspace = ? AND id = ?",
        cost,
        tx.now(),
        tx.ws,
        one.id,
    )


def again(tx: Tx, one: Begun, due_at: int, *, anew: bool) -> None:
    """The turn is to be begun once more, at a moment. `anew`: because of others' words, so that no attempt failed."""
    tx.run(
        f"UPDATE turns SET due_at = ?, attempts = {'0' if anew else 'attempts'} WHERE workspace = ? AND id = ?",
        due_at, tx.ws, one.id,
    )  # fmt: skip


def end(tx: Tx, one: Begun, ended: Ended) -> None:
    """Write down what became of a turn."""
    told = {"because": list(ended.because), "summary": ended.summary, "draft": ended.draft}
    content = json.dumps({name: value for name, value in told.items() if value}, ensure_ascii=False)
    tx.run(
        "UPDATE turns SET state = ?, at = ?, message = ?, confidence = ?, cost = cost + ?, content = ?"
        " WHERE workspace = ? AND id = ?",
        _OUTCOMES.index(ended.outcome), tx.now(), ended.message, ended.confidence, ended.cost, content,
        tx.ws, one.id,
    )  # fmt: skip


def spent(tx: Tx, one: Begun, since: int) -> Spent:
    """What a bot did in a conversation: answers since a decision gave it to the bot, and what everything cost."""
    row = tx.one(
        "SELECT SUM(CASE WHEN state = 1 AND id > ? THEN 1 ELSE 0 END), SUM(cost) FROM turns"
        " WHERE workspace = ? AND conversation = ? AND bot = ?",
        since, tx.ws, one.conversation, one.bot,
    )  # fmt: skip
    day = tx.one(
        "SELECT SUM(cost) FROM turns WHERE workspace = ? AND bot = ? AND at > ?",
        tx.ws,
        one.bot,
        tx.now() - _DAY,
    )
    answers, cost = row or (0, 0.0)
    return Spent(
        cast("int", answers or 0), cast("float", cost or 0.0), cast("float", (day[0] if day else 0.0) or 0.0)
    )


def of_conversation(tx: Tx, conversation: int) -> list[BotTurn]:
    """Every turn of a bot in a conversation, in order."""
    rows = tx.all(
        f"SELECT {_COLUMNS} FROM turns WHERE workspace = ? AND conversation = ? ORDER BY id",
        tx.ws,
        conversation,
    )
    return [_turn(tx, row) for row in rows]


def _turn(tx: Tx, row: tuple[object, ...]) -> BotTurn:
    number, conversation, bot, at, state, attempts, confidence, cost, message, content = row
    shown = {
        "id": tx.ids.show("turn", cast("int", number)),
        "conversation": tx.ids.show("conversation", cast("int", conversation)),
        "bot": bot,
        "at": moment(cast("int", at)),
        "outcome": _OUTCOMES[cast("int", state)],
        "attempts": attempts,
        "confidence": confidence,
        "cost": cost,
        "message": tx.ids.show("message", cast("int | None", message)),
    }
    return BotTurn.model_validate(json.loads(str(content)) | shown)
