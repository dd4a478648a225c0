"""An application that logs at DEBUG keeps nothing of whom we asked platforms about, nor what proved us."""

from __future__ import annotations

import ast
import logging
from pathlib import Path

import httpx
import pytest

import omnichannel
from omnichannel import Inbox
from omnichannel.emulators.messenger import MessengerPage
from omnichannel.emulators.serving import Served

SRC = Path(omnichannel.__file__).parent


async def test_what_we_ask_platforms_is_in_no_log(caplog: pytest.LogCaptureFixture) -> None:
    """The name of whoever wrote is asked for by their id, with the Page's token."""
    with MessengerPage() as page, caplog.at_level(logging.DEBUG):
        account = page.channel("page")
        async with Inbox("sqlite:///:memory:", [account]) as inbox:
            with Served(inbox.asgi()) as hooks:
                page.connect(f"{hooks.url}/page")
                page.write("Rosa Diaz", "Where is my order?")
                page.push()
            caplog.clear()
            await inbox.work()
            await account.check()
            [conversation] = await inbox.conversations.open()
            rosa = await inbox.customers.get(conversation.customer)
        assert rosa.name == "Rosa Diaz", "nobody was asked, so that nothing could be logged"
        [address] = [reached.address.value for reached in rosa.addresses]
        for told in (address, str(page.settings["page_token"]), "HTTP Request", "send_request"):
            assert told not in caplog.text

        with Served(inbox.asgi()) as other:
            async with httpx.AsyncClient() as theirs:
                await theirs.get(other.url)
        assert other.url in caplog.text, "what the application asks is its own affair"


def test_every_client_of_ours_is_discreet() -> None:
    """But for the wire of calls, which says so itself, and emulators, which are the other side."""
    found = [
        f"{file.relative_to(SRC)}:{node.lineno}"
        for file in SRC.rglob("*.py")
        if file.name not in ("discreet.py", "http.py") and not {"emulators", "demo"} & set(file.parts)
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in ("AsyncClient", "Client")
        if isinstance(node.value, ast.Name) and node.value.id == "httpx" and _called(file, node)
    ]
    assert found == []


def _called(file: Path, node: ast.Attribute) -> bool:
    """Whether it is made there, and not only named as a type."""
    line = file.read_text(encoding="utf-8").splitlines()[node.lineno - 1]
    return f"httpx.{node.attr}(" in line
