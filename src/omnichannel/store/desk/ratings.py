"""Ratings: one row for each resolution that is to be asked about, and everything that was said to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, cast

from omnichannel.clock import moment
from omnichannel.errors import NotFound
from omnichannel.model.desk.ratings import Given, Rating, Score
from omnichannel.store.desk import counts
from omnichannel.store.desk.words import of_program
from omnichannel.store.tx import Tx, marks, some

WAITS, ASKED, RATED, DROPPED, DECLINED = range(5)
_STATES = ("waits", "asked", "rated", "dropped", "declined")
_NEVER = -1  # the resolution of no conversation: this customer is asked no more

GROUPS = {"agent": "agent", "team": "team", "kind": "kind", "account": "account"}
"""By what ratings are counted together, and its column."""

_COLUMNS = (
    "id, conversation, state, agent, team, account, kind, way, message, asked_at, until, reason, language, peer"
)  # fmt: skip


class Held(NamedTuple):
    """A rating's row, for those who ask and those who hear the answer."""

    id: int
    conversation: int
    state: int
    language: str
    peer: int | None
    message: int | None
    until: int


class Request(NamedTuple):
    """How somebody is asked: `message` asks `peer` on `account`, about `agent`. Times are microseconds since 1970."""

    peer: int
    account: str
    kind: str
    agent: str
    team: str
    language: str
    way: str
    message: int
    until: int
    digest: str = ""


class Answer(NamedTuple):
    """What somebody said: in a message, or on the page. `stars` None: they want to be asked no more."""

    stars: int | None
    words: str
    conversation: int
    message: int | None = None
    alone: bool = False


def wait(tx: Tx, conversation: int, resolution: int, due_at: int) -> None:
    """Ask about a resolution when its time has come; once, unless nobody was asked the time before."""
    tx.run(
        "INSERT INTO ratings (workspace, id, conversation, resolution, state, due_at, account, kind, agent, team,"
        " language, way, asked_at, until, digest, reason)"
        " VALUES (?, ?, ?, ?, 0, ?, '', '', '', '', '', '', 0, 0, '', '')"
        " ON CONFLICT (workspace, conversation, resolution) DO UPDATE SET state = 0, due_at = excluded.due_at,"
        f" reason = '' WHERE ratings.state = {DROPPED}",
        tx.ws, tx.ids.new(), conversation, resolution, due_at,
    )  # fmt: skip


def due(tx: Tx, most: int) -> list[int]:
    """The ratings to ask for by now, the first ones first."""
    rows = tx.all(
        f"SELECT id FROM ratings WHERE workspace = ? AND state = 0 AND due_at <= ? ORDER BY due_at LIMIT {int(most)}",
        tx.ws, tx.now(),
    )  # fmt: skip
    return [cast("int", row[0]) for row in rows]


def drop(tx: Tx, number: int, reason: str) -> None:
    """Ask nobody, and say why."""
    tx.run(
        f"UPDATE ratings SET state = {DROPPED}, reason = ? WHERE workspace = ? AND id = ? AND state = 0",
        reason, tx.ws, number,
    )  # fmt: skip


def ask(tx: Tx, number: int, asked: Request) -> None:
    """It is asked, by a message that is queued in the same commit."""
    tx.run(
        f"UPDATE ratings SET state = {ASKED}, peer = ?, account = ?, kind = ?, agent = ?, team = ?, language = ?,"
        " way = ?, message = ?, until = ?, digest = ?, asked_at = ? WHERE workspace = ? AND id = ?",
        *asked, tx.now(), tx.ws, number,
    )  # fmt: skip


def spare(tx: Tx, conversation: int, peer: int, *, spared: bool) -> None:
    """Ask a customer no more, or ask again."""
    customer = [cast("int", row[0]) for row in _siblings(tx, peer)]
    if not spared:
        for few in some(customer):
            tx.run(
                f"DELETE FROM ratings WHERE workspace = ? AND resolution = {_NEVER} AND peer IN ({marks(few)})",
                tx.ws, *few,
            )  # fmt: skip
        return
    tx.run(
        "INSERT INTO ratings (workspace, id, conversation, resolution, state, due_at, peer, account, kind, agent,"
        f" team, language, way, asked_at, until, digest, reason) VALUES (?, ?, ?, {_NEVER}, {DECLINED}, 0, ?, '', '',"
        " '', '', '', '', 0, 0, '', '') ON CONFLICT DO NOTHING",
        tx.ws, tx.ids.new(), conversation, peer,
    )  # fmt: skip


def _siblings(tx: Tx, peer: int) -> Sequence[tuple[object, ...]]:
    """The addresses of whoever has an address."""
    return tx.all(
        "SELECT b.id FROM addresses AS a JOIN addresses AS b ON b.workspace = a.workspace AND b.customer = a.customer"
        " WHERE a.workspace = ? AND a.id = ?",
        tx.ws, peer,
    )  # fmt: skip


