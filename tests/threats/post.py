"""What lies in our mailbox, and an inbox that reads it."""

from __future__ import annotations

from importlib import import_module
from zlib import crc32

from omnichannel import Inbox
from omnichannel.model import Message
from tests.inbox.carriers import ByMail
from tests.threats.room import Room, fetched

PARSE = import_module("omnichannel.channels.email.parse")
CARRIER = ByMail()
US, ANNA, EVE = "email@shop.example", "person1@home.example", "person2@home.example"


def mail(text: str, who: str = ANNA, *, to: str = US, proven: bool = True, **fields_: str) -> bytes:
    """A mail as it lies in our mailbox."""
    named = {"Message-ID": f"<{crc32(f'{text} {who}'.encode())}@home.example>", "Subject": "Hi"}
    named |= {name.replace("_", "-"): value for name, value in fields_.items()}
    verdict = "pass" if proven else "fail"
    domain = who.rpartition("@")[2]
    head = (
        f"Authentication-Results: mx.shop.example; dmarc={verdict} header.from={domain}\r\n"
        f"Received: from a by mx.shop.example; Mon, 2 Mar 2026 09:00:00 +0000\r\nFrom: {who}\r\nTo: {to}\r\n"
    )
    rest = "".join(f"{name}: {value}\r\n" for name, value in named.items() if value)
    return f"{head}{rest}\r\n{text}\r\n".encode()


def mailbox(room: Room) -> Inbox:
    return room.inbox([CARRIER.channel()])


async def everything(inbox: Inbox) -> list[Message]:
    """Every message, in the order in which it arrived."""
    open_ = [*await inbox.conversations.open(), *await inbox.conversations.closed()]
    found = [message for one in open_ for message in await inbox.conversations.messages(one.id)]
    return sorted(found, key=lambda message: message.id)


async def asked(inbox: Inbox) -> Message:
    """Anna's question, which is there."""
    await fetched(inbox, "email", mail("a question", Message_ID="<question@home.example>"))
    [message] = await everything(inbox)
    return message


async def joins(inbox: Inbox, question: Message, *mails: bytes) -> list[bool]:
    """Of each of these mails, whether it stands in the conversation of the question."""
    known = {message.id for message in await everything(inbox)}
    await fetched(inbox, "email", *mails)
    new = [message for message in await everything(inbox) if message.id not in known]
    assert len(new) == len(mails)
    return [message.conversation == question.conversation for message in new]
