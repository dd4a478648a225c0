"""Messages and comments there and back over real sockets: what a person sees, and what an agent does."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from omnichannel import Incoming
from omnichannel.emulators.graph import Fault
from omnichannel.emulators.instagram import InstagramAccount
from omnichannel.errors import FetchError, TooLarge, Unsupported, WindowClosed
from omnichannel.model import Attachment, Choice, Option, Text
from omnichannel.tls import trusted
from tests.channels.facebook.desk import Desk, desk
from tests.engines import HandClock

LAYOUTS: list[dict[str, Any]] = [
    {},
    {"login": "facebook"},
    {"layout": "entry"},
    {"messages": "changes"},
]


@asynccontextmanager
async def account(
    settings: dict[str, object] | None = None, **made: Any
) -> AsyncIterator[Desk[InstagramAccount]]:
    clock = HandClock()
    async with desk(InstagramAccount(clock=clock.now, **made), clock, **(settings or {})) as found:
        yield found


@pytest.mark.parametrize("made", LAYOUTS, ids=str)
async def test_a_conversation_there_and_back_by_every_login_and_layout(made: dict[str, Any]) -> None:
    async with account(**made) as it:
        it.far.write("Ann", "Do you ship to Córdoba?")
        await it.work()
        await it.reply("Sí.")
        await it.work()
        it.far.write("Ann", "¡Gracias!")
        await it.work()
        assert it.far.shown("Ann") == ["Sí."]
        assert [one.text for one in await it.said()] == ["Do you ship to Córdoba?", "Sí.", "¡Gracias!"]


@pytest.mark.parametrize("made", LAYOUTS, ids=str)
async def test_a_comment_is_answered_below_it(made: dict[str, Any]) -> None:
    async with account(**made) as it:
        first = it.far.comment("Ann", "In red, too?")
        it.far.comment("Bo", "And in blue?", under=first)
        await it.work()
        talks = await it.talks()
        assert len(talks) == 2
        for talk in talks:
            await it.inbox.conversations.reply(talk.id, "Yes.")
        await it.work()
        await it.work()
        assert it.far.shown("Ann") == ["Yes.", "Yes."]
        for talk in talks:
            assert [one.public for one in await it.said(talk.id)] == [True, True]


@pytest.mark.parametrize("made", LAYOUTS, ids=str)
@pytest.mark.parametrize("caption", [False, True])
async def test_where_we_are_mentioned_the_words_are_fetched_and_the_answer_stands_below(
    made: dict[str, Any], caption: bool
) -> None:
    """Meta says where and no more: its own edges tell the words, and take the answer."""
    async with account(**made) as it:
        it.far.mention("Ann", "My order of @shop is late", caption=caption)
        await it.work()
        (talk,) = await it.talks()
        (heard,) = await it.said(talk.id)
        assert heard.public
        (words,) = (part for part in heard.parts if isinstance(part, Attachment))
        assert await it.inbox.attachment(heard.id, words) == b"My order of @shop is late"
        await it.inbox.conversations.reply(talk.id, "We are on it.")
        await it.work()
        assert it.far.shown("Ann") == ["We are on it."]
        assert [one.status for one in (await it.said(talk.id))[1].sendings] == ["sent"]
        with pytest.raises(Unsupported, match="did not say who wrote"):
            await it.inbox.conversations.reply(talk.id, "Just you", public=False)
            await it.work()


async def test_below_a_comment_a_choice_and_a_file_are_words() -> None:
    """Comments carry words alone, and the preview says so before."""
    async with account() as it:
        it.far.comment("Ann", "Which ones have you got?")
        await it.work()
        (talk,) = await it.talks()
        picture = Attachment(name="all.png", media_type="image/png", url="https://shop.example/all.png")
        offer = [Text(text="These:"), Choice(options=(Option(title="Red"), Option(title="Blue"))), picture]
        seen = await it.inbox.conversations.preview(talk.id, offer)
        assert seen.changed == ("a choice is shown as text", "an attachment is shown as text")
        await it.inbox.conversations.reply(talk.id, offer)
        await it.work()
        assert it.far.shown("Ann") == ["These:\n1. Red\n2. Blue\nall.png\nhttps://shop.example/all.png"]


async def test_words_that_meta_does_not_tell_are_no_empty_file() -> None:
    async with account() as it:
        gone = it.far.mention("Ann", "Hello @shop")
        await it.work()
        del it.far.comments[gone]
        (heard,) = await it.said()
        (words,) = (part for part in heard.parts if isinstance(part, Attachment))
        with pytest.raises(FetchError, match="does not exist"):
            await it.inbox.attachment(heard.id, words)


async def test_a_commenter_who_writes_is_the_same_customer() -> None:
    """Comments and messages name people alike, so that both are one history."""
    async with account() as it:
        it.far.comment("Ann", "In red, too?")
        it.far.write("Ann", "I just asked in public")
        await it.work()
        customers = {talk.customer for talk in await it.talks()}
        assert len(customers) == 1
        (customer,) = customers
        assert {one.public for one in await it.inbox.customers.timeline(customer)} == {True, False}


async def test_one_private_reply_opens_the_conversation() -> None:
    async with account() as it:
        it.far.comment("Ann", "Where is order 7?")
        await it.work()
        await it.reply("It is in Oslo.", public=False)
        await it.work()
        await it.work()
        assert it.far.shown("Ann") == ["It is in Oslo."]
        it.far.write("Ann", "Thanks!")
        await it.work()
        assert [one.text for one in await it.said()] == ["Where is order 7?", "It is in Oslo.", "Thanks!"]
        await it.reply("You are welcome.")
        await it.work()
        assert it.far.shown("Ann") == ["It is in Oslo.", "You are welcome."]


async def test_a_second_private_reply_and_a_late_one_are_refused() -> None:
    async with account() as it:
        comment = it.far.comment("Ann", "Where is order 7?")
        await it.work()
        it.far.comments[comment].answered_privately = True
        await it.reply("It is in Oslo.", public=False)
        await it.work()
        assert (await it.failed())[0].startswith("duplicate: 10900")
        with pytest.raises(TooLarge, match="one message"):
            await it.reply("ü" * 501, public=False)
        it.clock.advance(days=8)
        with pytest.raises(WindowClosed, match="seven days"):
            await it.reply("It is in Oslo.", public=False)


async def test_after_a_broadcast_the_platform_takes_no_private_reply() -> None:
    async with account() as it:
        it.far.comment("Ann", "Hi from Oslo!", live=True)
        await it.work()
        await it.reply("Hi!", public=False)
        await it.work()
        assert (await it.failed())[0].startswith("recipient_unavailable: 10903")


async def test_what_a_colleague_answers_in_the_app_stands_in_the_conversation() -> None:
    async with account() as it:
        first = it.far.comment("Ann", "In red, too?")
        await it.work()
        it.far.answer("From the app: yes", under=first)
        await it.work()
        assert [(one.direction, one.text) for one in await it.said()] == [
            ("inbound", "In red, too?"),
            ("outbound", "From the app: yes"),
        ]


async def test_a_long_text_goes_as_several_of_a_thousand_bytes() -> None:
    async with account() as it:
        it.far.write("Ann", "Tell me everything")
        await it.work()
        text = "Größe und Maß. " * 120
        await it.reply(text)
        await it.work()
        shown = it.far.shown("Ann")
        assert len(shown) > 1
        assert "".join(shown).split() == text.split()
        assert max(len(piece.encode()) for piece in shown) <= 1000


async def test_choices_and_files_go_out_and_taps_and_files_come_in() -> None:
    async with account() as it:
        it.far.send_file("Ann", "image", b"\x89PNG ann")
        await it.work()
        (message,) = await it.said()
        (file,) = [part for part in message.parts if isinstance(part, Attachment)]
        assert await it.channel.download(file) == b"\x89PNG ann"
        picture = Attachment(name="a.png", media_type="image/png", url="https://files.example/a.png")
        choice = Choice(options=(Option(title="Yes", value="y"), Option(title="No")))
        await it.reply([picture, Text(text="This one?"), choice])  # type: ignore[arg-type]
        await it.work()
        assert it.far.shown("Ann") == ["[image]", "This one?"]
        assert it.far.person("Ann").thread[-1].quick_replies == ("Yes", "No")
        it.far.message("Ann", "Yes", tap="y")
        it.far.tap("Ann", "Where is my order?", "ORDER")
        await it.work()
        chosen = [
            part.chosen.value
            for one in await it.said()
            for part in one.parts
            if isinstance(part, Choice) and part.chosen
        ]
        assert chosen == ["y", "ORDER"]


async def test_everything_else_that_people_do_is_seen() -> None:
    async with account() as it:
        first = it.far.write("Ann", "Hi")
        second = it.far.message("Ann", "oops", reply_to=first)
        it.far.message("Ann", "Is this still there?", story="17900000000000005")
        it.far.send_file("Ann", "story_mention")
        it.far.send_file("Ann", "like_heart")
        it.far.send_file("Ann", "hologram")
        await it.work()
        await it.reply("Hello!")
        await it.work()
        ours = it.far.person("Ann").thread[-1].mid
        it.far.react("Ann", ours, "❤️")
        it.far.edit("Ann", first, "Hi there")
        it.far.unsend("Ann", second)
        it.far.read("Ann")
        await it.work()
        one, two, story, mention, heart, unknown, answer = await it.said()
        assert (one.text, one.edited, two.deleted, two.reply_to) == ("Hi there", True, True, first)
        assert [getattr(each.parts[-1], "what", "") for each in (story, mention, heart, unknown)] == [
            "story",
            "story_mention",
            "like_heart",
            "unsupported:hologram",
        ]
        assert [emoji for _, emoji in answer.reactions] == ["❤️"]
        assert answer.sendings[0].status == "read"
        it.far.react("Ann", ours, "❤️", take_back=True)
        await it.work()
        assert (await it.said())[-1].reactions == ()


async def test_the_window_closes_after_a_day_and_for_people_after_a_week() -> None:
    async with account({"human_agent": True}) as it:
        it.far.write("Ann", "Hi")
        await it.work()
        it.clock.advance(hours=25)
        with pytest.raises(WindowClosed, match="24-hour window"):
            await it.reply("Hello", automatic=True)
        await it.reply("A person answers")
        await it.work()
        assert it.far.shown("Ann") == ["A person answers"]
        it.clock.advance(days=7)
        with pytest.raises(WindowClosed):
            await it.reply("Too late")


async def test_the_platforms_own_window_is_told_as_such() -> None:
    """Our clock may differ from Meta's: its refusal means the same."""
    async with account() as it:
        it.far.write("Ann", "Hi")
        await it.work()
        it.far.person("Ann").heard_at = None
        await it.reply("Hello")
        await it.work()
        assert (await it.failed())[0].startswith("window_closed: 10/2534022")


