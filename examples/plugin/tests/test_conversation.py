"""Over real sockets: LINE delivers, the inbox reads and answers, people see it; and what LINE is asked beside."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from omnichannel import Inbox, Incoming
from omnichannel.emulators.serving import Served
from omnichannel.errors import FetchError, Unsupported
from omnichannel.http import HttpSender
from omnichannel.model import Address, Attachment, Choice, Draft, Option, Party, Text

from omnichannel_line import Line
from omnichannel_line.emulator import Fault, OfficialAccount


class Shop:
    """An inbox that greets everybody, behind a web server, and the LINE that delivers to it."""

    def __init__(self, line: OfficialAccount, inbox: Inbox) -> None:
        self.line, self.inbox = line, inbox

    async def settle(self, seconds: float = 0.0) -> None:
        self.line.push()
        await self.inbox.work()
        # What was put off for some seconds is due again after them.
        for _ in range(2 if seconds else 0):
            await asyncio.sleep(seconds)
            await self.inbox.work()

    async def message(self, number: int):
        [conversation] = await self.inbox.conversations.open()
        return (await self.inbox.conversations.messages(conversation.id))[number]


def within(test: Callable[[Shop], Awaitable[None]], *parts: object, **how: object) -> None:
    """Run a conversation in which everybody is answered with these parts (or a greeting)."""

    async def run() -> None:
        with OfficialAccount(**how) as line:
            async with Inbox("sqlite:///:memory:", [line.channel()]) as inbox:

                @inbox.on_message
                async def answer(incoming: Incoming) -> None:
                    await incoming.reply(list(parts) or f"Hello {incoming.customer.name or 'you'}!")

                with Served(inbox.asgi()) as web:
                    line.connect(f"{web.url}/line")
                    await test(Shop(line, inbox))

    asyncio.run(run())


def test_a_conversation_there_and_back() -> None:
    """In by webhook, out by push, and LINE knows the person's name."""

    async def talk(shop: Shop) -> None:
        shop.line.write("Ann", "Where is my order?")
        await shop.settle()
        assert shop.line.shown("Ann") == ["Hello Ann!"]
        assert [sent.status for sent in (await shop.message(1)).sendings] == ["sent"]
        assert shop.line.used == 1

    within(talk)


def test_a_group_is_answered_as_a_whole() -> None:
    """Each of two people in a group has a conversation, and both answers are said in the group."""

    async def talk(shop: Shop) -> None:
        shop.line.write("Ann", "Hello all", group="Club")
        shop.line.write("Bob", "Hello Ann", group="Club")
        await shop.settle()
        assert shop.line.seen_in("Club") == ["Hello Ann!", "Hello Bob!"]
        assert shop.line.shown("Ann") == []
        assert [one.messages for one in await shop.inbox.conversations.open()] == [2, 2]

    within(talk)


def test_a_group_reads_nothing_private() -> None:
    """A private answer to what somebody wrote in a group goes to them, although the group's reply token is fresh."""

    async def talk(shop: Shop) -> None:
        shop.line.write("Ann", "Where is my order?", group="Club")
        await shop.settle()
        [conversation] = await shop.inbox.conversations.open()
        [heard, _] = await shop.inbox.conversations.messages(conversation.id)
        assert heard.public
        await shop.inbox.conversations.reply(conversation.id, "At your door, Main Street 1", public=False)
        await shop.settle()
        assert shop.line.shown("Ann") == ["At your door, Main Street 1"]
        assert shop.line.seen_in("Club") == ["Hello Ann!"]
        with pytest.raises(Unsupported, match="chat with one person"):
            await shop.inbox.conversations.signal(conversation.id)

    within(talk, replies=True)


