"""The desk's rules: pure functions over the model, given the moment and whatever else they need.

What was said is folded into a case (`folding`) and read (`classify`), rules say where it goes (`routing`), a case has
its place in the queue (`queueing`), somebody is chosen for it (`assigning`), and it is to be answered by some time
(`clocks`, in working `hours`). Every choice says why. The `plan` is what a company wants of all that.
"""

from omnichannel.desk.courtesy import Private
from omnichannel.desk.listening import Listening, Tongue
from omnichannel.desk.plan import Overflow, Plan, Team
from omnichannel.desk.ratings import Ratings, Wording
from omnichannel.desk.routing import Route, Then, Trial, Tried, When
from omnichannel.model.desk import (
    Action,
    Answer,
    AwayRule,
    Batch,
    Block,
    Calendar,
    Case,
    Change,
    Clock,
    Control,
    CustomField,
    Decision,
    Foreseen,
    Given,
    HeldBack,
    HeldField,
    Leftover,
    Priority,
    Proposed,
    Question,
    Rating,
    Reading,
    Score,
    Share,
    Signature,
    Spell,
    Target,
    View,
    ViewPage,
    Wanted,
    Which,
    Writing,
)

__all__ = [
    "Action", "Answer", "AwayRule", "Batch", "Block", "Calendar", "Case", "Change", "Clock", "Control",
    "CustomField", "Decision", "Foreseen", "Given", "HeldBack", "HeldField", "Leftover", "Listening", "Overflow",
    "Plan", "Priority", "Private", "Proposed", "Question", "Rating", "Ratings", "Reading", "Route", "Score",
    "Share", "Signature", "Spell", "Target", "Team", "Then", "Tongue", "Trial", "Tried", "View", "ViewPage",
    "Wanted", "When", "Which", "Wording", "Writing",
]  # fmt: skip
