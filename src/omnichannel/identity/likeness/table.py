"""Records prepared once: each different value of an aspect is kept once, and each pair of values compared once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from math import log2, sqrt
from typing import Any

from omnichannel.identity.likeness.aspects import MISSING, Found
from omnichannel.identity.likeness.blocking import keys
from omnichannel.identity.likeness.layout import Layout

STEPS = 128
HALF_BITS = 2
"""How finely the rareness of an agreeing value is kept: half a bit."""

LEANING = 30
"""A value's frequency leans on what is usual as if so many records more had been seen."""

Pattern = tuple[int, ...]
"""For each field -1 where nothing is said, else the level times `STEPS` plus the rareness in half bits."""


class Table:
    """The records of one file, ready to be compared by their places."""

    def __init__(self, rows: Sequence[Mapping[str, str]], layout: Layout) -> None:
        self.layout = layout
        self.size = len(rows)
        self.sources = _numbered([row.get(layout.source, "") for row in rows])
        self.values: list[list[Sequence[Any]]] = []
        self.places: list[list[int]] = []
        for aspect in layout.aspects:
            known: dict[tuple[str, ...], int] = {}
            values: list[Sequence[Any]] = []
            places = []
            for row in rows:
                cells = tuple(row.get(column, "") for column in aspect.columns)
                number = known.get(cells)
                if number is None:
                    prepared = aspect.prepare(dict(zip(aspect.columns, cells, strict=True)))
                    number = len(values) if prepared else -1
                    known[cells] = number
                    if prepared:
                        values.append(prepared)
                places.append(number)
            self.values.append(values)
            self.places.append(places)
        self._found: list[dict[int, tuple[Found, ...]]] = [{} for _ in layout.aspects]
        self._codes: list[dict[int, Pattern]] = [{} for _ in layout.aspects]
        self._nothing = [(-1,) * len(aspect.fields) for aspect in layout.aspects]
        self.count(range(self.size))
        self.chances: list[tuple[float, ...]] = [
            tuple(level.chance for level in field.levels) for field in layout.fields
        ]

    def count(self, owners: Sequence[int]) -> None:
        """Count how many customers have each value of each field; `owners` says for each record whose it is.

        Call `reckon` after it. By records instead, a value that one customer wrote five times would seem common.
        """
        self.terms: list[Counter[str]] = [Counter() for _ in self.layout.fields]
        self._totals = [0] * len(self.terms)
        start = 0
        for number, aspect in enumerate(self.layout.aspects):
            said = {
                (place, owner) for place, owner in zip(self.places[number], owners, strict=True) if place >= 0
            }
            each: list[dict[str, set[int]]] = [{} for _ in aspect.fields]
            for place, owner in said:
                for value in self.values[number][place]:
                    for terms, found in zip(aspect.terms(value), each, strict=True):
                        for term in terms:
                            found.setdefault(term, set()).add(owner)
            total = len({owner for _, owner in said})
            for offset, found in enumerate(each):
                self.terms[start + offset] = Counter({term: len(having) for term, having in found.items()})
                self._totals[start + offset] = total
            start += len(aspect.fields)

    def keys(self) -> Iterator[set[str]]:
        """The blocking keys of each record."""
        names = [aspect.name for aspect in self.layout.aspects]
        for record in range(self.size):
            yield keys({
                name: self.values[number][self.places[number][record]]
                for number, name in enumerate(names)
                if self.places[number][record] >= 0
            })  # fmt: skip

    def found(self, one: int, other: int) -> tuple[Found, ...]:
        """What comparing two records gives, for every field."""
        result: list[Found] = []
        for number, aspect in enumerate(self.layout.aspects):
            result += self._compared(number, self.places[number][one], self.places[number][other]) or (
                [MISSING] * len(aspect.fields)
            )
        return tuple(result)

    def _compared(self, number: int, a: int, b: int) -> tuple[Found, ...]:
        if a < 0 or b < 0:
            return ()
        key = (a << 32) | b if a <= b else (b << 32) | a
        known = self._found[number].get(key)
        if known is None:
            aspect = self.layout.aspects[number]
            ones, others = self.values[number][a], self.values[number][b]
            if len(ones) == len(others) == 1:
                known = aspect.compare(ones[0], others[0])
            else:
                known = max(
                    (aspect.compare(one, other) for one, other in product(ones, others)),
                    key=lambda found: sum(
                        log2(field.levels[one.level].match / field.levels[one.level].chance)
                        for one, field in zip(found, aspect.fields, strict=True)
                        if one.level >= 0
                    ),
                )
            self._found[number][key] = known
        return known

    def reckon(self, chances: Sequence[tuple[float, ...]]) -> None:
        """Take these as the chance of each level; call it before asking for patterns."""
        self.chances = list(chances)
        self._codes = [{} for _ in self.layout.aspects]

    def pattern(self, one: int, other: int) -> Pattern:
        """The levels of two records, with how rare what they agree on is."""
        result: Pattern = ()
        start = 0
        for number, places in enumerate(self.places):
            a, b = places[one], places[other]
            if a < 0 or b < 0:
                result += self._nothing[number]
            else:
                key = (a << 32) | b if a <= b else (b << 32) | a
                codes = self._codes[number].get(key)
                if codes is None:
                    found = self._compared(number, a, b)
                    codes = tuple(self._code(start + offset, one) for offset, one in enumerate(found))
                    self._codes[number][key] = codes
                result += codes
            start += len(self._nothing[number])
        return result

    def _code(self, field: int, found: Found) -> int:
        if found.level < 0:
            return -1
        rareness = -log2(self.chance(field, found))
        return found.level * STEPS + min(STEPS - 1, max(0, round(rareness * HALF_BITS)))

    def chance(self, field: int, found: Found) -> float:
        """How often strangers agree as these two do: by the frequency of what they agree on."""
        level = self.layout.fields[field].levels[found.level]
        usual = self.chances[field][found.level]
        if not found.one:
            return usual
        counted, total = self.terms[field], self._totals[field]
        if level.by_value:
            count = min(counted[found.one], counted[found.other])
            # A value seen twice may be one customer's twice: then no stranger has it.
            return min(1.0, (max(count - 1, 0.5) + LEANING * level.chance) / (total + LEANING))
        if found.one == found.other and found.level:
            # Only a part agrees; by how many have that part, but no surer than half of it.
            return min(1.0, sqrt(usual * (counted[found.one] + 1) / (total + LEANING)))
        return usual

    def pair_of_sources(self, one: int, other: int) -> str:
        """The two sources of two records, in one spelling."""
        a, b = self.sources[one], self.sources[other]
        return f"{a}.{b}" if a <= b else f"{b}.{a}"

    def pairs_of_sources(self) -> dict[str, float]:
        """How many pairs of records there are between each two sources."""
        sizes = sorted(Counter(self.sources).items())
        return {
            f"{a}.{b}": float(m * n if a != b else m * (m - 1) / 2)
            for place, (a, m) in enumerate(sizes)
            for b, n in sizes[place:]
        }

    def share(self, field: int, term: str) -> float:
        """The share of records, of those that say anything of a field, that have a value."""
        return self.terms[field][term] / max(1, self._totals[field])

    def chances_among(self, pairs: Sequence[tuple[int, int]], trust: float = 300) -> list[tuple[float, ...]]:
        """The chance of each level among pairs of strangers, leaning on what is usual as on `trust` pairs."""
        counts = [[trust * level.chance for level in field.levels] for field in self.layout.fields]
        for one, other in pairs:
            for number, found in enumerate(self.found(one, other)):
                if found.level >= 0:
                    counts[number][found.level] += 1
        return [tuple(count / sum(row) for count in row) for row in counts]


def _numbered(texts: Sequence[str]) -> list[int]:
    known: dict[str, int] = {}
    return [known.setdefault(text, len(known)) for text in texts]


def strangers(size: int, wanted: int) -> list[tuple[int, int]]:
    """Pairs of places spread evenly over all pairs, the same each time."""
    found = []
    state = 12345
    for _ in range(min(wanted, size * (size - 1) // 2)):
        state = (state * 6364136223846793005 + 1442695040888963407) % (1 << 64)
        one = (state >> 33) % size
        state = (state * 6364136223846793005 + 1442695040888963407) % (1 << 64)
        other = (state >> 33) % size
        if one != other:
            found.append((one, other))
    return found
