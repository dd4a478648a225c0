"""Where to look for records that may be one customer's: a dozen short keys per record, for an inverted index.

Two records are compared if they share a key. Each key is made of two things that seldom agree by chance, so that
its list is short, and no two records of one customer are likely to differ in all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from omnichannel.identity.likeness.compare.nearness import sound


def keys(values: Mapping[str, Sequence[Any]]) -> set[str]:
    """The keys of one record, by the prepared values of its aspects."""
    found: set[str] = set()
    names = values.get("name", ())
    births = values.get("born", ())
    places = values.get("address", ())
    found.update(_of_names(names))
    for born in births:
        date = born.text.replace("-", "")
        if date[4:8] not in ("0000", "0101"):
            found.add("b" + "".join(sorted(date[2:])))
            found.update(f"c{date}{word}" for word in _initials(names))
    for name in names:
        for born in births:
            year, day = born.text[:4], born.text[5:]
            for part in _parts(name):
                found.add(f"y{year}{sound(part)}")
                if day != "01-01":
                    found.add(f"d{day}{sound(part)}")
    for place in places:
        found.update(_of_place(place, names, births))
    for aspect, all_values in values.items():
        for value in all_values:
            found.update(_of_contact(aspect, value))
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
    kind = type(value).__name__
    if kind == "Email":
        return {f"e{value.text}", f"l{value.local}"}
    if kind == "Phone":
        return {f"t{value.national[-7:]}", f"u{value.national[:7]}"}
    if kind == "Document":
        return {f"i{value.number[-9:]}"} | (
            {f"j{value.number[:4]}{aspect[:2]}"} if len(value.number) > 6 else set()
        )
    if kind == "Wording":
        ranked = sorted(value.weights, key=lambda pair: (-pair[1], pair[0]))
        rare = [word for word, _ in ranked[:4]]
        pairs = {f"w{min(a, b)}.{max(a, b)}" for place, a in enumerate(rare[:3]) for b in rare[place + 1 :]}
        return pairs | {f"x{word}" for word in rare[:2]} | {f"z{value.whole.replace(' ', '')[:24]}"}
    return set()
