"""How each kind of value stands in a table: its columns, what is written into them, and how SQL compares them.

A `Rung` is one condition, and the levels of ours that it stands for: their shares are its m and u. Rungs are tried
from first to last. What SQL cannot say as we do is said as nearly as it can; nothing is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from omnichannel.identity.likeness.compare.names.nicknames import groups
from omnichannel.identity.likeness.headings import Role

ELSE = "ELSE"


@dataclass(frozen=True, slots=True)
class Rung:
    """A condition over columns (`l.name` on one side, `r.name` on the other), and which levels of a field it is.

    `rare`: the column whose rarer values weigh more (Splink's term frequencies); "" where the value does not count.
    """

    levels: tuple[int, ...]
    condition: str
    rare: str = ""


@dataclass(frozen=True, slots=True)
class Ladder:
    """The comparison of one field. `silent`: when it says nothing, beside an empty column of `column`."""

    column: str
    rungs: tuple[Rung, ...]
    silent: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """One kind of value. `columns` are named after what they hold; `cells` takes a prepared value apart into them.

    `ladders` compare the fields of the aspect, by their place there; a field without one is compared with another.
    """

    columns: tuple[str, ...]
    cells: Callable[[Any], tuple[str, ...]]
    ladders: Mapping[int, Ladder]


def _near(column: str, least: float, slips: int, length: int) -> str:
    one, other = f"l.{column}", f"r.{column}"
    return (
        f"(jaro_winkler_similarity({one}, {other}) >= {least} OR (damerau_levenshtein({one}, {other}) <= {slips}"
        f" AND least(length({one}), length({other})) >= {length}))"
    )


def _slip(column: str, most: int) -> str:
    return f"damerau_levenshtein(l.{column}, r.{column}) <= {most}"


def _resembles(column: str, least: float) -> str:
    return f"jaro_winkler_similarity(l.{column}, r.{column}) >= {least}"


def _same(column: str) -> str:
    return f"l.{column} = r.{column}"


def _share(column: str, mark: str) -> str:
    """Whether two lists, written with a mark between their items, share one."""
    return f"list_has_any(string_split(l.{column}, '{mark}'), string_split(r.{column}, '{mark}'))"


def _glued(column: str) -> str:
    return f"replace(l.{column}, ' ', '') = replace(r.{column}, ' ', '')"


def _initial(column: str) -> str:
    return f"least(length(l.{column}), length(r.{column})) = 1 AND left(l.{column}, 1) = left(r.{column}, 1)"


EXCHANGED = "l.given = r.family AND l.family = r.given AND l.given <> l.family"
"""Given and family name the wrong way round: counted once, with the given name; the family name then says nothing."""


def _of_name(name: Any) -> tuple[str, ...]:
    kin = sorted({group for word in name.given.split() for group in groups(word)})
    return name.given, "|".join(kin), " ".join(name.middle), name.family, name.suffix


NAME = Form(
    ("given", "kin", "middle", "family", "suffix"),
    _of_name,
    MappingProxyType({
        0: Ladder("given", (
            Rung((5,), _same("given"), "given"),
            Rung((4,), f"{_glued('given')} OR {_share('kin', '|')} OR {_share('given', ' ')}"),
            Rung((1,), _initial("given")),
            Rung((3,), f"{_near('given', 0.92, 1, 3)} OR (least(length(l.given), length(r.given)) >= 3"
                       " AND (starts_with(l.given, r.given) OR starts_with(r.given, l.given)))"),
            Rung((2,), _resembles("given", 0.78)),
            Rung((0,), ELSE),
        )),
        1: Ladder("family", (
            Rung((5,), _same("family"), "family"),
            Rung((4,), f"{_glued('family')} OR {_share('family', ' ')}"),
            Rung((1,), _initial("family")),
            Rung((3,), _near("family", 0.92, 1, 4)),
            Rung((2,), _resembles("family", 0.78)),
            Rung((0,), ELSE),
        ), EXCHANGED),
        2: Ladder("middle", (
            Rung((3,), _same("middle"), "middle"),
            Rung((1,), _initial("middle")),
            Rung((2,), _near("middle", 0.92, 1, 4)),
            Rung((0,), ELSE),
        )),
        4: Ladder("suffix", (Rung((1,), _same("suffix")), Rung((0,), ELSE))),
    }),
)  # fmt: skip

_YEARS = "left(l.born, 4) = left(r.born, 4)"
_MONTHS = "substr(l.born, 6, 2) = substr(r.born, 6, 2)"
_VAGUE = (
    "(right(l.born, 3) = '-00' OR right(r.born, 3) = '-00' OR right(l.born, 6) = '-01-01'"
    " OR right(r.born, 6) = '-01-01')"
)
_DAYS = "right(l.born, 3) <> '-00' AND right(r.born, 3) <> '-00'"

BORN = Form(
    ("born",),
    lambda born: (born.text,),
    MappingProxyType({
        0: Ladder("born", (
            Rung((4,), f"{_YEARS} AND {_VAGUE} AND"
                       f" (l.born = r.born OR NOT {_MONTHS} OR substr(l.born, 6, 2) = '01')"),
            Rung((8,), _same("born"), "born"),
            Rung((6,), f"{_YEARS} AND substr(l.born, 6, 2) = substr(r.born, 9, 2)"
                       " AND substr(l.born, 9, 2) = substr(r.born, 6, 2)"),
            Rung((7,), f"{_DAYS} AND {_slip('born', 1)}"),
            Rung((5,), f"{_YEARS} AND {_MONTHS}"),
            Rung((3,), f"{_DAYS} AND right(l.born, 5) = right(r.born, 5)"),
            Rung((2,), _YEARS),
            Rung((1,), "abs(cast(left(l.born, 4) AS integer) - cast(left(r.born, 4) AS integer)) <= 2"),
            Rung((0,), ELSE),
        )),
    }),
)  # fmt: skip

EMAIL = Form(
    ("email", "local", "domain"),
    lambda email: (email.text, email.local, email.domain),
    MappingProxyType({
        0: Ladder("email", (
            Rung((5,), _same("email"), "email"),
            Rung((4,), "(l.domain = r.domain AND damerau_levenshtein(l.local, r.local) <= 1"
                       " AND least(length(l.local), length(r.local)) >= 4)"
                       " OR (l.local = r.local AND damerau_levenshtein(l.domain, r.domain) <= 2)"),
            Rung((3,), "replace(l.local, '.', '') = replace(r.local, '.', '')"),
            Rung((2,), f"l.domain = r.domain AND {_resembles('local', 0.88)}"),
            Rung((1,), _resembles("local", 0.88)),
            Rung((0,), ELSE),
        )),
    }),
)  # fmt: skip

PHONE = Form(
    ("phone", "land", "extension"),
    lambda phone: (phone.national.lstrip("0"), phone.country, phone.extension),
    MappingProxyType({
        0: Ladder("phone", (
            Rung((3,), f"{_same('phone')} AND coalesce(l.land = r.land, true)"
                       " AND coalesce(l.extension <> r.extension, false)"),
            Rung((4,), f"{_same('phone')} AND coalesce(l.land = r.land, true)", "phone"),
            Rung((2,), "damerau_levenshtein(l.phone, r.phone) <= 1 OR (right(l.phone, 7) = right(r.phone, 7)"
                       " AND least(length(l.phone), length(r.phone)) >= 7)"),
            Rung((1,), "damerau_levenshtein(l.phone, r.phone) <= 2"
                       " AND least(length(l.phone), length(r.phone)) >= 7"),
            Rung((0,), ELSE),
        )),
    }),
)  # fmt: skip

_STREET = f"({_same('street')} OR {_glued('street')})"
_NEAR_STREET = _near("street", 0.92, 2, 5)

ADDRESS = Form(
    ("street", "house", "home", "unit", "postcode", "city"),
    lambda postal: (
        postal.street, postal.number, f"{postal.number} {postal.street}" if postal.number and postal.street else "",
        postal.unit, postal.postcode, postal.city,
    ),
    MappingProxyType({
        0: Ladder("street", (
            Rung((6,), _same("home"), "home"),
            Rung((4,), f"(l.house IS NULL OR r.house IS NULL) AND ({_STREET} OR {_NEAR_STREET})", "street"),
            Rung((5,), f"(l.house = r.house AND ({_STREET} OR {_NEAR_STREET})) OR ({_STREET} AND"
                       f" {_slip('house', 1)} AND greatest(length(l.house), length(r.house)) >= 2)"),
            Rung((3,), f"l.house = r.house AND {_resembles('street', 0.8)}"),
            Rung((2,), f"{_STREET} OR {_NEAR_STREET}"),
            Rung((1,), _resembles("street", 0.8)),
            Rung((0,), ELSE),
        )),
        1: Ladder("unit", (Rung((1,), _same("unit"), "unit"), Rung((0,), ELSE)), f"NOT {_STREET}"),
        2: Ladder("postcode", (
            Rung((3,), _same("postcode"), "postcode"),
            Rung((2,), "damerau_levenshtein(l.postcode, r.postcode) <= 1"),
            Rung((1,), "left(l.postcode, 3) = left(r.postcode, 3)"),
            Rung((0,), ELSE),
        )),
        3: Ladder("city", (
            Rung((3,), _same("city"), "city"),
            Rung((2,), _near("city", 0.92, 1, 4)),
            Rung((1,), _resembles("city", 0.8)),
            Rung((0,), ELSE),
        )),
    }),
)  # fmt: skip

_SHOWN = "ltrim(l.document, '*'), ltrim(r.document, '*')"

DOCUMENT = Form(
    ("document",),
    lambda document: ("*" * document.masked + document.number,),
    MappingProxyType({
        0: Ladder("document", (
            Rung((2,), "(left(l.document, 1) = '*' OR left(r.document, 1) = '*') AND (ends_with("
                       "ltrim(l.document, '*'), ltrim(r.document, '*')) OR ends_with("
                       "ltrim(r.document, '*'), ltrim(l.document, '*')))"),
            Rung((4,), _same("document"), "document"),
            Rung((3,), "damerau_levenshtein(l.document, r.document) <= 1"
                       " AND least(length(l.document), length(r.document)) >= 5"),
            Rung((1,), "damerau_levenshtein(l.document, r.document) <= 2"
                       " AND least(length(l.document), length(r.document)) >= 7"),
            Rung((0,), ELSE),
        )),
    }),
)  # fmt: skip

CATEGORY = Form(
    ("category",),
    lambda said: (said,),
    MappingProxyType({
        0: Ladder("category", (
            Rung((2,), _same("category"), "category"),
            Rung((1,), "damerau_levenshtein(l.category, r.category) <= 1"
                       " AND least(length(l.category), length(r.category)) >= 5"),
            Rung((0,), ELSE),
        )),
    }),
)  # fmt: skip


def _covers(least: float) -> str:
    """Whether two texts share so much of the words of the one that has more."""
    one, other = "string_split(l.words, ' ')", "string_split(r.words, ' ')"
    return f"len(list_intersect({one}, {other})) >= {least} * greatest(len({one}), len({other}))"


WORDS = Form(
    ("words",),
    lambda wording: (wording.whole,),
    MappingProxyType({
        0: Ladder("words", (
            Rung((6,), _same("words"), "words"),
            Rung((5,), f"{_glued('words')} OR {_resembles('words', 0.96)} OR {_covers(0.85)}"),
            Rung((4,), _covers(0.65)),
            Rung((3,), _covers(0.45)),
            Rung((2,), _covers(0.25)),
            Rung((1,), _share("words", " ")),
            Rung((0,), ELSE),
        )),
    }),
)  # fmt: skip

FORMS: Mapping[Role, Form] = MappingProxyType(
    {
        **dict.fromkeys((Role.GIVEN, Role.MIDDLE, Role.FAMILY, Role.NAME), NAME),
        **dict.fromkeys((Role.BORN, Role.BIRTH_YEAR, Role.BIRTH_MONTH, Role.BIRTH_DAY), BORN),
        Role.EMAIL: EMAIL,
        Role.PHONE: PHONE,
        **dict.fromkeys((Role.STREET, Role.HOUSE, Role.UNIT, Role.POSTCODE, Role.CITY), ADDRESS),
        Role.DOCUMENT: DOCUMENT,
        **dict.fromkeys((Role.STATE, Role.COUNTRY, Role.CATEGORY), CATEGORY),
        **dict.fromkeys((Role.COMPANY, Role.EMPLOYER, Role.TEXT), WORDS),
    }
)
"""The form of an aspect, by the role of its first column."""
