"""What of two records is compared: aspects (a name, an address), and the fields of evidence that each gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from omnichannel.identity.likeness.compare.comparator import Comparator

P = TypeVar("P")


class Kind(StrEnum):
    """What a field tells of: it decides which strangers agree on it (see `relations`)."""

    SELF = "self"
    GIVEN = "given"
    FAMILY = "family"
    HOME = "home"
    PLACE = "place"
    WORK = "work"
    CONTACT = "contact"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Level:
    """One outcome of a comparison in words, and how often it is met before anything was learned.

    `match` is its share among pairs that are one customer's, `chance` among pairs of strangers; where a value's own
    frequency counts (`by_value`), `chance` is the frequency of a typical value.
    """

    says: str
    match: float
    chance: float
    by_value: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """One field of evidence: its levels from weakest to strongest.

    `identifies`: an equal value is meant to be one person's alone (a document's number, an e-mail address).
    """

    name: str
    kind: Kind
    levels: tuple[Level, ...]
    identifies: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """What comparing gave for one field: the level, and the values that agree on it ("" where none counts)."""

    level: int
    one: str = ""
    other: str = ""


MISSING = Found(-1)
"""One side says nothing of this field: no evidence either way."""


@dataclass(frozen=True, slots=True)
class Aspect(Generic[P]):
    """How one aspect is read from the cells of a record and compared.

    `prepare` takes the cells (by column) and returns every value they hold, several where a cell holds several;
    `compare` gives one `Found` for each of `fields`; `terms` the values to count for each field.
    """

    name: str
    columns: tuple[str, ...]
    fields: tuple[Field, ...]
    prepare: Callable[[Mapping[str, str]], Sequence[P]]
    compare: Callable[[P, P], tuple[Found, ...]]
    terms: Callable[[P], tuple[tuple[str, ...], ...]]


def single(
    name: str,
    column: str,
    field: Field,
    comparator: Comparator[P],
    term: Callable[[P], str],
    split: Callable[[str], Sequence[str]],
) -> Aspect[P]:
    """An aspect of one column and one field, by a comparator of its own."""

    def prepare(cells: Mapping[str, str]) -> list[P]:
        found = (comparator.prepare(part) for part in split(cells.get(column, "")))
        return [value for value in found if value is not None]

    def compare(one: P, other: P) -> tuple[Found, ...]:
        return (Found(comparator.level(one, other), term(one), term(other)),)

    return Aspect(name, (column,), (field,), prepare, compare, lambda value: ((term(value),),))


def several(cell: str) -> list[str]:
    """The values of one cell: several are written with | or ; between them, or on lines of their own."""
    if "|" not in cell and ";" not in cell and "\n" not in cell:
        return [cell] if cell.strip() else []
    return [part.strip() for part in cell.replace("|", "\n").replace(";", "\n").split("\n") if part.strip()]
