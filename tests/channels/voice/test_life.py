"""Over real sockets: people call the emulated Twilio, the inbox hears of it, calls back, and they hear that."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path

import httpx
import pytest

from omnichannel import Inbox, Message
from omnichannel.channel import Delivery
from omnichannel.channels.voice import Voice
from omnichannel.emulators.serving import Served
from omnichannel.emulators.twilio import Fault
from omnichannel.emulators.voice import Voice as Emulated
from omnichannel.errors import Unsupported, WireError
from omnichannel.model import Attachment, ContactCard, System, Text
from omnichannel.tls import trusted
from tests.channels.voice.given import ANNA, account, draft, exchange, webhook


@dataclass
class Stage:
    """An inbox with one number, and the platform around it."""

    platform: Emulated
    voice: Voice
    inbox: Inbox

    async def hear(self) -> list[int]:
        """Every call goes on as far as it can, and everything is worked on."""
        statuses = list(await asyncio.to_thread(self.platform.push))
        await self.inbox.work()
        return statuses

    async def called(self, who: str, **how) -> list[Message]:
        self.platform.call(who, **how)
        await self.hear()
        return await self.messages()

    async def messages(self) -> list[Message]:
        talks = await self.inbox.conversations.open()
        found = [one for talk in talks for one in await self.inbox.conversations.messages(talk.id)]
        return sorted(found, key=lambda message: message.received_at)

    async def sending(self, message: Message):
        (found,) = (await self.inbox.conversations.message(message.id)).sendings
        return found


@asynccontextmanager
async def stage(tmp_path: Path, **settings) -> AsyncIterator[Stage]:
    with Emulated() as platform:
        given: dict = {**platform.settings, "listens": False, "greeting": "Hello"} | settings
        voice = Voice("voice", **given)
        inbox = Inbox(f"sqlite:///{tmp_path / 'inbox.db'}", [voice])
        async with inbox:
            with Served(inbox.asgi()) as server:
                platform.connect(f"{server.url}/voice")
                voice.status_callback = platform.hook
                yield Stage(platform, voice, inbox)


def told(message: Message) -> dict[str, str]:
    """What happened, by its name."""
    return {part.what: part.text for part in message.parts if isinstance(part, System)}


async def test_a_call_that_leaves_a_message_is_one_message_with_everything(tmp_path: Path) -> None:
    async with stage(tmp_path, transcribe=True, thanks="Bye") as on:
        (message,) = await on.called("Anna", message="My parcel did not arrive")
        assert told(message) == {
            "call": "Incoming call, 3 s",
            "recording": "Voicemail, 1 s",
            "transcript": "Written down by a machine",
        }
        assert (message.text, message.strength) == ("My parcel did not arrive", "asserted")
        (file,) = (part for part in message.parts if isinstance(part, Attachment))
        assert await on.voice.download(file) == b"ID3My parcel did not arrive"
        assert on.platform.calls[0].heard == ["Hello", "Bye"]


async def test_a_call_that_says_nothing_ends(tmp_path: Path) -> None:
    async with stage(tmp_path) as on:
        (message,) = await on.called("Anna")
        assert told(message) == {"call": "Incoming call"}


async def test_whoever_waits_in_vain_leaves_a_message(tmp_path: Path) -> None:
    async with stage(tmp_path, then="queue", queue="sales") as on:
        (message,) = await on.called("Anna", message="Call me")
        assert told(message)["queue"] == "Waited 30 s in the queue: leave"
        assert told(message)["recording"].startswith("Voicemail")
        assert on.platform.calls[0].heard[:2] == ["Hello", "[sales]"]


async def test_who_asks_to_be_called_back_is_heard_and_can_be_called(tmp_path: Path) -> None:
    async with stage(tmp_path, callback_key="1", agent_number="+31203333333") as on:
        call, asked = await on.called("Anna", keys=["1"])
        assert told(asked) == {"callback_requested": f"Asks to be called back at {on.platform.phone('Anna')}"}
        assert asked.conversation == call.conversation
        reply = await on.inbox.conversations.reply(asked.conversation, System(what="callback"))
        await on.inbox.work()
        await on.hear()
        assert (await on.sending(reply)).status == "delivered"
        assert on.platform.shown("Anna") == ["[connected with +31203333333]"]


async def test_who_shows_no_number_types_one(tmp_path: Path) -> None:
    async with stage(tmp_path, callback_key="1", region="NL", ask_number="Your number?") as on:
        call, asked, typed = await on.called("Anna", keys=["1", "0687654321"], withheld=True)
        assert call.author
        assert call.author.address.value == on.platform.calls[0].sid
        assert told(asked) == {"callback_requested": "Asks to be called back, and shows no number"}
        assert told(typed) == {"callback_requested": "Asks to be called back at +31687654321"}
        (card,) = (part for part in typed.parts if isinstance(part, ContactCard))
        assert card.addresses[0].value == "+31687654321"
        assert "Your number?" in on.platform.calls[0].heard
        other = await on.called("Bo", withheld=True)
        assert len({message.conversation for message in other}) == 2, "nobody is not the same as nobody"


async def test_a_code_carries_a_conversation_over_to_the_telephone(tmp_path: Path) -> None:
    async with stage(tmp_path) as on:
        first = (await on.called("Anna", message="Hi"))[0]
        link = await on.inbox.conversations.continue_on(first.conversation, "voice")
        number, _, digits = link.partition(",,,")
        assert number == f"tel:{on.platform.number}"
        found = await on.called("Bo", keys=[digits])
        code = next(message for message in found if "code" in told(message))
        assert code.conversation == first.conversation
        assert "conversation.continued" in [one.what for one in await on.inbox.events()]


async def test_words_are_spoken_to_who_called(tmp_path: Path) -> None:
    async with stage(tmp_path) as on:
        (message,) = await on.called("Anna", message="Hi")
        reply = await on.inbox.conversations.reply(message.conversation, "Your order <12> & more arrive")
        await on.inbox.work()
        assert on.platform.shown("Anna") == ["Your order <12> & more arrive"]
        assert await on.hear() == [204, 204, 204]
        said = await on.inbox.conversations.message(reply.id)
        assert said.sendings[0].status == "delivered"
        assert said.text == "Your order <12> & more arrive"
        assert told(said) == {"call": f"Outgoing call, {on.platform.calls[-1].seconds} s"}
        assert len(await on.messages()) == 2


@pytest.mark.parametrize(("how", "reason"), [("busy", "busy"), ("absent", "no-answer")])
async def test_who_does_not_pick_up_was_not_reached(tmp_path: Path, how: str, reason: str) -> None:
    async with stage(tmp_path) as on:
        (message,) = await on.called("Anna", message="Hi")
        getattr(on.platform, how).add("Anna")
        reply = await on.inbox.conversations.reply(message.conversation, "Hello")
        await on.inbox.work()
        await on.hear()
        sending = await on.sending(reply)
        assert (sending.status, sending.detail) == ("failed", reason)


async def test_a_lost_answer_is_settled_by_the_callback(tmp_path: Path) -> None:
    async with stage(tmp_path) as on:
        (message,) = await on.called("Anna", message="Hi")
        on.platform.faults = [Fault(500, taken=True)]
        reply = await on.inbox.conversations.reply(message.conversation, "Hello")
        await on.inbox.send()
        assert (await on.sending(reply)).status == "unknown"
        await on.hear()
        sending = await on.sending(reply)
        assert (sending.status, sending.external_id) == ("delivered", on.platform.calls[-1].sid)
        assert len(await on.messages()) == 2


async def test_a_call_made_elsewhere_is_on_record(tmp_path: Path) -> None:
    """Somebody of ours called from an app: the customer's history has it."""
    async with stage(tmp_path) as on:
        fields = {
            "CallStatus": "completed",
            "Direction": "outbound-dial",
            "From": on.platform.number,
            "CallDuration": "9",
        }
        given = webhook(**fields, To=on.platform.phone("Anna"))
        for _ in range(2):
            await on.inbox.receive("voice", given.model_copy(update={"headers": proof(on.platform, given)}))
        await on.inbox.work()
        (message,) = await on.messages()
        assert (message.direction, told(message)["call"]) == ("outbound", "Outgoing call, 9 s")


