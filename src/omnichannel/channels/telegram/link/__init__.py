"""Asking the Bot API, beside sending. The token is part of every address: none may reach a log or an error."""

from __future__ import annotations

import logging
import re

import httpx

from omnichannel.channel import Response
from omnichannel.channels.telegram.settings import Bot
from omnichannel.errors import WireError
from omnichannel.http import Client
from omnichannel.toolbox import Json, answer, sealed, string

ALLOWED = (
    "message", "edited_message", "channel_post", "edited_channel_post", "business_connection", "business_message",
    "edited_business_message", "deleted_business_messages", "guest_message", "message_reaction", "callback_query",
    "my_chat_member", "chat_join_request",
)  # fmt: skip
"""The kinds of update to ask for; without being asked, Telegram leaves reactions out."""

_HAS_TOKEN = re.compile(r"/bot\d+:")


def _discreet(record: logging.LogRecord) -> bool:
    """Whether a line may be written: httpx writes whole addresses."""
    return _HAS_TOKEN.search(record.getMessage()) is None


logging.getLogger("httpx").addFilter(_discreet)


def client(seconds: float = 15.0) -> httpx.AsyncClient:
    """Connections to the Bot API; a redirect would carry the token elsewhere, so none is followed."""
    return Client(timeout=seconds, follow_redirects=False)


@sealed
async def post(wire: httpx.AsyncClient, bot: Bot, method: str, fields: dict[str, Json]) -> Response:
    """One call, one attempt. Raises WireError, which names host and method and nothing else."""
    try:
        found = await wire.post(bot.address(bot.method(method)), json=fields)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise WireError(f"{bot.host} did not answer {method}: {type(error).__name__}") from None
    return Response(status=found.status_code, headers=tuple(found.headers.multi_items()), body=found.content)


async def ask(wire: httpx.AsyncClient, bot: Bot, method: str, **fields: Json) -> dict[str, Json]:
    """What the Bot API answers: `ok` with a `result`, or why not. Raises WireError for no answer of its own."""
    response = await post(wire, bot, method, fields)
    found = answer(response)
    if not isinstance(found.get("ok"), bool):
        raise WireError(
            f"{bot.host} answered {method} with HTTP {response.status} and nothing of the Bot API's"
        )
    return found


def refusal(found: dict[str, Json]) -> str:
    """Why the Bot API refused, in a line."""
    return f"{string(found, 'error_code')} {string(found, 'description')}".strip()
