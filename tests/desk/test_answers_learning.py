"""What is learnt from past questions: suggested later, never quoted to others, and forgotten when it has to be."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from omnichannel.inbox.desk.learning import Learned
from omnichannel.model import Address, Purpose
from omnichannel.model.desk import Suggested
from omnichannel.store import Tx
from tests.chat import delivery
from tests.desk.helpful import helpful
from tests.desk.room import Room
from tests.engines import HandClock, dump

ASKED = "The zebra lamp flickers at night, what now?"
LIKE = "My zebra lamp flickers at night"


@pytest.fixture
def room(rooms: Callable[..., Room]) -> Room:
    return rooms(helpful())


async def taught(room: Room, who: str = "rosa", answer: str = "hours") -> str:
    """Somebody asks, and Ann answers with a standard answer whose words have nothing to do with it."""
    await room.hire("Ann")
    conversation = await room.hears(who, ASKED)
    await room.inbox.desk.answers.say(conversation, answer, "Ann")
    await room.inbox.work()
    return conversation


async def suggested(room: Room, who: str = "ben", **more: Purpose) -> list[Suggested]:
    return await room.inbox.desk.answers.suggest(await room.hears(who, LIKE), **more)


async def test_before_anything_was_answered_the_answers_speak_for_themselves(room: Room) -> None:
    conversation = await room.hears("rosa", "When do I get my money back?")
    [first, *_] = await room.inbox.desk.answers.suggest(conversation)
    assert (first.answer, first.likeness) == ("refund", 1)
    assert first.because[0] == "100% alike: 'When do I get my money back?'"
    assert await room.inbox.desk.answers.suggest(conversation, most=1) == [first]


async def test_what_was_good_for_one_question_is_suggested_for_the_next(room: Room) -> None:
    assert await suggested(room, "carl") == []
    await taught(room)
    [found] = await suggested(room)
    assert found.answer == "hours"


async def test_nobody_else_is_shown_a_customers_words(room: Room) -> None:
    await taught(room)
    [found] = await suggested(room)
    assert [one.partition(": ")[2] for one in found.because] == ["a question that it was sent for before"]
    assert "zebra" not in str(found)
    [for_agents] = await suggested(room, "carl", purpose=Purpose.ASSIST)
    assert ASKED in str(for_agents)


async def test_what_was_answered_is_suggested_no_more(room: Room) -> None:
    conversation = await taught(room)
    assert await room.inbox.desk.answers.suggest(conversation) == []
    assert await suggested(room, "rosa") != []


async def test_what_was_refused_teaches_nothing(room: Room) -> None:
    await room.hire("Ann")
    conversation = await room.hears("rosa", ASKED)
    use = await room.inbox.desk.answers.refuse(conversation, "hours", agent="Ann")
    assert (use.how, use.message, use.asked) == ("refused", "", (await room.messages("rosa"))[0].id)
    assert await suggested(room) == []


async def test_words_that_were_erased_are_forgotten_and_what_is_counted_stays(room: Room) -> None:
    conversation = await taught(room)
    assert len(await suggested(room)) == 1
    before = await room.inbox.desk.answers.tally()
    rosa = await room.inbox.customers.find(Address(kind="chat", value="rosa"))
    assert rosa is not None
    await room.inbox.identity.erase(rosa.id, actor="zoe")
    assert await suggested(room, "carl") == []
    assert len(room.inbox.learned) == 0
    assert await room.inbox.desk.answers.tally() == before
    [use] = await room.inbox.desk.answers.uses()
    assert (use.conversation, use.customer, use.asked, use.message, use.question) == ("", "", "", "", "")
    assert conversation not in str(await room.inbox.desk.answers.uses())


async def test_words_that_another_process_erased_are_forgotten_here(
    shared_url: str, clock: HandClock
) -> None:
    here = Room(shared_url, clock, helpful())
    await taught(here)
    assert len(await suggested(here)) == 1
    there = Room(shared_url, clock, helpful())
    rosa = await there.inbox.customers.find(Address(kind="chat", value="rosa"))
    assert rosa is not None
    await there.inbox.identity.erase(rosa.id, actor="zoe")
    assert await suggested(here, "carl") == []
    await there.close()
    await here.close()


async def test_what_another_process_learnt_is_known_here(shared_url: str, clock: HandClock) -> None:
    here, there = Room(shared_url, clock, helpful()), Room(shared_url, clock, helpful())
    assert await suggested(here) == []
    await taught(there)
    assert [one.answer for one in await suggested(here, "carl")] == ["hours"]
    await there.close()
    await here.close()


async def test_a_question_that_its_customer_changed_or_took_back_is_forgotten(room: Room) -> None:
    await taught(room)
    assert len(await suggested(room)) == 1
    change = {
        "id": "e1",
        "kind": "edited",
        "targets": [f"chat-rosa-{ASKED}"],
        "from": "rosa",
        "text": "Bye then",
    }
    await room.inbox.receive("chat", delivery(change))
    await room.inbox.work()
    assert await suggested(room, "carl") == []


async def test_of_whoever_is_frozen_nothing_is_used(room: Room) -> None:
    await taught(room)
    rosa = await room.inbox.customers.find(Address(kind="chat", value="rosa"))
    assert rosa is not None
    assert len(await suggested(room)) == 1
    await room.inbox.identity.freeze(rosa.id, actor="zoe")
    assert await suggested(room, "carl") == []
    await room.inbox.identity.unfreeze(rosa.id, actor="zoe")
    assert len(await suggested(room, "dora")) == 1


async def test_another_plan_has_other_answers_and_the_same_past(room: Room) -> None:
    await taught(room)
    assert len(await suggested(room)) == 1
    room.inbox.plan = helpful(answers=helpful().answers[:1])
    assert await suggested(room, "carl") == []
    room.inbox.plan = helpful()
    assert [one.answer for one in await suggested(room, "dora")] == ["hours"]


async def test_so_many_are_remembered_and_they_are_what_the_store_has(room: Room) -> None:
    await room.hire("Ann")
    learned, book = Learned(most=3), helpful().book
    for number in range(6):
        conversation = await room.hears(f"rosa{number}", f"The lamp{number} flickers, what now?")
        await room.inbox.desk.answers.say(conversation, "hours", "Ann")
        if number == 4:  # so far less than it remembers changed at once, from here on more
            await _brought_in(room, learned)
    await _brought_in(room, learned)
    assert len(learned) == 3
    anew = Learned(most=3)
    await _brought_in(room, anew)
    for question in ("The lamp5 flickers", "lamp4 flickers", "lamp0 flickers"):
        found, again = (one.suggest(book, [], question, 3, {"hours"}, quoted=True) for one in (learned, anew))
        assert found == again
        assert "lamp0" not in str(found)
    assert len(dump(room.inbox.open())["uses"]) == 6


async def _brought_in(room: Room, learned: Learned) -> None:
    def job(tx: Tx) -> None:
        learned.suggest(helpful().book, learned.news(tx), "lamp", 1, {"hours"}, quoted=False)

    await room.inbox.run_job(job)
