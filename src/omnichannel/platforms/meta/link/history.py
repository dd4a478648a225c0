"""What was said before: lists of the Graph API, gone through one answer at a time, resumed where it stopped.

The cursor is what is still to be looked at, so that a crash costs one request. A list that is gone meanwhile is
left out; any other trouble raises, and the runner comes back later (Meta allows two looks a second).
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import httpx

from omnichannel.channel import Batch, Channel, Delivery, Response
from omnichannel.errors import Busy, FetchError
from omnichannel.http import Client
from omnichannel.model import Deferred
from omnichannel.platforms.meta import answers
from omnichannel.platforms.meta.answers import code_of
from omnichannel.platforms.meta.link import fetch, refusal
from omnichannel.toolbox import Json, answer, from_iso, is_object, items, obj, string

Body = dict[str, Json]

_GONE = (100, 33)


@dataclass(frozen=True, slots=True)
class Look:
    """One kind of list. `said` are the messages that an item of it holds, in order; `below` further lists.

    `edge` is the list's name under its node. `ends` says that nothing after this item is new enough.
    """

    edge: str
    parameters: Mapping[str, str]
    said: Callable[[Body], Iterable[Body]] = lambda _: ()
    below: Callable[[Body], Iterable[tuple[str, str]]] = lambda _: ()
    ends: Callable[[Body], bool] = lambda _: False
    newest_first: bool = False


@dataclass(frozen=True, slots=True)
class Todo:
    """A list to be looked at: the name of its `Look`, its node, and after which place."""

    look: str
    node: str
    after: str = ""


@dataclass(slots=True)
class History:
    """A `Source` that ends. `url` is the Graph API with its version, `home` whose past it is.

    `label` tells an account's several pasts apart.
    """

    channel: Channel
    url: str
    object: str
    home: str
    since: datetime
    looks: Mapping[str, Look]
    start: Iterable[Todo]
    label: str = ""
    _client: httpx.AsyncClient | None = field(default=None, init=False)

    @property
    def name(self) -> str:
        """Another moment is another import, which starts anew."""
        return f"{self.label or 'history'} since {self.since:%Y-%m-%dT%H:%M:%SZ}"

    async def fetch(self, cursor: str) -> Batch:
        """One answer's worth. Raises Busy, FetchError or httpx.HTTPError if it cannot be had now."""
        todo = [Todo(*one) for one in json.loads(cursor)] if cursor else list(self.start)
        if not todo:
            return Batch(cursor="[]")
        first, *rest = todo
        look = self.looks[first.look]
        found = await self._ask(first, look)
        data = [one for one in items(found, "data") if is_object(one)]
        below = [Todo(*pair) for one in data for pair in look.below(one)]
        left = [*below, *self._further(first, look, found, data), *rest]
        cursor = json.dumps([(one.look, one.node, one.after) for one in left])
        return Batch(deliveries=self._deliveries(first, look, data), cursor=cursor, more=bool(left))

    async def wait(self, seconds: float) -> None:
        """Nothing new comes into the past."""
        await asyncio.sleep(seconds)

    async def close(self) -> None:
        """Let go of the connection."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    async def _ask(self, todo: Todo, look: Look) -> Body:
        if self._client is None:
            self._client = Client(timeout=30.0)
        parameters = dict(look.parameters) | ({"after": todo.after} if todo.after else {})
        response = await fetch(self.channel, self._client, f"{self.url}/{todo.node}/{look.edge}", parameters)
        found = answer(response)
        error = obj(found, "error")
        if isinstance(told := answers.receipt(response), Deferred) and response.status != 200:
            raise Busy(told.after, told.detail)
        if code_of(error) == _GONE and todo not in self.start:
            return {}
        if error or response.status != 200:
            raise FetchError(_trouble(response, error, look.edge))
        return found

    def _further(self, todo: Todo, look: Look, found: Body, data: list[Body]) -> list[Todo]:
        """The rest of this list, if there is more and it may be new enough."""
        paging = obj(found, "paging")
        after = string(obj(paging, "cursors"), "after")
        if not after or "next" not in paging or any(look.ends(one) for one in data):
            return []
        return [Todo(todo.look, todo.node, after)]

    def _deliveries(self, todo: Todo, look: Look, data: list[Body]) -> tuple[Delivery, ...]:
        ordered = reversed(data) if look.newest_first else data
        said: list[Json] = [one for each in ordered for one in look.said(each) if not self.older(one)]
        if not said:
            return ()
        body = {"object": self.object, "home": self.home, "of": todo.node, "data": said}
        raw = json.dumps(body, ensure_ascii=False).encode()
        url = f"{self.url}/{todo.node}/{look.edge}"
        return (Delivery(account=self.channel.name, source="history", method="GET", url=url, body=raw),)

    def older(self, said: Body, *keys: str) -> bool:
        """Whether it is from before the moment that is asked for; what has no time is new enough."""
        written = next((text for key in keys or _TIMES if (text := string(said, key))), "")
        moment = from_iso(written)
        return moment is not None and moment < self.since


_TIMES = ("created_time", "timestamp")


def _trouble(response: Response, error: Body, edge: str) -> str:
    detail, cure = refusal(error, f"HTTP {response.status}")
    return f"the list {edge} cannot be had: {detail}. {cure}"


def conversations(
    channel: Channel, url: str, object_: str, home: str, node: str, since: datetime, who: str = ""
) -> History:
    """The messages of every conversation since a moment: of each, Meta tells no more than the last twenty.

    `node` is where the conversations are asked for: the Page, or the account itself; `who` the one person whose
    conversation it is to be.
    """
    platform = "instagram" if object_ == "instagram" else "messenger"
    fields = "id,created_time,from,to,message,attachments,sticker,shares,story,reply_to"
    history = History(channel, url, object_, home, since, {}, (Todo("conversations", node),))
    history.looks = {
        "conversations": Look(
            "conversations",
            {
                "platform": platform,
                "fields": f"id,updated_time,messages.limit(20){{{fields}}}",
                "limit": "10",
                **({"user_id": who} if who else {}),
            },
            said=lambda one: reversed(
                [each for each in items(obj(one, "messages"), "data") if is_object(each)]
            ),
            ends=lambda one: history.older(one, "updated_time"),
        )
    }
    return history
