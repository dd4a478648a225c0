"""An archive's order is its own: answers before questions, and mails between that were thrown away."""

from __future__ import annotations

from pathlib import Path

from omnichannel import Inbox
from omnichannel.channels.email import Email
from omnichannel.imports import Mbox
from tests.engines import HandClock
from tests.imports.letters import OWN, boxed, letter


async def test_an_answer_before_its_question_is_one_conversation(
    url: str, clock: HandClock, tmp_path: Path
) -> None:
    """One who answers the same lost mail twice has one conversation; somebody else who does has another."""
    lost = letter("7", "Bob <bob@work.example>", answers="4")
    mails = [letter("3", answers="2"), letter("2", answers="1"), letter("5", answers="4"), lost]
    mails.append(letter("6", answers="5", refers="4> <5"))
    async with Inbox(url, [Email("mail", address=OWN)], clock=clock) as inbox:
        await inbox.import_archive(Mbox(boxed(mails, tmp_path / "a.mbox"), account="mail"))
        assert sorted(one.messages for one in await inbox.conversations.closed()) == [1, 2, 2]
