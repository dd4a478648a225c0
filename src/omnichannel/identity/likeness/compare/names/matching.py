"""How alike two persons' names are, all parts weighed together; and whether they can be one person's."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from omnichannel.identity.likeness.compare.comparator import Comparator
from omnichannel.identity.likeness.compare.names.nicknames import known_given
from omnichannel.identity.likeness.compare.names.parsing import Name, prepare_name
from omnichannel.identity.likeness.compare.names.tokens import Alike, either_alike, family_alike, given_alike
from omnichannel.identity.likeness.compare.nearness import CLOSE, edits, likeness

LEVELS = (
    "differs",
    "family name alike, given names differ",
    "given name alike, family names differ",
    "same but for the generation",
    "same but for a middle name",
    "only one name said, alike",
    "resembles",
    "initials agree",
    "near",
    "pet name, or the name in another language",
    "one letter off, or another spelling",
    "given and family name exchanged",
    "same, one with more names",
    "same",
)
(
    DIFFERS, FAMILY, GIVEN, GENERATION, MIDDLE, PARTIAL, RESEMBLES, INITIALS, NEARLY, CALLED, SPELLED, EXCHANGED,
    MORE, SAME,
) = range(len(LEVELS))  # fmt: skip
SAME_PERSON = INITIALS
"""From this level on two names are more likely one person's than not, when nothing else is known."""


class Part(NamedTuple):
    """What pairing two lists of names gave: the weakest pair, and whether names are left over."""

    alike: Alike
    left: bool
    """One side has names that the other has not."""
    clash: bool
    """Both sides have names that the other has not."""


def _paired(one: tuple[str, ...], other: tuple[str, ...], alike: Callable[[str, str], Alike]) -> Part:
    """Pair names, likest first; each is used once. Neither list may be empty."""
    if len(one) == len(other) == 1:
        return Part(alike(one[0], other[0]), left=False, clash=False)
    pairs = sorted(
        (
            (alike(first, second), -abs(i - j), i, j)
            for i, first in enumerate(one)
            for j, second in enumerate(other)
        ),
        reverse=True,
    )
    used: set[int] = set()
    used_other: set[int] = set()
    weakest = Alike.SAME
    for found, _, i, j in pairs:
        if found >= Alike.INITIAL and i not in used and j not in used_other:
            used.add(i)
            used_other.add(j)
            weakest = min(weakest, found)
    if not used:
        return Part(max(pair[0] for pair in pairs), left=True, clash=True)
    rest, rest_other = len(one) - len(used), len(other) - len(used_other)
    return Part(weakest, left=bool(rest or rest_other), clash=bool(rest and rest_other))


def _part(one: tuple[str, ...], other: tuple[str, ...], alike: Callable[[str, str], Alike]) -> Part:
    """Two lists of names paired, or run together: Mary Ann and Maryann."""
    found = _paired(one, other, alike)
    if len(one) == len(other) == 1 or (found.alike >= Alike.CLOSE and not found.left):
        return found
    glued, glued2 = "".join(one), "".join(other)
    together = alike(glued, glued2) if min(len(glued), len(glued2)) > 3 else Alike.DIFFERS
    if together >= Alike.CLOSE and together >= found.alike:
        return Part(together, left=False, clash=False)
    return found


def level_of_names(one: Name, other: Name) -> int:
    """How alike two persons' names are."""
    if one == other:
        return SAME
    level = _whole(one, other)
    if one.generation and other.generation and one.generation != other.generation and level >= INITIALS:
        return level if {one.generation, other.generation} == {"jr", "2"} else GENERATION
    return level


def _whole(one: Name, other: Name) -> int:
    if one.tokens == other.tokens and one.ordered == other.ordered:
        return SAME
    if not (one.given and one.family and other.given and other.family):
        return _partial(one, other)
    level = _straight(one, other)
    if level >= SPELLED:
        return level
    if one.glued == other.glued:
        return SAME
    if one.ordered and other.ordered:
        return max(level, _exchanged(one, other))
    return max(level, _free(one, other))


def _straight(one: Name, other: Name) -> int:
    """Given name to given name, family name to family name."""
    family = _part(one.family, other.family, family_alike)
    given = _part(one.given, other.given, given_alike)
    return _judged(given, family)


def _judged(given: Part, family: Part) -> int:
    if family.alike < Alike.NEAR or family.clash:
        return GIVEN if given.alike >= Alike.NEAR and not given.clash else DIFFERS
    if given.alike <= Alike.RESEMBLES:
        return RESEMBLES if given.alike and not given.clash else FAMILY
    if given.clash:
        return MIDDLE
    return _graded(min(given.alike, family.alike), more=given.left or family.left)


def _graded(alike: Alike, *, more: bool) -> int:
    if alike == Alike.SAME:
        return MORE if more else SAME
    return {Alike.INITIAL: INITIALS, Alike.NEAR: NEARLY, Alike.KIN: CALLED, Alike.CLOSE: SPELLED}.get(
        alike, RESEMBLES
    )


def _partial(one: Name, other: Name) -> int:
    """One side says a given or a family name alone."""
    if one.glued == other.glued:
        return SAME
    found = _paired(one.tokens, other.tokens, either_alike)
    if found.clash or found.alike < Alike.NEAR:
        whole = edits(one.glued, other.glued, 1) <= 1 and min(len(one.glued), len(other.glued)) >= 7
        return SPELLED if whole else DIFFERS
    if len(one.tokens) == len(other.tokens) == 1 and found.alike < Alike.CLOSE:
        return RESEMBLES
    return PARTIAL


def _exchanged(one: Name, other: Name) -> int:
    """Given name in the family's column, and the other way round."""
    first = _part(one.given, other.family, either_alike)
    if first.alike < Alike.NEAR or first.clash:
        return DIFFERS
    second = _part(one.family, other.given, either_alike)
    if second.clash:
        return DIFFERS
    weakest = min(first.alike, second.alike)
    return EXCHANGED if weakest >= Alike.KIN else NEARLY if weakest == Alike.NEAR else DIFFERS


def _free(one: Name, other: Name) -> int:
    """Names in any order, where a source did not say which is which."""
    found = _part(one.tokens, other.tokens, either_alike)
    if found.clash or found.alike < Alike.INITIAL:
        if len(one.tokens) == len(other.tokens):
            return DIFFERS
        alike = likeness(one.glued, other.glued)
        return (
            SPELLED
            if alike >= 0.97
            else NEARLY
            if alike >= CLOSE and edits(one.glued, other.glued, 2) <= 2
            else DIFFERS
        )
    level = _graded(found.alike, more=found.left)
    if level == SAME:
        return EXCHANGED
    return level


NAME = Comparator("name", LEVELS, prepare_name, level_of_names)


def compatible(name_a: str | Name, name_b: str | Name) -> bool:
    """Whether two names can be one person's: a pet name, an initial, a married name, a slip of the pen.

    Two names that nothing connects are two people's. A name that says nothing speaks for no second person.
    """
    one, other = _prepared(name_a), _prepared(name_b)
    if one is None or other is None:
        return True
    level = level_of_names(one, other)
    if level >= INITIALS or level == PARTIAL:
        return True
    if level == GIVEN:
        return _part(one.given, other.given, given_alike).alike >= Alike.KIN
    if len(one.tokens) == len(other.tokens) == 1:
        return level == RESEMBLES or not (known_given(one.tokens[0]) and known_given(other.tokens[0]))
    return False


def _prepared(name: str | Name) -> Name | None:
    return prepare_name(name) if isinstance(name, str) else name
