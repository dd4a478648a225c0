"""There and back against the emulated Telegram, over real sockets, through the inbox, by webhook and by polling."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from omnichannel import Inbox
from omnichannel.channels.telegram import Telegram
from omnichannel.emulators.serving import Served
from omnichannel.emulators.telegram import Fault
from omnichannel.emulators.telegram import Telegram as Emulated
from omnichannel.errors import Unsupported
from omnichannel.inbox import Incoming
from omnichannel.model import Address, Attachment, Choice, Direction, Location, Option, Text
from omnichannel.toolbox import Json
from tests.channels.telegram.given import TOKEN, stage

BOTH_WAYS = pytest.mark.parametrize("polled", [False, True], ids=["webhook", "polling"])


@BOTH_WAYS
async def test_somebody_asks_is_answered_and_goes_on(polled: bool) -> None:
    """In one conversation; our words arrive as we wrote them, every character of them."""
    async with stage(polled=polled) as on:

        @on.inbox.on_message
        async def answer(incoming: Incoming) -> None:
            if "order" in incoming.message.text:
                await incoming.reply("On its *way*, <Anna>_ 👍")

        on.telegram.write("Anna", "Where is my order?")
        await on.come()
        assert on.telegram.shown("Anna") == ["On its *way*, <Anna>_ 👍"]
        on.telegram.write("Anna", "Thanks!")
        messages = await on.come()
        assert [one.text for one in messages] == ["Where is my order?", "On its *way*, <Anna>_ 👍", "Thanks!"]
        assert len({one.conversation for one in messages}) == 1


async def test_the_same_update_by_webhook_and_by_polling_is_one_message() -> None:
    """The webhook took it, its answer was lost, the webhook was deleted, and the update came by polling."""
    async with stage() as on:
        on.telegram.write("Anna", "Hi")
        again = list(on.telegram.updates)
        await on.come()
        on.telegram.updates = again
        on.telegram.hook, on.telegram.polled = {}, True
        polling = on.telegram.channel()
        (source,) = polling.sources()
        batch = await source.fetch("")
        await source.close()
        assert await on.inbox.keep("telegram", source.name, batch) == 1
        assert [one.text for one in await on.come()] == ["Hi"]


async def test_a_refused_webhook_holds_up_its_own_chat_only() -> None:
    """Telegram delivers a chat's updates in order, and others meanwhile."""
    async with stage() as on:
        hook, on.telegram.hook = dict(on.telegram.hook), on.telegram.hook | {"secret_token": "another"}
        on.telegram.write("Anna", "One")
        on.telegram.write("Anna", "Two")
        on.telegram.write("Bo", "Three")
        assert await asyncio.to_thread(on.telegram.push) == [401, 401]
        on.telegram.hook = hook
        assert [one.text for one in await on.come()] == ["One", "Two", "Three"]


@BOTH_WAYS
async def test_a_tapped_button_speaks_and_stops_waiting(polled: bool) -> None:
    """Its words and its value arrive, and Telegram hears that it was taken, either way."""
    async with stage(polled=polled) as on:
        on.telegram.write("Anna", "Hi")
        (asked,) = await on.come()
        choice = Choice(
            options=(Option(title="Red", value="r"), Option(title="Page", url="https://shop.example/"))
        )
        await on.inbox.conversations.reply(asked.conversation, [Text(text="Which?"), choice])
        offered = (await on.come())[-1]
        query = on.telegram.tap("Anna", offered.sendings[0].external_id, "r")
        tapped = (await on.come())[-1]
        assert (tapped.text, tapped.parts[1].chosen) == ("Red", Option(title="Red", value="r"))
        assert on.telegram.answered == [query]


