"""The aspect of a person's name: given, middle and family name weighed each for itself, in either order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from omnichannel.identity.likeness.aspects import MISSING, Aspect, Field, Found, Kind, Level, several
from omnichannel.identity.likeness.compare.folding import says_nothing, words
from omnichannel.identity.likeness.compare.names.nicknames import kin, known_given
from omnichannel.identity.likeness.compare.names.parsing import prepare_name
from omnichannel.identity.likeness.compare.names.tokens import Alike, either_alike, other_sex
from omnichannel.identity.likeness.compare.names.words import TITLES
from omnichannel.identity.likeness.compare.nearness import edits, likeness

DIFFERS, INITIAL, RESEMBLES, NEAR, FORM, SAME = range(6)

GIVEN = Field("given", Kind.GIVEN, (
    Level("another given name", 0.04, 0.90),
    Level("an initial that fits", 0.03, 0.05),
    Level("a given name that resembles it", 0.03, 0.04),
    Level("nearly the same given name", 0.08, 0.004),
    Level("another form of the same given name", 0.04, 0.004),
    Level("the same given name", 0.78, 0.004, by_value=True),
))  # fmt: skip
FAMILY = Field("family", Kind.FAMILY, (
    Level("another family name", 0.05, 0.95),
    Level("an initial that fits", 0.01, 0.05),
    Level("a family name that resembles it", 0.03, 0.02),
    Level("nearly the same family name", 0.08, 0.002),
    Level("a part of the same family name", 0.03, 0.002),
    Level("the same family name", 0.80, 0.001, by_value=True),
))  # fmt: skip
MIDDLE = Field("middle", Kind.GIVEN, (
    Level("another middle name", 0.05, 0.90),
    Level("the same middle initial", 0.35, 0.07, by_value=True),
    Level("nearly the same middle name", 0.10, 0.02),
    Level("the same middle name", 0.50, 0.01, by_value=True),
))  # fmt: skip
ORDER = Field("order", Kind.GIVEN, (
    Level("given and family name exchanged", 0.01, 0.012),
    Level("given and family name in order", 0.99, 0.988),
))  # fmt: skip
SUFFIX = Field("suffix", Kind.SELF, (
    Level("another generation", 0.004, 0.60),
    Level("the same generation", 0.996, 0.40),
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Name:
    """A name taken apart, folded, the words of a part joined by a space. `lone`: one word, its place not known."""

    given: str
    middle: tuple[str, ...]
    family: str
    suffix: str = ""
    lone: bool = False


def name_aspect(
    given: str, middle: Sequence[str], family: Sequence[str], full: Sequence[str], suffix: str
) -> Aspect[Name]:
    """The aspect of these columns; "" for a column that there is not."""

    def prepare(cells: Mapping[str, str]) -> list[Name]:
        parts = _from_parts(
            cells.get(given, ""), [cells.get(column, "") for column in middle],
            " ".join(cells.get(column, "") for column in family if not says_nothing(cells.get(column, ""))),
            cells.get(suffix, ""),
        )  # fmt: skip
        wholes = [
            name
            for column in full
            for one in several(cells.get(column, ""))
            if (name := _from_whole(one)) is not None
        ]
        if parts is None:
            return wholes
        # A full name beside its parts says them again, and the middle names that have no column.
        return [_with_middle(parts, wholes[0])] if wholes else [parts]

    columns = (given, *middle, *family, *full, suffix)
    return Aspect(
        "name", tuple(column for column in columns if column), (GIVEN, FAMILY, MIDDLE, ORDER, SUFFIX), prepare,
        compare_names, _terms,
    )  # fmt: skip


def _from_parts(given: str, middle: Sequence[str], family: str, suffix: str) -> Name | None:
    # A title alone in the column of given names is no given name: Sir Ross.
    said = "" if set(words(given)) <= TITLES else given
    name = prepare_name(given=said, family=family, suffix=suffix)
    between = tuple(word for text in middle if not says_nothing(text) for word in words(text))
    if name is None:
        return None
    return Name(" ".join(name.given), between, " ".join(name.family), name.generation)


def _from_whole(text: str) -> Name | None:
    name = prepare_name(text)
    if name is None:
        return None
    if not name.given or not name.family:
        return Name(" ".join(name.tokens), (), "", name.generation, lone=True)
    return Name(name.given[0], name.given[1:], " ".join(name.family), name.generation)


def _with_middle(parts: Name, whole: Name) -> Name:
    known = {*parts.given.split(), *parts.family.split(), *parts.middle}
    extra = tuple(word for word in (whole.given, *whole.middle, whole.family) if word and word not in known)
    given, lone = parts.given, False
    if not given and extra:
        given, extra = extra[0], extra[1:]
    if not parts.family and whole.lone:
        lone = True
    return Name(given, (*parts.middle, *extra), parts.family, parts.suffix or whole.suffix, lone)


def compare_names(one: Name, other: Name) -> tuple[Found, ...]:
    """Given, family, middle, order, suffix: whichever order of the first two fits better."""
    if one.lone or other.lone:
        return _lone(one, other)
    given, family = part_level(one.given, other.given), part_level(one.family, other.family)
    order = MISSING
    if given <= RESEMBLES and family <= RESEMBLES and _may_cross(one, other):
        exchanged = _exchanged(one, other)
        if sum(found.level for found in exchanged) > max(given, 0) + max(family, 0) + 2:
            return (*exchanged, _middles(one, other), Found(0), _suffixes(one, other))
    if given >= NEAR and family >= NEAR:
        order = Found(1)
    return (
        _found(given, one.given, other.given), _found(family, one.family, other.family), _middles(one, other),
        order, _suffixes(one, other),
    )  # fmt: skip


def _exchanged(one: Name, other: Name) -> tuple[Found, Found]:
    """Each given name against the other's family name, the likelier pair first: so the sides do not matter."""
    pairs = [(one.given, other.family), (other.given, one.family)]
    ordered = [(a, b) if a <= b else (b, a) for a, b in pairs]
    first, second = sorted(ordered, key=lambda pair: (-part_level(*pair), pair))
    return _found(part_level(*first), *first), _found(part_level(*second), *second)


