"""Cases: one row for every conversation that the desk has seen."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple, cast

from omnichannel.clock import micros, moment
from omnichannel.desk.clocks import Course
from omnichannel.desk.folding import Heard
from omnichannel.desk.queueing import Standing
from omnichannel.model import Conversation
from omnichannel.model.desk import Case, Share
from omnichannel.store import conversations
from omnichannel.store.desk import filed, words
from omnichannel.store.messages import DIRECTIONS
from omnichannel.store.tx import Tx, marks, some

_PAGE = 100  # of the queue, read at a time

NEVER = 1 << 62
"""The moment of what never is, in columns by which cases are ordered."""

_COLUMNS = (
    "seq", "closed", "assignee", "team", "queue_at", "weight", "due_at", "next_at", "content", "course", "priority",
    "control", "kind", "account", "public", "language", "tier", "spam", "snoozed_until", "asked_at", "due_by",
    "asks",
)  # fmt: skip
_KEEP = (
    f"INSERT INTO cases (workspace, conversation, {', '.join(_COLUMNS)})"
    f" VALUES (?, ?, {', '.join('?' * len(_COLUMNS))}) ON CONFLICT (workspace, conversation) DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS)
)


class Kept(NamedTuple):
    """A case as it was left, the last message folded in, what its clocks know; and how the conversation stood."""

    case: Case
    seq: int
    course: Course
    closed: bool
    assignee: str


def find(tx: Tx, conversation: int) -> Kept | None:
    """A conversation's case; None if the desk has not seen it yet. Raises NotFound without a conversation."""
    row = tx.one(
        "SELECT content, seq, course, closed, assignee FROM cases WHERE workspace = ? AND conversation = ?",
        tx.ws, conversation,
    )  # fmt: skip
    if row is None:
        return None
    content, seq, course, closed, assignee = row
    case = _case(str(content), conversations.conversation(tx, conversation))
    return Kept(case, cast("int", seq), Course.model_validate_json(str(course)), bool(closed), str(assignee))


def several(tx: Tx, numbers: Sequence[int]) -> dict[int, Case]:
    """The cases of these conversations, by number, as they were left; one that the desk has not seen is left out."""
    talks = conversations.of_numbers(tx, numbers)
    return {
        cast("int", number): _case(str(content), talks[cast("int", number)])
        for few in some(numbers)
        for number, content in tx.all(
            f"SELECT conversation, content FROM cases WHERE workspace = ? AND conversation IN ({marks(few)})",
            tx.ws, *few,
        )
    }  # fmt: skip


def _case(content: str, conversation: Conversation) -> Case:
    return Case.model_validate_json(f'{{"conversation":{conversation.model_dump_json()},{content[1:]}')


def keep(tx: Tx, number: int, case: Case, seq: int, course: Course, standing: Standing) -> None:
    """Write a case down as it is now, with what it is found by."""
    tx.run(
        _KEEP, tx.ws, number, seq, int(not case.open), case.assignee, case.team,
        micros(standing.rank) if standing.rank else None, standing.weight, _at(_due_at(case), 0),
        _at(standing.next_at, 0), _content(case), course.model_dump_json(exclude_defaults=True),
        case.priority, case.control, case.kind, case.account, int(case.public), language(case).lower(), case.tier,
        int(case.spam), _at(case.snoozed_until, 0), _at(case.asked_at, NEVER), _at(case.due_at, NEVER),
        asked(case),
    )  # fmt: skip
    filed.keep(tx, number, filed.of_case(case))


def refile(tx: Tx, after: int, most: int) -> list[int]:
    """Let the next cases behind a conversation be found by who follows them; those that were looked at."""
    rows = tx.all(
        "SELECT conversation, content FROM cases WHERE workspace = ? AND conversation > ?"
        f" ORDER BY conversation LIMIT {int(most)}",
        tx.ws, after,
    )  # fmt: skip
    looked = [cast("int", number) for number, _ in rows]
    known = several(tx, [cast("int", number) for number, content in rows if '"followers":' in str(content)])
    for number, case in known.items():
        filed.keep(tx, number, filed.of_case(case))
    return looked


