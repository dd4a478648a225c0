"""A text read: its language found, its features weighed in it, the sums made probabilities, with reasons."""

from __future__ import annotations

from heapq import nlargest

from omnichannel.desk.classify.features import DENIAL, Features, features_of
from omnichannel.desk.classify.language import UNKNOWN, language_of
from omnichannel.desk.classify.own import own_words
from omnichannel.desk.classify.signs import ALWAYS, IRONY
from omnichannel.desk.classify.weights import ANY, HEADS, LANGUAGES, Table, table, weights_for
from omnichannel.model.desk.reading import Intent, Language, Likely, Reading, Sign

_INTENTS = tuple(Intent)
_NEGATIVE, _POSITIVE, _URGENT = (HEADS.index(head) for head in ("negative", "positive", "urgent"))
_COMPLAINT, _COMPLIMENT = (_INTENTS.index(intent) for intent in (Intent.COMPLAINT, Intent.COMPLIMENT))

FAMILIAR = 3
"""One in so many features has to be known for words in an unknown language to be taken for a table's own."""

REASONS = 5
"""How many signs a reading has at most."""


def read(text: str, *, language: str = "") -> Reading:
    """What a text is about. `language` is a hint (a BCP 47 tag), taken where the text itself does not say otherwise.

    Raises nothing, whatever the text. It takes time in proportion to the text, of which at most 4,000 characters are
    read; the same text always gives the same reading.
    """
    own = own_words(text)
    found = language_of(own, hint=language)
    if not own.strip():
        return Reading(language=found, understood=False)
    features = features_of(own)
    name = _table_for(found, features)
    weights = table(name)
    told = features.signs if name == ANY else features.signs + features.words
    sums, known = weights.sums(told)
    chances = [calibration.probability(sums) for calibration in weights.calibrations]
    if IRONY in features.signs:
        _turn(chances)
    return _reading(chances, known, found, understood=name != ANY)


def _table_for(language: Language, features: Features) -> str:
    """The language's own table; where the language is unknown, the one that knows more of the words, if enough."""
    primary = language.tag.partition("-")[0].lower()
    if primary in LANGUAGES:
        return primary
    if primary != UNKNOWN or not features.words:
        return ANY
    known = {name: _knows(table(name), features.words) for name in LANGUAGES}
    best = max(LANGUAGES, key=lambda name: known[name])
    return best if known[best] * FAMILIAR >= len(features.words) else ANY


def _knows(weights: Table, words: list[str]) -> int:
    return sum(word in weights.weights for word in words)


def _turn(chances: list[float]) -> None:
    """What is said is not meant: however friendly it sounds is how unfriendly it is."""
    negative, positive = chances[_NEGATIVE], chances[_POSITIVE]
    chances[_NEGATIVE], chances[_POSITIVE] = max(negative, positive), min(negative, positive)
    chances[_COMPLAINT] = max(chances[_COMPLAINT], chances[_COMPLIMENT])
    chances[_COMPLIMENT] = min(chances[_COMPLIMENT], 1 - chances[_COMPLAINT])


def _reading(
    chances: list[float], known: list[tuple[str, int]], language: Language, *, understood: bool
) -> Reading:
    likely = sorted(
        (
            Likely(intent=intent, probability=chance)
            for intent, chance in zip(_INTENTS, chances, strict=False)
        ),
        key=lambda each: -each.probability,
    )
    tone = chances[_POSITIVE] - chances[_NEGATIVE]
    return Reading(
        intents=tuple(likely),
        tone=tone,
        urgency=chances[_URGENT],
        language=language,
        understood=understood,
        signs=_signs(known, likely[0].intent, tone),
    )


def _signs(known: list[tuple[str, int]], intent: Intent, tone: float) -> tuple[Sign, ...]:
    """What weighed most for the likeliest intent, and one more for the tone."""
    weights = weights_for(known, _INTENTS.index(intent))
    weightiest = nlargest(REASONS, [(abs(each), feature) for feature, each in weights.items()])
    signs = [
        Sign(what=_in_words(feature), about=intent.value, weight=round(weights[feature], 2))
        for size, feature in weightiest
        if size and feature != ALWAYS
    ][: REASONS - 1]
    head, way = (_POSITIVE, 1) if tone > 0 else (_NEGATIVE, -1)
    weights = weights_for(known, head)
    feature = max(weights, key=weights.__getitem__, default=ALWAYS)
    if feature != ALWAYS and weights[feature] > 0:
        signs.append(Sign(what=_in_words(feature), about="tone", weight=round(way * weights[feature], 2)))
    return tuple(signs)


def _in_words(feature: str) -> str:
    """A feature as a person reads it."""
    if feature[0] == DENIAL:
        return f"not … {feature[1:]}"
    if feature[0] == "^":
        return f"begins with {feature[1:]}"
    return feature
