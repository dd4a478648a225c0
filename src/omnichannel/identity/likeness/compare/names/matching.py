"""How alike two persons' names are, all parts weighed together; and whether they can be one person's."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from omnichannel.identity.likeness.compare.comparator import Comparator
from omnichannel.identity.likeness.compare.names.nicknames import known_given
from omnichannel.identity.likeness.compare.names.parsing import Name, prepare_name
from omnichannel.identity.likeness.compare.names.tokens import Alike, either_alike, family_alike, given_alike
from omnichannel.identity.likeness.compare.nearness import edits

LEVELS = (
    "differs",
    "each says another part",
    "family name alike, given names differ",
    "given name alike, family names differ",
    "same but for the generation",
    "same but for a middle name",
    "resembles",
    "only one name said, alike",
    "initials agree",
    "near",
    "pet name, or the name in another language",
    "one letter off, or another spelling",
    "same names in another order",
    "same, one with more names",
    "same",
)
(
    DIFFERS, APART, FAMILY, GIVEN, GENERATION, MIDDLE, RESEMBLES, PARTIAL, INITIALS, NEARLY, CALLED, SPELLED,
    EXCHANGED, MORE, SAME,
) = range(len(LEVELS))  # fmt: skip
SAME_PERSON = INITIALS
"""From this level on two names are more likely one person's than not, when nothing else is known."""


class Part(NamedTuple):
    """What pairing two lists of names gave."""

    alike: int
    """The weakest pair, as `Alike` says; initials count where nothing better was paired."""
    full: int = 1
    """How many pairs are more than initials."""
    left: bool = False
    """One side has names, or says names in full, that the other has not."""
    clash: bool = False
    """Both sides have names that the other has not."""
    moved: bool = False
    """They stand in another order."""


_SINGLE = {alike: Part(alike) for alike in Alike}
_NOTHING = Part(Alike.DIFFERS, full=0, left=True, clash=True)


def _paired(one: tuple[str, ...], other: tuple[str, ...], alike: Callable[[str, str], Alike]) -> Part:
    """Pair names, likest first; each is used once. Neither list may be empty."""
    if len(one) == len(other) == 1:
        return _SINGLE[alike(one[0], other[0])]
    pairs = [
        (-level, abs(i - j), i, j)
        for i, first in enumerate(one)
        for j, second in enumerate(other)
        if (level := alike(first, second))
    ]
    if not pairs:
        return _NOTHING
    pairs.sort()
    places: dict[int, int] = {}
    levels: list[int] = []
    for found, _, i, j in pairs:
        if -found >= Alike.INITIAL and i not in places and j not in places.values():
            places[i] = j
            levels.append(-found)
    if not places:
        return Part(-pairs[0][0], full=0, left=True, clash=True)
    full = [level for level in levels if level > Alike.INITIAL]
    left, left_other = len(one) > len(places), len(other) > len(places)
    return Part(
        min(full, default=Alike.INITIAL),
        full=len(full),
        left=left or left_other or len(full) < len(levels),
        clash=left and left_other,
        moved=[places[i] for i in sorted(places)] != sorted(places.values()),
    )


def _part(one: tuple[str, ...], other: tuple[str, ...], alike: Callable[[str, str], Alike]) -> Part:
    """Two lists of names paired, or run together: Mary Ann and Maryann, J.-C. and JC."""
    found = _paired(one, other, alike)
    if len(one) == len(other):
        return found
    glued, glued2 = "".join(one), "".join(other)
    if min(len(glued), len(glued2)) > 3 and edits(glued, glued2, 1) <= 1:
        return Part(Alike.SAME if glued == glued2 else Alike.CLOSE, full=2)
    if found.clash and (_are_initials(one, other) or _are_initials(other, one)):
        return Part(Alike.INITIAL, full=0)
    return found


