"""What became of a post or a direct message in doubt: our own timeline, or the conversation, says if it is there.

Both are put together late, so that what they lack may still come. Costs as much as a look does.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from omnichannel.channel import Call, Delivery
from omnichannel.channels.x.answers import read
from omnichannel.channels.x.link import ask
from omnichannel.channels.x.link.poll import DMS, MENTIONS
from omnichannel.errors import Busy, WireError
from omnichannel.model import Deferred, Doubt, Event, Received, Sent
from omnichannel.toolbox import found_among, obj, string

if TYPE_CHECKING:
    from omnichannel.channels.x import X
    from omnichannel.channels.x.access import Access

_NEWEST = "5"  # messages of a conversation: each costs, and a doubt is minutes old
_POSTS = "/2/tweets"
_MESSAGES, _EVENTS = "/messages", "/dm_events"


async def found(channel: X, access: Access, user_id: str, call: Call, doubt: Doubt) -> Sent | None:
    """The oldest of our posts, or messages in that conversation, that can only be this call; None if there is none.

    Raises Busy or WireError where X does not show them.
    """
    path = urlsplit(call.url).path
    if path == _POSTS:
        start = doubt.since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        url = _url(access, f"/2/users/{user_id}/tweets", MENTIONS | {"start_time": start})
        events = await _look(channel, access, url)
        answered = string(obj(json.loads(call.body), "reply"), "in_reply_to_tweet_id")
        return found_among((one for one in events if _answers(one, answered)), call, doubt)
    if path.endswith(_MESSAGES):
        url = _url(access, path.removesuffix(_MESSAGES) + _EVENTS, DMS | {"max_results": _NEWEST})
        return found_among(await _look(channel, access, url), call, doubt)
    return None


def _answers(event: Event, post: str) -> bool:
    return isinstance(event, Received) and event.reply_to == post


def _url(access: Access, path: str, params: Mapping[str, str]) -> str:
    return f"{access.host}{path}?{urlencode(params)}"


async def _look(channel: X, access: Access, url: str) -> tuple[Event, ...]:
    response = await ask(access, "GET", url)
    if response.status != 200:
        told = read(response)
        if isinstance(told, Deferred):
            raise Busy(told.after)
        raise WireError(f"X does not show what we said: HTTP {response.status}")
    return channel.parse(Delivery(source="history", method="GET", url=url, body=response.body))
