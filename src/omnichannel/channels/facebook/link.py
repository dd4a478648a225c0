"""Asking the Graph API, beside sending: whether a Page is well connected, and what was said on it before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx

from omnichannel.channel import Call, Channel, Finding, Source
from omnichannel.http import Client
from omnichannel.model import Doubt, Sent
from omnichannel.platforms.meta.link import fetch, refusal, unreachable
from omnichannel.platforms.meta.link.finding import among
from omnichannel.platforms.meta.link.history import Body, History, Look, Todo
from omnichannel.toolbox import answer, obj, string

if TYPE_CHECKING:
    from omnichannel.channels.facebook import Facebook

_SAID = "id,from,message,created_time"
_COMMENTS = "/comments"


async def reading(channel: Channel, edge: str, page_id: str) -> Sequence[Finding]:
    """Whether comments may be read with the token."""
    fields = {"fields": "id,comments.limit(1){id,from}", "limit": "1"}
    async with Client(timeout=15.0) as client:
        try:
            found = answer(await fetch(channel, client, f"{edge}/{page_id}/feed", fields))
        except httpx.HTTPError as error:
            return (unreachable(edge, error),)
    if refused := obj(found, "error"):
        detail, _ = refusal(refused, "")
        return (
            Finding(
                ok=False,
                what=f"comments cannot be read: {detail}",
                cure="Give the token pages_read_engagement, pages_read_user_content and pages_manage_engagement",
            ),
        )
    return (Finding(ok=True, what="comments can be read"),)


def history(channel: Channel, edge: str, page_id: str, since: datetime) -> Source:
    """Visitors' posts since a moment, and the comments since then on all posts, old ones included.

    A post's `updated_time` moves with its comments, so that quiet posts cost nothing.
    """
    found = History(channel, edge, "page", page_id, since, {}, (Todo("posts", page_id),))

    def below(post: Body) -> Iterator[tuple[str, str]]:
        if not found.older(post, "updated_time", "created_time"):
            yield "comments", string(post, "id")

    found.looks = {
        "posts": Look(
            "feed",
            {"fields": f"{_SAID},updated_time,attachments{{type,media,url}}", "limit": "100"},
            said=lambda post: () if string(obj(post, "from"), "id") in ("", page_id) else (post,),
            below=below,
            newest_first=True,
        ),
        "comments": Look(
            "comments",
            {
                "fields": f"{_SAID},parent{{id}},attachment{{type,media,url}}",
                "filter": "stream",
                "order": "chronological",
                "limit": "100",
            },
            said=lambda comment: (comment,),
        ),
    }
    return found


async def found(channel: Facebook, call: Call, doubt: Doubt) -> Sent | None:
    """What became of a comment. May raise what `meta.link.finding` raises."""
    if not call.url.endswith(_COMMENTS):
        return None
    node = urlsplit(call.url).path.removesuffix(_COMMENTS).rpartition("/")[2]
    look = Look(
        "comments",
        {"fields": _SAID, "order": "reverse_chronological", "limit": "50"},
        said=lambda comment: (comment,),
    )
    start = (Todo("comments", node),)
    below = History(channel, channel.edge, "page", channel.page_id, doubt.since, {"comments": look}, start)
    return await among(channel, below, call, doubt)