def _may_cross(one: Name, other: Name) -> bool:
    """Whether a given name begins as the other's family name does; spares most pairs a closer look."""
    return one.given[:1] == other.family[:1] != "" or one.family[:1] == other.given[:1] != ""


def _lone(one: Name, other: Name) -> tuple[Found, ...]:
    """One word against a name: it may be any part of it."""
    lone, name = (one, other) if one.lone else (other, one)
    given, family = part_level(lone.given, name.given), part_level(lone.given, name.family)
    if given >= family:
        return (_found(given, lone.given, name.given), MISSING, MISSING, MISSING, _suffixes(one, other))
    return (MISSING, _found(family, lone.given, name.family), MISSING, MISSING, _suffixes(one, other))


def _found(level: int, one: str, other: str) -> Found:
    return Found(level, one, other) if level >= 0 else MISSING


_LONGEST = 200
"""Characters of a name that are compared: each of its words with each of the other one's."""


def part_level(one: str, other: str) -> int:
    """How alike two given names, or two family names, are by their first 200 characters; -1 where one is not said."""
    if not one or not other:
        return -1
    if one == other:
        return SAME
    one, other = one[:_LONGEST], other[:_LONGEST]
    shorter, longer = sorted((one.replace(" ", ""), other.replace(" ", "")), key=len)
    if shorter == longer:
        return FORM
    if len(shorter) == 1:
        return INITIAL if longer[0] == shorter else DIFFERS
    if " " in one or " " in other:
        first, second = one.split(), other.split()
        if any(len(word) > 2 for word in set(first) & set(second)):
            return FORM
        return max(
            _by_letters(shorter, longer),
            *(_by_letters(*sorted((a, b), key=len)) for a in first for b in second),
        )
    return _by_letters(shorter, longer)


def _by_letters(shorter: str, longer: str) -> int:
    resembling = likeness(shorter, longer)
    if resembling < 0.5 and not kin(shorter, longer):
        return DIFFERS
    alike = either_alike(shorter, longer)
    if alike in (Alike.KIN, Alike.SAME):
        return FORM
    if alike is Alike.CLOSE:
        return NEAR
    if other_sex(shorter, longer) or (known_given(shorter) and known_given(longer)):
        return RESEMBLES if resembling >= 0.78 else DIFFERS  # Mark and Mary: two names, not a slip
    if longer.startswith(shorter) and (len(shorter) >= 3 or (len(shorter) == 2 and len(longer) <= 5)):
        return NEAR
    distance = edits(shorter, longer, 3)
    if (distance <= 1 and len(longer) >= 4) or (distance == 2 and len(shorter) >= 6):
        return NEAR
    if resembling >= 0.92:
        return NEAR
    return RESEMBLES if resembling >= 0.78 or (distance <= 2 and len(longer) >= 4) else DIFFERS


def _middles(one: Name, other: Name) -> Found:
    if not one.middle or not other.middle:
        return MISSING
    shared = set(one.middle) & set(other.middle)
    whole = [word for word in shared if len(word) > 1]
    if whole:
        return Found(3, min(whole), min(whole))
    first, second = one.middle[0], other.middle[0]
    if len(first) == 1 or len(second) == 1:
        return Found(1, first[0], first[0]) if first[0] == second[0] else Found(0)
    best = max(part_level(a, b) for a in one.middle for b in other.middle)
    return Found(2) if best >= NEAR else Found(0)


def _suffixes(one: Name, other: Name) -> Found:
    if not one.suffix or not other.suffix:
        return MISSING
    return Found(int(one.suffix == other.suffix))


def _terms(name: Name) -> tuple[tuple[str, ...], ...]:
    middles = tuple(name.middle[:1]) + (
        (name.middle[0][0],) if name.middle and len(name.middle[0]) > 1 else ()
    )
    return ((name.given,) if name.given else (), (name.family,) if name.family else (), middles, (), ())
