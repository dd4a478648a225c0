"""Mail of before, brought in from the mailbox: closed, once, and known again when the mailbox is read from now on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from omnichannel import Inbox
from omnichannel.channels.email import Email
from omnichannel.emulators.email import Provider

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


async def test_what_lies_in_the_mailbox_is_the_past(tmp_path: Path) -> None:
    """Only what comes after the import is answered; older mail than was asked for stays where it is."""
    moment = [NOW - timedelta(days=30)]
    with Provider(clock=lambda: moment[0]) as provider:
        provider.write("Ann", "long ago")
        moment[0] = NOW - timedelta(days=3)
        provider.write("Ann", "Where is my order?")
        provider.write("Bob", "Are you open?")
        async with Inbox(
            f"sqlite:///{tmp_path / 'a.db'}", [Email("support", since=NOW.date(), **provider.settings)]
        ) as inbox:
            done = await inbox.import_history("support", NOW - timedelta(days=7))
            assert (done.source, done.deliveries, done.fresh) == ("INBOX", 2, 2)
            closed = await inbox.conversations.closed()
            said = [
                message.text.strip()
                for one in closed
                for message in await inbox.conversations.messages(one.id)
            ]
            assert sorted(said) == ["Are you open?", "Where is my order?"]
            moment[0] = NOW
            provider.write("Ann", "Hello again")
            await inbox.poll()
            await inbox.work()
            (live,) = await inbox.conversations.open()
            (only,) = await inbox.conversations.messages(live.id)
    assert only.text.strip() == "Hello again"
