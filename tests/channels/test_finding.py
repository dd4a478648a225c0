"""Asking platforms what became of a call in doubt: over real sockets, without any webhook that would say so first."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from pathlib import Path
from urllib.parse import urlencode

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from omnichannel import Inbox, Message, Rules
from omnichannel.channel import Call, Channel
from omnichannel.channels.letter import Letter
from omnichannel.channels.voice import Voice
from omnichannel.channels.whatsapp import WhatsApp
from omnichannel.emulators.email import Provider as Mail
from omnichannel.emulators.emulator import Emulator
from omnichannel.emulators.letter import Fault as PostFault
from omnichannel.emulators.letter import Post
from omnichannel.emulators.serving import Served
from omnichannel.emulators.x import Fault as XFault
from omnichannel.emulators.x_platform import Platform as XPlatform
from omnichannel.errors import Busy, OmnichannelError
from omnichannel.model import Address, Doubt, Draft, Party, Sent, Template, Text
from omnichannel.plugins import EMULATORS, channel_class, offered
from tests.engines import HandClock

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
DOUBT = Doubt(to=Address(kind="phone", value="+31612000001"), since=NOON)


# ------------------------------------------------------------------------------------------- answers


@contextmanager
def answering(kind: str, status: int, body: str, **headers: str) -> Iterator[Channel]:
    """An account at a platform that always answers the same."""

    async def endpoint(_request: Request) -> Response:
        return Response(body, status, headers, "application/json")

    settings = offered(EMULATORS, kind, Emulator)  # type: ignore[type-abstract]
    app = Starlette(routes=[Route("/{path:path}", endpoint, methods=["GET", "POST"])])
    with settings() as emulator, Served(app) as served:
        yield channel_class(kind)(kind, **{**emulator.settings, "host": served.url})


def question(kind: str, channel: Channel) -> tuple[Call, Doubt]:
    """A call of this kind, and whom it was for."""
    edge = getattr(channel, "edge", "https://api.x.com")
    own = channel.own_address
    scope = own.scope or own.value if own else ""
    to = Address(kind=kind, scope=scope if kind != "x" else "", value="2000000000000001")
    form = urlencode({"To": "+31612000001", "From": "+31201234567", "Body": "Hi"}).encode()
    calls = {
        "facebook": Call(url=f"{edge}/1_2/comments", text="Hi"),
        "instagram": Call(url=f"{edge}/1/messages", text="Hi"),
        "messenger": Call(url=f"{edge}/1/messages", text="Hi"),
        "sms": Call(url=f"{edge}/Messages.json", body=form, text="Hi"),
        "voice": Call(url=f"{edge}/Calls.json", body=form, text="Hi"),
        "x": Call(
            url=f"{edge}/2/tweets", body=b'{"text": "Hi", "reply": {"in_reply_to_tweet_id": "1"}}', text="Hi"
        ),
    }
    return calls[kind], Doubt(to=to, since=NOON)


HTTP = ("facebook", "instagram", "messenger", "sms", "voice", "x")


@pytest.mark.parametrize("kind", HTTP)
async def test_a_platform_that_is_asked_too_often_says_how_long_to_wait(kind: str) -> None:
    with answering(kind, 429, "{}", **{"retry-after": "45"}) as channel, pytest.raises(Busy) as told:
        await channel.find(*question(kind, channel))
    assert told.value.after == 45


@pytest.mark.parametrize("kind", HTTP)
@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, "<html>"),
        (401, "{}"),
        (200, ""),
        (200, "[]"),
        (200, "{"),
        (
            200,
            '{"data": [null, 1, {"id": 5, "messages": {"data": ["x", {}]}}], "messages": [1, {"sid": 3}], "calls": {}}',
        ),
    ],
)
async def test_an_answer_that_is_none_proves_nothing(kind: str, status: int, body: str) -> None:
    """It raises one of ours, or says that it does not know."""
    with answering(kind, status, body) as channel:
        try:
            found = await channel.find(*question(kind, channel))
        except OmnichannelError:
            return
    assert found is None


@pytest.mark.parametrize("kind", HTTP)
async def test_a_platform_that_is_not_there_raises(kind: str) -> None:
    with answering(kind, 200, "{}") as channel:
        asked = question(kind, channel)
    with pytest.raises(Exception):  # noqa: B017, PT011 - whatever the wire raises: it is no answer
        await channel.find(*asked)


@pytest.mark.parametrize(
    ("body", "files", "found"), [("Hi", "0", False), ("", "2", False), ("", "1", True), ("", "0", True)]
)
async def test_a_picture_is_not_taken_for_another_text_to_the_same_person(
    body: str, files: str, *, found: bool
) -> None:
    """The fields of a message: https://www.twilio.com/docs/messaging/api/message-resource (`body`, `num_media`)."""
    listed = {
        "sid": "SM1", "direction": "outbound-api", "to": "+31612000001", "from": "+31201234567", "body": body,
        "num_media": files, "date_created": "Fri, 20 Nov 2026 12:00:01 +0000",
    }  # fmt: skip
    form = urlencode({"To": "+31612000001", "From": "+31201234567", "MediaUrl": "https://shop.example/a.png"})
    with answering("sms", 200, json.dumps({"messages": [listed]})) as channel:
        edge = channel.edge  # type: ignore[attr-defined]
        call = Call(url=f"{edge}/Messages.json", body=form.encode(), text="https://shop.example/a.png")
        assert await channel.find(call, DOUBT) == (Sent(external_id="SM1") if found else None)


