"""Over real sockets: people write to the emulated number, the inbox reads and answers, they see it."""

from __future__ import annotations

import pytest

from omnichannel.emulators.whatsapp import Fault
from omnichannel.errors import FetchError, Unsupported, WindowClosed
from omnichannel.model import (
    Attachment,
    Choice,
    ContactCard,
    Location,
    Option,
    Template,
    Text,
)
from tests.channels.whatsapp.stage import stage

PNG = b"\x89PNG\r\n--\x00\xff"


async def test_a_conversation_there_and_back() -> None:
    """In by webhook, out by the API, seen by the person, and the statuses come home in any order."""
    async with stage() as on:
        question = await on.heard("Ann", "Où est محمد? 👍")
        assert (question.text, question.author.name) == ("Où est محمد? 👍", "Ann")
        await on.inbox.conversations.reply(question.conversation, "On its way 🚚")
        await on.settle()
        assert on.cloud.shown("Ann") == ["On its way 🚚"]
        on.cloud.read("Ann")
        on.cloud.delivered("Ann")
        await on.settle()
        (sending,) = (await on.messages())[-1].sendings
        assert (sending.status, sending.external_id) == ("read", on.cloud.thread("Ann")[-1].wamid)
        await on.heard("Ann", "Thanks!")
        assert [message.text for message in await on.messages()] == [
            "Où est محمد? 👍",
            "On its way 🚚",
            "Thanks!",
        ]


async def test_whatever_can_be_said_is_seen() -> None:
    """Each kind of part arrives as WhatsApp shows it; the real rules of the API are held against it."""
    async with stage() as on:
        talk = (await on.heard("Ann", "Hi")).conversation
        said = [
            [Text(text="The blue one"), Attachment(name="b.png", media_type="image/png", content=PNG)],
            [Attachment(name="a.ogg", media_type="audio/ogg; codecs=opus", content=b"OggS")],
            [Attachment(name="i.pdf", media_type="application/pdf", url="https://shop.example/i.pdf")],
            [Location(latitude=52.1, longitude=4.3, name="Shop")],
            [ContactCard(name="Bo Smith")],
            [Text(text="Which one?"), Choice(options=(Option(title="Red"), Option(title="Blue")))],
            [
                Text(text="Size?"),
                Choice(options=tuple(Option(title=str(n), text="cm") for n in range(36, 42))),
            ],
            [Text(text="See"), Choice(options=(Option(title="Open", url="https://shop.example"),))],
            [Template(name="hello", values=("Ann", "4711"))],
        ]
        for parts in said:
            await on.inbox.conversations.reply(talk, parts)
        await on.settle()
        assert on.cloud.shown("Ann") == [
            "The blue one", "[audio]", "i.pdf", "Shop 52.1,4.3", "Bo Smith", "Which one?", "Size?", "See",
            "Hello Ann, your order 4711 is ready.",
        ]  # fmt: skip
        assert [said.content for said in on.cloud.thread("Ann")[1:3]] == [PNG, b"OggS"]
        on.cloud.tap("Ann", "Blue")
        on.cloud.tap("Ann", "38")
        await on.settle()
        blue, size = (await on.messages())[-2:]
        assert [part.type for part in blue.parts] == ["text", "choice"]
        assert (blue.text, size.text) == ("Blue", "38")


async def test_what_people_send_can_be_fetched() -> None:
    """The bytes lie at the platform, behind our token; an id that is gone says so."""
    async with stage() as on:
        on.cloud.send("Ann", "image", PNG, media_type="image/png", caption="Look")
        await on.settle()
        (message,) = await on.messages()
        picture, caption = message.parts
        assert caption.text == "Look"
        assert await on.inbox.attachment(message.id, picture) == PNG
        assert await on.channel.download(picture) == PNG
        address = picture.model_copy(
            update={"external_id": "", "url": f"{on.cloud.url}/file/{picture.external_id}"}
        )
        assert await on.channel.download(address) == PNG
        for gone in (
            {"external_id": "404"},
            {"external_id": "", "url": "https://elsewhere.example/x"},
            {"external_id": "", "url": "//["},
        ):
            with pytest.raises(FetchError):
                await on.channel.download(picture.model_copy(update=gone))
        with pytest.raises(Unsupported, match="neither an id nor an address"):
            await on.channel.download(Attachment(name="x"))


