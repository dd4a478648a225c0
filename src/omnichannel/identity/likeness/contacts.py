"""Telephone numbers of record files, where a program may have run country, number and extension together."""

from __future__ import annotations

from dataclasses import replace

from omnichannel.identity.likeness.compare.nearness import edits
from omnichannel.identity.likeness.compare.phones import PHONE, Phone, level_of_phones

_LONG = 9


def _level(one: Phone, other: Phone) -> int:
    """As `PHONE` says, and by all digits in a row where the parts cannot be told apart."""
    level = level_of_phones(one, other)
    if level >= 3:
        return level
    digits, digits2 = _digits(one), _digits(other)
    if min(len(digits), len(digits2)) < _LONG:
        return level
    if digits == digits2:
        return 4
    return max(level, 2 if edits(digits, digits2, 1) <= 1 else 1 if edits(digits, digits2, 2) <= 2 else 0)


def _digits(phone: Phone) -> str:
    return f"{phone.country}{phone.national}{phone.extension}"


PHONE_WRITTEN_ANYHOW = replace(PHONE, level=_level)
