"""Asking the Cloud API, beside sending: is this account well? All of the channel's own I/O is in this folder."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import httpx

from omnichannel.channel import Finding, Response
from omnichannel.http import Client
from omnichannel.platforms.meta.link import fetch, refusal, unreachable
from omnichannel.toolbox import Json, answer, excerpt, items, obj, string

if TYPE_CHECKING:
    from omnichannel.channels.whatsapp import WhatsApp

_FIELDS = "id,display_phone_number,verified_name,quality_rating,name_status,code_verification_status"
_MOST_TEMPLATES = "200"


async def findings(channel: WhatsApp) -> Sequence[Finding]:
    """Whether the token is accepted, the number well, the app subscribed, and the templates usable."""
    account = f"{channel.edge}/{channel.waba_id}"
    async with Client(timeout=15.0) as client:
        try:
            phone = await fetch(channel, client, channel.number_edge, {"fields": _FIELDS})
            found = _number(phone, channel)
            if not found[0].ok:
                return found
            numbers = await fetch(channel, client, f"{account}/phone_numbers", {"fields": "id"})
            apps = await fetch(channel, client, f"{account}/subscribed_apps", {})
            asked = {"fields": "name,status,language", "limit": _MOST_TEMPLATES}
            templates = await fetch(channel, client, f"{account}/message_templates", asked)
        except httpx.HTTPError as error:
            return (unreachable(channel.edge, error),)
    return (*found, _belongs(numbers, channel), _subscription(apps, channel.waba_id), _templates(templates))


async def delivers(channel: WhatsApp) -> Sequence[Finding]:
    """Whether any app hears of the account."""
    async with Client(timeout=15.0) as client:
        try:
            apps = await fetch(channel, client, f"{channel.edge}/{channel.waba_id}/subscribed_apps", {})
        except httpx.HTTPError as error:
            return (unreachable(channel.edge, error),)
    return (_subscription(apps, channel.waba_id),)


def _failed(response: Response, what: str) -> Finding | None:
    body = answer(response)
    error = obj(body, "error")
    if not error and response.status == 200:
        return None
    detail, cure = refusal(error, excerpt(response.body, 100))
    return Finding(ok=False, what=f"{what}: {detail}", cure=cure)


def _number(response: Response, channel: WhatsApp) -> list[Finding]:
    failed = _failed(response, "token is not accepted for this phone_number_id")
    if failed:
        return [failed]
    body = answer(response)
    shown, name = string(body, "display_phone_number"), string(body, "verified_name")
    found = [Finding(ok=True, what=f"token is accepted, the number is {shown} ({name})")]
    if _digits(shown) != channel.digits:
        cure = f"Set number to {shown}, or phone_number_id to that of +{channel.digits}"
        found.append(Finding(ok=False, what=f"number is +{channel.digits}, Meta says {shown}", cure=cure))
    return [*found, *_quality(body)]


def _digits(written: str) -> str:
    return "".join(char for char in written if char.isdigit())


def _quality(body: dict[str, Json]) -> list[Finding]:
    """How people take what we send: a number that is flagged may soon send less."""
    rating, name = string(body, "quality_rating"), string(body, "name_status")
    found = []
    if rating in ("RED", "YELLOW"):
        cure = "Send fewer templates, and only to who asked for them; see WhatsApp Manager > Insights"
        found.append(Finding(ok=False, what=f"the number's quality is {rating}", cure=cure))
    elif rating:
        found.append(Finding(ok=True, what=f"the number's quality is {rating}"))
    if name in ("DECLINED", "EXPIRED", "NONE"):
        cure = "Ask for another display name in WhatsApp Manager > Phone numbers"
        found.append(Finding(ok=False, what=f"the number's display name is {name}", cure=cure))
    return found


def _belongs(response: Response, channel: WhatsApp) -> Finding:
    failed = _failed(response, f"the numbers of waba_id {channel.waba_id} cannot be read")
    if failed:
        return failed
    known = [string(one, "id") for one in items(answer(response), "data")]
    if channel.number_id in known:
        return Finding(ok=True, what="the number belongs to waba_id")
    cure = f"Set waba_id to the account that has it; this one has {', '.join(known) or 'none'}"
    return Finding(ok=False, what=f"waba_id {channel.waba_id} has no number {channel.number_id}", cure=cure)


def _subscription(response: Response, waba_id: str) -> Finding:
    failed = _failed(response, "the account's subscriptions cannot be read")
    if failed:
        return failed
    apps = [string(obj(one, "whatsapp_business_api_data"), "name") for one in items(answer(response), "data")]
    if apps:
        return Finding(ok=True, what=f"webhooks go to {', '.join(filter(None, apps)) or 'an app'}")
    return Finding(
        ok=False,
        what="no app is subscribed to the account",
        cure=f"POST /{waba_id}/subscribed_apps with the token",
        stopped=True,
    )


def _templates(response: Response) -> Finding:
    failed = _failed(response, "the templates cannot be read")
    if failed:
        return failed
    listed = [one for one in items(answer(response), "data") if isinstance(one, dict)]
    usable = [one for one in listed if string(one, "status") == "APPROVED"]
    broken = [
        f"{string(one, 'name')} ({string(one, 'language')}, {string(one, 'status')})"
        for one in listed
        if string(one, "status") in ("REJECTED", "PAUSED", "DISABLED")
    ]
    if not usable:
        cure = "Have one approved in WhatsApp Manager > Templates: without it nobody can be written to after 24 hours"
        return Finding(ok=False, what=f"none of {len(listed)} templates is approved", cure=cure)
    if broken:
        return Finding(
            ok=False,
            what=f"templates that cannot be sent: {', '.join(broken[:10])}",
            cure="See why in WhatsApp Manager > Templates, and mend or delete them",
        )
    return Finding(ok=True, what=f"{len(usable)} of {len(listed)} templates are approved")
