"""Trying an endpoint: one signed notice that tells nothing, outside of its order."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from omnichannel.channel import Finding, Response
from omnichannel.clock import moment
from omnichannel.inbox.webhooks import delivering
from omnichannel.model import Happening
from omnichannel.store import Tx, webhooks
from omnichannel.webhooks.posting import Poster

if TYPE_CHECKING:
    from omnichannel.inbox.telling import Telling

_CURES = {
    401: "Enter the endpoint's secret at the other end, and set its clock right",
    403: "Enter the endpoint's secret at the other end, and set its clock right",
    404: "Mend the path of its address",
    405: "Let the other end take POST there",
}


async def ping(inbox: Telling, endpoint: str) -> Finding:
    """What came of one notice of type `webhook.ping`. Raises NotFound."""
    await inbox.register()
    number = str(uuid.UUID(bytes=inbox.clock.random(16), version=4))

    def job(tx: Tx) -> delivering.Due:
        happening = Happening(id=number, what="webhook.ping", at=moment(tx.now()))
        return delivering.signed(tx, inbox.configured, webhooks.get(tx, endpoint), happening)

    due = await inbox.run_job(job)
    async with Poster(due.url, private=due.private) as poster:
        seconds = inbox.rules.webhook_timeout.total_seconds()
        return _told(await poster.post(due.headers, due.body, seconds=seconds))


def _told(response: Response) -> Finding:
    if 200 <= response.status < 300 and not response.failure:
        return Finding(ok=True, what="it takes a signed notice")
    if response.failure:
        cure = "Look whether that address can be reached from here"
        return Finding(ok=False, what=response.detail, cure=cure)
    cure = _CURES.get(response.status, "Let it answer a notice with any 2xx")
    return Finding(ok=False, what=f"it answered a signed notice with HTTP {response.status}", cure=cure)
