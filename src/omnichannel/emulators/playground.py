"""A page to play customer on: write on every emulated platform, and see there what the company answers.

Forms without scripts for people, JSON for programs (`POST /write`, `POST /press`, `GET /state.json`). For
development on loopback: there is no log-in, so that other sites in the same browser are kept out by their names.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field

import httpx
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from omnichannel.emulators.emulator import Emulator
from omnichannel.emulators.playground_page import PAGE, POLICY, html_of
from omnichannel.emulators.uploads import Upload, uploads
from omnichannel.errors import Malformed
from omnichannel.toolbox import Json, is_object, load_form, load_json, string


@dataclass
class Booth:
    """One platform on the page: its emulator, where its webhooks go, who writes there, and how it goes."""

    emulator: Emulator
    hook: str
    people: list[str] = field(default_factory=list)
    connected: bool = False
    trouble: str = ""
    lock: threading.RLock = field(default_factory=threading.RLock)
    """One at a time: who writes on the page, and who delivers what is on its way."""

    def write(self, who: str, text: str) -> str:
        """Somebody writes, and the platform tells the company; the platform's id."""
        return self._done(who, lambda: self.emulator.write(who, text))

    def press(self, who: str, message: str, value: str) -> str:
        """Somebody presses a button that they see; the platform's id. Raises ValueError."""
        return self._done(who, lambda: self.emulator.press(who, message, value))

    def attach(self, who: str, file: Upload) -> str:
        """Somebody sends a file; the platform's id. Raises ValueError."""
        return self._done(who, lambda: self.emulator.attach(who, file.name, file.media_type, file.content))

    def _done(self, who: str, do: Callable[[], str]) -> str:
        with self.lock:
            found = do()
            if who not in self.people:
                self.people.append(who)
            self.push()
        return found

    def push(self) -> None:
        """Deliver what is on its way; what goes wrong is shown on the page, and comes again with the next push."""
        with self.lock:
            self.trouble = self._push()

    def _push(self) -> str:
        try:
            if not self.connected:
                self.emulator.connect(self.hook)
                self.connected = True
            refused = [status for status in self.emulator.push() if not 200 <= status < 300]
        except (ValueError, OSError, httpx.HTTPError) as error:
            return f"{self.hook}: {error}"
        return f"{self.hook} answered HTTP {refused[0] or '(nothing)'}; it comes again" if refused else ""

    def state(self) -> dict[str, object]:
        """What everybody sees, and what is wrong."""
        shown = {who: list(self.emulator.shown(who)) for who in self.people}
        seen = {who: [asdict(one) for one in self.emulator.seen(who)] for who in self.people}
        return {"hook": self.hook, "shown": shown, "seen": seen, "trouble": self.trouble}


def playground(booths: Mapping[str, Booth]) -> Starlette:
    """The page, for some platforms by kind."""

    def page(_: Request) -> Response:
        sections = (
            html_of(kind, booth.emulator, booth.people, booth.trouble) for kind, booth in booths.items()
        )
        return HTMLResponse(PAGE.format("".join(sections)), headers={"content-security-policy": POLICY})

    def state(_: Request) -> Response:
        return JSONResponse({kind: booth.state() for kind, booth in booths.items()})

    async def write(request: Request) -> Response:
        return await _answered(request, booths, "who and text", _written)

    async def press(request: Request) -> Response:
        return await _answered(request, booths, "who, message and value", _pressed)

    async def push(request: Request) -> Response:
        if _is_elsewhere(request):
            return _KEPT_OUT
        for booth in booths.values():
            await asyncio.to_thread(booth.push)
        return RedirectResponse("/", 303)

    return Starlette(
        routes=[
            Route("/", page),
            Route("/state.json", state),
            Route("/write", write, methods=["POST"]),
            Route("/press", press, methods=["POST"]),
            Route("/push", push, methods=["POST"]),
        ],
        # A name that somebody else owns may lead to loopback, too: their page would read along.
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"])],
    )


@dataclass(frozen=True)
class _Given:
    """What a form or a program says."""

    values: Mapping[str, Json]
    files: Mapping[str, Upload]

    def word(self, name: str) -> str:
        """A value without the blanks around it; empty if it is missing."""
        return string(dict(self.values), name).strip()


def _written(booth: Booth, who: str, given: _Given) -> str | None:
    """The id of what was said last; None if nothing was."""
    text, file = given.word("text"), given.files.get("file")
    found = booth.write(who, text) if text else None
    return booth.attach(who, file) if file and file.name else found


def _pressed(booth: Booth, who: str, given: _Given) -> str | None:
    # Browsers send a line's end in a form as two characters.
    value = string(dict(given.values), "value").replace("\r\n", "\n")
    return booth.press(who, given.word("message"), value) if given.word("message") else None


async def _answered(
    request: Request,
    booths: Mapping[str, Booth],
    needed: str,
    do: Callable[[Booth, str, _Given], str | None],
) -> Response:
    """Let somebody do something, and show the page again; to a program, what became of it."""
    if _is_elsewhere(request):
        return _KEPT_OUT
    try:
        given = _given(await request.body(), kind := request.headers.get("content-type", ""))
        booth, who = booths.get(given.word("kind")), given.word("who")
        found = await asyncio.to_thread(do, booth, who, given) if booth and who else None
    except (Malformed, ValueError) as error:
        return JSONResponse({"error": str(error)}, 400)
    if booth is None or found is None:
        return JSONResponse({"error": f"give kind ({', '.join(booths)}), {needed}"}, 400)
    is_json = kind.startswith("application/json")
    return JSONResponse({"id": found, **booth.state()}) if is_json else RedirectResponse("/", 303)


def _given(body: bytes, kind: str) -> _Given:
    if kind.startswith("multipart/form-data"):
        return _Given(*uploads(body, kind))
    if kind.startswith("application/json"):
        found = load_json(body)
        return _Given(found if is_object(found) else {}, {})
    return _Given(load_form(body), {})


_KEPT_OUT = JSONResponse({"error": "only this page itself, or a program, may write here"}, 403)


def _is_elsewhere(request: Request) -> bool:
    """Whether another site's page asks; programs name no origin."""
    return request.headers.get("origin", str(request.base_url).rstrip("/")) != str(request.base_url).rstrip(
        "/"
    )
