"""Mail of before, brought in from the mailbox: closed, once, and known again when the mailbox is read from now on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

import pytest

from omnichannel import Delivery, Inbox
from omnichannel.channels.email import Email
from omnichannel.emulators.email import Provider
from omnichannel.model import Received

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


OWN = b"From: help@shop.example\r\nTo: ann@mail.example\r\nMessage-ID: <1@shop.example>\r\n\r\nIt is under way.\r\n"
PASSED_ON = b"Received: from x by mx; Mon, 2 Mar 2026 09:00:00 +0000\r\n" + OWN
TO_US = OWN.replace(b"ann@mail.example", b"help@shop.example")
BY_A_MACHINE = b"Auto-Submitted: auto-replied\r\n" + OWN


@pytest.mark.parametrize(
    ("source", "raw", "direction", "automatic"),
    [
        ("history", OWN, "outbound", None),
        ("history", BY_A_MACHINE, "outbound", "auto_reply"),
        ("history", PASSED_ON, "inbound", "auto_generated"),
        ("history", TO_US, "inbound", "auto_generated"),
        ("poll", OWN, "inbound", "auto_generated"),
        ("gap", OWN, "inbound", "auto_generated"),
    ],
)
def test_a_mail_of_ours_in_the_past_is_ours_if_no_server_passed_it_on(
    source: Literal["history", "poll", "gap"], raw: bytes, direction: str, automatic: str | None
) -> None:
    """A folder of sent mail is brought in along; what came over the wire in our name may be anybody's."""
    (event,) = Email("support", address="help@shop.example").parse(Delivery(source=source, body=raw))
    assert isinstance(event, Received)
    assert (event.direction, event.automatic) == (direction, automatic)
    assert event.strength.proves == (direction == "outbound")
