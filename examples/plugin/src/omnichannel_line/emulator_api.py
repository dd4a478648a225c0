"""The HTTP side of the emulated LINE: what it answers to pushes, replies, questions and downloads."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

if TYPE_CHECKING:
    from omnichannel_line.emulator import OfficialAccount

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_TYPES = ("text", "sticker", "image", "location", "flex")

Content = dict[str, object]
Answer = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True)
class Fault:
    """What becomes of one send: a status with LINE's words; `taken` if people see the message all the same."""

    status: int
    message: str = "scripted"
    taken: bool = False


class Refusal(Exception):  # noqa: N818 - an answer, not an error of ours
    """An answer that is no success, as LINE writes it."""

    def __init__(self, status: int, message: str, where: str = "", why: str = "") -> None:
        super().__init__(message)
        self.response = _error(status, message, where, why)


def _error(status: int, message: str, where: str = "", why: str = "") -> Response:
    details = {"details": [{"message": why, "property": where}]} if where else {}
    return JSONResponse({"message": message, **details}, status, {"x-line-request-id": "1d4b4b4b"})


class Api:
    """Everything that the account answers to."""

    def __init__(self, account: OfficialAccount) -> None:
        self.account = account

    def routes(self) -> list[Route]:
        """The paths of the Messaging API that a channel uses."""
        posts = {"message/push": self.push, "message/reply": self.reply, "chat/loading/start": self.loading}
        gets = {
            "info": self.info,
            "profile/{user}": self.profile,
            "group/{group}/summary": self.summary,
            "channel/webhook/endpoint": self.endpoint,
            "message/quota": self.quota,
            "message/quota/consumption": self.consumption,
            "message/{message}/content": self.content,
        }
        return [
            *(
                Route(f"/v2/bot/{path}", self._guarded(answer), methods=["POST"])
                for path, answer in posts.items()
            ),
            *(
                Route(f"/v2/bot/{path}", self._guarded(answer), methods=["GET"])
                for path, answer in gets.items()
            ),
        ]

    def _guarded(self, answer: Answer) -> Answer:
        async def guarded(request: Request) -> Response:
            if request.headers.get("authorization") != f"Bearer {self.account.access_token}":
                return _error(
                    401,
                    "Authentication failed. Confirm that the access token in the authorization header is valid.",
                )
            try:
                return await answer(request)
            except Refusal as refusal:
                return refusal.response

        return guarded

    async def push(self, request: Request) -> Response:
        """A push: counted, and taken once for each retry key."""
        key, body = request.headers.get("x-line-retry-key", ""), _json(await request.body())
        if key and not _UUID.fullmatch(key):
            raise Refusal(400, "The value for the 'X-Line-Retry-Key' header is invalid")
        if key in self.account.taken:
            sent = {"message": "The retry key is already accepted", "sentMessages": self.account.taken[key]}
            return JSONResponse(
                sent, 409, {"x-line-accepted-request-id": "123e4567-e89b-12d3-a456-426655440001"}
            )
        fault = self._fault()
        to, messages = str(body.get("to", "")), _checked(body)
        if to not in self.account.chats:
            raise Refusal(400, "The property, 'to', in the request body is invalid (line: -, column: -)")
        if self.account.quota is not None and self.account.used >= self.account.quota:
            raise Refusal(429, "You have reached your monthly limit.")
        self.account.used += 1
        sent_messages = self.account.taken[key] = self.account.show(to, messages)
        return fault or JSONResponse({"sentMessages": sent_messages})

    async def reply(self, request: Request) -> Response:
        """A reply: not counted, by a token that is good once and for a minute; it knows no retry keys."""
        body = _json(await request.body())
        if "x-line-retry-key" in request.headers:
            raise Refusal(400, "X-Line-Retry-Key cannot be used with this endpoint")
        fault = self._fault()
        messages = _checked(body)
        to, given_at = self.account.reply_tokens.pop(str(body.get("replyToken")), ("", 0.0))
        if not to or self.account.clock() - given_at > timedelta(seconds=60):
            raise Refusal(400, "Invalid reply token")
        sent = {"sentMessages": self.account.show(to, messages)}
        return fault or JSONResponse(sent)

    def _fault(self) -> Response | None:
        """The next fault's answer: at once, or after the message was taken."""
        fault = self.account.faults.pop(0) if self.account.faults else None
        if fault is None:
            return None
        if not fault.taken:
            raise Refusal(fault.status, fault.message)
        return _error(fault.status, fault.message)

    async def loading(self, request: Request) -> Response:
        """The animation before an answer."""
        body = _json(await request.body())
        if body.get("loadingSeconds") not in range(5, 61, 5):
            raise Refusal(400, "The request body has 1 error(s)", "loadingSeconds", "must be a multiple of 5")
        self.account.chats[str(body["chatId"])].waiting = True
        return JSONResponse({}, 202)

    async def info(self, request: Request) -> Response:  # noqa: ARG002 - every answer takes one
        """Whose token this is."""
        return JSONResponse(
            {
                "userId": self.account.bot_id,
                "basicId": "@shop",
                "displayName": "Shop",
                "chatMode": "bot",
                "markAsReadMode": "auto",
            }
        )

    async def profile(self, request: Request) -> Response:
        """A friend's name."""
        return self._named(request.path_params["user"], "userId", "displayName")

    async def summary(self, request: Request) -> Response:
        """A group's name."""
        return self._named(request.path_params["group"], "groupId", "groupName")

    def _named(self, value: str, key: str, name: str) -> Response:
        chat = self.account.chats.get(value)
        if chat is None or value in self.account.blocked:
            raise Refusal(404, "Not found")
        return JSONResponse({key: chat.id, name: chat.name})

    async def endpoint(self, request: Request) -> Response:  # noqa: ARG002
        """Where webhooks go."""
        return JSONResponse(
            {"endpoint": self.account.hook or "https://unset.example", "active": bool(self.account.hook)}
        )

    async def quota(self, request: Request) -> Response:  # noqa: ARG002
        """How many messages a month has."""
        limited = self.account.quota is not None
        return JSONResponse({"type": "limited", "value": self.account.quota} if limited else {"type": "none"})

    async def consumption(self, request: Request) -> Response:  # noqa: ARG002
        """How many of them are gone."""
        return JSONResponse({"totalUsage": self.account.used})

    async def content(self, request: Request) -> Response:
        """The bytes of what somebody sent."""
        found = self.account.files.get(request.path_params["message"])
        if found is None:
            raise Refusal(404, "Not found")
        return Response(found, media_type="application/octet-stream")


