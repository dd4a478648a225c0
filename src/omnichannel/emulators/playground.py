"""A page to play customer on: write on every emulated platform, and see there what the company answers.

Forms without scripts for people, JSON for programs (`POST /write`, `GET /state.json`). For development on loopback:
there is no log-in, so that other sites in the same browser are kept out by their names.
"""

from __future__ import annotations

import asyncio
import html
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from omnichannel.emulators.emulator import Emulator
from omnichannel.errors import Malformed
from omnichannel.toolbox import Json, load_form, load_json, string


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
        with self.lock:
            if who not in self.people:
                self.people.append(who)
            found = self.emulator.write(who, text)
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
        return {"hook": self.hook, "shown": shown, "trouble": self.trouble}


def playground(booths: Mapping[str, Booth]) -> Starlette:
    """The page, for some platforms by kind."""

    def page(_: Request) -> Response:
        return HTMLResponse(_PAGE.format("".join(_section(kind, booth) for kind, booth in booths.items())))

    def state(_: Request) -> Response:
        return JSONResponse({kind: booth.state() for kind, booth in booths.items()})

    async def write(request: Request) -> Response:
        if _is_elsewhere(request):
            return _KEPT_OUT
        is_json = request.headers.get("content-type", "").startswith("application/json")
        body = await request.body()
        try:
            given = load_json(body) if is_json else dict[str, Json](load_form(body))
        except Malformed as error:
            return JSONResponse({"error": str(error)}, 400)
        kind, who, text = (string(given, key).strip() for key in ("kind", "who", "text"))
        booth = booths.get(kind)
        if booth is None or not who or not text:
            return JSONResponse({"error": f"give kind ({', '.join(booths)}), who and text"}, 400)
        found = await asyncio.to_thread(booth.write, who, text)
        return JSONResponse({"id": found, **booth.state()}) if is_json else RedirectResponse("/", 303)

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
            Route("/push", push, methods=["POST"]),
        ],
        # A name that somebody else owns may lead to loopback, too: their page would read along.
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"])],
    )


_KEPT_OUT = JSONResponse({"error": "only this page itself, or a program, may write here"}, 403)


def _is_elsewhere(request: Request) -> bool:
    """Whether another site's page asks; programs name no origin."""
    return request.headers.get("origin", str(request.base_url).rstrip("/")) != str(request.base_url).rstrip(
        "/"
    )


def _section(kind: str, booth: Booth) -> str:
    people = "".join(
        f"<h3>{html.escape(who)} sees</h3><ul>{''.join(f'<li>{html.escape(text)}</li>' for text in texts)}</ul>"
        for who, texts in ((who, booth.emulator.shown(who)) for who in booth.people)
    )
    trouble = f"<p role=alert>{html.escape(booth.trouble)}</p>" if booth.trouble else ""
    who = html.escape(booth.people[-1] if booth.people else "Ann")
    return (
        f"<section><h2>{html.escape(kind)}</h2>{trouble}{people}<form method=post action=/write>"
        f"<input type=hidden name=kind value='{html.escape(kind)}'>"
        f"<label>Who <input name=who value='{who}' required></label> "
        f"<label>Says <input name=text required size=40></label> <button>Write</button></form></section>"
    )


_PAGE = """<!doctype html><html lang=en><meta charset=utf-8><title>omnichannel: the customers' side</title>
<style>body{{font:1rem/1.5 system-ui;max-width:60rem;margin:2rem auto;padding:0 1rem}}[role=alert]{{color:#a00}}
section{{border-top:1px solid #ccc}}</style>
<h1>The customers' side</h1>
<form method=get action=/><button>Look again</button></form>
<form method=post action=/push><button>Deliver what is on its way</button></form>{}</html>"""
