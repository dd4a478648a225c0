"""Pingen's API on the wire: tokens, uploads, letters, and the bodies of its webhooks (JSON:API).

Shapes: Pingen's API 2.0 as recorded in July 2026, in the cassette of an Odoo add-on, and in PingenApiNet's tests.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from omnichannel.toolbox import load_form

if TYPE_CHECKING:
    from omnichannel.emulators.letter import Fault, Post, Print

_TYPE = "application/vnd.api+json"


def service(post: Post) -> Starlette:
    """Everything that Pingen answers to, its identity server and its file store too."""
    api = _Api(post)
    letters = "/organisations/{organisation}/deliveries/letters"
    return Starlette(
        routes=[
            Route("/auth/access-tokens", api.tokens, methods=["POST"]),
            Route("/file-upload", api.place, methods=["GET"]),
            Route("/store/{place}", api.store, methods=["PUT"]),
            Route("/organisations/{organisation}", api.organisation, methods=["GET"]),
            Route(letters, api.create, methods=["POST"]),
            Route(letters + "/{letter}", api.letter, methods=["GET"]),
            Route(letters + "/{letter}/send", api.send, methods=["PATCH"]),
        ]
    )


class _Api:
    def __init__(self, post: Post) -> None:
        self.post = post

    def _before(self, request: Request) -> Response | None:
        """What is answered before a request is looked at: a fault, or that nobody proved to be us."""
        fault = self._fault(request)
        return _faulty(fault) if fault is not None else self._refusal(request)

    def _fault(self, request: Request) -> Fault | None:
        fault = next((each for each in self.post.faults if request.url.path.endswith(each.path)), None)
        if fault is not None:
            self.post.faults.remove(fault)
        return fault

    def _refusal(self, request: Request) -> Response | None:
        """Why a request is not even looked at: no proof of who asks, or another's organisation."""
        if request.headers.get("authorization") != f"Bearer {self.post.token}":
            return _error(401, "Unauthorized", "The access token is missing, wrong or expired")
        if request.path_params.get("organisation", self.post.organisation) != self.post.organisation:
            return _error(403, "Forbidden", "This organisation is not yours")
        return None

    async def tokens(self, request: Request) -> Response:
        """OAuth 2, client credentials."""
        form = load_form(await request.body())
        if fault := self._fault(request):
            return _faulty(fault)
        known = (self.post.client, self.post.secret)
        if (
            form.get("grant_type") != "client_credentials"
            or (form.get("client_id"), form.get("client_secret")) != known
        ):
            return JSONResponse({"error": "invalid_client", "message": "Client authentication failed"}, 401)
        return JSONResponse({"token_type": "Bearer", "expires_in": 43200, "access_token": self.post.token})

    async def place(self, request: Request) -> Response:
        """A place in the file store, for a while."""
        if before := self._before(request):
            return before
        number = f"{len(self.post.places) + 1}"
        self.post.places[number] = b""
        attributes = {"url": f"{self.post.url}/store/{number}", "url_signature": f"signed-{number}"}
        return _data("file_uploads", number, attributes)

    async def store(self, request: Request) -> Response:
        """The file store of another company: it takes a file by its address alone, and no credentials."""
        number = request.path_params["place"]
        body = await request.body()
        if fault := self._fault(request):
            return _faulty(fault)
        if number not in self.post.places or "authorization" in request.headers:
            return Response("<Error><Code>AccessDenied</Code></Error>", 403, media_type="application/xml")
        self.post.places[number] = body
        return Response(status_code=200)

    async def create(self, request: Request) -> Response:
        """Make a letter of a file."""
        return await self._once(request, self._create)

    def _create(self, _: Request, given: dict[str, object]) -> Response:
        url, signature = str(given.get("file_url")), str(given.get("file_url_signature"))
        number = url.rpartition("/")[2]
        if signature != f"signed-{number}" or not self.post.places.get(number, b"").startswith(b"%PDF-"):
            return _error(422, "Unprocessable Entity", "The file_url is not one that a PDF was put to")
        printing = {key: given.get(key) for key in ("delivery_product", "print_mode", "print_spectrum")}
        printing["address_position"] = given.get("address_position")
        letter = self.post.make(str(given.get("file_original_name")), self.post.places[number], printing)
        if given.get("auto_send") and letter.status == "valid":
            self.post.post(letter)
        return _data("letters", letter.id, told(self.post, letter)["attributes"], 201)

    async def letter(self, request: Request) -> Response:
        """How a letter stands."""
        if before := self._before(request):
            return before
        found = self.post.prints.get(request.path_params["letter"])
        if found is None:
            return _error(404, "Not Found", "There is no such letter")
        self.post.look(found)
        return _data("letters", found.id, told(self.post, found)["attributes"])

    async def send(self, request: Request) -> Response:
        """Print a letter and hand it to the post."""
        return await self._once(request, self._send)

    def _send(self, request: Request, given: dict[str, object]) -> Response:
        found = self.post.prints.get(request.path_params["letter"])
        if found is None:
            return _error(404, "Not Found", "There is no such letter")
        if found.status != "valid":
            return _error(409, "Conflict", f"A letter that is {found.status} cannot be sent")
        if not given.get("delivery_product"):
            return _error(422, "Unprocessable Entity", "delivery_product is missing")
        self.post.post(found)
        return _data("letters", found.id, {**told(self.post, found)["attributes"], "status": "submitted"})

    async def organisation(self, request: Request) -> Response:
        """The organisation's name and balance."""
        if before := self._before(request):
            return before
        attributes = {
            "name": "De Ketting",
            "billing_currency": "EUR",
            "billing_balance": 199.5,
            "status": "active",
        }
        return _data("organisations", self.post.organisation, attributes)

    async def _once(self, request: Request, do: Callable[[Request, dict[str, object]], Response]) -> Response:
        """What was asked under the same Idempotency-Key before is answered as before, and not done again."""
        raw = await request.body()
        fault = self._fault(request)
        if fault is not None and not fault.taken:
            return _faulty(fault)
        if refused := self._refusal(request):
            return refused
        given = _attributes(raw, request)
        if given is None:
            return _error(400, "Bad Request", "The body is not JSON:API, or is for another letter")
        key = f"{request.method} {request.headers.get('idempotency-key', '')}"
        if not key.endswith(" ") and key in self.post.answers:
            status, body = self.post.answers[key]
            return Response(body, status, {"idempotent-replayed": "true"}, _TYPE)
        answer = do(request, given)
        self.post.answers[key] = answer.status_code, bytes(answer.body)
        return _faulty(fault) if fault is not None else answer