async def test_files_go_both_ways() -> None:
    """A photo arrives as its largest size and is fetched by its id; ours arrive whole, in one album."""
    async with stage() as on:
        small, large = (
            on.telegram.file(b"small", width=9, height=9),
            on.telegram.file(b"large", width=90, height=90),
        )
        on.telegram.say("Anna", photo=[small, large], caption="Broken!")
        (asked,) = await on.come()
        (picture, words) = asked.parts
        assert words.text == "Broken!"
        assert await on.inbox.attachment(asked.id, picture) == b"large"
        png = Attachment(name="a.png", media_type="image/png", content=b"\r\n--\x00\x89PNG")
        await on.inbox.conversations.reply(asked.conversation, [Text(text="Like these?"), png, png])
        sent = (await on.come())[-1]
        album = on.telegram.private("Anna").messages[1:]
        assert [on.telegram.files[one["photo"][0]["file_id"]] for one in album] == [png.content, png.content]
        assert on.telegram.shown("Anna") == ["[photo] Like these?", "[photo]"]
        on.telegram.react("Anna", f"{album[1]['chat']['id']}:{album[1]['message_id']}", "👍")
        reacted = next(one for one in await on.come() if one.id == sent.id)
        assert [emoji for _, emoji in reacted.reactions] == ["👍"]


async def test_a_place_is_shown_on_a_map_with_its_name() -> None:
    """Name and address are what Telegram asks for."""
    async with stage() as on:
        on.telegram.write("Anna", "Where are you?")
        (asked,) = await on.come()
        there = [Text(text="Here:"), Location(latitude=52.37, longitude=4.9, name="Shop, Dam 1")]
        await on.inbox.conversations.reply(asked.conversation, there)
        await on.come()
        assert on.telegram.shown("Anna") == ["Here:", "[venue]"]
        venue = on.telegram.private("Anna").messages[-1]["venue"]
        assert (venue["title"], venue["address"]) == ("Shop", "Dam 1")


async def test_edits_and_deletions_change_what_was_said() -> None:
    """An edit of the customer's own words; a message to a business account that was deleted is shown no more."""
    async with stage() as on:
        written = on.telegram.write("Anna", "Blue")
        await on.come()
        on.telegram.edit("Anna", written, "Red 👍")
        (message,) = await on.come()
        assert (message.text, message.edited) == ("Red 👍", True)
        via = on.telegram.business("Owner")
        secret = on.telegram.write("Bo", "My code is 5", via=via)
        await on.come()
        on.telegram.unsend("Bo", secret)
        assert [one.deleted for one in await on.come()] == [False, True]


async def test_a_business_account_is_answered_in_its_own_name() -> None:
    """Through its connection; what comes back of it is known, what the owner writes stands in the conversation."""
    async with stage() as on:
        via = on.telegram.business("Owner")
        on.telegram.write("Anna", "Are you open?", via=via)
        (asked,) = await on.come()
        await on.inbox.conversations.reply(asked.conversation, "We are.")
        await on.come()
        on.telegram.answer("Owner", "Anna", "Until six.", via)
        messages = await on.come()
        assert [(one.direction, one.text) for one in messages] == [
            (Direction.INBOUND, "Are you open?"),
            (Direction.OUTBOUND, "We are."),
            (Direction.OUTBOUND, "Until six."),
        ]
        shown = on.telegram.private("Anna").messages
        assert [one.get("sender_business_bot", {}).get("username") for one in shown] == [
            None,
            "ShopBot",
            None,
        ]


async def test_a_business_account_that_is_named_later_loses_nothing(tmp_path: Path) -> None:
    """It is parked until the setting names its connection; then it is read, and is what it was."""
    store = f"sqlite:///{tmp_path}/inbox.db"
    with Emulated() as telegram:
        settings: dict[str, Any] = telegram.settings
        via = telegram.business("Owner")
        telegram.write("Anna", "Are you open?", via=via)
        closed = Telegram("telegram", **{**settings, "businesses": ()})
        async with Inbox(store, [closed]) as inbox:
            with Served(inbox.asgi()) as server:
                await asyncio.to_thread(telegram.connect, f"{server.url}/telegram")
                assert await asyncio.to_thread(telegram.push) == [200, 200]
            await inbox.work()
            assert await inbox.conversations.open() == []
        async with Inbox(store, [Telegram("telegram", **settings)]) as inbox:
            for parked in await inbox.parked():
                assert via in parked.reason
                await inbox.replay(parked.id)
            await inbox.work()
            assert await inbox.parked() == []
            (conversation,) = await inbox.conversations.open()
            (message,) = await inbox.conversations.messages(conversation.id)
            assert message.text == "Are you open?"


