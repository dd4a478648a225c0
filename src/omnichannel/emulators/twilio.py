"""Twilio with one account and one number, as far as texts and calls share it: authentication, lists, webhooks.

Webhooks are forms, signed over the address and the sorted parameters. Errors, lists and their pages: Twilio's API
reference (2010-04-01), resources as in twilio-oai of 14 April 2026.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import threading
from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import count
from urllib.parse import parse_qsl, urlencode

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from omnichannel.emulators.pace import Pace
from omnichannel.emulators.serving import ServedEmulator
from omnichannel.tls import trusted

Resource = dict[str, object]
Form = list[tuple[str, str]]


@dataclass(frozen=True)
class Fault:
    """What becomes of one request: an error's code with an HTTP status, or a proxy's page; `taken` if done."""

    status: int
    code: int = 0
    taken: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)


class Refusal(Exception):  # noqa: N818 - an answer, no error of ours
    """Twilio refuses a request, with a code of its error dictionary."""

    def __init__(self, code: int, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code, self.message, self.status = code, message, status


class Twilio(ServedEmulator):
    """The account behind an emulated number.

    `faults` are used up by the next requests that send something; `pace` is how many are taken in a second, of which
    Twilio names no figure. Lists have `page_size` items a page. A webhook that
    is not answered with 2xx comes again with the next push (as with the override `#rc=…&rp=all`).
    """

    def __init__(
        self,
        *,
        account_sid: str = "AC00000000000000000000000000000001",
        auth_token: str = "auth-token-of-the-account",  # noqa: S107 - an emulator's
        number: str = "+31201234567",
        page_size: int = 50,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.account_sid, self.auth_token, self.number = account_sid, auth_token, number
        self.page_size, self.clock = page_size, clock
        self.faults: list[Fault] = []
        self.pace = Pace(100, timedelta(seconds=1), clock)
        self.people: dict[str, str] = {}
        self.hook = ""
        self.files: dict[str, tuple[str, bytes]] = {}
        self._numbers = count(1)
        self._lock = threading.RLock()
        account = f"/2010-04-01/Accounts/{account_sid}"
        super().__init__(
            Starlette(
                routes=[
                    Route(f"{account}.json", self._account),
                    *self.routes(account),
                    *self._shared(account),
                ]
            )
        )

    @property
    def settings(self) -> dict[str, object]:
        """The account; `status_callback` as soon as the webhook is connected."""
        return {
            "account_sid": self.account_sid,
            "auth_token": self.auth_token,
            "number": self.number,
            "status_callback": self.hook,
            "host": self.url,
        }

    def connect(self, hook: str) -> None:
        """Enter the webhook at the number, as in the console; Twilio asks no challenge."""
        self.hook = hook

    def phone(self, who: str) -> str:
        """The number of the person of that name; a name that nobody has makes somebody new."""
        if who.startswith("+"):
            return who
        with self._lock:
            return self.people.setdefault(who, f"+3161200{len(self.people) + 1:04}")

    @abstractmethod
    def routes(self, account: str) -> list[Route]:
        """What this kind of Twilio serves below the account's address."""

    def _shared(self, account: str) -> list[Route]:
        return [
            Route(f"{account}/IncomingPhoneNumbers.json", self._own_numbers),
            Route(f"{account}/{{path:path}}", self._file),
        ]

    # What requests need.

    def sid(self, prefix: str) -> str:
        """A new id: two letters and 32 hexadecimal digits."""
        with self._lock:
            made = hashlib.sha256(
                f"{self.account_sid}/{self.number}/{next(self._numbers)}".encode()
            ).hexdigest()
        return prefix + made[:32]

    def moment(self) -> str:
        """Now, as Twilio writes it."""
        return format_datetime(self.clock().astimezone(UTC))

    def authorise(self, request: Request) -> None:
        """Raises Refusal 20003 for whoever is not the account."""
        pair = base64.b64encode(f"{self.account_sid}:{self.auth_token}".encode()).decode()
        if request.headers.get("authorization") != f"Basic {pair}":
            raise Refusal(20003, "Authenticate", 401)

    async def create(self, request: Request, make: Callable[[Form], Resource]) -> Response:
        """A POST that makes something, with the next fault."""
        fault = self.faults.pop(0) if self.faults else None
        try:
            self.authorise(request)
            if fault and not fault.taken:
                return _fault(fault)
            if not self.pace.takes():
                raise Refusal(20429, "Too Many Requests", 429)  # noqa: TRY301 - the same answer as for every refusal
            form = parse_qsl((await request.body()).decode(), keep_blank_values=True)
            made = make(form)
        except Refusal as refusal:
            return refused(refusal)
        return _fault(fault) if fault else JSONResponse(made, 201)

    def listed(self, request: Request, key: str, found: Sequence[Resource], *, day: str = "") -> Response:
        """A page of a list, newest first, filtered by what was asked for, with the address of the next one."""
        try:
            self.authorise(request)
        except Refusal as refusal:
            return refused(refusal)
        asked = dict(request.query_params)
        wanted = [one for one in reversed(found) if _matches(one, asked, day)]
        size = min(int(asked.get("PageSize", self.page_size)), self.page_size)
        page = int(asked.get("Page", 0))
        more = urlencode({**asked, "Page": str(page + 1)}) if (page + 1) * size < len(wanted) else ""
        body = {
            key: wanted[page * size : (page + 1) * size],
            "page": page,
            "page_size": size,
            "next_page_uri": f"{request.url.path}?{more}" if more else None,
        }
        return JSONResponse(body)

    async def _account(self, request: Request) -> Response:
        try:
            self.authorise(request)
        except Refusal as refusal:
            return refused(refusal)
        return JSONResponse({"sid": self.account_sid, "friendly_name": "Shop", "status": "active"})

    async def _own_numbers(self, request: Request) -> Response:
        number: Resource = {
            "phone_number": self.number,
            "sms_url": self.hook,
            "voice_url": self.hook,
            "status_callback": self.hook,
        }
        ours = request.query_params.get("PhoneNumber", self.number) == self.number
        return self.listed(request, "incoming_phone_numbers", [number] if ours else [])

    async def _file(self, request: Request) -> Response:
        """A picture or recording, for the account alone."""
        try:
            self.authorise(request)
        except Refusal as refusal:
            return refused(refusal)
        media_type, content = self.files.get(request.url.path, ("", b""))
        if not media_type:
            return refused(Refusal(20404, f"The requested resource {request.url.path} was not found", 404))
        return Response(content, media_type=media_type)

    # Webhooks.

    def signature(self, url: str, parameters: Mapping[str, str]) -> str:
        """What proves that we sent these parameters to this address."""
        text = url + "".join(name + parameters[name] for name in sorted(parameters))
        return base64.b64encode(
            hmac.new(self.auth_token.encode(), text.encode(), hashlib.sha1).digest()
        ).decode()

    def post(self, url: str, parameters: Mapping[str, str]) -> tuple[int, bytes]:
        """One webhook: the status, 0 for no answer, and what was answered."""
        whole = {"AccountSid": self.account_sid, "ApiVersion": "2010-04-01", **parameters}
        headers = {
            "x-twilio-signature": self.signature(url, whole),
            "content-type": "application/x-www-form-urlencoded; charset=utf-8",
            "i-twilio-idempotency-token": hashlib.sha256(repr(sorted(whole.items())).encode()).hexdigest()[
                :32
            ],
        }
        try:
            with httpx.Client(trust_env=False, timeout=15.0, verify=trusted()) as client:
                answer = client.post(url, content=urlencode(whole), headers=headers)
        except httpx.HTTPError:
            return 0, b""
        return answer.status_code, answer.content


def refused(refusal: Refusal) -> Response:
    """An error as Twilio words it."""
    body = {
        "code": refusal.code,
        "message": refusal.message,
        "more_info": f"https://www.twilio.com/docs/errors/{refusal.code}",
        "status": refusal.status,
    }
    return JSONResponse(body, refusal.status)


def first(form: Form, name: str) -> str:
    """The first value of a parameter; empty if there is none."""
    return next((value for key, value in form if key == name), "")


def _fault(fault: Fault) -> Response:
    if not fault.code:
        page = "<html>Sorry, something went wrong.</html>"
        return Response(page, fault.status, dict(fault.headers), "text/html")
    answer = refused(Refusal(fault.code, "scripted", fault.status))
    answer.headers.update(fault.headers)
    return answer


def _matches(resource: Resource, asked: Mapping[str, str], day: str) -> bool:
    for name, key in (
        ("To", "to"),
        ("From", "from"),
        ("PhoneNumber", "phone_number"),
        ("CallSid", "call_sid"),
    ):
        if name in asked and resource.get(key) != asked[name]:
            return False
    at = str(resource.get("day", ""))
    return asked.get(f"{day}>", "") <= at <= asked.get(f"{day}<", "9999")