def test_a_redelivery_is_known() -> None:
    """What was not answered with 200 comes again, marked, and is answered once; so is what came twice."""

    async def talk(shop: Shop) -> None:
        right, shop.line.channel_secret = shop.line.channel_secret, "another"
        shop.line.write("Ann", "Where is my order?")
        assert list(shop.line.push()) == [401]
        shop.line.channel_secret = right
        again = shop.line._pending[:]
        assert again[0]["deliveryContext"] == {"isRedelivery": True}
        await shop.settle()
        shop.line._pending += again
        await shop.settle()
        assert shop.line.shown("Ann") == ["Hello Ann!"]

    within(talk)


def test_a_quote_points_both_ways() -> None:
    """They quote us by the id that the push was answered with; we quote them by the token that they sent along."""

    async def talk(shop: Shop) -> None:
        first = shop.line.write("Ann", "Where is my order?")
        await shop.settle()
        ours = shop.line.chat("Ann").messages[0]["id"]
        shop.line.write("Ann", "What?", quoting=str(ours))
        await shop.settle()
        assert (await shop.message(2)).reply_to == ours
        assert first != ours

    within(talk)


def test_unsending_takes_the_words_away() -> None:
    """LINE asks that what was unsent is no longer shown."""

    async def talk(shop: Shop) -> None:
        message = shop.line.write("Ann", "My PIN is 1234")
        await shop.settle()
        shop.line.unsend("Ann", message)
        await shop.settle()
        assert ((await shop.message(0)).text, (await shop.message(0)).deleted) == ("", True)

    within(talk)


def test_a_tap_brings_back_the_value() -> None:
    """Buttons are shown, and a tap is a message of its own."""

    async def talk(shop: Shop) -> None:
        shop.line.write("Ann", "Hi")
        await shop.settle()
        [shown] = shop.line.chat("Ann").messages
        assert "quickReply" in shown
        shop.line.tap("Ann", "colour=red")
        await shop.settle()
        [chosen] = (await shop.message(2)).parts
        assert isinstance(chosen, Choice)
        assert chosen.chosen == Option(title="colour=red", value="colour=red")

    within(talk, Text(text="Which one?"), Choice(options=(Option(title="Red", value="colour=red"),)))


@pytest.mark.parametrize("fault", [Fault(500), Fault(500, taken=True), Fault(503, taken=True)])
def test_in_doubt_a_push_is_made_again_and_arrives_once(fault: Fault) -> None:
    """That is what the retry key is for: LINE answers the repetition with 409, and that is a success."""

    async def send() -> None:
        with OfficialAccount() as line:
            channel = line.channel()
            sender = HttpSender(channel)
            [call] = channel.render(to(line, "Ann", "Hello"))
            assert call.repeatable
            line.faults = [fault]
            outcomes = [channel.read(call, await sender.send(call)).outcome for _ in range(2)]
            assert outcomes == ["unknown", "sent"]
            assert line.shown("Ann") == ["Hello"]
            await sender.close()

    asyncio.run(send())


def to(line: OfficialAccount, who: str, text: str, **more: object) -> Draft:
    from datetime import UTC, datetime

    there = Party(address=Address(kind="line", scope=line.bot_id, value=line.chat(who).id))
    values = {
        "id": "0199",
        "to": there,
        "parts": (Text(text=text),),
        "created_at": datetime(2026, 11, 20, tzinfo=UTC),
    }
    return Draft.model_validate(values | more)


def test_replies_are_not_counted() -> None:
    """Within a minute the answer goes by the reply token."""

    async def talk(shop: Shop) -> None:
        shop.line.write("Ann", "Where is my order?")
        await shop.settle()
        assert shop.line.shown("Ann") == ["Hello Ann!"]
        assert shop.line.used == 0

    within(talk, replies=True)


def test_what_cannot_be_a_reply_is_pushed() -> None:
    """A token that is used up, or too old, is refused for certain: then the same message is pushed."""

    async def talk(shop: Shop) -> None:
        shop.line.write("Ann", "Where is my order?")
        shop.line.reply_tokens.clear()
        await shop.settle()
        assert (shop.line.shown("Ann"), shop.line.used) == (["Hello Ann!"], 1)

    within(talk, replies=True)


