"""The HTTP side of the emulated Graph API: what it answers to sends, profiles and questions about the Page."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

if TYPE_CHECKING:
    from omnichannel.emulators.graph import Fault, Page, Person

_RETIRED_TAGS = ("ACCOUNT_UPDATE", "CONFIRMED_EVENT_UPDATE", "POST_PURCHASE_UPDATE")
_KINDS = ("image", "audio", "video", "file")
_MOST_BYTES = 25 * 1024 * 1024


class GraphError(Exception):
    """An answer that is an error, as Meta writes it."""

    def __init__(self, code: int, message: str, *, subcode: int = 0, status: int = 400) -> None:
        super().__init__(message)
        self.code, self.subcode, self.status = code, subcode, status

    def response(self, *, transient: bool = False, headers: dict[str, str] | None = None) -> Response:
        """The envelope of every error of the Graph API."""
        error: dict[str, object] = {
            "message": f"(#{self.code}) {self}",
            "type": "OAuthException",
            "code": self.code,
            "fbtrace_id": "AbCdEf123456",
        }
        if self.subcode:
            error["error_subcode"] = self.subcode
        if transient:
            error["is_transient"] = True
        return JSONResponse({"error": error}, self.status, headers)


def routes(page: Page) -> list[Route]:
    """Everything the Page answers to."""
    api = _Api(page)
    return [
        Route("/{version}/{page}/messages", api.messages, methods=["POST"]),
        Route("/{version}/{page}/subscribed_apps", api.subscribed_apps, methods=["GET", "POST"]),
        Route("/{version}/{page}/conversations", api.conversations, methods=["GET"]),
        Route("/{version}/{node}", api.node, methods=["GET"]),
    ]


class _Api:
    def __init__(self, page: Page) -> None:
        self.page = page

    async def messages(self, request: Request) -> Response:
        """The Send API."""
        fault = self.page.faults.pop(0) if self.page.faults else None
        if fault is not None and not fault.taken:
            return _answer_of(fault)
        try:
            self._authorise(request)
            answer = await self._send(*await _fields(request))
        except GraphError as error:
            return error.response()
        return _answer_of(fault) if fault is not None else JSONResponse(answer)

    async def _send(self, fields: dict[str, object], content: bytes | None) -> dict[str, str]:
        person = self._recipient(_inner(fields, "recipient"))
        self._allow(fields, person)
        message = _inner(fields, "message")
        attachment = _inner(message, "attachment")
        text = str(message.get("text") or "")
        _check_message(message, attachment, text, content)
        replies = message.get("quick_replies")
        mid = await self.page.say(
            person,
            text,
            attachment=str(attachment.get("type") or ""),
            content=content or b"",
            quick_replies=tuple(str(reply["title"]) for reply in replies)
            if isinstance(replies, list)
            else (),
            reply_to=str(_inner(fields, "reply_to").get("mid") or ""),
            metadata=str(message.get("metadata") or ""),
        )
        return {"recipient_id": person.psid, "message_id": mid}

    def _authorise(self, request: Request) -> None:
        if request.headers.get("authorization") != f"Bearer {self.page.page_token}":
            raise GraphError(190, "Invalid OAuth access token - Cannot parse access token")
        if request.path_params.get("page", self.page.page_id) not in ("me", self.page.page_id):
            raise GraphError(100, "Unsupported request - no such Page", subcode=33)

    def _recipient(self, recipient: dict[str, object]) -> Person:
        person = self.page.people.get(str(recipient.get("id")))
        if person is None:
            raise GraphError(100, "No matching user found", subcode=2018001)
        if person.blocked:
            raise GraphError(551, "This person isn't available right now.", subcode=1545041)
        return person

    def _allow(self, fields: dict[str, object], person: Person) -> None:
        kind, tag = fields.get("messaging_type"), str(fields.get("tag") or "")
        silence = self.page.silence(person)
        if tag in _RETIRED_TAGS:
            raise GraphError(100, f"The tag {tag} is no longer supported")
        if kind == "MESSAGE_TAG" and tag != "HUMAN_AGENT":
            raise GraphError(100, "Invalid message tag")
        if kind == "MESSAGE_TAG" and tag not in self.page.approved:
            raise GraphError(10, "The app has no permission to use HUMAN_AGENT", subcode=2018276)
        if kind not in ("RESPONSE", "UPDATE", "MESSAGE_TAG"):
            raise GraphError(100, "Param messaging_type must be one of RESPONSE, UPDATE, MESSAGE_TAG")
        if silence > timedelta(days=7) or (silence > timedelta(hours=24) and kind != "MESSAGE_TAG"):
            raise GraphError(10, "This message is sent outside of allowed window.", subcode=2018278)

    async def subscribed_apps(self, request: Request) -> Response:
        """Which of the Page's fields the app hears of."""
        try:
            self._authorise(request)
        except GraphError as error:
            return error.response()
        if request.method == "POST":
            self.page.subscribed = request.query_params.get("subscribed_fields", "").split(",")
            return JSONResponse({"success": True})
        app = {"id": str(self.page.app_id), "name": "app", "subscribed_fields": self.page.subscribed}
        return JSONResponse({"data": [app] if self.page.subscribed else []})

    async def conversations(self, request: Request) -> Response:
        """The conversation with one person: its participants, with their names and made-up e-mails."""
        try:
            self._authorise(request)
        except GraphError as error:
            return error.response()
        person = self.page.people.get(request.query_params.get("user_id", ""))
        if person is None or not person.thread:
            return JSONResponse({"data": []})
        everybody = [(person.name, person.psid), (self.page.name, self.page.page_id)]
        found = [{"name": name, "email": f"{one}@facebook.com", "id": one} for name, one in everybody]
        return JSONResponse({"data": [{"participants": {"data": found}, "id": f"t_{person.psid}"}]})

    async def node(self, request: Request) -> Response:
        """The Page itself, or somebody's profile: one field that is not approved refuses all."""
        try:
            self._authorise(request)
            return JSONResponse(self._node(request))
        except GraphError as error:
            return error.response()

    def _node(self, request: Request) -> dict[str, str]:
        node = request.path_params["node"]
        if node in ("me", self.page.page_id):
            return {"id": self.page.page_id, "name": self.page.name}
        person = self.page.people.get(node)
        if person is None:
            raise GraphError(100, "Unsupported get request. Object does not exist", subcode=33)
        first, _, last = person.name.partition(" ")
        known = {
            "name": person.name,
            "first_name": first,
            "last_name": last,
            "profile_pic": "https://cdn.example/p",
        }
        asked = request.query_params.get("fields", "name").split(",")
        if any(field not in self.page.approved for field in asked):
            raise GraphError(100, "Insufficient permission to access user profile", subcode=2018247)
        return {field: known[field] for field in asked if known.get(field)} | {"id": person.psid}


