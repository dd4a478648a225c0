"""How long things are kept: by what they are, by account, by kind of channel; and which moment that is, by now."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from omnichannel.model import Value

Aged = Literal["deliveries", "files", "calls", "ratings", "messages", "conversations", "happenings", "trail"]
"""What goes by its age, in the order in which it goes."""

_DAYS = {"day": 1, "days": 1, "week": 7, "weeks": 7, "year": 365, "years": 365}


def _age(given: object) -> object:
    if not isinstance(given, str) or given.startswith(("P", "-P")) or given == "ever":
        return given
    found = re.fullmatch(r"\s*(\d{1,5})\s*([a-z]+)\s*", given)
    if not found or found[2] not in _DAYS:
        raise ValueError(
            f"{given[:40]!r} is no such length of time; write it as in 30 days, 12 weeks or 2 years"
        )
    return timedelta(days=int(found[1]) * _DAYS[found[2]])


Age = Annotated[timedelta, Field(ge=timedelta(days=1)), BeforeValidator(_age)]
"""How long something is kept: a timedelta, or written as `30 days`, `12 weeks`, `2 years` (of 365 days)."""


class Keep(Value):
    """How long some accounts' things are kept; None: as long as is said for all, `"ever"`: for ever.

    `deliveries` are what arrived, byte for byte, from when it arrived. `files` are the bytes of attachments: those of
    customers' lie in the deliveries. `calls` are the wire requests by which we answered. `messages` are what was
    said, `conversations` those that are closed, with everything about them, from when something was last said.
    `ratings` are the words in which customers rated us; their stars are counted on.

    Nothing outlives what it is a part of: files go with their deliveries, deliveries and calls with their messages,
    messages and ratings with their conversation, where those are kept shorter.
    """

    deliveries: Age | Literal["ever"] | None = None
    files: Age | Literal["ever"] | None = None
    calls: Age | Literal["ever"] | None = None
    ratings: Age | Literal["ever"] | None = None
    messages: Age | Literal["ever"] | None = None
    conversations: Age | Literal["ever"] | None = None


_PART_OF: Mapping[str, str] = {
    "files": "deliveries", "deliveries": "messages", "calls": "messages", "messages": "conversations",
    "ratings": "conversations",
}  # fmt: skip


class Retention(Keep):
    """How long things are kept in a workspace; None: for ever. Lengths are a day at least.

    `accounts` and `kinds` say otherwise for some, an account before its kind. `happenings` is how long what happened
    is told to who follows it (besides `Rules.keep_events`; no longer than all messages are kept), `trail` who saw and
    did what.
    """

    happenings: Age | None = None
    trail: Age | None = None
    accounts: dict[str, Keep] = Field(default_factory=dict)
    kinds: dict[str, Keep] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _keeps_something(self) -> Self:
        """Whether it says anything at all about what it names. Raises ValueError for an account without a rule."""
        for name, keep in {**self.accounts, **self.kinds}.items():
            if keep == Keep():
                raise ValueError(
                    f"nothing is said of {name!r}: give how long its things are kept, or leave it out"
                )
        return self

    def length(self, what: str, account: str = "", kind: str = "") -> timedelta | None:
        """How long something of an account is kept; None: for ever."""
        said = next(
            (
                found
                for keep in (self.accounts.get(account), self.kinds.get(kind), self)
                if keep is not None and (found := getattr(keep, what)) is not None
            ),
            None,
        )
        own = None if said == "ever" else said
        whole = self.length(_PART_OF[what], account, kind) if what in _PART_OF else None
        return min((one for one in (own, whole) if one is not None), default=None)


class Limits:
    """The moments before which things go, as of `now`; `kinds` says of which kind the accounts are."""

    def __init__(self, retention: Retention, now: datetime, kinds: Mapping[str, str]) -> None:
        self._retention = retention
        self._now = now
        self._kinds = kinds
        self._known: dict[tuple[str, str], datetime | None] = {}

    def before(self, what: str, account: str = "", kind: str = "") -> datetime | None:
        """What is older than this goes; None: nothing does."""
        key = (what, account)
        if key not in self._known:
            length = self._retention.length(what, account, kind or self._kinds.get(account, ""))
            self._known[key] = self._now - length if length else None
        return self._known[key]

    def happenings(self, keep_events: timedelta | None) -> datetime | None:
        """What happened before this goes."""
        lengths = [one for one in (self._retention.happenings, keep_events) if one is not None]
        if not lengths:
            lengths = [one] if (one := self._longest()) else []
        return self._now - min(lengths) if lengths else None

    def trail(self) -> datetime | None:
        """Acts from before this go."""
        return self._now - self._retention.trail if self._retention.trail else None

    def _longest(self) -> timedelta | None:
        """How long any message is kept at most; None: some are kept for ever."""
        lengths = self._lengths("messages")
        return None if None in lengths else max(one for one in lengths if one is not None)

    def any(self, what: str) -> bool:
        """Whether anything of this sort ever goes, of whichever account."""
        return any(self._lengths(what))

    def _lengths(self, what: str) -> list[timedelta | None]:
        """How long things of a sort are kept: everywhere, and where something else is said."""
        retention = self._retention
        accounts = [(one, self._kinds.get(one, "")) for one in retention.accounts]
        kinds = [("", one) for one in retention.kinds]
        return [retention.length(what, *one) for one in [("", ""), *accounts, *kinds]]
