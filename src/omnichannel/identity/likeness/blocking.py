"""Where to look for records that may be one customer's: a dozen short keys per record, for an inverted index.

Two records are compared if they share a key. Each key is made of two things that seldom agree by chance, so that
its list is short, and no two records of one customer are likely to differ in all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from omnichannel.identity.likeness.compare.documents import Document
from omnichannel.identity.likeness.compare.emails import Email
from omnichannel.identity.likeness.compare.nearness import sound
from omnichannel.identity.likeness.compare.phones import Phone
from omnichannel.identity.likeness.wording import Wording


def keys(values: Mapping[str, Sequence[Any]]) -> set[str]:
    """The keys of one record, by the prepared values of its aspects."""
    names, births = values.get("name", ()), values.get("born", ())
    found = _of_names(names) | _of_births(births, names)
    for place in values.get("address", ()):
        found |= _of_place(place, names, births)
    for aspect, said in values.items():
        for value in said:
            found |= _of_wording(value, names) if isinstance(value, Wording) else _of_contact(aspect, value)
    return found


def _of_births(births: Sequence[Any], names: Sequence[Any]) -> set[str]:
    found = {f"k{sound(part)}" for name in names for part in _parts(name)}
    for born in births:
        date, year, day = born.text.replace("-", ""), born.text[:4], born.text[5:]
        heard = {sound(part) for name in names for part in _parts(name)}
        found.add(f"a{date[:6]}")
        found |= {f"y{year}{part}" for part in heard}
        if day not in ("00-00", "01-01"):
            found.add("b" + "".join(sorted(date[2:])))
            found |= {f"c{date}{letter}" for letter in _initials(names)} | {f"d{day}{part}" for part in heard}
    return found


def _parts(name: Any) -> list[str]:
    return [word for part in (name.given, name.family) for word in part.split()[:2] if len(word) > 1]


def _initials(names: Iterable[Any]) -> set[str]:
    return {part[0] for name in names for part in _parts(name)}


def _of_names(names: Iterable[Any]) -> set[str]:
    found = set()
    for name in names:
        given, family = name.given.replace(" ", ""), name.family.replace(" ", "")
        if given and family:
            first, second = sorted((sound(given), sound(family)))
            found.add(f"n{first}.{second}")
            for middle in name.middle:
                found.add(f"m{sound(family)}{middle[0]}{sound(given)[:2]}")
                if len(middle) > 1:
                    first, second = sorted((sound(given), sound(middle)))
                    found.add(f"n{first}.{second}")
                    first, second = sorted((sound(middle), sound(family)))
                    found.add(f"n{first}.{second}")
            found.add(f"f{family}{given[:1]}")
            found.add(f"g{given}{family[:1]}")
        else:
            found.add(f"o{given or family}")
    return found


def _of_place(place: Any, names: Iterable[Any], births: Iterable[Any]) -> set[str]:
    found = set()
    street = place.street.replace(" ", "")
    if street:
        found.add(f"s{place.number}{sound(street)}" if place.number else f"s{street}")
        found.update(f"h{street[:4]}{sound(part)}" for name in names for part in _parts(name))
    for code in {place.postcode, place.city.replace(" ", "")} - {""}:
        found.update(f"p{code}{sound(part)}" for name in names for part in _parts(name))
        found.update(f"q{code}{born.text[:4]}" for born in births)
        if place.number:
            found.add(f"r{code}{place.number}")
    return found


def _of_contact(aspect: str, value: Any) -> set[str]:
    if isinstance(value, Email):
        return {f"e{value.text}", f"l{value.local}"}
    if isinstance(value, Phone):
        digits = f"{value.country}{value.national}{value.extension}"
        return {f"t{value.national[-7:]}", f"u{digits[:9]}", f"v{digits[-9:]}"}
    if isinstance(value, Document):
        return {f"i{value.number[-9:]}"} | (
            {f"j{value.number[:4]}{aspect[:2]}"} if len(value.number) > 6 else set()
        )
    return set()


def _of_wording(value: Wording, names: Sequence[Any]) -> set[str]:
    """A text's rarest words; beside a person's name only together with it."""
    ranked = sorted(value.weights, key=lambda pair: (-pair[1], pair[0]))
    rare = [word for word, _ in ranked[:4]]
    if names:
        return {f"x{word}.{sound(part)}" for word in rare[:2] for name in names for part in _parts(name)}
    pairs = {f"w{min(a, b)}.{max(a, b)}" for place, a in enumerate(rare[:3]) for b in rare[place + 1 :]}
    return pairs | {f"x{word}" for word in rare[:2]} | {f"z{value.whole.replace(' ', '')[:24]}"}
