"""Record files: records in, clusters out. No labels, one configuration for every file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import log2

from omnichannel.identity.likeness.layout import Layout
from omnichannel.identity.likeness.learning import Seen, learn
from omnichannel.identity.likeness.model import Model
from omnichannel.identity.likeness.scoring import Scorer
from omnichannel.identity.likeness.table import Pattern, Table, strangers
from omnichannel.identity.resolving.candidates import candidates
from omnichannel.identity.resolving.clustering import Clustering, Edge

STRANGERS = 40_000
LEARNED_FROM = 25_000
LEAST: Mapping[str, float] = {"disclose": log2(999), "assist": 0.0, "analytics": -2.0}
"""How sure a join must be for a purpose, as odds in bits: 0.999, even, one in five."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """What resolving gave: the scorer, the scored pairs, and the table they came from."""

    table: Table
    scorer: Scorer
    edges: list[Edge]

    def clusters(self, purpose: str = "assist") -> list[int]:
        """For each record the smallest place of a record in its cluster."""
        return self.clusters_at(LEAST[purpose])

    def clusters_at(self, least: float) -> list[int]:
        """The same at a threshold of one's own: joined is what is likelier than `least` bits of odds."""
        grouping = Clustering(self.table.size, self.scorer, self.table.pattern, self.sources)
        grouping.run((edge for edge in self.edges if edge[0] >= least - 6), least)
        smallest: dict[int, int] = {}
        return [smallest.setdefault(grouping.find(place), place) for place in range(self.table.size)]

    def sources(self, one: int, other: int) -> str:
        """The two sources of a pair, as the model's priors know them."""
        return _sources(self.table, one, other)


def _sources(table: Table, one: int, other: int) -> str:
    a, b = table.sources[one], table.sources[other]
    return f"{a}.{b}" if a <= b else f"{b}.{a}"


def resolve(rows: Sequence[Mapping[str, str]], headings: Sequence[str]) -> Resolved:
    """Score all candidate pairs with a model learned from these records."""
    table = Table(rows, Layout.of(headings, rows))
    fields = table.layout.fields
    table.calibrate(table.learn_chances(strangers(table.size, STRANGERS)))
    found = candidates(table.keys())
    patterns = [table.pattern(one, other) for one, other in found]
    sources = [_sources(table, one, other) for one, other in found]
    model = Model.default(fields, min(0.01, 1 / max(10, table.size)))
    model = _with_chances(model, table)
    seen = _sampled(patterns, sources, Scorer(model, fields))
    model = learn(model, fields, seen, _pairs(table))
    scorer = Scorer(model, fields)
    odds: dict[tuple[Pattern, str], float] = {}
    edges = []
    for (one, other), pattern, pair in zip(found, patterns, sources, strict=True):
        score = odds.get((pattern, pair))
        if score is None:
            score = odds[(pattern, pair)] = scorer.odds(scorer.weights(pattern), pair)
        if score > -10:
            edges.append((score, one, other))
    return Resolved(table, scorer, edges)


def _with_chances(model: Model, table: Table) -> Model:
    return replace(
        model,
        fields={
            field.name: replace(model.fields[field.name], chance=chance)
            for field, chance in zip(table.layout.fields, table.chances, strict=True)
        },
    )


def _pairs(table: Table) -> dict[str, float]:
    """How many pairs of records there are between each two sources."""
    sizes = sorted(Counter(table.sources).items())
    return {
        f"{a}.{b}": float(m * n if a != b else m * (m - 1) / 2)
        for place, (a, m) in enumerate(sizes)
        for b, n in sizes[place:]
    }


def _sampled(patterns: Sequence[Pattern], sources: Sequence[str], scorer: Scorer) -> list[Seen]:
    """Patterns to learn from: evenly of those that may be one customer's, and of the others."""
    counted = Counter(zip(patterns, sources, strict=True))
    likely: list[Seen] = []
    other: list[Seen] = []
    for (pattern, pair), times in counted.items():
        odds = scorer.odds(scorer.weights(pattern), pair)
        (likely if odds > -7 else other).append((pattern, pair, float(times)))
    return _thinned(likely, LEARNED_FROM * 3 // 4) + _thinned(other, LEARNED_FROM // 4)


def _thinned(seen: list[Seen], most: int) -> list[Seen]:
    if len(seen) <= most:
        return seen
    step = len(seen) / most
    kept = [seen[int(place * step)] for place in range(most)]
    factor = sum(times for *_, times in seen) / sum(times for *_, times in kept)
    return [(pattern, pair, times * factor) for pattern, pair, times in kept]
