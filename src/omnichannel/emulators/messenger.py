"""Messenger as an emulator: a served `graph.Page` that people write to."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import ClassVar, TypeVar

from omnichannel.channels.messenger.link import FIELDS
from omnichannel.emulators.graph import Page
from omnichannel.emulators.serving import ServedEmulator

T = TypeVar("T")


class MessengerPage(ServedEmulator):
    """Messenger with one Page. `page` has everything else: edits, reactions, receipts, faults."""

    kind: ClassVar[str] = "messenger"

    def __init__(self, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.page = Page(clock=clock)
        super().__init__(self.page.app)

    @property
    def settings(self) -> dict[str, object]:
        """The Page with its secrets."""
        page = self.page
        return {
            "page_id": page.page_id,
            "page_token": page.page_token,
            "app_secret": page.app_secret,
            "verify_token": page.verify_token,
            "host": self.url,
        }

    def connect(self, hook: str) -> None:
        """Set the webhook, with Meta's challenge, for everything. Raises ValueError if it was not answered."""
        _wait_for(self.page.subscribe(hook))
        self.page.subscribed = self.page.subscribed or list(FIELDS)

    def write(self, who: str, text: str) -> str:
        """Write to the Page."""
        return self.page.write(who, text)

    def push(self) -> Sequence[int]:
        """Deliver what is on its way."""
        return _wait_for(self.page.push()) if self.page.hook else ()

    def shown(self, who: str) -> Sequence[str]:
        """What the Page said to that person; a file by its kind."""
        return [said.text or f"[{said.attachment}]" for said in self.page.thread(who) if said.by == "page"]


def _wait_for(work: Coroutine[object, object, T]) -> T:
    """Do it in a loop of its own: whoever scripts the emulator may have one running, or none."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(asyncio.run, work).result()
