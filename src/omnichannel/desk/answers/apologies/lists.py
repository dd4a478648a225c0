"""The phrases that apologies are judged by, as one language has them."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Apologies:
    """The phrases of one language: regular expressions for whole words in any case, where a blank is any white space.

    `formal`: apologies as everybody writes them. `steps`: somebody does something, or asks for what is needed.
    `vague`: what makes a step none, unless one of `whens` stands beside it. `names`: who sees to it.
    """

    formal: tuple[str, ...]
    vague: tuple[str, ...]
    steps: tuple[str, ...]
    whens: tuple[str, ...]
    names: tuple[str, ...]


def table(lines: str) -> tuple[str, ...]:
    """A phrase from each line; a line that begins with a bar goes on with the one above."""
    whole = re.sub(r"\s*\n\s*\|", "|", lines)
    return tuple(line.strip() for line in whole.splitlines() if line.strip())
