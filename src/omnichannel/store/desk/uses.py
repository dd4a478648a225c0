"""What standard answers were used for: which question, how, and how it was taken. No customer's words are in it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import NamedTuple, cast

from omnichannel.clock import moment
from omnichannel.desk.answers import Alike, Asked
from omnichannel.desk.answers import asked as learnt_of
from omnichannel.model.desk import How, Reaction, Use
from omnichannel.store import freezing
from omnichannel.store.desk.words import COLUMNS, of_person
from omnichannel.store.engine import Cell
from omnichannel.store.tx import Tx, marks, some

_HOW: tuple[How, ...] = ("as_is", "edited", "refused")
_REACTIONS: tuple[Reaction, ...] = ("", "thanked", "asked_again", "")
_UNTOLD = 3  # they wrote, and it does not tell: nothing more is to be expected
_REFUSED = _HOW.index("refused")

_SHOWN = (
    "u.id, u.answer, u.language, u.variant, u.conversation, u.question, u.message, u.agent, u.how, u.reaction,"
    " u.because, u.at"
)


class Offered(NamedTuple):
    """A use about to be written down. `message` is where the answer stands; of a refused one it is the question."""

    answer: str
    language: str
    variant: str
    conversation: int
    question: int | None
    message: int
    agent: str
    how: How
    final: bool = False


def write(tx: Tx, one: Offered) -> int:
    """Write a use down; its number. Nothing more is to be expected of one that is `final`."""
    number, settled = tx.ids.new(), one.final or one.how == "refused"
    tx.run(
        "INSERT INTO uses (workspace, id, answer, language, variant, conversation, question, message, agent, how,"
        " reaction, because, at, revision) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '[]', ?, ?)",
        tx.ws, number, one.answer, one.language, one.variant, one.conversation, one.question, one.message,
        one.agent, _HOW.index(one.how), _UNTOLD if settled else 0, tx.now(), _revise(tx),
    )  # fmt: skip
    return number


def _revise(tx: Tx) -> int:
    """The next revision. Whoever takes it holds the desk's row until the commit, so that none is seen too early."""
    row = tx.one("UPDATE desks SET learnt = learnt + 1 WHERE workspace = ? RETURNING learnt", tx.ws)
    return cast("int", row[0]) if row else 0


def react(tx: Tx, number: int, reaction: Reaction, because: Sequence[str]) -> None:
    """Write down how an answer was taken; nothing more is to be expected of it."""
    tx.run(
        "UPDATE uses SET reaction = ?, because = ?, revision = ? WHERE workspace = ? AND id = ?",
        _REACTIONS.index(reaction) if reaction else _UNTOLD, json.dumps(list(because)), _revise(tx), tx.ws, number,
    )  # fmt: skip


def touch(tx: Tx, questions: Iterable[int]) -> None:
    """These questions are other ones now, or may not be looked at any more: whoever remembers them looks again."""
    for few in some(sorted(set(questions))):
        tx.run(
            f"UPDATE uses SET revision = ? WHERE workspace = ? AND question IN ({marks(few)})",
            _revise(tx), tx.ws, *few,
        )  # fmt: skip


def touch_asker(tx: Tx, address: int) -> None:
    """Whoever remembers what was asked from an address looks again."""
    rows = tx.all(
        "SELECT u.question FROM participants AS p"
        " JOIN uses AS u ON u.workspace = p.workspace AND u.conversation = p.conversation"
        " WHERE p.workspace = ? AND p.address = ? AND u.question IS NOT NULL",
        tx.ws, address,
    )  # fmt: skip
    touch(tx, (cast("int", row[0]) for row in rows))


def forget(tx: Tx, messages: Sequence[int]) -> int:
    """Leave of the uses for these messages what is counted, and nothing of whose they were; how many."""
    found = 0
    for few in some(messages):
        wanted = f"(question IN ({marks(few)}) OR message IN ({marks(few)}))"
        if tx.one(f"SELECT 1 FROM uses WHERE workspace = ? AND {wanted} LIMIT 1", tx.ws, *few, *few):
            found += tx.run(
                "UPDATE uses SET conversation = NULL, question = NULL, message = NULL, because = '[]',"
                f" revision = ? WHERE workspace = ? AND {wanted}",
                _revise(tx), tx.ws, *few, *few,
            )  # fmt: skip
    return found


# ------------------------------------------------------------------------------------------------ looking


def uses(
    tx: Tx, *, conversation: int | None = None, answer: str = "", since: int = 0, most: int = 100
) -> list[Use]:
    """Uses, the newest first: of one conversation, of one answer, or all."""
    conditions = ["u.workspace = ?", "u.at >= ?"]
    wanted: list[Cell] = [tx.ws, since]
    if conversation is not None:
        conditions.append("u.conversation = ?")
        wanted.append(conversation)
    if answer:
        conditions.append("u.answer = ?")
        wanted.append(answer)
    rows = tx.all(
        f"SELECT {_SHOWN}, a.customer FROM uses AS u"
        " LEFT JOIN messages AS m ON m.workspace = u.workspace AND m.id = u.message"
        " LEFT JOIN addresses AS a ON a.workspace = m.workspace AND a.id = m.peer"
        f" WHERE {' AND '.join(conditions)} ORDER BY u.at DESC, u.id DESC LIMIT {int(most)}",
        *wanted,
    )
    return [_use(tx, row) for row in rows]