def _due_at(case: Case) -> datetime | None:
    """When something is to be done about a case at the latest: by its clocks, or to follow it up."""
    moments = (case.due_at, case.follow_up.at if case.follow_up and not case.spam else None)
    return min((one for one in moments if one), default=None)


def _at(at: datetime | None, never: int) -> int:
    return never if at is None else micros(at)


def language(case: Case) -> str:
    """The language of a case: what was decided, else what was read; empty where neither tells."""
    return case.language or (case.reading.language.tag if case.reading else "")


def asked(case: Case) -> str:
    """What a case asks of whoever takes it, and what its place follows from, whatever the plan says of these."""
    asks = [sorted(case.needs.items()), case.language, case.kind, case.asked_at is not None, case.priority]
    return json.dumps(asks, ensure_ascii=False, separators=(",", ":"))


def _content(case: Case) -> str:
    # The kind is always there, so that there is something between the braces.
    rest = case.model_dump_json(exclude={"conversation", "kind"}, exclude_defaults=True)[1:]
    kind = case.model_dump_json(include={"kind"})[:-1]
    return f"{kind}{'' if rest == '}' else ','}{rest}"


def heard(tx: Tx, conversation: int, after: int) -> tuple[list[Heard], int]:
    """What was said in a conversation behind a place, and the last place."""
    rows = tx.all(
        "SELECT m.seq, m.direction, m.agent, m.account, m.kind, m.public, m.sent_at, m.received_at,"
        " m.content, a.role, r.alone, t.id FROM messages AS m"
        " LEFT JOIN agents AS a ON a.workspace = m.workspace AND a.name = m.agent"
        " LEFT JOIN rated AS r ON r.workspace = m.workspace AND r.message = m.id"
        " LEFT JOIN turns AS t ON t.workspace = m.workspace AND t.message = m.id"
        " WHERE m.workspace = ? AND m.conversation = ? AND m.seq > ? ORDER BY m.seq",
        tx.ws, conversation, after,
    )  # fmt: skip
    return [_heard(row) for row in rows], cast("int", rows[-1][0]) if rows else after


def _heard(row: tuple[object, ...]) -> Heard:
    _, direction, agent, account, kind, public, sent_at, received_at, content, role, rated, turn = row
    inbound = direction == 0
    automatic = words.of_program(str(content))
    deleted = words.deleted(str(content))
    past = words.past(str(content))
    return Heard(
        at=moment(cast("int", received_at if inbound else sent_at)),
        direction=DIRECTIONS[cast("int", direction)],
        by=str(agent),
        person=role != "bot" and not automatic,
        bot=turn is not None,
        automatic=automatic or deleted or bool(rated),  # a rating asks nothing
        past=past,
        public=bool(public),
        kind=str(kind),
        account=str(account),
    )


class Waiting(NamedTuple):
    """A case in the queue: its place there, its conversation's number, and the case."""

    rank: int
    number: int
    case: Case


def waiting(tx: Tx, team: str) -> Iterator[Waiting]:
    """A team's queue in order, read some at a time."""
    rank, number = -(1 << 62), 0
    while True:
        rows = tx.all(
            "SELECT k.queue_at, k.conversation, k.content FROM cases AS k"
            " WHERE k.workspace = ? AND k.team = ? AND k.queue_at IS NOT NULL"
            " AND (k.queue_at > ? OR (k.queue_at = ? AND k.conversation > ?))"
            f" ORDER BY k.queue_at, k.conversation LIMIT {_PAGE}",
            tx.ws, team, rank, rank, number,
        )  # fmt: skip
        for one in as_waiting(tx, rows):
            rank, number = one.rank, one.number
            yield one
        if len(rows) < _PAGE:
            return


def as_waiting(tx: Tx, rows: Sequence[tuple[object, ...]]) -> list[Waiting]:
    """Rows of places, conversations and contents, as cases that wait."""
    found = [cast("tuple[int, int, str]", row) for row in rows]
    talks = conversations.of_numbers(tx, [number for _, number, _ in found])
    return [Waiting(rank, number, _case(content, talks[number])) for rank, number, content in found]


def queues(tx: Tx) -> dict[str, int]:
    """How many cases wait for each team."""
    rows = tx.all(
        "SELECT team, COUNT(*) FROM cases WHERE workspace = ? AND queue_at IS NOT NULL GROUP BY team", tx.ws
    )
    return {str(team): cast("int", count) for team, count in rows}


