"""Asking the Graph API, beside sending. Credentials travel in a header, never in an address."""

from __future__ import annotations

from collections.abc import Mapping

import httpx

from omnichannel import toolbox
from omnichannel.channel import Call, Channel, Finding, Response
from omnichannel.platforms.meta.answers import code_of
from omnichannel.toolbox import Json, sealed, string

_MOST = 4 * 1024 * 1024


@sealed
async def fetch(
    channel: Channel, client: httpx.AsyncClient, url: str, parameters: Mapping[str, str]
) -> Response:
    """One GET as the channel's account. Raises httpx.HTTPError if nothing came back."""
    found = await client.get(url, params=dict(parameters), headers=dict(channel.credentials(Call(url=url))))
    return Response(
        status=found.status_code, headers=tuple(found.headers.multi_items()), body=found.content[:_MOST]
    )


def unreachable(edge: str, error: httpx.HTTPError) -> Finding:
    """What `doctor` says when the Graph API does not answer."""
    cure = "Check the network, a proxy, and the settings host and version"
    return toolbox.unreachable(f"the Graph API at {edge}", error, cure)


def refusal(error: dict[str, Json], fallback: str) -> tuple[str, str]:
    """What the Graph API has against the token, in a line, and the cure."""
    code, subcode = code_of(error)
    detail = f"{code}/{subcode} {string(error, 'message')}" if error else fallback
    if "appsecret_proof" in string(error, "message"):
        return detail, 'Switch off "Require app secret" in the app\'s advanced settings'
    return detail, "Make a new token" if code == 190 else "Check the app, its permissions and the token"
