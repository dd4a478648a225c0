"""What of a customer's words is a rating: said so, or a digit that stands where nothing else can be meant.

A digit that is plainly something else (an amount, a time, a number of things, an item of a list) is none: a rating
that is missed is a message that an agent reads, and one that was made up is counted against somebody.
"""

from __future__ import annotations

import re
from typing import NamedTuple


class Read(NamedTuple):
    """A rating in somebody's words. `stars` None: they want to be asked no more.

    `words` is what they wrote beside it. `bare`: nothing but a digit says so, which counts only as the answer to what
    we said last.
    """

    stars: int | None
    words: str = ""
    bare: bool = False


_NUMBERS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5,
    "een": 1, "één": 1, "twee": 2, "drie": 3, "vier": 4, "vijf": 5,
    "eins": 1, "zwei": 2, "drei": 3, "fünf": 5,
}  # fmt: skip
_FULL, _EMPTY = "⭐🌟★", "☆✩"
_NUMBER = rf"(?P<stars>[1-5]|{'|'.join(_NUMBERS)})"
_OF = (
    r"(?:\s*(?:/|out\s+of|of|van(?:\s+de)?|uit|von)\s*(?:5|five|vijf|fünf)"
    r"|\s*(?:stars?|sterren|ster|sterne|points?|punten)\b|(?:\ufe0f?\u20e3))"
)
_SAID = (
    r"(?:(?:my|mijn|meine)\s+)?(?:rating|score|cijfer|beoordeling|bewertung)\s*(?:is|would\s+be|:)?\s*"
    r"|(?:i(?:['’]d|\s+would)?|ik|ich)\s+(?:give|geef|gebe)\s+(?:you|it|him|her|them|u|je|jullie|hem|haar|het|euch|ihnen)?\s*"
    r"(?:an?\s+|een\s+|eine\s+)?"
    r"|i(?:['’]d|\s+would)?\s+say\s+(?:an?\s+|eine\s+)?"
)
_EXPLICIT = re.compile(
    rf"^\W*(?:(?:{_SAID}){_NUMBER}(?:{_OF})?|{_NUMBER.replace('stars', 'counted')}{_OF})"
    r"(?![\w%]|[.,:]\d)(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_REASON = (
    r"(?:thanks?|thank\s+you|thx|bedankt|dank|top|danke"
    r"|because|but(?!\s+(?:only\s+)?\d)|since|as\s+(?:it|you|he|she|they)|although|though"
    r"|want|maar(?!\s+\d)|omdat|hoewel|weil|denn|aber(?!\s+\d)|da\s+(?:es|sie)|obwohl"
    r"|(?:very|really|so|heel|erg|zeer|sehr)\s+"
    r"(?:friendly|helpful|good|nice|kind|quick|fast|slow|happy|satisfied|pleased|bad|poor|rude|unhappy|disappointed"
    r"|vriendelijk|behulpzaam|goed|snel|traag|tevreden|slecht|aardig|freundlich|hilfsbereit|gut|schnell|langsam|zufrieden|schlecht))"
    r"\b"
)
_PICTURE = "[\U0001f300-\U0001faff\u2600-\u27bf]"
_BARE = re.compile(
    r"^[\s\"'(]*(?P<stars>[1-5])[\s\"')]*"
    r"(?P<rest>(?:$|[.!,;:\n–—-](?!\d)|\((?!\s*(?:\d|one|two|three|four|five|een|twee|drie|vier|vijf))"
    rf"|{_PICTURE}|{_REASON}).*)",
    re.IGNORECASE | re.DOTALL,
)
_WORD = re.compile(rf"^\W*(?P<stars>{'|'.join(_NUMBERS)})[\s.!]*$", re.IGNORECASE)
_DRAWN = re.compile(
    rf"^\s*(?P<drawn>(?:[{_FULL}]\ufe0f?\s*){{1,5}})[{_EMPTY}\s]*(?P<rest>[^{_FULL}]*)$", re.DOTALL
)
_LISTED = re.compile(r"^\s*[2-9][.)]\s", re.MULTILINE)
_NO_MORE = frozenset({
    "stop", "stop asking", "don't ask me again", "do not ask me again", "no ratings", "unsubscribe",
    "niet meer vragen", "stop met vragen", "vraag dit niet meer", "afmelden",
})  # fmt: skip
_TRIMMED = " \t\r\n.!,;:–—-"
_MOST = 2000


def read(text: str) -> Read | None:
    """The rating in somebody's words; None if there is none."""
    said = text.strip()[: _MOST + 100]
    if said.strip(_TRIMMED).lower() in _NO_MORE:
        return Read(None)
    if found := _DRAWN.match(said):
        return Read(sum(found["drawn"].count(star) for star in _FULL), _trimmed(found["rest"]))
    if found := _EXPLICIT.match(said):
        return Read(_counted(found["stars"] or found["counted"]), _trimmed(found["rest"]))
    if found := _WORD.match(said):
        return Read(_counted(found["stars"]), bare=True)
    found = _BARE.match(said)
    if found is None or _LISTED.search(found["rest"]):
        return None
    return Read(int(found["stars"]), _trimmed(found["rest"]), bare=True)


def _counted(number: str) -> int:
    return int(number) if number.isdigit() else _NUMBERS[number.lower()]


def _trimmed(rest: str) -> str:
    return rest.strip(_TRIMMED)[:_MOST]


_WORDS = re.compile(r"\w+")
_COURTESY = frozenset(
    [
        "thank",
        "thanks",
        "thx",
        "you",
        "very",
        "so",
        "much",
        "many",
        "great",
        "perfect",
        "good",
        "service",
        "top",
        "bedankt",
        "heel",
        "erg",
        "dank",
        "u",
        "je",
        "jullie",
        "wel",
        "prima",
        "danke",
        "goed",
    ]
)


def asks_nothing(words: str) -> bool:
    """Whether what stands beside a rating is thanks alone: nobody has to look at it."""
    return "?" not in words and _COURTESY.issuperset(_WORDS.findall(words.lower()))
