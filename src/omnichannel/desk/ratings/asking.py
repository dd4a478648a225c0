"""Whether somebody is asked for a rating, in which way, and in which words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from omnichannel.desk.ratings.settings import Ratings
from omnichannel.model import Capabilities, Choice, Option, Part, Text
from omnichannel.model.desk import Case
from omnichannel.model.desk.ratings import Way

_LEVELS = 5
_STAR = "⭐"
_VALUE = re.compile(r"rating:([1-5]):(\S+)")


class Asking(NamedTuple):
    """What there is to know before somebody is asked.

    `agent` is who helped. `in_public`: some of it was said in public. `declined`: this customer wants to be asked no
    more. `asked_at` is when they were last asked, in whatever conversation.
    """

    agent: str
    in_public: bool
    declined: bool
    asked_at: datetime | None


def because_not(case: Case, asking: Asking, ratings: Ratings, now: datetime) -> str:
    """Why nobody is asked about a case; empty if they are to be."""
    reasons = {
        "it was opened again": case.open,
        "it is spam": case.spam,
        "nobody of ours answered": not asking.agent,
        "some of it was said in public": asking.in_public or case.public,
        "this customer wants to be asked no more": asking.declined,
        f"{case.kind} is not among the kinds to ask on": bool(ratings.kinds)
        and case.kind not in ratings.kinds,
        "they were asked not long ago": asking.asked_at is not None and now < asking.asked_at + ratings.every,
    }
    return next((reason for reason, holds in reasons.items() if holds), "")


def way_of(can: Capabilities, ratings: Ratings) -> Way | None:
    """How somebody can be asked on a channel; None if they cannot answer there."""
    if "choice" in can.parts_out and can.max_options >= _LEVELS:
        return "buttons"
    if ratings.page and (can.letters or not can.hears):
        return "link"
    writes_back = can.hears and can.private and "text" in can.parts_in
    printed = not can.text.any_letter  # nobody posts a digit
    return "digit" if writes_back and not printed else None


def question(way: Way, ratings: Ratings, language: str, rating: str, link: str) -> tuple[Part, ...]:
    """What is said to ask. `rating` is what its buttons bring back, `link` the address of the page."""
    words = ratings.wording(language)
    if way == "link":
        return (Text(text=words.link.replace("{link}", link)),)
    if way == "digit":
        return (Text(text=words.digit),)
    options = [
        Option(title=_STAR * stars, text=words.levels[stars - 1], value=f"rating:{stars}:{rating}")
        for stars in range(_LEVELS, 0, -1)
    ]
    return Text(text=words.buttons), Choice(options=tuple(options))


def option_of(parts: Sequence[Part], rating: str) -> int | None:
    """How many stars somebody gave by a button of this rating's question; None if they tapped none."""
    for part in parts:
        if part.type == "choice" and part.chosen and (found := _VALUE.fullmatch(part.chosen.value)):
            return int(found[1]) if found[2] == rating else None
    return None
