"""Making a report of what was counted, in the caller's transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from omnichannel.desk.reports import Piece, What, spans
from omnichannel.model.desk import Every, Figures, Kept, Report, Times, Whose
from omnichannel.store import Tx
from omnichannel.store.desk import reports
from omnichannel.store.desk.reports import Added, Moved, Placed, Wanted


class Asked(NamedTuple):
    """What is asked for: the pieces of a time in a zone, by whose, how divided, and of whom only."""

    pieces: Sequence[Piece]
    zone: str
    by: Whose
    every: Every
    columns: Mapping[str, str]


_Key = tuple[int, str]
_NUMBERS = {
    "received": (What.RECEIVED,), "sent": (What.SENT,), "opened": (What.OPENED,),
    "closed": (What.RESOLVED, What.DROPPED), "reopened": (What.REOPENED,), "transfers": (What.PASSED,),
    "switches": (What.SWITCHED, What.SPARED), "repeats_avoided": (What.SPARED,),
    "complaints": (What.COMPLAINT,), "compliments": (What.COMPLIMENT,), "asked": (What.ASKED,),
}  # fmt: skip
_KEPT = {
    "in_first": What.IN_FIRST, "in_next": What.IN_NEXT, "in_resolution": What.IN_RESOLUTION,
    "in_window": What.IN_WINDOW,
}  # fmt: skip
_TIMES = {"first": What.FIRST, "next": What.NEXT, "resolution": What.RESOLVED}


def report(tx: Tx, asked: Asked) -> Report:
    """Everything that was counted of a time."""
    periods = spans(asked.pieces)
    parts = _figures(tx, Wanted(asked.pieces, asked.by, asked.columns), periods)
    since, until = periods[0][0], periods[-1][1]
    if asked.by or len(periods) > 1:
        whole = [piece._replace(period=0) for piece in asked.pieces]
        [total] = _figures(tx, Wanted(whole, "", asked.columns), [(since, until)])
    else:
        [total] = parts
    return Report(
        since=since, until=until, zone=asked.zone, by=asked.by, every=asked.every, rows=tuple(parts), total=total
    )  # fmt: skip


def _figures(tx: Tx, wanted: Wanted, periods: Sequence[tuple[datetime, datetime]]) -> list[Figures]:
    numbers = _added(reports.added(tx, wanted))
    lengths = _placed(reports.placed(tx, wanted, working=False), "")
    for key, some in _placed(reports.placed(tx, wanted, working=True), "working_").items():
        lengths[key] = lengths[key] | some
    open_ = _open(reports.backlog(tx, wanted), len(periods))
    named = {name for _, name in numbers} | {name for (_, name), count in open_.items() if count}
    names = sorted(named) if wanted.by else [""]
    return [
        _row(name, span, numbers[number, name], _times(lengths, (number, name)), open_.get((number, name), 0))
        for number, span in enumerate(periods)
        for name in names
    ]


_Counted = dict[tuple[int, int], Added]


def _added(found: Iterable[Added]) -> defaultdict[_Key, _Counted]:
    """What there is of each kind and value, by period and name."""
    counted: defaultdict[_Key, _Counted] = defaultdict(dict)
    for one in found:
        counted[one.period, one.name][one.what, one.value] = one
    return counted


_Lengths = defaultdict[tuple[int, str, int], dict[str, int | timedelta]]


def _placed(found: Iterable[Placed], prefix: str) -> _Lengths:
    """The times of each period, name and kind, as `Times` has them."""
    lengths: _Lengths = defaultdict(dict)
    for one in found:
        held = lengths[one.period, one.name, one.what]
        held["count"] = one.of
        length = timedelta(microseconds=one.length)
        if one.place == (one.of + 1) // 2:
            held[f"{prefix}median"] = length
        if one.place == (9 * one.of + 9) // 10:
            held[f"{prefix}p90"] = length
    return lengths


def _times(lengths: _Lengths, key: _Key) -> dict[str, Times]:
    return {name: Times.model_validate(lengths.get((*key, what), {})) for name, what in _TIMES.items()}


def _open(moved: Iterable[Moved], periods: int) -> dict[_Key, int]:
    """How many were open at the end of each period."""
    changes: dict[_Key, int] = defaultdict(int)
    for one in moved:
        changes[one.period, one.name] += one.change
    found: dict[_Key, int] = {}
    for name in {name for _, name in changes}:
        number = changes.get((-1, name), 0)
        for period in range(periods):
            number += changes.get((period, name), 0)
            found[period, name] = number
    return found


def _row(
    name: str, span: tuple[datetime, datetime], counted: _Counted, times: dict[str, Times], backlog: int
) -> Figures:
    def number(*whats: What, values: Iterable[int] = range(6)) -> int:
        found = (counted.get((what, value)) for what in whats for value in values)
        return sum(one.many for one in found if one)

    def stars(given: int) -> int:
        return number(What.ASKED, values=[given])

    first = counted.get((What.FIRST, 0))
    return Figures(
        name=name,
        since=span[0],
        until=span[1],
        backlog=backlog,
        same_day=first.same_day if first else 0,
        rated=number(What.ASKED, values=range(1, 6)),
        stars=(stars(1), stars(2), stars(3), stars(4), stars(5)),
        **{field: number(*whats) for field, whats in _NUMBERS.items()},
        **{
            field: Kept(met=number(what, values=[1]), missed=number(what, values=[0]))
            for field, what in _KEPT.items()
        },
        **times,
    )
