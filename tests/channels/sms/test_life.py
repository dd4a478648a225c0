"""Over real sockets: the emulated Twilio tells the inbox, the inbox answers, the person reads it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from omnichannel import Inbox, Message
from omnichannel.channel import Delivery
from omnichannel.channels.sms import Sms
from omnichannel.emulators.serving import Served
from omnichannel.emulators.sms import Sms as Emulated
from omnichannel.emulators.twilio import Fault
from omnichannel.errors import FetchError, Unsupported, WireError
from omnichannel.model import Attachment
from omnichannel.tls import trusted

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@dataclass
class Stage:
    """An inbox with one number, and the platform around it."""

    platform: Emulated
    sms: Sms
    inbox: Inbox

    async def hear(self) -> list[int]:
        """Everything that is on its way arrives and is worked on."""
        statuses = list(await asyncio.to_thread(self.platform.push))
        await self.inbox.work()
        return statuses

    async def heard(self, who: str, text: str, **more) -> Message:
        self.platform.write(who, text, **more)
        await self.hear()
        return (await self.messages())[-1]

    async def messages(self) -> list[Message]:
        found = [
            one
            for talk in await self.inbox.conversations.open()
            for one in await self.inbox.conversations.messages(talk.id)
        ]
        return sorted(found, key=lambda message: message.received_at)


@asynccontextmanager
async def stage(tmp_path: Path, **how) -> AsyncIterator[Stage]:
    with Emulated(**how) as platform:
        sms = platform.channel()
        assert isinstance(sms, Sms)
        inbox = Inbox(f"sqlite:///{tmp_path / 'inbox.db'}", [sms])
        async with inbox:
            with Served(inbox.asgi()) as server:
                platform.connect(f"{server.url}/sms")
                sms.status_callback = platform.hook
                yield Stage(platform, sms, inbox)


async def test_there_and_back_with_everything_that_becomes_of_it(tmp_path: Path) -> None:
    async with stage(tmp_path) as on:
        message = await on.heard("Anna", "Où est ma commande? 👍")
        assert (message.text, message.strength) == ("Où est ma commande? 👍", "verified")
        reply = await on.inbox.conversations.reply(message.conversation, "It is on its way & arrives today")
        await on.inbox.work()
        assert on.platform.shown("Anna") == ["It is on its way & arrives today"]
        assert (await on.inbox.conversations.message(reply.id)).sendings[0].status == "sent"
        assert await on.hear() == [204, 204]
        assert (await on.inbox.conversations.message(reply.id)).sendings[0].status == "delivered"


async def test_what_was_told_before_is_not_told_again(tmp_path: Path) -> None:
    async with stage(tmp_path) as on:
        on.platform.write("Anna", "Hi")
        pending = list(on.platform._pending)
        await on.hear()
        on.platform._pending = pending * 2
        assert await on.hear() == [200, 200]
        assert len(await on.messages()) == 1


async def test_what_is_not_taken_comes_again(tmp_path: Path) -> None:
    async with stage(tmp_path) as on:
        hook, on.platform.hook = on.platform.hook, "http://127.0.0.1:1/sms"
        on.platform.write("Anna", "Hi")
        assert await on.hear() == [0]
        on.platform.hook = hook
        assert await on.hear() == [200]
        assert [message.text for message in await on.messages()] == ["Hi"]


async def test_another_account_is_not_let_in(tmp_path: Path) -> None:
    async with stage(tmp_path) as on:
        on.platform.auth_token = "another"
        on.platform.write("Anna", "Hi")
        assert await on.hear() == [401]


async def test_pictures_are_fetched_with_our_credentials_from_twilio_alone(tmp_path: Path) -> None:
    async with stage(tmp_path) as on:
        message = await on.heard(
            "Anna", "Look", files=[("image/png", b"\x89PNG one"), ("image/jpeg", b"two")]
        )
        files = [part for part in message.parts if isinstance(part, Attachment)]
        assert [await on.sms.download(file) for file in files] == [b"\x89PNG one", b"two"]
        on.sms.host = "https://api.twilio.com"
        with pytest.raises(FetchError):
            await on.sms.download(files[0])
        with pytest.raises(Unsupported):
            await on.sms.download(Attachment(name="a"))


async def test_who_said_stop_is_on_record_and_not_written_to(tmp_path: Path) -> None:
    async with stage(tmp_path) as on:
        on.platform.advanced = True
        message = await on.heard("Anna", "STOP")
        happened = [one.what for one in await on.inbox.events()]
        assert "channel.opted_out" in happened
        reply = await on.inbox.conversations.reply(message.conversation, "Sorry to see you go")
        await on.inbox.work()
        (sending,) = (await on.inbox.conversations.message(reply.id)).sendings
        assert (sending.status, "21610" in sending.detail) == ("failed", True)
        await on.heard("Anna", "START")
        assert "channel.opted_in" in [one.what for one in await on.inbox.events()]
        await on.inbox.conversations.reply(message.conversation, "Welcome back")
        await on.inbox.work()
        assert on.platform.shown("Anna") == ["Welcome back"]


async def test_nobody_is_reached_and_the_status_says_why(tmp_path: Path) -> None:
    async with stage(tmp_path) as on:
        message = await on.heard("Bo", "Hi")
        on.platform.gone.add("Bo")
        reply = await on.inbox.conversations.reply(message.conversation, "Hello")
        await on.inbox.work()
        await on.hear()
        (sending,) = (await on.inbox.conversations.message(reply.id)).sendings
        assert (sending.status, sending.detail) == ("failed", "30003: the phone is off or out of reach")


async def test_an_answer_that_was_lost_is_settled_by_the_status(tmp_path: Path) -> None:
    """The address for statuses names the call: what arrived is known, and nothing is sent twice."""
    async with stage(tmp_path) as on:
        message = await on.heard("Anna", "Hi")
        on.platform.faults = [Fault(502, taken=True)]
        reply = await on.inbox.conversations.reply(message.conversation, "Hello")
        await on.inbox.send()
        assert (await on.inbox.conversations.message(reply.id)).sendings[0].status == "unknown"
        await on.hear()
        (sending,) = (await on.inbox.conversations.message(reply.id)).sendings
        assert (sending.status, sending.external_id) == ("delivered", on.platform.texts[-1].sid)
        assert on.platform.shown("Anna") == ["Hello"]


async def test_too_fast_is_sent_later(tmp_path: Path) -> None:
    async with stage(tmp_path) as on:
        message = await on.heard("Anna", "Hi")
        on.platform.faults = [Fault(429, 20429, headers={"retry-after": "1"})]
        reply = await on.inbox.conversations.reply(message.conversation, "Hello")
        await on.inbox.work()
        assert (await on.inbox.conversations.message(reply.id)).sendings[0].status == "queued"
        assert on.platform.shown("Anna") == []


def calendar() -> Callable[[], datetime]:
    """A clock that goes on by two days whenever it is looked at, and stops at today's date."""
    moment = datetime.now(UTC) - timedelta(days=40)

    def look() -> datetime:
        nonlocal moment
        moment = min(moment + timedelta(days=2), datetime.now(UTC))
        return moment

    return look