def proof(platform: Emulated, delivery: Delivery) -> tuple[tuple[str, str], ...]:
    fields = dict(httpx.QueryParams(delivery.body.decode()))
    return (("X-Twilio-Signature", platform.signature(delivery.url, fields)),)


STEPS = (
    {"CallStatus": "ringing"},
    {"CallStatus": "in-progress", "SequenceNumber": "1", "Timestamp": "Fri, 20 Nov 2026 09:00:05 +0000",
     "CallbackSource": "call-progress-events"},
    {"CallStatus": "completed", "SequenceNumber": "2", "Timestamp": "Fri, 20 Nov 2026 09:00:05 +0000",
     "CallbackSource": "call-progress-events", "CallDuration": "42"},
    {"CallStatus": "", "From": "", "To": "", "RecordingSid": "RE1", "RecordingUrl": "https://x/r", "RecordingStatus": "completed"},
)  # fmt: skip


@pytest.mark.parametrize("order", list(permutations(range(4))))
async def test_in_whatever_order_webhooks_come_it_is_the_same_call(
    tmp_path: Path, order: tuple[int, ...]
) -> None:
    """T17, T20: each twice, in every order; the end stays the end, and the recording is there."""
    voice = account()
    inbox = Inbox("sqlite:///:memory:", [voice])
    async with inbox, stageless() as platform:
        for place in (*order, *reversed(order)):
            given = webhook(**STEPS[place])
            signed = given.model_copy(update={"headers": proof(platform, given)})
            voice._tokens = account(auth_token=platform.auth_token)._tokens
            await inbox.receive("voice", signed)
            await inbox.work()
        (talk,) = await inbox.conversations.open()
        (message,) = await inbox.conversations.messages(talk.id)
        assert told(message) == {"call": "Incoming call, 42 s", "recording": "Voicemail"}
        assert len([part for part in message.parts if isinstance(part, Attachment)]) == 1


