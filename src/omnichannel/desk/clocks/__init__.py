"""Reply-time targets: which promise holds for a case, by when it is to be kept, and what is to be said of it. Pure.

What was asked and answered is folded into a course (`fold`), which knows no target; a course, the targets and the
hours make clocks (`clocks`). So another target or other hours change what is due, and never what was said (`tell`).
"""

from omnichannel.desk.clocks.choosing import Terms, chosen
from omnichannel.desk.clocks.course import Course, Facts, fold
from omnichannel.desk.clocks.defaults import default_targets, window_targets
from omnichannel.desk.clocks.marks import Answered, Asked, Filed, Mark, Snoozed, Told, Turned
from omnichannel.desk.clocks.standing import clocks, next_moment
from omnichannel.desk.clocks.telling import Telling, tell

__all__ = [
    "Answered", "Asked", "Course", "Facts", "Filed", "Mark", "Snoozed", "Telling", "Terms", "Told", "Turned",
    "chosen", "clocks", "default_targets", "fold", "next_moment", "tell", "window_targets",
]  # fmt: skip
