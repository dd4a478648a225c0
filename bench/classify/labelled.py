"""The messages written for this project, with what they are: read from `data`, learned from or kept back by scene."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from omnichannel.desk.classify import Intent
from omnichannel.desk.classify.weights import HEADS, LANGUAGES

DATA = Path(__file__).parent / "data"

_INTENTS = {
    "q": Intent.QUESTION,
    "p": Intent.PROBLEM,
    "c": Intent.COMPLAINT,
    "k": Intent.COMPLIMENT,
    "f": Intent.FEEDBACK,
    "s": Intent.SPAM,
}


class Labelled(NamedTuple):
    """A message and what it is. `kept`: never learned from. `heads`: what it teaches; all there are, mostly."""

    text: str
    language: str
    intents: frozenset[Intent]
    tone: int
    urgent: bool
    scene: str
    kept: bool = False
    heads: tuple[str, ...] = HEADS

    def answers(self, head: str) -> bool:
        """What a head should say of it."""
        if head == "negative":
            return self.tone < 0
        if head == "positive":
            return self.tone > 0
        return self.urgent if head == "urgent" else Intent(head) in self.intents


def messages(language: str) -> list[Labelled]:
    """Every message of a language, in the order of the file. Raises ValueError naming a line that cannot be read."""
    found: list[Labelled] = []
    scene, kept = "", False
    for number, line in enumerate((DATA / f"{language}.txt").read_text("utf-8").splitlines(), 1):
        if line.startswith("## "):
            name, _, mark = line[3:].partition(" (")
            scene, kept = name, mark == "test)"
        elif line and not line.startswith("#"):
            try:
                found.append(_message(line, language, scene, kept=kept))
            except (KeyError, ValueError) as wrong:
                raise ValueError(
                    f"{language}.txt, line {number}: {line!r} is not intents, tone and text"
                ) from wrong
    return found


def _message(line: str, language: str, scene: str, *, kept: bool) -> Labelled:
    intents, mood, text = line.split(" ", 2)
    return Labelled(
        text=text.replace("⏎", "\n"),
        language=language,
        intents=frozenset(_INTENTS[letter] for letter in intents if letter != "-"),
        tone={"-": -1, "0": 0, "+": 1}[mood[0]],
        urgent={"!": True, ".": False}[mood[1]],
        scene=scene,
        kept=kept,
    )


def learned(language: str) -> list[Labelled]:
    """What the weights of a language are learned from."""
    return [each for each in messages(language) if not each.kept]


def kept(language: str) -> list[Labelled]:
    """What they are never learned from: other trades, other words."""
    return [each for each in messages(language) if each.kept]


def words(language: str) -> list[Labelled]:
    """Friendly and unfriendly words by themselves; they teach tone alone."""
    found = []
    for line in (DATA / "words.txt").read_text("utf-8").splitlines():
        if line.startswith(f"{language} "):
            _, tone, told = line.split(" ", 2)
            found += [
                Labelled(
                    text=word,
                    language=language,
                    intents=frozenset(),
                    tone=1 if tone == "+" else -1,
                    urgent=False,
                    scene="words",
                    heads=("negative", "positive"),
                )
                for word in told.split(", ")
            ]
    return found


__all__ = ["DATA", "LANGUAGES", "Labelled", "kept", "learned", "messages", "words"]
