"""Finding a standard answer by some of its words, while they are being typed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from rapidfuzz.distance import OSA

from omnichannel.desk.answers.template import Clause, Slot, Template, Words, parse
from omnichannel.identity.likeness.compare.folding import words
from omnichannel.model.desk import Answer, Found

_PLACES = {"name": 4.0, "about": 2.0, "question": 2.0, "text": 1.0}
_BEGINS, _SLIPPED = 0.7, 0.4  # of what the very word counts
_LONG = 4  # letters: below, one of them makes another word


class Finder:
    """Standard answers by their words: in their names, in what they are for, and in what they say."""

    def __init__(self, answers: Iterable[Answer]) -> None:
        self._holders: defaultdict[str, dict[str, tuple[float, str]]] = defaultdict(dict)
        for answer in answers:
            for place, text in _places(answer):
                for word in words(text):
                    known = self._holders[word].get(answer.name, (0.0, ""))
                    self._holders[word][answer.name] = max(known, (_PLACES[place], place))

    def find(self, typed: str, most: int = 10) -> tuple[Found, ...]:
        """The answers in which these words stand, best first; those with all of them before those with some.

        A word is found by its beginning, and with a slip in it; case and marks are no matter.
        """
        scores: defaultdict[str, float] = defaultdict(float)
        because: defaultdict[str, list[str]] = defaultdict(list)
        wanted = tuple(dict.fromkeys(words(typed)))
        for word in wanted:
            for name, (score, why) in self._holding(word).items():
                scores[name] += score
                because[name].append(why)
        best = sorted(scores, key=lambda name: (-len(because[name]), -scores[name], name))[:most]
        return tuple(Found(answer=name, score=scores[name], because=tuple(because[name])) for name in best)

    def _holding(self, word: str) -> dict[str, tuple[float, str]]:
        """Each answer that has a word, how much that counts, and where it stands."""
        found: dict[str, tuple[float, str]] = {}
        for known, share in self._like(word):
            for name, (weight, place) in self._holders[known].items():
                found[name] = max(found.get(name, (0.0, "")), (weight * share, f"{known!r} in its {place}"))
        return found

    def _like(self, word: str) -> list[tuple[str, float]]:
        begins = [
            (known, 1.0 if known == word else _BEGINS) for known in self._holders if known.startswith(word)
        ]
        return begins or [(known, _SLIPPED) for known in self._holders if _is_slip(word, known)]


def _is_slip(word: str, known: str) -> bool:
    return len(word) >= _LONG and OSA.distance(word, known, score_cutoff=1) <= 1


def _places(answer: Answer) -> Iterator[tuple[str, str]]:
    yield "name", answer.name
    yield "about", answer.about
    for question in answer.asked:
        yield "question", question
    for texts in answer.texts.values():
        for text in texts:
            yield "text", _said(parse(text, f"answer {answer.name!r}"))


def _said(template: Template) -> str:
    """The words of a template, whatever would be left out."""
    return " ".join(_of(piece) for piece in template)


def _of(piece: Words | Slot | Clause) -> str:
    if isinstance(piece, Words):
        return piece.text
    if isinstance(piece, Slot):
        return _said(piece.otherwise or ())
    return " ".join(_said(way) for way in piece.ways)