async def test_a_lost_answer_is_settled_by_the_echo() -> None:
    """Nothing can be planted in a message, so its words settle it."""
    async with account() as it:
        it.far.write("Ann", "Hi")
        await it.work()
        it.far.faults.append(Fault(500, 1, taken=True, transient=True))
        await it.reply("Hello!")
        await it.inbox.send()
        assert len(await it.inbox.in_doubt()) == 1
        await it.work()
        assert await it.inbox.in_doubt() == []
        assert it.far.shown("Ann") == ["Hello!"]
        assert len(await it.said()) == 2


async def test_an_ig_me_link_carries_a_conversation_over() -> None:
    async with account() as it:
        it.far.comment("Ann", "Where is order 7?")
        await it.work()
        (talk,) = await it.talks()
        link = await it.inbox.conversations.continue_on(talk.id, "instagram")
        assert link.startswith("https://ig.me/m/shop?ref=oct")
        it.far.message("Bo", "Here I am", ref=link.partition("ref=")[2])
        await it.work()
        assert [one.text for one in await it.said()] == ["Where is order 7?", "Here I am"]
        it.far.follow("Bo", "oct" + "a" * 26)
        await it.work()
        assert not await it.inbox.parked()


async def test_signs_and_names() -> None:
    async with account() as it:

        @it.inbox.on_message
        async def name(incoming: Incoming) -> None:
            await incoming.note(incoming.customer.name or "no name")

        it.far.write("Ann Berg", "Hi")
        await it.work()
        person = it.far.person("Ann Berg")
        (talk,) = await it.talks()
        for sign in ("typing", "seen"):
            assert await it.inbox.conversations.signal(talk.id, sign)
        assert it.far.signs == [(person.id, "typing_on"), (person.id, "mark_seen")]
        with pytest.raises(Unsupported):
            await it.inbox.conversations.signal(talk.id, "dancing")


