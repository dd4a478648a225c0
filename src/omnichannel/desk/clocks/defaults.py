"""Targets to begin with: how fast each channel lives, and who says so.

Figures of surveys are what customers say that they expect; they are old where nobody asked again, and most of those
who asked sell something. Hours are working hours.

- `webchat`: 2 min. Chats waited 46 s on average, and 1 min 32 s where nine of ten customers and more were
  content (Comm100, Live Chat Benchmark Report 2020).
- `messenger`, `whatsapp`, `telegram`: 15 min, within which a Page has to answer nine of ten messages to be shown as
  very responsive (Facebook Help Centre, the "Very responsive to messages" badge).
- `sms`: 30 min, within which 56 % answer a text at work themselves; 84 % expect an answer in five (160 Characters,
  2007).
- `x`, `facebook`: 30 min, direct messages on X as well. Half of what a post ever gets in answers, likes and shares
  comes within 24 min on X and within 50 min on Facebook (S. M. Graffius, Lifespan (Half-Life) of Social Media Posts,
  2022, averages of others' figures): an answer within half an hour is read by those who read the post. Of those who
  expect an answer to a post at all 20 % expect it by then, 53 % within an hour, and so do 72 % of those who complain
  (Millward Brown for Lithium, 501 asked, 2013); who complains in public is `urgent`, and has the quarter (below).
- `instagram`: 1 h, expected by 50 % in social media (Arise with Google Consumer Surveys, 2017). The
  half of a post there comes within 19 h (S. M. Graffius, 2018).
- `voice`: 2 h to call back. 86 % expect an answer to a call within four, more than anywhere else (Van Belleghem
  with SSI, 2013); two is our choice.
- `email`, and whatever else there is: 4 h, expected by 60 %; only 22 % accept more than a working day (Fuze Digital
  with GetHuman, 978 customers of 800 companies).
- `letter`: 80 h, ten working days of eight hours, as authorities promise (Norfolk County Council, customer service
  standards).
- A resolution: 40 h, five working days, as was proposed for questions to federal agencies that need research (USA
  Services, 2005); by letter 120 h, the 15 working days after which the British tax office writes why it takes longer
  (HMRC, IHTM02275).

That `urgent` has a quarter of the time, `high` half and `low` twice is our choice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from functools import cache

from omnichannel.model import Capabilities
from omnichannel.model.desk import Priority, Target, Timed

_ANSWER: dict[tuple[str, ...], timedelta] = {
    ("webchat",): timedelta(minutes=2),
    ("messenger", "whatsapp", "telegram"): timedelta(minutes=15),
    ("sms",): timedelta(minutes=30),
    ("x", "facebook"): timedelta(minutes=30),
    ("instagram",): timedelta(hours=1),
    ("voice",): timedelta(hours=2),
    ("email",): timedelta(hours=4),
    ("letter",): timedelta(hours=80),
    (): timedelta(hours=4),
}
_RESOLUTION: dict[tuple[str, ...], timedelta] = {
    ("letter",): timedelta(hours=120),
    (): timedelta(hours=40),
}
_SHARE: dict[Priority, float] = {"low": 2.0, "normal": 1.0, "high": 0.5, "urgent": 0.25}
_NORMAL: Priority = "normal"


@cache
def default_targets() -> tuple[Target, ...]:
    """A target for the first answer, each next one and the resolution, by channel and priority: see this module."""
    whats: tuple[tuple[Timed, Mapping[tuple[str, ...], timedelta]], ...] = (
        ("first", _ANSWER),
        ("next", _ANSWER),
        ("resolution", _RESOLUTION),
    )
    return tuple(
        target
        for what, lengths in whats
        for kinds, within in lengths.items()
        for target in _by_priority(what, kinds, within)
    )


def window_targets(capabilities: Mapping[str, Capabilities], warn: float = 0.8) -> tuple[Target, ...]:
    """For each kind of channel that has a reply window, how long the platform lets us answer after their last word.

    The time that anybody has counts, not the longer one for words that a person wrote.
    """
    return tuple(
        Target(
            name=f"window of {kind}",
            what="window",
            within=timedelta(hours=can.window.hours),
            kinds=(kind,),
            time="calendar",
            warn=warn,
        )
        for kind, can in sorted(capabilities.items())
        if can.window
    )


def _by_priority(what: Timed, kinds: tuple[str, ...], within: timedelta) -> Iterator[Target]:
    place = " or ".join(kinds) or "any channel"
    for priority, share in _SHARE.items():
        yield Target(
            name=f"{what}, {place}, {priority}",
            what=what,
            within=within * share,
            kinds=kinds,
            priorities=() if priority == _NORMAL else (priority,),
        )
