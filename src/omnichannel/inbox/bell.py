"""Waking whoever waits for something to do, from any thread."""

from __future__ import annotations

import asyncio

LOOK = 1.0
"""Seconds between looks at a store that other processes may write to, where nobody rings for them."""

RARE_LOOK = 30.0
"""Seconds between looks where other processes ring: for what one of them could not tell any more."""


class Bell:
    """Rung from any thread, heard in this loop; it costs something only once, however often it is rung."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._heard = asyncio.Event()
        self._rung = False

    def ring(self) -> None:
        """Let whoever waits look; what is there by now is seen by the look that follows the next `clear`."""
        if not self._rung:
            self._rung = True
            self._loop.call_soon_threadsafe(self._heard.set)

    def clear(self) -> None:
        """Before a look: what rings from now on is looked at again."""
        self._rung = False
        self._heard.clear()

    async def wait(self, seconds: float) -> None:
        """Until it is rung, so many seconds at most."""
        try:
            await asyncio.wait_for(self._heard.wait(), seconds)
        except TimeoutError:
            return