@asynccontextmanager
async def stageless() -> AsyncIterator[Emulated]:
    with Emulated() as platform:
        yield platform


async def test_what_was_before_is_found_with_its_recordings() -> None:
    earlier = datetime.now(UTC) - timedelta(days=3)
    with Emulated(clock=lambda: earlier) as platform:
        voice = platform.channel()
        platform.connect("http://127.0.0.1:1/voice")
        call = platform.call("Anna", message="Hi")
        call.status = "completed"
        call.recordings.append({"sid": "RE1", "call_sid": call.sid, "status": "completed", "duration": "7", "source": "RecordVerb", "day": call.day})  # fmt: skip
        (to, own) = voice.histories(earlier)
        batch = await to.fetch("")
        (received, _, recording) = [event for one in batch.deliveries for event in voice.parse(one)]
        assert received.external_id == call.sid
        assert recording.targets == (call.sid,)
        assert recording.parts[1].url == f"{voice.edge}/Recordings/RE1.mp3"
        assert not batch.more
        assert (await own.fetch("")).deliveries == ()
        no_number = account(number="", host=platform.url)
        assert [source.name for source in no_number.histories(earlier)] == ["calls-all"]


async def test_an_exchanges_file_is_read_in_pieces_of_whole_rows(tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    rows = [f"2026-11-20 09:{count % 60:02}:00,+316{count:08},100,{count}\n" for count in range(30_000)]
    path.write_text("start,from,to,duration\n" + "".join(rows))
    pbx = exchange(records=str(path))
    (source,) = pbx.histories(datetime.now(UTC))
    assert source.name == "calls.csv"
    cursor, more, found, looks = "", True, [], 0
    while more:
        batch = await source.fetch(cursor)
        found += [event for one in batch.deliveries for event in pbx.parse(one)]
        cursor, more, looks = batch.cursor, batch.more, looks + 1
    assert looks > 1
    assert len({event.external_id for event in found}) == len(found) == 30_000
    assert (await source.fetch(cursor)).deliveries == ()
    with path.open("a") as file:
        file.write("2026-11-21 09:00:00,+31612345678,100,5\n")
    (again,) = (await source.fetch(cursor)).deliveries
    assert [event.event for event in pbx.parse(again)] == ["received"]
    path.unlink()
    with pytest.raises(WireError, match="calls.csv"):
        await source.fetch("")
    await source.wait(0)
    await source.close()


async def test_doctor_looks_at_both_addresses_of_the_number() -> None:
    with Emulated() as platform:
        platform.connect("https://your.host/hooks/voice")
        assert [finding.ok for finding in await platform.channel().check()] == [True, True, True]
    (records,) = await exchange().check()
    (none,) = await Voice.bare().check()
    assert (records.ok, none.ok) == (True, False)


def test_an_exchange_can_neither_be_called_nor_called_with() -> None:
    with pytest.raises(Unsupported, match="exchange"):
        exchange().render(draft(Text(text="Hi")))
    with pytest.raises(Unsupported, match="number"):
        exchange().start_link("oct" + "a" * 26)
    assert exchange(number="+31201234567").own_address is not None


@pytest.mark.parametrize(
    ("settings", "part", "words"),
    [
        ({"number": ""}, Text(text="Hi"), "number to show"),
        ({}, System(what="callback"), "agent_number"),
        ({}, Attachment(url="https://x/a.mp3", media_type="audio/mpeg"), "cannot carry"),
        ({}, Text(text=" "), "nothing"),
    ],
)
def test_what_cannot_be_called_says_what_is_missing(settings: dict, part, words: str) -> None:
    with pytest.raises(Unsupported, match=words):
        account(**settings).render(draft(part))


def test_somebody_of_another_channel_cannot_be_called() -> None:
    from omnichannel.model import Address, Party

    for address in (Address(kind="email", value="a@b.nl"), Address(kind="voice", value="101")):
        with pytest.raises(Unsupported):
            account().render(draft(Text(text="Hi"), to=Party(address=address)))
    assert account().render(draft(Text(text="Hi"), to=ANNA))


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"To": "+31612345678", "From": "+31600000000", "Twiml": "<Response/>"}, 21210),
        ({"To": "112", "From": "+31201234567", "Twiml": "<Response/>"}, 21217),
        ({"To": "+31612345678", "From": "+31201234567"}, 21205),
        ({"To": "+31612345678", "From": "+31201234567", "Twiml": "x" * 4001}, 21205),
    ],
)
def test_the_emulated_platform_refuses_what_the_real_one_does(fields: dict[str, str], code: int) -> None:
    with Emulated() as platform, httpx.Client(trust_env=False, verify=trusted()) as client:
        url = f"{platform.url}/2010-04-01/Accounts/{platform.account_sid}/Calls.json"
        answer = client.post(url, data=fields, auth=(platform.account_sid, platform.auth_token))
        assert (answer.status_code, answer.json()["code"]) == (400, code)
