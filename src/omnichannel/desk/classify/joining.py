"""Readings as they are kept: of a question in several messages put together, and no more exact than they are."""

from __future__ import annotations

from collections.abc import Iterable

from omnichannel.model.desk.reading import Intent, Likely, Reading


def together(before: Reading | None, after: Reading) -> Reading:
    """What is made of words and of those that came after them, as of one question. One by one or at once is the same.

    Whatever one of them wants is wanted, as surely as the surest says. The tone is the one that is farther from
    matter-of-fact, the language the one that is surest. The evidence stays with each of them.
    """
    if before is None:
        return after.model_copy(update={"signs": ()})
    wanted = {likely.intent: likely for likely in before.intents}
    for likely in after.intents:
        if likely.probability > before.probability(likely.intent) or likely.intent not in wanted:
            wanted[likely.intent] = likely
    return Reading(
        intents=_in_order(wanted.values()),
        tone=after.tone if abs(after.tone) >= abs(before.tone) else before.tone,
        urgency=max(before.urgency, after.urgency),
        language=max(before.language, after.language, key=lambda found: found.probability),
        understood=before.understood or after.understood,
        by=after.by,
        because=after.because or before.because,
    )


def rounded(reading: Reading) -> Reading:
    """A reading to four digits: more say nothing, and every case carries them."""
    return reading.model_copy(
        update={
            "intents": tuple(
                likely.model_copy(update={"probability": round(likely.probability, 4)})
                for likely in reading.intents
            ),
            "tone": round(reading.tone, 4),
            "urgency": round(reading.urgency, 4),
            "language": reading.language.model_copy(
                update={"probability": round(reading.language.probability, 4)}
            ),
        }
    )


def _in_order(likely: Iterable[Likely]) -> tuple[Likely, ...]:
    order = tuple(Intent)
    return tuple(sorted(likely, key=lambda one: (-one.probability, order.index(one.intent))))
