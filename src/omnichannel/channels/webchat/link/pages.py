"""What each address does, for a visitor who may ask."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from typing import TYPE_CHECKING, Literal

from omnichannel.channel import Host
from omnichannel.channels.webchat import files, passes, show
from omnichannel.channels.webchat.buckets import Buckets, origin_of
from omnichannel.channels.webchat.link.asgi import Answer, Pairs, Refusal, Request, Send, answer
from omnichannel.channels.webchat.link.reading import MOST, Reader
from omnichannel.channels.webchat.link.stream import Stream
from omnichannel.channels.webchat.wire import SUBJECT, Pass, Written, address, said
from omnichannel.errors import Forged, NotFound, Unsupported
from omnichannel.model import Address, Attachment, Message, Option
from omnichannel.toolbox import Json, string

if TYPE_CHECKING:
    from omnichannel.channels.webchat import WebChat

SMALL = 16 * 1024
"""Bytes of a request without files: 4000 characters of any script, and what goes with them, fit."""

_STREAMS = 8
"""Streams of one visitor at a time: so many tabs. A browser holds six connections to a host (HTTP/1.1)."""

_STREAMS_OF_ONE_PLACE = 256
"""Streams from one network address at a time: passes are free, and every stream looks again at whatever happens."""

_INLINE = re.compile(r"image/(?:png|jpeg|gif|webp)")
_FILE = re.compile(r"/files/([0-9A-Za-z-]{1,64})/(\d{1,3})")


class Pages:
    """The addresses, and the limits of each visitor."""

    def __init__(self, channel: WebChat, host: Host) -> None:
        self._channel = channel
        self._host = host
        self._arrivals = Buckets(size=30, rate=0.5)
        self._words = Buckets(size=15, rate=1)
        self._signs = Buckets(size=40, rate=4)
        self._streams: Counter[str] = Counter()

    async def session(self, request: Request) -> Answer:
        """A pass: the one that was shown, made anew; or a new one; with a login, as that user.

        What another user's pass saw is never inherited, and an anonymous visitor is never a user's.
        """
        body = await request.json(SMALL)
        shown, now = self._shown(request), self._host.now()
        user, ends = None, 0
        if token := string(body, "jwt"):
            user, ends = self._channel.login(token, now)
        same = shown is not None and (shown.user is None or (user is not None and user.id == shown.user.id))
        if shown is None or not same:
            self._limit(self._arrivals, self._place(request))
        visitor = shown.visitor if shown and same else passes.visitor_id(self._host.random(passes.ID_BYTES))
        found = Pass(visitor=visitor, user=user, expires=ends)
        return answer(
            {
                "token": self._channel.token_of(found),
                "visitor": found.visitor,
                "user": user.id if user else "",
                "expires": ends,
                "files": list(self._channel.takes),
                "max_bytes": self._channel.max_bytes,
            }
        )

    def _shown(self, request: Request) -> Pass | None:
        """The pass that a browser brings back; one that we cannot read is none, and begins anew."""
        try:
            return self._channel.pass_of(request.bearer) if request.bearer else None
        except Forged:
            return None

    async def written(self, request: Request) -> Answer:
        """Take a message. Sent again with the same id it is the same message."""
        most = SMALL + (self._channel.max_bytes * 4 // 3 + SMALL if self._channel.takes else 0)
        holder = self._holder(request, self._words)
        body = await request.json(most)
        value = self._value("message", holder, body, "text", "choice", "files", "token", "page")
        found = said(value)
        assert isinstance(found, Written)
        files.check(found.files, self._channel.takes, self._channel.max_bytes)
        if found.choice:
            await self._offered(holder, found.choice)
        return await self._take(value)

    async def _offered(self, holder: Pass, chosen: Option) -> None:
        """Refuse a choice that nobody gave: programs act on what is chosen."""
        talk = [
            message for one in self._addresses(holder) for message in await self._host.talk(one, "", MOST)
        ]
        if not any(show.offers(message, chosen) for message in talk):
            raise Unsupported(f"{chosen.title[:40]!r} was not among what this visitor could choose")

    async def seen(self, request: Request) -> Answer:
        """Take that messages of ours reached the browser, or were looked at; others' are left out."""
        holder = self._holder(request, self._signs)
        body = await request.json(SMALL)
        value = self._value("status", holder, body, "status", "messages")
        said(value)
        named = set(_texts(body.get("messages")))
        known = {
            message.id for one in self._addresses(holder) for message in await self._host.talk(one, "", MOST)
        }
        if not named & known:
            return answer({})
        value["messages"] = [*sorted(named & known)]
        return await self._take(value)

    async def came(self, request: Request) -> Answer:
        """Take that somebody came by a link of ours."""
        holder = self._holder(request, self._words)
        value = self._value("continue", holder, await request.json(SMALL), "token")
        said(value)
        return await self._take(value)

    async def typing(self, request: Request) -> Answer:
        """Note that the visitor types; it is forgotten in a few seconds."""
        holder = self._holder(request, self._signs)
        self._channel.presence.visitor(holder.who, self._host.now())
        return Answer(204)

    async def history(self, request: Request) -> Answer:
        """What was said, after a cursor: for who cannot hold a stream open."""
        holder = self._holder(request, self._signs)
        reader = Reader(self._host, self._addresses(holder), request.query("after"))
        messages: list[Json] = [*await reader.news()]
        return answer({"messages": messages, "cursor": reader.cursor})

    async def events(self, request: Request, send: Send, headers: Pairs) -> None:
        """The stream of everything said from the cursor in `Last-Event-ID` on."""
        try:
            holder = self._holder(request, self._signs)
        except Forged:
            raise Refusal(401, "not_proven") from None
        # Neither can be the other: what a visitor is called begins with a letter, and has no slash.
        names = (holder.who, f"/{self._place(request)}")
        if self._streams[names[0]] >= _STREAMS or self._streams[names[1]] >= _STREAMS_OF_ONE_PLACE:
            raise Refusal(429, "too_many", ("retry-after", "30"))
        self._streams.update(names)
        try:
            reader = Reader(self._host, self._addresses(holder), request.header("last-event-id"))
            who = tuple(one.value for one in self._addresses(holder))
            stream = Stream(self._host, reader, send, holder.expires)
            await stream.run(request, headers, self._channel.presence, who)
        finally:
            self._streams.subtract(names)
            self._streams += Counter()  # forgets who has none

    async def file(self, request: Request) -> Answer:
        """A file of ours, to be kept and not run: only pictures have a type that a browser shows."""
        holder = self._holder(request, self._signs)
        named = _FILE.fullmatch(request.path)
        if named is None:
            raise NotFound("no such file")
        part = await self._part(holder, named[1], int(named[2]))
        media_type = part.media_type if _INLINE.fullmatch(part.media_type) else "application/octet-stream"
        headers = (
            ("content-type", media_type),
            ("content-disposition", "attachment"),
            ("content-security-policy", "sandbox; default-src 'none'"),
            ("cache-control", "private, max-age=86400"),
        )
        return Answer(200, part.content or b"", headers)

    async def _part(self, holder: Pass, message: str, index: int) -> Attachment:
        for one in self._addresses(holder):
            talk = await self._host.talk(one, "", MOST)
            found = [each for each in talk if each.id == message and show.shown(each)]
            if found and index < len(found[0].parts):
                return _outgoing(found[0], index)
        raise NotFound("no such file in this talk")

    # What they share.

    def _holder(self, request: Request, buckets: Buckets) -> Pass:
        """Who asks, within their limits. Raises Forged, Refusal."""
        found = passes.valid(self._channel.pass_of(request.bearer), self._host.now())
        self._limit(buckets, found.visitor)
        return found

    def _place(self, request: Request) -> str:
        """The network address that a request comes from."""
        return origin_of(request.peer, request.headers("x-forwarded-for"), self._channel.proxies)

    def _limit(self, buckets: Buckets, name: str) -> None:
        if wait := buckets.take(name, self._host.now()):
            raise Refusal(429, "too_many", ("retry-after", str(math.ceil(wait))))

    def _addresses(self, holder: Pass) -> tuple[Address, ...]:
        """Whose talks this browser sees: the user's, and what it said before it knew who it was."""
        values = (holder.visitor,) if holder.user is None else (holder.visitor, SUBJECT + holder.user.id)
        return tuple(address(self._channel.name, value) for value in values)

    def _value(
        self, kind: Literal["message", "status", "continue"], holder: Pass, body: dict[str, Json], *keys: str
    ) -> dict[str, Json]:
        """A delivery: what the browser said, and who it is, which it cannot say itself."""
        own: dict[str, Json] = {key: body[key] for key in ("id", *keys) if key in body}
        own |= {"type": kind, "visitor": holder.visitor, "at": self._host.now().isoformat()}
        if holder.user:
            own["user"] = holder.user.model_dump(mode="json", exclude_defaults=True)
        return own

    async def _take(self, value: dict[str, Json]) -> Answer:
        await self._host.receive(self._channel.delivery(json.dumps(value, ensure_ascii=False).encode()))
        return answer({"id": value["id"]}, 202)


def _texts(value: Json) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _outgoing(message: Message, index: int) -> Attachment:
    part = message.parts[index]
    if not isinstance(part, Attachment) or part.content is None:
        raise NotFound("this part is no file of ours")
    return part
