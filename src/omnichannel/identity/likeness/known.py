"""Customers that a store knows, compared one by one: what is said of each is prepared, weighed and explained."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import log2
from typing import Any

from omnichannel.identity.likeness.aspects import MISSING, Field, Found
from omnichannel.identity.likeness.blocking import keys
from omnichannel.identity.likeness.layout import Layout
from omnichannel.identity.likeness.model import Model
from omnichannel.identity.likeness.relations import RELATIONS
from omnichannel.identity.likeness.scoring import Scorer
from omnichannel.identity.likeness.table import HALF_BITS, STEPS
from omnichannel.identity.likeness.waterfall import TOLD, Step, Waterfall

HEADINGS = (
    "name", "email", "phone", "street", "house_number", "postcode", "city", "country", "born", "company", "gender",
)  # fmt: skip
"""What a store keeps of customers, as columns; several values of one stand in a cell with | between them."""

LAYOUT = Layout.of(HEADINGS, ())

TRUST = 300
"""How many customers what is usual counts as, while few are known."""

Term = tuple[str, str]
"""A field and a value of it that is counted, so that what is rare weighs more."""


@dataclass(frozen=True, slots=True)
class Known:
    """One customer, prepared once: the values of each aspect."""

    values: tuple[Sequence[Any], ...]

    @classmethod
    def of(cls, row: Mapping[str, str]) -> Known:
        """Prepare what is said, by heading."""
        return cls(
            tuple(
                aspect.prepare(row) if any(column in row for column in aspect.columns) else ()
                for aspect in LAYOUT.aspects
            )
        )

    def keys(self) -> set[str]:
        """The short keys under which whoever is alike is found."""
        named = zip(LAYOUT.aspects, self.values, strict=True)
        return keys({aspect.name: values for aspect, values in named if values})

    def terms(self) -> set[Term]:
        """Every value that is counted, by field."""
        found: set[Term] = set()
        for aspect, values in zip(LAYOUT.aspects, self.values, strict=True):
            for value in values:
                for field, words in zip(aspect.fields, aspect.terms(value), strict=True):
                    found.update((field.name, word) for word in words if word)
        return found


@dataclass(frozen=True, slots=True)
class Weight:
    """What one field tells of two customers: in words, and in bits (log2 of how many times likelier one is)."""

    field: str
    says: str
    bits: float


@dataclass(frozen=True, slots=True)
class Weighed:
    """How probable it is that two are one customer, and each field's part in it.

    `odds` are in bits. They are the sum of `weights` and of what was so `before` anything was compared, less what is
    known `besides`: strangers who are related agree too, the likeliest of them in the relation `related`.
    """

    probability: float
    weights: tuple[Weight, ...]
    odds: float
    before: float
    related: str = ""

    def waterfall(self) -> Waterfall:
        """All of it in order, adding up to the odds; what tells next to nothing is left out."""
        told = [weight for weight in self.weights if abs(weight.bits) >= TOLD]
        steps = [Step("before", "two customers picked at random", self.before)]
        steps += [Step(weight.field, weight.says, weight.bits) for weight in told]
        besides = self.odds - self.before - sum(weight.bits for weight in self.weights)
        if abs(besides) >= TOLD:
            steps.append(Step("besides", f"two people could agree so: {self.related}", besides))
        return Waterfall(tuple(steps), self.odds, self.probability)


class Scale:
    """Weighs customers by a model. Made once for each model."""

    def __init__(self, model: Model) -> None:
        self._scorer = Scorer(model, LAYOUT.fields)
        self._model = model

    def weigh(self, one: Known, other: Known, counts: Mapping[Term, int]) -> Weighed:
        """Compare two customers. `counts`: how many share each value, and for `""` how many have any."""
        found = compared(one, other)
        pattern = tuple(
            self._code(field, what, counts) for field, what in zip(LAYOUT.fields, found, strict=True)
        )
        weights = self._scorer.weights(pattern)
        odds, probability, related = self._scorer.shares(weights)
        told = [
            Weight(field.name, field.levels[what.level].says, round(bits, 2))
            for field, what, bits in zip(LAYOUT.fields, found, weights, strict=True)
            if bits is not None
        ]
        told.sort(key=lambda weight: (-abs(weight.bits), weight.field))
        likeliest = max(zip(related, RELATIONS, strict=True))[1]
        return Weighed(probability, tuple(told), odds, self._scorer.prior(), likeliest)

    def _code(self, field: Field, found: Found, counts: Mapping[Term, int]) -> int:
        if found.level < 0:
            return -1
        chance = self._chance(field, found, counts)
        return found.level * STEPS + min(STEPS - 1, max(0, round(-log2(chance) * HALF_BITS)))

    def _chance(self, field: Field, found: Found, counts: Mapping[Term, int]) -> float:
        usual = self._model.fields[field.name].chance[found.level]
        level = field.levels[found.level]
        if not (found.one and level.by_value):
            return max(usual, 1e-12)
        count = min(counts.get((field.name, term), 0) for term in (found.one, found.other))
        total = counts.get((field.name, ""), 0)
        # A value that two have may be one customer's twice: then no stranger has it. While few are known, what
        # is usual tells more than they do.
        return min(1.0, (max(count - 1, 0.5) + TRUST * level.chance) / (total + TRUST))


def compared(one: Known, other: Known) -> tuple[Found, ...]:
    """What comparing two gives for every field; of several values of one, the two that are most alike."""
    result: list[Found] = []
    for aspect, ours, theirs in zip(LAYOUT.aspects, one.values, other.values, strict=True):
        pairs = [aspect.compare(a, b) for a, b in product(ours, theirs)]
        if len(pairs) > 1:
            result += max(pairs, key=lambda found: _usual(aspect.fields, found))
        else:
            result += pairs[0] if pairs else [MISSING] * len(aspect.fields)
    return tuple(result)


def _usual(fields: Iterable[Field], found: Iterable[Found]) -> float:
    return sum(
        log2(field.levels[what.level].match / field.levels[what.level].chance)
        for field, what in zip(fields, found, strict=True)
        if what.level >= 0
    )


def default() -> Model:
    """The model of a store that has not learned yet."""
    return Model.default(LAYOUT.fields)
