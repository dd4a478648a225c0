"""Asking Twilio, beside sending: what doctor asks, files, and pages of what was said before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import httpx

from omnichannel.channel import Call, Finding, Response
from omnichannel.errors import WireError
from omnichannel.fetching import fetch
from omnichannel.http import Client
from omnichannel.toolbox import Json, answer, excerpt, items, sealed, string, unreachable

if TYPE_CHECKING:
    from omnichannel.platforms.twilio.account import TwilioChannel

_MOST = 8 * 1024 * 1024
"""A page of 1,000 messages with 1,600 characters each, in JSON, stays below this."""


@sealed
async def ask(
    channel: TwilioChannel, client: httpx.AsyncClient, url: str, parameters: dict[str, str] | None = None
) -> Response:
    """One GET as the account. Raises httpx.HTTPError if nothing came back."""
    found = await client.get(url, params=parameters, headers=dict(channel.credentials(Call(url=url))))
    return Response(
        status=found.status_code, headers=tuple(found.headers.multi_items()), body=found.content[:_MOST]
    )


async def listed(
    channel: TwilioChannel, client: httpx.AsyncClient, url: str, parameters: dict[str, str] | None, key: str
) -> list[Json]:
    """Every item of a list, over all of its pages. Raises WireError if Twilio does not show it."""
    found: list[Json] = []
    ask_for = parameters
    while url:
        response = await ask(channel, client, url, ask_for)
        page = answer(response)
        if response.status != 200:
            raise WireError(f"Twilio does not show {key}: HTTP {response.status} {excerpt(response.body)}")
        found += items(page, key)
        further = string(page, "next_page_uri")
        url, ask_for = (channel.host + further if further.startswith("/") else ""), None
    return found


@sealed
async def download(channel: TwilioChannel, host: str, url: str) -> bytes:
    """The bytes of a file; our credentials go to Twilio's API alone. Raises FetchError."""
    return await fetch(url, headers=channel.credentials(Call(url=url)), trusted=(host,))


async def findings(channel: TwilioChannel, *wanted: str) -> Sequence[Finding]:
    """Whether the credentials are accepted, and where the number's webhooks (`sms_url`, `voice_url`, …) go."""
    async with Client(timeout=15.0) as client:
        try:
            found = _credentials(await ask(channel, client, f"{channel.edge}.json"))
            if not found.ok or not channel.number.startswith("+"):
                return (found,)
            return (found, *await _webhooks(channel, client, wanted))
        except httpx.HTTPError as error:
            return (_unreachable(channel, error),)


async def delivers(channel: TwilioChannel, *wanted: str) -> Sequence[Finding]:
    """Where the number's webhooks go, alone."""
    if not channel.number.startswith("+"):
        return ()
    async with Client(timeout=15.0) as client:
        try:
            return await _webhooks(channel, client, wanted)
        except httpx.HTTPError as error:
            return (_unreachable(channel, error),)


def _unreachable(channel: TwilioChannel, error: httpx.HTTPError) -> Finding:
    cure = "Check the network, a proxy, and the setting host"
    return unreachable(f"the API at {channel.host}", error, cure)


async def _webhooks(
    channel: TwilioChannel, client: httpx.AsyncClient, wanted: Sequence[str]
) -> tuple[Finding, ...]:
    parameters = {"PhoneNumber": channel.number}
    numbers = await ask(channel, client, f"{channel.edge}/IncomingPhoneNumbers.json", parameters)
    if numbers.status != 200:
        return (_credentials(numbers),)
    number = next(items(answer(numbers), "incoming_phone_numbers"), None)
    if number is None:
        what = f"{channel.number} is not a number of this account"
        cure = "Buy or port it in the Twilio console, or correct the setting number"
        return (Finding(ok=False, what=what, cure=cure, stopped=True),)
    return tuple(_webhook(channel, name, string(number, name)) for name in wanted)


def _credentials(response: Response) -> Finding:
    body = answer(response)
    if response.status != 200:
        told = string(body, "message") or excerpt(response.body)
        what = f"account_sid and auth_token are not accepted: {told}"
        return Finding(ok=False, what=what, cure="Copy both from the Twilio console, of the same account")
    status = string(body, "status")
    if status not in ("active", ""):
        return Finding(ok=False, what=f"the account is {status}", cure="Settle it in the Twilio console")
    what = f"the credentials are accepted, the account is {string(body, 'friendly_name')!r}"
    return Finding(ok=True, what=what)


def _webhook(channel: TwilioChannel, name: str, url: str) -> Finding:
    """Where one webhook of the number goes; without the setting `status_callback` anywhere is right."""
    ours = channel.status_callback.partition("?")[0]
    cure = f"Set {name} of {channel.number} to {ours or f'https://your.host/hooks/{channel.name}'}"
    if not url:
        what = f"{name} of {channel.number} is empty: that does not reach us"
        return Finding(ok=False, what=what, cure=cure, stopped=True)
    if ours and url.partition("?")[0].partition("#")[0] != ours:
        what = f"{name} of {channel.number} goes to {url}"
        return Finding(ok=False, what=what, cure=cure, stopped=True)
    return Finding(ok=True, what=f"{name} of {channel.number} goes to {url}")
