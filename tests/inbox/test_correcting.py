"""What was placed wrongly can be put right: move, split, join; on record, with the reason."""

from __future__ import annotations

import pytest

from omnichannel.errors import NotFound, UsageError
from omnichannel.model import Message
from tests.inbox.desk import Desk, at


async def texts(desk: Desk, conversation: str) -> list[str]:
    return [message.text for message in await desk.inbox.conversations.messages(conversation)]


async def two(desk: Desk) -> tuple[str, str]:
    """Two conversations of one customer on paper, three and one messages."""
    first = await desk.heard("a1", who="a@b.example", on="letter", subject="First")
    for text in ("a2", "a3"):
        await desk.heard(text, who="a@b.example", on="letter", reply_to=first.external_id)
    second = await desk.heard("b1", who="a@b.example", on="letter", subject="Second")
    assert first.conversation != second.conversation
    return first.conversation, second.conversation


async def test_one_message_is_moved(desk: Desk) -> None:
    first, second = await two(desk)
    message = (await desk.inbox.conversations.messages(first))[1]
    moved = await desk.inbox.conversations.move(message.id, second, actor="zoe")
    assert (moved.id, moved.conversation, moved.seq) == (message.id, second, 2)
    assert "moved by zoe" in moved.because
    assert first in moved.because
    assert (await texts(desk, first), await texts(desk, second)) == (["a1", "a3"], ["b1", "a2"])
    (event,) = await desk.happened("conversation.moved")
    assert (event.actor, event.conversation) == ("zoe", second)
    with pytest.raises(UsageError, match="already"):
        await desk.inbox.conversations.move(message.id, second)
    assert (await desk.inbox.raw(message.id)).body


async def test_what_is_answered_to_a_moved_message_follows_it(desk: Desk) -> None:
    first, second = await two(desk)
    message = (await desk.inbox.conversations.messages(first))[1]
    await desk.inbox.conversations.move(message.id, second)
    later = await desk.heard("a4", who="a@b.example", on="letter", reply_to=message.external_id)
    assert later.conversation == second


async def test_a_message_that_waits_for_its_handler_is_moved_with_its_turn(handling: Desk) -> None:
    desk = handling
    first, second = await two(desk)
    from tests.chat import delivery

    item = {"id": "late", "from": "a@b.example", "text": "late", "reply_to": "letter-a@b.example-a1"}
    await desk.inbox.receive("letter", delivery(item))
    await desk.inbox.read()
    (message,) = await desk.named("late", on="letter")
    await desk.inbox.conversations.move(message.id, second)
    await desk.inbox.work()
    assert [(i.message.text, i.conversation.id) for i in desk.handled][-1] == ("late", second)


async def test_a_queued_answer_is_moved_with_its_calls(desk: Desk) -> None:
    first, second = await two(desk)
    reply = await desk.inbox.conversations.reply(first, "answer")
    await desk.inbox.conversations.move(reply.id, second)
    await desk.inbox.work()
    assert await desk.status(reply) == ["sent"]
    assert desk.said("letter") == ["answer"]


async def test_a_message_and_all_after_it_become_a_conversation(desk: Desk) -> None:
    first, _ = await two(desk)
    at = (await desk.inbox.conversations.messages(first))[1]
    new = await desk.inbox.conversations.split(at.id, actor="zoe")
    assert (await texts(desk, first), await texts(desk, new.id)) == (["a1"], ["a2", "a3"])
    assert new.customer == (await desk.customer("a@b.example", "letter")).id
    assert (await desk.inbox.conversations.message(at.id)).because.startswith("split by zoe")
    with pytest.raises(UsageError, match="split leaves some"):
        await desk.inbox.conversations.split((await desk.inbox.conversations.messages(first))[0].id)
    assert len(await desk.inbox.customers.timeline(new.customer)) == 4


@pytest.mark.parametrize("public", [False, True])
async def test_a_chat_that_was_split_goes_on_in_the_newer_part(desk: Desk, public: bool) -> None:
    """And what another person says in the same public thread stays where it is."""
    more = {"thread": "t", "public": public}
    first = await desk.heard("old matter", **more)
    other = await desk.heard("me too", who="ben", **more) if public else None
    later = await desk.heard("new matter", **more)
    new = await desk.inbox.conversations.split(later.id)
    assert (await desk.heard("and another thing", **more)).conversation == new.id != first.conversation
    if other:
        assert (await desk.heard("still me", who="ben", **more)).conversation == other.conversation


async def test_a_split_may_begin_with_a_note(desk: Desk) -> None:
    first, _ = await two(desk)
    note = await desk.inbox.conversations.note(first, "another matter")
    new = await desk.inbox.conversations.split(note.id)
    assert await texts(desk, new.id) == ["another matter"]
    assert new.customer == (await desk.customer("a@b.example", "letter")).id


