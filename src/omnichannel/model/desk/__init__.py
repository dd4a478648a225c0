"""What the desk works with: cases, what was decided of them, working hours, and what is promised to customers."""

from omnichannel.model.desk.answers import (
    Answer,
    AwayNotice,
    AwayRule,
    FieldType,
    FieldValue,
    Found,
    Language,
    Money,
    Phrased,
    Remark,
    Signature,
    Suggested,
    Tally,
    Use,
    Variant,
)
from omnichannel.model.desk.briefing import Briefing, Line, Promise, Tone
from omnichannel.model.desk.case import Case, Change, Control, Decision, Share, Spell, Writing
from omnichannel.model.desk.clocks import Clock, Length, Pause, Priority, State, Target, Timed
from omnichannel.model.desk.hours import DAYS, Calendar, Day, Span, Spans
from omnichannel.model.desk.proposed import Proposed
from omnichannel.model.desk.questions import Question
from omnichannel.model.desk.ratings import Given, Rating, Score, Stars, Way
from omnichannel.model.desk.reading import Intent, Likely, Reading, Sign

__all__ = [
    "DAYS",
    "Answer",
    "AwayNotice",
    "AwayRule",
    "Briefing",
    "Calendar",
    "Case",
    "Change",
    "Clock",
    "Control",
    "Day",
    "Decision",
    "FieldType",
    "FieldValue",
    "Found",
    "Given",
    "Intent",
    "Language",
    "Length",
    "Likely",
    "Line",
    "Money",
    "Pause",
    "Phrased",
    "Priority",
    "Promise",
    "Proposed",
    "Question",
    "Rating",
    "Reading",
    "Remark",
    "Score",
    "Share",
    "Sign",
    "Signature",
    "Span",
    "Spans",
    "Spell",
    "Stars",
    "State",
    "Suggested",
    "Tally",
    "Target",
    "Timed",
    "Tone",
    "Use",
    "Variant",
    "Way",
    "Writing",
]
