"""What is searched for, and what was found: words, where they stand, and in which messages and customers."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from omnichannel.model.base import UtcTime, Value
from omnichannel.model.desk.views import Which
from omnichannel.model.event import Direction
from omnichannel.model.talk import Customer, Message

Place = Literal["text", "quoted", "subject", "file", "name", "address", "fact"]
"""Where words stand: what was written, what was quoted, a subject, an attachment's name; of customers what they are
called, an address of theirs, and what they said of themselves."""

Order = Literal["newest", "best"]
"""What comes first: what was said last, or where most of the words stand in the best places."""


FoldedWord = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x2f:-`{-\x7f\s]+$")]
"""A word as it is compared: of ASCII small letters and digits only, and no blank."""

_Named = Annotated[str, StringConstraints(pattern=r"^([A-Za-z0-9][A-Za-z0-9._-]{0,63})?$")]


class Term(Value):
    """Words that stand one after another; `begins`: the last of them is only the beginning of one.

    They are as `omnichannel.desk.search.words` has them: in small letters, without marks.
    """

    words: tuple[FoldedWord, ...] = Field(min_length=1)
    begins: bool = False


class Query(Value):
    """What is to stand in it, each somewhere, and what nowhere. `asked("…")` makes one of what people type."""

    wanted: tuple[Term, ...] = ()
    without: tuple[Term, ...] = ()


class Where(Value):
    """Which messages are looked through: all that is given has to be so. Without anything, all are.

    `account` and `kind` are those of the channel. `assignee` (`""`: nobody), `team` and `tags` are those of the
    conversation; teams and tags are the desk's, and so is what `cases` asks, as a view does. `since` and `until` are
    when it was received: from the first moment on, and before the second. `files`: with an attachment, or without;
    `file`: words of its name.
    """

    account: _Named = ""
    kind: _Named = ""
    direction: Direction | None = None
    assignee: str | None = None
    team: str = ""
    tags: frozenset[str] = frozenset()
    since: UtcTime | None = None
    until: UtcTime | None = None
    files: bool | None = None
    file: str = ""
    cases: Which | None = None


class Excerpt(Value):
    """A piece of a text that was found, and from which to which of its characters the words stand (`hits`).

    `before` and `after`: there is more of it on that side.
    """

    place: Place
    text: str
    hits: tuple[tuple[int, int], ...] = ()
    before: bool = False
    after: bool = False


class FoundMessage(Value):
    """A message in which everything stands, and where. `score` only tells which of two is the better one."""

    message: Message
    excerpts: tuple[Excerpt, ...]
    score: float


class FoundMessages(Value):
    """A page of what was found; `page` asks for the next one, and is empty behind the last.

    A page can be short, and empty, while there is a next one: then as much was looked through as one call may take.
    `waiting`: so much was said, or happened, that cannot be found yet, counted up to 10,000.
    """

    found: tuple[FoundMessage, ...]
    page: str = ""
    waiting: int = 0


class FoundCustomer(Value):
    """A customer of whom everything stands in what is known of one of their addresses, and where."""

    customer: Customer
    excerpts: tuple[Excerpt, ...]
    score: float


class FoundCustomers(Value):
    """The customers that were found, best first; `waiting` as for `FoundMessages`."""

    found: tuple[FoundCustomer, ...]
    waiting: int = 0


class Indexed(Value):
    """How far the index is. `begun`: somebody searched here once, since when it is kept.

    `waiting`: what is not in it yet, counted up to 10,000. `back_to`: while what was there before is taken in, newest
    first, everything received since then is in it; None when all is.
    """

    begun: bool
    waiting: int = 0
    back_to: UtcTime | None = None
