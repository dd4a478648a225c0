"""The files in a message can be had again, out of the raw delivery."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from omnichannel import Attachment, Delivery, Inbox
from omnichannel.channel import Batch
from omnichannel.channels.email import Email
from omnichannel.errors import NotFound, Unsupported
from tests.chat import Chat, delivery


def mail() -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@b.example", "help@shop.example", "Files"
    message["Message-ID"] = "<files@b.example>"
    message.set_content("See the file.\n")
    message.add_attachment(b"\x00\x01PDF", maintype="application", subtype="pdf", filename="order.pdf")
    return message.as_bytes()


async def test_the_bytes_of_a_file_in_a_mail() -> None:
    """They are decoded again from the mail as it came, and are what was sent."""
    async with Inbox("sqlite:///:memory:", [Email("support", address="help@shop.example")]) as inbox:
        await inbox.keep(
            "support", "INBOX", Batch(deliveries=(Delivery(source="poll", body=mail()),), cursor="1")
        )
        await inbox.read()
        [conversation] = await inbox.conversations.open()
        [message] = await inbox.conversations.messages(conversation.id)
        [file] = [part for part in message.parts if isinstance(part, Attachment)]
        assert file.name == "order.pdf"
        assert await inbox.attachment(message.id, file) == b"\x00\x01PDF"
        with pytest.raises(NotFound):
            await inbox.attachment(message.id, file.model_copy(update={"sha256": "0" * 64}))


async def test_a_file_that_we_send_has_its_bytes_and_one_with_an_address_says_so() -> None:
    """What is only referred to by the platform is not in the delivery: the error names where it is."""
    async with Inbox("sqlite:///:memory:", [Chat("chat")]) as inbox:
        await inbox.receive("chat", delivery({"id": "1", "from": "bob", "text": "look"}))
        await inbox.read()
        [conversation] = await inbox.conversations.open()
        [message] = await inbox.conversations.messages(conversation.id)
        assert await inbox.attachment(message.id, Attachment(content=b"ours")) == b"ours"
        with pytest.raises(Unsupported, match="https://cdn.example/1"):
            await inbox.attachment(message.id, Attachment(url="https://cdn.example/1"))
