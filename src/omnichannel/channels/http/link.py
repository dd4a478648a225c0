"""The only place of this channel that reads a clock or dials: the moment that is signed, files, and `doctor`."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

import httpx

from omnichannel.channel import Call, Finding
from omnichannel.fetching import fetch
from omnichannel.http import Client
from omnichannel.toolbox import sealed, unreachable

if TYPE_CHECKING:
    from omnichannel.channels.http import Http


def timestamp() -> str:
    """Now, as the signature's header has it: whole seconds since 1970."""
    return str(int(time.time()))


async def file(url: str, trusted: str) -> bytes:
    """The bytes of a file that the joined system named; raises FetchError. No credentials go along."""
    return await fetch(url, trusted=(trusted,) if trusted else ())


@sealed
async def findings(channel: Http) -> Sequence[Finding]:
    """Whether the other end takes a signed `ping`."""
    headers = {"content-type": "application/json", "webhook-id": f"ping_{timestamp()}"}
    call = Call(url=channel.url, headers=tuple(headers.items()), body=json.dumps({"type": "ping"}).encode())
    async with Client(timeout=15.0) as client:
        try:
            proven = {**headers, **channel.credentials(call)}
            answer = await client.post(call.url, content=call.body, headers=proven)
        except httpx.HTTPError as error:
            cure = "Look whether that address can be reached from here"
            return (unreachable("url", error, cure),)
    return (_told(answer.status_code),)


def _told(status: int) -> Finding:
    if 200 <= status < 300:
        return Finding(ok=True, what="url takes a signed ping")
    unproven = "Enter the same send_secret at the other end, and set its clock right"
    cures = {
        401: unproven,
        403: unproven,
        404: "Mend the path in url",
        405: "Let the other end take POST there",
    }
    cure = cures.get(status, "Let the other end answer a `ping` with any 2xx")
    return Finding(ok=False, what=f"url answered a signed ping with HTTP {status}", cure=cure)
