"""What is known of customers' earlier conversations, as of the moment of each question: for rules that ask."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from omnichannel.clock import moment
from omnichannel.desk.routing import Earlier
from omnichannel.store.engine import Cell
from omnichannel.store.tx import Tx

_SOME = 200
"""Of so many questions at a time: each has two values in a statement."""

_EARLIER = (
    "WITH asked (id, at) AS (VALUES {values}),"
    " earlier AS (SELECT DISTINCT q.id, q.at, p.conversation FROM asked AS q"
    " JOIN conversations AS c ON c.workspace = ? AND c.id = q.id"
    " JOIN addresses AS a ON a.workspace = c.workspace AND a.id = c.asker"
    " JOIN addresses AS b ON b.workspace = a.workspace AND b.customer = a.customer"
    " JOIN participants AS p ON p.workspace = b.workspace AND p.address = b.id AND p.conversation < c.id)"
)
_COUNTED = "SELECT e.id, COUNT(*) FROM earlier AS e GROUP BY e.id"
_WROTE = (
    "SELECT e.id, MAX(m.sent_at) FROM earlier AS e JOIN messages AS m ON m.workspace = ?"
    " AND m.conversation = e.conversation AND m.direction = 0 AND m.sent_at < e.at GROUP BY e.id"
)
# `intent` alone knows of what a worker of an earlier version writes, while they are replaced.
_COMPLAINED = (
    "SELECT DISTINCT e.id FROM earlier AS e JOIN readings AS r ON r.workspace = ?"
    " AND r.conversation = e.conversation AND (r.complains = 1 OR r.intent = 'complaint') AND r.at < e.at"
)
_RATED = (
    "SELECT e.id, r.stars FROM earlier AS e JOIN rated AS r ON r.workspace = ? AND r.conversation = e.conversation"
    " AND r.stars IS NOT NULL AND r.at < e.at ORDER BY r.at, r.id"
)
_ANSWERED = (
    "SELECT e.id, s.agent, s.team FROM earlier AS e JOIN spells AS s ON s.workspace = ?"
    " AND s.conversation = e.conversation AND s.answered_at < e.at ORDER BY s.answered_at, s.conversation"
)


def of_questions(tx: Tx, asked: Mapping[int, int]) -> dict[int, Earlier]:
    """What there was before each question: by conversation, at a moment (microseconds since 1970)."""
    found: dict[int, Earlier] = {}
    questions = sorted(asked.items())
    for first in range(0, len(questions), _SOME):
        found |= _of_some(tx, questions[first : first + _SOME])
    return found


def _of_some(tx: Tx, questions: Sequence[tuple[int, int]]) -> dict[int, Earlier]:
    known: dict[int, dict[str, object]] = {number: {"at": moment(at)} for number, at in questions}
    for number, count in _rows(tx, questions, _COUNTED):
        known[cast("int", number)]["count"] = count
    for number, at in _rows(tx, questions, _WROTE):
        known[cast("int", number)]["last_at"] = moment(cast("int", at))
    for (number,) in _rows(tx, questions, _COMPLAINED):
        known[cast("int", number)]["complained"] = True
    for number, stars in _rows(tx, questions, _RATED):  # the last one counts
        known[cast("int", number)]["rated"] = stars
    for number, agent, team in _rows(tx, questions, _ANSWERED):
        known[cast("int", number)] |= {"answered_by": agent, "answered_in": team}
    return {number: Earlier.model_validate(one) for number, one in known.items()}


def _rows(tx: Tx, questions: Sequence[tuple[int, int]], select: str) -> Iterator[tuple[object, ...]]:
    values = ", ".join("(CAST(? AS BIGINT), CAST(? AS BIGINT))" for _ in questions)
    given: list[Cell] = [one for question in questions for one in question]
    more = [tx.ws] if "?" in select else []
    yield from tx.all(f"{_EARLIER.format(values=values)} {select}", *given, tx.ws, *more)
