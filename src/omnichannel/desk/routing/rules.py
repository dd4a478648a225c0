"""The language of rules: typed in code, and the same in TOML.

[[routes]]
name = "public complaints"
when = { intents = ["complaint"], public = true }
then = { team = "social", priority = "urgent" }

[[routes]]
name = "invoices"
when = { any = [{ words = ["invoice", "factuur"] }, { subject = ["invoice", "factuur"] }] }
then = { team = "billing", needs = { billing = 2 } }
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from omnichannel.desk.routing.history import AsksEarlier
from omnichannel.model import Value
from omnichannel.model.agent import Level
from omnichannel.model.desk import CustomName, CustomValue, Intent, Priority

Share = Annotated[float, Field(ge=0, le=1)]


class When(AsksEarlier):
    """What a rule asks of a question. Everything that is given must hold; of several values one is enough.

    `kinds` and `accounts` are channels. `words` and `subject` are words or phrases that stand in the text or the
    subject, whatever their case, accents or the spaces between them. `languages` are BCP 47 (`nl` is `nl-BE`, too).
    `urgency` is the least, `tone` the most that fits. `customer` are fields of theirs with their value, as far as it
    is proven (`identity.observe(facts=…)`), or we said it of them (`Plan.customer_fields`); `tiers` are values of
    the field `tier`. `closed` and `open` are calendars of the plan, as they stand at the moment.

    Of their earlier conversations: `new`, whether there are none; `before`, how many there are, `days_since`, how
    many days ago they last wrote in one (each with `least` and `most`). `complained`: whether anything in one of
    them was read as a complaint (0.5 or more), whatever else it was. `rated`: the last rating that they gave, in
    stars. `answered_by` and `answered_in`: who of our agents answered them last, and for which team.

    `all`, `any` and `none` join others: all must hold, one must, none may.
    """

    kinds: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    public: bool | None = None
    words: tuple[str, ...] = ()
    subject: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    intents: tuple[Intent, ...] = ()
    urgency: Share | None = None
    tone: Annotated[float, Field(ge=-1, le=1)] | None = None
    tiers: tuple[str, ...] = ()
    customer: dict[str, str | bool | int | float] = Field(default_factory=dict)
    closed: tuple[str, ...] = ()
    open: tuple[str, ...] = ()
    all: tuple[When, ...] = ()
    any: tuple[When, ...] = ()
    none: tuple[When, ...] = ()


class Then(Value):
    """What a rule does with a question that fits; what is not given stays as it is.

    `agent` is given it while they are there; else it waits for the team. `needs` are skills with their least level.
    `spam` closes it. `quiet`: nobody has to answer it (a compliment that is thanked and counted): it is closed, and
    opens when they write again. `fields` are those of the case that it fills.
    """

    team: str | None = None
    agent: str | None = None
    priority: Priority | None = None
    needs: dict[str, Level] = Field(default_factory=dict)
    tags: tuple[str, ...] = ()
    fields: dict[CustomName, CustomValue] = Field(default_factory=dict)
    spam: bool = False
    quiet: bool = False


class Route(Value):
    """A rule: a name to tell it by, when it holds, and what is done then."""

    name: str = Field(min_length=1)
    when: When = When()
    then: Then = Then()
