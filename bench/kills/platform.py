"""The platform, which lives on: what it told and was told, and what its customers see. This is the ground truth.

An emulated Graph API whose webhooks come as those of the real one: in batches, several at once, again until they
are answered with 200, and now and then again although they were.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter, deque
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import asynccontextmanager
from typing import Any

import httpx

from omnichannel.emulators.graph import Page, Person, Said
from omnichannel.emulators.graph_hook import Content
from omnichannel.tls import trusted

_CUSTOMERS = 24
_AT_ONCE = 4  # webhooks under way beside each other
_BACKLOG = 30  # items that wait for their webhook: then nobody writes more
_LATE = 0.3  # share of the echoes that come late,
_LATENESS = 1.0  # every so many seconds: the call is in doubt by then, if its sender died
_PATIENCE = 5.0  # seconds that Meta waits for the answer to a webhook

_WORDS = ("Is this in stock? 📦", "Wann kommt meine Bestellung?", "ok", "My mail is ann@example.org", "مرحبا")

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class Platform(Page):
    """One Page that remembers everything. `echoes`: whether the app hears of what it sent itself."""

    def __init__(self, seed: str, *, echoes: bool) -> None:
        super().__init__(app_secret=f"secret-of-{seed}")
        self.echoes = echoes
        self.written: dict[str, Person] = {}
        self.acked: set[str] = set()
        self.bodies: set[bytes] = set()
        self.forged_taken = 0
        self._seed = seed
        self._chance = random.Random(f"{seed} webhooks")
        self._delay = random.Random(f"{seed} echoes")
        self._waiting: deque[Content] = deque()
        self._past: list[Content] = []
        self._late: deque[Content] = deque()
        self._under_way = 0

    @property
    def idle(self) -> bool:
        """Whether everything was delivered."""
        return not (self._waiting or self._late or self._under_way)

    def happen(self, person: Person, *, from_page: bool = False, **content: object) -> None:
        """Something to be told; echoes only where they are wanted."""
        if from_page and not self.echoes:
            return
        sides = [{"id": person.psid}, {"id": self.page_id}]
        sender, recipient = reversed(sides) if from_page else sides
        item = {"sender": sender, "recipient": recipient, "timestamp": self.now(), **content}
        (self._late if from_page and self._delay.random() < _LATE else self._waiting).append(item)

    def seen(self) -> list[tuple[Person, Said]]:
        """Every message of ours that a customer sees, in order."""
        return [
            (person, said) for person in self.people.values() for said in person.thread if said.by == "page"
        ]

    def copies(self) -> Counter[str]:
        """How often each call of ours was taken, by the correlator that was planted in it."""
        return Counter(said.metadata for _, said in self.seen())

    # Life: customers write, webhooks go out.

    async def write_on(self) -> None:
        """Let customers write until cancelled."""
        chance = random.Random(f"{self._seed} customers")
        while True:
            if len(self._waiting) < _BACKLOG:
                who = f"Customer {chance.randrange(_CUSTOMERS)}"
                mid = self.write(who, chance.choice(_WORDS))
                self.written[mid] = self.person(who)
            await asyncio.sleep(chance.uniform(0.002, 0.03))

    @asynccontextmanager
    async def delivering(self, hook: str) -> AsyncIterator[None]:
        """Bring webhooks to this address."""
        limits = httpx.Limits(max_connections=4 * _AT_ONCE, keepalive_expiry=1.0)
        async with httpx.AsyncClient(
            trust_env=False, timeout=_PATIENCE, limits=limits, verify=trusted()
        ) as client:
            couriers = [asyncio.create_task(self._courier(client, hook)) for _ in range(_AT_ONCE)]
            couriers.append(asyncio.create_task(self._release()))
            try:
                yield
            finally:
                for courier in couriers:
                    courier.cancel()
                await asyncio.gather(*couriers, return_exceptions=True)

    async def _courier(self, client: httpx.AsyncClient, hook: str) -> None:
        while True:
            if not self._waiting or not await self._deliver(client, hook, self._batch()):
                await asyncio.sleep(0.004)
            if self._chance.random() < 0.02:
                await self._forge(client, hook)

    async def _release(self) -> None:
        while True:
            await asyncio.sleep(_LATENESS)
            while self._late:
                self._waiting.append(self._late.popleft())

    def _batch(self) -> list[Content]:
        """Some of what waits, and sometimes something that was delivered long ago."""
        size = min(self._chance.choice((1, 1, 1, 2, 3, 10)), len(self._waiting))
        batch = [self._waiting.popleft() for _ in range(size)]
        if self._past and self._chance.random() < 0.1:
            batch.insert(0, self._chance.choice(self._past))
        return batch

    async def _deliver(self, client: httpx.AsyncClient, hook: str, items: list[Content]) -> bool:
        """Post one body, sometimes twice at once; what is not answered with 200 waits again."""
        body, headers = self.hook.signed({"object": "page", "entry": [self._entry(items)]})
        self.bodies.add(body)
        times = 2 if self._chance.random() < 0.1 else 1
        taken = False
        self._under_way += 1
        try:
            found = await asyncio.gather(*(_post(client, hook, body, headers) for _ in range(times)))
            taken = 200 in found
        finally:
            # Also when cut off.
            self._under_way -= 1
            if taken:
                self.acked.update(filter(None, map(_written_mid, items)))
                self._past += items
            else:
                self._waiting.extendleft(reversed(items))
        return taken

    async def _forge(self, client: httpx.AsyncClient, hook: str) -> None:
        """Somebody who does not know the secret speaks for a customer."""
        sides = {"sender": {"id": "200000000000001"}, "recipient": {"id": self.page_id}}
        item: Content = {
            **sides,
            "timestamp": self.now(),
            "message": {"mid": f"m_forged{self.mid()}", "text": "!"},
        }
        body, headers = self.hook.signed({"object": "page", "entry": [self._entry([item])]})
        headers["x-hub-signature-256"] = "sha256=" + "0" * 64
        self.forged_taken += await _post(client, hook, body, headers) == 200

    def _entry(self, items: list[Content]) -> Content:
        return {"id": self.page_id, "time": self.now(), "messaging": items}


async def _post(client: httpx.AsyncClient, hook: str, body: bytes, headers: dict[str, str]) -> int:
    try:
        return (await client.post(hook, content=body, headers=headers)).status_code
    except httpx.HTTPError:
        return 0


def _written_mid(item: Content) -> str:
    message = item.get("message")
    return str(message["mid"]) if isinstance(message, dict) and not message.get("is_echo") else ""


class Distant:
    """An ASGI application as if far away: requests and answers take their time, so that a kill falls between."""

    def __init__(self, app: Callable[[Message, Receive, Send], Awaitable[None]], seed: str) -> None:
        self._app = app
        self._chance = random.Random(f"{seed} distance")

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Take the whole request first: then it is on its way, whatever becomes of who sent it."""
        pieces = [await receive()]
        while pieces[-1].get("more_body"):
            pieces.append(await receive())
        if pieces[-1]["type"] == "http.disconnect":
            return
        arriving = iter(pieces)

        async def replay() -> Message:
            return next(arriving, {"type": "http.disconnect"})

        async def send_late(message: Message) -> None:
            if message["type"] == "http.response.start":
                await self._travel()
            await send(message)

        await self._travel()
        await self._app(scope, replay, send_late)

    async def _travel(self) -> None:
        await asyncio.sleep(self._chance.choice((0.0, self._chance.uniform(0.0, 0.03))))
