"""Bots at the desk: they speak where it is their turn, once or not at all, and people always come first."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from omnichannel import Inbox, Rules
from omnichannel.desk import Bot, HandOver, Plan, Reply, Route, Team, Then, Turn
from omnichannel.errors import Busy, ConfigError, UsageError
from omnichannel.model import Purpose
from omnichannel.model.desk import BotTurn, Case
from tests.chat import delivery
from tests.desk.room import Room

Said = Reply | HandOver | BaseException | Callable[[Turn], Awaitable[Reply | HandOver]]


class Robin:
    """A bot that says what it is told, one after the other; then that everything is well."""

    def __init__(self, *said: Said) -> None:
        self.said: list[Said] = list(said)
        self.turns: list[Turn] = []

    async def __call__(self, turn: Turn) -> Reply | HandOver:
        self.turns.append(turn)
        said = self.said.pop(0) if self.said else Reply(text="All is well.", cost=1)
        if isinstance(said, BaseException):
            raise said
        return said if isinstance(said, Reply | HandOver) else await said(turn)


def plan(robin: Robin, **more: Any) -> Plan:
    """Robin gets everything first."""
    return Plan(
        teams=(Team(name="service"), Team(name="care")),
        default_team="service",
        classifier=None,
        routes=(Route(name="bot first", then=Then(agent="Robin")),),
        bots=(Bot.model_validate({"name": "Robin", "answers": robin} | more),),
    )


class Scene:
    """A room in which a bot answers."""

    def __init__(self, rooms: Callable[..., Room], *said: Said, **more: Any) -> None:
        self.robin = Robin(*said)
        self.room = rooms(plan(self.robin, **more))

    @property
    def inbox(self) -> Inbox:
        return self.room.inbox

    def said(self) -> list[str]:
        return [one["text"] for one in self.room.far["chat"].said]

    async def turns(self, conversation: str) -> list[BotTurn]:
        return await self.inbox.desk.control.turns(conversation)

    async def only(self, conversation: str) -> BotTurn:
        [turn] = await self.turns(conversation)
        return turn

    async def write(self, text: str, who: str = "rosa", **more: Any) -> None:
        """Somebody writes, and the desk hears of it, but no bot speaks yet."""
        await self.inbox.receive("chat", delivery({"id": f"{who}-{text}", "from": who, "text": text} | more))
        while await self.inbox.read() + await self.inbox.dispatch() + await self.inbox.classify():
            pass

    async def conversation(self) -> str:
        [found] = await self.inbox.conversations.open()
        return found.id


async def held(scene: Scene, conversation: str) -> tuple[str, str]:
    case: Case = await scene.room.case(conversation)
    return case.control, case.assignee


async def test_the_whole_story(rooms: Callable[..., Room]) -> None:
    """The bot answers, is unsure and hands over with a summary; an agent answers, gives back; the bot goes on."""
    scene = Scene(
        rooms,
        Reply(text="It is on its way.", confidence=0.9, cost=2),
        Reply(text="We do, I think.", confidence=0.4, cost=3, summary="Asks whether we deliver to Texel."),
        Reply(text="You are welcome.", confidence=0.9, cost=1),
    )
    desk = scene.inbox.desk
    conversation = await scene.room.hears("rosa", "Where is my chair?")
    assert scene.said() == ["It is on its way."]
    assert await held(scene, conversation) == ("bot", "Robin")
    assert (await scene.room.case(conversation)).asked_at is None, "a bot's answer is one"

    await scene.room.hears("rosa", "Do you deliver to Texel?")
    assert scene.said() == ["It is on its way."]
    assert await held(scene, conversation) == ("queue", "")
    given = await desk.control.handover(conversation, purpose=Purpose.DISCLOSE)
    assert given is not None
    assert (given.by, given.by_bot, given.summary) == ("Robin", True, "Asks whether we deliver to Texel.")
    assert given.draft == "We do, I think."
    assert given.because == ("Robin is 40% sure of its answer, and has to be 70%",)
    assert [one.text for one in given.questions][-1] == "Do you deliver to Texel?"
    assert given.briefing is not None
    assert given.briefing.open_conversations == 1

    await scene.room.hire("Ann", online=False)
    await desk.control.take(conversation, "Ann", because="I know the ferry")
    await scene.room.says(conversation, "Ann", "Yes, on Tuesdays.")
    await desk.control.give_back(conversation, actor="Ann", summary="Told her about the ferry.")
    assert await held(scene, conversation) == ("bot", "Robin")
    await scene.room.hears("rosa", "Thanks, great!")
    assert scene.said() == ["It is on its way.", "Yes, on Tuesdays.", "You are welcome."]
    assert [(one.outcome, one.cost) for one in await scene.turns(conversation)] == [
        ("answered", 2), ("unsure", 3), ("answered", 1),
    ]  # fmt: skip
    assert [(one.what, one.actor) for one in await desk.decisions(conversation)] == [
        ("routed", "rule:bot first"), ("offered", "Robin"), ("taken", "Ann"), ("given_back", "Ann"),
    ]  # fmt: skip
    told = [one.what for one in await scene.inbox.events() if one.what.startswith("case.")]
    assert told == [
        "case.read",
        "case.routed",
        "case.read",
        "case.offered",
        "case.taken",
        "case.given_back",
        "case.read",
    ]


async def test_whoever_takes_it_meanwhile_wins(rooms: Callable[..., Room]) -> None:
    """An agent's answer, an assignment, a command: what the bot wanted to say is not said, and its cost is counted."""
    scene = Scene(rooms)
    await scene.room.hire("Ann", online=False)
    inbox = scene.inbox

    async def answers(turn: Turn) -> Reply:
        await inbox.conversations.reply(turn.conversation, "Ann here.", agent="Ann")
        return Reply(text="TOO LATE", cost=5)

    async def assigns(turn: Turn) -> Reply:
        await inbox.conversations.assign(turn.conversation, "Ann")
        return Reply(text="TOO LATE", cost=5)

    async def takes(turn: Turn) -> Reply:
        await inbox.desk.control.take(turn.conversation, "Ann")
        return Reply(text="TOO LATE", cost=5)

    async def takes_and_gives_back(turn: Turn) -> Reply:
        await inbox.desk.control.take(turn.conversation, "Ann")
        await inbox.desk.control.give_back(turn.conversation, actor="Ann")
        return Reply(text="TOO LATE", cost=5)

    for number, meanwhile in enumerate((answers, assigns, takes, takes_and_gives_back)):
        scene.robin.said = [meanwhile]
        conversation = await scene.room.hears(f"rosa{number}", "Where is my chair?")
        first = (await scene.turns(conversation))[0]
        assert (first.outcome, first.cost) == ("lost", 5), meanwhile.__name__
        wanted = ("bot", "Robin") if meanwhile is takes_and_gives_back else ("agent", "Ann")
        assert await held(scene, conversation) == wanted, meanwhile.__name__
    assert scene.said() == ["Ann here.", "All is well."], "given back, it was asked anew"


