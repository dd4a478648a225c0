"""Looking at X for what no webhook brings: mentions deep in a thread, and everything while we were away.

A look costs money and counts against a limit (direct messages: 15 looks in 15 minutes), so that the source keeps
to its own pace however often it is asked. Pages are delivered as they came; `parse` reads them.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import urlencode

from omnichannel.channel import Batch, Delivery, Response
from omnichannel.channels.x.access import Access
from omnichannel.channels.x.answers import read
from omnichannel.channels.x.context import objects
from omnichannel.channels.x.link import ask
from omnichannel.errors import WireError
from omnichannel.model import Deferred, Refused
from omnichannel.toolbox import excerpt, load_json, obj, string

_PAGE = "100"
# X's lists are put together late: a post may appear after a younger one. So every look reaches back this far
# before the newest id it knows (10 minutes, in the milliseconds that a snowflake begins with).
_OVERLAP = 600_000 << 22
_MOST_KNOWN = 200

_PEOPLE = {"user.fields": "name,username", "media.fields": "preview_image_url,type,url,variants"}
MENTIONS = {
    "max_results": _PAGE,
    "tweet.fields": "attachments,author_id,conversation_id,created_at,edit_history_tweet_ids,entities,geo,"
    "in_reply_to_user_id,note_tweet,referenced_tweets",
    "expansions": "attachments.media_keys,author_id,referenced_tweets.id",
    **_PEOPLE,
}
DMS = {
    "max_results": _PAGE,
    "event_types": "MessageCreate",
    "dm_event.fields": "attachments,created_at,dm_conversation_id,entities,event_type,id,referenced_tweets,"
    "sender_id,text",
    "expansions": "attachments.media_keys,sender_id",
    **_PEOPLE,
}


@dataclass
class _Look:
    """One look that is under way: what it brought, and where it goes on."""

    cursor: str
    deliveries: list[Delivery] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    token: str = ""

    @cached_property
    def known(self) -> frozenset[str]:
        return frozenset(filter(str.isdigit, self.cursor.split(",")))

    @cached_property
    def horizon(self) -> int:
        """Nothing up to this id is new; -1 at the first look."""
        ids = sorted(map(int, self.known))
        # A full cursor has forgotten what lies before its oldest id.
        return max(ids[-1] - _OVERLAP, ids[0] if len(ids) >= _MOST_KNOWN else 0) if ids else -1

    def is_new(self, item_id: str) -> bool:
        return item_id not in self.known and int(item_id) > self.horizon

    def next_cursor(self) -> str:
        """The ids at the newest end, which tell the next look what it need not bring again."""
        ids = sorted(self.known | self.ids, key=int, reverse=True)
        return ",".join([item for item in ids if int(item) > int(ids[0]) - _OVERLAP][:_MOST_KNOWN])


class Poll:
    """A list of X's, newest first: its new pages since the last look, oldest page first.

    The first look of all takes one page (100 items) and leaves the older ones where they are.
    """

    def __init__(
        self, access: Access, account: str, name: str, path: str, params: Mapping[str, str], seconds: float
    ) -> None:
        self._access = access
        self._account = account
        self._name = name
        self._path = path
        self._params = dict(params)
        self._seconds = seconds
        self._not_before = 0.0
        self._look: _Look | None = None

    @property
    def name(self) -> str:
        """`mentions` or `dms`."""
        return self._name

    async def fetch(self, cursor: str) -> Batch:
        """Everything new since the cursor; nothing if it is too early to look. Raises WireError on trouble."""
        if time.monotonic() < self._not_before:
            return Batch(cursor=cursor)
        # What a look brought before a rate limit stopped it is kept, and the look goes on from there.
        look = self._look if self._look and self._look.cursor == cursor else _Look(cursor)
        self._look = look
        while await self._page(look):
            pass
        if time.monotonic() < self._not_before:
            return Batch(cursor=cursor)
        self._look = None
        self._not_before = time.monotonic() + self._seconds
        return Batch(deliveries=tuple(reversed(look.deliveries)), cursor=look.next_cursor())

    async def wait(self, seconds: float) -> None:
        """Return when it is time for the next look, after so many seconds at the latest."""
        await asyncio.sleep(min(seconds, max(self._not_before - time.monotonic(), 0.0)))

    async def close(self) -> None:
        """Forget a look that was under way; there is no connection to let go of."""
        self._look = None

    async def _page(self, look: _Look) -> bool:
        """Take one page; whether there is another one to take."""
        url, response = await self._get(look)
        receipt = None if response.status == 200 else read(response)
        if isinstance(receipt, Deferred) and response.status == 429:
            self._not_before = time.monotonic() + receipt.after
            return False
        if receipt is not None:
            reason = receipt.detail or excerpt(response.body)
            code = f" ({receipt.code})" if isinstance(receipt, Refused) else ""
            raise WireError(f"X does not show {self.name}{code}: {reason}")
        page = load_json(response.body)
        ids = [found for entry in objects(page, "data") if (found := string(entry, "id")).isdigit()]
        if any(map(look.is_new, ids)):
            look.deliveries.append(self._delivery(url, response))
        look.ids.update(ids)
        look.token = string(obj(page, "meta"), "next_token")
        return bool(look.token and ids and look.known and int(min(ids, key=int)) > look.horizon)

    async def _get(self, look: _Look) -> tuple[str, Response]:
        """Ask for a page; a field that X refuses is never asked for again."""
        extra = {"pagination_token": look.token} if look.token else {}
        if self.name == "mentions" and look.horizon > 0:
            extra["since_id"] = str(look.horizon)
        while True:
            url = f"{self._access.host}{self._path}?{urlencode(self._params | extra)}"
            response = await ask(self._access, "GET", url)
            accepted = without_refused(self._params, response)
            if response.status != 400 or accepted == self._params:
                return url, response
            self._params = accepted

    def _delivery(self, url: str, response: Response) -> Delivery:
        return Delivery(
            account=self._account,
            source="poll",
            method="GET",
            url=url,
            headers=response.headers,
            body=response.body,
        )


def without_refused(params: Mapping[str, str], response: Response) -> dict[str, str]:
    """The parameters without what a 400 names in brackets: `value [sender_id] is not one of […]`.

    OpenAPI 2.167 calls `tweet.fields` `post.fields`; the older name is asked for until X refuses it.
    """
    complaint = response.body.decode("utf-8", "replace")
    accepted = {}
    for name, value in params.items():
        kept = [item for item in value.split(",") if f"[{item}]" not in complaint]
        if f"[{name}]" not in complaint:
            accepted[name] = ",".join(kept)
        elif name == "tweet.fields":
            accepted["post.fields"] = value.replace("tweet", "post")
    return {name: value for name, value in accepted.items() if value}


def mentions(access: Access, account: str, user_id: str, seconds: float) -> Poll:
    """Who mentions or answers us in public (300 looks in 15 minutes, the 800 newest at most)."""
    return Poll(access, account, "mentions", f"/2/users/{user_id}/mentions", MENTIONS, seconds)


def dms(access: Access, account: str, seconds: float) -> Poll:
    """Direct messages that are not encrypted (15 looks in 15 minutes, 30 days at most)."""
    return Poll(access, account, "dms", "/2/dm_events", DMS, seconds)
