"""The desk's rules: pure functions over the model, given the moment and whatever else they need.

What was said is folded into a case (`folding`) and read (`classify`), rules say where it goes (`routing`), a case
has its place in the queue (`queueing`), somebody is chosen for it (`assigning`), exactly one has it (`control`),
and it is to be answered by some time (`clocks`, in working `hours`). Every choice says why. The `plan` is what a
company wants of all that.
"""

from omnichannel.desk.control import Answering, Bot, HandOver, Persons, Reply, Turn
from omnichannel.desk.courtesy import Private
from omnichannel.desk.listening import Listening, Tongue
from omnichannel.desk.plan import Overflow, Plan, Team
from omnichannel.desk.ratings import Ratings, Wording
from omnichannel.desk.routing import Route, Then, Trial, Tried, When
from omnichannel.model.desk import (
    Answer,
    AwayRule,
    BotTurn,
    Calendar,
    Case,
    Change,
    Clock,
    Consent,
    Control,
    Decision,
    Given,
    HandedOver,
    Priority,
    Proposed,
    Question,
    Rating,
    Reading,
    Score,
    Share,
    Signature,
    Spell,
    Spoken,
    Target,
    Transcript,
    Writing,
)

__all__ = [
    "Answer", "Answering", "AwayRule", "Bot", "BotTurn", "Calendar", "Case", "Change", "Clock", "Consent",
    "Control", "Decision", "Given", "HandOver", "HandedOver", "Listening", "Overflow", "Persons", "Plan",
    "Priority", "Private", "Proposed", "Question", "Rating", "Ratings", "Reading", "Reply", "Route",
    "Score", "Share", "Signature", "Spell", "Spoken", "Target", "Team", "Then", "Tongue", "Transcript",
    "Trial", "Tried", "Turn", "When", "Wording", "Writing",
]  # fmt: skip
