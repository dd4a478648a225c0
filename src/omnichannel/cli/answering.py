"""Asking a person, or a file of answers: one word at a time, and always a way to stop."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping

from omnichannel.cli.records import read_text
from omnichannel.errors import UsageError

Ask = Callable[[Mapping[str, str], str], str]
"""Asks for one of these words (letter: word), with a prompt. "quit" when there are no more answers."""

QUIT = "quit"


def asker(answers: str | None) -> Ask:
    """Answers out of a file, one a line, from its first line on (# begins a comment); without one, typed ones.

    A file must be right: raises UsageError for a line that is no answer. Whoever types is asked again.
    """
    return _from(answers, _lines(answers)) if answers else _typed


def _lines(path: str) -> Iterator[str]:
    bare = (line.partition("#")[0].strip() for line in read_text(path).splitlines())
    return iter([line for line in bare if line])


def _from(path: str, lines: Iterator[str]) -> Ask:
    def ask(words: Mapping[str, str], prompt: str) -> str:
        line = next(lines, QUIT)
        word = _word(line, words)
        if word is None:
            raise UsageError(f"{path}: {line!r} is no answer here; there are {', '.join(words.values())}")
        print(f"{prompt}{word}")
        return word

    return ask


def _typed(words: Mapping[str, str], prompt: str) -> str:
    shown = "  ".join(f"{letter}={word}" if letter != word else word for letter, word in words.items())
    while True:
        try:
            line = input(f"{shown}\n{prompt}")
        except EOFError:
            print()
            return QUIT
        word = _word(line.strip(), words)
        if word is not None:
            return word
        print(f"{line.strip()!r} is no answer here", file=sys.stderr)


def _word(line: str, words: Mapping[str, str]) -> str | None:
    """The word that a letter or a word stands for, whatever its case."""
    said = line.lower()
    if said in words.values() or said == QUIT:
        return said
    return words.get(said)
