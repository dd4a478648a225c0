"""`Plan(apologies="refuse")`: an apology that says nothing else goes out in no way, whoever says it and with whatever."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from omnichannel import Inbox, Incoming
from omnichannel.desk import Bot, HandOver, Plan, Private, Reply, Route, Then, Turn
from omnichannel.errors import UsageError
from omnichannel.model import Location, Text
from tests.desk.helpful import helpful
from tests.desk.room import Room

EMPTY = "We apologise for any inconvenience caused."
REAL = "We apologise for the delay. I have sent you a new lamp today."
LEER = "Wij bieden onze excuses aan voor het ongemak."


async def strict(rooms: Callable[..., Room], **more: object) -> tuple[Room, str]:
    """A desk that refuses them, Ann, and a conversation in which somebody complains in public."""
    room = rooms(helpful(apologies="refuse", **more))
    await room.hire("Ann")
    return room, await room.hears("rosa", "a complaint about money", public=True)


def said(room: Room) -> list[str]:
    return [one["text"] for one in room.far["chat"].said]


async def replies(inbox: Inbox, conversation: str, text: str) -> object:
    return await inbox.conversations.reply(conversation, text, agent="Ann")


async def replies_for_nobody(inbox: Inbox, conversation: str, text: str) -> object:
    return await inbox.conversations.reply(conversation, text)


async def replies_as_herself(inbox: Inbox, conversation: str, text: str) -> object:
    await inbox.roles.grant("Ann", "agent")
    ann = inbox.acting_as("Ann", because="answers rosa")
    return await ann.conversations.reply(conversation, text)


async def says_an_answer(inbox: Inbox, conversation: str, text: str) -> object:
    return await inbox.desk.answers.say(conversation, "sorry", "Ann", text=text)


async def sends_a_proposal(inbox: Inbox, conversation: str, text: str) -> object:
    return await inbox.desk.proposals.send(conversation, "private", text=text, agent="Ann")


Way = Callable[[Inbox, str, str], Awaitable[object]]
WAYS: list[Way] = [replies, replies_for_nobody, replies_as_herself, says_an_answer, sends_a_proposal]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
async def test_whichever_way_somebody_says_it(rooms: Callable[..., Room], way: Way) -> None:
    """It is refused before it is sent, with the words that were meant and what is missing; a real one goes out."""
    room, conversation = await strict(rooms)
    with pytest.raises(UsageError, match="apologise for any inconvenience.*tell what happens now"):
        await way(room.inbox, conversation, EMPTY)
    await room.inbox.work()
    assert said(room) == []
    await way(room.inbox, conversation, REAL)
    await room.inbox.work()
    assert said(room) == [REAL]


async def test_a_person_behind_a_handler(rooms: Callable[..., Room]) -> None:
    """A handler passes on what somebody decided on (`automatic=False`): refused; what a program says goes out."""
    room = rooms(helpful(apologies="refuse"))
    refused: list[str] = []

    @room.inbox.on_message
    async def passes_on(incoming: Incoming) -> None:
        try:
            await incoming.reply(EMPTY, automatic=False)
        except UsageError as error:
            refused.append(str(error))
            await incoming.reply(EMPTY)

    await room.hears("rosa", "money?")
    assert len(refused) == 1
    assert said(room) == [EMPTY]


async def test_a_program_that_replies_is_not_stopped(rooms: Callable[..., Room]) -> None:
    """Nobody is there who could say it better: the customer would hear nothing."""
    room, conversation = await strict(rooms)
    await room.inbox.conversations.reply(conversation, EMPTY, automatic=True)
    await room.inbox.work()
    assert said(room) == [EMPTY]


async def test_a_bot_hands_over_instead(rooms: Callable[..., Room]) -> None:
    """There are people who can say it better: they are given its words as a draft, and why they were not said."""

    async def robin(turn: Turn) -> Reply | HandOver:
        return Reply(text=EMPTY)

    plan = Plan(
        apologies="refuse", classifier=None, bots=(Bot(name="Robin", answers=robin),),
        routes=(Route(name="bot first", then=Then(agent="Robin")),),
    )  # fmt: skip
    room = rooms(plan)
    conversation = await room.hears("rosa", "Where is my lamp?")
    given = await room.inbox.desk.control.handover(conversation)
    assert said(room) == []
    assert (await room.case(conversation)).control == "queue"
    assert given is not None
    assert given.draft == EMPTY
    assert "Robin" in given.because[0]
    assert "says nothing else" in given.because[0]


async def test_previews_say_so(rooms: Callable[..., Room]) -> None:
    room, conversation = await strict(rooms)
    seen = await room.inbox.conversations.preview(conversation, EMPTY)
    assert (seen.possible, seen.why) == (False, "UsageError")
    assert "says nothing else" in seen.refused
    assert (await room.inbox.conversations.preview(conversation, REAL)).possible
    ready = await room.inbox.desk.answers.phrase(conversation, "sorry", "Ann")
    assert ready.remarks
    assert not ready.preview.possible


@pytest.mark.parametrize("text", [EMPTY, LEER])
async def test_words_are_judged_in_their_own_language(rooms: Callable[..., Room], text: str) -> None:
    """An agent may answer in another language than the customer's; `check` points out what would be refused."""
    room, conversation = await strict(rooms)
    assert await room.inbox.desk.answers.check(text, conversation=conversation)
    with pytest.raises(UsageError, match="says nothing else"):
        await room.inbox.conversations.reply(conversation, text, agent="Ann")


async def test_what_comes_with_something_else_than_words_is_no_empty_apology(
    rooms: Callable[..., Room],
) -> None:
    """A file, a choice, the place of the shop: it may be the step, and rather one too many goes out than a real one."""
    room, conversation = await strict(rooms)
    words = "Sorry for the inconvenience."
    with pytest.raises(UsageError, match="says nothing else"):
        await room.inbox.conversations.reply(conversation, words, agent="Ann")
    shop = Location(latitude=52, longitude=4, name="Shop")
    await room.inbox.conversations.reply(conversation, [Text(text=words), shop], agent="Ann")
    await room.inbox.work()
    assert len(room.far["chat"].said) == 1


async def test_what_was_ordered_before_is_shown_again(rooms: Callable[..., Room]) -> None:
    """Under its key, by a plan that refuses it by now: nothing is sent, so nothing is refused."""
    room = rooms(helpful())
    await room.hire("Ann")
    conversation = await room.hears("rosa", "money?")
    first = await room.inbox.conversations.reply(conversation, EMPTY, agent="Ann", idempotency_key="one")
    room.inbox.plan = helpful(apologies="refuse")
    again = await room.inbox.conversations.reply(conversation, EMPTY, agent="Ann", idempotency_key="one")
    assert again.id == first.id


@pytest.mark.parametrize("plan", [helpful(), helpful(private=Private(offer="never"))])
async def test_by_default_it_is_only_pointed_out(rooms: Callable[..., Room], plan: Plan) -> None:
    room = rooms(plan)
    await room.hire("Ann")
    conversation = await room.hears("rosa", "money?")
    assert await room.inbox.desk.answers.check(EMPTY, conversation=conversation)
    await room.says(conversation, "Ann", EMPTY)
    assert said(room) == [EMPTY]
