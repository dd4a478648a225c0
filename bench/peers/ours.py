"""Ours, as the others are: ready for webhooks, with one handler that counts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from bench.peers import Taker
from bench.peers.bodies import APP_SECRET, HIDDEN, NUMBER, TOKEN, VERIFY, WABA, Post
from bench.webhooks import page
from omnichannel import Channel, Delivery, Inbox, Incoming
from omnichannel.channels.telegram import Telegram
from omnichannel.channels.whatsapp import WhatsApp
from omnichannel.store import Tx


def channel(kind: str) -> Channel:
    """The account that reads a kind of body."""
    if kind.startswith("Telegram"):
        return Telegram("bot", token=TOKEN, secret=HIDDEN, username="shop_bot")
    if kind.startswith("WhatsApp"):
        return WhatsApp(
            "phone", number="+31201234567", phone_number_id=NUMBER, waba_id=WABA, token="t",
            app_secret=APP_SECRET, verify_token=VERIFY,
        )  # fmt: skip
    return page()


def delivery(account: str, post: Post) -> Delivery:
    """A webhook as `Inbox.asgi` hands it over."""
    return Delivery(
        account=account,
        url=f"https://support.example.com/hooks/{account}",
        headers=tuple(post.headers.items()),
        body=post.body,
        received_at=datetime.now(UTC),
    )


class Counting(Taker):
    """An inbox on a file, at work beside whoever hands over webhooks."""

    def __init__(self, inbox: Inbox, account: str) -> None:
        self._inbox = inbox
        self._account = account
        inbox.on_message(self._handle)

    async def _handle(self, _: Incoming) -> None:
        self.handled += 1

    async def take(self, post: Post) -> None:
        """Take one webhook: it is on the disk when this returns."""
        assert (await self._inbox.receive(self._account, delivery(self._account, post))).status == 200

    async def rest(self) -> None:
        """Wait until everybody new was compared with who was there before."""
        while await self._inbox.run_job(_waiting):
            await asyncio.sleep(0.01)


@asynccontextmanager
async def taker(kind: str, path: Path) -> AsyncIterator[Counting]:
    """Ours, on a file that is gone on with; nobody is dialled."""
    account, known = channel(kind), path.exists()
    async with Inbox(f"sqlite:///{path}", [account]) as inbox:
        found, stop = Counting(inbox, account.name), asyncio.Event()
        found.knows_everybody = known
        inbox.look_up = _nobody  # type: ignore[method-assign]
        working = asyncio.create_task(inbox.run(stop=stop))
        yield found
        stop.set()
        await working


def _waiting(tx: Tx) -> bool:
    return tx.one("SELECT 1 FROM unstudied WHERE workspace = ? LIMIT 1", tx.ws) is not None


async def _nobody() -> int:
    """Asks no platform for names: that is the network."""
    return 0
