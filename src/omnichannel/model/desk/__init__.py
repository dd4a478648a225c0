"""What the desk works with: cases, what was decided of them, working hours, and what is promised to customers."""

from omnichannel.model.desk.case import Case, Change, Control, Decision, Share, Spell, Writing
from omnichannel.model.desk.clocks import Clock, Length, Pause, Priority, State, Target, Timed
from omnichannel.model.desk.hours import DAYS, Calendar, Day, Span, Spans

__all__ = [
    "DAYS",
    "Calendar",
    "Case",
    "Change",
    "Clock",
    "Control",
    "Day",
    "Decision",
    "Length",
    "Pause",
    "Priority",
    "Share",
    "Span",
    "Spans",
    "Spell",
    "State",
    "Target",
    "Timed",
    "Writing",
]
