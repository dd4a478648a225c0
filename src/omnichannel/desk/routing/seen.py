"""What rules are told of a question: what was said, where, by whom and when; never what was decided about it.

So a rule cannot set off another one, or itself: there are no loops to guard against.
"""

from __future__ import annotations

from pydantic import Field

from omnichannel.desk.routing.history import Earlier
from omnichannel.model import Value
from omnichannel.model.desk import Reading


class Seen(Value):
    """A question as rules see it.

    `kind` and `account` are where it was asked, in `public` or not. `reading` is what a classifier made of the words.
    `tier` is the customer's, and so are `fields`: what is proven of them, each with every value that it has.
    `earlier` is what there was before, where a rule asks for it. `closed` are the calendars of the plan that are
    closed at the moment.
    """

    kind: str = ""
    account: str = ""
    public: bool = False
    subject: str = ""
    text: str = ""
    reading: Reading = Reading()
    tier: str = ""
    fields: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    earlier: Earlier = Earlier()
    closed: frozenset[str] = frozenset()
