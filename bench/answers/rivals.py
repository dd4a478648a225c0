"""The ways to rank answers for a question: ours, and two that anybody would write first."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence

from bench.answers.sets import Question
from omnichannel.desk.answers import Asked, Index, suggest

Ranker = Callable[[str], list[str]]
"""The answers for a question, best first."""

_WORD = re.compile(r"\w+")


def ours(past: Sequence[Question]) -> Ranker:
    """`suggest`, as an application uses it."""
    index = Index(Asked(str(number), one.answer, one.text) for number, one in enumerate(past))
    return lambda question: [one.answer for one in suggest(index, question, 10)]


def overlap(past: Sequence[Question]) -> Ranker:
    """Plain word overlap: the answer of the question with the largest share of words in common (Jaccard)."""
    known = [(_words(one.text), one.answer) for one in past]

    def rank(question: str) -> list[str]:
        said, best = _words(question), defaultdict[str, float](float)
        for words, answer in known:
            best[answer] = max(best[answer], len(said & words) / len(said | words) if said or words else 0.0)
        return _ranked(best)

    return rank


def rare_words(past: Sequence[Question]) -> Ranker:
    """The nearest question by TF-IDF over words (cosine), as text books have it."""
    counts = [Counter(_WORD.findall(one.text.casefold())) for one in past]
    known = Counter(word for count in counts for word in count)
    idf = {word: math.log(len(past) / number) + 1 for word, number in known.items()}
    holders: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
    for number, count in enumerate(counts):
        length = math.sqrt(sum((times * idf[word]) ** 2 for word, times in count.items())) or 1.0
        for word, times in count.items():
            holders[word].append((number, times * idf[word] / length))

    def rank(question: str) -> list[str]:
        scores, best = defaultdict[int, float](float), defaultdict[str, float](float)
        for word, times in Counter(_WORD.findall(question.casefold())).items():
            for number, weight in holders.get(word, ()):
                scores[number] += times * idf[word] * weight
        for number, score in scores.items():
            best[past[number].answer] = max(best[past[number].answer], score)
        return _ranked(best)

    return rank


WAYS: dict[str, Callable[[Sequence[Question]], Ranker]] = {
    "ours": ours,
    "word overlap": overlap,
    "TF-IDF of words": rare_words,
}


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.casefold()))


def _ranked(scores: dict[str, float]) -> list[str]:
    return sorted((answer for answer, score in scores.items() if score), key=lambda answer: -scores[answer])
