"""A waterfall as a picture: SVG that reads well in light and dark, and aloud."""

from __future__ import annotations

from xml.sax.saxutils import escape

from omnichannel.identity.likeness.waterfall import Step, Waterfall

_ROW, _TOP, _LEFT, _WIDTH, _RIGHT = 26, 34, 330, 300, 70
_STYLE = """
  text{font:13px system-ui,sans-serif;fill:#1f2328}.for{fill:#1a7f37}.against{fill:#bc4c00}.all{fill:#0969da}
  .axis,.join{stroke:#8c959f;stroke-width:1}.join{stroke-dasharray:2 2}.quiet{fill:#59636e}
  @media(prefers-color-scheme:dark){text{fill:#e6edf3}.for{fill:#3fb950}.against{fill:#f0883e}.all{fill:#58a6ff}
  .axis,.join{stroke:#6e7681}.quiet{fill:#9198a1}}"""


def draw(waterfall: Waterfall) -> str:
    """The picture as one SVG document. Every bar has its words and its bits beside it: colour alone says nothing."""
    bars = [*waterfall.steps, Step("in all", f"probability {waterfall.probability:.4f}", waterfall.odds)]
    ends = [0.0]
    for step in waterfall.steps:
        ends.append(ends[-1] + step.bits)
    low, high = min(ends), max(ends)
    scale = _WIDTH / max(high - low, 1.0)

    def across(bits: float) -> float:
        return _LEFT + (bits - low) * scale

    rows = []
    for place, step in enumerate(bars):
        start = 0.0 if place == len(bars) - 1 else ends[place]
        rows.append(_bar(place, step, across(start), across(start + step.bits), last=place == len(bars) - 1))
    height = _TOP + _ROW * len(bars) + 10
    zero = across(0.0)
    aloud = "; ".join(f"{step.field}, {step.says}, {step.bits:+.1f} bits" for step in bars)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_LEFT + _WIDTH + _RIGHT} {height}" role="img" '
        f'aria-labelledby="title desc"><title id="title">Why these two records are, or are not, one customer</title>'
        f'<desc id="desc">{escape(aloud)}</desc><style>{_STYLE}</style>'
        f'<text x="10" y="20" class="quiet">bits: each doubles the odds</text>'
        f'<line class="axis" x1="{zero:.1f}" y1="{_TOP - 6}" x2="{zero:.1f}" y2="{height - 6}"/>'
        f"{''.join(rows)}</svg>\n"
    )


def _bar(place: int, step: Step, start: float, end: float, *, last: bool) -> str:
    y = _TOP + place * _ROW
    kind = "all" if last else "for" if step.bits >= 0 else "against"
    left, width = min(start, end), max(abs(end - start), 1.0)
    says = step.says if len(step.says) <= 38 else f"{step.says[:37]}…"
    join = "" if last else f'<line class="join" x1="{end:.1f}" y1="{y + 18}" x2="{end:.1f}" y2="{y + _ROW}"/>'
    return (
        f'<text x="10" y="{y + 14}">{escape(step.field)}<tspan class="quiet" dx="8">{escape(says)}</tspan></text>'
        f'<rect class="{kind}" x="{left:.1f}" y="{y}" width="{width:.1f}" height="18" rx="3"/>'
        f'<text x="{left + width + 6:.1f}" y="{y + 14}">{step.bits:+.1f}</text>{join}'
    )