async def test_what_was_said_meanwhile_is_answered_instead(rooms: Callable[..., Room]) -> None:
    scene = Scene(rooms)

    async def interrupted(turn: Turn) -> Reply:
        await scene.write("And my table?")
        return Reply(text="THE CHAIR ALONE", cost=1)

    async def asked_for(turn: Turn) -> Reply:
        await scene.write("No, give me a human!")
        return Reply(text="TOO LATE", cost=1)

    scene.robin.said = [interrupted, Reply(text="Both are on their way.", cost=1), asked_for]
    conversation = await scene.room.hears("rosa", "Where is my chair?")
    assert scene.robin.turns[-1].asks == "Where is my chair?\nAnd my table?"
    assert (await scene.only(conversation)).cost == 2
    await scene.room.hears("rosa", "When?")
    assert scene.said() == ["Both are on their way."]
    last = (await scene.turns(conversation))[-1]
    assert (last.outcome, last.because) == ("handed over", ("the customer asks for a person",))
    assert await held(scene, conversation) == ("queue", "")


async def test_a_bot_that_fails_is_asked_again_and_then_a_person_is(rooms: Callable[..., Room]) -> None:
    async def hangs(turn: Turn) -> Reply:
        await asyncio.Event().wait()
        raise AssertionError

    broken = RuntimeError("where is my chair?")
    scene = Scene(rooms, broken, hangs, Reply(text="Here."), patience=timedelta(milliseconds=1), attempts=3)
    conversation = await scene.room.hears("rosa", "Where is my chair?")
    for _ in range(2):
        scene.room.clock.advance(minutes=1)
        await scene.inbox.work()
    turn = await scene.only(conversation)
    assert (turn.outcome, turn.attempts, scene.said()) == ("answered", 3, ["Here."])

    scene.robin.said = [broken] * 3
    await scene.room.hears("rosa", "And now?")
    for _ in range(2):
        scene.room.clock.advance(minutes=1)
        await scene.inbox.work()
    turn = (await scene.turns(conversation))[-1]
    assert (turn.outcome, turn.because) == ("failed", ("Robin raised RuntimeError",)), (
        "not the customer's words"
    )
    assert (await scene.room.case(conversation)).queued_at is not None


