"""Records as a table for Splink: prepared values in columns of their own, and the keys that find candidates."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from anyascii import anyascii

from omnichannel.identity.likeness.aspects import Aspect
from omnichannel.identity.likeness.blocking import keys
from omnichannel.identity.likeness.layout import Layout
from omnichannel.identity.splink.forms import ADDRESS, FORMS, WORDS, Form

ID, OWNER = "unique_id", "customer"
"""Every row has an id of its own, and names the customer, or the record, whose values it holds."""

MARK = "#"
"""Between a customer and the number of the row: `…#0`, `…#1`."""

Values = Sequence[Sequence[Any]]
"""The prepared values of one customer, or record: several for each aspect of a layout."""


@dataclass(frozen=True, slots=True)
class Placed:
    """An aspect in the table: its form, and what each of the form's columns is called here."""

    aspect: Aspect[Any]
    form: Form
    named: dict[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A layout as a table. One layout always gives the same columns."""

    layout: Layout
    placed: tuple[Placed, ...] = field(init=False)
    columns: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        taken = {ID, OWNER, "keys"}
        placed = tuple(_place(self.layout, aspect, taken) for aspect in self.layout.aspects)
        columns = (ID, OWNER, *(name for one in placed for name in one.named.values()))
        object.__setattr__(self, "placed", placed)
        object.__setattr__(self, "columns", columns)

    def prepare(self, cells: dict[str, str]) -> Values:
        """The values of one record, by its cells."""
        return [aspect.prepare(cells) for aspect in self.layout.aspects]

    def rows(self, who: str, values: Values) -> Iterator[list[str]]:
        """The rows of one customer, in the order of `columns`; none where nothing is said.

        Whoever has several values of something has several rows, so that each value stands in one: the second row
        holds the second of each, or the last where there are fewer.
        """
        for number in range(max((len(several) for several in values), default=0)):
            row = [f"{who}{MARK}{number}", who]
            for placed, several in zip(self.placed, values, strict=True):
                said = placed.form.cells(several[min(number, len(several) - 1)]) if several else ()
                row += said or ("",) * len(placed.form.columns)
            yield row

    def keys(self, values: Values) -> list[str]:
        """The keys under which whoever is alike is found, in order."""
        named = zip(self.layout.aspects, values, strict=True)
        return sorted(keys({aspect.name: several for aspect, several in named if several}))


def _place(layout: Layout, aspect: Aspect[Any], taken: set[str]) -> Placed:
    form = FORMS[layout.roles[aspect.columns[0]]]
    if form is ADDRESS and len(aspect.fields) == 1:
        form = WORDS  # a second line of an address is compared by its words
    single = len(form.columns) == 1
    # One person has one name, one date of birth, one address; of all else the heading tells which one it is.
    prefix = "" if aspect.name in ("name", "born", "address") else aspect.columns[0]
    named = {}
    for column in form.columns:
        wished = prefix if prefix and (single or column == form.columns[0]) else f"{prefix}_{column}"
        named[column] = _free(_spelt(wished), taken)
    return Placed(aspect, form, named)


def _spelt(heading: str) -> str:
    """A heading as SQL takes it unquoted: small letters, digits and _, a letter first."""
    plain = re.sub(r"[^a-z0-9]+", "_", anyascii(heading).lower()).strip("_")
    return plain if plain[:1].isalpha() else f"c_{plain}"


def _free(name: str, taken: set[str]) -> str:
    """The name, with a number behind it if it is taken."""
    found, number = name, 1
    while found in taken:
        number += 1
        found = f"{name}_{number}"
    taken.add(found)
    return found
