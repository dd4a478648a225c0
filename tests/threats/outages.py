"""A platform that gave us up: whether somebody is told, and whether what it dropped is brought in, once."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, NamedTuple

from omnichannel import Inbox
from omnichannel.channel import Finding
from omnichannel.channels.x import X
from omnichannel.emulators.serving import Served
from omnichannel.emulators.x_platform import Platform
from omnichannel.plugins import channel_class
from omnichannel.store import Tx, externals, missing
from tests.threats.cases import put, threat
from tests.threats.room import Room

PEOPLE = ("Anna", "Bert")
_claim = externals.claim_external


class Outage(NamedTuple):
    """What was known in an outage of thirty hours, and what is there after it."""

    said: str
    needs_person: bool
    lost: int
    twice: int


async def outage(room: Room) -> Outage:
    """Nothing answers X for thirty hours: it gives the webhook up, and what people wrote. Then all is mended."""
    with Platform(clock=room.clock.now) as far:
        inbox = room.inbox([channel_class("x")("x", **{**far.settings, "poll": ()})])
        with Served(inbox.asgi()) as served:
            await asyncio.to_thread(far.connect, f"{served.url}/x")
            ids = await _written(far, room)
            await asyncio.to_thread(far.push)
            await inbox.work()
        for _ in range(6):
            await asyncio.to_thread(far.network.look_again)
            room.clock.advance(hours=6)
            ids += await _written(far, room)
        await asyncio.to_thread(far.push)
        far.lose()
        (health,) = await inbox.health()
        with Served(inbox.asgi(), port=served.port):
            await asyncio.to_thread(far.network.look_again)
            far.network.webhooks[0].valid = True  # what PUT /2/webhooks/{id} makes of it
            await inbox.reconcile("x")
            await asyncio.to_thread(far.push)  # what X was asked to bring again
            await inbox.work()
        found = await _there(inbox)
    return Outage(health.state, health.needs_person, len(set(ids) - set(found)), len(found) - len(set(found)))


async def _written(far: Platform, room: Room) -> list[str]:
    room.clock.advance(minutes=1)
    return [await asyncio.to_thread(far.write, who, f"hello at {room.clock.now()}") for who in PEOPLE]


async def _there(inbox: Inbox) -> list[str]:
    """The platform's ids of everything that people said, as often as it is there."""
    return [
        message.external_id
        for talk in await inbox.conversations.open(most=1000)
        for message in await inbox.conversations.messages(talk.id)
    ]


async def _nobody_asks(channel: X) -> Sequence[Finding]:
    return ()


@threat("T21", "a platform gave the webhook up, and nobody is told", put(X, "delivers", _nobody_asks))
async def nobody_knows(room: Room) -> bool:
    found = await outage(room)
    return not (found.said == "disabled" and found.needs_person)


@threat(
    "T21", "what a platform dropped in an outage is missing for ever", put(missing, "note", lambda *_: False)
)
async def missing_for_ever(room: Room) -> bool:
    return (await outage(room)).lost > 0


def _always(tx: Tx, *given: Any) -> bool:
    """Whoever asks gets the id, known or not."""
    _claim(tx, *given)
    return True


@threat(
    "T21",
    "what is brought in after an outage, and told again, is there twice",
    put(externals, "claim_external", _always),
)
async def there_twice(room: Room) -> bool:
    return (await outage(room)).twice > 0
