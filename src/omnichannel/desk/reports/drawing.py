"""One figure of a report as a drawing: SVG that needs no colour to be read, and no eyes.

Lines where a report has periods, bars where it has none. Every line has dashes and marks of its own and its name
beside them; title and description say in words what is drawn, and each point what it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from html import escape
from math import ceil, floor, log10
from zoneinfo import ZoneInfo

from omnichannel.desk.reports.figures import FIGURES, Figure
from omnichannel.errors import UsageError
from omnichannel.model.desk import Figures, Report

LINES = 8
"""So many lines can be told apart without colour."""

_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM = 840, 420, 70, 190, 50, 50
_BAR, _LONGEST = 26, 22
_DASHES = ("", "8 4", "2 3", "10 3 2 3", "", "8 4", "2 3", "10 3 2 3")
_NOT_IN_XML = re.compile(r"[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SCALES = ((172_800, 86_400, "days"), (7200, 3600, "hours"), (120, 60, "minutes"), (0, 1, "seconds"))

_Points = Sequence[tuple[Figures, float | None]]


def draw(report: Report, figure: str, *, title: str = "") -> str:
    """One figure of a report (`FIGURES` has their names) as a whole SVG document; the same for the same report.

    `title` stands above it, instead of the figure's own name. Raises UsageError for an unknown figure, and for more
    lines than can be told apart (8): ask for a report of one team then.
    """
    if figure not in FIGURES:
        raise UsageError(f"no figure is called {figure[:40]!r}; there are: {', '.join(FIGURES)}")
    lines: dict[str, list[tuple[Figures, float | None]]] = {}
    for row in report.rows:
        lines.setdefault(row.name, []).append((row, FIGURES[figure].of(row)))
    if report.every and len(lines) > LINES:
        raise UsageError(
            f"{len(lines)} lines cannot be told apart, {LINES} can: ask for some, or without periods"
        )
    scale = _Scale(FIGURES[figure], [value for points in lines.values() for _, value in points])
    shown = title or FIGURES[figure].label
    body = _lines(report, lines, scale) if report.every else _bars(report, lines, scale)
    height = _HEIGHT if report.every else _TOP + _BAR * max(1, len(lines)) + _BOTTOM
    return "\n".join([*_head(report, lines, scale, shown, height), *body, "</svg>", ""])


class _Scale:
    """From values to what is written beside them, and to where they are: 0 to 1 of the axis."""

    def __init__(self, figure: Figure, values: Sequence[float | None]) -> None:
        most = max((value for value in values if value is not None), default=0.0)
        self.per, self.unit = 1.0, ""
        if figure.unit == "s":
            _, self.per, self.unit = next(one for one in _SCALES if most >= one[0])
        elif figure.unit == "%":
            self.per, self.unit = 0.01, "%"
        self.step = _step(most / self.per)
        if not figure.unit:
            self.step = max(1, self.step)
        self.top = self.step * max(1, ceil(most / self.per / self.step))

    def at(self, value: float) -> float:
        return value / self.per / self.top

    def ticks(self) -> list[float]:
        return [self.step * number for number in range(round(self.top / self.step) + 1)]

    def say(self, value: float | None) -> str:
        if value is None:
            return "nothing"
        number = _n(value / self.per)
        return f"{number} {self.unit}".rstrip() if self.unit != "%" else f"{number}%"


def _step(most: float) -> float:
    """About five steps up to there, each 1, 2 or 5 times a power of ten."""
    if most <= 0:
        return 1.0
    power = 10.0 ** floor(log10(most / 5))
    return next(power * each for each in (1, 2, 5, 10) if power * each * 5 >= most * (1 - 1e-9))


def _head(
    report: Report,
    lines: dict[str, list[tuple[Figures, float | None]]],
    scale: _Scale,
    shown: str,
    height: int,
) -> Iterator[str]:
    told = "; ".join(
        f"{_name(name, report)}: {', '.join(scale.say(value) for _, value in points)}"
        for name, points in lines.items()
    )
    nothing = "Nothing was counted"
    period = f"{_day(report.since, report)} to {_day(report.until, report)}, {report.zone}"
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img"'
        ' aria-labelledby="title told" font-family="sans-serif" font-size="12" fill="#000">'
    )
    yield f'<title id="title">{_text(shown)}</title>'
    yield f'<desc id="told">{_text(f"{period}. {told or nothing}.")}</desc>'
    yield f'<rect width="{_WIDTH}" height="{height}" fill="#fff"/>'
    unit = f" ({scale.unit})" if scale.unit else ""
    yield f'<text x="{_LEFT}" y="20" font-size="15" font-weight="bold">{_text(shown + unit)}</text>'
    yield f'<text x="{_LEFT}" y="37" fill="#555">{_text(period)}</text>'


# -------------------------------------------------------------------------------------------------- lines


def _lines(
    report: Report, lines: dict[str, list[tuple[Figures, float | None]]], scale: _Scale
) -> Iterator[str]:
    for tick in scale.ticks():
        y = _y(tick / scale.top)
        yield f'<path d="M{_LEFT} {y}H{_WIDTH - _RIGHT}" stroke="#ccc"/>'
        yield f'<text x="{_LEFT - 8}" y="{y}" dy="4" text-anchor="end">{_n(tick)}</text>'
    periods = next(iter(lines.values()), [])
    for number in _labelled(len(periods)):
        x, said = _x(number, len(periods)), _when(periods[number][0], report)
        yield f'<text x="{x}" y="{_HEIGHT - _BOTTOM + 20}" text-anchor="middle">{_text(said)}</text>'
    for number, (name, points) in enumerate(lines.items()):
        yield from _line(report, number, name, points, scale)


def _line(report: Report, number: int, name: str, points: _Points, scale: _Scale) -> Iterator[str]:
    dash = f' stroke-dasharray="{_DASHES[number]}"' if _DASHES[number] else ""
    called, y = _name(name, report), _TOP + 14 + 22 * number
    x = _WIDTH - _RIGHT + 16
    yield f"<g><title>{_text(called)}</title>"
    if path := _path(points, scale):
        yield f'<path d="{path}" fill="none" stroke="#000" stroke-width="1.5"{dash}/>'
    for place, (row, value) in enumerate(points):
        if value is not None:
            said = _text(f"{called}, {_when(row, report)}: {scale.say(value)}")
            where = _x(place, len(points)), _y(scale.at(value))
            yield _mark(number, *where).replace("/>", f"><title>{said}</title></path>")
    yield f'<path d="M{x} {y}h28" stroke="#000" stroke-width="1.5"{dash}/>{_mark(number, x + 14, y)}'
    yield f'<text x="{x + 36}" y="{y}" dy="4">{_text(_short(called))}</text></g>'


def _path(points: _Points, scale: _Scale) -> str:
    """A line with gaps where there is nothing."""
    path, pen = "", "M"
    for place, (_, value) in enumerate(points):
        if value is None:
            pen = "M"
        else:
            path += f"{pen}{_x(place, len(points))} {_y(scale.at(value))}"
            pen = "L"
    return path


def _mark(number: int, x: float, y: float) -> str:
    """A mark for each line: dot, square, triangle, diamond; filled for the first four."""
    shape = (
        "m-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0z", "m-4-4h8v8h-8z", "m-5 4h10l-5-9z", "m0-5l5 5-5 5-5-5z",
    )[number % 4]  # fmt: skip
    fill = "#000" if number < LINES // 2 else "#fff"
    return f'<path d="M{_n(x)} {_n(y)}{shape}" fill="{fill}" stroke="#000"/>'


def _labelled(count: int) -> range:
    """Which periods are named: about eight."""
    return range(0, count, max(1, ceil(count / 8)))


def _x(number: int, of: int) -> float:
    return round(_LEFT + (number + 0.5) * (_WIDTH - _LEFT - _RIGHT) / of, 2)


def _y(share: float) -> float:
    return round(_HEIGHT - _BOTTOM - share * (_HEIGHT - _TOP - _BOTTOM), 2)


# --------------------------------------------------------------------------------------------------- bars


def _bars(
    report: Report, lines: dict[str, list[tuple[Figures, float | None]]], scale: _Scale
) -> Iterator[str]:
    long = _WIDTH - _LEFT - 2 * _RIGHT
    for number, (name, [(_, value)]) in enumerate(lines.items()):
        y, called = _TOP + _BAR * number, _name(name, report)
        width = _n(long * scale.at(value or 0))
        said = scale.say(value)
        yield f"<g><title>{_text(f'{called}: {said}')}</title>"
        yield f'<text x="{_LEFT + _RIGHT - 8}" y="{y + 18}" text-anchor="end">{_text(_short(called))}</text>'
        place = f'x="{_LEFT + _RIGHT}" y="{y + 4}" width="{width}" height="{_BAR - 8}"'
        yield f'<rect {place} fill="#777" stroke="#000"/>'
        beside = _n(_LEFT + _RIGHT + float(width) + 6)
        yield f'<text x="{beside}" y="{y + 18}">{_text(said)}</text></g>'


# -------------------------------------------------------------------------------------------------- words


def _name(name: str, report: Report) -> str:
    return name or {"agent": "nobody", "team": "no team", "": "all"}.get(report.by, "none")


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"


def _when(row: Figures, report: Report) -> str:
    shown = row.since.astimezone(ZoneInfo(report.zone))
    return shown.strftime({"hour": "%m-%d %H:%M", "month": "%Y-%m"}.get(report.every, "%Y-%m-%d"))


def _day(moment: datetime, report: Report) -> str:
    return f"{moment.astimezone(ZoneInfo(report.zone)):%Y-%m-%d %H:%M}"


def _text(said: str) -> str:
    return escape(_NOT_IN_XML.sub("\ufffd", said))


def _n(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")