def _answer_of(fault: Fault) -> Response:
    """What a fault looks like from outside; without a code, a page that some proxy made."""
    headers = dict(fault.headers)
    if not fault.code:
        return Response("<html>Sorry, something went wrong.</html>", fault.status, headers, "text/html")
    error = GraphError(fault.code, "scripted", subcode=fault.subcode, status=fault.status)
    return error.response(transient=fault.transient, headers=headers)


def _check_message(
    message: dict[str, object], attachment: dict[str, object], text: str, content: bytes | None
) -> None:
    replies = message.get("quick_replies")
    if bool(text.strip()) == bool(attachment):
        raise GraphError(100, "Param message needs either text or attachment")
    if len(text) > 2000:
        raise GraphError(100, "Length of param message[text] must be less than or equal to 2000")
    if isinstance(replies, list) and (
        len(replies) > 13 or any(len(reply["title"]) > 20 for reply in replies)
    ):
        raise GraphError(100, "At most 13 quick replies with titles of 20 characters")
    if attachment:
        if attachment.get("type") not in _KINDS:
            raise GraphError(100, "Param message[attachment][type] must be one of image, audio, video, file")
        if content is None and not str(_inner(attachment, "payload").get("url", "")).startswith("http"):
            raise GraphError(100, "Upload attachment failure.", subcode=2018047)
        if content is not None and len(content) > _MOST_BYTES:
            raise GraphError(100, "Upload attachment failure: too large", subcode=2018074)


def _inner(value: dict[str, object], key: str) -> dict[str, object]:
    inner = value.get(key)
    return inner if isinstance(inner, dict) else {}


async def _fields(request: Request) -> tuple[dict[str, object], bytes | None]:
    """The parameters, from JSON or from a form whose values are JSON; and the uploaded bytes."""
    body, kind = await request.body(), request.headers.get("content-type", "")
    if kind.startswith("multipart/form-data"):
        return _form(body, kind.partition("boundary=")[2].strip('"').encode())
    try:
        value = json.loads(body)
    except ValueError:
        raise GraphError(100, "The body is not JSON") from None
    return (value if isinstance(value, dict) else {}), None


def _form(body: bytes, boundary: bytes) -> tuple[dict[str, object], bytes | None]:
    fields: dict[str, object] = {}
    content = None
    for piece in (b"\r\n" + body).split(b"\r\n--" + boundary)[1:-1]:
        head, _, value = piece.partition(b"\r\n\r\n")
        name = head.decode().partition('name="')[2].partition('"')[0]
        if b"filename=" in head:
            content = value
        else:
            text = value.decode()
            fields[name] = json.loads(text) if text.startswith("{") else text
    return fields, content
