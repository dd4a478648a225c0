"""Step three: every message to the handlers at least once, in order; what they decide commits exactly once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest

from omnichannel import Rules
from omnichannel.errors import NotFound, TooLarge, Unsupported, UsageError
from omnichannel.inbox import handling as handling_module
from omnichannel.inbox.incoming import Incoming
from omnichannel.store import queue
from omnichannel.store.queue import Task
from tests.chat import delivery
from tests.inbox.desk import Desk


async def test_a_handler_gets_the_message_and_where_it_belongs(handling: Desk) -> None:
    message = await handling.heard("hello", name="Anna")
    (incoming,) = handling.handled
    assert incoming.message == message
    assert incoming.conversation.id == message.conversation
    assert incoming.customer == await handling.customer("anna")
    assert await handling.inbox.handle() == 0


async def test_without_handlers_there_is_nothing_to_handle(desk: Desk) -> None:
    await desk.heard("hello")
    assert await desk.inbox.handle() == 0
    assert desk.state()["todo"] == []


async def test_messages_of_a_conversation_come_in_order_and_one_at_a_time(desk: Desk) -> None:
    """However slow the first is, the second waits for it; another conversation does not."""
    running: set[str] = set()
    seen: dict[str, list[str]] = {"anna": [], "ben": []}

    @desk.inbox.on_message
    async def slow(incoming: Incoming) -> None:
        who = incoming.message.author.address.value
        assert who not in running
        running.add(who)
        for _ in range(5):
            await asyncio.sleep(0)
        seen[who].append(incoming.message.text)
        running.discard(who)

    for number in range(4):
        for who in seen:
            item = {"id": f"{who}{number}", "from": who, "text": str(number)}
            await desk.inbox.receive("chat", delivery(item))
    await desk.inbox.work()
    assert seen == {"anna": ["0", "1", "2", "3"], "ben": ["0", "1", "2", "3"]}


async def test_handlers_run_in_the_order_in_which_they_were_registered(desk: Desk) -> None:
    log: list[str] = []
    for name in ("first", "second"):

        async def handler(incoming: Incoming, name: str = name) -> None:
            log.append(name)

        assert desk.inbox.on_message(handler) is handler
    await desk.heard("hi")
    assert log == ["first", "second"]


async def test_a_handler_that_raises_has_done_nothing_and_is_tried_again(desk: Desk) -> None:
    """Its replies, notes and decisions come to nothing; the same message comes again, and then counts once."""
    tries: list[str] = []

    @desk.inbox.on_message
    async def flaky(incoming: Incoming) -> None:
        await incoming.reply("answer")
        await incoming.note("a note")
        await incoming.close()
        tries.append(incoming.message.id)
        if len(tries) < 3:
            raise RuntimeError("not yet")

    message = await desk.heard("hi")
    assert len(tries) == 1
    assert desk.state()["calls"] == []
    for _ in range(2):
        desk.clock.advance(seconds=600)
        await desk.inbox.work()
    assert tries == [message.id] * 3
    assert desk.said() == ["answer"]
    assert [m.text for m in await desk.inbox.conversations.messages(message.conversation)] == [
        "hi", "answer", "a note",
    ]  # fmt: skip
    assert (await desk.inbox.conversations.get(message.conversation)).status == "closed"
    assert len(await desk.happened("message.handled")) == 1


async def test_a_crash_between_handler_and_commit_repeats_the_handler_not_the_reply(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At least once for the handler, exactly once for what it decided."""
    seen: list[str] = []

    @desk.inbox.on_message
    async def answer(incoming: Incoming) -> None:
        seen.append(incoming.message.text)
        await incoming.reply("answer")

    real = queue.done

    def dies(*_: object) -> None:
        raise asyncio.CancelledError  # nothing behind it runs, as when the process is gone

    monkeypatch.setattr(queue, "done", dies)
    await desk.inbox.receive("chat", delivery({"id": "m1", "from": "anna", "text": "hi"}))
    await desk.inbox.read()
    with pytest.raises((asyncio.CancelledError, Exception)):
        await asyncio.wait_for(desk.inbox.handle(), 5)
    assert desk.state()["calls"] == []
    monkeypatch.setattr(queue, "done", real)
    assert await desk.inbox.handle() == 0, "somebody may still be at it"
    desk.clock.advance(minutes=5)
    await desk.inbox.work()
    assert seen == ["hi", "hi"]
    assert desk.said() == ["answer"]