def test_the_emulator_refuses_what_meta_refuses() -> None:
    with InstagramAccount() as far:
        comment = far.comment("Ann", "Hi")
        far.write("Ann", "Hi")
        ann = {"id": far.person("Ann").id}
        headers = {"authorization": f"Bearer {far.token}"}

        def post(path: str, **fields: object) -> tuple[int, int]:
            answer = httpx.post(
                f"{far.url}/v26.0/{path}", json=fields, headers=headers, trust_env=False, verify=trusted()
            )
            error = answer.json().get("error", {})
            return error.get("code", 0), error.get("error_subcode", 0)

        text = {"text": "Hi"}
        assert post("5/messages", recipient=ann, message=text) == (100, 33)
        assert post("me/messages", recipient={"id": "5"}, message=text) == (100, 2534014)
        assert post("me/messages", recipient={"comment_id": "5"}, message=text) == (100, 2534025)
        assert post("me/messages", recipient=ann, message={"text": "ü" * 501}) == (100, 2534015)
        assert post("me/messages", recipient=ann, message={"text": "x", "metadata": "y"}) == (100, 2534015)
        assert post("me/messages", recipient=ann, message={}) == (100, 2534015)
        many = [{"title": "x"}] * 14
        assert post("me/messages", recipient=ann, message={"text": "x", "quick_replies": many}) == (
            100,
            2534015,
        )
        file = {"attachment": {"type": "image", "payload": {"url": "ftp://x"}}}
        assert post("me/messages", recipient=ann, message=file) == (100, 2018047)
        assert post(f"{comment}/replies", message="") == (100, 0)
        assert post("5/replies", message="x") == (100, 2534025)
        tagged = {"messaging_type": "MESSAGE_TAG", "tag": "ACCOUNT_UPDATE"}
        assert post("me/messages", recipient=ann, message=text, **tagged) == (10, 2018276)
        far.person("Ann").blocked = True
        assert post("me/messages", recipient=ann, message=text) == (551, 1545041)
