"""What callers give, checked before anything is written, so that they are told what would be right."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import get_args

from omnichannel.errors import ConfigError, UsageError

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")


def check_word(what: str, given: object, known: object) -> None:
    """Raise UsageError where a word is none of those that there are (a `Literal`), naming them."""
    if given not in get_args(known):
        raise UsageError(f"{given!r} is no {what}: give {' or '.join(map(repr, get_args(known)))}")


def check_coming(until: datetime, now: datetime) -> None:
    """Raise UsageError for a moment that is over, or in nobody knows which time zone."""
    if until.tzinfo is None:
        raise UsageError(
            f"{until:%Y-%m-%d %H:%M} is in no time zone: give one, as in datetime(…, tzinfo=UTC)"
        )
    if until <= now:
        raise UsageError(f"{until:%Y-%m-%d %H:%M %Z} is over: give a moment to come")


def check_life(life: timedelta | None) -> None:
    """Raise UsageError for a length of time in which nothing can be."""
    if life is not None and life <= timedelta():
        raise UsageError(f"a life of {life} is over before it begins: give a positive one")


def check_languages(given: Iterable[str]) -> None:
    """Raise ConfigError for what is no tag of a language."""
    for one in given:
        if not _LANGUAGE.fullmatch(one):
            raise ConfigError("languages", f"{one!r} is none", "Write tags as in BCP 47: nl, en-GB.")