def place(tx: Tx, conversation: int) -> int | None:
    """How many stand before a case in its team's queue; None if it is in none."""
    row = tx.one(
        "SELECT team, queue_at FROM cases WHERE workspace = ? AND conversation = ? AND queue_at IS NOT NULL",
        tx.ws, conversation,
    )  # fmt: skip
    if row is None:
        return None
    ahead = tx.one(
        "SELECT COUNT(*) FROM cases WHERE workspace = ? AND team = ? AND queue_at IS NOT NULL"
        " AND (queue_at < ? OR (queue_at = ? AND conversation < ?))",
        tx.ws, row[0], row[1], row[1], conversation,
    )  # fmt: skip
    return cast("int", ahead[0]) if ahead else 0


def loads(tx: Tx) -> dict[str, tuple[int, float]]:
    """How many open cases each agent has, and how much they weigh."""
    rows = tx.all(
        "SELECT assignee, COUNT(*), SUM(weight) FROM cases WHERE workspace = ? AND closed = 0 AND assignee > ''"
        " GROUP BY assignee",
        tx.ws,
    )
    return {str(name): (cast("int", count), cast("float", weight)) for name, count, weight in rows}


def held_by(tx: Tx, agent: str) -> list[int]:
    """The conversations of an agent's open cases, oldest first."""
    rows = tx.all(
        "SELECT conversation FROM cases WHERE workspace = ? AND assignee = ? AND closed = 0 ORDER BY conversation",
        tx.ws, agent,
    )  # fmt: skip
    return [cast("int", row[0]) for row in rows]


def soonest_due(tx: Tx, agent: str | None, most: int) -> list[Case]:
    """What is due next, for one agent ("" for nobody) or for all, the soonest first.

    Of an agent's is also what they are to follow up in others' cases.
    """
    if agent is None:
        rows = _due(tx, most, "")
    else:
        theirs = " AND assignee <> ? AND conversation IN ({})".format(
            "SELECT number FROM filed WHERE workspace = ? AND name = 'follow_up' AND value = ?"
        )
        rows = _due(tx, most, " AND assignee = ?", agent)
        rows += _due(tx, most, theirs, agent, tx.ws, agent) if agent else []
    rows = sorted(rows)[:most]
    talks = conversations.of_numbers(tx, [number for _, number, _ in rows])
    return [_case(content, talks[number]) for _, number, content in rows]


def _due(tx: Tx, most: int, whose: str, *given: int | str) -> list[tuple[int, int, str]]:
    rows = tx.all(
        f"SELECT due_at, conversation, content FROM cases WHERE workspace = ? AND due_at > 0{whose}"
        f" ORDER BY due_at, conversation LIMIT {int(most)}",
        tx.ws, *given,
    )  # fmt: skip
    return cast("list[tuple[int, int, str]]", rows)


def due(tx: Tx, most: int) -> list[int]:
    """The conversations of which something is due by itself by now."""
    rows = tx.all(
        f"SELECT conversation FROM cases WHERE workspace = ? AND next_at > 0 AND next_at <= ?"
        f" ORDER BY next_at LIMIT {int(most)}",
        tx.ws, tx.now(),
    )  # fmt: skip
    return [cast("int", row[0]) for row in rows]


def known_by(tx: Tx, customer: str) -> dict[str, datetime]:
    """Who of ours answered a customer, and when they last did."""
    rows = tx.all(
        "SELECT s.agent, MAX(s.answered_at) FROM addresses AS a"
        " JOIN participants AS p ON p.workspace = a.workspace AND p.address = a.id"
        " JOIN spells AS s ON s.workspace = p.workspace AND s.conversation = p.conversation"
        " WHERE a.workspace = ? AND a.customer = ? AND s.agent <> '' GROUP BY s.agent",
        tx.ws, tx.ids.find("customer", customer),
    )  # fmt: skip
    return {str(agent): moment(cast("int", at)) for agent, at in rows}


def share(agent: str, loads: dict[str, tuple[int, float]], capacity: float) -> Share:
    """How much an agent has on the desk."""
    cases, load = loads.get(agent, (0, 0.0))
    return Share(agent=agent, cases=cases, load=round(load, 6), capacity=capacity)
