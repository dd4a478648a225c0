"""`emulate`: platforms on loopback whose printed settings work, and a page on which to play customer."""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from omnichannel import Attachment, Inbox, Incoming
from omnichannel.cli.emulate import OURS, YOURS, section, serve
from omnichannel.config import load
from omnichannel.emulators.email import Provider
from omnichannel.emulators.emulator import Emulator
from omnichannel.emulators.facebook import FacebookPage
from omnichannel.emulators.instagram import InstagramAccount
from omnichannel.emulators.playground import Booth, playground
from omnichannel.emulators.serving import Served
from omnichannel.emulators.sms import Sms
from omnichannel.emulators.whatsapp import Cloud
from omnichannel.emulators.x_platform import Platform
from omnichannel.errors import UsageError
from omnichannel.plugins import EMULATORS, kinds
from tests.cli.conftest import Command


def test_an_account_is_written_as_the_configuration_reads_it() -> None:
    settings = {"a": 'say "hi"\n', "b": 5, "c": True, "d": ["x", "y"], "e": {"de": "Guten Tag", "n": 1.5}}
    assert tomllib.loads(section("chat", settings)) == {"channels": {"chat": {"kind": "chat", **settings}}}


def test_an_unknown_platform_is_refused_with_those_there_are(command: Command) -> None:
    ran = command("emulate", "telex")
    assert ran.status == 2
    assert "no such emulator" in ran.err
    assert "email" in ran.err


@contextmanager
def emulated(file: Path, *kinds: str, hooks: str) -> Iterator[None]:
    """The command at work, until the block ends."""
    stop = threading.Event()
    options = argparse.Namespace(kinds=list(kinds), hooks=hooks, write=str(file), port=0)
    thread = threading.Thread(target=serve, args=(options, stop))
    thread.start()
    try:
        while not file.exists():
            assert thread.is_alive()
            stop.wait(0.01)
        yield
    finally:
        stop.set()
        thread.join()


async def test_its_configuration_is_whole(tmp_path: Path) -> None:
    """The file that it writes sets up accounts that are well."""
    file = tmp_path / "omnichannel.toml"
    with emulated(file, "email", "x", hooks="http://127.0.0.1:1"):
        config = load(file)
        assert [channel.name for channel in config.channels] == ["email", "x"]
        first = [(await channel.check())[0] for channel in config.channels]
    assert [finding for finding in first if not finding.ok] == []  # X adds that nobody wrote yet


async def test_the_page_is_the_customers_side(tmp_path: Path) -> None:
    """By form or by JSON: what is written arrives, and what is answered is shown, as text and nothing else."""
    with Provider() as provider, Platform() as platform:
        inbox = Inbox(f"sqlite:///{tmp_path / 'a.db'}", [provider.channel(), platform.channel()])

        @inbox.on_message
        async def answer(incoming: Incoming) -> None:
            await incoming.reply("<b>Hello</b>")

        async with inbox:
            with Served(inbox.asgi()) as hooks:
                booths = {
                    "email": Booth(provider, f"{hooks.url}/email"),
                    "x": Booth(platform, f"{hooks.url}/x"),
                }
                with Served(playground(booths)) as page:
                    async with httpx.AsyncClient(base_url=page.url, follow_redirects=True) as client:
                        ann = {"kind": "x", "who": "Ann", "text": "hi there"}
                        written = (await client.post("/write", json=ann)).json()
                        assert written["id"]
                        assert written["trouble"] == ""
                        await client.post("/write", data={"kind": "email", "who": "Bob", "text": "good day"})
                        await inbox.poll()
                        await inbox.work()
                        state = (await client.get("/state.json")).json()
                        assert state["x"]["shown"] == {"Ann": ["<b>Hello</b>"]}
                        assert state["email"]["shown"] == {"Bob": ["<b>Hello</b>"]}
                        shown = (await client.get("/")).text
                        assert "Ann sees" in shown
                        assert "&lt;b&gt;Hello&lt;/b&gt;" in shown
                        assert "<b>Hello</b>" not in shown


async def test_what_goes_wrong_is_shown_and_comes_again() -> None:
    """An application that is not there yet loses nothing."""
    with Platform() as platform:
        booths = {"x": Booth(platform, "http://127.0.0.1:9/x")}
        with Served(playground(booths)) as page:
            async with httpx.AsyncClient(base_url=page.url, follow_redirects=True) as client:
                wrong = await client.post("/write", json={"kind": "telex", "who": "Ann", "text": "hi"})
                assert (wrong.status_code, wrong.json()) == (400, {"error": "give kind (x), who and text"})
                await client.post("/write", json={"kind": "x", "who": "Ann", "text": "hi"})
                assert "127.0.0.1:9" in (await client.get("/")).text
                with Served(_refusing) as refusing:
                    booths["x"].hook = f"{refusing.url}/x"
                    assert "role=alert" in (await client.post("/push")).text
    assert len(platform.network.pending) == 1