def _json(body: bytes) -> Content:
    try:
        found = json.loads(body)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise Refusal(400, "The request body could not be parsed as JSON (line: 1, column: 1)")
    return found


def _checked(body: Content) -> list[Content]:
    messages = body.get("messages")
    if not isinstance(messages, list) or not 1 <= len(messages) <= 5:
        raise Refusal(400, "The request body has 1 error(s)", "messages", "Size must be between 1 and 5")
    for number, message in enumerate(messages):
        for where, why in _wrong(message):
            raise Refusal(400, "The request body has 1 error(s)", f"messages[{number}].{where}", why)
    return messages


def _wrong(message: Content) -> Iterator[tuple[str, str]]:
    """What LINE would not take of a message object."""
    if message.get("type") not in _TYPES:
        yield "type", "Must be one of the following values: [text, sticker, image, location, flex]"
    text = message.get("text", "x")
    if not isinstance(text, str) or not text.strip():
        yield "text", "May not be empty"
    elif len(text.encode("utf-16-le", "surrogatepass")) // 2 > 5000:
        yield "text", "Length must be between 0 and 5000"
    for key in ("originalContentUrl", "previewImageUrl"):
        if message.get("type") == "image" and not str(message.get(key, "")).startswith("https://"):
            yield key, "Must be a valid https URL"
    quick = message.get("quickReply")
    items = quick.get("items") if isinstance(quick, dict) else []
    if not isinstance(items, list) or len(items) > 13:
        yield "quickReply.items", "Size must be between 0 and 13"
    elif any(not 1 <= len(item["action"]["label"]) <= 20 for item in items):
        yield "quickReply.items[0].action.label", "Length must be between 1 and 20"
