"""From a pattern of levels to a probability: one customer's, against strangers' and against each relation of two."""

from __future__ import annotations

from collections.abc import Sequence
from math import log2

from omnichannel.identity.likeness.aspects import Field, Kind
from omnichannel.identity.likeness.model import LEAST, Learned, Model
from omnichannel.identity.likeness.relations import HALF_ALIKE, OWN, RELATIONS, SHARED
from omnichannel.identity.likeness.table import HALF_BITS, STEPS, Pattern

DOUBTED = -20.0
"""Odds in bits below which nobody asks whether two are half alike."""

_HALF = list(RELATIONS).index("half alike")
_KINDS = {kind: number for number, kind in enumerate(Kind)}


class Scorer:
    """A model made ready for many pairs. Weights and odds are in bits (log2)."""

    def __init__(self, model: Model, fields: Sequence[Field]) -> None:
        self.model = model
        self.fields = fields
        self._bits = [
            {
                level * STEPS + step: log2(max(share, LEAST)) + step / HALF_BITS + rarer
                for level, (share, rarer) in enumerate(
                    zip(learned.match, _rarer(learned, field), strict=True)
                )
                for step in range(STEPS)
            }
            for field in fields
            for learned in (model.fields[field.name],)
        ]
        self._kind = [_KINDS[field.kind] for field in fields]
        present = {field.kind for field in fields}
        # A relation that shares all that the records say is no rival: nothing could tell it from one customer.
        self._relations = [
            (
                tuple(sorted(_KINDS[kind] for kind in kinds)),
                log2(max(model.relations.get(name, LEAST), 1e-12)),
            )
            if present - kinds
            else ((), -400.0)
            for name, kinds in RELATIONS.items()
        ]
        self._own = [place for place, field in enumerate(fields) if field.kind is Kind.SELF]
        self._half = [
            (place, model.shared.get(field.name, SHARED[0]))
            for place, field in enumerate(fields)
            if field.kind in HALF_ALIKE
        ]
        self._agreeing = [
            {
                level: share
                for level, (share, chance) in enumerate(zip(learned.match, learned.chance, strict=True))
                if share > chance or field.levels[level].by_value
            }
            for field in fields
            for learned in (model.fields[field.name],)
        ]
        self._prior = log2(model.prior)
        self._priors = {pair: log2(max(share, 1e-12)) for pair, share in model.priors.items()}

    def weights(self, pattern: Pattern) -> list[float | None]:
        """The weight of each field in bits; None where nothing is said."""
        return [None if code < 0 else bits[code] for code, bits in zip(pattern, self._bits, strict=True)]

    def prior(self, sources: str = "") -> float:
        """The odds before anything is compared, in bits, for records of these sources."""
        return self._priors.get(sources, self._prior)

    def odds(self, weights: Sequence[float | None], sources: str = "") -> float:
        """The odds, in bits, that two records with these weights are one customer's."""
        return self.shares(weights, sources)[0]

    def shares(self, weights: Sequence[float | None], sources: str = "") -> tuple[float, float, list[float]]:
        """The odds in bits, the probability, and how probable each relation of two strangers is."""
        sums = [0.0] * len(_KINDS)
        for kind, weight in zip(self._kind, weights, strict=True):
            if weight is not None:
                sums[kind] += weight
        match = self.prior(sources) + sum(sums)
        rivals = [prior + sum([sums[kind] for kind in kinds]) for kinds, prior in self._relations]
        if match > DOUBTED:
            rivals[_HALF] += self._half_alike(weights) if self.unconfirmed(weights) else -400.0
        top = max(0.0, *rivals)
        against = 2.0**-top + sum([2.0 ** (rival - top) for rival in rivals])
        odds = max(-200.0, min(200.0, match - top - log2(against)))
        probability = 1 / (1 + 2.0**-odds)
        rest = (1 - probability) / against
        return odds, probability, [rest * 2.0 ** (rival - top) for rival in rivals]

    def unconfirmed(self, weights: Sequence[float | None]) -> bool:
        """Whether nothing of the person's own speaks for or against two."""
        return all(abs(weights[place] or 0.0) < OWN for place in self._own)

    def _half_alike(self, weights: Sequence[float | None]) -> float:
        """What speaks for two to be half alike, beside their names, in bits."""
        return sum([
            log2(each * 2.0**bits + 1 - each)
            for place, each in self._half
            if (bits := weights[place]) is not None
        ])  # fmt: skip

    def shared(self, weights: Sequence[float | None]) -> list[tuple[str, float]]:
        """For each field that the half alike share in part: how probable it is that these two do, if they are."""
        return [
            (self.fields[place].name, each * 2.0**bits / (each * 2.0**bits + 1 - each))
            for place, each in self._half
            if (bits := weights[place]) is not None
        ]

    def agreement(self, pattern: Pattern) -> tuple[int, bool, float]:
        """Of what the half alike share in part: how many fields are known, whether all agree, how often they would.

        The last is the share of one customer's pairs with these fields that agree on all of them.
        """
        known, all_agree, expected = 0, True, 1.0
        for place, _ in self._half:
            if pattern[place] >= 0:
                agreeing = self._agreeing[place]
                known, all_agree = known + 1, all_agree and pattern[place] // STEPS in agreeing
                expected *= sum(agreeing.values())
        return known, all_agree, expected


def _rarer(learned: Learned, field: Field) -> list[float]:
    """By how many bits each level is rarer among strangers than among all pairs, as the patterns count it."""
    if not learned.seen:
        return [0.0] * len(learned.chance)
    shares = zip(field.levels, learned.seen, learned.chance, strict=True)
    return [
        0.0 if level.by_value else log2(max(seen, LEAST) / max(chance, LEAST))
        for level, seen, chance in shares
    ]
