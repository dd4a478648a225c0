"""Whether a Page is well connected: its token is accepted and its own, and the webhook brings what it should."""

from __future__ import annotations

import httpx

from omnichannel.channel import Channel, Finding, Response
from omnichannel.http import Client
from omnichannel.platforms.meta.link import fetch, refusal, unreachable
from omnichannel.toolbox import Json, answer, excerpt, items, number, obj, string

_NO_TOKEN = 190  # it is none, or holds no more: no permission would help


async def token(
    channel: Channel, client: httpx.AsyncClient, edge: str, page_id: str, setting: str = "page_token"
) -> Finding:
    """Whether the token is accepted, and this Page's."""
    response = await fetch(channel, client, f"{edge}/me", {"fields": "id,name"})
    body = answer(response)
    error = obj(body, "error")
    if error or response.status != 200:
        detail, cure = refusal(error, excerpt(response.body, 100))
        return Finding(ok=False, what=f"{setting} is not accepted: {detail}", cure=cure)
    if string(body, "id") != page_id:
        return Finding(
            ok=False,
            what=f"{setting} is for {string(body, 'name')!r} ({string(body, 'id')}), page_id is {page_id}",
            cure="Use that Page's own token (GET /me/accounts lists them), not the user's or another Page's",
        )
    return Finding(ok=True, what=f"{setting} is accepted, the Page is {string(body, 'name')!r}")


async def subscriptions(
    channel: Channel, client: httpx.AsyncClient, edge: str, node: str, fields: tuple[str, ...]
) -> Finding:
    """Whether the app hears of all these fields of a Page or account."""
    return _subscriptions(await fetch(channel, client, f"{edge}/{node}/subscribed_apps", {}), node, fields)


async def findings(channel: Channel, edge: str, page_id: str, fields: tuple[str, ...]) -> tuple[Finding, ...]:
    """Whether the token is accepted and this Page's, and the webhook brings what it should, for `Channel.check`."""
    async with Client(timeout=15.0) as client:
        try:
            found = await token(channel, client, edge, page_id)
            if not found.ok:
                return (found,)
            return (found, await subscriptions(channel, client, edge, page_id, fields))
        except httpx.HTTPError as error:
            return (unreachable(edge, error),)


async def delivers(channel: Channel, edge: str, node: str, fields: tuple[str, ...]) -> tuple[Finding, ...]:
    """The same with a connection of its own, for `Channel.delivers`."""
    async with Client(timeout=15.0) as client:
        try:
            return (await subscriptions(channel, client, edge, node, fields),)
        except httpx.HTTPError as error:
            return (unreachable(edge, error),)


def _subscriptions(response: Response, node: str, fields: tuple[str, ...]) -> Finding:
    body = answer(response)
    error: dict[str, Json] = obj(body, "error")
    if error or response.status != 200:
        expired = number(error, "code") == _NO_TOKEN
        return Finding(
            ok=False,
            what=f"the webhook's fields cannot be read: {string(error, 'message')}",
            cure="Make a new token" if expired else "Give the token the permission pages_manage_metadata",
        )
    present = {
        field if isinstance(field, str) else string(field, "name")
        for app in items(body, "data")
        for field in _names(app)
    }
    missing = [field for field in fields if field not in present]
    if not missing:
        return Finding(ok=True, what="the app is subscribed to everything that is read")
    cure = f"POST /{node}/subscribed_apps?subscribed_fields={','.join(fields)}"
    what = f"the app is not subscribed to {', '.join(missing)}"
    return Finding(ok=False, what=what, cure=cure, stopped=not present)


def _names(app: Json) -> list[Json]:
    fields = app.get("subscribed_fields") if isinstance(app, dict) else None
    return fields if isinstance(fields, list) else []
