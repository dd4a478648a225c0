"""The pages of a web chat, and what little of it waits: streams, limits, who is typing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from omnichannel.channel import Call, Finding, Response
from omnichannel.channels.webchat.link.site import Site
from omnichannel.model import Address
from omnichannel.toolbox import load_json, string

if TYPE_CHECKING:
    from omnichannel.channels.webchat import WebChat

__all__ = ["Desk", "Site", "findings"]


class Desk:
    """The wire that answers go out on: there is none, for browsers read them in the store."""

    def __init__(self, channel: WebChat) -> None:
        self._channel = channel

    async def send(self, call: Call) -> Response:
        """Taken at once; a sign that somebody writes only where a browser of theirs is connected here to show it."""
        body = load_json(call.body)
        if isinstance(body, dict) and body.get("typing") is True:
            shown = self._channel.presence.answers(Address.of(string(body, "to")).value)
            return Response(status=200 if shown else 404)
        return Response(status=200, body=json.dumps({"id": call.correlator}).encode())

    async def close(self) -> None:
        """Nothing to let go of."""


def findings(channel: WebChat) -> tuple[Finding, ...]:
    """What `doctor` says about the settings: the network has no part in it."""
    sites = ", ".join(sorted(channel.origins))
    found = [Finding(ok=True, what=f"the widget may be embedded on {sites}")]
    if channel.page:
        split = urlsplit(channel.page)
        origin = f"{split.scheme}://{split.netloc}"
        found.append(
            Finding(
                ok=origin in channel.origins,
                what=f"links lead to {channel.page}",
                cure="" if origin in channel.origins else f"Add {origin} to origins, or no chat opens there",
            )
        )
    return tuple(found)