async def test_in_a_group_everybody_has_a_conversation_of_their_own() -> None:
    """And is answered there, in the topic, for all to read; in private only who started the bot can be written to."""
    async with stage() as on:
        group = on.telegram.group("Neighbours", forum=True)
        topic = {"message_thread_id": 33, "is_topic_message": True}
        on.telegram.write("Anna", "Where?", chat=group, **topic)
        on.telegram.write("Bo", "When?", chat=group, **topic)
        where, when = await on.come()
        assert where.public
        assert where.conversation != when.conversation
        await on.inbox.conversations.reply(where.conversation, "At the door.")
        await on.come()
        said = group.messages[-1]
        assert (said["text"], said["message_thread_id"]) == ("At the door.", 33)
        assert said["reply_to_message"]["text"] == "Where?"
        await on.inbox.conversations.reply(when.conversation, "Your code is 5.", public=False)
        refused = (await on.come())[-1]
        assert "can't initiate conversation" in refused.sendings[0].detail
        on.telegram.start("Bo")
        await on.inbox.conversations.reply(when.conversation, "Your code is 5.", public=False)
        await on.come()
        assert on.telegram.shown("Bo") == ["Your code is 5."]
        assert len(group.messages) == 3


async def test_a_group_that_became_a_supergroup() -> None:
    """An answer into the old chat is refused with the new one's id; both ids are one address book entry."""
    async with stage() as on:
        group = on.telegram.group("Neighbours")
        on.telegram.write("Anna", "Where?", chat=group)
        (where,) = await on.come()
        on.telegram.migrate(group, "Anna")
        await on.come()
        await on.inbox.conversations.reply(where.conversation, "At the door.")
        answer = next(one for one in await on.come() if one.direction is Direction.OUTBOUND)
        assert answer.sendings[0].status == "failed"
        assert str(group.moved) in answer.sendings[0].detail
        old, new = (Address(kind="telegram", value=str(one)) for one in (group.about["id"], group.moved))
        customers = [await on.inbox.customers.find(one) for one in (old, new)]
        assert customers[0] is not None
        assert customers[0] == customers[1]


async def test_a_shared_number_makes_one_customer_of_both_addresses() -> None:
    """The telephone number is proven, and found."""
    async with stage() as on:
        anna = on.telegram.person("Anna")
        on.telegram.say(
            "Anna", contact={"phone_number": "31612345678", "first_name": "Anna", "user_id": anna.id}
        )
        await on.come()
        found = await on.inbox.customers.find(Address(kind="phone", value="+31612345678"))
        assert found is not None
        assert found == await on.inbox.customers.find(Address(kind="telegram", value=str(anna.id)))


async def test_a_link_carries_a_conversation_over() -> None:
    """Who comes by it goes on where they were, on another account."""
    with Emulated(username="OtherBot") as other:
        other.me["username"] = "OtherBot"
        async with stage() as on:
            inbox = on.inbox
            on.telegram.write("Anna", "Hi")
            (asked,) = await on.come()
            async with Inbox("sqlite:///:memory:", [other.channel()]):
                link = await inbox.conversations.continue_on(asked.conversation, "telegram")
            assert link.startswith("https://t.me/ShopBot?start=oct")
            on.telegram.start("Bo", link.partition("start=")[2])
            came = (await on.come())[-1]
            assert (came.text, came.conversation) == ("/start", asked.conversation)


async def test_what_telegram_refuses_fails_and_says_why() -> None:
    """Blocked; and later let in again."""
    async with stage() as on:
        on.telegram.write("Anna", "Hi")
        (asked,) = await on.come()
        on.telegram.block("Anna")
        await on.inbox.conversations.reply(asked.conversation, "Hello?")
        failed = (await on.come())[-1]
        assert (failed.sendings[0].status, "blocked" in failed.sendings[0].detail) == ("failed", True)
        on.telegram.block("Anna", blocked=False)
        await on.inbox.conversations.reply(asked.conversation, "Hello again")
        await on.come()
        assert on.telegram.shown("Anna") == ["Hello again"]
        happened = [one.what for one in await on.inbox.events()]
        assert {"channel.blocked", "channel.started"} <= set(happened)


