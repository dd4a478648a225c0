"""Which columns of a record file make up which aspect, and so which fields of evidence there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from omnichannel.identity.likeness.addresses import address_aspect
from omnichannel.identity.likeness.aspects import Aspect, Field, Kind, Level, several, single
from omnichannel.identity.likeness.compare.dates import BORN
from omnichannel.identity.likeness.compare.documents import DOCUMENT
from omnichannel.identity.likeness.compare.emails import EMAIL
from omnichannel.identity.likeness.compare.texts import CATEGORY, SEX
from omnichannel.identity.likeness.contacts import PHONE_WRITTEN_ANYHOW
from omnichannel.identity.likeness.headings import Role, recognise
from omnichannel.identity.likeness.names import name_aspect
from omnichannel.identity.likeness.wording import wording_aspect

Cells = Mapping[str, str]

TEXTS = frozenset({Role.COMPANY, Role.EMPLOYER, Role.TEXT})
"""Columns that are compared by their words."""


def _field(
    name: str,
    kind: Kind,
    says: Sequence[str],
    match: Sequence[float],
    chance: Sequence[float],
    *,
    identifies: bool = False,
) -> Field:
    """A field whose last level is an equal value, which counts by its own frequency."""
    last = len(says) - 1
    rows = zip(says, match, chance, strict=True)
    levels = tuple(Level(*row, by_value=place == last) for place, row in enumerate(rows))
    return Field(name, kind, levels, identifies)


def _born(column: str, join: Sequence[str] = ()) -> Aspect[Any]:
    match = (0.04, 0.02, 0.03, 0.03, 0.06, 0.04, 0.02, 0.11, 0.65)
    chance = (0.88, 0.06, 0.012, 0.0025, 0.008, 0.001, 0.0001, 0.0006, 0.00004)
    made = _field("born", Kind.SELF, BORN.levels, match, chance)
    aspect = single("born", column, made, BORN, lambda born: born.text, several)
    if not join:
        return aspect

    def joined(cells: Cells) -> list[Any]:
        date = "-".join(cells.get(part, "").strip() for part in join).strip("-")
        found = BORN.prepare(date)
        return [found] if found is not None else []

    return Aspect("born", tuple(join), aspect.fields, joined, aspect.compare, aspect.terms)


def _email(column: str, name: str) -> Aspect[Any]:
    made = _field(name, Kind.CONTACT, EMAIL.levels,
                   (0.18, 0.04, 0.04, 0.04, 0.10, 0.60),
                   (0.985, 0.01, 0.003, 0.0008, 0.0002, 0.000002), identifies=True)  # fmt: skip
    return single(name, column, made, EMAIL, lambda email: email.text, several)


def _phone(column: str, name: str) -> Aspect[Any]:
    made = _field(name, Kind.CONTACT, PHONE_WRITTEN_ANYHOW.levels,
                   (0.20, 0.03, 0.09, 0.03, 0.65),
                   (0.998, 0.0005, 0.0002, 0.00001, 0.000003), identifies=True)  # fmt: skip
    return single(name, column, made, PHONE_WRITTEN_ANYHOW, lambda phone: phone.text, several)


def _document(column: str, name: str) -> Aspect[Any]:
    made = _field(name, Kind.SELF, DOCUMENT.levels,
                   (0.05, 0.02, 0.08, 0.10, 0.75),
                   (0.999, 0.0004, 0.0001, 0.00001, 0.000002), identifies=True)  # fmt: skip
    return single(name, column, made, DOCUMENT, lambda document: document.text, several)


def _category(column: str, name: str, kind: Kind) -> Aspect[Any]:
    sexes = any(word in column.lower() for word in ("sex", "gender", "geslacht", "geschlecht"))
    comparator = SEX if sexes else CATEGORY
    match, chance = (
        ((0.04, 0.005, 0.955), (0.5, 0.005, 0.5)) if sexes else ((0.15, 0.02, 0.83), (0.85, 0.01, 0.1))
    )
    made = _field(name, kind, comparator.levels, match, chance)
    return single(name, column, made, comparator, str, several)


@dataclass(frozen=True, slots=True)
class Layout:
    """The aspects of a record file; `source` is the column that says which file a record came from ("" if none)."""

    aspects: tuple[Aspect[Any], ...]
    source: str
    roles: Mapping[str, Role]

    alone: bool = False
    """Whether the records say nothing but one text."""

    fields: tuple[Field, ...] = field(init=False)
    """All fields of evidence, in the order of the aspects."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "fields", tuple(one for aspect in self.aspects for one in aspect.fields))

    @classmethod
    def of(cls, headings: Sequence[str], rows: Sequence[Cells]) -> Layout:
        """The layout of a file, by its headings and, where they are unknown, its values."""
        roles = recognise(headings, rows)
        aspects = tuple(_aspects(roles, rows))
        alone = len(aspects) == 1 and roles[aspects[0].columns[0]] in TEXTS
        return cls(aspects, next(iter(_with(roles, Role.SOURCE)), ""), roles, alone)


def _with(roles: Mapping[str, Role], *wanted: Role) -> list[str]:
    return [column for column, role in roles.items() if role in wanted]


def _aspects(roles: Mapping[str, Role], rows: Sequence[Cells]) -> list[Aspect[Any]]:
    def first(role: Role) -> str:
        return next(iter(_with(roles, role)), "")

    found: list[Aspect[Any]] = []
    names = _with(roles, Role.GIVEN, Role.FAMILY, Role.NAME, Role.MIDDLE)
    if names:
        found.append(
            name_aspect(first(Role.GIVEN), _with(roles, Role.GIVEN)[1:] + _with(roles, Role.MIDDLE),
                        _with(roles, Role.FAMILY),
                        _with(roles, Role.NAME), first(Role.SUFFIX))
        )  # fmt: skip
    found += _births(roles)
    found += [_email(column, column) for column in _with(roles, Role.EMAIL)]
    found += [_phone(column, column) for column in _with(roles, Role.PHONE)]
    streets = _with(roles, Role.STREET)
    if streets or _with(roles, Role.POSTCODE, Role.CITY):
        found.append(
            address_aspect(streets[:1], first(Role.HOUSE), first(Role.UNIT), first(Role.POSTCODE),
                           first(Role.CITY), whole=True)
        )  # fmt: skip
    found += [_category(column, column, Kind.PLACE) for column in _with(roles, Role.STATE, Role.COUNTRY)]
    found += [_document(column, column) for column in _with(roles, Role.DOCUMENT)]
    found += [_category(column, column, Kind.SELF) for column in _with(roles, Role.CATEGORY)]
    # In a file of companies the company's name is what a person's is elsewhere; beside persons it is where they work.
    company = Kind.WORK if names else Kind.GIVEN
    texts = [(column, company) for column in _with(roles, Role.COMPANY)]
    texts += [(column, Kind.WORK) for column in _with(roles, Role.EMPLOYER)]
    texts += [(column, Kind.HOME) for column in streets[1:]]
    texts += [(column, Kind.OTHER) for column in _with(roles, Role.TEXT)]
    alone = len(texts) == 1 and not found
    found += [wording_aspect(column, kind, rows, alone=alone) for column, kind in texts]
    return found


def _births(roles: Mapping[str, Role]) -> list[Aspect[Any]]:
    parts = [_with(roles, role)[:1] for role in (Role.BIRTH_YEAR, Role.BIRTH_MONTH, Role.BIRTH_DAY)]
    joined = [_born("", [column for part in parts for column in part])] if parts[0] else []
    return [_born(column) for column in _with(roles, Role.BORN)] + joined
