"""Waiting for an answer of an endpoint: meanwhile it stays ours, and takes no hand from those that answer.

A lease that covered the longest wait would leave the endpoints of a dead worker alone for as long. So the lease is
short, and whoever waits renews it.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from omnichannel.channel import Response
from omnichannel.inbox.webhooks import delivering
from omnichannel.inbox.webhooks.delivering import Due
from omnichannel.store import following
from omnichannel.webhooks.posting import Poster

if TYPE_CHECKING:
    from omnichannel.inbox.telling import Telling

PATIENCE = 1.0
"""Seconds after which an endpoint hangs: others have its hand."""

RENEWED = 3.0
"""Seconds between renewals of a lease: so little of it that one may fail, and clocks still differ (`LEASE`)."""

MOST_HANGING = 8
"""Endpoints that are tried although they hung or failed the last time, at once, for each that answers."""


async def posted(inbox: Telling, poster: Poster, due: Due) -> Response:
    """What an endpoint answers to a notice, however long that takes within `Rules.webhook_timeout`."""
    seconds = inbox.rules.webhook_timeout.total_seconds()
    posting = asyncio.create_task(poster.post(due.headers, due.body, seconds=seconds))
    try:
        await asyncio.wait([posting], timeout=PATIENCE)
        while not posting.done():
            inbox.hanging.add(due.endpoint)
            inbox.ring()  # there is a hand free
            await _renew(inbox, due)
            await asyncio.wait([posting], timeout=RENEWED)
        return await posting
    finally:
        posting.cancel()
        inbox.hanging.discard(due.endpoint)


async def _renew(inbox: Telling, due: Due) -> None:
    # Out of reach of the store nobody else takes it either; what came of it is settled or not, later.
    with suppress(Exception):
        await inbox.run_job(lambda tx: following.renew(tx, due.endpoint, due.holder, delivering.lease(tx)))


def room(inbox: Telling) -> int:
    """How many more may be tried that hung or failed the last time."""
    return max(inbox.rules.at_once * MOST_HANGING - len(inbox.hanging), 0)
