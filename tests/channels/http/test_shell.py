"""Anything can be joined without code of ours: the page's own lines for a shell, with openssl and curl alone."""

from __future__ import annotations

import asyncio
import base64
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from omnichannel import Inbox
from omnichannel.channels.http import Http
from omnichannel.emulators.serving import Served

PAGE = Path(__file__).parents[3] / "docs" / "howto" / "http.md"
SECRET, OTHER = (f"whsec_{base64.b64encode(bytes(range(first, first + 32))).decode()}" for first in (0, 64))

pytestmark = pytest.mark.skipif(
    not all(map(shutil.which, ("sh", "openssl", "curl", "od"))), reason="there is no openssl or curl here"
)


def posted(hook: str, secret: str) -> list[str]:
    """What the shell prints when somebody pastes the block of the page."""
    (block,) = re.findall(r"```sh\n(post\(\) .*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    given = {"HOOK": hook, "SECRET": secret, "PATH": os.environ["PATH"], "NO_PROXY": "*", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(  # noqa: S603 - our own page
        ["sh", "-eu", "-c", block],  # noqa: S607
        env=given, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    return done.stdout.split()


async def test_the_shell_of_the_page_is_understood_and_no_other() -> None:
    """A key with zero bytes in it, words beyond ASCII; another secret is refused."""
    crm = Http("crm", secret=SECRET, kinds=["http"])
    async with Inbox("sqlite:///:memory:", [crm]) as inbox:
        with Served(inbox.asgi()) as web:
            assert await asyncio.to_thread(posted, f"{web.url}/crm", OTHER) == ["401", "401"]
            assert await asyncio.to_thread(posted, f"{web.url}/crm", SECRET) == ["200", "200"]
        await inbox.work()
        [talk] = await inbox.conversations.open()
        [message] = await inbox.conversations.messages(talk.id)
    assert (message.text, message.author and message.author.name) == ("Où est-il ?", "Ann")