async def test_taken_up_twice_by_the_same_worker_it_is_answered_once(desk: Desk) -> None:
    """The lease was over before the handlers returned, and both ends are written by one job."""

    @desk.inbox.on_message
    async def answer(incoming: Incoming) -> None:
        await incoming.reply("answer")

    await desk.inbox.receive("chat", delivery({"id": "m1", "from": "anna", "text": "hi"}))
    await desk.inbox.read()
    (first,) = await desk.inbox.claim_messages(9)
    desk.clock.advance(minutes=5)
    (second,) = await desk.inbox.claim_messages(9)
    for turn in (first, second):
        await answer(turn.incoming)
    await desk.inbox.run_job(lambda tx: handling_module.commit(tx, [first.incoming, second.incoming]))
    await desk.inbox.work()
    assert desk.said() == ["answer"]
    assert len(await desk.happened("message.handled")) == 1


async def test_of_two_workers_on_one_message_only_one_counts(desk: Desk) -> None:
    """A worker taken for dead comes back: what the other one decided stands alone."""

    @desk.inbox.on_message
    async def answer(incoming: Incoming) -> None:
        await incoming.reply(f"answer {len(desk.handled)}")
        desk.handled.append(incoming)
        if len(desk.handled) == 1:
            desk.clock.advance(minutes=6)
            await desk.inbox.handle()

    await desk.heard("hi")
    assert len(desk.handled) == 2
    assert desk.said() == ["answer 1"]


async def test_a_message_that_always_fails_is_parked_and_the_next_goes_on(desk: Desk) -> None:
    """Poison never blocks a conversation for ever: five attempts, then a person looks at it."""
    seen: list[str] = []

    @desk.inbox.on_message
    async def picky(incoming: Incoming) -> None:
        seen.append(incoming.message.text)
        if incoming.message.text == "poison":
            raise ValueError("I will never take this")
        await incoming.reply("ok")

    await desk.heard("poison")
    await desk.heard("next")
    for _ in range(4):
        assert "next" not in seen
        desk.clock.advance(minutes=10)
        await desk.inbox.work()
    assert seen == ["poison"] * 5 + ["next"]
    (parked,) = await desk.inbox.parked()
    assert (parked.what, parked.account, parked.attempts) == ("handler", "chat", 5)
    assert parked.reason == "ValueError: I will never take this"
    (event,) = await desk.happened("message.parked")
    assert event.message == parked.id

    desk.inbox.handlers.clear()
    desk.inbox.on_message(lambda incoming: incoming.reply("now I do"))
    await desk.inbox.replay(parked.id)
    await desk.inbox.work()
    assert desk.said() == ["ok", "now I do"]
    assert await desk.inbox.parked() == []


async def test_what_a_handler_may_not_say_is_told_to_it_at_once(desk: Desk) -> None:
    """The error names what is possible; nothing is queued, and the handler may go on with something else."""
    told: list[Exception] = []

    @desk.inbox.on_message
    async def learns(incoming: Incoming) -> None:
        for act in (
            lambda: incoming.reply("x" * 101),
            lambda: incoming.reply(""),
            lambda: incoming.reply("hi", on="fax"),
            lambda: incoming.reply("hi", on="letter"),
            lambda: incoming.reply("hi", agent="nobody"),
            lambda: incoming.note(" \n"),
            lambda: incoming.note("hi", agent="nobody"),
            lambda: incoming.assign("nobody"),
            lambda: incoming.continue_on("nowhere"),
        ):
            with pytest.raises(UsageError) as refusal:
                await act()
            told.append(refusal.value)
        await incoming.reply("short")

    await desk.heard("hi")
    assert [type(error) for error in told] == [
        TooLarge, UsageError, Unsupported, Unsupported, NotFound, UsageError, NotFound, NotFound, NotFound,
    ]  # fmt: skip
    assert desk.said() == ["short"]


