"""What people judge puts stated probabilities right: decisions are kept, and bend the curve when a store learns.

A decision counts where likeness had stated a probability for the pair; what was taken back counts no more.
"""

from __future__ import annotations

import json
from functools import lru_cache

from omnichannel.identity import live
from omnichannel.identity.likeness.calibration import Calibration, calibrate
from omnichannel.store import Tx, journal, judged, likeness

ENOUGH = 100
"""So many judged pairs there must be, before they change anything."""

LEANING = 4.0
"""What was stated counts as so many decisions that bear it out, for each tenth of the scale: few change little."""


def curve(tx: Tx) -> str:
    """The curve from stated to true probability that the decisions so far give, as text; "" before `ENOUGH`."""
    found = _standing(tx)
    if len(found) < ENOUGH:
        return ""
    made = calibrate([*((stated, same, 1.0) for stated, same in found), *_leaning()])
    return json.dumps([made.stated, made.true])


def calibrated(tx: Tx) -> Calibration:
    """The curve that was learned last; without one a probability stays as it is."""
    return _read(likeness.learned(tx).curve)


@lru_cache(maxsize=16)
def _read(text: str) -> Calibration:
    stated, true = json.loads(text) if text else ((), ())
    return Calibration(tuple(stated), tuple(true))


def _standing(tx: Tx) -> list[tuple[float, bool]]:
    """Stated probability and judgement of every pair whose decision still stands."""
    found = judged.stated(tx)
    decisions = journal.several(tx, [pair.decision for pair in found if pair.decision is not None])
    about = journal.about(tx, sorted({end for entry in decisions for end in entry.pair}))
    alive = {entry.id for entry in live(about)}
    return [
        (pair.stated, pair.same)
        for pair in found
        if pair.stated is not None and pair.same is not None
        if pair.decision is None or pair.decision in alive
    ]


def _leaning() -> list[tuple[float, bool, float]]:
    """As if what is stated had been borne out so often: in the middle of each tenth, and at both ends."""
    middles = [(tenth + 0.5) / 10 for tenth in range(10)]
    between = [
        (stated, same, LEANING * (stated if same else 1 - stated))
        for stated in middles
        for same in (True, False)
    ]
    return [(0.0, False, LEANING), *between, (1.0, True, LEANING)]
