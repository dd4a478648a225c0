r"""The little language of standard answers: words, fields, and clauses that are left out where a field is missing.

| written | means |
|---|---|
| `{order.number}` | the value; without one the answer cannot be said |
| `{order.total:money}` | the same, of a type (`FieldType`), written as the language writes it |
| `{customer.first_name|customer}` | the value, or what follows the bar |
| `[ about order {order.number}]` | only if each field in it has a value |
| `[Dear {customer.first_name},|Hello,]` | the first of several that can be said |
| `\{ \} \[ \] \| \\` | the character itself |

Nothing in it is run: there is no other way to say anything, and a value is never read as a template.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import NoReturn, TypeAlias, get_args

from omnichannel.errors import ConfigError
from omnichannel.model.desk import FieldType

TYPES: tuple[FieldType, ...] = get_args(FieldType)

LONGEST = 20_000
"""Characters in one wording: more than any channel carries."""

DEEPEST = 8
"""How many fields and clauses may stand in each other."""

_NAME = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*")
_PLAIN = re.compile(r"[^{}\[\]|\\]+")
_SPECIAL = frozenset("{}[]|\\")


@dataclass(frozen=True, slots=True)
class Words:
    """Said as they stand."""

    text: str


@dataclass(frozen=True, slots=True)
class Slot:
    """A field. `otherwise` is said without a value; None where there is nothing to say instead."""

    field: str
    type: FieldType | None = None
    otherwise: Template | None = None


@dataclass(frozen=True, slots=True)
class Clause:
    """Ways to say something; the first that lacks nothing is said, or none."""

    ways: tuple[Template, ...]


Piece: TypeAlias = Words | Slot | Clause
Template: TypeAlias = tuple[Piece, ...]


def parse(text: str, where: str = "template") -> Template:
    """Read a template. Raises ConfigError with line and column; `where` is what the message calls it."""
    if len(text) > LONGEST:
        raise ConfigError(
            where, f"it has {len(text):,} characters", f"Keep it below {LONGEST:,}; no channel carries more"
        )
    reader = _Reader(text, where)
    template = reader.template("", 0)
    if reader.at < len(text):
        reader.stray()
    return template


def slots(template: Template) -> Iterator[Slot]:
    """Every field of a template, in order, those inside others included."""
    for piece in template:
        if isinstance(piece, Slot):
            yield piece
            yield from slots(piece.otherwise or ())
        elif isinstance(piece, Clause):
            for way in piece.ways:
                yield from slots(way)


def can_fail(template: Template) -> bool:
    """Whether something in it may be missing with nothing to say instead."""
    return any(
        isinstance(piece, Slot) and (piece.otherwise is None or can_fail(piece.otherwise))
        for piece in template
    )


class _Reader:
    """A template and the place that was come to."""

    def __init__(self, text: str, where: str) -> None:
        self.text = text
        self.where = where
        self.at = 0

    def template(self, ends: str, depth: int) -> Template:
        """Everything up to one of these characters, or to the end."""
        pieces: list[Piece] = []
        while self.at < len(self.text) and self.here not in ends:
            if self.here == "{":
                pieces.append(self.slot(depth + 1))
            elif self.here == "[":
                pieces.append(self.clause(depth + 1))
            elif self.here in "}]" or (self.here == "|" and ends):
                break
            else:
                pieces.append(Words(self.words()))
        return _joined(pieces)

    @property
    def here(self) -> str:
        return self.text[self.at : self.at + 1]

    def words(self) -> str:
        if self.here == "|":
            self.at += 1
            return "|"
        if self.here == "\\":
            return self.escaped()
        plain = _PLAIN.match(self.text, self.at)
        assert plain is not None
        self.at = plain.end()
        return plain[0]

    def escaped(self) -> str:
        meant = self.text[self.at + 1 : self.at + 2]
        if meant not in _SPECIAL:
            self.fail("a backslash stands before nothing that needs one", r"Write \\ for a backslash")
        self.at += 2
        return meant

    def slot(self, depth: int) -> Slot:
        start = self.opened(depth)
        name = _NAME.match(self.text, self.at)
        if name is None:
            self.fail(
                "a field has no name", r"Write {customer.first_name}, in small letters; for a brace write \{"
            )
        self.at = name.end()
        kind = self.type()
        otherwise = self.otherwise(name[0], depth)
        self.closed("}", start, f"the field {name[0]}")
        return Slot(name[0], kind, otherwise)

    def type(self) -> FieldType | None:
        if self.here != ":":
            return None
        self.at += 1
        word = _NAME.match(self.text, self.at)
        written = word[0] if word else ""
        for known in TYPES:
            if written == known:
                self.at += len(written)
                return known
        near = get_close_matches(written, TYPES, 1)
        meant = f"; did you mean {near[0]}?" if near else ""
        problem = f"there is no type {written!r}{meant}" if written else "a type is missing"
        return self.fail(problem, f"Types are {', '.join(TYPES)}")

    def otherwise(self, name: str, depth: int) -> Template | None:
        if self.here != "|":
            return None
        self.at += 1
        instead = self.template("}", depth)
        if not any(not isinstance(piece, Words) or piece.text.strip() for piece in instead):
            self.fail(
                f"there is nothing to say where {name} is missing",
                f"Write some words after the bar, or put what goes with it in brackets: [ … {{{name}}} … ]",
            )
        return instead

    def clause(self, depth: int) -> Clause:
        start = self.opened(depth)
        ways = [self.template("|]", depth)]
        while self.here == "|":
            self.at += 1
            ways.append(self.template("|]", depth))
        self.closed("]", start, "a clause")
        needing = ways[:-1] or ways
        if not all(can_fail(way) for way in needing):
            self.at = start
            self.fail(
                "what stands in these brackets is always said",
                r"Put a field without a fallback into it, or write \[ and \] for brackets",
            )
        return Clause(tuple(ways))

    def opened(self, depth: int) -> int:
        if depth > DEEPEST:
            self.fail(
                f"more than {DEEPEST} fields and clauses stand in each other", "Make two answers out of it"
            )
        self.at += 1
        return self.at - 1

    def closed(self, by: str, start: int, what: str) -> None:
        if self.here == by:
            self.at += 1
            return
        if self.at >= len(self.text):
            self.at = start
            self.fail(f"{what} is not closed", f"Put a {by} behind it")
        self.fail(f"{self.here!r} stands inside {what}", f"Close it before with {by}, or write \\{self.here}")

    def stray(self) -> NoReturn:
        self.fail(f"{self.here!r} closes nothing", f"Take it out, or write \\{self.here}")

    def fail(self, problem: str, cure: str) -> NoReturn:
        before = self.text[: self.at]
        line = before.count("\n") + 1
        column = self.at - (before.rfind("\n") + 1) + 1
        raise ConfigError(f"{self.where}, line {line}, column {column}", problem, cure)


def _joined(pieces: list[Piece]) -> Template:
    """Words beside words are one piece."""
    joined: list[Piece] = []
    for piece in pieces:
        last = joined[-1] if joined else None
        if isinstance(piece, Words) and isinstance(last, Words):
            joined[-1] = Words(last.text + piece.text)
        else:
            joined.append(piece)
    return tuple(joined)