# ---------------------------------------------------------------------------------- wires of their own


async def first_heard(inbox: Inbox, platform: Emulator) -> str:
    """Somebody writes; the conversation."""
    platform.write("Anna", "Hello?")
    await asyncio.to_thread(platform.push)
    await inbox.poll()
    await inbox.work()
    (conversation,) = await inbox.conversations.open()
    return conversation.id


async def sent(inbox: Inbox, message: Message) -> Message:
    while await inbox.send():
        pass
    return await inbox.conversations.message(message.id)


@pytest.mark.parametrize("folder", ["Sent", ""])
async def test_a_mail_is_found_where_the_provider_keeps_it(folder: str) -> None:
    """Where it keeps none, or the mail was lost before it was taken, nobody can say."""
    with Mail() as mail:
        mail.server.sent = folder
        async with Inbox("sqlite:///:memory:", [mail.channel()]) as inbox:
            talk = await first_heard(inbox, mail)
            for cut in ("taken", "lost"):
                mail.server.cuts.append(cut)
                said = await sent(inbox, await inbox.conversations.reply(talk, cut))
                assert said.sendings[0].status == "unknown"
                await inbox.ask()
                (sending,) = (await inbox.conversations.message(said.id)).sendings
                assert sending.status == ("sent" if cut == "taken" and folder else "unknown")
    assert mail.shown("Anna") == ["taken"]


async def test_a_mail_that_is_sent_once_more_is_the_same_mail(clock: HandClock) -> None:
    """To the byte, and so under the same Message-ID: most mailboxes show it once."""
    with Mail() as mail:
        mail.server.sent = ""
        rules = Rules(in_doubt="resend")
        async with Inbox("sqlite:///:memory:", [mail.channel()], clock=clock, rules=rules) as inbox:
            talk = await first_heard(inbox, mail)
            mail.server.cuts.append("taken")
            said = await sent(inbox, await inbox.conversations.reply(talk, "On its way"))
            clock.advance(seconds=601)
            await inbox.work()
            (sending,) = (await inbox.conversations.message(said.id)).sendings
        assert (sending.status, sending.possible_duplicate) == ("sent", True)
        one, two = mail.server.outbox
    assert one.body == two.body
    assert message_from_bytes(one.body)["Message-ID"] == sending.external_id


async def test_x_refuses_the_same_words_and_is_asked_once_more(clock: HandClock) -> None:
    """The first attempt is there, and X showed it late: sent once more it is refused, found, and there once."""
    with XPlatform(clock=clock.now) as x:
        channel = channel_class("x")("x", **{**x.settings, "poll": ()})
        rules = Rules(in_doubt="resend")
        async with Inbox("sqlite:///:memory:", [channel], clock=clock, rules=rules) as inbox:
            with Served(inbox.asgi()) as server:
                await asyncio.to_thread(x.connect, f"{server.url}/x")
                talk = await first_heard(inbox, x)
                x.network.faults.append(XFault(502, taken=True))
                said = await sent(inbox, await inbox.conversations.reply(talk, "On its way"))
                x.network.left["posts"] = 0  # no list is shown for now
                clock.advance(seconds=901)
                await inbox.ask()
                assert (await sent(inbox, said)).sendings[0].detail.startswith("the second time: duplicate")
                x.network.left.clear()
                clock.advance(seconds=901)
                await inbox.work()
                (sending,) = (await inbox.conversations.message(said.id)).sendings
        assert (sending.status, sending.possible_duplicate) == ("sent", False)
        assert sending.external_id == x.network.posts[-1].id
        assert x.shown("Anna") == ["On its way"]


