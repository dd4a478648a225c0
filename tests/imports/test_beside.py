"""An import beside a running inbox: what comes live meanwhile is handled, and is not the past."""

from __future__ import annotations

from pathlib import Path

import pytest

from omnichannel import Inbox, Incoming
from omnichannel.channel import Delivery
from omnichannel.channels.email import Email
from omnichannel.imports import Mbox
from omnichannel.imports import archive as archives
from omnichannel.inbox import Unpacked
from tests.engines import HandClock
from tests.imports.letters import OWN, boxed, letter


def live(number: str) -> Delivery:
    mail = letter(number, "Cleo <cleo@home.example>", text=f"live {number}")
    return Delivery(source="poll", body=mail.replace("\n", "\r\n").encode())


async def test_what_comes_live_between_the_pieces_is_answered(
    shared_url: str, clock: HandClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server reads and handles it; the importing process, which has no handlers, leaves it alone."""
    monkeypatch.setattr(archives, "BATCH_ITEMS", 1)
    seen: list[str] = []
    pieces: list[int] = []

    async def handler(incoming: Incoming) -> None:
        seen.append(incoming.message.text.strip())

    def opened() -> Inbox:
        return Inbox(shared_url, [Email("mail", address=OWN)], clock=clock)

    box = boxed([letter(str(number)) for number in range(4)], tmp_path / "a.mbox")
    async with opened() as server, opened() as command:
        server.on_message(handler)
        await server.receive("mail", live("a"))
        archive = Mbox(box, account="mail")
        await command.import_archive(archive, told=lambda done: pieces.append(done.found))
        await server.receive("mail", live("b"))
        await server.work()
        again: Unpacked = await command.import_archive(Mbox(box, account="mail"))
        assert again.known == 4
        assert len(await server.conversations.closed()) == 4
        assert len(await server.conversations.open()) == 2
    assert pieces == [1, 2, 3, 4, 4]
    assert sorted(seen) == ["live a", "live b"]
