"""Making a report of what was counted, in the caller's transaction."""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from omnichannel.desk.reports import TIMED, Piece, What, spans
from omnichannel.model.desk import Every, Figures, Kept, Report, Times, Whose
from omnichannel.store import Tx
from omnichannel.store.desk import reports
from omnichannel.store.desk.reports import Moved, Wanted


class Asked(NamedTuple):
    """What is asked for: the pieces of a time in a zone, by whose, how divided, and of whom only."""

    pieces: Sequence[Piece]
    zone: str
    by: Whose
    every: Every
    columns: Mapping[str, str]


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
_TIMES = dict(zip(("first", "next", "resolution"), TIMED, strict=True))


_Key = tuple[int, str]  # a period, and a name


def _numbers() -> array[int]:
    return array("q")


@dataclass(slots=True)
class _Cell:
    """What there is in a row: how many of each kind and value, how long each took, and how much of that was work."""

    many: Counter[tuple[int, int]] = field(default_factory=Counter)
    same_day: int = 0
    took: dict[int, array[int]] = field(default_factory=lambda: defaultdict(_numbers))
    worked: dict[int, array[int]] = field(default_factory=lambda: defaultdict(_numbers))

    def number(self, *whats: What, values: Iterable[int] = range(6)) -> int:
        """How many there are of some kinds, with some values."""
        return sum(self.many[what, value] for what in whats for value in values)


def report(tx: Tx, asked: Asked) -> Report:
    """Everything that was counted of a time."""
    wanted, periods = Wanted(asked.pieces, asked.by, asked.columns), spans(asked.pieces)
    cells, total = _cells(tx, wanted)
    backlog = _open(reports.backlog(tx, wanted), len(periods))
    named = {name for _, name in cells} | {name for (_, name), many in backlog.items() if many}
    rows = tuple(
        _row(name, span, cells[number, name], backlog[number, name])
        for number, span in enumerate(periods)
        for name in (sorted(named) if asked.by else [""])
    )
    since, until = periods[0][0], periods[-1][1]
    left = sum(many for (number, _), many in backlog.items() if number == len(periods) - 1)
    return Report(
        since=since,
        until=until,
        zone=asked.zone,
        by=asked.by,
        every=asked.every,
        rows=rows,
        total=_row("", (since, until), total, left),
    )


def _cells(tx: Tx, wanted: Wanted) -> tuple[defaultdict[_Key, _Cell], _Cell]:
    """What is in each row, and in all."""
    cells: defaultdict[_Key, _Cell] = defaultdict(_Cell)
    total = _Cell()
    for one in reports.added(tx, wanted):
        for cell in (cells[one.period, one.name], total):
            cell.many[one.what, one.value] += one.many
            cell.same_day += one.same_day if one.what == What.FIRST else 0
    for length in reports.lengths(tx, wanted):
        for cell in (cells[length.period, length.name], total):
            cell.took[length.what].append(length.took)
            cell.worked[length.what].append(length.worked)
    return cells, total


def _open(moved: Iterable[Moved], periods: int) -> defaultdict[_Key, int]:
    """How many were open at the end of each period."""
    changes: Counter[_Key] = Counter()
    for one in moved:
        changes[one.period, one.name] += one.change
    found: defaultdict[_Key, int] = defaultdict(int)
    for name in {name for _, name in changes}:
        many = changes[-1, name]
        for period in range(periods):
            many += changes[period, name]
            found[period, name] = many
    return found


def _row(name: str, span: tuple[datetime, datetime], cell: _Cell, backlog: int) -> Figures:
    number = cell.number
    stars = [number(What.ASKED, values=[given]) for given in range(1, 6)]
    figures: dict[str, object] = {
        "name": name,
        "since": span[0],
        "until": span[1],
        "backlog": backlog,
        "same_day": cell.same_day,
        "rated": sum(stars),
        "stars": tuple(stars),
    }
    for figure, whats in _NUMBERS.items():
        figures[figure] = number(*whats)
    for figure, what in _KEPT.items():
        figures[figure] = Kept(met=number(what, values=[1]), missed=number(what, values=[0]))
    for figure, what in _TIMES.items():
        figures[figure] = _times(cell, what)
    return Figures.model_validate(figures)


def _times(cell: _Cell, what: What) -> Times:
    """Exact, by nearest rank: a half and nine tenths of their number, rounded up."""
    took, worked = sorted(cell.took[what]), sorted(cell.worked[what])
    if not took:
        return Times()
    half, most = (len(took) + 1) // 2 - 1, (9 * len(took) + 9) // 10 - 1
    return Times(
        count=len(took),
        median=timedelta(microseconds=took[half]),
        p90=timedelta(microseconds=took[most]),
        working_median=timedelta(microseconds=worked[half]),
        working_p90=timedelta(microseconds=worked[most]),
    )