async def test_whoever_is_busy_is_asked_when_they_say(rooms: Callable[..., Room]) -> None:
    """And an error of ours tells a person what to mend."""
    wrong = ConfigError("key", "the model's server answered 401", "Look at the key.")
    scene = Scene(rooms, Busy(300, "the model's server answered 429"), wrong, TimeoutError(), attempts=3)
    conversation = await scene.room.hears("rosa", "Where is my chair?")
    scene.room.clock.advance(minutes=4)
    await scene.inbox.work()
    assert len(scene.robin.turns) == 1
    for _ in range(3):
        scene.room.clock.advance(minutes=2)
        await scene.inbox.work()
    turn = await scene.only(conversation)
    assert (turn.attempts, turn.because) == (3, ("Robin raised TimeoutError",))
    scene.robin.said = [wrong]
    await scene.inbox.desk.control.give_back(conversation)
    scene.room.inbox.plan = plan(scene.robin, attempts=1)
    await scene.inbox.work()
    last = (await scene.turns(conversation))[-1]
    assert last.because == ("Robin failed: key: the model's server answered 401. Look at the key.",)


async def test_whatever_dies_nothing_is_said_twice(rooms: Callable[..., Room]) -> None:
    """A worker that died, or seems to have, after the bot was asked: another one asks again, and one of them speaks."""
    scene = Scene(rooms, attempts=2)
    await scene.write("Where is my chair?")
    [first] = await scene.inbox.claim_turns(9)
    assert await scene.inbox.claim_turns(9) == [], "it is taken"
    conversation = await scene.conversation()
    scene.room.clock.advance(minutes=2)
    [second] = await scene.inbox.claim_turns(9)
    await scene.inbox.take_turn(second)
    await scene.inbox.take_turn(first)  # whoever was taken for dead comes back
    await scene.inbox.work()
    assert scene.said() == ["All is well."]
    await scene.write("And now?")
    for _ in range(3):  # a bot that takes its process with it
        await scene.inbox.claim_turns(9)
        scene.room.clock.advance(minutes=2)
    await scene.inbox.work()
    last = (await scene.turns(conversation))[-1]
    assert last.outcome == "failed"
    assert "did not come back" in last.because[0]


async def test_limits(rooms: Callable[..., Room]) -> None:
    scene = Scene(rooms, turns=2, cost=10)
    conversation = await scene.room.hears("rosa", "One?")
    await scene.room.hears("rosa", "Two?")
    await scene.room.hears("rosa", "Three?")
    last = (await scene.turns(conversation))[-1]
    assert (last.outcome, len(scene.robin.turns)) == ("limited", 2)
    await scene.inbox.desk.control.give_back(conversation)
    scene.robin.said = [Reply(text="Dear.", cost=9)]
    await scene.inbox.work()
    assert scene.said()[-1] == "Dear.", "given back, it may again"
    await scene.room.hears("rosa", "Four?")
    assert "cost 11" in (await scene.turns(conversation))[-1].because[0]


