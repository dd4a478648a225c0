"""The desk's rules: pure functions over the model, given the moment and whatever else they need.

What was said is folded into a case (`folding`), a case has its place in the queue (`queueing`), and somebody is
chosen for it (`assigning`). Every choice says why.
"""

from omnichannel.model.desk import (
    Case,
    Change,
    Control,
    Decision,
    Overflow,
    Plan,
    Priority,
    Share,
    Spell,
    Team,
    Writing,
)

__all__ = [
    "Case",
    "Change",
    "Control",
    "Decision",
    "Overflow",
    "Plan",
    "Priority",
    "Share",
    "Spell",
    "Team",
    "Writing",
]
