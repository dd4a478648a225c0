"""Comments there and back over real sockets: what a person reads, and what an agent sees, on the same Page."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from omnichannel.emulators.facebook import FacebookPage
from omnichannel.emulators.graph import Fault
from omnichannel.errors import TooLarge, WindowClosed
from omnichannel.model import Attachment
from omnichannel.tls import trusted
from tests.channels.facebook.desk import Desk, desk
from tests.engines import HandClock


@asynccontextmanager
async def page(**settings: object) -> AsyncIterator[Desk[FacebookPage]]:
    clock = HandClock()
    async with desk(FacebookPage(clock=clock.now), clock, **settings) as found:
        yield found


async def test_a_comment_is_answered_below_it_and_goes_on_in_one_conversation() -> None:
    async with page() as it:
        it.far.write("Ann", "Do you ship to Norway?")
        await it.work()
        await it.reply("Yes, we do.")
        await it.work()
        it.far.write("Ann", "Thanks!")
        await it.work()
        assert it.far.shown("Ann") == ["Yes, we do."]
        assert [(one.direction, one.text, one.public) for one in await it.said()] == [
            ("inbound", "Do you ship to Norway?", True),
            ("outbound", "Yes, we do.", True),
            ("inbound", "Thanks!", True),
        ]


async def test_everybody_below_one_comment_has_a_conversation_of_their_own() -> None:
    async with page() as it:
        first = it.far.write("Ann", "Do you ship to Norway?")
        it.far.comment("Bo", "I want to know, too", under=first)
        it.far.comment("Ann", "Is it waterproof?")
        await it.work()
        talks = [[one.text for one in await it.said(talk.id)] for talk in await it.talks()]
        assert sorted(talks) == [["Do you ship to Norway?"], ["I want to know, too"], ["Is it waterproof?"]]


async def test_a_visitors_post_and_their_comment_on_it_are_one_conversation() -> None:
    async with page() as it:
        post = it.far.post("Ann", "My parcel is lost")
        await it.work()
        it.far.comment("Ann", "Since Monday", on=post)
        await it.work()
        assert [one.text for one in await it.said()] == ["My parcel is lost", "Since Monday"]
        await it.reply("We look into it.")
        await it.work()
        assert it.far.shown("Ann") == ["We look into it."]


async def test_what_a_colleague_answers_on_facebook_stands_in_the_conversation() -> None:
    """The webhook does not say to whom it was said, only what it answers."""
    async with page() as it:
        first = it.far.write("Ann", "Do you ship to Norway?")
        await it.work()
        it.far.say("From the app: yes", under=first)
        it.far.say("A comment of ours that answers nobody", under="")
        await it.work()
        assert [(one.direction, one.text) for one in await it.said()] == [
            ("inbound", "Do you ship to Norway?"),
            ("outbound", "From the app: yes"),
        ]


async def test_edits_removals_and_reactions_are_seen() -> None:
    async with page() as it:
        first = it.far.write("Ann", "Do you ship?")
        second = it.far.comment("Ann", "Oops", under=first)
        await it.work()
        await it.reply("Yes.")
        await it.work()
        ours = (await it.said())[-1].sendings[0].external_id
        it.far.edit(first, "Do you ship to Norway?")
        it.far.remove(second)
        it.far.react("Ann", ours, "love")
        it.far.react("Bo", it.far.own_post.id, "like")
        it.far.hide(first)
        await it.work()
        one, two, three = await it.said()
        assert (one.text, one.edited, two.deleted) == ("Do you ship to Norway?", True, True)
        assert [reaction for _, reaction in three.reactions] == ["❤️"]
        it.far.react("Ann", ours, "love", take_back=True)
        await it.work()
        assert (await it.said())[-1].reactions == ()
        assert not await it.inbox.parked()


async def test_the_same_webhook_again_changes_nothing() -> None:
    async with page() as it:
        it.far.write("Ann", "Hello?")
        it.far.write("Ann", "Anybody?")
        assert await asyncio.to_thread(it.far.hook.push, together=2, times=3) == [200, 200, 200]
        await it.inbox.work()
        assert [one.text for one in await it.said()] == ["Hello?", "Anybody?"]


async def test_what_is_not_taken_comes_again_and_what_is_not_signed_never_in() -> None:
    async with page() as it:
        it.far.write("Ann", "Hello?")
        good, it.far.hook.app_secret = it.far.hook.app_secret, "another"
        assert await it.work() == [401]
        it.far.hook.app_secret = good
        assert await it.work() == [200]
        assert [one.text for one in await it.said()] == ["Hello?"]


async def test_a_picture_goes_out_and_comes_in() -> None:
    async with page() as it:
        it.far.comment("Ann", "Like this", photo=b"\x89PNG ann")
        await it.work()
        (message,) = await it.said()
        (file,) = [part for part in message.parts if part.type == "attachment"]
        assert await it.channel.download(file) == b"\x89PNG ann"
        await it.reply([Attachment(name="a.png", media_type="image/png", content=b"\x89PNG ours")])  # type: ignore[arg-type]
        await it.work()
        assert it.far.shown("Ann") == ["[photo]"]
        assert [one.content for one in it.far.said.values() if one.author is it.far.page and one.content] == [
            b"\x89PNG ours"
        ]


async def test_with_page_mentioning_the_person_is_told() -> None:
    async with page(mentions=True) as it:
        it.far.write("Ann", "Hello?")
        await it.work()
        await it.reply("Hi!")
        await it.work()
        assert it.far.shown("Ann") == [f"@[{it.far.person('Ann').id}] Hi!"]


async def test_one_private_reply_leads_over_to_messenger() -> None:
    """Its echo is ours, a second one is refused for good, and public answers stay possible."""
    async with page() as it:
        it.far.write("Ann", "Where is order 7?")
        await it.work()
        private = await it.reply("Order 7 is in Oslo.", public=False)
        assert not private.public
        await it.work()
        await it.work()  # the echo
        assert it.far.person("Ann").inbox == ["Order 7 is in Oslo."]
        assert [one.text for one in await it.said()] == ["Where is order 7?", "Order 7 is in Oslo."]
        (sending,) = (await it.said())[-1].sendings
        assert it.far.person("Ann").psid in sending.detail
        await it.reply("And order 8, too.", public=False)
        await it.work()
        (reason,) = await it.failed()
        assert reason.startswith("duplicate: 10900")
        await it.reply("Check your inbox.")
        await it.work()
        assert it.far.shown("Ann") == ["Check your inbox.", "Order 7 is in Oslo."]


async def test_a_private_reply_is_one_message_within_seven_days() -> None:
    async with page() as it:
        it.far.write("Ann", "Where is order 7?")
        await it.work()
        with pytest.raises(TooLarge, match="one message"):
            await it.reply("long " * 500, public=False)
        it.clock.advance(days=7, minutes=1)
        with pytest.raises(WindowClosed, match="2026-03-09 09:00"):
            await it.reply("Sorry for the delay.", public=False)
        await it.reply("Sorry for the delay.")
        await it.work()
        assert it.far.shown("Ann") == ["Sorry for the delay."]


async def test_a_lost_answer_is_settled_by_the_echo() -> None:
    """The platform took it, and its answer got lost: the webhook shows that it is there, and it is not said twice."""
    async with page() as it:
        it.far.write("Ann", "Hello?")
        await it.work()
        for public in (True, False):
            it.far.faults.append(Fault(500, 2, taken=True, transient=True))
            await it.reply(f"Hi! {public}", public=public)
            await it.inbox.send()
            assert len(await it.inbox.in_doubt()) == 1
            await it.work()
            assert await it.inbox.in_doubt() == []
        assert it.far.shown("Ann") == ["Hi! True", "Hi! False"]


async def test_too_fast_is_later_and_a_bad_token_is_told() -> None:
    async with page() as it:
        it.far.write("Ann", "Hello?")
        await it.work()
        usage = '{"1":[{"estimated_time_to_regain_access":2}]}'
        it.far.faults.append(Fault(400, 32, headers={"x-business-use-case-usage": usage}))
        await it.reply("Hi!")
        await it.work()
        assert it.far.shown("Ann") == []
        it.clock.advance(minutes=2)
        await it.work()
        assert it.far.shown("Ann") == ["Hi!"]
        it.far.page_token = "changed"
        await it.reply("Are you there?")
        await it.work()
        assert "reauth: 190" in (await it.failed())[0]


async def test_an_answer_to_what_is_gone_is_refused() -> None:
    async with page() as it:
        first = it.far.write("Ann", "Hello?")
        await it.work()
        it.far.said.pop(first)
        await it.reply("Hi!")
        await it.work()
        assert "invalid: 100/33" in (await it.failed())[0]


async def test_without_permission_nobody_is_taken_for_another() -> None:
    async with page() as it:
        it.far.withheld = True
        it.far.comment("Ann", "Hello?")
        it.far.comment("Bo", "Hello too")
        await it.work()
        assert len(await it.talks()) == 2
        assert len({talk.customer for talk in await it.talks()}) == 2


async def test_messages_in_the_same_webhook_are_left_to_messenger() -> None:
    async with page() as it:
        it.far.message("Ann", "Hello?")
        assert await it.work() == [200]
        assert await it.talks() == []
        assert await it.inbox.parked() == []


def test_the_emulator_refuses_what_meta_refuses() -> None:
    with FacebookPage() as far:
        first = far.write("Ann", "Hello?")
        headers = {"authorization": f"Bearer {far.page_token}"}

        def post(path: str, **fields: object) -> tuple[int, int]:
            answer = httpx.post(
                f"{far.url}/v26.0/{path}", json=fields, headers=headers, trust_env=False, verify=trusted()
            )
            error = answer.json().get("error", {})
            return error.get("code", 0), error.get("error_subcode", 0)

        assert post(f"{first}/comments") == (100, 0)
        assert post(f"{first}/comments", message="x" * 8001) == (100, 0)
        assert post(f"{first}/comments", attachment_url="ftp://x") == (100, 0)
        assert post("999/comments", message="x") == (100, 33)
        assert post("999/messages", recipient={"comment_id": first}, message={"text": "x"}) == (100, 33)
        both = {"text": "x", "attachment": {"type": "image"}}
        assert post(f"{far.page_id}/messages", recipient={"comment_id": first}, message=both) == (100, 0)
        own = {"comment_id": far.own_post.id}
        assert post("me/messages", recipient=own, message={"text": "x"}) == (10903, 0)
        with pytest.raises(ValueError, match="challenge"):
            far.connect(f"{far.url}/nothing")
        assert far.push() == ()
        far.hook.url = "http://127.0.0.1:9/nobody"
        assert far.push() == [0]
