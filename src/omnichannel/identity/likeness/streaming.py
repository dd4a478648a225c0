"""Learning on while a store runs: a few hundred sums, moved a little by each batch of compared pairs.

Stepwise online expectation-maximisation (Cappé and Moulines 2009; Liang and Klein 2009): what a batch shows gets
the share (batches + 2) to the power of -0.7, what was known the rest. The sums are all that has to be kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from omnichannel.identity.likeness.aspects import Field
from omnichannel.identity.likeness.learning import rising
from omnichannel.identity.likeness.model import Model
from omnichannel.identity.likeness.scoring import Scorer
from omnichannel.identity.likeness.table import STEPS, Pattern

FADING = -0.7
"""The exponent of a batch's share; above -0.5 it would never settle, below -1 early batches would count for ever."""


@dataclass(frozen=True, slots=True)
class Sums:
    """What the batches so far have shown: for each field, the share of each level among one customer's records."""

    batches: int
    match: tuple[tuple[float, ...], ...]

    @classmethod
    def of(cls, model: Model, fields: Sequence[Field]) -> Sums:
        """The sums that a model stands for before the first batch."""
        return cls(0, tuple(model.fields[field.name].match for field in fields))

    def after(self, batch: Sequence[Pattern], model: Model, fields: Sequence[Field]) -> Sums:
        """The sums after a batch of patterns, judged by the model in force. An empty batch changes nothing."""
        scorer = Scorer(model, fields)
        counts = [[0.0] * len(field.levels) for field in fields]
        for pattern in batch:
            _, probability, _ = scorer.shares(scorer.weights(pattern))
            for place, code in enumerate(pattern):
                if code >= 0:
                    counts[place][code // STEPS] += probability
        rate = (self.batches + 2) ** FADING
        moved = tuple(_moved(old, row, rate) for old, row in zip(self.match, counts, strict=True))
        return Sums(self.batches + bool(batch), moved)

    def model(self, model: Model, fields: Sequence[Field]) -> Model:
        """The model with what was learned; what strangers have in common stays as it was."""
        learned = dict(model.fields)
        for field, match in zip(fields, self.match, strict=True):
            before = learned[field.name]
            learned[field.name] = replace(before, match=rising(match, before.chance))
        return replace(model, fields=learned)


def _moved(old: Sequence[float], row: Sequence[float], rate: float) -> tuple[float, ...]:
    """Shares moved toward what a batch shows; less, where it shows less than one pair of one customer's."""
    seen = sum(row)
    if not seen:
        return tuple(old)
    share = rate * min(1.0, seen)
    return tuple((1 - share) * known + share * count / seen for known, count in zip(old, row, strict=True))
