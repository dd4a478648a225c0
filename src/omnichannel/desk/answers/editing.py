"""Which wording an agent sent in the end, and whether they changed it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rapidfuzz import fuzz

from omnichannel.model.desk import How, Phrased


def recognised(text: str, wordings: Sequence[Phrased], signed: Callable[[str], str]) -> tuple[str, How]:
    """The mark of the wording that a text is, signed or not, or that it was made of; and whether it was edited.

    The mark is empty where there are no wordings to compare with.
    """
    for one in wordings:
        if text.strip() in (one.text.strip(), signed(one.text).strip()):
            return one.variant, "as_is"
    nearest = max(wordings, key=lambda one: fuzz.ratio(text, one.text), default=None)
    return (nearest.variant if nearest else ""), "edited"