async def everything(source) -> list[Delivery]:
    """What a source brings from its beginning to its end, the cursor kept in between."""
    found: list[Delivery] = []
    cursor, more = "", True
    while more:
        batch = await source.fetch(cursor)
        found += batch.deliveries
        cursor, more = batch.cursor, batch.more
    return found


async def test_what_was_written_before_is_found_in_order_page_by_page() -> None:
    with Emulated(page_size=2, clock=calendar()) as platform:
        sms = platform.channel()
        sent = [platform.write("Anna", f"number {count}") for count in range(7)]
        sent.append(platform.write("Anna", "picture", files=[("image/png", b"x")]))
        (to, own) = sms.histories(datetime.now(UTC) - timedelta(days=60))
        events = [event for delivery in await everything(to) for event in sms.parse(delivery)]
        assert [event.external_id for event in events] == sent
        assert all(event.sent_at for event in events)
        picture = next(part for part in events[-1].parts if isinstance(part, Attachment))
        assert await sms.download(picture) == b"x"
        assert await everything(own) == []
        assert {to.name, own.name} == {"messages-to", "messages-from"}
        await to.close()
        await to.wait(0)


async def test_history_goes_on_where_it_was_and_says_what_is_wrong() -> None:
    with Emulated(clock=calendar()) as platform:
        sms = platform.channel()
        for count in range(6):
            platform.write("Anna", f"number {count}")
        (source, _) = sms.histories(datetime.now(UTC) - timedelta(days=60))
        first = await source.fetch("")
        assert first.more
        again = [delivery.body for delivery in await everything(source)]
        rest: list[bytes] = []
        cursor, more = first.cursor, True
        while more:
            batch = await source.fetch(cursor)
            rest += [delivery.body for delivery in batch.deliveries]
            cursor, more = batch.cursor, batch.more
        assert [*(delivery.body for delivery in first.deliveries), *rest] == again
        platform.auth_token = "another"
        with pytest.raises(WireError, match="HTTP 401"):
            await source.fetch("")
        sms.host = "http://127.0.0.1:1"
        with pytest.raises(WireError, match="did not answer"):
            await source.fetch("")


async def test_doctor_says_what_is_wrong_and_how_to_mend_it() -> None:
    with Emulated() as platform:
        platform.connect("https://your.host/hooks/sms")
        assert [finding.ok for finding in await platform.channel().check()] == [True, True]
        sms = platform.channel()
        sms.status_callback = "https://your.host/other"
        (_, webhook) = await sms.check()
        assert (webhook.ok, "https://your.host/other" in webhook.cure) == (False, True)
        platform.hook = ""
        (_, webhook) = await sms.check()
        assert "sms_url" in webhook.cure
        sms.number = "+31200000000"
        (_, webhook) = await sms.check()
        assert "not a number of this account" in webhook.what
        sms.number = "SHOP"
        assert len(await sms.check()) == 1
        platform.auth_token = "another"
        (credentials,) = await sms.check()
        assert "not accepted" in credentials.what
        sms.host = "http://127.0.0.1:1"
        (unreachable,) = await sms.check()
        assert "did not answer" in unreachable.what
        (none,) = await Sms.bare().check()
        assert none.cure


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"From": "+31201234567", "Body": "x"}, 21604),
        ({"To": "0612345678", "From": "+31201234567", "Body": "x"}, 21211),
        ({"To": "+31612345678", "From": "+31600000000", "Body": "x"}, 21606),
        ({"To": "+31612345678", "From": "+31201234567"}, 21602),
        ({"To": "+31612345678", "From": "+31201234567", "Body": "x" * 1601}, 21617),
        ({"To": "+31612345678", "From": "+31201234567", "MediaUrl": "a.png"}, 21620),
    ],
)
def test_the_emulated_platform_refuses_what_the_real_one_does(fields: dict[str, str], code: int) -> None:
    with Emulated() as platform, httpx.Client(trust_env=False, verify=trusted()) as client:
        url = f"{platform.url}/2010-04-01/Accounts/{platform.account_sid}/Messages.json"
        answer = client.post(url, data=fields, auth=(platform.account_sid, platform.auth_token))
        assert (answer.status_code, answer.json()["code"]) == (400, code)
        assert client.post(url, data=fields).status_code == 401
        assert client.get(f"{url}x", auth=(platform.account_sid, platform.auth_token)).status_code == 404
