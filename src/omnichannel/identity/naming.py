"""Whether two names could be one person's, and how many people there must be behind several."""

from __future__ import annotations

import heapq
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from omnichannel.identity.likeness.compare import Name, compatible, fold, prepare_name
from omnichannel.identity.likeness.compare.names.nicknames import known_given
from omnichannel.identity.likeness.compare.names.tokens import Alike, either_alike, family_alike, given_alike
from omnichannel.identity.likeness.compare.nearness import edits

_ORNAMENT = re.compile(r"\b[xX]{1,3}\b[._ ]*(?=\w)|(?<=\w)[._ ]+[xX]{2,3}$")
"""What is put around names in games and chats: xX Ana Xx."""

_INITIAL = re.compile(r"(\w)\w?\. ?(\w.+)")
_LONG = 6  # letters: below, one of them makes another name
_MANY = 10  # letters: no other name has just these
_LONGEST = 200
"""Characters of a name that are looked at: a stranger may call himself a book."""

MOST_NAMES = 100
"""So many names of one address are compared, each with each: whoever writes under more is told by the first."""


def plain(name: str) -> str:
    """A name as somebody shows it, without flowers, stars and other ornaments; at the most 200 characters of it."""
    return _plain(name[:_LONGEST])


@lru_cache(maxsize=65_536)
def _plain(name: str) -> str:
    letters = "".join(" " if unicodedata.category(char)[0] in "SC" else char for char in name)
    return " ".join(_ORNAMENT.sub(" ", letters).split()) or name.strip()


@dataclass(frozen=True, slots=True)
class _Said:
    """A name taken apart; `initial` is the letter that stands for the given name, "" if it is written out."""

    name: Name
    words: tuple[str, ...]
    initial: str

    @property
    def lone(self) -> str:
        return self.name.tokens[0] if len(self.name.tokens) == 1 and not self.initial else ""


def _taken(name: str) -> _Said | None:
    return _taken_apart(name[:_LONGEST])


@lru_cache(maxsize=65_536)
def _taken_apart(name: str) -> _Said | None:
    shown = plain(name)
    short = _INITIAL.fullmatch(shown)
    # D. and L. before a name are particles too: apart, they are taken for what they are.
    parts = prepare_name(given=short[1], family=short[2]) if short else prepare_name(shown)
    if parts is None:
        return None
    return _Said(
        parts, tuple(shown.replace(",", " ").casefold().split()), short[1].casefold() if short else ""
    )


def same_person(one: str, other: str) -> bool:
    """Whether two names could be one person's: nicknames, initials, slips and a married name included."""
    return _same_person(one[:_LONGEST], other[:_LONGEST])


@lru_cache(maxsize=262_144)
def _same_person(one: str, other: str) -> bool:
    first, second = _taken(one), _taken(other)
    if first is None or second is None or first.name == second.name:
        return True
    if _same_words(first, second):
        return True
    if first.initial or second.initial:
        return _initialled(first, second)
    if first.lone or second.lone:
        lone, full = (first, second) if first.lone else (second, first)
        return _lone(lone.lone, full.name)
    return compatible(first.name, second.name) or _slipped(first.name, second.name)


def _same_words(one: _Said, other: _Said) -> bool:
    """The same words, or letters, in any order; or one word of the other's, as it is written."""
    for short, long in ((one, other), (other, one)):
        if len(short.words) == 1 and len(short.words[0]) > 1 and short.words[0] in long.words:
            return True
    if set(one.words) == set(other.words):
        return True
    letters = sorted(one.name.glued)
    return len(letters) >= _MANY and letters == sorted(other.name.glued)


def is_whole(name: str) -> bool:
    """Whether a given name, more than its initial, and a family name are said."""
    said = _taken(name)
    return said is not None and not said.initial and len(said.name.tokens) > 1


def same_name(one: str, other: str) -> bool:
    """Whether two whole names are one name: as `same_person`, but nobody has married in between."""
    first, second = _taken(one), _taken(other)
    if first is None or second is None or not same_person(one, other):
        return False
    if _same_words(first, second) or edits(first.name.glued, second.name.glued, 2) <= 2:
        return True
    tokens, others = first.name.tokens, second.name.tokens
    return sum(any(either_alike(here, there) >= Alike.NEAR for there in others) for here in tokens) > 1


