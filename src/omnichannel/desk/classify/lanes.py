"""Many small numbers in one integer, a lane for each: adding two such integers adds every lane at once.

What a text scores is the sum of what its features weigh, for nine questions or for sixty languages. Python adds long
integers at the speed of C, so the sums of all lanes cost what one would cost in a loop. Lanes are as wide as the
greatest sum needs, for no sum may reach its neighbour.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Literal

Width = Literal[16, 32]
"""Bits of a lane. Numbers are from 0 to 255: 257 of the greatest fit into 16 bits, sixteen million into 32."""

_FORMATS = {16: "H", 32: "I"}


def pack(numbers: Sequence[int], width: Width) -> int:
    """Numbers in lanes, the first in the lowest."""
    return int.from_bytes(struct.pack(f"<{len(numbers)}{_FORMATS[width]}", *numbers), "little")


def unpack(lanes: int, count: int, width: Width) -> tuple[int, ...]:
    """The numbers of so many lanes, the lowest first."""
    return struct.unpack(f"<{count}{_FORMATS[width]}", lanes.to_bytes(count * width // 8, "little"))
