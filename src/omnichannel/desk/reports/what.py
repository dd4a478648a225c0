"""What is counted: each kind of thing once, so that nothing is in two of them."""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

FOREVER = 1 << 62
"""When what is not over yet ends, in microseconds since 1970."""


class What(IntEnum):
    """Kinds of counts. Their numbers are in stores: they are never given to another."""

    RECEIVED = 0
    SENT = 1
    OPENED = 2
    FIRST = 3
    NEXT = 4
    RESOLVED = 5
    DROPPED = 6
    """Closed with nothing answered."""
    REOPENED = 7
    PASSED = 8
    SWITCHED = 9
    SPARED = 10
    """The same while something waited for our answer."""
    COMPLAINT = 11
    COMPLIMENT = 12
    ASKED = 13
    """A request to rate; `value` is the stars, 0 for none."""
    HELD = 14
    """A stretch in which a conversation was open and the same one's."""
    IN_FIRST = 15
    """Promises; `value` is 1 for those that were met."""
    IN_NEXT = 16
    IN_RESOLUTION = 17
    IN_WINDOW = 18


TIMED = (What.FIRST, What.NEXT, What.RESOLVED)
"""What has a length: from `begun_at` to `at`."""


class Count(NamedTuple):
    """One thing that happened in a conversation, and whose it was. Times are microseconds since 1970.

    `begun_at` is when what has a length began, else `at`.
    """

    what: What
    at: int
    agent: str
    team: str
    kind: str
    account: str
    begun_at: int
    value: int = 0