async def test_two_conversations_become_one(desk: Desk) -> None:
    first, second = await two(desk)
    joined = await desk.inbox.conversations.join(second, first, actor="zoe")
    assert joined.id == first
    assert await texts(desk, first) == ["a1", "a2", "a3", "b1"]
    assert (await desk.inbox.conversations.get(second)).status == "closed"
    assert await texts(desk, second) == []
    with pytest.raises(UsageError):
        await desk.inbox.conversations.join(second, first)
    with pytest.raises(UsageError, match="already"):
        await desk.inbox.conversations.join(first, first)
    events = [event.what for event in await desk.happened() if event.actor == "zoe"]
    assert events == ["conversation.joined", "conversation.closed"]


async def test_what_comes_for_a_joined_conversation_comes_to_where_it_went(desk: Desk) -> None:
    """Threads, answers, the marks in our letters and links that are still out: all follow."""
    first, second = await two(desk)
    await desk.inbox.conversations.reply(second, "our letter")
    await desk.inbox.work()
    mark = desk.far["letter"].said[-1]["mark"]
    link = await desk.inbox.conversations.continue_on(second, "chat")
    await desk.inbox.conversations.join(second, first)
    for number, more in enumerate(
        ({"reply_to": "letter-a@b.example-b1"}, {"reply_to": "out-1"}, {"text": f"see {mark}"})
    ):
        item = {"id": f"x{number}", "from": "a@b.example", "text": "x"} | more
        (message,) = await desk.hear(item, on="letter")
        assert message.conversation == first, more
    chat = await desk.heard(link.partition("ref=")[2])
    assert chat.conversation == first
    assert (await desk.inbox.conversations.get(second)).status == "closed"


async def test_what_comes_for_a_conversation_joined_twice_over(desk: Desk) -> None:
    first, second = await two(desk)
    third = await desk.heard("c1", who="a@b.example", on="letter")
    await desk.inbox.conversations.reply(second, "our letter")
    await desk.inbox.work()
    mark = desk.far["letter"].said[-1]["mark"]
    await desk.inbox.conversations.join(second, third.conversation)
    await desk.inbox.conversations.join(third.conversation, first)
    (message,) = await desk.hear({"id": "x", "from": "a@b.example", "text": mark}, on="letter")
    assert message.conversation == first


async def test_a_chat_that_was_joined_goes_on_in_its_new_place(desk: Desk) -> None:
    message = await desk.heard("hello")
    other = await desk.heard("here too", who="anna2")
    await desk.inbox.conversations.join(message.conversation, other.conversation)
    assert (await desk.heard("again")).conversation == other.conversation


async def test_nothing_is_corrected_that_is_not_there(desk: Desk) -> None:
    first, _ = await two(desk)
    box = desk.inbox.conversations
    message = (await box.messages(first))[0]
    for act in (
        lambda: box.move("x", first),
        lambda: box.move(message.id, "x"),
        lambda: box.move(first, message.id),
        lambda: box.split(first),
        lambda: box.join(first, "x"),
        lambda: box.join("x", first),
    ):
        with pytest.raises(NotFound):
            await act()


async def mixed(desk: Desk) -> tuple[Message, Message]:
    """Anna and Ben were taken for one, so that what Ben said stands with what Anna had begun; then they were parted."""
    annas = await desk.heard("I am Anna", also=["chat::ben"], subject="my illness")
    bens = await desk.heard("I am Ben", who="ben", on="other", subject="a lamp")
    assert annas.conversation == bens.conversation
    await desk.inbox.identity.unmerge(at("anna"), at("ben"), actor="zoe")
    return annas, bens


async def test_whoever_was_moved_away_goes_on_elsewhere(desk: Desk) -> None:
    """What somebody says next does not go on among others from whose conversation they were moved away."""
    annas, bens = await mixed(desk)
    apart = await desk.inbox.conversations.split(bens.id, actor="zoe")
    assert apart.customer == (await desk.customer("ben")).id
    await desk.inbox.conversations.close(apart.id)
    desk.clock.advance(days=4)
    await desk.heard("Anna again")
    again = await desk.heard("Ben again", who="ben", on="chat")
    assert again.conversation != annas.conversation
    assert await texts(desk, annas.conversation) == ["I am Anna", "Anna again"]


async def test_a_conversation_is_of_whoever_is_left_in_it(desk: Desk) -> None:
    """Or else whoever looks at Ben's question is shown Anna, and tells Ben what is hers."""
    annas, bens = await mixed(desk)
    elsewhere = await desk.heard("another", who="carl")
    await desk.inbox.conversations.move(annas.id, elsewhere.conversation, actor="zoe")
    left = await desk.inbox.conversations.get(bens.conversation)
    assert (left.customer, left.subject) == ((await desk.customer("ben")).id, "a lamp")


async def test_what_was_moved_away_and_back_is_as_it_was(desk: Desk) -> None:
    annas, bens = await mixed(desk)
    elsewhere = await desk.heard("another", who="carl")
    before = (await desk.inbox.conversations.get(annas.conversation)).customer
    await desk.inbox.conversations.move(bens.id, elsewhere.conversation)
    await desk.inbox.conversations.move(bens.id, annas.conversation)
    assert (await desk.inbox.conversations.get(annas.conversation)).customer == before
    assert [m.text for m in await desk.inbox.customers.timeline((await desk.customer("ben")).id)] == [
        "I am Ben"
    ]
