"""Fetching updates instead of being called: `getUpdates`, whose offset confirms everything before it.

So the offset is the cursor: it is asked for only after what came before it was committed. If Telegram starts its
numbers anew (after a week of silence), an offset far beyond its queue is answered from the queue's beginning (the
Bot API server's `do_get_updates`): nothing has to be remembered for that.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress

import httpx

from omnichannel.channel import Batch, Delivery, Response
from omnichannel.channels.telegram.link import ALLOWED, ask, client, post, refusal
from omnichannel.channels.telegram.settings import Bot
from omnichannel.errors import ConfigError, WireError
from omnichannel.toolbox import Json, answer, is_object, items, number, obj, string
from omnichannel.toolbox.wire import MOST_BYTES

_PAGE = 100
_LONGEST_POLL = 50.0
"""Seconds that Telegram is asked to wait for news; it accepts more, proxies on the way do not."""
_PATIENCE = 20.0


class Updates:
    """What Telegram holds for the bot, page by page, exactly as it came."""

    def __init__(self, bot: Bot, account: str) -> None:
        self._bot = bot
        self._account = account
        self._wire: httpx.AsyncClient | None = None
        self._next = ""
        self._held: tuple[str, Response] | None = None

    @property
    def name(self) -> str:
        """The one source of a bot."""
        return "updates"

    async def fetch(self, cursor: str) -> Batch:
        """The updates from the cursor on, oldest first, 100 at most; those before it are confirmed.

        Raises ConfigError for what has to be mended, WireError for what may pass.
        """
        held, self._held = self._held, None
        response = held[1] if held and held[0] == cursor else await self._get(cursor, 0)
        listed = [update for update in items(answer(response), "result") if is_object(update)]
        ids = [number for update in listed if (number := _id(update)) is not None]
        self._next = str(ids[-1] + 1) if ids else cursor
        await self._let_go_of_buttons(listed)
        return Batch(
            deliveries=(self._delivery(response),) if listed else (), cursor=self._next, more=bool(ids)
        )

    async def wait(self, seconds: float) -> None:
        """Let Telegram wait for news; what came is kept for the next `fetch`."""
        cursor, patience = self._next, max(1, int(min(seconds, _LONGEST_POLL)))
        self._held = (cursor, await self._get(cursor, patience))

    async def close(self) -> None:
        """Let go of the connection, and of what was not fetched: Telegram still has it."""
        wire, self._wire, self._held = self._wire, None, None
        if wire is not None:
            with suppress(httpx.HTTPError, OSError, RuntimeError):
                await wire.aclose()

    async def _get(self, cursor: str, seconds: int) -> Response:
        """One page; a smaller one where a whole one is more than is ever read at once."""
        if self._wire is None:
            self._wire = client(_LONGEST_POLL + _PATIENCE)
        fields: dict[str, Json] = {"timeout": seconds, "limit": _PAGE, "allowed_updates": list(ALLOWED)}
        if cursor:
            fields["offset"] = int(cursor)
        response = await post(self._wire, self._bot, "getUpdates", fields)
        if len(response.body) > MOST_BYTES:
            response = await post(self._wire, self._bot, "getUpdates", {**fields, "limit": 1})
        found = answer(response)
        if found.get("ok") is not True:
            raise _trouble(response, found)
        return response

    async def _let_go_of_buttons(self, updates: list[dict[str, Json]]) -> None:
        """A tapped button waits to be answered, as a webhook does at once; whether that works matters to nobody."""
        queries = [found for update in updates if (found := string(obj(update, "callback_query"), "id"))]
        if queries and self._wire is not None:
            asked = (
                ask(self._wire, self._bot, "answerCallbackQuery", callback_query_id=query)
                for query in queries
            )
            await asyncio.gather(*asked, return_exceptions=True)

    def _delivery(self, response: Response) -> Delivery:
        return Delivery(
            account=self._account,
            source="poll",
            method="GET",
            url=self._bot.method("getUpdates"),
            headers=(("content-type", "application/json"),),
            body=response.body,
        )


def _id(update: Json) -> int | None:
    found = number(update, "update_id")
    return int(found) if found is not None else None


def _trouble(response: Response, found: dict[str, Json]) -> Exception:
    """Why there are no updates, and what to do about it."""
    words, code = refusal(found), int(number(found, "error_code") or response.status)
    if code == 409 and "webhook" in words:
        cure = "Delete the webhook (deleteWebhook) to poll, or leave poll out and set secret to be called"
        return ConfigError("poll", "a webhook is set for this bot, and Telegram does not do both", cure)
    if code == 409:
        return WireError(f"somebody else polls this bot ({words}); one program at a time can")
    if code in (401, 404):
        return ConfigError("token", f"Telegram does not accept it ({words})", "Copy it from @BotFather again")
    return WireError(f"Telegram shows no updates: {words or f'HTTP {response.status}'}")