async def test_all_that_a_handler_decides(desk: Desk) -> None:
    await desk.inbox.add_agent("zoe")

    @desk.inbox.on_message
    async def decide(incoming: Incoming) -> None:
        await incoming.reply("by me", agent="zoe", automatic=False)
        await incoming.note("watch out", agent="zoe")
        await incoming.assign("zoe")
        await incoming.assign("")
        await incoming.assign("zoe")
        desk.handled.append(incoming)
        assert "oct" in await incoming.continue_on("other")

    message = await desk.heard("hi")
    found = await desk.inbox.conversations.get(message.conversation)
    assert found.assignee == "zoe"
    reply, note = (await desk.inbox.conversations.messages(message.conversation))[1:]
    assert (reply.agent, reply.text, note.direction, note.text) == ("zoe", "by me", "internal", "watch out")
    whats = [event.what for event in await desk.happened() if event.conversation == message.conversation]
    assert whats[-7:] == [
        "message.queued", "message.noted", "conversation.assigned", "conversation.unassigned",
        "conversation.assigned", "message.handled", "message.sent",
    ]  # fmt: skip


@pytest.mark.parametrize("kind", ["auto_reply", "bounce", "list", "auto_generated", "read_receipt"])
async def test_a_machines_message_never_reaches_a_handler(handling: Desk, kind: str) -> None:
    """T34: it is kept and shown, and nobody answers it by machine."""
    message = await handling.heard("I am out", automatic=kind)
    assert message.automatic == kind
    assert handling.handled == []
    assert handling.state()["todo"] == []


async def test_nor_can_a_handler_answer_one_by_machine(handling: Desk) -> None:
    """Should one reach a handler all the same, a program's answer is refused, and a person's is not."""
    message = await handling.heard("I am out", automatic="auto_reply")

    def load(tx):
        held = tx.ids.find("message", message.id)
        task = Task(tx.ids.find("conversation", message.conversation), 1, held, 0)
        (turn,) = handling_module.load(handling.inbox, tx, [task])
        return turn.incoming

    incoming = await handling.inbox.run_job(load)
    with pytest.raises(Unsupported, match="mail loops"):
        await incoming.reply("so am I")
    await incoming.reply("a person's words", automatic=False)
    assert len(incoming.acts) == 1


async def test_a_thread_that_another_app_holds_is_only_shown(handling: Desk) -> None:
    await handling.heard("hi", readonly=True)
    assert handling.handled == []


async def test_at_most_so_many_handlers_run_beside_each_other(
    desk_url: str, desks: Callable[..., Desk]
) -> None:
    desk = desks(desk_url, rules=Rules(at_once=3))
    running, most = 0, 0

    @desk.inbox.on_message
    async def count(incoming: Incoming) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        for _ in range(20):
            await asyncio.sleep(0)
        running -= 1

    items = [{"id": f"m{number}", "from": f"p{number}", "text": "hi"} for number in range(10)]
    await desk.hear(*items)
    assert 2 <= most <= 3
    assert len(await desk.happened("message.handled")) == 10


async def test_a_handler_sees_who_is_proven_and_no_more(desk: Desk) -> None:
    """An address typed in a chat is a suggestion: the handler's customer does not have it."""
    customers = []

    @desk.inbox.on_message
    async def look(incoming: Incoming) -> None:
        customers.append([str(reached.address) for reached in incoming.customer.addresses])

    await desk.heard("write to boss@shop.example please")
    assert customers == [["chat::anna"]]


