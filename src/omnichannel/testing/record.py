"""Filling in what a channel does today, for a person to read and keep: recorded is not yet right."""

from __future__ import annotations

import json
from pathlib import Path

from omnichannel.channel import Channel
from omnichannel.errors import UsageError
from omnichannel.testing.cases import Case, found_events, load
from omnichannel.testing.failing import Json, difference
from omnichannel.testing.shapes import told, told_call

_WIDEST = 110


def record(path: Path, channel: Channel) -> str:
    """Write into a case file what the channel does with it; what changed, as lines. Raises BadCase, WireError."""
    case = load(path)
    kept = {
        key: value for key, value in case.data.items() if key not in ("events", "calls", "raises", "receipt")
    }
    recorded = {**kept, **_recorded(case, channel)}
    path.write_text(laid_out(recorded) + "\n", encoding="utf-8")
    return difference(dict(case.data), recorded)


def laid_out(value: Json, indent: str = "") -> str:
    """JSON for people: whatever fits stands on one line."""
    line = json.dumps(value, ensure_ascii=False)
    if len(indent) + len(line) <= _WIDEST or not isinstance(value, dict | list) or not value:
        return line
    inner = f"{indent}  "
    if isinstance(value, dict):
        lines = [
            f"{json.dumps(key, ensure_ascii=False)}: {laid_out(one, inner)}" for key, one in value.items()
        ]
        opening, closing = "{", "}"
    else:
        lines = [laid_out(one, inner) for one in value]
        opening, closing = "[", "]"
    return f"{opening}\n{inner}" + f",\n{inner}".join(lines) + f"\n{indent}{closing}"


def _recorded(case: Case, channel: Channel) -> dict[str, Json]:
    if case.direction == "receive":
        return {"events": [told(event) for event in found_events(case, channel)]}
    subject = case.seen_by(channel)
    if case.direction == "response":
        return {"receipt": told(subject.read(case.call, case.response))}
    try:
        return {"calls": [told_call(call) for call in subject.render(case.draft)]}
    except UsageError as error:
        return {"raises": type(error).__name__}
