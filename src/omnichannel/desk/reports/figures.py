"""The figures of a row by name, each with its unit: what tables have columns of, and drawings show."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Literal, NamedTuple

from omnichannel.model.desk import Figures, Kept, Times

Unit = Literal["", "s", "%"]
"""A number of things, seconds, or a share from 0 to 1."""


class Figure(NamedTuple):
    """One figure: what it is called, its unit, and how a row tells it (None: there is nothing to tell)."""

    label: str
    unit: Unit
    of: Callable[[Figures], float | None]


def _number(name: str) -> Figure:
    return Figure(name.replace("_", " "), "", lambda row: int(getattr(row, name)))


def _time(name: str, what: str) -> Figure:
    called = _TIMES[name]
    if what == "count":
        return Figure(f"{called}: how many", "", lambda row: int(getattr(row, name).count))

    def seconds(row: Figures) -> float | None:
        times: Times = getattr(row, name)
        length: timedelta | None = getattr(times, what)
        return None if length is None else length / timedelta(seconds=1)

    how = what.replace("working_", "").replace("p90", "90th percentile")
    return Figure(f"{called}, {how}{', working time' if 'working' in what else ''}", "s", seconds)


def _kept(name: str, what: str) -> Figure:
    def kept(row: Figures) -> float | None:
        promise: Kept = getattr(row, name)
        value: float | None = getattr(promise, what)
        return value

    said = {"met": "met", "missed": "missed", "share": "within target"}[what]
    called = name.removeprefix("in_").replace("first", "first answer").replace("next", "next answer")
    return Figure(f"{called}: {said}", "%" if what == "share" else "", kept)


def _star(place: int) -> Figure:
    return Figure(f"{place} star{'s' if place > 1 else ''}", "", lambda row: row.stars[place - 1])


_NUMBERS = (
    "received", "sent", "opened", "closed", "reopened", "transfers", "backlog", "switches", "repeats_avoided",
    "complaints", "compliments", "same_day",
)  # fmt: skip
_TIMES = {"first": "first answer", "next": "next answer", "resolution": "resolution"}
_PROMISES = ("in_first", "in_next", "in_resolution", "in_window")
_LENGTHS = ("median", "p90", "working_median", "working_p90")

FIGURES: Mapping[str, Figure] = {
    **{name: _number(name) for name in _NUMBERS},
    **{f"{name}.{what}": _time(name, what) for name in _TIMES for what in ("count", *_LENGTHS)},
    **{f"{name}.{what}": _kept(name, what) for name in _PROMISES for what in ("met", "missed", "share")},
    "asked": _number("asked"),
    "rated": _number("rated"),
    **{f"stars.{place}": _star(place) for place in range(1, 6)},
}
"""Every figure of a report, by name: `received`, `first.median`, `in_first.share`, `stars.5`."""