async def test_what_people_do_to_messages() -> None:
    """Reactions come and go, texts are changed and taken back; our words stay ours."""
    async with stage() as on:
        question = await on.heard("Ann", "Where is it?")
        await on.inbox.conversations.reply(question.conversation, "Here")
        await on.settle()
        answer = on.cloud.thread("Ann")[-1].wamid
        on.cloud.react("Ann", answer, "❤")
        await on.settle()
        assert [emoji for _, emoji in (await on.messages())[1].reactions] == ["❤"]
        on.cloud.react("Ann", answer, "")
        on.cloud.edit("Ann", question.external_id, "Where is my order?")
        await on.settle()
        edited, ours = await on.messages()
        assert (edited.text, edited.edited, ours.reactions) == ("Where is my order?", True, ())
        on.cloud.revoke("Ann", question.external_id)
        await on.settle()
        deleted, _ = await on.messages()
        assert (deleted.text, deleted.deleted) == ("", True)


async def test_an_answer_that_was_lost_is_settled_by_its_status() -> None:
    """Never sent twice: what we planted comes back in the status of the one that arrived."""
    async with stage() as on:
        talk = (await on.heard("Ann", "Hi")).conversation
        on.cloud.faults = [Fault(502, taken=True)]
        await on.inbox.conversations.reply(talk, "Hello")
        await on.settle()
        assert on.cloud.shown("Ann") == ["Hello"]
        assert (await on.messages())[-1].sendings[0].status == "sent"
        assert await on.inbox.in_doubt() == []


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (Fault(400, 131047), "failed"),
        (Fault(400, 131026, "Receiver is incapable"), "failed"),
        (Fault(500, 131000), "unknown"),
        (Fault(503), "unknown"),
    ],
)
async def test_what_the_platform_refuses_is_said(fault: Fault, status: str) -> None:
    async with stage() as on:
        talk = (await on.heard("Ann", "Hi")).conversation
        on.cloud.faults = [fault]
        await on.inbox.conversations.reply(talk, "Hello")
        await on.settle()
        (sending,) = (await on.messages())[-1].sendings
        assert sending.status == status
        assert str(fault.code or fault.status) in sending.detail
        assert on.cloud.shown("Ann") == []


async def test_too_fast_is_put_off_and_sent_later() -> None:
    """A burst of 45 to one person, then one in six seconds: the rest waits, and nothing is lost."""
    async with stage() as on:
        talk = (await on.heard("Ann", "Hi")).conversation
        for number in range(47):
            await on.inbox.conversations.reply(talk, str(number))
        await on.settle()
        assert len(on.cloud.shown("Ann")) == 45
        for _ in range(3):
            on.clock.advance(minutes=5)
            await on.settle()
        assert sorted(map(int, on.cloud.shown("Ann"))) == list(range(47))


async def test_after_a_day_only_a_template_goes_out() -> None:
    async with stage() as on:
        talk = (await on.heard("Ann", "Hi")).conversation
        on.clock.advance(hours=25)
        with pytest.raises(WindowClosed, match="template"):
            await on.inbox.conversations.reply(talk, "Still there?")
        await on.inbox.conversations.reply(talk, Template(name="hello", values=("Ann", "4711")))
        await on.settle()
        assert on.cloud.shown("Ann") == ["Hello Ann, your order 4711 is ready."]
        await on.inbox.conversations.reply(talk, Template(name="hello", values=("Ann",)))
        await on.settle()
        assert "132000" in (await on.messages())[-1].sendings[0].detail


async def test_a_failed_status_says_why() -> None:
    async with stage() as on:
        talk = (await on.heard("Ann", "Hi")).conversation
        await on.inbox.conversations.reply(talk, "Hello")
        await on.settle()
        on.cloud.fail("Ann", 131049, "Held back")
        await on.settle()
        (sending,) = (await on.messages())[-1].sendings
        assert (sending.status, sending.detail) == ("failed", "131049 Held back")


async def test_the_same_body_again_changes_nothing() -> None:
    async with stage() as on:
        on.cloud.write("Ann", "One")
        on.cloud.write("Ann", "Two")
        assert on.cloud.push(together=2, times=3) == [200, 200, 200]
        await on.inbox.work()
        assert [message.text for message in await on.messages()] == ["One", "Two"]


