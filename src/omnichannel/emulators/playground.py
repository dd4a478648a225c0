"""A page to play customer on: write on every emulated platform, and see there what the company answers.

Forms without scripts for people, JSON for programs (`POST /write`, `GET /state.json`). For development on loopback:
there is no log-in.
"""

from __future__ import annotations

import asyncio
import html
from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from omnichannel.emulators.emulator import Emulator
from omnichannel.toolbox import Json, load_form, load_json, string


@dataclass
class Booth:
    """One platform on the page: its emulator, where its webhooks go, who writes there, and how it goes."""

    emulator: Emulator
    hook: str
    people: list[str] = field(default_factory=list)
    connected: bool = False
    trouble: str = ""

    def write(self, who: str, text: str) -> str:
        """Somebody writes, and the platform tells the company; the platform's id."""
        if who not in self.people:
            self.people.append(who)
        found = self.emulator.write(who, text)
        self.push()
        return found

    def push(self) -> None:
        """Deliver what is on its way; what goes wrong is shown on the page, and comes again with the next push."""
        self.trouble = ""
        try:
            if not self.connected:
                self.emulator.connect(self.hook)
                self.connected = True
            refused = [status for status in self.emulator.push() if not 200 <= status < 300]
        except (ValueError, OSError, httpx.HTTPError) as error:
            self.trouble = f"{self.hook}: {error}"
        else:
            if refused:
                self.trouble = f"{self.hook} answered HTTP {refused[0] or '(nothing)'}; it comes again"

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
        is_json = request.headers.get("content-type", "").startswith("application/json")
        body = await request.body()
        given = load_json(body) if is_json else dict[str, Json](load_form(body))
        kind, who, text = (string(given, key).strip() for key in ("kind", "who", "text"))
        booth = booths.get(kind)
        if booth is None or not who or not text:
            return JSONResponse({"error": f"give kind ({', '.join(booths)}), who and text"}, 400)
        found = await asyncio.to_thread(booth.write, who, text)
        return JSONResponse({"id": found, **booth.state()}) if is_json else RedirectResponse("/", 303)

    async def push(_: Request) -> Response:
        for booth in booths.values():
            await asyncio.to_thread(booth.push)
        return RedirectResponse("/", 303)

    return Starlette(
        routes=[
            Route("/", page),
            Route("/state.json", state),
            Route("/write", write, methods=["POST"]),
            Route("/push", push, methods=["POST"]),
        ]
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
