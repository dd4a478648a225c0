"""What the classifier is set beside: always the commonest answer, and a list of words written in a minute."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from omnichannel.desk.classify import Intent, Likely, Reading

_WORDS = {
    Intent.QUESTION: "how what when where which who can could would hoe wat wanneer waar welke wie kan kunt kunnen",
    Intent.PROBLEM: "broken error problem issue missing failed wrong lost late delayed cancelled damaged"
    " kapot fout probleem storing kwijt mist verkeerd vertraging geannuleerd defect",
    Intent.COMPLAINT: "terrible awful worst bad rude unacceptable disappointed angry ridiculous complaint hate"
    " slecht slechte waardeloos schandalig teleurgesteld belachelijk klacht nooit boos saai",
    Intent.COMPLIMENT: "thanks thank great love excellent amazing awesome perfect best happy good"
    " bedankt dank geweldig super top mooi mooie prachtig fijn blij beste goed aanrader",
    Intent.FEEDBACK: "suggestion suggest idea feature could should would suggestie idee tip zou graag",
    Intent.SPAM: "win winner free click offer prize casino loan bitcoin gratis winnaar prijs aanbieding lening",
}
_LISTED = {intent: frozenset(words.split()) for intent, words in _WORDS.items()}
_WORD = re.compile(r"\w+")


def by_words(text: str) -> Reading:
    """What the six lists make of a text."""
    words = set(_WORD.findall(text.lower()))
    found = {intent: len(words & listed) for intent, listed in _LISTED.items()}
    found[Intent.QUESTION] += 2 * ("?" in text)
    good, bad = found[Intent.COMPLIMENT], found[Intent.COMPLAINT] + found[Intent.PROBLEM]
    likely = [Likely(intent=intent, probability=0.9 if count else 0.1) for intent, count in found.items()]
    return Reading(
        intents=tuple(sorted(likely, key=lambda each: -each.probability)),
        tone=(good - bad) / (good + bad) if good + bad else 0.0,
    )


def commonest(truth: Sequence[str]) -> list[tuple[str, float]]:
    """The commonest label of the very set, every time, stated as likely as it is: a rival that knows the answers."""
    ((label, count),) = Counter(truth).most_common(1)
    return [(label, count / len(truth))] * len(truth)


# The commonest short words of languages written in Latin letters, by which a language may be guessed.
_STOP_WORDS = {
    "en": "the and of to in is that it for you was with on are this have not be",
    "nl": "de het een en van is dat niet op te ik je voor met die er zijn maar",
    "de": "der die das und ist nicht ich sie es ein zu den mit von auf für im dem",
    "fr": "le la les et des est un une que pas je vous pour dans sur du en qui",
    "es": "el la los de que y en un una es por con para no se las del lo",
    "it": "il di che e la un per non una sono con del è le si da i in",
    "pt": "o a de que e do da em um para não com uma os no se na por",
    "sv": "och att det är en som på för med av till den inte har jag ett om de",
    "da": "og at det er en som på for med af til den ikke har jeg et om de",
    "nb": "og å det er en som på for med av til den ikke har jeg et om de",
    "pl": "w i na nie się z do to że jest o jak po co za od przez ale",
    "fi": "ja on ei se että oli hän mutta ovat kun myös joka niin mukaan vain ole",
    "cs": "a se v na je že o s z do i to za ve pro jako by ale",
    "hu": "a az és hogy nem is egy ez volt meg csak de már mint azt ha el",
    "ro": "și în de la a cu pe nu că este din o un care pentru mai sau ce",
    "tr": "ve bir bu da de için ile ne çok daha gibi olarak en o ama var mı",
    "id": "yang dan di dengan untuk ini itu dari dalam tidak akan pada juga ke ada",
}
_STOPS = {tag: frozenset(words.split()) for tag, words in _STOP_WORDS.items()}


def language_by_stop_words(text: str) -> str:
    """The language most of whose short words are there; `und` where none is."""
    words = set(_WORD.findall(text.lower()))
    counts = {tag: len(words & stops) for tag, stops in _STOPS.items()}
    tag = max(counts, key=counts.__getitem__)
    return tag if counts[tag] else "und"