async def test_two_bots_end_with_a_person(rooms: Callable[..., Room]) -> None:
    """One that may go on for ever, a rule that gives it everything again, and a customer's bot that answers it each time."""
    scene = Scene(rooms, turns=1000)
    scene.inbox.plan = plan(scene.robin, turns=1000).model_copy(update={"again": ("intent", "reopened")})
    scene.inbox.rules = Rules(automatic_chats=3)
    for number in range(8):
        conversation = await scene.room.hears("rosa", f"Where is my parcel {number}?")
    assert len(scene.said()) == 3
    assert await held(scene, conversation) == ("queue", "")
    assert "Rules.automatic_chats" in " ".join((await scene.turns(conversation))[-1].because)


async def test_nobody_talks_to_machines_or_in_public(rooms: Callable[..., Room]) -> None:
    scene = Scene(rooms)
    await scene.room.hears("mill", "Out of office", automatic="auto_reply")
    assert scene.robin.turns == []
    public = await scene.room.hears("rosa", "A scandal!", public=True, thread="post")
    assert scene.robin.turns == []
    assert "in public" in (await scene.only(public)).because[0]
    assert await held(scene, public) == ("queue", "")


async def test_whose_data_are_frozen_are_shown_to_no_bot(rooms: Callable[..., Room]) -> None:
    scene = Scene(rooms)
    await scene.write("Where is my chair?")
    case = await scene.room.case(await scene.conversation())
    await scene.inbox.identity.freeze(case.conversation.customer, actor="Ann")
    await scene.inbox.work()
    assert scene.robin.turns == []
    await scene.inbox.identity.unfreeze(case.conversation.customer, actor="Ann")
    await scene.inbox.work()
    assert scene.said() == ["All is well."]


async def test_what_cannot_be_sent_goes_to_people_with_the_draft(rooms: Callable[..., Room]) -> None:
    scene = Scene(
        rooms, Reply(text="long " * 50, cost=2), HandOver(because="angry", says="Ann calls.", team="care")
    )
    conversation = await scene.room.hears("rosa", "Tell me everything")
    turn = await scene.only(conversation)
    assert (turn.outcome, turn.draft[:9], turn.cost) == ("failed", "long long", 2)
    assert "100 characters" in turn.because[0]
    other = await scene.room.hears("ben", "I am angry")
    assert (scene.said(), (await scene.room.case(other)).team) == (["Ann calls."], "care")


async def test_undone_and_refused(rooms: Callable[..., Room]) -> None:
    scene = Scene(rooms)
    desk = scene.inbox.desk
    conversation = await scene.room.hears("rosa")
    await scene.room.hire("Ann", online=False)
    await desk.control.pass_on(conversation, "Ann", because="she knows her")
    await desk.undo((await desk.decisions(conversation))[-1].id)
    assert await held(scene, conversation) == ("bot", "Robin")
    await desk.control.offer(conversation, team="care")
    assert [one.conversation.id for one in await desk.queue("care")] == [conversation]
    with pytest.raises(UsageError, match="takes nothing"):
        await desk.control.take(conversation, "Robin")
    await desk.control.give_back(conversation)
    assert (await scene.room.case(conversation)).asked_at is None
    await desk.agents.turn("Robin", "offline")
    assert await held(scene, conversation) == ("queue", ""), "out of service"
    await scene.inbox.add_agent("Otto", role="bot")
    with pytest.raises(UsageError, match="nobody would answer"):
        await desk.control.pass_on(conversation, "Otto")
    await scene.inbox.add_agent("Robin", role="person")
    with pytest.raises(ConfigError, match="another name"):
        await desk.control.pass_on(conversation, "Robin")
