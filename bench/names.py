"""`python -m bench names [--wrong]`: how well the comparators tell which names are one person's, or one body's.

The pairs are nomenklatura's (`name_pairs_opensanctions`), names of people and bodies with a verdict for each.
Beside our one cut stand plain Jaro-Winkler and the token-set ratio, at the threshold that the verdicts
themselves choose for each: better than anybody could set it. `--wrong` lists the pairs that we get wrong.
"""

from __future__ import annotations

import csv
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from rapidfuzz import fuzz
from rapidfuzz.distance import JaroWinkler

from omnichannel.identity.likeness.compare import COMPANY, NAME, SAME_COMPANY, SAME_PERSON

CASES = (
    Path(__file__).parents[1].parent
    / "shared"
    / "data"
    / "identity"
    / "name_pairs_opensanctions"
    / "cases.csv"
)


class Pair(NamedTuple):
    """Two names, and whether somebody judged them one."""

    person: bool
    category: str
    one: str
    other: str
    match: bool


class Score(NamedTuple):
    """How many pairs were told rightly and wrongly."""

    hits: int
    false: int
    missed: int

    @property
    def precision(self) -> float:
        return self.hits / (self.hits + self.false) if self.hits else 0.0

    @property
    def recall(self) -> float:
        return self.hits / (self.hits + self.missed) if self.hits else 0.0

    @property
    def f1(self) -> float:
        return 2 * self.hits / (2 * self.hits + self.false + self.missed) if self.hits else 0.0


def read(path: Path = CASES) -> list[Pair]:
    """The pairs of people and of bodies; ships and the like are left out."""
    with path.open(newline="", encoding="utf-8") as file:
        return [
            Pair(
                row["schema"] == "Person",
                row["category"] or row["case_group"],
                row["name1"],
                row["name2"],
                row["is_match"] == "true",
            )
            for row in csv.DictReader(file)
            if row["schema"] in {"Person", "Company", "Organization"}
        ]


def level(pair: Pair) -> int:
    """The level at which our comparator finds a pair; 0 where a name says nothing."""
    if pair.person:
        one, other = NAME.prepare(pair.one), NAME.prepare(pair.other)
        return NAME.level(one, other) if one and other else 0
    body, other_body = COMPANY.prepare(pair.one), COMPANY.prepare(pair.other)
    return COMPANY.level(body, other_body) if body and other_body else 0


def same(pair: Pair) -> bool:
    """Whether the pair is one by our cut."""
    return level(pair) >= (SAME_PERSON if pair.person else SAME_COMPANY)


def score(pairs: Iterable[Pair], told: Callable[[Pair], bool]) -> Score:
    """Count what a way of telling gets right."""
    found = Counter((pair.match, told(pair)) for pair in pairs)
    return Score(found[True, True], found[False, True], found[True, False])


def best(pairs: Sequence[Pair], alike: Callable[[str, str], float]) -> tuple[float, Score]:
    """The threshold, of a hundred, that gives a measure its best F1 on these pairs."""
    values = [(alike(pair.one.casefold(), pair.other.casefold()), pair.match) for pair in pairs]

    def at(threshold: float) -> Score:
        found = Counter((match, value >= threshold) for value, match in values)
        return Score(found[True, True], found[False, True], found[True, False])

    return max(((step / 100, at(step / 100)) for step in range(1, 101)), key=lambda scored: scored[1].f1)


RIVALS: dict[str, Callable[[str, str], float]] = {
    "Jaro-Winkler": JaroWinkler.similarity,
    "token-set ratio": lambda one, other: fuzz.token_set_ratio(one, other) / 100,
}


def _line(what: str, found: Score, of: int, note: str = "") -> str:
    return f"{what:<46} {of:>5} {found.precision:>9.3f} {found.recall:>7.3f} {found.f1:>7.3f}  {note}"


def _report(title: str, pairs: Sequence[Pair], cut: str) -> None:
    print(f"\n{title:<46} {'pairs':>5} {'precision':>9} {'recall':>7} {'F1':>7}")
    print(_line("ours", score(pairs, same), len(pairs), f"from {cut!r} up"))
    for name, alike in RIVALS.items():
        threshold, found = best(pairs, alike)
        print(_line(name, found, len(pairs), f"its best threshold, {threshold:.2f}"))
    print("by category, ours:")
    for category, count in Counter(pair.category for pair in pairs).most_common():
        of = [pair for pair in pairs if pair.category == category]
        right = sum(same(pair) == pair.match for pair in of)
        print(f"  {category:<44} {count:>5} {right:>4} right")


def _speed(pairs: Sequence[Pair]) -> None:
    prepared = [
        (one, other)
        for pair in pairs
        if (one := NAME.prepare(pair.one)) and (other := NAME.prepare(pair.other))
    ]
    started = time.process_time()
    for one, _ in prepared:
        for _, other in prepared:
            NAME.level(one, other)
    count = len(prepared) ** 2
    print(
        f"\n{(time.process_time() - started) / count * 1e6:.1f} µs per comparison of two persons' names ({count:,})"
    )


def main(argv: Sequence[str]) -> int:
    """Print the figures; 1 if the pairs are not there, or a rival does better."""
    if not CASES.exists():
        print(f"there are no pairs at {CASES.name}", file=sys.stderr)
        return 1
    pairs = read()
    people = [pair for pair in pairs if pair.person]
    bodies = [pair for pair in pairs if not pair.person]
    _report("names of people", people, NAME.words(SAME_PERSON))
    _report("names of companies and other bodies", bodies, COMPANY.words(SAME_COMPANY))
    _speed(people[:300])
    if "--wrong" in argv:
        for pair in pairs:
            if same(pair) != pair.match:
                words = (NAME if pair.person else COMPANY).levels[level(pair)]
                print(
                    f"{'missed' if pair.match else 'false'}: {pair.one} | {pair.other} | {words} | {pair.category}"
                )
    ours = (score(people, same).f1, score(bodies, same).f1)
    rivals = [max(best(group, alike)[1].f1 for alike in RIVALS.values()) for group in (people, bodies)]
    return int(any(own < rival for own, rival in zip(ours, rivals, strict=True)))
