"""Customers' words at the desk: read once, sorted by the rules, given out after that; and people have the last word."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest

from omnichannel import Address
from omnichannel.desk import Calendar, Plan, Route, Team, Then, When
from omnichannel.model import Strength
from omnichannel.model.desk import Decision, Reading
from tests.chat import delivery
from tests.desk.readers import Obeying
from tests.desk.room import Room
from tests.engines import HandClock, dump

ROUTES = (
    Route(name="junk", when=When(intents=("spam",)), then=Then(spam=True)),
    Route(name="angry", when=When(intents=("complaint",)), then=Then(team="care", priority="high", tags=("angry",))),
    Route(name="invoices", when=When(words=("invoice",)), then=Then(team="sales", needs={"billing": 2})),
    Route(name="hers", when=When(words=("Ann",)), then=Then(agent="Ann")),
    Route(name="gold", when=When(tiers=("gold",)), then=Then(priority="urgent")),
    Route(name="new at night", when=When(new=True, closed=("day",), words=("night",)), then=Then(tags=("night",))),
)  # fmt: skip
TEAMS = (Team(name="service"), Team(name="sales"), Team(name="care"))
DAY = Calendar(name="day", zone="UTC", mon="10:00-17:00")


def plan(**more: object) -> Plan:
    given = {
        "teams": TEAMS, "default_team": "service", "routes": ROUTES, "classifier": Obeying(), "calendars": (DAY,),
    }  # fmt: skip
    return Plan.model_validate(given | more)


def reader(room: Room) -> Obeying:
    found = room.inbox.desk._plan.classifier
    assert isinstance(found, Obeying)
    return found


async def routed(room: Room, conversation: str) -> list[Decision]:
    return [one for one in await room.inbox.desk.decisions(conversation) if one.what == "routed"]


async def test_the_first_rule_that_fits_decides_with_its_reasons(rooms: Callable[..., Room]) -> None:
    room = rooms(plan())
    conversation = await room.hears("rosa", "where is my Invoice?")
    case = await room.case(conversation)
    assert (case.team, case.needs, case.route, case.routed) == ("sales", {"billing": 2}, "invoices", 1)
    assert case.reading is not None
    assert (case.reading.by, case.reading.language.tag) == ("tests.desk.readers:Obeying", "en")
    [decision] = await routed(room, conversation)
    assert decision.actor == "rule:invoices"
    assert decision.because == (
        "'invoice' is in the text",
        "not junk: it reads as nothing certain, not as spam",
        "not angry: it reads as nothing certain, not as complaint",
    )
    assert decision.plan == room.inbox.desk._plan.fingerprint
    explained = await room.inbox.desk.routes.explain(conversation)
    assert explained.route == "invoices"
    assert [one.route for one in explained.passed] == ["junk", "angry"]
    [told] = [one for one in await room.inbox.events() if one.what == "case.routed"]
    assert (told.actor, told.detail["decision"]) == ("rule:invoices", decision.id)
    await room.inbox.desk.undo(decision.id, actor="Ann")
    assert (await room.case(conversation)).team == "service"


async def test_nothing_is_read_twice(rooms: Callable[..., Room]) -> None:
    room = rooms(plan())
    conversation = await room.hears("rosa", "hello")
    await room.hears("rosa", "a question")
    for _ in range(3):
        await room.inbox.work()
    assert reader(room).asked == ["hello", "a question"]
    read = await room.inbox.desk.routes.readings(conversation)
    assert [one.intent for one in read] == [None, "question"]
    case = await room.case(conversation)
    assert case.reading is not None
    assert case.reading.intent == "question"
    again = room.again(plan())
    await again.work()
    assert reader(room).asked == []


async def test_of_a_novel_the_classifier_is_given_the_beginning(rooms: Callable[..., Room]) -> None:
    room = rooms(plan())
    conversation = await room.hears("rosa", "word " * 10_000 + "invoice", id="novel")
    assert [len(text) for text in reader(room).asked] == [20_000]
    assert (await room.case(conversation)).route == "invoices", "rules look for words in all of it"


async def test_what_came_at_once_is_read_at_once_and_machines_are_not_read(
    rooms: Callable[..., Room],
) -> None:
    room = rooms(plan())
    for number, more in enumerate([{}, {"automatic": "auto_replied"}, {}]):
        await room.inbox.receive(
            "chat", delivery({"id": str(number), "from": "rosa", "text": f"word {number}"} | more)
        )
    await room.inbox.work()
    assert reader(room).asked == ["word 0\nword 2"]
    assert not await unread(room)


async def unread(room: Room) -> list[tuple[object, ...]]:
    return dump(room.inbox.open())["unread"]


async def test_a_new_case_is_given_to_nobody_before_its_rules_were_asked(rooms: Callable[..., Room]) -> None:
    room = rooms(plan())
    await room.hire("Sue", teams=["service"])
    await room.hire("Ben", teams=["sales"], skills={"billing": 2})
    conversation = await room.hears("rosa", "the invoice")
    case = await room.case(conversation)
    assert (case.assignee, case.unread_until) == ("Ben", None)
    assert [one.what for one in await room.inbox.desk.decisions(conversation)] == ["routed", "assigned"]


async def test_it_waits_for_its_rules_no_longer_than_the_plan_says(rooms: Callable[..., Room]) -> None:
    """Nobody reads: another worker took the words and died."""
    room = rooms(plan(hold_back=timedelta(seconds=20)))
    await room.hire("Sue")
    await room.inbox.receive("chat", delivery({"id": "1", "from": "rosa", "text": "the invoice"}))
    inbox = room.inbox
    await inbox.read()
    await inbox.dispatch()
    [words] = await inbox.claim_words(9)
    assert await inbox.claim_words(9) == []
    [queued] = await inbox.desk.queue("service")
    conversation = queued.conversation.id
    for seconds, assignee in ((0, ""), (19, ""), (1, "Sue")):
        room.clock.advance(seconds=seconds)
        while await inbox.dispatch():
            pass
        assert (await room.case(conversation)).assignee == assignee, seconds
    room.clock.advance(hours=1)
    [again] = await inbox.claim_words(9)
    assert again == words
    await inbox.read_words(again)
    await inbox.read_words(words)  # whoever was taken for dead comes back
    assert len(await inbox.desk.routes.readings(conversation)) == 1
    assert len(await routed(room, conversation)) == 1
    assert sum(one.what == "case.read" for one in await inbox.events()) == 1


@pytest.mark.parametrize("heavy", [False, True])
async def test_whoever_writes_again_while_they_wait_loses_no_turn(
    rooms: Callable[..., Room], *, heavy: bool
) -> None:
    """What they add may lead elsewhere, so they are not given out before it is read; nor is one behind them instead.

    Also where room is kept with somebody else for what stands before both (`heavy`).
    """
    room = rooms(plan(hold_back=timedelta(seconds=20), weights={"letter": 3.0}))
    inbox, agents = room.inbox, room.inbox.desk.agents
    await room.hire("Sue", capacity=2)
    await room.hears("eva", "a question")
    await agents.turn("Sue", "away")
    if heavy:
        await room.hire("Max", capacity=3.5)
        await room.hears("kim", "a question")
        await room.hears("tom", "a question", on="letter")
    rosa, ben = await room.hears("rosa", "a question"), await room.hears("ben", "a question")
    assert [(await room.case(one)).assignee for one in (rosa, ben)] == ["", ""]
    await inbox.receive("chat", delivery({"id": "more", "from": "rosa", "text": "hello? a question"}))
    await inbox.read()
    await agents.turn("Sue", "online")
    await inbox.dispatch()
    assert [(await room.case(one)).assignee for one in (rosa, ben)] == ["", ""]
    await inbox.work()
    assert [(await room.case(one)).assignee for one in (rosa, ben)] == ["Sue", ""]


async def test_a_new_question_that_is_being_read_holds_nobody_up(rooms: Callable[..., Room]) -> None:
    """Whose it is, is not known yet."""
    room = rooms(plan(hold_back=timedelta(seconds=20)))
    inbox = room.inbox
    await room.hire("Sue", online=False)
    ben = await room.hears("ben", "a question")
    await inbox.receive("chat", delivery({"id": "1", "from": "rosa", "text": "now an invoice"}))
    await inbox.read()
    await inbox.desk.agents.turn("Sue", "online")
    await inbox.dispatch()
    assert (await room.case(ben)).assignee == "Sue"


async def test_what_is_said_in_several_messages_is_one_question_until_it_is_answered(
    rooms: Callable[..., Room],
) -> None:
    room = rooms(plan())
    await room.hire("Ann")
    conversation = await room.hears("rosa", "a problem")
    await room.hears("rosa", "hello again")
    case = await room.case(conversation)
    assert case.reading is not None
    assert case.reading.held == {"problem"}
    await room.says(conversation, "Ann")
    await room.hears("rosa", "a question")
    case = await room.case(conversation)
    assert case.reading is not None
    assert case.reading.held == {"question"}


async def test_what_a_person_decided_is_never_overridden(rooms: Callable[..., Room]) -> None:
    room = rooms(plan())
    await room.hire("Ann", "Sue", online=False)
    conversation = await room.hears("rosa", "hello")
    desk = room.inbox.desk
    await desk.prioritise(conversation, "low", actor="Ann")
    await desk.assign(conversation, team="sales", actor="Ann")
    await room.hears("rosa", "a complaint")
    case = await room.case(conversation)
    assert (case.team, case.priority, case.tags, case.route) == ("sales", "low", ("angry",), "angry")
    [decision] = await routed(room, conversation)
    assert decision.because[-1] == "priority and team were decided by hand: that stands"
    await desk.undo(decision.id, actor="Ann")
    await room.hears("rosa", "and a problem")
    assert (await room.case(conversation)).tags == (), "taken back by hand is decided by hand"


async def test_rules_are_asked_again_only_where_the_plan_says_so(rooms: Callable[..., Room]) -> None:
    for again, team in ((("intent",), "care"), ((), "service")):
        room = rooms(plan(again=again), workspace=f"w{len(again)}")
        conversation = await room.hears("rosa", "hello")
        assert (await room.case(conversation)).route == ""
        await room.hears("rosa", "this is a complaint")
        assert (await room.case(conversation)).team == team
        before = dump(room.inbox.open())
        await room.inbox.work()
        await room.inbox.work()
        assert dump(room.inbox.open()) == before, "nothing goes round"


async def test_what_is_opened_again_is_routed_again_where_the_plan_says_so(
    rooms: Callable[..., Room],
) -> None:
    for again, teams in ((("reopened",), "care"), ((), "sales")):
        room = rooms(plan(again=again), workspace=f"w{len(again)}")
        await room.hire("Ben", teams=["sales"], skills={"billing": 2})
        conversation = await room.hears("rosa", "the invoice")
        await room.says(conversation, "Ben")
        await room.inbox.desk.close(conversation, actor="Ben")
        assert await room.hears("rosa", "now a complaint") == conversation
        case = await room.case(conversation)
        assert (case.team, case.routed) == (teams, 1 + len(again))
        assert case.assignee == ("" if again else "Ben")


async def test_spam_is_closed_and_whoever_says_otherwise_is_heard(rooms: Callable[..., Room]) -> None:
    room = rooms(plan(again=("intent", "reopened")))
    conversation = await room.hears("rosa", "spam")
    case = await room.case(conversation)
    assert (case.spam, case.open) == (True, False)
    [decision] = await routed(room, conversation)
    await room.inbox.desk.undo(decision.id, actor="Ann")
    await room.hears("rosa", "more spam")
    case = await room.case(conversation)
    assert (case.spam, case.open) == (False, True)


async def test_somebody_is_named_by_a_rule(rooms: Callable[..., Room]) -> None:
    room = rooms(plan())
    await room.hire("Ann", "Sue", capacity=1)
    busy = await room.hears("ben", "for Ann")
    first = await room.hears("rosa", "for Ann please")
    assert {(await room.case(one)).assignee for one in (busy, first)} == {"Ann"}, "whoever is named gets it"
    await room.inbox.desk.agents.turn("Ann", "offline")
    later = await room.hears("carl", "where is Ann")
    case = await room.case(later)
    assert case.assignee in ("Sue", "")
    assert await routed(room, later) == [], "nothing was changed"


async def test_who_writes_in_a_language_is_answered_by_those_who_speak_it(clock: HandClock) -> None:
    room = Room("sqlite:///:memory:", clock, plan())
    await room.hire("Ann", languages=["en"])
    await room.hire("Nel", languages=["nl-BE", "en"], capacity=1)
    dutch, english = await room.hears("rosa", "hallo nl"), await room.hears("ben", "hello")
    assert [(await room.case(one)).assignee for one in (dutch, english)] == ["Nel", "Ann"]
    because = [one.because for one in await room.inbox.desk.decisions(dutch) if one.what == "filed"]
    assert because == [("the customer writes nl (0.90)",)]
    await room.hire("Sue", teams=["sales"], languages=["en"], skills={"billing": 2})
    sales = await room.case(await room.hears("carl", "hallo nl invoice"))
    assert (sales.language, sales.assignee) == ("nl", "Sue")  # nobody of sales speaks it: anybody may try
    await room.close()


async def test_who_was_taken_for_spam_is_read_anew_when_they_write_again(clock: HandClock) -> None:
    room = Room("sqlite:///:memory:", clock, plan())
    await room.hire("Ann")
    conversation = await room.hears("rosa", "spam")
    clock.advance(minutes=1)
    await room.hears("rosa", "hello, I am a person")
    case = await room.case(conversation)
    assert (case.spam, case.open, case.assignee) == (False, True, "Ann")
    await room.inbox.desk.spam(conversation, actor="Ann")
    await room.hears("rosa", "hello?")
    assert (await room.case(conversation)).spam  # a person said so: that stands
    await room.close()


async def test_what_is_proven_of_a_customer_counts_and_what_they_say_does_not(
    rooms: Callable[..., Room],
) -> None:
    room = rooms(plan())
    for who, strength, tier in (("rosa", Strength.ATTESTED, "gold"), ("ben", Strength.ASSERTED, "")):
        address = Address(kind="chat", value=who)
        await room.inbox.identity.observe(address, facts={"tier": "gold"}, strength=strength)
        case = await room.case(await room.hears(who, "good day"))
        assert (case.tier, case.priority) == (tier, "urgent" if tier else "normal"), who


async def test_whether_they_wrote_before_and_whether_it_is_night(rooms: Callable[..., Room]) -> None:
    room = rooms(plan())  # a Monday, nine o'clock
    first = await room.hears("rosa", "it is night")
    assert (await room.case(first)).tags == ("night",)
    second = await room.hears("rosa", "night, on paper", on="letter")
    assert first != second
    room.clock.advance(hours=2)
    third = await room.hears("ben", "no night here")
    assert (await room.case(third)).tags == ()


async def test_without_a_classifier_rules_that_need_none_are_asked(rooms: Callable[..., Room]) -> None:
    room = rooms(plan(classifier=None))
    case = await room.case(await room.hears("rosa", "the invoice"))
    assert (case.route, case.team) == ("invoices", "sales")
    plain = rooms(Plan(teams=TEAMS, default_team="service", classifier=None), workspace="plain")
    await plain.hire("Sue")
    case = await plain.case(await plain.hears("rosa", "the invoice"))
    assert (case.assignee, case.reading, case.unread_until) == ("Sue", None, None)
    assert dump(plain.inbox.open())["readings"] == []


async def test_what_was_there_before_the_desk_is_read_if_it_waits(rooms: Callable[..., Room]) -> None:
    room = rooms(plan())
    desked, room.inbox.plan = room.inbox.plan, None
    waits, answered = await room.hears("rosa", "a complaint"), await room.hears("ben", "a complaint")
    await room.inbox.conversations.reply(answered, "There you are.")
    await room.inbox.work()
    room.inbox.plan = desked
    await room.inbox.work()
    assert reader(room).asked == ["a complaint"]
    assert (await room.case(waits)).team == "care"
    assert (await room.case(answered)).reading is None


async def test_words_of_the_frozen_are_not_read_until_they_are_frozen_no_more(
    rooms: Callable[..., Room],
) -> None:
    room = rooms(plan())
    conversation = await room.hears("rosa", "hello")
    who = (await room.case(conversation)).conversation.customer
    await room.inbox.identity.freeze(who, actor="Ann")
    await room.hears("rosa", "a complaint")
    assert reader(room).asked == ["hello"]
    await room.inbox.identity.unfreeze(who, actor="Ann")
    await room.inbox.work()
    assert reader(room).asked == ["hello", "a complaint"]


async def test_who_is_erased_while_their_words_are_read_stays_erased(rooms: Callable[..., Room]) -> None:
    room = rooms(plan())
    inbox = room.inbox
    await inbox.receive("chat", delivery({"id": "1", "from": "rosa", "text": "a complaint"}))
    await inbox.read()
    await inbox.dispatch()
    [words] = await inbox.claim_words(9)
    customer = await inbox.customers.find(Address(kind="chat", value="rosa"))
    assert customer is not None
    await inbox.identity.erase(customer.id, actor="Ann")
    assert await unread(room) == []
    await inbox.read_words(words)
    held = dump(inbox.open())
    assert [held[table] for table in ("cases", "readings", "unread", "decisions", "proposals")] == [[]] * 5


async def test_what_is_deleted_or_answered_before_it_is_read_holds_nothing_up(
    rooms: Callable[..., Room],
) -> None:
    room = rooms(plan())
    await room.hire("Ann")
    for item in (
        {"id": "1", "from": "rosa", "text": "a complaint"},
        {"id": "2", "from": "rosa", "kind": "deleted", "targets": ["1"]},
    ):
        await room.inbox.receive("chat", delivery(item))
        await room.inbox.read()
        await room.inbox.dispatch()
    await room.inbox.work()
    assert reader(room).asked == []
    assert await unread(room) == []


async def test_how_often_customers_want_what_is_counted(rooms: Callable[..., Room]) -> None:
    room = rooms(plan())
    start = room.clock.now()
    for who, text in (("a", "complaint"), ("b", "complaint"), ("c", "compliment"), ("d", "hello")):
        await room.hears(who, text)
        room.clock.advance(minutes=1)
    routes = room.inbox.desk.routes
    assert await routes.intents() == {"": 1, "complaint": 2, "compliment": 1}
    assert await routes.intents(until=start + timedelta(minutes=1)) == {"complaint": 1}
    assert await routes.intents(since=start + timedelta(minutes=2)) == {"": 1, "compliment": 1}


async def test_several_workers_read_nothing_twice_at_a_time(shared_url: str, clock: HandClock) -> None:
    room = Room(shared_url, clock, plan())
    one, other = room.inbox, room.again(plan())
    items = [{"id": str(n), "from": f"c{n}", "text": f"word {n}"} for n in range(7)]
    await one.receive("chat", delivery(*items))
    await one.read()
    await one.dispatch()
    first, second = await asyncio.gather(one.claim_words(4), other.claim_words(4))
    third = await other.claim_words(9)
    claimed = [words.text for words in (*first, *second, *third)]
    assert sorted(claimed) == [f"word {n}" for n in range(7)], "each once"
    await asyncio.gather(*map(one.read_words, first), *map(other.read_words, (*second, *third)))
    assert await one.claim_words(9) == await other.claim_words(9) == []
    assert len(dump(one.open())["readings"]) == 7
    await room.close()


async def test_the_loop_reads_and_a_classifier_that_hangs_holds_nobody_up(rooms: Callable[..., Room]) -> None:
    """One question hangs; the others are read, sorted and given out meanwhile."""

    class Sticking(Obeying):
        def __init__(self) -> None:
            super().__init__()
            self.let_go = asyncio.Event()

        async def classify(self, text: str, *, language: str = "", channel: str = "") -> Reading:
            if "stuck" in text:
                await self.let_go.wait()
            return await super().classify(text, language=language, channel=channel)

    sticking = Sticking()
    room = rooms(plan(classifier=sticking, patience=timedelta(hours=1)))
    await room.hire("Ben", teams=["sales"], skills={"billing": 2})
    stop = asyncio.Event()
    running = asyncio.create_task(room.inbox.run(stop=stop))
    await room.inbox.receive("chat", delivery({"id": "0", "from": "rosa", "text": "stuck"}))
    for number in range(3):
        item = {"id": f"{number + 1}", "from": f"c{number}", "text": "the invoice"}
        await room.inbox.receive("chat", delivery(item))
    async with room.inbox.follow("test", wants=["case.assigned"]) as events:
        for _ in range(3):
            await anext(events)
    assert "stuck" not in sticking.asked
    sticking.let_go.set()
    async with room.inbox.follow("read", wants=["case.read"]) as events:
        for _ in range(4):
            await anext(events)
    stop.set()
    await running
    assert sorted(sticking.asked) == ["stuck", *["the invoice"] * 3]