def heard_by(tx: Tx, customer: int, answer: str) -> list[Use]:
    """Every time that a customer was offered an answer."""
    rows = tx.all(
        f"SELECT {_SHOWN}, a.customer FROM addresses AS a"
        " JOIN participants AS p ON p.workspace = a.workspace AND p.address = a.id"
        " JOIN uses AS u ON u.workspace = p.workspace AND u.conversation = p.conversation AND u.answer = ?"
        " JOIN messages AS m ON m.workspace = u.workspace AND m.id = u.message AND m.peer = a.id"
        " WHERE a.workspace = ? AND a.customer = ? ORDER BY u.id",
        answer, tx.ws, customer,
    )  # fmt: skip
    return [_use(tx, row) for row in rows]


def last_said(tx: Tx, answer: str, variants: Sequence[str]) -> list[Use]:
    """For each of these wordings the last time that anybody heard it; none for one that nobody did."""
    found = []
    for variant in variants:
        row = tx.one(
            f"SELECT {_SHOWN}, NULL FROM uses AS u WHERE u.workspace = ? AND u.answer = ? AND u.variant = ?"
            f" AND u.how <> {_REFUSED} ORDER BY u.at DESC LIMIT 1",
            tx.ws, answer, variant,
        )  # fmt: skip
        found += [_use(tx, row)] if row else []
    return found


def _use(tx: Tx, row: tuple[object, ...]) -> Use:
    (
        number,
        answer,
        language,
        variant,
        conversation,
        question,
        message,
        agent,
        how,
        reaction,
        because,
        at,
        customer,
    ) = row
    return Use(
        id=tx.ids.show("use", cast("int", number)),
        answer=str(answer),
        language=str(language),
        variant=str(variant),
        customer=tx.ids.show("customer", cast("int | None", customer)),
        conversation=tx.ids.show("conversation", cast("int | None", conversation)),
        asked=tx.ids.show("message", cast("int | None", question)),
        message=tx.ids.show("message", cast("int | None", message)) if how != _REFUSED else "",
        agent=str(agent),
        how=_HOW[cast("int", how)],
        reaction=_REACTIONS[cast("int", reaction)],
        because=tuple(json.loads(str(because))),
        at=moment(cast("int", at)),
    )


def counted(tx: Tx, since: int, until: int) -> list[Alike]:
    """How often the same became of the same wording between two moments."""
    rows = tx.all(
        "SELECT answer, language, variant, how, CASE WHEN reaction = 3 THEN 0 ELSE reaction END, COUNT(*), MAX(at)"
        " FROM uses WHERE workspace = ? AND at >= ? AND at < ? GROUP BY 1, 2, 3, 4, 5",
        tx.ws, since, until,
    )  # fmt: skip
    return [
        Alike(
            str(answer), str(language), str(variant), _HOW[cast("int", how)], _REACTIONS[cast("int", reaction)],
            cast("int", times), moment(cast("int", last)),
        )
        for answer, language, variant, how, reaction, times, last in rows
    ]  # fmt: skip


# ----------------------------------------------------------------------------------------------- learning


class Untold(NamedTuple):
    """A use of which nobody knows how it was taken: where it stands, to whom it was said, and for which question."""

    number: int
    answer: str
    seq: int
    peer: int
    question: str


def untold(tx: Tx, conversation: int) -> list[Untold]:
    """The answers in a conversation behind which their customer has not written anything, as far as we looked."""
    rows = tx.all(
        f"SELECT u.id, u.answer, s.seq, s.peer, {COLUMNS} FROM uses AS u"
        " JOIN messages AS s ON s.workspace = u.workspace AND s.id = u.message"
        " LEFT JOIN messages AS m ON m.workspace = u.workspace AND m.id = u.question"
        " WHERE u.workspace = ? AND u.conversation = ? AND u.reaction = 0 AND s.peer IS NOT NULL ORDER BY u.id",
        tx.ws, conversation,
    )  # fmt: skip
    return [
        Untold(
            cast("int", number), str(answer), cast("int", seq), cast("int", peer), _text(tuple(asked)),
        )
        for number, answer, seq, peer, *asked in rows
    ]  # fmt: skip


class Learnt(NamedTuple):
    """What is learnt of a use by a revision; nothing (None) where it is to be forgotten, or never taught anything."""

    revision: int
    id: str
    asked: Asked | None


def learnt(tx: Tx, after: int, most: int) -> list[Learnt]:
    """What changed behind a revision: the last so many, in order."""
    rows = tx.all(
        f"SELECT u.revision, u.id, u.answer, u.how, u.reaction, u.at, u.question, {COLUMNS} FROM uses AS u"
        " LEFT JOIN messages AS m ON m.workspace = u.workspace AND m.id = u.question"
        f" WHERE u.workspace = ? AND u.revision > ? ORDER BY u.revision DESC, u.id DESC LIMIT {int(most)}",
        tx.ws, after,
    )  # fmt: skip
    asked = [cast("int", row[6]) for row in rows if row[6] is not None]
    frozen = set[int]() if freezing.nobody(tx) else freezing.held(tx, asked)
    return [_learnt(row, frozen=row[6] in frozen) for row in reversed(rows)]


def _learnt(row: tuple[object, ...], *, frozen: bool) -> Learnt:
    revision, number, answer, how, reaction, at, _, *asked = row
    use = Use(
        id=str(number),
        answer=str(answer),
        language="en",
        question="" if frozen else _text(tuple(asked)),
        how=_HOW[cast("int", how)],
        reaction=_REACTIONS[cast("int", reaction)],
        at=moment(cast("int", at)),
    )
    return Learnt(cast("int", revision), use.id, learnt_of(use))


def _text(row: tuple[object, ...]) -> str:
    """What a message says by now, out of its `COLUMNS`; empty where it is gone."""
    one = of_person(row) if row[0] is not None else None
    return one.text if one else ""