def people(names: Iterable[str], alike: Callable[[str, str], bool] = same_person) -> list[list[str]]:
    """The names of each person that there must be, sorted; how often and in which order they come is no matter.

    Whole names that are `alike`, if by way of a third, are one person's. J. Smith and Judy, who may be anybody of
    that name, are a person of their own only if they fit nobody else: they never make one of two. Of more than
    `MOST_NAMES` the first in order are looked at, and the others are left out.
    """
    several = sorted(name for name in heapq.nsmallest(MOST_NAMES, set(names)) if _taken(name))
    whole = _connected((name for name in several if is_whole(name)), alike)
    partial = [name for name in several if not is_whole(name)]
    rest = [name for name in partial if not _fitting(name, whole)]
    added = {name: fitting[0] for name in partial if (fitting := _fitting(name, whole))}
    groups = [
        [*group, *(name for name in added if added[name] == place)] for place, group in enumerate(whole)
    ]
    return sorted(sorted(group) for group in [*groups, *_connected(rest, same_person)])


def whose(name: str, groups: Sequence[list[str]]) -> int | None:
    """Which of several people a name can only be, by place; None if it fits nobody, or more than one."""
    known = [place for place, group in enumerate(groups) if name in group]
    fitting = known or (_fitting(name, groups) if _taken(name) else [])
    return fitting[0] if len(fitting) == 1 else None


def _fitting(name: str, groups: Iterable[list[str]]) -> list[int]:
    """The places of the people whom a name fits, judged by their whole names where they have any."""
    found = []
    for place, group in enumerate(groups):
        whole = [known for known in group if is_whole(known)]
        if any(same_person(name, known) for known in whole or group):
            found.append(place)
    return found


def _connected(names: Iterable[str], alike: Callable[[str, str], bool]) -> list[list[str]]:
    groups: list[list[str]] = []
    for name in names:
        near = [group for group in groups if any(alike(name, known) for known in group)]
        groups = [group for group in groups if group not in near]
        groups.append([known for group in near for known in group] + [name])
    return groups


def _initialled(one: _Said, other: _Said) -> bool:
    """An initial and a family name beside another name: Judy, and Judy Nowers, may be J. Nowers."""
    short, said = (one, other) if one.initial else (other, one)
    letters = {short.initial, fold(short.initial)[:1]}
    if said.initial:
        fits = said.initial == short.initial
    else:
        given = [word for word in said.words if word not in short.words[1:]] or said.words
        fits = any(word[:1] in letters or fold(word)[:1] in letters for word in given)
    family = _families(short, said)
    return fits or family if said.lone else fits and family


def _families(short: _Said, said: _Said) -> bool:
    """Whether what follows the initial is among the words of the other name, or all but the first of them."""
    if not set(short.words[1:]).isdisjoint(said.words):
        return True
    families = {*short.name.family, "".join(short.name.family)} - {""}
    tokens = {*said.name.tokens, "".join(said.name.tokens[1:])} - {""}
    return any(family_alike(here, there) >= Alike.NEAR for here in families for there in tokens)


def _lone(word: str, name: Name) -> bool:
    """One word beside a name: its given name, its family name, or all of it without the space."""
    for part in name.given or name.family:
        if given_alike(word, part) >= Alike.NEAR or (
            min(len(word), len(part)) >= 3 and word.startswith(part)
        ):
            return True
    if len(word) >= _LONG and edits(word, name.glued, 1) <= 1:
        return True
    shorter, longer = sorted((word, name.glued), key=len)
    if len(shorter) >= 4 and len(longer) >= len(shorter) + 3 and longer.startswith(shorter):
        return True
    return any(family_alike(word, part) >= Alike.CLOSE for part in name.family)


def _slipped(one: Name, other: Name) -> bool:
    """One letter off in the whole name, where that makes a word that is nobody's name: Mrk Spicer, eah Carter."""
    if min(len(one.glued), len(other.glued)) < _LONG or edits(one.glued, other.glued, 1) > 1:
        return False
    return not all(known_given(name.given[0]) for name in (one, other) if name.given)
