"""How the accounts of a worker share its hands, so that a platform that lets us wait holds up no other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable


class Hands:
    """How many more calls a worker can have under way, and how many it has on each account."""

    def __init__(self, all_of_them: int, busy: Iterable[str]) -> None:
        self.busy = Counter(busy)
        self.free = all_of_them - self.busy.total()

    def take(self, account: str) -> bool:
        """Whether an account gets one more: never more than are left for the others, which may come later.

        So one account has half of the hands at most, and a second one beside it half of the rest: a platform that
        lets us wait holds up no other.
        """
        if self.busy[account] >= self.free:
            return False
        self.busy[account] += 1
        self.free -= 1
        return True
