"""Open questions on the desk: tracked with the case, told with a hand-over, settled by hand and undone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from bench.listening.__main__ import TALKS, figures

from omnichannel import Address
from omnichannel.desk import Plan
from omnichannel.errors import NotFound
from tests.desk.room import PLAN, Room

ROSA = Address(kind="chat", value="rosa")
ASKED = "Where is the chair that I ordered? And what does the lamp cost?"


async def texts(room: Room, conversation: str) -> list[str]:
    return [one.text for one in await room.inbox.desk.open_questions(conversation)]


async def test_tracked_until_it_is_answered(room: Room) -> None:
    conversation = await room.hears("rosa", ASKED)
    [chair, lamp] = await room.inbox.desk.open_questions(conversation)
    [message] = await room.messages("rosa")
    assert (lamp.message, message.text[lamp.start : lamp.end]) == (message.id, "And what does the lamp cost?")
    await room.hire("Ann")
    await room.says(conversation, "Ann", "The chair was ordered on Monday.")
    assert await texts(room, conversation) == ["And what does the lamp cost?"]
    case = await room.case(conversation)
    answer = (await room.messages("rosa"))[-1]
    assert (case.questions[0].id, case.questions[0].answered_by) == (chair.id, answer.id)
    assert case.questions[0].because == "the answer speaks of chair, ordered"


async def test_whoever_is_given_it_is_told_how_many_are_open(room: Room) -> None:
    await room.hire("Ann", "Ben")
    conversation = await room.hears("rosa", ASKED)
    case = await room.inbox.desk.assign(conversation, "Ben", actor="Ann", note="she asks twice")
    assert len(case.open_questions) == 2
    given = [one for one in await room.inbox.events() if one.what == "case.assigned"]
    assert [one.detail["open_questions"] for one in given][-1] == "2"


async def test_settled_by_hand_and_undone(room: Room) -> None:
    desk = room.inbox.desk
    conversation = await room.hears("rosa", ASKED)
    [chair, lamp] = await desk.open_questions(conversation)
    await desk.settle(conversation, chair.id, actor="Ann", because="told her on the telephone")
    assert [one.id for one in await desk.open_questions(conversation)] == [lamp.id]
    [decision] = [one for one in await desk.decisions(conversation) if one.what == "question_answered"]
    assert (decision.actor, decision.because) == ("Ann", ("told her on the telephone",))
    await desk.undo(decision.id)
    assert len(await desk.open_questions(conversation)) == 2
    await room.hire("Ann")
    await room.says(conversation, "Ann", "The lamp: € 4.")
    assert [one.id for one in await desk.open_questions(conversation)] == [chair.id]
    await desk.settle(conversation, lamp.id, answered=False)
    assert len(await desk.open_questions(conversation)) == 2, "a person knows better"
    with pytest.raises(NotFound, match="no such question"):
        await desk.settle(conversation, "made up")


async def test_read_anew_it_is_the_same(room: Room) -> None:
    await room.hire("Ann")
    conversation = await room.hears("rosa", ASKED)
    await room.says(conversation, "Ann", "The chair was ordered on Monday.")
    stray = await room.hears("ben", "Do you sell stools?")
    before = (await room.case(conversation)).questions
    moved = (await room.messages("ben"))[0]
    await room.inbox.conversations.move(moved.id, conversation)
    await room.inbox.work()
    assert (await room.case(conversation)).questions[:2] == before
    assert (await texts(room, conversation))[-1] == "Do you sell stools?"
    assert await texts(room, stray) == []
    await room.hears("rosa", "", id="edit", kind="edited", targets=["chat-rosa-" + ASKED])
    edited = {
        "id": "e1",
        "kind": "edited",
        "targets": ["chat-rosa-" + ASKED],
        "text": "Where is my sofa now?",
    }
    await room.hears("rosa", **edited)
    assert "Where is my sofa now?" in await texts(room, conversation)


async def test_of_one_customer_in_all_their_conversations(room: Room) -> None:
    first = await room.hears("rosa", "Do you sell stools?")
    room.clock.advance(hours=1)
    await room.hears("rosa", "What does the lamp cost?", on="letter", also=[str(ROSA)])
    second = await room.inbox.conversations.split((await room.messages("rosa"))[-1].id)
    await room.inbox.work()
    await room.hears("ben", "Are you open on Sunday?")
    customer = await room.inbox.customers.find(ROSA)
    assert customer is not None
    found = await room.inbox.desk.unanswered(customer.id)
    assert [one.text for one in found] == ["Do you sell stools?", "What does the lamp cost?"]
    assert await texts(room, first) == ["Do you sell stools?"]
    assert await texts(room, second.id) == ["What does the lamp cost?"]
    timeline = {one.id for one in await room.inbox.customers.timeline(customer.id)}
    assert {one.message for one in found} <= timeline


async def test_what_others_ask_in_the_same_conversation_is_theirs(room: Room) -> None:
    both = await room.hears("rosa", "Do you sell stools?")
    await room.inbox.conversations.join(await room.hears("ben", "What does the lamp cost?"), both)
    await room.inbox.work()
    assert await texts(room, both) == ["Do you sell stools?", "What does the lamp cost?"]
    customer = await room.inbox.customers.find(ROSA)
    assert customer is not None
    assert [one.text for one in await room.inbox.desk.unanswered(customer.id)] == ["Do you sell stools?"]


async def test_neither_machines_nor_notes_ask_or_answer(room: Room) -> None:
    conversation = await room.hears("rosa", "Where is the chair that I ordered?")
    await room.inbox.conversations.note(conversation, "The chair was ordered on Monday.")
    await room.inbox.conversations.reply(conversation, "The chair was ordered.", automatic=True)
    await room.hears("rosa", "Can you hear me out of office?", automatic="auto_replied")
    assert await texts(room, conversation) == ["Where is the chair that I ordered?"]


async def test_a_plan_may_do_without(rooms: Callable[..., Room]) -> None:
    room = rooms(Plan.model_validate(PLAN.model_dump() | {"listening": None}))
    assert await texts(room, await room.hears("rosa", ASKED)) == []


def test_the_figures_stay_as_good_as_they_are() -> None:
    found = figures(TALKS.read_text(encoding="utf-8"))
    asked, answered = found["all", "found"], found["all", "answered, by the message labelled"]
    assert asked.right >= 0.95 * asked.told
    assert asked.hit >= 0.95 * asked.there
    assert answered.right >= 0.95 * answered.told, "what counts as answered and was not costs a customer"
    assert answered.hit >= 0.5 * answered.there
