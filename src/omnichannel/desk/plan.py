"""The plan: how a company's desk works, as one value."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import Field, PlainSerializer, PlainValidator, field_validator, model_validator

from omnichannel.desk.answers import LISTS, Apologies, Book, check_apology, read_answers
from omnichannel.desk.classify import BUILT_IN, Classifier, classifier_of, name_of
from omnichannel.desk.clocks import Terms, default_targets
from omnichannel.desk.control import Bot
from omnichannel.desk.courtesy import Private, check_thanks
from omnichannel.desk.hours import Hours, hours_of
from omnichannel.desk.listening import Listening
from omnichannel.desk.ratings import Ratings
from omnichannel.desk.routing import Again, Route, check, check_fields
from omnichannel.desk.viewing import check_views
from omnichannel.errors import NotFound
from omnichannel.model import Value
from omnichannel.model.desk import (
    Answer,
    AwayRule,
    Calendar,
    CustomField,
    CustomName,
    FieldType,
    Length,
    Priority,
    Remark,
    Signature,
    Target,
    View,
)

_HEAD_STARTS: dict[Priority, timedelta] = {
    "low": timedelta(hours=-4),
    "normal": timedelta(),
    "high": timedelta(hours=4),
    "urgent": timedelta(days=1),
}

_WEIGHTS = {"voice": 3.0, "webchat": 1.5, "email": 0.5, "letter": 0.5}


Hourly = str | tuple[str, ...]
"""The name of a calendar, or of several: open whenever one of them is, as where a team follows the sun."""


class Overflow(Value):
    """After a case has waited so long for its team, the agents of another team may take it, too."""

    after: Length = Field(gt=timedelta())
    to: str


class Team(Value):
    """People who do the same work.

    `pick` says who is given a case: `best` is whoever knows the customer, then who can do it best, then who has
    least, then who has been idle longest; `round_robin` is whose turn it is. `calendar` names their working hours
    in the plan (none: always); with several they work whenever one of them is open, so that a team can follow the
    sun. What nobody takes goes on by `overflow`.
    """

    name: str = Field(min_length=1)
    pick: Literal["best", "round_robin"] = "best"
    calendar: Hourly = ""
    overflow: tuple[Overflow, ...] = ()


Reads = Annotated[Classifier | None, PlainValidator(classifier_of), PlainSerializer(name_of, return_type=str)]
"""A classifier, or where it is: `package.module:name`."""


class Plan(Value):
    """How a desk works. A frozen value: change it, and give the inbox the new one; decisions name theirs.

    `default_team` gets what no rule sends elsewhere. `weights` is how much of an agent's capacity a conversation
    takes, by the kind of channel that the customer last wrote on (others take 1): a call takes a whole person, mail
    waits patiently. What waits for the customer takes `waiting_share` of that. `head_starts` is what a priority is
    worth in the queue: `urgent` stands where it would stand if it had waited so much longer. So everything comes up
    in the end. What is not given of them is as by default. `give_out`: whether the desk gives cases to agents by
    itself; else they take them (`take_next`).
    Skills that nobody of its team has (there or not) are asked for until a case has waited for `settle_after`, then
    the best there is will do. A language is asked for while somebody who speaks it is there, and else until
    it has waited for `language_wait`; both are working time of its team. None: for as long as it waits.
    `give_back_missed`: what would miss its promise while whoever has it is away or offline goes back to the queue
    when it is warned of, or, if it was warned of before they got it, when it is missed.

    What customers write is read by the `classifier` (None: by nobody) within its `patience`; then the first of the
    `routes` that fits decides where it goes, and `again` says when they are asked once more. A new case is given to
    nobody before, but waits for it no longer than `hold_back`; so does one to which the customer adds something
    while it waits, and whoever would be given it keeps room for it. `compliments` that ask for nothing are
    `quiet` (closed, and counted), or stand in the `queue` like everything; `thanks` is said to whoever makes one.
    `private` is proposed where somebody complains in public.

    `answers` are the standard answers, with `fields` of your own in them, signed by agents with their `signatures`.
    `away` says when customers are told that nobody is there (None: never). `apologies`: a formal apology without a
    next step is pointed out (`remark`), or such an answer is not sent (`refuse`); `apology_lists` has phrases of your
    own, by language, in the place of ours.

    `ratings` says how customers are asked how we did; None: they are not.
    `listening` says in which languages their questions are tracked until they are answered; None: they are not.
    `bots` answer where they are assigned, under their names.

    `case_fields` and `customer_fields` are what you want to know of cases and customers beside all this, by name.
    `views` are those that everybody has, beside the ones that are saved.
    """

    teams: tuple[Team, ...] = ()
    default_team: str = ""
    weights: dict[str, float] = Field(default_factory=lambda: dict(_WEIGHTS))
    waiting_share: float = Field(default=0.25, ge=0, le=1)
    head_starts: dict[Priority, Length] = Field(default_factory=lambda: dict(_HEAD_STARTS))
    give_out: bool = True
    give_back_missed: bool = True
    settle_after: Length | None = Field(default=timedelta(minutes=30), ge=timedelta())
    language_wait: Length | None = Field(default=timedelta(minutes=30), ge=timedelta())
    calendars: tuple[Calendar, ...] = ()
    calendar: Hourly = ""
    targets: tuple[Target, ...] = Field(default_factory=default_targets)
    routes: tuple[Route, ...] = ()
    again: tuple[Again, ...] = ("intent",)
    classifier: Reads = BUILT_IN
    patience: Length = Field(default=timedelta(seconds=10), gt=timedelta())
    hold_back: Length = Field(default=timedelta(seconds=30), ge=timedelta())
    compliments: Literal["quiet", "queue"] = "quiet"
    thanks: Answer | None = None
    private: Private = Private()
    answers: tuple[Answer, ...] = ()
    fields: dict[str, FieldType] = Field(default_factory=dict)
    signatures: tuple[Signature, ...] = ()
    away: AwayRule | None = None
    apologies: Literal["remark", "refuse"] = "remark"
    apology_lists: dict[str, Apologies] = Field(default_factory=dict)
    ratings: Ratings | None = None
    listening: Listening | None = Listening()
    bots: tuple[Bot, ...] = ()
    case_fields: dict[CustomName, CustomField] = Field(default_factory=dict)
    customer_fields: dict[CustomName, CustomField] = Field(default_factory=dict)
    views: tuple[View, ...] = ()

    @field_validator("head_starts")
    @classmethod
    def _of_every_priority(cls, given: dict[Priority, timedelta]) -> dict[Priority, timedelta]:
        return _HEAD_STARTS | given

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        names = [team.name for team in self.teams]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"two teams are called {name!r}; give each a name of its own")
        called = [bot.name for bot in self.bots]
        if len(set(called)) < len(called):
            raise ValueError(f"two bots have one name; give each its own: {', '.join(called)}")
        wanted = [self.default_team, *(over.to for team in self.teams for over in team.overflow)]
        wanted += [bot.team for bot in self.bots]
        for name in wanted:
            if name and name not in names:
                raise ValueError(f"no team is called {name!r}; there are: {', '.join(names) or 'none'}")
        known = {one.name: one for one in self.calendars}
        calendars: tuple[Hourly, ...] = (self.calendar, *(team.calendar for team in self.teams))
        for calendar in (name for one in calendars for name in _names(one) if name):
            hours_of(known, calendar)
        check(self.routes, names, known)
        check_fields(self.routes, self.case_fields)
        check_views(self.views, names, self.case_fields, self.customer_fields)
        if self.thanks:
            check_thanks(self.thanks)
        try:
            for language in self.apology_lists:
                self.check_apology("", language)  # reads every phrase
        except re.error as error:
            raise ValueError(f"apology_lists: {error.pattern!r} is no pattern: {error}") from error
        _ = self.book  # read now, so that what is wrong in it is told now
        return self

    def model_copy(self, *, update: Mapping[str, object] | None = None, deep: bool = False) -> Self:  # noqa: ARG002 - all of it is frozen
        """The same plan with something changed. Raises as the plan itself would, where it does not hang together.

        Everything is read anew: a copy as pydantic makes it would keep the hours and answers of the plan before it.
        """
        given = {name: getattr(self, name) for name in type(self).model_fields}
        return type(self).model_validate(given | dict(update or {}))

    @cached_property
    def book(self) -> Book:
        """The standard answers, read and checked."""
        return read_answers(self.answers, self.fields, self.signatures, self.away)

    def check_apology(self, text: str, language: str) -> tuple[Remark, ...]:
        """The formal apologies in a text that says no next step, by the lists of this plan."""
        return check_apology(text, language, {**LISTS, **self.apology_lists})

    @property
    def sorts(self) -> bool:
        """Whether anything is to be done with what customers write before it is given out."""
        reads = self.classifier is not None or bool(self.routes)
        return reads or self.away is not None or bool(self.answers)

    @cached_property
    def opening(self) -> dict[str, Hours]:
        """The hours of each calendar."""
        known = {one.name: one for one in self.calendars}
        return {name: hours_of(known, name) for name in known}

    @cached_property
    def hours(self) -> dict[str, Hours]:
        """The working hours of each team; under the empty name those of whoever has none of their own."""
        known = {one.name: one for one in self.calendars}
        named = [("", self.calendar), *((team.name, team.calendar or self.calendar) for team in self.teams)]
        return {team: hours_of(known, *_names(calendar)) for team, calendar in named if calendar}

    @cached_property
    def terms(self) -> Terms:
        """What is promised, and in whose hours."""
        return Terms(self.targets, self.hours)

    def with_routes(self, routes: Sequence[Route]) -> Plan:
        """The same plan with other rules. Raises ValueError where they do not hang together with the rest."""
        return self.model_copy(update={"routes": tuple(routes)})

    def team(self, name: str) -> Team | None:
        """A team by name; None if there is none."""
        return next((team for team in self.teams if team.name == name), None)

    @cached_property
    def running(self) -> Mapping[str, Bot]:
        """The bots, by name."""
        return {bot.name: bot for bot in self.bots}

    def known_team(self, name: str) -> str:
        """The name of a team, or "" for none; raises NotFound, naming those there are."""
        if name and self.team(name) is None:
            known = ", ".join(team.name for team in self.teams) or "none"
            raise NotFound(f"no team is called {name!r}; there are: {known}")
        return name

    @cached_property
    def fingerprint(self) -> str:
        """The same for the same plan, in every process: what decisions name it by."""
        canonical = json.dumps(self.model_dump(mode="json"), sort_keys=True)
        return hashlib.sha256(canonical.encode()).hexdigest()[:12]


def _names(calendar: str | Sequence[str]) -> tuple[str, ...]:
    return (calendar,) if isinstance(calendar, str) else tuple(calendar)
