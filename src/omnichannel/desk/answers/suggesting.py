"""Which standard answers suit a question: those that were good for questions like it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping

from omnichannel.desk.answers.index import Asked, Index, Near
from omnichannel.model.desk import Answer, Suggested, Use

_NEIGHBOURS, _POWER = 20, 4  # questions that are heard, each with its likeness to this power times its worth
_HEARD = 0.2  # what the nearest questions say, beside what all questions of an answer say together
_LEAST = 0.1  # likeness below which nothing is suggested: some letters in common

_WRITTEN = "answer/"
"""How ids of what answers say themselves begin."""

_HOW = {"as_is": 1.0, "edited": 0.6, "refused": 0.0}
_REACTION = {"": 1.0, "thanked": 1.5, "asked_again": 0.4}


def worth(use: Use) -> float:
    """How good an answer was for its question: 1 if it was sent as it was, less if edited, nothing if refused.

    Half as much again where the customer thanked, 0.4 of it where they had to ask again. Deliberate guesses.
    """
    return _HOW[use.how] * _REACTION[use.reaction]


def asked(use: Use) -> Asked | None:
    """What is learnt of a use; None where there is nothing to learn."""
    weight = worth(use)
    return Asked(use.id, use.answer, use.question, weight) if weight > 0 and use.question.strip() else None


def written(answers: Iterable[Answer]) -> Iterable[Asked]:
    """What answers say themselves of the questions that they are for: so that the first day has suggestions, too.

    `asked` counts like a question that was answered well, `about` half, a text a quarter.
    """
    for answer in answers:
        told = [
            ("asked", answer.asked, 1.0),
            ("about", (answer.about,), 0.5),
            *((language, texts, 0.25) for language, texts in answer.texts.items()),
        ]
        for what, sentences, weight in told:
            for number, sentence in enumerate(sentences):
                if sentence.strip():
                    yield Asked(f"{_WRITTEN}{answer.name}/{what}/{number}", answer.name, sentence, weight)


def suggest(
    index: Index,
    question: str,
    most: int = 3,
    *,
    among: Container[str] | None = None,
    quoted: bool = True,
) -> tuple[Suggested, ...]:
    """The answers that may suit a question, best first, each with the questions that speak for it.

    Not `quoted`, what customers asked is not repeated in the reasons, but what the answers say themselves is.

    `among` are the names that are looked at: those meant for the channel, say, or still in the book; None for all.

    Two things are heard: what is typical of all the questions of an answer, and the few that are most like this
    one. An answer whose own questions are not like it at all is not suggested, however typical a word of it is.
    """
    speaking: defaultdict[str, list[Near]] = defaultdict(list)
    for one in index.near(question, _NEIGHBOURS, among):
        if one.likeness >= _LEAST:
            speaking[one.asked.answer].append(one)
    heard = _shares({name: sum(map(_voice, near)) for name, near in speaking.items()})
    typical = _shares(index.leaning(question))
    scores = {name: typical.get(name, 0.0) + _HEARD * heard[name] for name in speaking}
    best = sorted(scores, key=lambda name: (-scores[name], name))[:most]
    return tuple(
        Suggested(
            answer=name, likeness=speaking[name][0].likeness, because=_why(speaking[name], quoted=quoted)
        )
        for name in best
    )


def _voice(near: Near) -> float:
    return near.likeness**_POWER * near.asked.worth


def _shares(scores: Mapping[str, float]) -> dict[str, float]:
    """Scores as shares of the highest."""
    highest = max(scores.values(), default=0.0) or 1.0
    return {name: score / highest for name, score in scores.items()}


def _why(near: list[Near], *, quoted: bool) -> tuple[str, ...]:
    """The two questions that are most alike, and how many more."""
    said = [f"{one.likeness:.0%} alike: {_named(one.asked, quoted=quoted)}" for one in near[:2]]
    return (*said, f"and {len(near) - 2} more like it") if len(near) > 2 else tuple(said)


def _named(asked: Asked, *, quoted: bool) -> str:
    if quoted or asked.id.startswith(_WRITTEN):
        return repr(_short(asked.question))
    return "a question that it was sent for before"


def _short(question: str, most: int = 80) -> str:
    line = " ".join(question.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"
