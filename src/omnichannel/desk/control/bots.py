"""How an application gives the desk a bot: a name, whoever answers under it, and how far it may go."""

from __future__ import annotations

import inspect
import pkgutil
from datetime import timedelta
from typing import Annotated, Protocol, cast

from pydantic import Field, PlainSerializer, PlainValidator

from omnichannel.awaiting import is_plain
from omnichannel.desk.control.turn import HandOver, Reply, Turn
from omnichannel.desk.control.wanting import PERSONS, Persons
from omnichannel.model import Value
from omnichannel.model.desk import Cost, Length

_CURE = "give a function that can be awaited, or where one is: 'package.module:name'"


class Answering(Protocol):
    """Whoever answers as a bot: a coroutine function, or an object that can be called like one.

    It may be called more than once for the same words: where it failed, where a process died, where somebody wrote
    meanwhile. What it returns is said once, or not at all. It raises what it likes: then it is asked again, and in
    the end a person is.
    """

    async def __call__(self, turn: Turn) -> Reply | HandOver:
        """What to say, or that a person should."""
        ...


def _found(given: object) -> Answering:
    found = given
    if isinstance(given, str):
        if ":" not in given:
            raise ValueError(f"{given!r} names no bot; {_CURE}")
        try:
            found = pkgutil.resolve_name(given)
        except (ImportError, AttributeError, ValueError) as error:
            raise ValueError(f"{given!r} cannot be found ({error}); {_CURE}") from error
    if not callable(found):
        raise ValueError(f"{given!r} cannot be called; {_CURE}")  # noqa: TRY004 - pydantic's word
    if is_plain(found):
        raise ValueError(f"{given!r} is no coroutine function; write it with `async def`, or {_CURE}")
    return cast("Answering", found)


def _name(answers: Answering) -> str:
    named = answers if inspect.isroutine(answers) else type(answers)
    return f"{named.__module__}:{named.__qualname__}"


class Bot(Value):
    """A bot: an agent of the role `bot`, which answers where it is assigned; by a rule (`Then(agent=…)`) or by hand.

    `answers` is asked outside of any transaction, for `patience` at most and so often (`attempts`); when that is over
    the conversation goes to people, with the reason. What it is less `sure` of is not said: that goes to people, too.
    `turns` is how often it answers in a row, without one of our people answering between; `cost` and `daily_cost`
    are after how much, in a conversation and in 24 hours of all, it is asked nothing more (None: no limit). The turn
    that goes beyond it is the last one. It speaks in `public` only if that is wanted. What it hands over goes to
    `team` (empty: where it is). `persons` are the ways to ask for a person, who is always given.
    """

    name: str = Field(min_length=1)
    answers: Annotated[Answering, PlainValidator(_found), PlainSerializer(_name, return_type=str)]
    sure: Annotated[float, Field(ge=0, le=1)] = 0.7
    turns: int = Field(default=5, ge=1)
    cost: Cost | None = None
    daily_cost: Cost | None = None
    patience: Length = Field(default=timedelta(seconds=30), gt=timedelta())
    attempts: int = Field(default=3, ge=1)
    public: bool = False
    team: str = ""
    persons: tuple[Persons, ...] = PERSONS