def before(tx: Tx, peer: int) -> tuple[int, bool]:
    """When the customer who has an address was last asked (0: never), and whether they want to be asked no more."""
    row = tx.one(
        f"SELECT MAX(r.asked_at), MAX(CASE WHEN r.state = {DECLINED} THEN 1 ELSE 0 END) FROM addresses AS a"
        " JOIN addresses AS b ON b.workspace = a.workspace AND b.customer = a.customer"
        " JOIN ratings AS r ON r.workspace = b.workspace AND r.peer = b.id WHERE a.workspace = ? AND a.id = ?",
        tx.ws, peer,
    )  # fmt: skip
    asked_at, declined = cast("tuple[int | None, int | None]", row or (None, None))
    return asked_at or 0, bool(declined)


def helper(tx: Tx, conversation: int) -> str:
    """Who of ours gave most answers since the last question in a conversation; of several, who gave the last."""
    row = tx.one(
        "SELECT agent FROM messages WHERE workspace = ? AND conversation = ? AND direction = 1 AND agent <> ''"
        " AND content NOT LIKE '%\"automatic\":%'"
        " AND content NOT LIKE '%\"past\":true%'"
        " AND id > (SELECT COALESCE(MAX(message), 0) FROM ratings WHERE workspace = ? AND conversation = ?)"
        " GROUP BY agent ORDER BY COUNT(*) DESC, MAX(seq) DESC LIMIT 1",
        tx.ws, conversation, tx.ws, conversation,
    )  # fmt: skip
    return str(row[0]) if row else ""


def in_public(tx: Tx, conversation: int) -> bool:
    """Whether the customer said anything in public in a conversation."""
    return tx.one(
        "SELECT 1 FROM messages WHERE workspace = ? AND conversation = ? AND direction = 0 AND public = 1 LIMIT 1",
        tx.ws, conversation,
    ) is not None  # fmt: skip


# --------------------------------------------------------------------------------------------------- hearing


class Said(NamedTuple):
    """A message that may hold a rating: its number, whom it is from, and when and on which account it came."""

    message: int
    peer: int
    account: str
    received_at: int


def said(tx: Tx, conversation: int, after: int) -> tuple[list[Said], bool]:
    """What a customer said behind a place, and whether a person of ours said anything there."""
    rows = tx.all(
        "SELECT id, peer, account, received_at, direction, content FROM messages"
        " WHERE workspace = ? AND conversation = ? AND seq > ? ORDER BY seq",
        tx.ws, conversation, after,
    )  # fmt: skip
    theirs = [Said(*cast("tuple[int, int, str, int]", row[:4])) for row in rows if row[4] == 0 and row[1]]
    ours = any(row[4] == 1 and not of_program(str(row[5])) for row in rows)
    return theirs, ours


def awaited(tx: Tx, said: Said) -> Held | None:
    """The question that a message may answer: the last one on its account that can still be answered."""
    row = tx.one(
        f"SELECT {_COLUMNS} FROM ratings WHERE workspace = ? AND peer = ? AND account = ? AND asked_at > 0"
        f" AND asked_at <= ? AND until > ? AND state IN ({ASKED}, {RATED}) ORDER BY asked_at DESC LIMIT 1",
        tx.ws, said.peer, said.account, said.received_at, said.received_at,
    )  # fmt: skip
    return _held(row) if row else None


def spoken_since(tx: Tx, held: Held, said: Said, conversation: int) -> bool:
    """Whether we said anything between a question and a message."""
    return tx.one(
        "SELECT 1 FROM messages WHERE workspace = ? AND conversation IN (?, ?) AND direction = 1"
        " AND id > ? AND id < ? LIMIT 1",
        tx.ws, held.conversation, conversation, held.message or 0, said.message,
    ) is not None  # fmt: skip


def by_digest(tx: Tx, digest: str) -> Held | None:
    """The question whose link has this secret; None if there is none, or it was used or has expired."""
    row = tx.one(
        f"SELECT {_COLUMNS} FROM ratings WHERE workspace = ? AND digest = ? AND digest <> '' AND until > ?",
        tx.ws, digest, tx.now(),
    )  # fmt: skip
    return _held(row) if row else None


def use_up(tx: Tx, held: Held) -> None:
    """Its link works no more."""
    tx.run("UPDATE ratings SET digest = '' WHERE workspace = ? AND id = ?", tx.ws, held.id)


def answer(tx: Tx, held: Held, given: Answer) -> bool:
    """Write down what somebody said; False if it was written down before."""
    fresh = tx.run(
        "INSERT INTO rated (workspace, rating, id, at, conversation, peer, message, stars, words, alone)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        tx.ws, held.id, tx.ids.new(), tx.now(), given.conversation, held.peer, given.message, given.stars,
        given.words, int(given.alone),
    )  # fmt: skip
    if fresh and given.stars is not None:
        tx.run(
            f"UPDATE ratings SET state = {RATED}, stars = ? WHERE workspace = ? AND id = ?",
            given.stars, tx.ws, held.id,
        )  # fmt: skip
        counts.wait(tx, held.conversation)
    return fresh > 0


