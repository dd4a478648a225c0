"""Record files: records in, clusters out. No labels, one configuration for every file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import log2

from omnichannel.errors import UsageError
from omnichannel.identity.likeness.layout import Layout
from omnichannel.identity.likeness.learning import Seen, learn, stated
from omnichannel.identity.likeness.model import Model
from omnichannel.identity.likeness.scoring import Scorer
from omnichannel.identity.likeness.table import STEPS, Pattern, Table, strangers
from omnichannel.identity.likeness.waterfall import Waterfall, explain
from omnichannel.identity.likeness.wording import ALONE
from omnichannel.identity.resolving.candidates import candidates
from omnichannel.identity.resolving.clustering import Clustering, Edge

STRANGERS = 40_000
"""Pairs picked at random to see what strangers have in common."""

LEARNED_FROM = 25_000
"""Different patterns to learn from, three quarters of them of pairs that may be one customer's."""

LEAST: Mapping[str, float] = {"disclose": log2(999), "assist": 0.0, "analytics": -2.0}
"""How sure a join must be for a purpose, as odds in bits: 0.999, even, one in five; strictest first."""

REVIEWED = -4.0
"""Down to these odds in bits (about 1 in 17) a pair that was not joined is worth a person's look."""

SURE = 4.0
"""From these odds in bits two records count as one customer's when values are counted."""

ROUNDS_AGAIN = 4
"""Rounds of learning from nearly the same pairs again."""

KEPT = -10.0
"""Pairs of lower odds are forgotten at once."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """Scored pairs, and what they came from. Records are named by their places in what was given.

    Inside, they stand in the order of their contents, so that the order of a file changes nothing: `order` says
    where the record of an inner place was given.
    """

    table: Table
    scorer: Scorer
    order: tuple[int, ...]
    scored: list[Edge]

    @property
    def edges(self) -> list[Edge]:
        """The pairs that were scored and not forgotten: odds in bits, and the places of two records."""
        return [(odds, self.order[one], self.order[other]) for odds, one, other in self.scored]

    def clusters(self, purpose: str = "assist") -> list[int]:
        """For each record the smallest place of a record in its cluster.

        `disclose` joins only records that an equal document number, e-mail address or telephone number connects:
        a name and an address are no proof. Each purpose starts from the stricter one's clusters, so they nest.
        Raises UsageError for an unknown purpose.
        """
        if purpose not in LEAST:
            raise UsageError(f"no purpose is called {purpose!r}; there are {', '.join(LEAST)}")
        grouping = self._grouping()
        for stage, least in LEAST.items():
            edges = [
                edge for edge in self.scored if stage != "disclose" or self._identified(edge[1], edge[2])
            ]
            grouping.run(edges, least)
            if stage == purpose:
                break
        return self._smallest(grouping)

    def nested(self, leasts: Iterable[float]) -> Iterator[list[int]]:
        """Clusters by all evidence at each of several thresholds in bits, falling: each goes on from the last."""
        grouping = self._grouping()
        for least in leasts:
            grouping.run(self.scored, least)
            yield self._smallest(grouping)

    def review(self, purpose: str = "assist") -> list[Edge]:
        """Pairs left apart that a person should look at, likeliest first."""
        owner = self.clusters(purpose)
        left = [edge for edge in self.edges if edge[0] >= REVIEWED and owner[edge[1]] != owner[edge[2]]]
        return sorted(left, key=lambda edge: (-edge[0], edge[1], edge[2]))

    def explain(self, one: int, other: int) -> Waterfall:
        """Why two records, by their places, are one customer's, or are not."""
        a, b = self.order.index(one), self.order.index(other)
        return explain(self.table, self.scorer, a, b, self.table.pair_of_sources(a, b))

    def sure(self) -> list[int]:
        """For each inner place the customer whose it is, as far as that is sure."""
        grouping = self._grouping()
        grouping.run(self.scored, SURE)
        return [grouping.find(place) for place in range(self.table.size)]

    def _grouping(self) -> Clustering:
        return Clustering(self.table.size, self.scorer, self.table.pattern, self.table.pair_of_sources)

    def _smallest(self, grouping: Clustering) -> list[int]:
        inner = {given: place for place, given in enumerate(self.order)}
        smallest: dict[int, int] = {}
        return [smallest.setdefault(grouping.find(inner[given]), given) for given in range(self.table.size)]

    def _identified(self, one: int, other: int) -> bool:
        """Whether an identifier of both is the same."""
        return any(
            field.identifies and code >= 0 and code // STEPS == len(field.levels) - 1
            for field, code in zip(self.table.layout.fields, self.table.pattern(one, other), strict=True)
        )


