"""What was said, folded into the questions of a case: step by step or anew comes to the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from omnichannel.desk.listening.answering import answers, reply_of, stems
from omnichannel.desk.listening.finding import find
from omnichannel.desk.listening.settings import Listening
from omnichannel.desk.listening.tongues import Tongue
from omnichannel.model.desk.questions import Question


class Said(NamedTuple):
    """One message with its words: a customer's (`asks`), or one of ours. `quoted` is what it quotes."""

    message: str
    at: datetime
    asks: bool
    text: str
    quoted: str = ""


_ALIKE = 0.8


def fold_questions(
    questions: Iterable[Question], said: Iterable[Said], listening: Listening
) -> tuple[Question, ...]:
    """The questions after some more was said, in the order in which they were asked."""
    found = tuple(questions)
    for one in said:
        found = (
            _asked(found, one, listening.tongues) if one.asks else _answered(found, one, listening.tongues)
        )
        found = _kept(found, listening.keep)
    return found


def _asked(questions: tuple[Question, ...], said: Said, tongues: Sequence[Tongue]) -> tuple[Question, ...]:
    if any(tongue.pattern("withdraws").search(said.text) for tongue in tongues):
        settled = {"answered_at": said.at, "because": "the customer needs no answer any more"}
        questions = tuple(one.model_copy(update=settled) if one.open else one for one in questions)
    fresh: list[Question] = []
    for found in find(said.text, tongues):
        question = Question(
            id=f"{said.message}:{found.start}", message=said.message, start=found.start, end=found.end,
            text=found.text, kind=found.kind, asked_at=said.at,
        )  # fmt: skip
        if not any(_alike(question, one, tongues) for one in (*questions, *fresh) if one.open):
            fresh.append(question)
    return (*questions, *fresh)


def _alike(one: Question, other: Question, tongues: Sequence[Tongue]) -> bool:
    """Whether it was asked before: who asks again has one question, and it is the older one."""
    mine, theirs = stems(one.text, tongues), stems(other.text, tongues)
    if not mine or not theirs:
        return one.text.casefold() == other.text.casefold()
    return len(mine & theirs) >= _ALIKE * len(mine | theirs)


def _answered(questions: tuple[Question, ...], said: Said, tongues: Sequence[Tongue]) -> tuple[Question, ...]:
    waiting = [one for one in questions if one.open]
    if not waiting:
        return questions
    reply = reply_of(said.text, said.quoted, tongues)
    reasons = {
        one.id: answers(one, [other for other in waiting if other is not one], reply, tongues)
        for one in waiting
    }
    return tuple(
        one.model_copy(update={"answered_at": said.at, "answered_by": said.message, "because": because})
        if (because := reasons.get(one.id))
        else one
        for one in questions
    )


def _kept(questions: tuple[Question, ...], keep: int) -> tuple[Question, ...]:
    """All that are open, and the last of the others."""
    over = sum(not one.open for one in questions) - keep
    if over <= 0:
        return questions
    gone = {one.id for one in [one for one in questions if not one.open][:over]}
    return tuple(one for one in questions if one.id not in gone)