async def test_a_handler_answers_where_its_message_came_from(desk: Desk) -> None:
    """Also if the customer, or somebody else in the conversation, wrote elsewhere meanwhile."""

    @desk.inbox.on_message
    async def answer(incoming: Incoming) -> None:
        if incoming.message.text == "first":
            await incoming.reply("to the first")

    await desk.inbox.receive("chat", delivery({"id": "1", "from": "anna", "text": "first"}))
    await desk.inbox.receive("other", delivery({"id": "2", "from": "anna", "text": "second"}))
    await desk.inbox.read()
    await desk.inbox.work()
    assert (desk.said("chat"), desk.said("other")) == (["to the first"], [])


async def test_a_handler_that_never_ends_is_cut_off(desk_url: str, desks: Callable[..., Desk]) -> None:
    """After `handle_lease`; that is a failure like any other, and holds up nobody for ever."""
    desk = desks(desk_url, rules=Rules(handle_lease=timedelta(milliseconds=20), handle_attempts=1))

    @desk.inbox.on_message
    async def waits(incoming: Incoming) -> None:
        if incoming.message.text == "endless":
            await asyncio.Event().wait()

    await desk.heard("endless")
    (parked,) = await desk.inbox.parked()
    assert parked.reason.startswith("TimeoutError")
    other = await desk.heard("next")
    assert other.id in {event.message for event in await desk.happened("message.handled")}


async def test_a_cancellation_inside_a_handler_is_a_failure_of_the_handler(
    desk_url: str, desks: Callable[..., Desk]
) -> None:
    """A task that it waited for was cancelled: that is not meant for us, and the inbox works on."""
    desk = desks(desk_url, rules=Rules(handle_attempts=1))

    @desk.inbox.on_message
    async def waits(incoming: Incoming) -> None:
        task = asyncio.ensure_future(asyncio.Event().wait())
        task.cancel()
        await task

    await desk.heard("hello")
    (parked,) = await desk.inbox.parked()
    assert "cancelled" in parked.reason


async def test_an_inbox_that_is_cancelled_ends_its_handlers_and_hands_out_again(desk: Desk) -> None:
    began = asyncio.Event()

    @desk.inbox.on_message
    async def waits(incoming: Incoming) -> None:
        began.set()
        await asyncio.Event().wait()

    await desk.inbox.receive("chat", delivery({"id": "1", "from": "anna", "text": "hello"}))
    working = asyncio.create_task(desk.inbox.work())
    await began.wait()
    working.cancel()
    with pytest.raises(asyncio.CancelledError):
        await working
    assert await desk.inbox.parked() == []
    assert (await desk.inbox.run_job(lambda tx: tx.one("SELECT state, attempts FROM todo"))) == (0, 0)


@pytest.mark.parametrize("how", ["join", "move"])
async def test_what_is_decided_about_a_message_that_was_moved_is_done_where_it_stands(
    desk: Desk, how: str
) -> None:
    """Somebody puts it right while a handler works: who looks at the question sees that it was answered."""
    other = await desk.heard("the first question", who="ben", on="other")
    await desk.heard("hello")

    @desk.inbox.on_message
    async def answer(incoming: Incoming) -> None:
        await incoming.reply("answer")
        await incoming.note("a note")
        await incoming.close()
        box = desk.inbox.conversations
        if how == "join":
            await box.join(incoming.conversation.id, other.conversation)
        else:
            await box.move(incoming.message.id, other.conversation)

    question = await desk.heard("the second question")
    assert question.conversation == other.conversation
    assert desk.said() == ["answer"]
    said = await desk.inbox.conversations.messages(other.conversation)
    assert [one.text for one in said][-3:] == ["the second question", "answer", "a note"]
    assert (await desk.inbox.conversations.get(other.conversation)).status == "closed"
    left = [one for one in await desk.inbox.conversations.open() if one.id != other.conversation]
    assert len(left) == (how == "move")