@pytest.mark.parametrize(
    ("fault", "status", "shown"),
    [
        (Fault(429, "Too Many Requests: retry after 3600", {"retry_after": 3600}), "queued", 0),
        (Fault(500, "Internal Server Error"), "unknown", 0),
        (Fault(502, taken=True), "unknown", 1),
        (Fault(401, "Unauthorized"), "failed", 0),
    ],
)
async def test_faults_on_the_way(fault: Fault, status: str, shown: int) -> None:
    """Too fast is sent later; what may have been taken is in doubt and never sent twice."""
    async with stage() as on:
        on.telegram.write("Anna", "Hi")
        (asked,) = await on.come()
        on.telegram.faults = [fault]
        await on.inbox.conversations.reply(asked.conversation, "Hello")
        assert (await on.come())[-1].sendings[0].status == status
        assert len(on.telegram.shown("Anna")) == shown


async def test_too_many_messages_in_a_second_are_put_off() -> None:
    """Telegram says how long."""
    async with stage(
        emulated=Emulated(per_second=1, clock=lambda: datetime(2026, 3, 8, 19, 27, 4, tzinfo=UTC))
    ) as on:
        on.telegram.write("Anna", "Hi")
        (asked,) = await on.come()
        for text in ("One", "Two"):
            await on.inbox.conversations.reply(asked.conversation, text)
        assert [one.sendings[0].status for one in (await on.come())[1:]] == ["sent", "queued"]


async def test_too_many_messages_in_a_minute_in_one_group_are_put_off() -> None:
    """Elsewhere the bot goes on saying what it has to say, once the wait that it was told is over."""
    clock = datetime(2026, 3, 8, 19, 27, 4, tzinfo=UTC)
    with Emulated(per_minute=2, clock=lambda: clock) as telegram:
        group, other = telegram.group("Neighbours"), telegram.group("Others")
        url = f"{telegram.url}/bot{telegram.token}/sendMessage"

        def said(chat: Json) -> Json:
            return httpx.post(url, json={"chat_id": chat, "text": "Hello"}, trust_env=False).json()

        answers = [said(group.about["id"]) for _ in range(3)]
        assert [one["ok"] for one in answers] == [True, True, False]
        assert answers[-1]["parameters"] == {"retry_after": 60}
        assert said(other.about["id"])["ok"]
        clock += timedelta(seconds=59)
        assert said(group.about["id"])["parameters"] == {"retry_after": 1}
        clock += timedelta(seconds=1)
        assert said(group.about["id"])["ok"]


async def test_a_sign_that_we_are_typing() -> None:
    """Shown in the chat where they wrote."""
    async with stage() as on:
        on.telegram.write("Anna", "Hi")
        (asked,) = await on.come()
        await on.inbox.conversations.signal(asked.conversation, "typing")
        assert on.telegram.typing == [str(on.telegram.person("Anna").id)]


async def test_the_token_reaches_no_log(caplog: pytest.LogCaptureFixture) -> None:
    """At the finest level, sending, polling, asking and fetching."""
    caplog.set_level(logging.DEBUG)
    async with stage(polled=True) as on:
        on.telegram.say("Anna", document=on.telegram.file(b"%PDF", file_name="a.pdf"))
        (asked,) = await on.come()
        await on.inbox.attachment(asked.id, asked.parts[0])
        await on.inbox.conversations.reply(asked.conversation, "Thanks")
        await on.come()
        await on.inbox.channels["telegram"].check()
        assert on.telegram.shown("Anna") == ["Thanks"]
    written = "".join(record.getMessage() + repr(record.args) for record in caplog.records)
    assert written
    assert TOKEN not in written


async def test_a_file_without_an_id_is_nothing_to_fetch() -> None:
    """It was never Telegram's."""
    with Emulated() as telegram, pytest.raises(Unsupported, match="no file id"):
        await telegram.channel().download(Attachment(name="a.pdf", url="https://x/a.pdf"))


async def test_a_post_in_a_channel_is_nobodys_question() -> None:
    """Nor is its copy in the discussion group; who comments on it there has a conversation of their own."""
    async with stage() as on:
        news = {"id": -1001111111111, "type": "channel", "title": "Shop news"}
        on.telegram.happen(
            "channel_post", on.telegram.put(on.telegram.chat(news["id"], **news), {"text": "Shoes!"})
        )
        group = on.telegram.group("Discussion", forum=True)
        copy = on.telegram.put(group, {"sender_chat": news, "is_automatic_forward": True, "text": "Shoes!"})
        on.telegram.happen("message", copy)
        on.telegram.write("Anna", "In red?", chat=group, reply_to_message=copy)
        (message,) = await on.come()
        assert (message.text, message.public) == ("In red?", True)
