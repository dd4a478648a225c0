"""Where a case takes place: an empty database, a folder, a clock that is cranked by hand, and whatever it opens."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from omnichannel import Inbox, Rules
from omnichannel.channel import Batch, Channel, Delivery
from tests.engines import HandClock
from tests.inbox.desk import Desk


@dataclass
class Room:
    """Everything that a case opens here is closed after it."""

    url: str
    folder: Path
    clock: HandClock = field(default_factory=HandClock)
    opened: list[Inbox | Desk] = field(default_factory=list)

    @property
    def shared(self) -> str:
        """The same as something that several workers can open."""
        return file_url(self.folder) if self.url.endswith(":memory:") else self.url

    def desk(self, *, rules: Rules | None = None, workspace: str = "default") -> Desk:
        """An inbox on a desk."""
        self.opened.append(Desk(self.url, self.clock, rules=rules, workspace=workspace))
        return self.opened[-1]  # type: ignore[return-value]

    def inbox(self, channels: Sequence[Channel], **more: Any) -> Inbox:
        """An inbox with accounts of its own."""
        self.opened.append(Inbox(self.url, channels, clock=self.clock, **more))
        return self.opened[-1]  # type: ignore[return-value]

    def close(self) -> None:
        """Close whatever was opened."""
        while self.opened:
            asyncio.run(self.opened.pop().close())


def file_url(folder: Path) -> str:
    """SQLite in a file."""
    return f"sqlite:///{folder / 'support.db'}"


async def fetched(inbox: Inbox, account: str, *mails: bytes) -> None:
    """Mails that were fetched from a mailbox, read and handled."""
    began = await inbox.cursor(account, "wire") or "0"
    numbers = range(int(began) + 1, int(began) + 1 + len(mails))
    found = tuple(
        Delivery(source="poll", body=mail, key=f"1:{number}")
        for number, mail in zip(numbers, mails, strict=True)
    )
    await inbox.keep(account, "wire", Batch(deliveries=found, cursor=str(numbers.stop - 1)))
    while await inbox.read():
        pass
