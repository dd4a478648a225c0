"""Whether two given names can be one person's: a pet name, or the name in another language."""

from __future__ import annotations

from omnichannel.identity.likeness.compare.names.abroad import ABROAD
from omnichannel.identity.likeness.compare.names.more_names import ENGLISH_TOO, OTHERS
from omnichannel.identity.likeness.compare.names.pet_names import DUTCH, ENGLISH, GERMAN, ROMANCE, SLAVIC


def _groups() -> dict[str, frozenset[str]]:
    """For each name the groups it is in: its full names, itself where it is one, its lines of names abroad."""
    found: dict[str, set[str]] = {}
    tables = (ENGLISH, ENGLISH_TOO, DUTCH, GERMAN, ROMANCE, SLAVIC, OTHERS)
    for entry in ";".join(tables).split(";"):
        full, _, pets = entry.partition(":")
        for name in (full.strip(), *pets.split()):
            found.setdefault(name, set()).add(full.strip())
    for number, line in enumerate(ABROAD.split(";")):
        for name in line.split():
            found.setdefault(name, set()).add(str(number))
    return {name: frozenset(groups) for name, groups in found.items()}


_GROUPS = _groups()
_NONE: frozenset[str] = frozenset()


def kin(one: str, other: str) -> bool:
    """Whether one person can bear both folded given names: Bob and Robert, Sasha and Alex, Sergei and Serhii.

    Two full names that share a pet name are not: Alexander and Alexandra are both Alex, but two people.
    """
    return not _GROUPS.get(one, _NONE).isdisjoint(_GROUPS.get(other, _NONE))


def begins_with(name: str, initial: str) -> bool:
    """Whether a given name, or a full name that it is short for, begins with a letter: Bill signs W. too."""
    return name[:1] == initial or any(group[0] == initial for group in _GROUPS.get(name, _NONE))


def known_given(name: str) -> bool:
    """Whether a folded name stands in the tables of given names."""
    return name in _GROUPS


def groups(name: str) -> frozenset[str]:
    """The groups that a folded given name is in: names that share one are `kin`. None for one that no table has."""
    return _GROUPS.get(name, _NONE)
