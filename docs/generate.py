"""Writes docs/reference/capabilities.md from what the channels declare: `python docs/generate.py`."""

# ruff: noqa: INP001 - a script, not a package
from __future__ import annotations

from pathlib import Path

from omnichannel.model import Capabilities, TextLimit, Window
from omnichannel.plugins import channel_class

PAGE = Path(__file__).parent / "reference" / "capabilities.md"
KINDS = ("email", "x", "messenger")

_HEAD = """\
# What each channel carries

Made by `python docs/generate.py` from `Channel.can`; a test fails when it is not up to date. In Python it is
`Email.can`, a [`Capabilities`](../../src/omnichannel/model/capability.py) value, on the command line
`omnichannel channels --json`. What a channel does not carry is refused before sending (`Unsupported`, `TooLarge`,
`WindowClosed`), never dropped.

"""

_MEANS = {
    "text": "one piece of text",
    "private_text": "one piece of private text",
    "public": "public messages",
    "private": "private messages",
    "parts_in": "parts that come in",
    "parts_out": "parts that go out",
    "media": "files that go out",
    "max_bytes": "bytes in one message or file",
    "max_attachments": "files in one message",
    "max_options": "options in one choice",
    "window": "answer within",
    "threads": "every thread is a question of its own",
    "subject": "has subjects",
    "html": "carries HTML",
    "echoes": "what we send comes back and settles doubts",
    "statuses": "tells what became of a message",
    "edits": "edits are seen",
    "deletes": "deletions are seen",
    "reactions": "reactions are seen",
    "typing": "typing is seen",
    "signs_body": "webhooks are signed over the body",
    "profiles": "can be asked for names",
}


def page() -> str:
    """The whole page: one row for each capability, one column for each channel."""
    cans = [channel_class(kind).can for kind in KINDS]
    rows = [
        f"| {means} (`{name}`) | " + " | ".join(_cell(can, name) for can in cans) + " |"
        for name, means in _MEANS.items()
    ]
    return _HEAD + "\n".join([f"| | {' | '.join(KINDS)} |", "|---" * (len(KINDS) + 1) + "|", *rows]) + "\n"


def _cell(can: Capabilities, name: str) -> str:
    value: object = getattr(can, name)
    if name == "private_text" and value is None:
        return "the same"
    if name == "window" and value is None:
        return "any time"
    return _written(value)


def _written(value: object) -> str:
    if isinstance(value, TextLimit):
        return f"{value.size:,} {value.measure}{', then several' if value.splits else ''}"
    if isinstance(value, Window):
        person = f"; {value.person_hours:g} h for a person" if value.person_hours else ""
        return f"{value.hours:g} h{person}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}" if value else "none"
    if isinstance(value, frozenset | tuple):
        return ", ".join(f"`{one}`" for one in sorted(map(str, value))) or "none"
    raise TypeError(f"{type(value).__name__}: say here how it is written")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
