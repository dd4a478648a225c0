"""What was said on X before: the same lists as in `poll`, page by page backwards, until a moment.

X keeps the 800 newest mentions, the 3,200 newest posts of ours, and 30 days of direct messages. The cursor is X's own
`next_token`, so that an import goes on where it broke off; every page costs as much as a look does.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import urlencode

from omnichannel.channel import Batch, Delivery
from omnichannel.channels.x.access import Access
from omnichannel.channels.x.answers import read
from omnichannel.channels.x.context import objects
from omnichannel.channels.x.link import ask
from omnichannel.channels.x.link.poll import DMS, MENTIONS
from omnichannel.errors import WireError
from omnichannel.model import Deferred
from omnichannel.toolbox import Json, excerpt, from_iso, load_json, obj, string

_END = "end"


class Past:
    """A list of X's, newest first, until a moment: one page a batch."""

    def __init__(
        self, access: Access, account: str, name: str, path: str, params: Mapping[str, str], since: datetime
    ) -> None:
        self._access = access
        self._account = account
        self.name = name
        self._path = path
        self._params = dict(params)
        self._since = since

    async def fetch(self, cursor: str) -> Batch:
        """The page after the cursor. Raises WireError on trouble, with how long X asks us to wait."""
        if cursor == _END:
            return Batch(cursor=cursor)
        params = self._params | ({"pagination_token": cursor} if cursor else {})
        url = f"{self._access.host}{self._path}?{urlencode(params)}"
        response = await ask(self._access, "GET", url)
        if response.status != 200:
            receipt = read(response)
            wait = f"; go on in {receipt.after:.0f} s" if isinstance(receipt, Deferred) else ""
            raise WireError(f"X does not show {self.name}: {receipt.detail or excerpt(response.body)}{wait}")
        page = load_json(response.body)
        token = string(obj(page, "meta"), "next_token")
        more = bool(token) and not self._reaches(page)
        delivery = Delivery(
            account=self._account, source="history", method="GET", url=url, body=response.body
        )
        return Batch(deliveries=(delivery,), cursor=token if more else _END, more=more)

    def _reaches(self, page: Json) -> bool:
        """Whether the page goes back to the moment."""
        times = [from_iso(string(entry, "created_at")) for entry in objects(page, "data")]
        return any(at is not None and at < self._since for at in times)

    async def wait(self, seconds: float) -> None:
        """The past brings no news."""

    async def close(self) -> None:
        """There is no connection to let go of."""


def past(access: Access, account: str, user_id: str, since: datetime) -> tuple[Past, ...]:
    """Mentions of us, our own posts, and direct messages."""
    start = {"start_time": since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}
    return (
        Past(access, account, "mentions", f"/2/users/{user_id}/mentions", MENTIONS | start, since),
        Past(access, account, "posts", f"/2/users/{user_id}/tweets", MENTIONS | start, since),
        Past(access, account, "dms", "/2/dm_events", DMS, since),
    )
