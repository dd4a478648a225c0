"""Which cases somebody wants to see, in which order: the language of views, typed in code, and the same in TOML."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from omnichannel.model.base import Value
from omnichannel.model.desk.answers import Language
from omnichannel.model.desk.case import Case, Control
from omnichannel.model.desk.clocks import Length, Priority
from omnichannel.model.desk.fields import CustomName
from omnichannel.model.desk.reading import Intent

ViewOrder = Literal["due", "waiting", "newest", "oldest"]
"""What comes first: what is due soonest, whoever waits longest, or what came last, or first."""


def _spelled(value: object) -> object:
    """A value as it is compared."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, int | float | date):
        return str(value)
    return value


Spelled = Annotated[str, BeforeValidator(_spelled), StringConstraints(max_length=500)]
"""A value of a field as it is compared: `true`, `7`, `2026-11-22`, a text as it was written."""


class Wanted(Value):
    """What a field is to hold: one of some values, a number or a day from `least` to `most` (both included).

    `known`: it holds anything, or nothing. In TOML a value, or a list of them, may stand for `one_of`.
    """

    one_of: tuple[Spelled, ...] = ()
    least: date | float | None = None
    most: date | float | None = None
    known: bool | None = None


def _wanted(value: object) -> object:
    """One value, or a list of them, may be written without `one_of`."""
    if isinstance(value, Mapping | Wanted):
        return value
    return {"one_of": value if isinstance(value, list | tuple) else (value,)}


AsksField = Annotated[Wanted, BeforeValidator(_wanted)]
"""What is asked of a field; of several values one is enough."""

_Named = Annotated[str, StringConstraints(max_length=200)]


class Which(Value):
    """Which cases are meant. Everything that is given must hold; of several values one is enough.

    `teams`, `assignees` (`""`: nobody's), `mine` (of whoever looks), `followed` (by whoever looks), `tags`,
    `priorities`, `controls`, `tiers` and `spam` are what was decided of them; `kinds`, `accounts`, `public`,
    `languages` (`nl` is `nl-BE`, too) and `intents` are where and what was written last. `waiting`: whether something
    waits for our answer, `waiting_for` at least so long. `due_within`: to be answered or closed so soon, or overdue;
    `follow_up_within`: to be followed up so soon, or overdue. `snoozed`: out of sight at the moment.
    `fields` and `customer` are fields of one's own, of the case and of its customer, by name.

    `all`, `any` and `none` join others: all must hold, one must, none may.
    """

    status: Literal["open", "closed"] | None = None
    teams: tuple[_Named, ...] = ()
    assignees: tuple[_Named, ...] = ()
    mine: bool = False
    followed: bool = False
    tags: tuple[_Named, ...] = ()
    priorities: tuple[Priority, ...] = ()
    controls: tuple[Control, ...] = ()
    kinds: tuple[_Named, ...] = ()
    accounts: tuple[_Named, ...] = ()
    public: bool | None = None
    languages: tuple[Language, ...] = ()
    intents: tuple[Intent, ...] = ()
    tiers: tuple[_Named, ...] = ()
    spam: bool | None = None
    snoozed: bool | None = None
    waiting: bool | None = None
    waiting_for: Annotated[Length, Field(ge=timedelta())] | None = None
    due_within: Annotated[Length, Field(ge=timedelta())] | None = None
    follow_up_within: Annotated[Length, Field(ge=timedelta())] | None = None
    fields: dict[CustomName, AsksField] = Field(default_factory=dict)
    customer: dict[CustomName, AsksField] = Field(default_factory=dict)
    all: tuple[Which, ...] = ()
    any: tuple[Which, ...] = ()
    none: tuple[Which, ...] = ()


class View(Value):
    """Cases under a name: which, in which order, and (`text`) those in which something was said.

    `text` is as one types it into a search: `parcel "next week" -refund`; one message has to hold all of it.
    """

    name: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    which: Which = Field(default_factory=Which)
    text: str = ""
    order: ViewOrder = "waiting"


class ViewPage(Value):
    """Some cases of a view; `page` asks for the next ones, and is empty behind the last."""

    cases: tuple[Case, ...]
    page: str = ""