def _attributes(raw: bytes, request: Request) -> dict[str, object] | None:
    try:
        data = json.loads(raw)["data"]
    except (ValueError, KeyError, TypeError):
        return None
    right = request.headers.get("content-type") == _TYPE and data.get("type") == "letters"
    meant = request.path_params.get("letter", data.get("id")) == data.get("id")
    found = data.get("attributes")
    return found if right and meant and isinstance(found, dict) else None


def _faulty(fault: Fault) -> Response:
    """What a fault looks like from outside."""
    return Response(
        "<html>Sorry, something went wrong.</html>", fault.status, dict(fault.headers), "text/html"
    )


def _error(status: int, title: str, detail: str) -> Response:
    """An error as JSON:API has it."""
    return JSONResponse(
        {"errors": [{"code": str(status), "title": title, "detail": detail}]}, status, media_type=_TYPE
    )


def _data(kind: str, number: str, attributes: object, status: int = 200) -> Response:
    return JSONResponse(
        {"data": {"type": kind, "id": number, "attributes": attributes}}, status, media_type=_TYPE
    )


def told(post: Post, letter: Print) -> Mapping[str, Mapping[str, object]]:
    """A letter as Pingen tells of it: its attributes, and where it is."""
    at = post.clock().strftime("%Y-%m-%dT%H:%M:%S%z")
    attributes = {
        "status": letter.status,
        "file_original_name": letter.name,
        "file_pages": letter.pdf.count(b"/Type /Page\n") or 1,
        "address": letter.address.lower(),
        "country": "NL",
        **letter.printing,
        "source": "api",
        "tracking_number": None,
        "created_at": at,
        "updated_at": at,
    }
    links = {"related": f"{post.url}/organisations/{post.organisation}/deliveries/letters/{letter.id}"}
    return {"attributes": attributes, "links": links, "identity": {"type": "letters", "id": letter.id}}


def webhook(
    what: str,
    number: str,
    letter: Mapping[str, Mapping[str, object]],
    event: dict[str, str],
    at: str,
    reason: str,
) -> dict[str, object]:
    """The body of a webhook: what happened, to which letter, and both once more in full."""
    related = {"links": letter["links"], "data": letter["identity"]}
    happened = {"type": "deliverables_events", "id": f"{number[:-2]}ff"}
    attributes = {"url": "https://hook.example/post", "created_at": at} | (
        {"reason": reason} if reason else {}
    )
    return {
        "data": {
            "type": f"webhook_{what}",
            "id": number,
            "attributes": attributes,
            "relationships": {"deliverable": related, "letter": related, "event": {"data": happened}},
        },
        "included": [
            {**letter["identity"], "attributes": letter["attributes"]},
            {**happened, "attributes": event},
            {**happened, "type": "letters_events", "attributes": event},
        ],
    }
