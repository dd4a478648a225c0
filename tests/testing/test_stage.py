"""The stage: an application is tested against any channel, with scripted people, platforms and time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from omnichannel import Address, Attachment, Incoming
from omnichannel.channels.messenger import Messenger
from omnichannel.desk import Bot, HandOver, Plan, Ratings, Reply, Route, Team, Then, Turn, When
from omnichannel.errors import NotFound, Unsupported, UsageError
from omnichannel.model import Deferred, Location, Refused, Unknown
from omnichannel.plugins import kinds
from omnichannel.testing.hand_clock import MORNING, HandClock
from omnichannel.testing.stage import Stage


async def answer(incoming: Incoming) -> None:
    await incoming.reply("Hi!" if "hello" in incoming.message.text.lower() else "Tell me more.")


@pytest.mark.parametrize("kind", kinds())
async def test_every_installed_channel_can_be_staged(kind: str) -> None:
    async with Stage(kind, handlers=[answer]) as stage:
        first = await stage.arrives(kind, "Hello")
        second = await stage.arrives(kind, "My parcel is lost", reply_to=first)
        assert stage.said == ["Hi!", "Tell me more."] == stage.said_on(kind)
        assert first.conversation == second.conversation
        assert len(stage.calls) >= 2


async def test_a_class_will_do_and_accounts_of_one_kind_are_told_apart() -> None:
    async with Stage(Messenger, Messenger) as stage:
        assert list(stage.inbox.channels) == ["messenger", "messenger-2"]
        await stage.arrives("messenger-2", "hello")
        assert stage.account(Messenger).name == "messenger"
        with pytest.raises(UsageError, match="telex is not on this stage; there are: messenger"):
            await stage.arrives("telex", "hello")


async def test_people_are_themselves_on_every_account() -> None:
    """The same name is the same address; another is another; one who has to be somebody certain is."""
    bo = Address(kind="email", value="bo@klant.nl")
    async with Stage("email", "messenger", people={"Bo": bo}) as stage:
        one = await stage.arrives("email", "hello")
        two = await stage.arrives("email", "hello again")
        other = await stage.arrives("email", "hello", who="Bo")
        chat = await stage.arrives("messenger", "hello", who="Bo")
        assert one.author == two.author != other.author
        assert other.author is not None
        assert chat.author is not None
        assert (other.author.address, chat.author.address.kind) == (bo, "messenger")


async def test_a_stage_may_be_as_long_as_it_likes() -> None:
    """After more than `events` tells at once, what arrives is found all the same."""
    async with Stage("messenger", handlers=[answer]) as stage:
        first = await stage.arrives("messenger", "hello")
        for _ in range(1001):
            await stage.inbox.conversations.note(first.conversation, "still here")
        last = await stage.arrives("messenger", "Are you still there?")
        assert (last.text, last.conversation) == ("Are you still there?", first.conversation)


async def test_an_address_that_the_channel_cannot_answer_is_told() -> None:
    async with Stage("email", people={"Bo": Address(kind="email", value="nobody")}) as stage:
        with pytest.raises(UsageError, match="email cannot answer Bo"):
            await stage.arrives("email", "hello", who="Bo")


@pytest.mark.parametrize("kind", ["x", "telegram", "facebook"])
async def test_public_and_private(kind: str) -> None:
    async with Stage(kind, handlers=[answer]) as stage:
        for public in (True, False):
            message = await stage.arrives(kind, "hello", public=public)
            assert message.public is public
        assert stage.said == ["Hi!", "Hi!"]


async def test_files_come_with_their_bytes() -> None:
    async with Stage("messenger") as stage:
        named = Attachment(name="a.png", media_type="image/png", content=b"PNG")
        message = await stage.arrives(
            "messenger", [named, named.model_copy(update={"content": None, "name": "b"})]
        )
        assert (
            await stage.inbox.attachment(message.id, message.parts[0].model_copy(update={"content": None}))
            == b"PNG"
        )
        with pytest.raises(NotFound, match="give the attachment `content`"):
            await stage.inbox.attachment(message.id, message.parts[1])


async def test_what_never_comes_cannot_arrive() -> None:
    async with Stage("email") as stage:
        with pytest.raises(
            UsageError, match="nobody can send a location on email; it brings attachment, system, text"
        ):
            await stage.arrives("email", Location(latitude=1, longitude=2))


async def test_what_happens_to_messages() -> None:
    async with Stage("messenger", handlers=[answer]) as stage:
        question = await stage.arrives("messenger", "hello")
        reply = (await stage.inbox.conversations.messages(question.conversation))[-1]
        await stage.edits(question, "hello you")
        await stage.reacts(question, "👍", who="Ann")
        await stage.reacts(reply, "❤")
        await stage.becomes(reply, "delivered")
        await stage.reads(reply)
        seen = {
            message.id: message for message in await stage.inbox.conversations.messages(question.conversation)
        }
        assert (seen[question.id].text, seen[question.id].edited) == ("hello you", True)
        assert [one[1] for one in seen[question.id].reactions + seen[reply.id].reactions] == ["👍", "❤"]
        assert [one.status for one in seen[reply.id].sendings] == ["read"]
        await stage.deletes(question)
        assert (await stage.inbox.conversations.message(question.id)).deleted


async def test_what_the_platform_never_tells_cannot_happen() -> None:
    async with Stage("email", "sms", handlers=[answer]) as stage:
        mail = await stage.arrives("email", "hello")
        reply = (await stage.inbox.conversations.messages(mail.conversation))[-1]
        for never in (
            stage.edits(mail, "a"),
            stage.deletes(mail),
            stage.reacts(mail, "❤"),
            stage.reads(reply),
        ):
            with pytest.raises(UsageError, match="never tells"):
                await never


async def test_calls_become_what_the_script_says() -> None:
    async with Stage("messenger", handlers=[answer]) as stage:
        stage.script("messenger", Refused(code="policy"), Deferred(after=60), Unknown())
        refused = await stage.arrives("messenger", "hello")
        failed = (await stage.inbox.conversations.messages(refused.conversation))[-1]
        assert [one.status for one in failed.sendings] == ["failed"]
        await stage.arrives("messenger", "hello", who="Bo")
        assert stage.said == []
        stage.script("messenger")
        await stage.forward(minutes=2)
        assert len(await stage.inbox.in_doubt()) == 1
        await stage.arrives("messenger", "hello", who="Cy")
        assert stage.said == ["Hi!"]


async def test_a_call_that_hangs_takes_its_time_and_is_in_doubt() -> None:
    async with Stage("messenger", handlers=[answer]) as stage:
        stage.script("messenger", "hang")
        await stage.arrives("messenger", "hello")
        assert (stage.clock.now() - MORNING).total_seconds() == stage.calls[0].timeout
        (message,) = await stage.inbox.in_doubt()
        assert "no answer within 30 s" in message.sendings[0].detail


async def test_what_a_handler_raises_comes_out() -> None:
    async def wrong(incoming: Incoming) -> None:
        raise LookupError(incoming.message.text)

    async with Stage("messenger", handlers=[wrong]) as stage:
        with pytest.raises(LookupError, match="hello"):
            await stage.arrives("messenger", "hello")
        with pytest.raises(LookupError):
            await stage.forward(seconds=10)


async def test_links_go_where_a_link_can() -> None:
    async with Stage("email", "messenger", "http") as stage:
        mail = await stage.arrives("email", "hello")
        link = await stage.inbox.conversations.continue_on(mail.conversation, "messenger")
        chat = await stage.arrives("messenger", "it's me", link=link)
        assert chat.conversation == mail.conversation
        with pytest.raises(Unsupported, match="cannot carry a token"):
            await stage.inbox.conversations.continue_on(mail.conversation, "http")


def test_the_clock_is_cranked_by_hand_and_its_chance_is_the_same() -> None:
    one, other = HandClock(), HandClock()
    assert one.now() == MORNING
    assert one.random(8) == other.random(8)
    one.forward(hours=25)
    assert (one.now() - MORNING).total_seconds() == 25 * 3600


async def test_a_desk_can_be_staged() -> None:
    """Rules, bots and ratings, with a clock that is cranked: what they do by themselves is done by `settle`."""

    async def robin(turn: Turn) -> Reply | HandOver:
        if "open" in turn.asks:
            return Reply(text="From nine to five.", confidence=1)
        return HandOver(because="I know the opening hours only")

    plan = Plan(
        teams=(Team(name="service"), Team(name="billing")),
        default_team="service",
        bots=(Bot(name="Robin", answers=robin),),
        routes=(
            Route(name="money", when=When(words=("refund",)), then=Then(team="billing")),
            Route(name="bot first", when=When(kinds=("whatsapp",)), then=Then(agent="Robin")),
        ),
        ratings=Ratings(after=timedelta(minutes=5)),
    )
    async with Stage("whatsapp", "messenger", desk=plan) as stage:
        desk = stage.inbox.desk
        await stage.inbox.add_agent("Ann")
        await desk.agents.describe("Ann", teams=["billing"])
        await desk.agents.turn("Ann", "online")
        await stage.arrives("whatsapp", "When are you open?")
        assert stage.said == ["From nine to five."]
        asked = await stage.arrives("messenger", "I want a refund", who="Bo")
        case = await desk.case(asked.conversation)
        assert (case.team, case.conversation.assignee) == ("billing", "Ann")
        await stage.inbox.conversations.reply(asked.conversation, "It is on its way.", agent="Ann")
        await desk.close(asked.conversation, actor="Ann")
        await stage.forward(minutes=6)
        assert stage.said_on("messenger") == ["It is on its way.", "How did we do?"]
        await stage.arrives("messenger", "5", who="Bo")
        [score] = await desk.ratings.scores("agent")
        assert (score.name, score.mean) == ("Ann", 5)


def test_what_nobody_can_await_is_no_handler_on_a_stage_either() -> None:
    def plain(incoming: Incoming) -> None:
        """A handler that forgot its `async`."""

    with pytest.raises(UsageError, match="async def plain"):
        Stage("messenger", handlers=[plain])  # type: ignore[list-item]