async def test_a_moved_person_is_the_same_customer() -> None:
    """Number and user id change at once; the history stays, and answers go to where they are now."""
    async with stage() as on:
        await on.heard("Ann", "Hi")
        before = await on.customer()
        on.cloud.change_number("Ann", "16505559999")
        await on.settle()
        moved = await on.heard("Ann", "My new number")
        after = await on.customer()
        assert (after.id, after.name) == (before.id, "Ann")
        assert {str(reached.address) for reached in after.addresses} >= {
            "phone::+16505550001", "phone::+16505559999", "whatsapp:102290129340398:US.93491208655302741901",
        }  # fmt: skip
        await on.inbox.conversations.reply(moved.conversation, "Noted")
        await on.settle()
        assert on.cloud.shown("Ann") == ["Noted"]


async def test_somebody_without_a_number_is_answered() -> None:
    async with stage() as on:
        on.cloud.person("Ann").hidden = True
        talk = (await on.heard("Ann", "Hi")).conversation
        await on.inbox.conversations.reply(talk, "Hello")
        await on.settle()
        assert on.cloud.shown("Ann") == ["Hello"]
        assert [reached.address.kind for reached in (await on.customer()).addresses] == ["whatsapp"]


async def test_an_answer_in_the_app_is_ours() -> None:
    async with stage() as on:
        await on.heard("Ann", "Hi")
        on.cloud.say_in_app("Ann", "Hello from my telephone")
        await on.settle()
        said = (await on.messages())[-1]
        assert (said.direction, said.text) == ("outbound", "Hello from my telephone")


async def test_in_a_group_the_answer_goes_to_the_group() -> None:
    async with stage() as on:
        on.cloud.groups["Y2Fw"] = ("Ann", "Bo")
        on.cloud.write("Ann", "Who is coming?", group="Y2Fw")
        await on.settle()
        (question,) = await on.messages()
        assert question.public
        await on.inbox.conversations.reply(question.conversation, "I am")
        await on.settle()
        assert on.cloud.shown("Bo") == on.cloud.shown("Ann") == ["I am"]
        who = [Text(text="Who else?"), Choice(options=(Option(title="Me"), Option(title="Not me")))]
        await on.inbox.conversations.reply(question.conversation, who)  # a group is shown no buttons
        await on.settle()
        assert on.cloud.shown("Bo") == on.cloud.shown("Ann") == ["I am", "Who else?\n1. Me\n2. Not me"]
        await on.inbox.conversations.reply(question.conversation, "Only for you", public=False)
        await on.settle()
        assert len(on.cloud.shown("Bo")) == 2
        assert on.cloud.shown("Ann")[-1] == "Only for you"


async def test_blue_ticks_and_typing_stand_beside_their_message() -> None:
    async with stage() as on:
        question = await on.heard("Ann", "Hi")
        ann = on.cloud.person("Ann")
        assert await on.inbox.conversations.signal(question.conversation, "seen")
        assert (ann.seen, ann.typing) == ([question.external_id], False)
        assert await on.inbox.conversations.signal(question.conversation, "typing")
        assert ann.typing
        await on.inbox.conversations.reply(question.conversation, "Hello")
        await on.settle()
        assert not ann.typing


async def test_a_call_is_one_message_that_says_how_it_went() -> None:
    async with stage() as on:
        ann = on.cloud.person("Ann")
        sides = {"id": "wacid.1", "from": ann.wa_id, "from_user_id": ann.user_id, "to": on.cloud.number}
        on.cloud.happen("calls", calls=[{**sides, "event": "connect", "timestamp": on.cloud.now()}])
        end = {"event": "terminate", "status": "COMPLETED", "duration": 62}
        on.cloud.happen("calls", calls=[{**sides, **end, "timestamp": on.cloud.now()}])
        await on.settle()
        (message,) = await on.messages()
        assert [(part.what, part.text) for part in message.parts] == [("call", "completed, 62 s")]


async def test_a_conversation_is_continued_by_a_link() -> None:
    """The token in the link comes back as the message. From another account it goes on there, and proves nobody one:
    a customer has one account at a time, so the link was passed on."""
    async with stage() as on:
        talk = (await on.heard("Ann", "Hi")).conversation
        link = await on.inbox.conversations.continue_on(talk, "number")
        assert link.startswith("https://wa.me/15550783881?text=oct")
        bo = await on.heard("Bo", link.partition("text=")[2])
        assert bo.conversation == talk
        names = {reached.name for reached in (await on.customer()).addresses}
        assert "Bo" not in names
