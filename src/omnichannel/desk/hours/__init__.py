"""Working time: when a calendar is open, when it opens next, and how much of it lies between two moments. Pure."""

from omnichannel.desk.hours.opened import CALENDAR_TIME, Hours, hours_of
from omnichannel.desk.hours.public import check_place, public_days

__all__ = ["CALENDAR_TIME", "Hours", "check_place", "hours_of", "public_days"]
