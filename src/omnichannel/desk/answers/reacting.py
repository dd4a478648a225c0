"""How a customer took a standard answer, told from what they wrote next: thanks, the same again, or neither."""

from __future__ import annotations

import re

from omnichannel.desk.answers.index import Asked, Index
from omnichannel.identity.likeness.compare.folding import words
from omnichannel.model.desk import Reaction, Reading
from omnichannel.model.desk.reading import Intent

ALIKE = 0.4
"""From this likeness on the same is asked again: so much of what one text says stands in the other."""

_FEWEST = 3  # words; "hello" stands in many questions, and asks nothing again

_THANKS = re.compile(
    r"\b(thanks|thank (you|u)|thx|cheers|bedankt|dank (u|je)( wel)?|dankjewel|dankuwel|danke|dankeschön"
    r"|vielen dank|merci)\b",
    re.IGNORECASE,
)

_WANTS = (Intent.QUESTION, Intent.PROBLEM, Intent.COMPLAINT)


def reacted(question: str, said: str, reading: Reading | None = None) -> tuple[Reaction, tuple[str, ...]]:
    """How a customer took the answer to a question, by what they wrote next, and why; empty where that is not clear.

    What is like the question was `asked_again`, with thanks or without. It was `thanked` for where thanks, or what a
    classifier's `reading` holds to be a compliment, asks for nothing and complains of nothing.
    """
    likeness = _likeness(question, said)
    if likeness >= ALIKE:
        return "asked_again", (f"what they wrote next is {likeness:.0%} like the question",)
    if "?" in said or (reading is not None and any(map(reading.holds, _WANTS))):
        return "", ("they wrote something else, which wants an answer of its own",)
    if _THANKS.search(said):
        return "thanked", ("they wrote a word of thanks, and asked for nothing",)
    if reading is not None and reading.holds(Intent.COMPLIMENT):
        return "thanked", ("what they wrote next was read as a compliment",)
    return "", ("what they wrote next does not tell",)


def _likeness(one: str, other: str) -> float:
    """How much of one text stands in the other, whichever way round that is more."""
    if min(len(words(one)), len(words(other))) < _FEWEST:
        return 0.0
    return max(_share(one, other), _share(other, one))


def _share(text: str, known: str) -> float:
    """How much of a text stands in another one."""
    return max((near.likeness for near in Index([Asked("", "", known)]).near(text)), default=0.0)
