"""What a text is compared by: its words, pairs of words, and pieces of words, which outlive a slip of the pen."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from omnichannel.identity.likeness.compare.folding import words

LONGEST = 4000
"""Characters of a question that are looked at: what somebody asks stands at the beginning."""

_PIECE = (3, 4)


def features(text: str) -> Counter[str]:
    """The features of a text and how often each is in it: `word`, `two words`, `#pie` for pieces of words.

    Letters are compared without case and marks, other scripts by their sound.
    """
    said = words(text[:LONGEST])
    found = Counter(said)
    found.update(f"{one} {two}" for one, two in pairwise(said))
    for word in said:
        found.update(pieces(word))
    return found


def pieces(word: str) -> list[str]:
    """The runs of three and four letters of a word, its beginning and end among them."""
    edged = f"_{word}_"
    return [f"#{edged[at : at + size]}" for size in _PIECE for at in range(len(edged) - size + 1)]


def is_piece(feature: str) -> bool:
    """Whether a feature is only a piece of a word."""
    return feature.startswith("#")
