"""Greetings to nobody: what a template would say where nothing is known, looked at before anybody gets it."""

from __future__ import annotations

import re

from omnichannel.desk.answers.template import Clause, Slot, Template, Words

_WORDS = (
    "dear", "hello", "hi", "hey", "good morning", "good afternoon", "good evening",
    "beste", "geachte", "lieve", "dag", "hoi",
    "liebe", "lieber", "liebe/r", "sehr geehrte", "sehr geehrter", "guten tag",
    "cher", "chère", "chers", "bonjour",
    "estimado", "estimada", "querido", "querida", "gentile", "caro", "cara",
)  # fmt: skip
_ALONE = frozenset(
    {
        "hello",
        "hi",
        "hey",
        "good morning",
        "good afternoon",
        "good evening",
        "dag",
        "hoi",
        "guten tag",
        "bonjour",
    }
)

_EMPTY = re.compile(
    rf"^\s*(?:{'|'.join(re.escape(word) for word in _WORDS if word not in _ALONE)})\s*[,!:.]?\s*$",
    re.IGNORECASE,
)
_COMMA = re.compile(rf"^\s*(?:{'|'.join(map(re.escape, _WORDS))})\s+[,!:]", re.IGNORECASE)


def empty_greeting(template: Template) -> str:
    """The line that greets nobody where no field has a value ("Dear ,"); empty if there is none."""
    lines = barest(template).split("\n")
    return next((line.strip() for line in lines if _EMPTY.match(line) or _COMMA.match(line)), "")


def barest(template: Template) -> str:
    """What a template says with no values at all; a field that must have one stands there as itself."""
    return "".join(_bare(piece) for piece in template)


def _bare(piece: Words | Slot | Clause) -> str:
    if isinstance(piece, Words):
        return piece.text
    if isinstance(piece, Slot):
        return f"<{piece.field}>" if piece.otherwise is None else barest(piece.otherwise)
    last = piece.ways[-1]
    return "" if any(isinstance(each, Slot) and each.otherwise is None for each in last) else barest(last)