def is_alone(tx: Tx, message: int) -> bool:
    """Whether a message is a rating and nothing else."""
    row = tx.one("SELECT alone FROM rated WHERE workspace = ? AND message = ?", tx.ws, message)
    return row is not None and bool(row[0])


def _held(row: Sequence[object]) -> Held:
    return Held(
        cast("int", row[0]), cast("int", row[1]), cast("int", row[2]), str(row[12]), cast("int | None", row[13]),
        cast("int | None", row[8]), cast("int", row[10]),
    )  # fmt: skip


# --------------------------------------------------------------------------------------------------- looking


def find(tx: Tx, number: int) -> Held:
    """A rating by its number; raises NotFound."""
    row = tx.one(f"SELECT {_COLUMNS} FROM ratings WHERE workspace = ? AND id = ?", tx.ws, number)
    if row is None:
        raise NotFound("there is no such rating in this workspace")
    return _held(row)


def of_conversation(tx: Tx, conversation: int) -> list[Rating]:
    """Everything about ratings in a conversation, in order."""
    rows = tx.all(
        f"SELECT {_COLUMNS} FROM ratings WHERE workspace = ? AND conversation = ? ORDER BY id",
        tx.ws,
        conversation,
    )
    return _ratings(tx, rows)


class Wanted(NamedTuple):
    """Which ratings: `columns` by value, asked from one moment up to another, in microseconds since 1970."""

    columns: Mapping[str, str]
    since: int
    until: int

    def where(self) -> tuple[str, list[int | str]]:
        """The condition and its values."""
        chosen = {GROUPS[name]: value for name, value in self.columns.items()}
        only = "".join(f" AND {column} = ?" for column in chosen)
        return f"workspace = ? AND asked_at > 0 AND asked_at >= ? AND asked_at < ?{only}", [
            self.since, self.until, *chosen.values()
        ]  # fmt: skip


def listed(tx: Tx, wanted: Wanted, most: int) -> list[Rating]:
    """Ratings that were asked for, the newest first."""
    where, values = wanted.where()
    rows = tx.all(
        f"SELECT {_COLUMNS} FROM ratings WHERE {where} ORDER BY asked_at DESC, id DESC LIMIT {int(most)}",
        tx.ws, *values,
    )  # fmt: skip
    return _ratings(tx, rows)


def scores(tx: Tx, wanted: Wanted, by: str) -> list[Score]:
    """Ratings counted together, by name."""
    where, values = wanted.where()
    counted = ", ".join(f"SUM(CASE WHEN stars = {stars} THEN 1 ELSE 0 END)" for stars in range(1, 6))
    rows = tx.all(
        f"SELECT {GROUPS[by]}, COUNT(*), COUNT(stars), {counted} FROM ratings WHERE {where}"
        f" GROUP BY {GROUPS[by]} ORDER BY {GROUPS[by]}",
        tx.ws, *values,
    )  # fmt: skip
    return [
        Score.model_validate({"name": name, "asked": asked, "rated": rated, "stars": stars})
        for name, asked, rated, *stars in rows
    ]


def _ratings(tx: Tx, rows: Sequence[tuple[object, ...]]) -> list[Rating]:
    given = _given(tx, [cast("int", row[0]) for row in rows])
    return [_rating(tx, row, given.get(cast("int", row[0]), [])) for row in rows]


def _given(tx: Tx, numbers: Sequence[int]) -> dict[int, list[Given]]:
    found: dict[int, list[Given]] = {}
    for few in some(numbers):
        rows = tx.all(
            "SELECT rating, at, message, stars, words FROM rated WHERE workspace = ? AND stars IS NOT NULL"
            f" AND rating IN ({marks(few)}) ORDER BY rating, id",
            tx.ws, *few,
        )  # fmt: skip
        for rating, at, message, stars, words in rows:
            shown = tx.ids.show("message", cast("int | None", message))
            one = Given(stars=cast("int", stars), words=str(words), at=moment(cast("int", at)), message=shown)
            found.setdefault(cast("int", rating), []).append(one)
    return found


def _rating(tx: Tx, row: tuple[object, ...], given: Sequence[Given]) -> Rating:
    number, conversation, state, agent, team, account, kind, way, message, asked_at, until, reason, _, _ = row
    return Rating.model_validate(
        {
            "id": tx.ids.show("rating", cast("int", number)),
            "conversation": tx.ids.show("conversation", cast("int", conversation)),
            "state": _STATES[cast("int", state)],
            "agent": agent, "team": team, "account": account, "kind": kind, "way": way or None,
            "message": tx.ids.show("message", cast("int | None", message)),
            "asked_at": moment(cast("int", asked_at)) if asked_at else None,
            "until": moment(cast("int", until)) if until else None,
            "because": reason, "given": tuple(given),
        }
    )  # fmt: skip
