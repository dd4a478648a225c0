"""Saying with words what a channel cannot show: choices, cards, places, people, links.

Nothing is dropped: a part that has no words for itself (a file's bytes, a template without its text) stays as it
is, and the channel refuses it.
"""

from __future__ import annotations

from collections.abc import Sequence

from omnichannel.model import (
    Attachment,
    Capabilities,
    Card,
    Choice,
    ContactCard,
    Location,
    Option,
    Part,
    Reference,
    Template,
    Text,
)


def readable(
    parts: Sequence[Part], can: Capabilities, *, public: bool = False
) -> tuple[tuple[Part, ...], tuple[str, ...]]:
    """The parts as this channel can show them there, and a sentence for each that is shown as words instead."""
    carried = can.parts_for(public=public)
    shown: list[Part] = []
    changed: list[str] = []
    for part in parts:
        words = "" if _is_shown(part, can, carried) else in_words(part)
        if words:
            changed.append(f"{'an' if part.type == 'attachment' else 'a'} {part.type} is shown as text")
        shown.append(Text(text=words) if words else part)
    return tuple(shown), tuple(changed)


def _is_shown(part: Part, can: Capabilities, carried: frozenset[str]) -> bool:
    if part.type not in carried:
        return False
    return not (isinstance(part, Choice) and can.max_options and len(part.options) > can.max_options)


def in_words(part: Part) -> str:
    """A part as readable text; empty if it has no words for itself."""
    if isinstance(part, Choice):
        return "\n".join(f"{number}. {_option(option)}" for number, option in enumerate(part.options, 1))
    if isinstance(part, Card):
        options = (f"{number}. {_option(option)}" for number, option in enumerate(part.options, 1))
        return _lines(part.title, part.text, part.image, *options)
    if isinstance(part, Location):
        at = f"mlat={part.latitude:.6f}&mlon={part.longitude:.6f}"
        return _lines(part.name, f"https://www.openstreetmap.org/?{at}")
    if isinstance(part, ContactCard):
        return _lines(part.name, *(address.value for address in part.addresses))
    if isinstance(part, Reference):
        return _lines(part.title, part.text, part.url)
    if isinstance(part, Template):
        return part.text
    if isinstance(part, Attachment) and part.content is None and part.url:
        return _lines(part.name, part.url)
    return ""


def _option(option: Option) -> str:
    return " – ".join(word for word in (option.title, option.text, option.url) if word.strip())


def _lines(*lines: str) -> str:
    return "\n".join(line for line in lines if line.strip())