async def test_other_sites_in_the_same_browser_are_kept_out() -> None:
    """There is no log-in: a page elsewhere must not write here as a customer, nor read along by a name of its own."""
    with Platform() as platform:
        booths = {"x": Booth(platform, "http://127.0.0.1:9/x")}
        with Served(playground(booths)) as page:
            async with httpx.AsyncClient(base_url=page.url) as client:
                ann = {"kind": "x", "who": "Ann", "text": "hi"}
                for origin in ("https://thief.example", "null", "http://127.0.0.1:1"):
                    assert (
                        await client.post("/write", data=ann, headers={"origin": origin})
                    ).status_code == 403
                    assert (await client.post("/push", headers={"origin": origin})).status_code == 403
                rebound = await client.get("/state.json", headers={"host": f"thief.example:{page.port}"})
                assert rebound.status_code == 400
                assert booths["x"].people == []
                own = await client.post("/write", data=ann, headers={"origin": page.url})
                assert (own.status_code, booths["x"].people) == (303, ["Ann"])
                broken = {"content-type": "application/json"}
                assert (await client.post("/write", content=b"{", headers=broken)).status_code == 400


@pytest.mark.parametrize(
    "platform", [Provider, Sms, FacebookPage, InstagramAccount, Cloud], ids=lambda one: one.kind
)
async def test_a_file_is_sent_by_the_form(platform: type[Emulator]) -> None:
    """Wherever people can send one: it stands in the message."""
    with platform() as emulator:
        async with Inbox("sqlite:///:memory:", [emulator.channel()]) as inbox:
            with Served(inbox.asgi()) as hooks:
                booth = Booth(emulator, f"{hooks.url}/{emulator.kind}")
                with Served(playground({emulator.kind: booth})) as page:
                    async with httpx.AsyncClient(base_url=page.url) as client:
                        form = {"kind": emulator.kind, "who": "Ann", "text": ""}
                        sent = await client.post(
                            "/write", data=form, files={"file": ("a.png", b"\x89PNG\r\n", "image/png")}
                        )
                        assert (sent.status_code, booth.trouble) == (303, "")
            await inbox.poll()
            await inbox.work()
            (conversation,) = await inbox.conversations.open()
            (message,) = await inbox.conversations.messages(conversation.id)
            (file,) = [part for part in message.parts if isinstance(part, Attachment)]
            assert await inbox.attachment(message.id, file) == b"\x89PNG\r\n"


async def test_what_cannot_be_done_is_said() -> None:
    """No such button, no such file: nobody has said anything then."""
    with Platform() as platform, FacebookPage() as facebook:
        booths = {
            "x": Booth(platform, "http://127.0.0.1:9/x"),
            "facebook": Booth(facebook, "http://127.0.0.1:9/f"),
        }
        with Served(playground(booths)) as page:
            async with httpx.AsyncClient(base_url=page.url) as client:
                told = {"kind": "x", "who": "Ann", "message": "1", "value": "r"}
                none = await client.post("/press", json=told)
                assert (none.status_code, none.json()) == (400, {"error": "Ann sees no button 'r' below '1'"})
                assert (await client.post("/press", json={**told, "message": ""})).status_code == 400
                file = {"file": ("a.pdf", b"%PDF", "application/pdf")}
                for kind, words in (
                    ("x", "nobody can send a file on x"),
                    ("facebook", "have pictures, and no"),
                ):
                    refused = await client.post("/write", data={"kind": kind, "who": "Ann"}, files=file)
                    assert refused.status_code == 400
                    assert words in refused.json()["error"]
                assert (
                    await client.post("/press", data=told, headers={"origin": "https://thief.example"})
                ).status_code == 403
                assert [booth.people for booth in booths.values()] == [[], []]


async def _refusing(scope: dict, receive: object, send: object) -> None:
    await send({"type": "http.response.start", "status": 500, "headers": []})  # type: ignore[operator]
    await send({"type": "http.response.body", "body": b""})  # type: ignore[operator]


