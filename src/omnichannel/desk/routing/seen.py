"""What rules are told of a question: what was said, where, by whom and when; never what was decided about it.

So a rule cannot set off another one, or itself: there are no loops to guard against.
"""

from __future__ import annotations

from pydantic import Field, JsonValue

from omnichannel.desk.classify import Reading
from omnichannel.model import Value


class Seen(Value):
    """A question as rules see it.

    `kind` and `account` are where it was asked, in `public` or not. `reading` is what a classifier made of the words.
    `tier` and `fields` are the customer's. `before` counts their earlier conversations, `helper` is who answered them
    last. `closed` are the calendars of the plan that are closed at the moment.
    """

    kind: str = ""
    account: str = ""
    public: bool = False
    subject: str = ""
    text: str = ""
    reading: Reading = Reading()
    tier: str = ""
    fields: dict[str, JsonValue] = Field(default_factory=dict)
    before: int = 0
    helper: str = ""
    closed: frozenset[str] = frozenset()
