"""Words that are edited are read again as they stand; people's decisions stand, and nothing is counted twice."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path

import pytest

from omnichannel.desk import Answer, Plan, Route, Then, When
from omnichannel.errors import Conflict, NotFound, UsageError
from omnichannel.model.desk import Case, Intent
from omnichannel.store import Tx
from omnichannel.store.desk import place
from tests.chat import delivery
from tests.conftest import empty
from tests.desk.room import Room
from tests.desk.test_sorting import plan, reader, routed, unread
from tests.engines import HandClock, dump

DAY = (date(2026, 3, 2), date(2026, 3, 9))
CALLS = Route(name="calls", when=When(kinds=("chat",)), then=Then(tags=("call",)))
THANKS = Answer(name="thanks", texts={"en": ("Thank you!",)})


async def arrives(room: Room, target: str, text: str | None, *, who: str = "rosa", number: int = 0) -> None:
    """An edit, or (no text) that it was taken back. The words of `Room.hears` are named after themselves."""
    kind = "deleted" if text is None else "edited"
    item = {"id": f"{target}-{kind}-{number}-{text}", "from": who, "kind": kind, "targets": [target]}
    await room.inbox.receive("chat", delivery(item | ({"text": text} if text is not None else {})))


async def edits(room: Room, before: str, after: str | None, number: int = 0) -> None:
    await arrives(room, f"chat-rosa-{before}", after, number=number)
    await room.inbox.work()


async def calls(room: Room) -> str:
    """Somebody rings: there are no words before they were written down."""
    return await room.hears("rosa", "", id="call")


async def is_written_down(room: Room, text: str) -> None:
    await arrives(room, "call", text)
    await room.inbox.work()


async def intents(room: Room, conversation: str) -> list[str]:
    found = await room.inbox.desk.routes.readings(conversation)
    return [" ".join(sorted(one.held)) for one in found]


def held(case: Case) -> set[str]:
    assert case.reading is not None
    return {one.value for one in case.reading.held}


async def happened(room: Room, what: str) -> int:
    return sum(one.what == what for one in await room.inbox.events())


async def test_what_is_edited_is_read_again_and_routed_as_it_stands(rooms: Callable[..., Room]) -> None:
    room = rooms(plan())
    conversation = await room.hears("rosa", "hello")
    await edits(room, "hello", "a complaint")
    case = await room.case(conversation)
    assert (case.team, case.route, held(case)) == ("care", "angry", {"complaint"})
    assert reader(room).asked == ["hello", "a complaint"]
    assert await intents(room, conversation) == ["complaint"], "one reading, of the words as they stand"
    assert await room.inbox.desk.routes.intents() == {"complaint": 1}
    assert await happened(room, "case.read") == 2
    before = dump(room.inbox.open())
    await room.inbox.work()
    assert dump(room.inbox.open()) == before, "nothing goes round"


async def test_an_edit_that_changes_no_words_is_not_read(rooms: Callable[..., Room]) -> None:
    room = rooms(plan())
    await room.hears("rosa", "hello")
    await edits(room, "hello", "hello")
    assert reader(room).asked == ["hello"]


async def test_rules_are_asked_again_as_the_plan_says(rooms: Callable[..., Room]) -> None:
    for again, team in ((("intent",), "care"), ((), "service")):
        room = rooms(plan(again=again), workspace=f"w{len(again)}")
        conversation = await room.hears("rosa", "hello")
        await edits(room, "hello", "a complaint")
        case = await room.case(conversation)
        assert (case.team, held(case)) == (team, {"complaint"})
        await edits(room, "hello", "hello again")
        case = await room.case(conversation)
        assert (case.team, held(case)) == (team, set()), "less is no reason to ask: what was decided stays"


async def test_what_people_decided_stands(rooms: Callable[..., Room]) -> None:
    room = rooms(plan())
    await room.hire("Ann", online=False)
    conversation = await room.hears("rosa", "hello")
    await room.inbox.desk.assign(conversation, team="sales", actor="Ann")
    await room.inbox.desk.prioritise(conversation, "low", actor="Ann")
    await edits(room, "hello", "a complaint")
    case = await room.case(conversation)
    assert (case.team, case.priority, case.tags) == ("sales", "low", ("angry",))
    [decision] = await routed(room, conversation)
    assert decision.because[-1] == "priority and team were decided by hand: that stands"


async def test_whoever_has_it_keeps_it_and_sees_what_it_says_now(rooms: Callable[..., Room]) -> None:
    room = rooms(plan())
    await room.hire("Ann")
    conversation = await room.hears("rosa", "hello")
    await edits(room, "hello", "a complaint")
    case = await room.case(conversation)
    assert (case.assignee, case.team, held(case)) == ("Ann", "service", {"complaint"})
    assert await routed(room, conversation) == []


async def test_one_message_of_several_is_edited(rooms: Callable[..., Room]) -> None:
    room = rooms(plan(again=()))
    conversation = await room.hears("rosa", "a problem")
    await room.hears("rosa", "a question")
    assert held(await room.case(conversation)) == {"problem", "question"}
    await edits(room, "a problem", "hello")
    assert held(await room.case(conversation)) == {"question"}
    assert await intents(room, conversation) == ["", "question"]
    await edits(room, "a question", None)
    assert held(await room.case(conversation)) == set()
    assert await intents(room, conversation) == [""]


async def test_messages_that_were_read_as_one_are_read_again_as_one(rooms: Callable[..., Room]) -> None:
    room = rooms(plan())
    items = [{"id": f"chat-rosa-{text}", "from": "rosa", "text": text} for text in ("hello", "I am Rosa")]
    await room.inbox.receive("chat", delivery(*items))
    await room.inbox.work()
    await edits(room, "hello", "a question")
    assert reader(room).asked == ["hello\nI am Rosa", "a question\nI am Rosa"]
    await edits(room, "I am Rosa", None)
    assert reader(room).asked[-1] == "a question"


async def test_what_was_answered_is_read_again_and_the_open_question_is_not_touched(
    rooms: Callable[..., Room],
) -> None:
    room = rooms(plan())
    await room.hire("Ann")
    conversation = await room.hears("rosa", "a problem")
    await room.says(conversation, "Ann")
    await room.hears("rosa", "a question")
    await edits(room, "a problem", "a complaint")
    case = await room.case(conversation)
    assert (held(case), case.team, case.assignee) == ({"question"}, "service", "Ann")
    assert await intents(room, conversation) == ["complaint", "question"]


async def test_an_edit_opens_nothing_that_was_closed(rooms: Callable[..., Room]) -> None:
    room = rooms(plan(again=("intent", "reopened")))
    conversation = await room.hears("rosa", "hello")
    await room.inbox.desk.close(conversation, actor="Ann")
    room.clock.advance(days=30)
    decided = await room.inbox.desk.decisions(conversation)
    await edits(room, "hello", "a complaint")
    case = await room.case(conversation)
    assert (case.open, case.team, case.reopened, held(case)) == (False, "service", 0, {"complaint"})
    assert await room.inbox.desk.decisions(conversation) == decided
    assert not await unread(room)


async def test_what_is_taken_back_takes_what_was_made_of_it_along(rooms: Callable[..., Room]) -> None:
    room = rooms(plan())
    conversation = await room.hears("rosa", "Where is my chair? It is a problem")
    assert await room.inbox.desk.open_questions(conversation)
    await edits(room, "Where is my chair? It is a problem", None)
    assert await room.inbox.desk.open_questions(conversation) == []
    assert await intents(room, conversation) == []
    assert (await room.case(conversation)).reading is None
    assert not await unread(room)
    assert await room.inbox.desk.routes.intents() == {}
    assert len(reader(room).asked) == 1, "there is nothing left to read"
    await room.hears("rosa", "a question")
    assert held(await room.case(conversation)) == {"question"}


async def test_what_is_edited_while_it_is_read_is_read_as_it_stands(rooms: Callable[..., Room]) -> None:
    """The classifier has the old words in its hands when the new ones come; and it was read before, or not."""
    room = rooms(plan())
    inbox = room.inbox
    await inbox.receive("chat", delivery({"id": "chat-rosa-m", "from": "rosa", "text": "spam"}))
    await inbox.read()
    await inbox.dispatch()
    for old, new in (("spam", "hello"), ("a complaint", "a question")):
        [words] = await inbox.claim_words(9)
        assert words.text == old
        await arrives(room, "chat-rosa-m", new)
        await inbox.read()
        await inbox.read_words(words)
        assert reader(room).asked[-1] == old
        await inbox.work()
        [conversation] = [one.conversation.id for one in await inbox.desk.queue("service")]
        assert await intents(room, conversation) == [new.removeprefix("a ").replace("hello", "")]
        await arrives(room, "chat-rosa-m", "a complaint")
        await inbox.read()
        await inbox.dispatch()
    assert await routed(room, conversation) == [], "what nobody says any more decides nothing"


async def test_two_workers_read_it_again_once(shared_url: str, clock: HandClock) -> None:
    room = Room(shared_url, clock, plan())
    one, other = room.inbox, room.again(plan())
    conversation = await room.hears("rosa", "hello")
    await arrives(room, "chat-rosa-hello", "a question")
    await one.read()
    await one.dispatch()
    [words] = await one.claim_words(9)
    assert await other.claim_words(9) == []
    clock.advance(hours=1)
    [again] = await other.claim_words(9)
    assert again == words
    await asyncio.gather(one.read_words(words), other.read_words(again))
    assert await intents(room, conversation) == ["question"]
    assert await happened(room, "case.read") == 2
    await room.close()


# ------------------------------------------------------------------------------------------------ counts


async def test_what_is_edited_into_praise_is_counted_once(rooms: Callable[..., Room]) -> None:
    room = rooms(plan(thanks=THANKS))
    conversation = await room.hears("rosa", "hello")
    for number, text in enumerate(("a compliment", "a compliment really", "hello", "a compliment")):
        room.clock.advance(minutes=1)
        await edits(room, "hello", text, number)
    assert not (await room.case(conversation)).open, "it waits for nobody, as praise does"
    assert await happened(room, "case.complimented") == 1
    assert await room.inbox.desk.routes.intents() == {"compliment": 1}
    assert [one["text"] for one in room.far["chat"].said] == ["Thank you!"]
    total = (await room.inbox.desk.reports.of(*DAY)).total
    assert (total.compliments, total.complaints, total.received) == (1, 0, 1)


async def test_a_complaint_that_is_edited_away_is_none(rooms: Callable[..., Room]) -> None:
    room = rooms(plan())
    await room.hears("rosa", "a complaint")
    assert (await room.inbox.desk.reports.of(*DAY)).total.complaints == 1
    room.clock.advance(days=1)
    await edits(room, "a complaint", "a compliment")
    total = (await room.inbox.desk.reports.of(DAY[0], date(2026, 3, 3))).total
    assert (total.complaints, total.compliments) == (0, 1), "it counts for when it was said"


# ------------------------------------------------------------------------------------------------- calls


async def test_a_call_is_routed_by_what_was_said_when_that_was_written_down(
    rooms: Callable[..., Room],
) -> None:
    room = rooms(plan(routes=(*plan().routes, CALLS), again=()))
    conversation = await calls(room)
    case = await room.case(conversation)
    assert (case.route, case.tags, case.routed, case.wordless) == ("calls", ("call",), 1, True)
    await is_written_down(room, "where is my invoice")
    case = await room.case(conversation)
    assert (case.route, case.team, case.routed, case.wordless) == ("invoices", "sales", 2, False)
    assert len(await room.inbox.desk.routes.readings(conversation)) == 1
    await room.hears("rosa", "for Ann")
    assert (await room.case(conversation)).routed == 2, "of first words they were asked"


async def test_a_call_waits_for_its_rules_when_its_words_come(rooms: Callable[..., Room]) -> None:
    room = rooms(plan(hold_back=timedelta(seconds=20)))
    await room.hire("Ben", teams=["sales"], skills={"billing": 2})
    conversation = await calls(room)
    await room.hire("Sue", online=False)
    await arrives(room, "call", "the invoice")
    await room.inbox.read()
    await room.inbox.dispatch()
    assert (await room.case(conversation)).unread_until is not None
    await room.inbox.desk.agents.turn("Sue", "online")
    await room.inbox.dispatch()
    assert (await room.case(conversation)).assignee == ""
    await room.inbox.work()
    assert (await room.case(conversation)).assignee == "Ben"


@pytest.mark.parametrize("taken", [True, False])
async def test_a_call_that_somebody_took_is_theirs_whatever_was_said(room: Room, taken: bool) -> None:
    room.inbox.plan = plan()
    await room.hire("Ann")
    conversation = await calls(room)
    assert (await room.case(conversation)).assignee == "Ann"
    if not taken:
        await room.says(conversation, "Ann")
    await is_written_down(room, "a complaint about the invoice?")
    case = await room.case(conversation)
    assert (case.assignee, case.team, held(case)) == ("Ann", "service", {"complaint"})
    assert await routed(room, conversation) == []
    assert len(await room.inbox.desk.open_questions(conversation)) == 1


async def test_who_calls_again_is_routed_by_what_they_said_then(rooms: Callable[..., Room]) -> None:
    room = rooms(plan(again=("reopened",)))
    await room.hire("Ann")
    conversation = await room.hears("rosa", "hello")
    await room.says(conversation, "Ann")
    await room.inbox.desk.close(conversation)
    await room.inbox.desk.assign(conversation, "")
    await room.inbox.desk.agents.turn("Ann", "offline")
    room.clock.advance(minutes=1)
    assert await calls(room) == conversation
    assert (await room.case(conversation)).routed == 2
    await is_written_down(room, "where is Ann and the invoice")
    case = await room.case(conversation)
    assert (case.routed, case.route) == (3, "invoices")


# ------------------------------------------------------------------------------------------- any order


class Days:
    """Customers who write, ring, edit and take back, and a desk whose steps come in any order."""

    def __init__(self, room: Room, seed: int) -> None:
        self.room, self.chance = room, random.Random(seed)
        self.said: list[tuple[str, str]] = []
        self.claimed: list[object] = []
        self.number = 0

    def text(self) -> str:
        return " ".join(self.chance.sample(["hello", "question", "complaint", "compliment", "invoice"], 2))

    async def step(self) -> None:
        self.room.clock.advance(seconds=self.chance.choice([1, 40, 4000]))
        what = self.chance.choice(
            ["writes"] * 4 + ["edits"] * 4 + ["takes_back", "rings", "answers", "closes", "moves"]
            + ["reads", "dispatches", "claims", "finishes"] * 2
        )  # fmt: skip
        with suppress(Conflict, UsageError, NotFound, IndexError):
            await getattr(self, what)()

    async def writes(self, text: str | None = None) -> None:
        self.number += 1
        who = self.chance.choice(["rosa", "tim"])
        self.said.append((who, f"m{self.number}"))
        item = {"id": f"m{self.number}", "from": who, "text": self.text() if text is None else text}
        await self.room.inbox.receive("chat", delivery(item))

    async def rings(self) -> None:
        await self.writes("")

    async def edits(self) -> None:
        self.number += 1
        who, target = self.chance.choice(self.said)
        await arrives(self.room, target, self.text(), who=who, number=self.number)

    async def takes_back(self) -> None:
        who, target = self.chance.choice(self.said)
        await arrives(self.room, target, None, who=who)

    async def talk(self) -> str:
        return self.chance.choice(await self.room.inbox.conversations.open()).id

    async def answers(self) -> None:
        await self.room.inbox.conversations.reply(await self.talk(), "There.", agent="Ann")

    async def closes(self) -> None:
        await self.room.inbox.desk.close(await self.talk(), actor=self.chance.choice(["Ann", ""]))

    async def moves(self) -> None:
        talk = await self.talk()
        message = self.chance.choice(await self.room.inbox.conversations.messages(talk))
        if self.chance.random() < 0.5:
            await self.room.inbox.conversations.split(message.id)
        else:
            await self.room.inbox.conversations.move(message.id, await self.talk())

    async def reads(self) -> None:
        await self.room.inbox.read()

    async def dispatches(self) -> None:
        await self.room.inbox.dispatch()

    async def claims(self) -> None:
        self.claimed += await self.room.inbox.claim_words(1)

    async def finishes(self) -> None:
        await self.room.inbox.read_words(self.claimed.pop(0))  # type: ignore[arg-type]  # as `claims` had it


def readings_as_they_stand(tx: Tx) -> None:
    """Whatever was read is read as it stands: each reading, told from the messages by hand."""
    for (number,) in tx.all("SELECT id FROM conversations WHERE workspace = ?", tx.ws):
        of = (tx.ws, int(str(number)))
        said = [
            (int(str(seq)), json.loads(str(content)))
            for seq, content in tx.all(
                "SELECT seq, content FROM messages WHERE workspace = ? AND conversation = ? AND direction = 0"
                " ORDER BY seq", *of,
            )
        ]  # fmt: skip
        begin = 0
        for seq, content in tx.all(
            "SELECT seq, content FROM readings WHERE workspace = ? AND conversation = ? ORDER BY seq", *of
        ):
            read = [one for at, one in said if begin < at <= int(str(seq)) and not one.get("deleted")]
            assert read, "of what was taken back nothing is left"
            words = {word for one in read for part in one["parts"] for word in part["text"].split()}
            wanted = {one["intent"] for one in json.loads(str(content)).get("intents", [])}
            assert wanted == {one.value for one in Intent} & words
            begin = int(str(seq))


async def days(room: Room, seed: int, steps: int) -> None:
    await room.hire("Ann")
    life = Days(room, seed)
    for _ in range(steps):
        await life.step()
    room.clock.advance(hours=1)  # whoever had words in their hands is taken for dead
    await room.inbox.work()
    while life.claimed:
        await life.finishes()  # and comes back
    await room.inbox.work()
    assert not await unread(room)
    await room.inbox.run_job(readings_as_they_stand)
    await the_same_anew(room)


async def the_same_anew(room: Room) -> None:
    """Looked through from the beginning, every case is the same, and nothing is read."""
    before, asked = await cases(room), len(reader(room).asked)
    await room.inbox.run_job(lambda tx: place.go_on(tx, 1 << 40, 0))
    await room.inbox.work()
    assert await cases(room) == before
    assert len(reader(room).asked) == asked


async def cases(room: Room) -> list[object]:
    box = room.inbox.conversations
    talks = [*await box.open(most=1000), *await box.closed(most=1000)]
    return [(one.reading, one.questions) for one in [await room.case(talk.id) for talk in talks]]


@pytest.mark.parametrize("seed", range(20))
async def test_in_whatever_order_what_is_read_is_what_they_say(clock: HandClock, seed: int) -> None:
    room = Room("sqlite:///:memory:", clock, Plan.model_validate(plan()))
    await days(room, seed, 40)
    await room.close()


async def test_in_whatever_order_on_postgresql(
    clock: HandClock, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    room = Room(empty("postgres", request, tmp_path), clock, plan())
    await days(room, 1, 60)
    await room.close()
