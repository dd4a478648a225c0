"""Reasons on a terminal: a line for each, its weight in bits, and a bar that begins where the last one ended."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from omnichannel.errors import UsageError
from omnichannel.model import Weight

_WIDE = 24
_FOR, _AGAINST = "█", "░"


def lines(weights: Sequence[Weight]) -> list[str]:
    """The waterfall as text; empty for none. Bars for it are full, bars against it light: no colour is needed."""
    if not weights:
        return []
    ends = [0.0]
    for weight in weights:
        ends.append(ends[-1] + weight.bits)
    low, scale = min(ends), _WIDE / max(max(ends) - min(ends), 1.0)

    def bar(start: float, end: float) -> str:
        first, last = sorted((round((start - low) * scale), round((end - low) * scale)))
        return (" " * first + (_FOR if end >= start else _AGAINST) * max(1, last - first)).ljust(_WIDE + 1)

    told = [
        f"  {weight.bits:+6.1f} {bar(start, start + weight.bits)} {weight.field}: {plain(weight.says)}"
        for weight, start in zip(weights, ends, strict=False)
    ]
    return [*told, f"  {ends[-1]:+6.1f} {bar(0.0, ends[-1])} in all, in bits: each doubles the odds"]


def plain(text: str) -> str:
    """A text on one line that commands no terminal: what is not printable is a dot."""
    return "".join(char if char.isprintable() else "·" for char in text)


def shortened(text: str, most: int = 60) -> str:
    """The first words of a text, on one line."""
    told = plain(" ".join(text.split()))
    return told if len(told) <= most else f"{told[: most - 1].rstrip()}…"


def write_picture(path: str, weights: Iterable[Weight], odds: float, probability: float) -> None:
    """Draw the waterfall into an SVG file. Raises UsageError if there is nothing to draw, or no such folder."""
    from omnichannel.identity.likeness.drawing import draw
    from omnichannel.identity.likeness.waterfall import Step, Waterfall

    steps = tuple(Step(weight.field, weight.says, weight.bits) for weight in weights)
    try:
        Path(path).write_text(draw(Waterfall(steps, odds, probability)), encoding="utf-8")
    except FileNotFoundError:
        raise UsageError(f"{path}: the folder is not there; make it first") from None
