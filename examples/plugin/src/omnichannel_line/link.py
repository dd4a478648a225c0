"""Everything of this channel that dials: replies before pushes, files, names, and `doctor`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import quote

import httpx
from omnichannel.channel import Call, Finding, Response, Sender
from omnichannel.fetching import fetch
from omnichannel.http import Client, HttpSender
from omnichannel.model import Address, Attachment, Party
from omnichannel.toolbox import Json, answer, number, sealed, string, unreachable

from omnichannel_line.answers import reply_token_refused
from omnichannel_line.item import address as address_of
from omnichannel_line.render import REPLY_TOKEN

if TYPE_CHECKING:
    from omnichannel_line import Line


class ReplyFirst:
    """Sends by the reply token, which LINE does not count, and pushes where LINE surely refused the token."""

    def __init__(self, channel: Line) -> None:
        self._host = channel.host
        self._http: Sender = HttpSender(channel)

    async def send(self, call: Call) -> Response:
        """One message arrives, or none: the second request only follows a refusal of the first."""
        token = dict(call.headers).get(REPLY_TOKEN, "")
        push = call.model_copy(
            update={"headers": tuple(header for header in call.headers if header[0] != REPLY_TOKEN)}
        )
        if not token:
            return await self._http.send(push)
        answered = await self._http.send(_reply(self._host, token, push))
        return await self._http.send(push) if reply_token_refused(answered) else answered

    async def close(self) -> None:
        """Let go of connections; never raises."""
        await self._http.close()


def _reply(host: str, token: str, push: Call) -> Call:
    body = {"replyToken": token, "messages": json.loads(push.body)["messages"]}
    return push.model_copy(
        update={
            "url": f"{host}/v2/bot/message/reply",
            "headers": (("content-type", "application/json"),),
            "body": json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogatepass"),
        }
    )


async def file(channel: Line, attachment: Attachment) -> bytes:
    """The bytes of a file: from LINE by the message's id, from elsewhere without credentials. Raises FetchError."""
    if not attachment.external_id:
        return await fetch(attachment.url)
    url = f"{channel.data_host}/v2/bot/message/{quote(attachment.external_id, safe='')}/content"
    return await fetch(url, headers=channel.credentials(Call(url=url)), trusted=(channel.data_host,))


async def name(channel: Line, who: Address) -> Party | None:
    """What a user, or a group, is called; None where LINE does not say (not a friend, not a member)."""
    value = quote(who.value, safe="")
    path, key = (
        (f"group/{value}/summary", "groupName")
        if who.value.startswith("C")
        else (f"profile/{value}", "displayName")
    )
    async with Client(timeout=15.0) as client:
        found = await _ask(channel, client, path)
    called = string(answer(found), key) if found.status == 200 else ""
    return Party(address=address_of(channel.bot_id, who.value), name=called) if called else None


async def findings(channel: Line) -> Sequence[Finding]:
    """Whether the token is accepted and this account's, the webhook is in use, and messages are left this month."""
    async with Client(timeout=15.0) as client:
        try:
            info = await _ask(channel, client, "info")
            found = _account(info, channel.bot_id)
            if not found.ok:
                return (found,)
            hook = await _ask(channel, client, "channel/webhook/endpoint")
            quota, used = [
                await _ask(channel, client, f"message/{path}") for path in ("quota", "quota/consumption")
            ]
        except httpx.HTTPError as error:
            cure = "Look whether that host can be reached from here"
            return (unreachable(channel.host, error, cure),)
    return (found, _webhook(answer(hook)), _quota(answer(quota), answer(used)))


def _account(response: Response, bot: str) -> Finding:
    body = answer(response)
    if response.status != 200:
        cure = "Issue a channel access token in the LINE Developers Console: Messaging API > Channel access token"
        return Finding(ok=False, what=f"access_token is not accepted: HTTP {response.status}", cure=cure)
    if string(body, "userId") != bot:
        what = (
            f"access_token is for {string(body, 'displayName')!r} ({string(body, 'userId')}), bot_id is {bot}"
        )
        return Finding(ok=False, what=what, cure="Use that account's own token, or set bot_id to its user id")
    return Finding(ok=True, what=f"access_token is accepted, the account is {string(body, 'displayName')!r}")


def _webhook(body: dict[str, Json]) -> Finding:
    if body.get("active") is True:
        return Finding(ok=True, what=f"webhooks go to {string(body, 'endpoint')}")
    cure = "Enter its address in the LINE Developers Console: Messaging API > Webhook URL, and switch Use webhook on"
    return Finding(ok=False, what="the webhook is not in use", cure=cure)


def _quota(body: dict[str, Json], used: dict[str, Json]) -> Finding:
    if string(body, "type") != "limited":
        return Finding(ok=True, what="messages are not limited")
    most, gone = int(number(body, "value") or 0), int(number(used, "totalUsage") or 0)
    cure = "Choose a larger plan in the LINE Official Account Manager, or set replies = true: replies are not counted"
    return Finding(ok=gone < most, what=f"{gone} of {most} messages of this month are used", cure=cure)


@sealed
async def _ask(channel: Line, client: httpx.AsyncClient, path: str) -> Response:
    url = f"{channel.host}/v2/bot/{path}"
    found = await client.get(url, headers=dict(channel.credentials(Call(method="GET", url=url))))
    return Response(status=found.status_code, body=found.content)
