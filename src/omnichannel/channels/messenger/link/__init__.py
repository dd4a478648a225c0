"""Asking the Graph API, beside sending: is this account well? All of the channel's own I/O is in this folder."""

from __future__ import annotations

from collections.abc import Sequence

import httpx

from omnichannel.channel import Channel, Finding, Response
from omnichannel.platforms.meta.answers import answer
from omnichannel.platforms.meta.link import fetch, refusal, unreachable
from omnichannel.toolbox import Json, excerpt, items, obj, string

FIELDS = (
    "messages", "messaging_postbacks", "messaging_referrals", "messaging_optins", "message_echoes",
    "message_edits", "message_reactions", "message_deliveries", "message_reads", "standby",
)  # fmt: skip
"""What the app subscribes to on the Page (Meta, "Webhooks for Pages") for everything that `parse` reads."""


async def findings(channel: Channel, edge: str, page_id: str) -> Sequence[Finding]:
    """Whether the token is accepted, is this Page's, and the webhook brings what it should."""
    async with httpx.AsyncClient(timeout=15.0) as client:
        try:
            me = await fetch(channel, client, f"{edge}/me", {"fields": "id,name"})
            found = _token(me, page_id)
            if not found.ok:
                return (found,)
            apps = await fetch(channel, client, f"{edge}/{page_id}/subscribed_apps", {})
        except httpx.HTTPError as error:
            return (unreachable(edge, error),)
    return (found, *_subscriptions(apps, page_id))


def _token(response: Response, page_id: str) -> Finding:
    body = answer(response)
    error = obj(body, "error")
    if error or response.status != 200:
        detail, cure = refusal(error, excerpt(response.body, 100))
        return Finding(ok=False, what=f"page_token is not accepted: {detail}", cure=cure)
    if string(body, "id") != page_id:
        return Finding(
            ok=False,
            what=f"page_token is for {string(body, 'name')!r} ({string(body, 'id')}), page_id is {page_id}",
            cure="Use that Page's own token (GET /me/accounts lists them), not the user's or another Page's",
        )
    return Finding(ok=True, what=f"page_token is accepted, the Page is {string(body, 'name')!r}")


def _subscriptions(response: Response, page_id: str) -> list[Finding]:
    body = answer(response)
    error: dict[str, Json] = obj(body, "error")
    if error or response.status != 200:
        return [
            Finding(
                ok=False,
                what=f"the webhook's fields cannot be read: {string(error, 'message')}",
                cure="Give the token the permission pages_manage_metadata",
            )
        ]
    present = {
        field if isinstance(field, str) else string(field, "name")
        for app in items(body, "data")
        for field in _names(app)
    }
    missing = [field for field in FIELDS if field not in present]
    if not missing:
        return [Finding(ok=True, what="the app is subscribed to everything that is read")]
    cure = f"POST /{page_id}/subscribed_apps?subscribed_fields={','.join(FIELDS)}"
    return [Finding(ok=False, what=f"the app is not subscribed to {', '.join(missing)}", cure=cure)]


def _names(app: Json) -> list[Json]:
    fields = app.get("subscribed_fields") if isinstance(app, dict) else None
    return fields if isinstance(fields, list) else []
