"""The HTTP side of the emulated Cloud API: what it answers to sends, uploads, downloads and questions."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from omnichannel.emulators.whatsapp_rules import CloudError, check_file, check_message, check_window, words_of

if TYPE_CHECKING:
    from omnichannel.emulators.whatsapp import Cloud, Fault, Person

Content = dict[str, object]
_Answer = Callable[[Request], Awaitable[Content]]


def app(cloud: Cloud) -> Starlette:
    """Everything that the Cloud API answers to."""
    api = _Api(cloud)
    return Starlette(
        routes=[
            Route("/file/{media}", api.file, methods=["GET"]),
            Route("/{version}/{number}/messages", api.answering(api.messages), methods=["POST"]),
            Route("/{version}/{number}/media", api.answering(api.upload), methods=["POST"]),
            Route("/{version}/{account}/{edge}", api.answering(api.of_account), methods=["GET"]),
            Route("/{version}/{node}", api.answering(api.node), methods=["GET"]),
        ]
    )


class _Api:
    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud

    def answering(self, answer: _Answer) -> Callable[[Request], Awaitable[Response]]:
        """The endpoint around an answer: faults, the token, and errors as Meta writes them."""

        async def endpoint(request: Request) -> Response:
            fault = self.cloud.faults.pop(0) if self.cloud.faults and request.method == "POST" else None
            if fault is not None and not fault.taken:
                return _answer_of(fault)
            try:
                self._authorise(request)
                await request.body()  # before the lock: whoever sends it may be waiting for the lock
                with self.cloud.lock:
                    found = await answer(request)
            except CloudError as error:
                return error.response()
            return _answer_of(fault) if fault is not None else JSONResponse(found)

        return endpoint

    def _authorise(self, request: Request) -> None:
        if request.headers.get("authorization") != f"Bearer {self.cloud.token}":
            raise CloudError(190, "Invalid OAuth access token - Cannot parse access token", status=401)
        if request.path_params.get("number", self.cloud.number_id) != self.cloud.number_id:
            raise CloudError(100, "Unsupported post request. Object does not exist")

    async def messages(self, request: Request) -> Content:
        """Send a message, or say that one was read."""
        fields = await _fields(request)
        if fields.get("messaging_product") != "whatsapp":
            raise CloudError(100, "The parameter messaging_product is required.")
        if fields.get("status") == "read":
            return self._seen(fields)
        people, group = self._recipients(fields)
        check_window(self.cloud, people, fields)
        check_message(self.cloud, fields)
        said = words_of(self.cloud, fields)
        said.wamid = self.cloud.wamid()
        for person in people:
            person.typing = False
            person.sent_at.append(self.cloud.clock())
            person.thread.append(said)
        self.cloud.status(people[0], said, "sent", **group)
        contact = {"input": str(fields.get("to") or fields.get("recipient"))}
        if not group:
            by_id = "recipient" in fields and "to" not in fields
            contact |= {"user_id": people[0].user_id} if by_id else {"wa_id": people[0].wa_id}
        return {"messaging_product": "whatsapp", "contacts": [contact], "messages": [{"id": said.wamid}]}

    def _seen(self, fields: Content) -> Content:
        """Two blue ticks below what they said, and that we type."""
        for person in self.cloud.people:
            if any(said.wamid == fields.get("message_id") for said in person.thread):
                person.seen.append(str(fields["message_id"]))
                person.typing = "typing_indicator" in fields
                return {"success": True}
        raise CloudError(
            131009, "Parameter value is not valid", "message_id is not of a message to this number"
        )

    def _recipients(self, fields: Content) -> tuple[list[Person], Content]:
        """Who gets it, and what a status says of a group. A number wins over a user id, which in `to` is nobody's."""
        to, user_id = str(fields.get("to") or ""), str(fields.get("recipient") or "")
        if fields.get("recipient_type") == "group" and to in self.cloud.groups:
            people = [self.cloud.person(who) for who in self.cloud.groups[to]]
            return people, {"recipient_id": to, "recipient_type": "group"}
        for person in self.cloud.people:
            number = to.removeprefix("+") == person.wa_id
            if (number or (not to and user_id == person.user_id)) and not person.absent:
                return [person], {}
        raise CloudError(131026, "Message undeliverable", "Receiver is incapable of receiving this message")

    async def upload(self, request: Request) -> Content:
        """Take a file; its id."""
        fields, content = _form(await request.body(), request.headers.get("content-type", ""))
        check_file(fields, content)
        return {"id": self.cloud.keep(fields["type"], content)}

    async def node(self, request: Request) -> Content:
        """The number, or where the bytes of a file are."""
        node = request.path_params["node"]
        if node == self.cloud.number_id:
            return {
                "id": node,
                "display_phone_number": f"+{self.cloud.number}",
                "verified_name": "Shop",
                "quality_rating": self.cloud.quality,
                "name_status": self.cloud.name_status,
                "code_verification_status": "VERIFIED",
            }
        if node not in self.cloud.media:
            raise CloudError(100, "Unsupported get request. Object with that id does not exist")
        media_type, content = self.cloud.media[node]
        url = f"{self.cloud.url}/file/{node}"
        return {
            "messaging_product": "whatsapp",
            "url": url,
            "mime_type": media_type,
            "file_size": len(content),
            "id": node,
        }

    async def file(self, request: Request) -> Response:
        """The bytes, for whoever shows the token."""
        found = self.cloud.media.get(request.path_params["media"])
        if request.headers.get("authorization") != f"Bearer {self.cloud.token}" or found is None:
            return Response(status_code=404)
        return Response(found[1], media_type=found[0])

    async def of_account(self, request: Request) -> Content:
        """What the account has: numbers, apps, templates."""
        if request.path_params["account"] != self.cloud.waba_id:
            raise CloudError(100, "Unsupported get request. Object does not exist")
        edge = request.path_params["edge"]
        if edge == "phone_numbers":
            return {"data": [{"id": number} for number in self.cloud.numbers]}
        if edge == "subscribed_apps":
            listed = [{"whatsapp_business_api_data": {"id": "67084829", "name": "app"}}]
            return {"data": listed if self.cloud.subscribed else []}
        templates = self.cloud.templates if edge == "message_templates" else []
        return {
            "data": [{"name": one.name, "status": one.status, "language": one.language} for one in templates]
        }


async def _fields(request: Request) -> Content:
    try:
        value = json.loads(await request.body())
    except ValueError:
        raise CloudError(100, "The body is not JSON") from None
    return value if isinstance(value, dict) else {}


def _answer_of(fault: Fault) -> Response:
    """What a fault looks like from outside; without a code, a page that some proxy made."""
    headers = dict(fault.headers)
    if not fault.code:
        return Response("<html>Sorry, something went wrong.</html>", fault.status, headers, "text/html")
    return CloudError(fault.code, "scripted", fault.details, status=fault.status).response(headers)


def _form(body: bytes, kind: str) -> tuple[dict[str, str], bytes]:
    """The fields and the file of a multipart form."""
    boundary = kind.partition("boundary=")[2].strip('"').encode()
    fields: dict[str, str] = {}
    content = b""
    for piece in (b"\r\n" + body).split(b"\r\n--" + boundary)[1:-1] if boundary else ():
        head, _, value = piece.partition(b"\r\n\r\n")
        name = head.decode().partition('name="')[2].partition('"')[0]
        if b"filename=" in head:
            content = value
        else:
            fields[name] = value.decode()
    return fields, content
