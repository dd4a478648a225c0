"""How often each answer, and each of its wordings, was used, and how it was taken."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from omnichannel.model.desk import How, Reaction, Tally, Use

_Key = tuple[str, str, str]


class Alike(NamedTuple):
    """So many uses of one wording to which the same became, the last of them at a moment."""

    answer: str
    language: str
    variant: str
    how: How
    reaction: Reaction
    times: int
    last_at: datetime


def count(uses: Iterable[Use], before: Iterable[Tally] = ()) -> tuple[Tally, ...]:
    """Tallies of answers (without a wording) and of their wordings, by name; `before` is what was counted already.

    The order of uses is no matter, and counting in parts gives the same as counting at once. Count each use once,
    when nothing more is to be expected of it: a later reaction does not find its way into a tally.
    """
    alike = (Alike(use.answer, use.language, use.variant, use.how, use.reaction, 1, use.at) for use in uses)
    return add_up(alike, before)


def add_up(uses: Iterable[Alike], before: Iterable[Tally] = ()) -> tuple[Tally, ...]:
    """The same of uses that were counted in part, by a store."""
    tallies: dict[_Key, Tally] = {(one.answer, one.language, one.variant): one for one in before}
    for use in uses:
        keys: list[_Key] = [(use.answer, "", "")]
        if use.variant:
            keys.append((use.answer, use.language, use.variant))
        for key in keys:
            tally = tallies.get(key) or Tally(answer=key[0], language=key[1], variant=key[2])
            tallies[key] = _counted(tally, use)
    return tuple(tallies[key] for key in sorted(tallies))


def _counted(tally: Tally, use: Alike) -> Tally:
    fields = {"offered", use.how, use.reaction} - {""}
    counts = {field: getattr(tally, field) + use.times for field in fields}
    last_at = max(use.last_at, tally.last_at) if tally.last_at else use.last_at
    return tally.model_copy(update=counts | {"last_at": last_at})
