"""A template and values become words: all of it, or an error that names the fields."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from omnichannel.desk.answers.template import Clause, Piece, Slot, Template, Words
from omnichannel.errors import Unfilled
from omnichannel.model.desk import FieldType, FieldValue, Money

_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)
"""What cannot be seen, or turns what stands around it: it has no business in a name or a number."""

_LINK = re.compile(r"https?://[^\s<>\"{}|\\^`]+")

_PYTHON: Mapping[FieldType, tuple[type, ...]] = {
    "str": (str,),
    "int": (int,),
    "number": (int, Decimal),
    "date": (date,),
    "time": (time,),
    "datetime": (datetime,),
    "money": (Money,),
    "link": (str,),
}

Wording = Callable[[FieldValue], str]
"""How a value is written in a language (`omnichannel.desk.answers.wording`)."""


@dataclass(frozen=True, slots=True)
class Filled:
    """The words, and the fields that had no value and were done without."""

    text: str
    without: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Gap:
    """Here something was left out, and with it the blank or the line that it stood on."""


def fill(template: Template, values: Mapping[str, FieldValue], wording: Wording = str) -> Filled:
    """Say a template with these values. An empty text counts as no value.

    Raises Unfilled, which names every field that is missing with nothing to say instead, or whose value is not of
    the type that the template wants; also where nothing would be said at all.
    """
    without: dict[str, None] = {}
    lacking = tuple(dict.fromkeys(_lacking(template, values)))
    if lacking:
        raise Unfilled(
            lacking,
            f"no value for {', '.join(lacking)}: give one, or write into the answer what to say without "
            f"({{{lacking[0]}|…}}, or [ … {{{lacking[0]}}} … ])",
        )
    text = _close(list(_said(template, values, wording, without)))
    if not text.strip():
        raise Unfilled(
            tuple(without), "nothing is left to say without these values: give them, or say something else"
        )
    return Filled(text, tuple(without))


def plain(value: str) -> str:
    """A value as it can stand in a sentence: on one line, without what cannot be seen."""
    return " ".join(_UNSEEN.sub("", value).split())


def _lacking(template: Template, values: Mapping[str, FieldValue]) -> Iterator[str]:
    """The fields for want of which this cannot be said."""
    for piece in template:
        if isinstance(piece, Slot) and not _has(piece, values):
            if piece.otherwise is None:
                yield piece.field
            else:
                yield from _lacking(piece.otherwise, values)


def _has(slot: Slot, values: Mapping[str, FieldValue]) -> bool:
    value = values.get(slot.field)
    if value is None:
        return False
    _check(slot, value)
    return not isinstance(value, str) or bool(plain(value))


def _check(slot: Slot, value: FieldValue) -> None:
    """Raises Unfilled where a value is not of its field's type."""
    wanted = slot.type
    if wanted is None:
        right = not isinstance(value, (bool, float))
    else:
        right = isinstance(value, _PYTHON[wanted]) and not isinstance(value, bool)
        if wanted == "date" and isinstance(value, datetime):
            right = False
        if wanted == "link":
            right = isinstance(value, str) and (not plain(value) or bool(_LINK.fullmatch(plain(value))))
    if not right:
        given = (
            "a link that begins with https://"
            if wanted == "link"
            else wanted or "text, number, date or money"
        )
        raise Unfilled((slot.field,), f"{slot.field} wants {given}, and was given {value!r}: give it one")
    if isinstance(value, datetime) and value.tzinfo is None:
        raise Unfilled((slot.field,), f"{slot.field} was given {value!r}: give the moment its time zone")


def _said(
    template: Template, values: Mapping[str, FieldValue], wording: Wording, without: dict[str, None]
) -> Iterator[str | _Gap]:
    for piece in template:
        yield from _piece(piece, values, wording, without)


def _piece(
    piece: Piece, values: Mapping[str, FieldValue], wording: Wording, without: dict[str, None]
) -> Iterator[str | _Gap]:
    if isinstance(piece, Words):
        yield piece.text
    elif isinstance(piece, Slot):
        if _has(piece, values):
            yield plain(wording(values[piece.field]))
        else:
            without[piece.field] = None
            yield from _said(piece.otherwise or (), values, wording, without)
    else:
        yield from _clause(piece, values, wording, without)


def _clause(
    clause: Clause, values: Mapping[str, FieldValue], wording: Wording, without: dict[str, None]
) -> Iterator[str | _Gap]:
    for way in clause.ways:
        lacking = list(_lacking(way, values))
        if not lacking:
            yield from _said(way, values, wording, without)
            return
        without.update(dict.fromkeys(lacking))
    yield _Gap()


def _close(said: list[str | _Gap]) -> str:
    """Join what is said; where something was left out, its blank or its line goes with it."""
    text = ""
    gap = False
    for piece in said:
        if isinstance(piece, _Gap):
            gap = True
        elif gap and piece:
            before, after = _mended(text, piece)
            text, gap = before + after, False
        else:
            text += piece
    return text.rstrip(" ") if gap else text


def _mended(before: str, after: str) -> tuple[str, str]:
    """Both sides of a gap, without the second of two blanks, or the line break of a line that is empty now."""
    if after.startswith("\n") and (not before or before.endswith("\n")):
        return before, after[1:]
    if after[0] in " \n.,;:!?" and before.endswith(" "):
        return before.rstrip(" "), after
    if after.startswith(" ") and (not before or before.endswith("\n")):
        return before, after[1:]
    return before, after
