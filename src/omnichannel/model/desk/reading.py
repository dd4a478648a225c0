"""What was made out of a text: the answer of every classifier, with its reasons."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from omnichannel.model.base import Value

Probability = Annotated[float, Field(ge=0, le=1)]
"""Of a hundred readings that say 0.7, seventy are right: how nearly so is printed by `python -m bench classify`."""

MOSTLY = 0.5
"""An intent counts from here on: likelier than not."""


class Intent(StrEnum):
    """What somebody wants with a message. Several may hold at once: a question, and a complaint about the wait.

    `question`: to know something, or to have something done. `problem`: something fails, is missing or is wrong.
    `complaint`: they say that they are displeased with us. `compliment`: that they are pleased. `feedback`: how it
    could be better, without asking for anything. `spam`: to sell, to lure or to cheat.
    """

    QUESTION = "question"
    PROBLEM = "problem"
    COMPLAINT = "complaint"
    COMPLIMENT = "compliment"
    FEEDBACK = "feedback"
    SPAM = "spam"


class Likely(Value):
    """An intent, and how likely it is."""

    intent: Intent
    probability: Probability


class Language(Value):
    """A language as a BCP 47 tag, and how likely it is; `und` where it cannot be known."""

    tag: str = Field(min_length=2, max_length=35)
    probability: Probability


class Sign(Value):
    """One thing in the text that counted. `weight` is in log-odds: above zero it spoke for, below against.

    `about` is an intent's name, or `tone`, where above zero is friendly.
    """

    what: str
    about: str
    weight: float


class Reading(Value):
    """What a text is about. `intents` has the likeliest first.

    `tone` goes from -1 (hostile) over 0 (matter-of-fact) to 1 (delighted); `urgency` is the probability that waiting
    does harm. `understood`: the words were weighed; where they were not, the language was none that the classifier
    has, and everything is told from signs alone (question marks, capitals, emoji, addresses of pages). `signs` is
    the evidence, the weightiest first.

    On the desk `by` is the classifier's name, and `because` says why it is another one than the plan's.
    """

    intents: tuple[Likely, ...] = ()
    tone: float = Field(default=0, ge=-1, le=1)
    urgency: Probability = 0
    language: Language = Language(tag="und", probability=0)
    understood: bool = True
    signs: tuple[Sign, ...] = ()
    by: str = ""
    because: str = ""

    @property
    def intent(self) -> Intent | None:
        """The likeliest intent; None if none is likelier than not: it is then unknown, or nothing is wanted."""
        likeliest = max(self.intents, key=lambda likely: likely.probability, default=None)
        return likeliest.intent if likeliest and likeliest.probability >= MOSTLY else None

    def probability(self, intent: Intent) -> float:
        """How likely an intent is; 0 where the classifier says nothing of it."""
        return next((likely.probability for likely in self.intents if likely.intent == intent), 0)

    @property
    def held(self) -> frozenset[Intent]:
        """Every intent that is likelier than not."""
        return frozenset(likely.intent for likely in self.intents if likely.probability >= MOSTLY)

    def holds(self, intent: Intent) -> bool:
        """Whether an intent is likelier than not."""
        return self.probability(intent) >= MOSTLY
