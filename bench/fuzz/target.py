"""A target: something that reads what strangers write, the inputs it starts from, and what it may do with them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

READ = "read"
REFUSED = "refused"


class Hole(AssertionError):  # noqa: N818 - the word of the report
    """Something that may not be: the target took what it has to refuse, or lost something."""


Mutator = Callable[[bytes, Sequence[bytes], Random], bytes]
"""Makes another input of one, with the other inputs at hand to take pieces from."""


@dataclass(frozen=True)
class Target:
    """`go` reads one input and says `read` or `refused`; whatever it raises is a hole.

    `cost` is about how much longer one input takes than one of a light target: it is given that much fewer. `close`
    lets go of what `go` opened; it may be called again afterwards.
    """

    name: str
    go: Callable[[bytes], str]
    seeds: Sequence[bytes]
    mutate: Mutator
    cost: int = 1
    close: Callable[[], None] = lambda: None


def refusing(read: Callable[[bytes], object], *errors: type[Exception]) -> Callable[[bytes], str]:
    """A `go` for a reader that raises these errors for what it does not take."""

    def go(data: bytes) -> str:
        try:
            read(data)
        except errors:
            return REFUSED
        return READ

    return go
