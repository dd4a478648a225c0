"""Asking the Graph API, beside sending: is this account well? All of the channel's own I/O is in this folder."""

from __future__ import annotations

from collections.abc import Sequence

import httpx

from omnichannel.channel import Channel, Finding
from omnichannel.http import Client
from omnichannel.platforms.meta.link import page, unreachable

FIELDS = (
    "messages", "messaging_postbacks", "messaging_referrals", "messaging_optins", "message_echoes",
    "message_edits", "message_reactions", "message_deliveries", "message_reads", "standby",
)  # fmt: skip
"""What the app subscribes to on the Page (Meta, "Webhooks for Pages") for what every Page has to do with.

Forms, baskets and calls have fields of their own (docs/howto/messenger.md), for those who use them.
"""


async def findings(channel: Channel, edge: str, page_id: str) -> Sequence[Finding]:
    """Whether the token is accepted, is this Page's, and the webhook brings what it should."""
    async with Client(timeout=15.0) as client:
        try:
            found = await page.token(channel, client, edge, page_id)
            if not found.ok:
                return (found,)
            return (found, await page.subscriptions(channel, client, edge, page_id, FIELDS))
        except httpx.HTTPError as error:
            return (unreachable(edge, error),)


async def delivers(channel: Channel, edge: str, page_id: str) -> Sequence[Finding]:
    """Whether the webhook brings what it should."""
    return await page.delivers(channel, edge, page_id, FIELDS)
