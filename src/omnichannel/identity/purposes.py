"""What customers are asked for: the more an answer reveals, the better it has to be proven."""

from __future__ import annotations

from enum import StrEnum


class Purpose(StrEnum):
    """What somebody wants to know customers for. Each view refines the next: it never joins more.

    `disclose`: whatever reveals or acts: history shown to the sender, where an answer goes, bots, export,
    erasure. `assist`: an agent's side panel, where what is unproven is marked. `analytics`: counting only.
    """

    DISCLOSE = "disclose"
    ASSIST = "assist"
    ANALYTICS = "analytics"

    @property
    def views(self) -> tuple[Purpose, ...]:
        """The views that this one is built on, from the strictest to itself."""
        every = tuple(Purpose)
        return every[: every.index(self) + 1]
