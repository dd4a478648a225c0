"""What one input costs: seconds of CPU, and how far the memory of this process rose above where it stood.

Both are the kernel's own figures, not estimates. The mark of the highest memory is set back before each input, so
that what one took is seen although another took more before it. Where the kernel has no such door (anything but
Linux), memory is not measured, and the report says so.
"""

from __future__ import annotations

import os
import resource
import time
from dataclasses import dataclass
from functools import cache

MOST_SECONDS = 1.0
MOST_BYTES = 64 * 1024 * 1024

_SET_BACK = b"5"  # proc(5), /proc/pid/clear_refs: the peak of resident memory becomes what it is now


@dataclass(slots=True)
class Cost:
    """What was used since it was made. `bytes` is -1 where memory cannot be measured."""

    seconds: float = 0.0
    bytes: int = 0


class Meter:
    """Started before an input, read after it."""

    def __init__(self) -> None:
        self._began = self._stood = 0.0

    def start(self) -> None:
        """From here on it counts."""
        door = _door()
        if door is not None:
            os.write(door, _SET_BACK)
        self._stood = _highest()
        self._began = time.process_time()

    def read(self) -> Cost:
        """What was used since."""
        seconds = time.process_time() - self._began
        return Cost(seconds, int(_highest() - self._stood) if _door() is not None else -1)


@cache
def _door() -> int | None:
    try:
        door = os.open("/proc/self/clear_refs", os.O_WRONLY)
        os.write(door, _SET_BACK)
    except OSError:
        return None
    return door


def _highest() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
