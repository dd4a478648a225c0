"""What was said, folded into a case: since when somebody waits for us, and what we answered."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import NamedTuple

from omnichannel.model import Direction
from omnichannel.model.desk import Case, Decision, Spell


class Heard(NamedTuple):
    """One message, as far as the desk needs to know it.

    `by` is who of ours said it. `person`: a person did, here or in the platform's own program; else a program. `bot`:
    it was a bot that had the conversation.
    `automatic`: a machine of theirs wrote it, which asks nothing. `past`: it was said before, and was brought in;
    nobody waits for anything because of it, and nothing is measured by it.
    """

    at: datetime
    direction: Direction
    by: str = ""
    person: bool = True
    bot: bool = False
    automatic: bool = False
    past: bool = False
    public: bool = False
    kind: str = ""
    account: str = ""


class Folded(NamedTuple):
    """A case with what was heard, and the questions that were answered on the way."""

    case: Case
    spells: tuple[Spell, ...]


WROTE = "the customer wrote"
"""Why what was put aside is there again: a decision says so, and their words do by themselves."""

UNHEARD = {
    "kind": "",
    "account": "",
    "public": False,
    "asked_at": None,
    "first_asked_at": None,
    "first_answered_at": None,
    "answered_at": None,
    "answered_by": "",
    "heard_at": None,
    "questions": (),
}
"""What a case knows from what was said, before anything was."""


def fold(case: Case, heard: Iterable[Heard], afresh: Collection[int] = ()) -> Folded:
    """The case after some more was said. Folding in one go or message by message comes to the same.

    At the places in `afresh` they wrote in a conversation that was closed: what had been asked before was dropped
    with it, and nobody waited for it since.
    """
    spells: list[Spell] = []
    for place, one in enumerate(heard):
        if place in afresh:
            case = case.model_copy(update={"asked_at": None})
        if one.past:
            case = _remembered(case, one)
        elif asks(one):
            case = _asked(case, one)
        elif answers(one):
            spells.extend(_spell(case, one))
            case = _answered(case, one)
    return Folded(case, tuple(spells))


def opened_again(heard: Sequence[Heard], decided: Iterable[Decision]) -> set[int]:
    """The places at which they wrote in a conversation that was closed, as its decisions tell: see `fold`."""
    return {place for span in _closings(decided) for place in _first_asked(heard, *span)}


def _first_asked(heard: Sequence[Heard], after: datetime, until: datetime) -> list[int]:
    places = (place for place, one in enumerate(heard) if asks(one) and after < one.at <= until)
    return list(islice(places, 1))


def _closings(decided: Iterable[Decision]) -> Iterator[tuple[datetime, datetime]]:
    """From when to when it was closed, each time that it was opened again."""
    closed: datetime | None = None
    for decision in decided:
        for change in decision.changes:
            if change.field == "status" and change.after == "closed":
                closed = decision.at
            elif change.field == "status" and closed is not None:
                yield closed, decision.at
                closed = None


def _remembered(case: Case, heard: Heard) -> Case:
    """Where they wrote in the past is where they wrote last, as long as nothing else is known."""
    if heard.direction is not Direction.INBOUND or heard.automatic:
        return case
    update = {"heard_at": heard.at, "kind": heard.kind, "account": heard.account, "public": heard.public}
    return case.model_copy(update=update)


def asks(heard: Heard) -> bool:
    """Whether a message asks for an answer: a customer's does, a machine's or one of the past does not."""
    return heard.direction is Direction.INBOUND and not heard.automatic and not heard.past


def answers(heard: Heard) -> bool:
    """Whether a message is an answer to whatever was asked before: a person's is, or a bot's whose turn it was."""
    ours = heard.direction is Direction.OUTBOUND and not heard.past
    return ours and (heard.person or heard.bot)


def _asked(case: Case, heard: Heard) -> Case:
    return case.model_copy(
        update={
            "asked_at": case.asked_at or heard.at,
            "first_asked_at": case.first_asked_at or heard.at,
            "heard_at": heard.at,
            "kind": heard.kind,
            "account": heard.account,
            "public": heard.public,
            "snoozed_until": None,
        }
    )


def _answered(case: Case, heard: Heard) -> Case:
    first = case.first_answered_at or (heard.at if case.first_asked_at else None)
    return case.model_copy(
        update={
            "asked_at": None,
            "first_answered_at": first,
            "answered_at": heard.at,
            "answered_by": heard.by or case.answered_by,
        }
    )


def _spell(case: Case, heard: Heard) -> Iterable[Spell]:
    if case.asked_at is not None:
        yield Spell(
            conversation=case.conversation.id,
            asked_at=case.asked_at,
            answered_at=max(heard.at, case.asked_at),
            by=heard.by,
            team=case.team,
            kind=case.kind,
            first=case.first_answered_at is None,
        )