async def test_a_direct_message_on_x_is_found_in_its_conversation(clock: HandClock) -> None:
    """The same words to the same person before it, and to another one, are not it."""
    with XPlatform(clock=clock.now) as x:
        channel = channel_class("x")("x", **{**x.settings, "poll": ()})
        async with Inbox("sqlite:///:memory:", [channel], clock=clock) as inbox:
            with Served(inbox.asgi()) as server:
                await asyncio.to_thread(x.connect, f"{server.url}/x")
                for who in ("Anna", "Bob"):
                    x.network.dm(x.user(who), f"I am {who}", x.network.account)
                    await asyncio.to_thread(x.push)
                    await inbox.work()
                anna, bob = [one.id for one in await inbox.conversations.open()]
                for talk in (anna, bob):
                    await sent(inbox, await inbox.conversations.reply(talk, "Yes"))
                for taken in (True, False):
                    clock.advance(seconds=10)
                    x.network.faults.append(XFault(502, taken=taken))
                    said = await sent(inbox, await inbox.conversations.reply(anna, "Yes"))
                    await inbox.ask()
                    (sending,) = (await inbox.conversations.message(said.id)).sendings
                    assert sending.status == ("sent" if taken else "unknown")
                    if taken:
                        assert sending.external_id == x.network.dms[-1].id
        assert x.shown("Anna") == ["Yes", "Yes"]


async def test_a_letter_is_asked_about_at_pingen(clock: HandClock) -> None:
    """Sent, it is; still waiting it may be sent this moment, which proves nothing; and it is never sent again by itself."""
    with Post(clock=clock.now) as post:
        rules = Rules(in_doubt="resend")
        async with Inbox("sqlite:///:memory:", [post.channel()], clock=clock, rules=rules) as inbox:
            talk = await first_heard(inbox, post)
            for taken in (True, False):
                # The wire looks once more by itself: that answer is lost as well.
                said = await inbox.conversations.reply(talk, f"taken: {taken}")
                (make,) = await inbox.lease_calls(1)
                await inbox.make_call(make)
                (letter,) = [one for one in post.prints.values() if one.status == "valid"]
                post.faults += [PostFault("/send", 502, taken=taken)]
                _lose_the_second_look(post, letter.id)
                said = await sent(inbox, said)
                assert said.sendings[-1].status == "unknown"
                await inbox.ask()
                (sending,) = (await inbox.conversations.message(said.id)).sendings
                assert sending.status == ("sent" if taken else "unknown")
            clock.advance(days=2)
            await inbox.work()
            assert (await inbox.conversations.message(said.id)).sendings[0].status == "unknown"
        assert len(post.shown("Anna")) == 1


def _lose_the_second_look(post: Post, letter: str) -> None:
    """The answer to the first look at a letter after its sending was asked for gets lost."""

    class Later(list[PostFault]):
        """Once the sending was asked for, the next look at the letter finds nobody."""

        def remove(self, fault: PostFault) -> None:
            super().remove(fault)
            if fault.path == "/send":
                self.append(PostFault(f"/{letter}", 502))

    post.faults = Later(post.faults)


async def test_a_letter_in_the_outgoing_folder_is_there(tmp_path: Path) -> None:
    """Whole, or it proves nothing: somebody may have taken it out."""
    channel = Letter("letter", address="De Ketting, Kerkstraat 1, 3511 LX Utrecht", outbox=str(tmp_path))
    call = Call(method="FILE", url="file:///2026-11-20-A.pdf", body=b"%PDF whole", correlator="A")
    assert await channel.find(call, DOUBT) is None
    (tmp_path / "2026-11-20-A.pdf").write_bytes(b"%PDF")
    assert await channel.find(call, DOUBT) is None
    (tmp_path / "2026-11-20-A.pdf").write_bytes(b"%PDF whole")
    assert await channel.find(call, DOUBT) == Sent(external_id="A", detail="2026-11-20-A.pdf")


# -------------------------------------------------------------------------------------- what costs each time


def draft(*parts: Text | Template, kind: str = "phone", value: str = "+31612000001") -> Draft:
    to = Party(address=Address(kind=kind, value=value))
    return Draft(id="m1", to=to, parts=parts, created_at=NOON, heard_at=NOON - timedelta(minutes=1))


def costly(make: Callable[[], Channel], said: Draft) -> list[bool]:
    return [call.once for call in make().render(said) if not call.prepares]


def test_letters_calls_and_templates_are_never_sent_again_by_themselves() -> None:
    """Each costs, and each is noticed; an ordinary WhatsApp message is not paid for."""
    number = {"account_sid": "AC1", "auth_token": "t", "number": "+31201234567"}
    assert costly(lambda: Voice("voice", **number), draft(Text(text="Hello"))) == [True]  # type: ignore[arg-type]
    assert costly(WhatsApp.bare, draft(Template(name="hello", language="en"))) == [True]
    assert costly(WhatsApp.bare, draft(Text(text="Hello"))) == [False]
    letter = draft(Text(text="Hello"), kind="letter", value="a bakker, voorstraat 1, 3512AB utrecht, NL")
    assert costly(
        lambda: Letter("l", address="De Ketting, Kerkstraat 1, 3511 LX Utrecht", outbox="."), letter
    ) == [True]
