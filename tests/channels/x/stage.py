"""An emulated X on a loopback port, a channel that talks to it, and the two ways between them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from omnichannel.channels.x import X
from omnichannel.emulators.serving import Served
from omnichannel.emulators.x import Network
from omnichannel.inbox.sending import chained
from omnichannel.model import Address, Party
from tests.channels.x.given import draft


@contextmanager
def stage(**settings) -> Iterator[tuple[Network, X]]:
    network = Network()
    with Served(network.app) as served:
        keys = network.keys
        given = {
            "user_id": network.account.id,
            "username": "shop",
            "consumer_secret": keys.consumer_secret,
            "host": served.url,
        }
        if not any(name.endswith("token") for name in settings):
            given["token"] = keys.bearer
        try:
            yield network, X("x", **(given | settings))
        finally:
            network.release()


def sent(x: X, *drafts, timeout: float = 30.0) -> list:
    """The receipts of every call, as the inbox makes them: a failure ends the message."""

    async def send() -> list:
        receipts, sender = [], x.sender()
        for one in drafts:
            before = ""
            for call in x.render(one):
                wire = chained(call, before).model_copy(update={"timeout": timeout})
                receipts.append(x.read(call, await sender.send(wire)))
                before = getattr(receipts[-1], "external_id", "")
                if not before:
                    break
        await sender.close()
        return receipts

    return asyncio.run(send())


def look(x: X, name: str, cursor: str = "") -> tuple[list, str]:
    """The events of one look at a list, and the cursor after it."""

    async def fetch():
        source = next(source for source in x.sources() if source.name == name)
        batch = await source.fetch(cursor)
        await source.close()
        return batch

    batch = asyncio.run(fetch())
    return [event for delivery in batch.deliveries for event in x.parse(delivery)], batch.cursor


def reply(post, text="Sorry!", **fields):
    to = Party(address=Address(kind="x", value=post.author.id))
    return draft(text, to=to, public=True, reply_to=post.id, **fields)


def private(user, text="Sorry!", **fields):
    return draft(text, to=Party(address=Address(kind="x", value=user.id)), **fields)


def oauth1(network_keys) -> dict:
    return {
        "consumer_key": network_keys.consumer_key,
        "access_token": network_keys.access_token,
        "access_token_secret": network_keys.access_token_secret,
    }
