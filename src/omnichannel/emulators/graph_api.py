"""The HTTP side of the emulated Graph API: what it answers to sends, profiles and questions about the Page."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

if TYPE_CHECKING:
    from omnichannel.emulators.graph import Fault, Page, Person

_RETIRED_TAGS = ("ACCOUNT_UPDATE", "CONFIRMED_EVENT_UPDATE", "POST_PURCHASE_UPDATE")
_KINDS = ("image", "audio", "video", "file")
_MOST_BYTES = 25 * 1024 * 1024
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


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


def too_fast(*, subcode: int = 0) -> GraphError:
    """Meta's answer to whoever sends more than it takes (error code 613, "Rate limits")."""
    return GraphError(613, "Calls to this api have exceeded the rate limit.", subcode=subcode)


def routes(page: Page) -> list[Route]:
    """Everything the Page answers to."""
    api = _Api(page)
    return [
        Route("/files/{name}", api.file),
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
            return answer_of(fault)
        try:
            self._authorise(request)
            if not self.page.pace.takes():
                raise too_fast()
            answer = await self._send(*await fields_of(request))
        except GraphError as error:
            return error.response()
        return answer_of(fault) if fault is not None else JSONResponse(answer)

    async def _send(self, fields: dict[str, object], content: bytes | None) -> dict[str, str]:
        person = self._recipient(inner(fields, "recipient"))
        if "sender_action" in fields:
            self.page.signs.append((person.psid, str(fields["sender_action"])))
            return {"recipient_id": person.psid}
        self._allow(fields, person)
        message = inner(fields, "message")
        attachment = inner(message, "attachment")
        text = str(message.get("text") or "")
        _check_message(message, attachment, text, content)
        replies = replies_of(message)
        mid = await self.page.say(
            person,
            text,
            attachment=str(attachment.get("type") or ""),
            content=content or b"",
            quick_replies=tuple(title for title, _ in replies),
            payloads=tuple(payload for _, payload in replies),
            url=str(inner(attachment, "payload").get("url") or ""),
            reply_to=str(inner(fields, "reply_to").get("mid") or ""),
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

    async def file(self, request: Request) -> Response:
        """A file in a message: its address is all that is needed."""
        media_type, content = self.page.files.get(request.path_params["name"], ("", b""))
        return Response(content, media_type=media_type) if media_type else Response("Not Found", 404)

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
        """The conversation with one person: its participants with their names and made-up e-mails, its messages."""
        try:
            self._authorise(request)
        except GraphError as error:
            return error.response()
        if "user_id" not in request.query_params:
            newest = sorted(
                self.page.people.values(), key=lambda one: one.heard_at or _LONG_AGO, reverse=True
            )
            return JSONResponse(page_of([self._conversation(one) for one in newest if one.thread], request))
        person = self.page.people.get(request.query_params["user_id"])
        if person is None or not person.thread:
            return JSONResponse({"data": []})
        everybody = [(person.name, person.psid), (self.page.name, self.page.page_id)]
        found = [{"name": name, "email": f"{one}@facebook.com", "id": one} for name, one in everybody]
        asked_for = request.query_params.get("fields", "")
        said = self._conversation(person) if "messages" in asked_for else {"id": f"t_{person.psid}"}
        return JSONResponse({"data": [{"participants": {"data": found}, **said}]})

    def _conversation(self, person: Person) -> dict[str, object]:
        """A conversation with its newest twenty messages, newest first: of older ones Meta tells nothing."""
        them = {"name": person.name, "email": f"{person.psid}@facebook.com", "id": person.psid}
        us = {"name": self.page.name, "email": f"{self.page.page_id}@facebook.com", "id": self.page.page_id}
        messages = [
            {
                "id": said.mid,
                "created_time": graph_time(said.at),
                "from": us if said.by == "page" else them,
                "to": {"data": [them if said.by == "page" else us]},
                "message": said.text,
            }
            for said in reversed(person.thread[-20:])
        ]
        updated = graph_time(person.thread[-1].at)
        return {"id": f"t_{person.psid}", "updated_time": updated, "messages": {"data": messages}}

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


def answer_of(fault: Fault) -> Response:
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
        if content is None and not str(inner(attachment, "payload").get("url", "")).startswith("http"):
            raise GraphError(100, "Upload attachment failure.", subcode=2018047)
        if content is not None and len(content) > _MOST_BYTES:
            raise GraphError(100, "Upload attachment failure: too large", subcode=2018074)


def inner(value: dict[str, object], key: str) -> dict[str, object]:
    """The object under a key, or an empty one."""
    found = value.get(key)
    return found if isinstance(found, dict) else {}


def replies_of(message: dict[str, object]) -> list[tuple[str, str]]:
    """The title and the payload of every quick reply."""
    listed = message.get("quick_replies")
    replies = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    return [(str(one.get("title")), str(one.get("payload") or "")) for one in replies]


async def fields_of(request: Request) -> tuple[dict[str, object], bytes | None]:
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
            fields[name] = _value(text)
    return fields, content


def _value(text: str) -> object:
    """A form's value: objects are written as JSON, words as they are, whatever they begin with."""
    try:
        return json.loads(text) if text.startswith("{") else text
    except ValueError:
        return text


def page_of(data: list[dict[str, object]], request: Request) -> dict[str, object]:
    """The part of a list that is asked for (`limit`, `after`), in the envelope of every list of the Graph API."""
    limit, after = int(request.query_params.get("limit", 25)), request.query_params.get("after", "")
    start = int(after) if after else 0
    end = start + limit
    paging: dict[str, object] = {"cursors": {"before": str(start), "after": str(min(end, len(data)))}}
    if end < len(data):
        paging["next"] = f"{request.url.replace_query_params(after=end)}"
    return {"data": data[start:end], "paging": paging if data else {}}


def graph_time(moment: datetime) -> str:
    """A moment as the Graph API writes it: ISO 8601 with +0000."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S+0000")
