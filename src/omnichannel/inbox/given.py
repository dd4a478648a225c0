"""What callers give, looked at before anything is asked of the store: who mistook it is told what to write."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from omnichannel.errors import UsageError
from omnichannel.model import Address, Purpose


def purpose_of(given: Purpose) -> Purpose:
    """A purpose, also where somebody wrote its name (`"assist"`), as it comes out of a request.

    Raises UsageError for any other word: taken for a purpose, it could show what nothing proves.
    """
    try:
        return Purpose(given)
    except ValueError:
        known = ", ".join(Purpose)
        raise UsageError(f"{given!r} is no purpose; there are: {known}") from None


def address_of(given: Address) -> Address:
    """An address. Raises UsageError for a text: `a@b.example` alone does not say of which kind it is."""
    if not isinstance(given, Address):
        raise UsageError(f"{given!r} is no Address; write Address.of('email::anna@shop.example')")
    return given


def several_of(given: Iterable[str] | None, what: str) -> Sequence[str] | None:
    """Several words, or none given. Raises UsageError for one text, which would be taken letter by letter."""
    if given is None:
        return None
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise UsageError(f"{what}: {given!r} is no list; write [{given!r}]")
    return [*given]


def levels_of(given: Mapping[str, int] | None, what: str) -> Mapping[str, int] | None:
    """Levels by name, or none given. Raises UsageError for a list of names without levels."""
    if given is not None and not isinstance(given, Mapping):
        raise UsageError(f"{what}: {given!r} says no levels; write {{'billing': 3}}")
    return given