async def test_webhooks_are_set_without_being_asked(tmp_path: Path) -> None:
    """Whenever the application starts, it gets what is on its way, and `doctor` finds its accounts well."""
    file, application = tmp_path / "omnichannel.toml", {"app": _refusing}

    async def later(scope: Any, receive: Any, send: Any) -> None:
        await application["app"](scope, receive, send)

    with Served(later) as hooks, emulated(file, *kinds(EMULATORS), hooks=hooks.url):
        async with Inbox("sqlite:///:memory:", load(file).channels) as inbox:
            application["app"] = inbox.asgi()
            assert await _wrong(inbox) == []


async def _wrong(inbox: Inbox) -> list[str]:
    """What is still wrong with the accounts after having waited for their webhooks."""
    for _ in range(200):
        found = [(channel.name, one) for channel in inbox.channels.values() for one in await channel.check()]
        # X adds that nobody wrote yet.
        wrong = [f"{name}: {one.what}" for name, one in found if not one.ok and name != "x"]
        if not wrong:
            break
        await asyncio.sleep(0.1)
    return wrong


def test_a_file_of_somebody_else_is_spared(command: Command, tmp_path: Path) -> None:
    """Real accounts may be in it. What the command wrote itself, it writes anew."""
    file = tmp_path / "omnichannel.toml"
    file.write_text("[channels.real]\n")
    ran = command("emulate", "x", "--write", str(file), "--port", "0")
    assert ran.status == 2
    assert "this command did not write it" in ran.err
    assert file.read_text() == "[channels.real]\n"
    file.write_text(OURS + "[channels.before]\n")
    stop = threading.Event()
    stop.set()
    serve(argparse.Namespace(kinds=["x"], hooks="http://127.0.0.1:9", write=str(file), port=0), stop)
    assert "[channels.x]" in file.read_text()
    assert "before" not in file.read_text()


def test_a_port_that_is_taken_is_named(command: Command) -> None:
    with Served(_refusing) as there:
        ran = command("emulate", "x", "--port", str(there.port))
    assert ran.status == 2
    assert f"--port {there.port}" in ran.err
    assert "name another one" in ran.err


def test_it_puts_away_what_it_made_when_it_is_terminated() -> None:
    """As a service manager, or a script that started it in the background, ends it."""
    command = [sys.executable, "-m", "omnichannel.cli", "emulate", "letter", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        told = _until(running.stdout, "customers write at")
        inbox = Path(tomllib.loads(told)["channels"]["letter"]["inbox"])
        assert inbox.is_dir()
        running.terminate()
        assert running.wait(timeout=30) == 0
    assert not inbox.exists()


def _until(lines: Iterable[str], last: str) -> str:
    """What is told up to a line."""
    told = ""
    for line in lines:
        told += line
        if last in line:
            break
    return told


def test_it_ends_when_it_is_interrupted(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """And has told what an application needs to know."""

    def interrupted(self: threading.Event, timeout: float | None = None) -> bool:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(
            "omnichannel.cli.emulate.threading",
            type("T", (), {"Event": type("E", (), {"wait": interrupted})}),
        )
        ran = command("emulate", "x", "--port", "0")
    assert ran.status == 130
    assert "[channels.x]" in ran.out
    assert "customers write at http://127.0.0.1:" in ran.out
    asyncio.run(asyncio.sleep(0))


def test_what_stands_below_the_line_stays_and_what_would_be_lost_is_refused(tmp_path: Path) -> None:
    """A desk that somebody wrote into the file is there after the next start, with the accounts of then."""
    file = tmp_path / "omnichannel.toml"
    desk = '[desk]\ndefault_team = "service"\n\n[[desk.teams]]\nname = "service"\n'
    with emulated(file, "x", hooks="http://127.0.0.1:1"):
        first = load(file).channels
    assert file.read_text().endswith(YOURS)
    file.write_text(file.read_text() + desk)
    before = file.stat().st_mtime_ns
    with emulated(file, "email", "x", hooks="http://127.0.0.1:1"):
        while file.stat().st_mtime_ns == before:
            threading.Event().wait(0.01)
        found = load(file)
    assert [channel.name for channel in found.channels] == ["email", "x"] != [one.name for one in first]
    assert found.desk is not None
    assert found.desk.default_team == "service"
    for lost, told in (
        (f"{OURS}{desk}{YOURS}", "desk of yours would be lost"),
        (f"{OURS}[desk", "is not TOML"),
    ):
        file.write_text(lost)
        options = argparse.Namespace(kinds=["x"], hooks="http://127.0.0.1:1", write=str(file), port=0)
        with pytest.raises(UsageError, match=told):
            serve(options, threading.Event())
        assert file.read_text() == lost
