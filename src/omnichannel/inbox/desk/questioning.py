"""What a customer asked, in all their conversations."""

from __future__ import annotations

from collections.abc import Sequence

from omnichannel.desk.plan import Plan
from omnichannel.inbox.customers import number_of, persons
from omnichannel.inbox.desk.refreshing import refresh
from omnichannel.model import Purpose
from omnichannel.model.desk import Question
from omnichannel.store import Tx, conversations
from omnichannel.store.desk import questions
from omnichannel.store.people import Person


def unanswered(tx: Tx, plan: Plan, who: str) -> list[Question]:
    """Everything that is open of a customer, as proven; raises NotFound."""
    return open_questions(tx, plan, persons(tx, number_of(tx, who), Purpose.DISCLOSE))


def open_questions(tx: Tx, plan: Plan, theirs: Sequence[Person]) -> list[Question]:
    """Everything that these addresses asked and that is open, the oldest first."""
    numbers = conversations.conversations_of(tx, [person.id for person in theirs])
    known = {tx.ids.show("message", one) for one in _said_by(tx, numbers, {person.id for person in theirs})}
    found = [one for number in numbers for one in refresh(tx, plan, number).case.open_questions]
    return sorted((one for one in found if one.message in known), key=lambda one: (one.asked_at, one.start))


def _said_by(tx: Tx, numbers: list[int], theirs: set[int]) -> list[int]:
    """The messages that these addresses wrote: in a conversation with others, not what those ask."""
    return [one for number in numbers for one, peer in questions.speakers(tx, number) if peer in theirs]
