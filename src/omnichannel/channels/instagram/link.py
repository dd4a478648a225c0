"""Asking the Graph API, beside sending: names, whether an account is well connected, what was said before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx

from omnichannel.channel import Call, Finding, Source
from omnichannel.channels.instagram.mentions import Mention
from omnichannel.errors import FetchError
from omnichannel.http import Client
from omnichannel.model import Address, Doubt, Party, Sent
from omnichannel.platforms.meta.link import fetch, page, refusal, unreachable
from omnichannel.platforms.meta.link.finding import among, in_conversation
from omnichannel.platforms.meta.link.history import Body, History, Look, Todo, conversations
from omnichannel.toolbox import answer, excerpt, is_object, items, number, obj, string

if TYPE_CHECKING:
    from omnichannel.channels.instagram import Instagram

FIELDS = (
    "messages", "messaging_postbacks", "messaging_seen", "message_reactions", "message_edit",
    "messaging_referral", "comments", "live_comments",
)  # fmt: skip
"""What the app subscribes to on the account (Instagram Login) for everything that `parse` reads."""

_REPLIES = "/replies"

PAGE_FIELDS = ("messages",)
"""With Facebook Login the app hears through the Page; the fields themselves are chosen in the dashboard."""


async def look_up(channel: Instagram, address: Address) -> Party | None:
    """The name that somebody has; None for who never wrote to us (code 230) or is gone."""
    async with Client(timeout=15.0) as client:
        url = f"{channel.edge}/{address.value}"
        found = answer(await fetch(channel, client, url, {"fields": "name,username"}))
    name = string(found, "name") or string(found, "username")
    return Party(address=address, name=name) if name else None


async def words(channel: Instagram, mention: Mention) -> bytes:
    """What somebody wrote where they mentioned us. Raises FetchError if Meta does not tell it."""
    async with Client(timeout=15.0) as client:
        url = f"{channel.edge}/{channel.account_id}"
        try:
            response = await fetch(channel, client, url, {"fields": mention.question})
        except httpx.HTTPError as error:
            raise FetchError(f"the Graph API at {channel.edge} did not answer: {error!r}") from None
    found = answer(response)
    node, key = mention.answer
    if response.status == 200 and (written := string(obj(found, node), key)):
        return written.encode("utf-8", "surrogatepass")
    detail, _ = refusal(obj(found, "error"), excerpt(response.body, 100))
    raise FetchError(f"Meta does not tell what {mention} says: {detail}")


async def findings(channel: Instagram) -> Sequence[Finding]:
    """Whether the token is accepted, is this account's, and the webhook brings what it should."""
    edge = channel.edge
    async with Client(timeout=15.0) as client:
        try:
            found = await _token(channel, client)
            if not found.ok:
                return (found,)
            heard = await page.subscriptions(channel, client, edge, channel.node, _fields(channel))
            return (found, heard, await _reading(channel, client))
        except httpx.HTTPError as error:
            return (unreachable(edge, error),)


async def delivers(channel: Instagram) -> Sequence[Finding]:
    """Whether the webhook brings what it should."""
    return await page.delivers(channel, channel.edge, channel.node, _fields(channel))


def _fields(channel: Instagram) -> tuple[str, ...]:
    return PAGE_FIELDS if channel.page_id else FIELDS


async def _token(channel: Instagram, client: httpx.AsyncClient) -> Finding:
    if channel.page_id:
        found = await page.token(channel, client, channel.edge, channel.page_id, "token")
        if not found.ok:
            return found
        asked = {"fields": "instagram_business_account{id,username}"}
        response = await fetch(channel, client, f"{channel.edge}/{channel.page_id}", asked)
        account = obj(answer(response), "instagram_business_account")
        account_id = string(account, "id")
    else:
        response = await fetch(channel, client, f"{channel.edge}/me", {"fields": "user_id,username"})
        account = answer(response)
        account_id = string(account, "user_id")
    error = obj(answer(response), "error")
    if error or response.status != 200:
        detail, cure = refusal(error, excerpt(response.body, 100))
        return Finding(ok=False, what=f"token is not accepted: {detail}", cure=cure)
    if account_id != channel.account_id:
        return Finding(
            ok=False,
            what=f"token is for account {account_id or '(none)'}, account_id is {channel.account_id}",
            cure="Take the professional account's own token and id (GET /me?fields=user_id,username)",
        )
    return Finding(ok=True, what=f"token is accepted, the account is {string(account, 'username')!r}")


async def _reading(channel: Instagram, client: httpx.AsyncClient) -> Finding:
    asked = {"platform": "instagram", "fields": "id", "limit": "1"}
    found = answer(await fetch(channel, client, f"{channel.edge}/{channel.node}/conversations", asked))
    if error := obj(found, "error"):
        detail, _ = refusal(error, "")
        return Finding(
            ok=False,
            what=f"messages cannot be read: {detail}",
            cure="Give the token the permission to manage messages, and switch on Allow access to messages in "
            "the account's settings",
        )
    return Finding(ok=True, what="messages can be read")


async def found(channel: Instagram, call: Call, doubt: Doubt) -> Sent | None:
    """What became of a message, or of a reply to a comment. May raise what `meta.link.finding` raises."""
    comment = urlsplit(call.url).path.removesuffix(_REPLIES)
    if call.url.endswith(_REPLIES):
        return await among(channel, _replies(channel, comment.rpartition("/")[2], doubt.since), call, doubt)
    if doubt.to.scope != channel.account_id or not doubt.to.value.isdigit():
        return None
    return await in_conversation(channel, "instagram", channel.account_id, channel.node, call, doubt)


def _replies(channel: Instagram, comment: str, since: datetime) -> History:
    """What was replied to one comment, as `_comments` tells it."""
    look = Look(
        "replies",
        {"fields": "id,text,timestamp,from,username", "limit": "50"},
        said=lambda reply: ({"parent_id": comment, **reply},),
    )
    start = (Todo("replies", comment),)
    return History(channel, channel.edge, "instagram", channel.account_id, since, {"replies": look}, start)


def histories(channel: Instagram, since: datetime) -> Sequence[Source]:
    """Two pasts: of the conversations, and of the comments on everything that the account posted."""
    talk = conversations(channel, channel.edge, "instagram", channel.account_id, channel.node, since)
    return (talk, _comments(channel, since))


def _comments(channel: Instagram, since: datetime) -> Source:
    """Comments since a moment, on old posts as well: a post does not say when it was last commented on."""
    found = History(
        channel,
        channel.edge,
        "instagram",
        channel.account_id,
        since,
        {},
        (Todo("posts", channel.account_id),),
    )
    found.label = "comments"
    fields = "id,text,timestamp,from,username,parent_id"

    def below(post: Body) -> Iterator[tuple[str, str]]:
        if number(post, "comments_count"):
            yield "comments", string(post, "id")

    found.looks = {
        "posts": Look("media", {"fields": "id,comments_count", "limit": "100"}, below=below),
        "comments": Look(
            "comments",
            {"fields": f"{fields},replies{{{fields}}}", "limit": "50"},
            said=_with_replies,
            newest_first=True,
        ),
    }
    return found


def _with_replies(comment: Body) -> Iterator[Body]:
    """A comment and the replies to it, each by itself: an old comment may have new replies."""
    yield {key: value for key, value in comment.items() if key != "replies"}
    replies = [one for one in items(obj(comment, "replies"), "data") if is_object(one)]
    for reply in sorted(replies, key=lambda one: string(one, "timestamp")):
        yield {"parent_id": string(comment, "id"), **reply}