def test_a_reply_in_doubt_is_never_made_again() -> None:
    """LINE cannot know a reply again: a person decides."""

    async def talk(shop: Shop) -> None:
        shop.line.faults = [Fault(500, taken=True)]
        shop.line.write("Ann", "Where is my order?")
        await shop.settle()
        assert shop.line.shown("Ann") == ["Hello Ann!"]
        assert [message.text for message in await shop.inbox.in_doubt()] == ["Hello Ann!"]

    within(talk, replies=True)


def test_the_months_messages_are_used_up() -> None:
    """A person is told what to do; nothing is tried again."""

    async def talk(shop: Shop) -> None:
        shop.line.write("Ann", "Where is my order?")
        await shop.settle()
        [sent] = (await shop.message(1)).sendings
        assert sent.status == "failed"
        assert "larger plan" in sent.detail

    within(talk, quota=0)


def test_a_login_proves_that_two_are_one() -> None:
    """A one-time token as the nonce of an account link joins whoever got it with who logged in."""

    async def talk(shop: Shop) -> None:
        shop.line.write("Ann", "Hi")
        await shop.settle()
        [conversation] = await shop.inbox.conversations.open()
        link = await shop.inbox.conversations.continue_on(conversation.id, "line")
        shop.line.link("Ann at home", link.partition("/?")[2])
        await shop.settle()
        timeline = await shop.inbox.customers.timeline(conversation.customer)
        assert timeline
        customer = await shop.inbox.customers.get(conversation.customer)
        assert {reached.address.value for reached in customer.addresses} == {
            shop.line.chat("Ann").id,
            shop.line.chat("Ann at home").id,
        }

    within(talk)


def test_files_names_and_signs() -> None:
    """What LINE is asked beside sending."""

    async def ask() -> None:
        with OfficialAccount() as line:
            channel = line.channel()
            picture = Attachment(media_type="image/*", external_id=line.send_file("Ann", b"\x89PNG"))
            assert await channel.download(picture) == b"\x89PNG"
            with pytest.raises(FetchError, match="gone"):
                await channel.download(Attachment(external_id="5"))
            with pytest.raises(FetchError, match="only https"):
                await channel.download(Attachment(url="http://example.com/a"))
            with pytest.raises(Unsupported):
                await channel.download(Attachment(name="nothing"))
            ann, club = line.chat("Ann").id, line.chat("Club", "C").id
            names = {
                value: await channel.look_up(Address(kind="line", scope=line.bot_id, value=value))
                for value in (ann, club, "U5")
            }
            assert [found.name if found else "" for found in names.values()] == ["Ann", "Club", ""]
            assert await channel.look_up(Address(kind="line", scope="other", value=ann)) is None
            sender = HttpSender(channel)
            answer = await sender.send(
                channel.signal(Party(address=Address(kind="line", scope=line.bot_id, value=ann)), "typing")
            )
            assert (answer.status, line.chat("Ann").waiting) == (202, True)
            await sender.close()

    asyncio.run(ask())


def test_doctor() -> None:
    """Each thing that can be wrong is found, with its cure."""

    async def look() -> None:
        with OfficialAccount(quota=5) as line:
            settings = line.settings
            found = await line.channel().check()
            assert [finding.ok for finding in found] == [True, False, True]
            assert "Use webhook" in found[1].cure
            line.hook, line.used = "https://shop.example/line", 5
            found = await line.channel().check()
            assert [finding.ok for finding in found] == [True, True, False]
            assert "replies = true" in found[2].cure
            line.quota = None
            assert all(finding.ok for finding in await line.channel().check())
            [wrong] = await Line("line", **settings | {"access_token": "another-token"}).check()
            assert "not accepted" in wrong.what
            [wrong] = await Line("line", **settings | {"bot_id": "U" + "0" * 32}).check()
            assert "bot_id is" in wrong.what
        [wrong] = await Line("line", **settings).check()
        assert "did not answer" in wrong.what
        [wrong] = await Line.bare().check()
        assert "no account" in wrong.what

    asyncio.run(look())
