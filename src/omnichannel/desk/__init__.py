"""The desk's rules: pure functions over the model, given the moment and whatever else they need.

What was said is folded into a case (`folding`), a case has its place in the queue (`queueing`), somebody is chosen
for it (`assigning`), and it is to be answered by some time (`clocks`, in working `hours`). Every choice says why. The
`plan` is what a company wants of all that.
"""

from omnichannel.desk.listening import Listening, Tongue
from omnichannel.desk.plan import Overflow, Plan, Team
from omnichannel.desk.ratings import Ratings, Wording
from omnichannel.model.desk import (
    Calendar,
    Case,
    Change,
    Clock,
    Control,
    Decision,
    Given,
    Priority,
    Question,
    Rating,
    Score,
    Share,
    Spell,
    Target,
    Writing,
)

__all__ = [
    "Calendar", "Case", "Change", "Clock", "Control", "Decision", "Given", "Listening", "Overflow", "Plan",
    "Priority", "Question", "Rating", "Ratings", "Score", "Share", "Spell", "Target", "Team", "Tongue", "Wording",
    "Writing",
]  # fmt: skip
