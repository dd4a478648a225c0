"""What the desk works with: the cases it has on it, what was decided of them, and the plan that it follows."""

from omnichannel.model.desk.case import Case, Change, Control, Decision, Priority, Share, Spell, Writing
from omnichannel.model.desk.plan import Overflow, Plan, Team

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
