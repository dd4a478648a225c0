"""What the desk works with: the hours that people work, what is promised to customers, and how that goes."""

from omnichannel.model.desk.clocks import Clock, Length, Pause, Priority, State, Target, Timed
from omnichannel.model.desk.hours import DAYS, Calendar, Day, Span, Spans

__all__ = [
    "DAYS",
    "Calendar",
    "Clock",
    "Day",
    "Length",
    "Pause",
    "Priority",
    "Span",
    "Spans",
    "State",
    "Target",
    "Timed",
]
