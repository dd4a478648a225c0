"""A file that somebody sends on the emulated Messenger: its bytes are where its webhook says, and an echo's as well."""

from __future__ import annotations

import httpx
import pytest

from omnichannel import Attachment, Inbox
from omnichannel.emulators.messenger import MessengerPage
from omnichannel.emulators.serving import Served


@pytest.mark.parametrize(
    ("media_type", "kind"), [("image/png", "image"), ("audio/mpeg", "audio"), ("application/pdf", "file")]
)
async def test_what_somebody_sends_is_fetched(media_type: str, kind: str) -> None:
    """Before, the page to play customer on offered no file on Messenger, and no address of one led anywhere."""
    with MessengerPage() as platform:
        async with Inbox("sqlite:///:memory:", [platform.channel("page")]) as inbox:
            with Served(inbox.asgi()) as hooks:
                platform.connect(f"{hooks.url}/page")
                platform.attach("Ann", "a lamp", media_type, b"what it holds")
                assert list(platform.push()) == [200]
                await inbox.work()
                [conversation] = await inbox.conversations.open()
                [message] = await inbox.conversations.messages(conversation.id)
                [part] = message.parts
                assert isinstance(part, Attachment)
                assert await inbox.attachment(message.id, part) == b"what it holds"
                assert platform.page.thread("Ann")[0].attachment == kind


async def test_what_we_sent_lies_where_its_echo_says() -> None:
    with MessengerPage() as platform:
        async with Inbox("sqlite:///:memory:", [platform.channel("page")]) as inbox:
            with Served(inbox.asgi()) as hooks:
                platform.connect(f"{hooks.url}/page")
                platform.write("Ann", "A bill, please")
                platform.push()
                await inbox.work()
                [conversation] = await inbox.conversations.open()
                bill = Attachment(name="bill.pdf", media_type="application/pdf", content=b"%PDF-1.4 20 euros")
                await inbox.conversations.reply(conversation.id, bill)
                await inbox.work()
        [echo] = [item for entry in platform.page.hook.waiting for item in entry["messaging"]]
        url = echo["message"]["attachments"][0]["payload"]["url"]
        assert httpx.get(url, trust_env=False).content == b"%PDF-1.4 20 euros"
        assert httpx.get(f"{platform.url}/files/nobody", trust_env=False).status_code == 404
