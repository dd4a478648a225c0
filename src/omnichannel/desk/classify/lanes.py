"""Many small numbers in one integer, a lane for each: adding two such integers adds every lane at once.

What a text scores is the sum of what its features weigh, for nine questions or for sixty languages. Python adds long
integers at the speed of C, so the sums of all lanes cost what one would cost in a loop.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

BITS = 32
"""Of a lane: sixteen million features of the greatest weight (255) fit, and no sum reaches its neighbour."""


def pack(numbers: Sequence[int]) -> int:
    """Numbers from 0 to 255, the first in the lowest lane."""
    return int.from_bytes(struct.pack(f"<{len(numbers)}I", *numbers), "little")


def unpack(lanes: int, count: int) -> tuple[int, ...]:
    """The numbers of so many lanes, the lowest first."""
    return struct.unpack(f"<{count}I", lanes.to_bytes(count * BITS // 8, "little"))


def lane(lanes: int, place: int) -> int:
    """The number in one lane."""
    return lanes >> (BITS * place) & ((1 << BITS) - 1)