def _are_initials(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """JC are the initials of Jean Claude."""
    return len(one) == 1 and len(one[0]) == len(other) > 1 and one[0] == "".join(name[0] for name in other)


def level_of_names(one: Name, other: Name) -> int:
    """How alike two persons' names are. A name of one word alone is at most "only one name said"."""
    level = _whole(one, other)
    if level < INITIALS:
        return level
    if one.generation != other.generation and one.generation and other.generation:
        return level if {one.generation, other.generation} == {"jr", "ii"} else GENERATION
    if one.characters != other.characters and one.characters and other.characters:
        return NEARLY if one.glued == other.glued else RESEMBLES
    return level


def _whole(one: Name, other: Name) -> int:
    if not (one.given and one.family and other.given and other.family):
        return _partial(one, other)
    if one.given == other.given and one.family == other.family:
        return SAME
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
    if family.alike < Alike.NEAR or family.clash:
        if given_alike(one.given[0], other.given[0]) < Alike.NEAR:
            return DIFFERS
        return RESEMBLES if family.alike == Alike.RESEMBLES and not family.clash else GIVEN
    return _judged(_part(one.given, other.given, given_alike), family)


def _judged(given: Part, family: Part) -> int:
    """The level of two names whose family names are alike."""
    if given.alike <= Alike.RESEMBLES:
        return RESEMBLES if given.alike and not given.clash else FAMILY
    if given.clash:
        return MIDDLE
    return _graded(given, family)


def _graded(*parts: Part) -> int:
    """The level of names that are all paired."""
    weakest = min(part.alike for part in parts)
    if weakest == Alike.SAME:
        if any(part.left for part in parts):
            return MORE
        return EXCHANGED if any(part.moved for part in parts) else SAME
    return _LEVEL_OF[weakest]


_LEVEL_OF: dict[int, int] = {
    Alike.DIFFERS: DIFFERS, Alike.RESEMBLES: RESEMBLES, Alike.INITIAL: INITIALS, Alike.NEAR: NEARLY,
    Alike.KIN: CALLED, Alike.CLOSE: SPELLED,
}  # fmt: skip


def _partial(one: Name, other: Name) -> int:
    """One side says a given or a family name alone."""
    single = len(one.tokens) == len(other.tokens) == 1
    if one.glued == other.glued:
        return PARTIAL if single else SAME
    found = _known(one, other)
    if not found.clash and found.alike >= (Alike.KIN if single else Alike.NEAR):
        return PARTIAL
    if not single and min(len(one.glued), len(other.glued)) >= 7 and edits(one.glued, other.glued, 1) <= 1:
        return SPELLED
    if _said_apart(one, other):
        return APART
    return RESEMBLES if found.alike and not found.clash else DIFFERS


def _known(one: Name, other: Name) -> Part:
    """The parts that both sides say; all names where a side did not say which part it gives."""
    if one.ordered and other.ordered:
        if one.given and other.given:
            return _part(one.given, other.given, given_alike)
        if one.family and other.family:
            return _part(one.family, other.family, family_alike)
    return _paired(one.tokens, other.tokens, either_alike)


def _said_apart(one: Name, other: Name) -> bool:
    """Whether one side gives the given name alone and the other the family name alone: that says nothing."""
    return (
        one.ordered
        and other.ordered
        and not (one.given and other.given)
        and not (one.family and other.family)
    )


def _exchanged(one: Name, other: Name) -> int:
    """Given name in the family's column, and the other way round."""
    if not (_begins(one.given, other.family) or _begins(other.given, one.family)):
        return DIFFERS
    first = _part(one.given, other.family, either_alike)
    if first.alike < Alike.NEAR or first.clash:
        return DIFFERS
    second = _part(one.family, other.given, either_alike)
    if second.clash or second.alike < Alike.NEAR:
        return DIFFERS
    return EXCHANGED if min(first.alike, second.alike) >= Alike.KIN else NEARLY


def _begins(given: tuple[str, ...], family: tuple[str, ...]) -> bool:
    """Whether a family name has the first letter of the first given name; saves looking further."""
    return any(name[0] == given[0][0] for name in family)


def _free(one: Name, other: Name) -> int:
    """Names in any order, where a source did not say which is which."""
    if _unpaired(one.tokens, other.tokens):
        return _split(one, other)
    found = _part(one.tokens, other.tokens, either_alike)
    if found.clash or found.alike < Alike.INITIAL:
        return _split(one, other)
    if found.full < 2:
        return INITIALS
    level = _graded(found)
    return EXCHANGED if level == SAME else level


def _unpaired(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether a name of the shorter side has no like on the other: the quick end of most comparisons."""
    shorter, longer = (one, other) if len(one) <= len(other) else (other, one)
    for name in reversed(shorter):
        for candidate in longer:
            if either_alike(name, candidate) >= Alike.INITIAL:
                break
        else:
            return True
    return False


def _split(one: Name, other: Name) -> int:
    """Names that are one but for a slip and for where the spaces are."""
    together = len(one.tokens) != len(other.tokens) and edits(one.glued, other.glued, 1) <= 1
    return SPELLED if together else DIFFERS


NAME = Comparator("name", LEVELS, prepare_name, level_of_names)


def compatible(name_a: str | Name, name_b: str | Name) -> bool:
    """Whether two names can be one person's: a pet name, an initial, a married name, a slip of the pen.

    Two names that nothing connects are two people's. A name that says nothing speaks for no second person.
    """
    one, other = _prepared(name_a), _prepared(name_b)
    if one is None or other is None:
        return True
    level = level_of_names(one, other)
    if level >= PARTIAL or level == APART:
        return True
    if len(one.tokens) == len(other.tokens) == 1:
        return not (known_given(one.tokens[0]) and known_given(other.tokens[0]))
    if not (one.given and one.family and other.given and other.family):
        return level == RESEMBLES and _known(one, other).alike == Alike.INITIAL
    if level in {GIVEN, RESEMBLES} and one.generation == other.generation:
        given = _part(one.given, other.given, given_alike)
        return given.alike >= Alike.KIN and not given.clash
    return False


def _prepared(name: str | Name) -> Name | None:
    return prepare_name(name) if isinstance(name, str) else name