def resolve(
    rows: Sequence[Mapping[str, str]], headings: Sequence[str], model: Model | None = None
) -> Resolved:
    """Score the pairs of a file's records that may be one customer's.

    The model is learned from these very records, without labels, unless one learned elsewhere is given: it must
    know every field of them, else this raises UsageError.
    """
    order = sorted(
        range(len(rows)),
        key=lambda place: [rows[place].get(one, "") for one in headings] + sorted(rows[place].values()),
    )
    ordered = [rows[place] for place in order]
    table = Table(ordered, Layout.of(headings, ordered))
    table.reckon(table.chances_among(strangers(table.size, STRANGERS)))
    found = candidates(table.keys())
    sources = [table.pair_of_sources(one, other) for one, other in found]
    known = _fitting(model, table)
    first, edges = _scored(table, found, sources, known)
    # Once it is known who is who, a value counts by how many customers have it, not by how many records.
    table.count(Resolved(table, first, tuple(order), edges).sure())
    table.reckon(table.chances)
    scorer, edges = _scored(table, found, sources, known, first.model)
    return Resolved(table, scorer, tuple(order), edges)


def _scored(
    table: Table,
    found: Sequence[tuple[int, int]],
    sources: Sequence[str],
    known: Model | None,
    nearly: Model | None = None,
) -> tuple[Scorer, list[Edge]]:
    """The pairs that are not forgotten, with their odds, by the model known or else one fitted to them.

    `nearly`: a model that was fitted to nearly the same, so that few rounds are enough.
    """
    patterns = [table.pattern(one, other) for one, other in found]
    model = known or _learned(table, patterns, sources, nearly)
    scorer = Scorer(model, table.layout.fields)
    odds: dict[tuple[Pattern, str], float] = {}
    edges = []
    for (one, other), said in zip(found, zip(patterns, sources, strict=True), strict=True):
        score = odds.get(said)
        if score is None:
            score = odds[said] = scorer.odds(scorer.weights(said[0]), said[1])
        if score > KEPT:
            edges.append((score, one, other))
    return scorer, edges


def _fitting(model: Model | None, table: Table) -> Model | None:
    if model is not None:
        unknown = [field.name for field in table.layout.fields if field.name not in model.fields]
        if unknown:
            raise UsageError(f"the model knows no field {unknown[0]!r}; learn one from records that have it")
    return model


def _learned(
    table: Table, patterns: Sequence[Pattern], sources: Sequence[str], nearly: Model | None
) -> Model:
    """A model fitted to the candidate pairs."""
    fields, pairs = table.layout.fields, table.pairs_of_sources()
    if nearly is not None and not table.layout.alone:
        return learn(nearly, fields, _sampled(patterns, sources, Scorer(nearly, fields)), pairs, ROUNDS_AGAIN)
    model = Model.default(fields, table.size)
    if table.layout.alone:
        return stated(model, ALONE, table.chances[0])
    chances = {
        field.name: replace(model.fields[field.name], chance=chance)
        for field, chance in zip(fields, table.chances, strict=True)
    }
    model = replace(model, fields=chances)
    return learn(model, fields, _sampled(patterns, sources, Scorer(model, fields)), pairs)


def _sampled(patterns: Sequence[Pattern], sources: Sequence[str], scorer: Scorer) -> list[Seen]:
    """Patterns to learn from: evenly of those that may be one customer's, and of the others."""
    likely: list[Seen] = []
    others: list[Seen] = []
    for (pattern, pair), times in Counter(zip(patterns, sources, strict=True)).items():
        odds = scorer.odds(scorer.weights(pattern), pair)
        (likely if odds > -7 else others).append((pattern, pair, float(times)))
    return _thinned(likely, LEARNED_FROM * 3 // 4) + _thinned(others, LEARNED_FROM // 4)


def _thinned(seen: list[Seen], most: int) -> list[Seen]:
    if len(seen) <= most:
        return seen
    step = len(seen) / most
    kept = [seen[int(place * step)] for place in range(most)]
    factor = sum(times for *_, times in seen) / sum(times for *_, times in kept)
    return [(pattern, pair, times * factor) for pattern, pair, times in kept]
