"""Why two records are taken for one customer's, or not: the weight of each field, adding up to the odds."""

from __future__ import annotations

from dataclasses import dataclass

from omnichannel.identity.likeness.relations import RELATIONS
from omnichannel.identity.likeness.scoring import Scorer
from omnichannel.identity.likeness.table import STEPS, Table

TOLD = 0.05
"""Weights smaller than this many bits, either way, go untold."""


@dataclass(frozen=True, slots=True)
class Step:
    """One reason: the field, what was found in words, and its weight in bits (log2; positive speaks for one).

    `shared_by` is the share of records, 0 to 1, that have the value they agree on; None where no one value counts.
    """

    field: str
    says: str
    bits: float
    shared_by: float | None = None


@dataclass(frozen=True, slots=True)
class Waterfall:
    """All reasons in order, and what they add up to: odds in bits, and the probability."""

    steps: tuple[Step, ...]
    odds: float
    probability: float

    def lines(self) -> list[str]:
        """The reasons as sentences, one a line."""
        told = [f"{step.bits:+6.1f} bits  {step.field}: {step.says}{_shared(step)}" for step in self.steps]
        return [
            *told,
            f"{self.odds:+6.1f} bits  in all: one customer with probability {self.probability:.4f}",
        ]


def _shared(step: Step) -> str:
    if step.shared_by is None:
        return ""
    return f" (1 in {max(1, round(1 / step.shared_by)):,} has it)" if step.shared_by > 0 else ""


def explain(table: Table, scorer: Scorer, one: int, other: int, sources: str = "") -> Waterfall:
    """The waterfall of two records, by their places. Its steps add up to the odds."""
    pattern = table.pattern(one, other)
    weights = scorer.weights(pattern)
    odds, probability, related = scorer.shares(weights, sources)
    start = scorer.prior(sources)
    steps = [Step("before", "two records picked at random", start)]
    for number, (field, found, weight) in enumerate(
        zip(scorer.fields, table.found(one, other), weights, strict=True)
    ):
        if weight is not None and abs(weight) >= TOLD:
            steps.append(
                Step(
                    field.name,
                    field.levels[found.level].says,
                    weight,
                    _share(table, number, found.one, pattern),
                )
            )
    left = odds - start - sum(weight for weight in weights if weight is not None)
    if abs(left) >= TOLD:
        likeliest = max(zip(related, RELATIONS, strict=True))[1]
        steps.append(Step("besides", f"two people could agree so: {likeliest}", left))
    return Waterfall(tuple(steps), odds, probability)


def _share(table: Table, number: int, term: str, pattern: tuple[int, ...]) -> float | None:
    """How many records share the value, where its own frequency was weighed."""
    level = table.layout.fields[number].levels[pattern[number] // STEPS]
    if not level.by_value or not term:
        return None
    return table.share(number, term)
