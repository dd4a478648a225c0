"""Learning how many are half alike: strangers who agree on a name and on some of what one customer's records share.

They are a rival only where nothing of the person's own (a birth date, a document) is known of two records. There it
cannot be seen pair by pair whether a customer moved house or another one shares the telephone; but of all such pairs
together it can: if they were customers, as many would agree on everything as elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import sqrt

from omnichannel.identity.likeness.model import LEAST, Model
from omnichannel.identity.likeness.relations import LOOK_ALIKES, RELATIONS, SHARED
from omnichannel.identity.likeness.scoring import Scorer
from omnichannel.identity.likeness.table import Pattern

TRUST = 100.0
"""How many pairs what is usual counts as; and so many customers must be confirmed by something of their own."""

FIELDS_TRUSTED = 10.0
"""The same for how often a field is shared."""

AWAITED = 20.0
"""So many pairs must be awaited to agree on everything before their lack tells anything."""

LEAST_CUSTOMERS = 1 / 65
"""Of such pairs, so many are one customer's at the least: a pair is never doubted by more than 6 bits for it."""

_PLACE = list(RELATIONS).index("half alike")


class HalfAlike:
    """What the pairs of one round of learning show of those who are half alike."""

    def __init__(self, scorer: Scorer) -> None:
        self._scorer = scorer
        self._confirmed = 0.0
        self._shared: dict[str, tuple[float, float]] = {}
        self._agreeing: dict[int, tuple[float, float]] = {}

    def add(
        self,
        pattern: Pattern,
        weights: Sequence[float | None],
        times: float,
        probability: float,
        relations: Sequence[float],
    ) -> None:
        """Count pairs of one pattern: how probably they are one customer's, and in each relation."""
        if not self._scorer.unconfirmed(weights):
            self._confirmed += times * probability
            return
        half = times * relations[_PLACE]
        for field, share in self._scorer.shared(weights):
            both, every = self._shared.get(field, (0.0, 0.0))
            self._shared[field] = both + half * share, every + half
        known, agree, expected = self._scorer.agreement(pattern)
        found, awaited = self._agreeing.get(known, (0.0, 0.0))
        pairs = times * probability / max(LEAST, 1 - relations[_PLACE])  # if nobody were half alike
        self._agreeing[known] = found + pairs * agree, awaited + pairs * expected

    def fitted(self, model: Model) -> Model:
        """The model with what was counted, on top of what is usual."""
        share = max(LEAST_CUSTOMERS, min(1 - LOOK_ALIKES, self._most()))
        shared = {
            field: min(SHARED[1], (both + FIELDS_TRUSTED * SHARED[0]) / (every + FIELDS_TRUSTED))
            for field, (both, every) in self._shared.items()
        }
        relations = {**model.relations, "half alike": model.prior * (1 / share - 1)}
        return replace(model, relations=relations, shared=shared)

    def _most(self) -> float:
        """The greatest share of these pairs that can be one customer's, by how many agree on all that is known.

        Of customers as many as awaited do, of the half alike perhaps none. What was found is taken two standard
        deviations too high, so that a gap by chance does not count.
        """
        if self._confirmed < TRUST:
            return 1.0  # Nothing shows what customers agree on, but these very pairs.
        bounds = [
            (found + 2 * sqrt(found) + 1) / awaited
            for known, (found, awaited) in self._agreeing.items()
            if known > 1 and awaited >= AWAITED
        ]
        return min([1.0, *bounds])
