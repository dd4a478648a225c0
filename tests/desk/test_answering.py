"""Standard answers at the desk: phrased for one customer, looked at, sent with their use in one commit, counted."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from pydantic import ValidationError

from omnichannel.desk import Plan
from omnichannel.desk.answers import Apologies, count
from omnichannel.errors import ConfigError, KeyConflict, NotFound, Unfilled, UsageError
from omnichannel.model.desk import Answer, AwayRule, Signature
from tests.desk.helpful import ANSWERS, HOURS, REFUND, helpful
from tests.desk.room import Room
from tests.engines import dump


@pytest.fixture
def room(rooms: Callable[..., Room]) -> Room:
    return rooms(helpful())


async def test_an_answer_is_made_ready_and_nothing_is_sent(room: Room) -> None:
    await room.hire("Ann")
    conversation = await room.hears("rosa", "Where is my money?", name="Rosa Smith")
    ready = await room.inbox.desk.answers.phrase(conversation, "refund", "Ann")
    assert ready.text == "Your money is on its way, Rosa. ^Ann"
    assert ready.phrased.language == "en"
    assert (ready.preview.pieces, ready.preview.refused) == ((ready.text,), "")
    assert ready.because[0] == "en is the customer’s language (en)"
    assert "signed short, as usual on chat" in ready.because
    assert any(one.startswith("a wording was left out: no value for day") for one in ready.because)
    assert await room.inbox.desk.answers.uses(conversation) == []
    assert [message.direction for message in await room.messages("rosa")] == ["inbound"]


async def test_what_is_prepared_is_sent_and_counted_in_one_commit(room: Room) -> None:
    await room.hire("Ann")
    answers = room.inbox.desk.answers
    conversation = await room.hears("rosa", "Where is my money?")
    ready = await answers.phrase(conversation, "refund", "Ann")
    said = await answers.say(conversation, "refund", "Ann")
    await room.inbox.work()
    assert (said.text, said.agent) == (ready.text, "Ann")
    assert [one["text"] for one in room.far["chat"].said] == [ready.text]
    [use] = await answers.uses(conversation)
    asked = (await room.messages("rosa"))[0]
    assert (use.message, use.asked, use.how, use.variant) == (
        said.id,
        asked.id,
        "as_is",
        ready.phrased.variant,
    )
    assert (use.agent, use.question) == ("Ann", "")
    assert (await room.case(conversation)).answered_by == "Ann"
    happened = [one for one in await room.inbox.events() if one.what == "answer.said"]
    assert [(one.actor, one.detail["answer"], one.detail["use"]) for one in happened] == [
        ("Ann", "refund", use.id)
    ]


async def test_nobody_hears_the_same_twice_and_two_in_a_row_hear_different_words(room: Room) -> None:
    await room.hire("Ann")
    answers, day = room.inbox.desk.answers, {"day": date(2026, 3, 1)}
    first = await room.hears("rosa", "money?")
    texts = []
    for _ in range(3):
        room.clock.advance(minutes=1)
        texts.append((await answers.say(first, "refund", "Ann", values=day)).text)
    assert texts[0] != texts[1]
    assert texts[2] == texts[0]
    other = await room.hears("ben", "money?")
    room.clock.advance(minutes=1)
    assert (await answers.say(other, "refund", "Ann", values=day)).text == texts[1]


async def test_it_is_said_in_the_customers_language_and_in_no_other(room: Room) -> None:
    await room.hire("Ann")
    conversation = await room.hears("rosa", "nl geld terug")
    answers = room.inbox.desk.answers
    assert (await answers.phrase(conversation, "refund", "Ann")).text == "Uw geld is onderweg. ^Ann"
    with pytest.raises(NotFound, match="name another that the customer reads"):
        await answers.phrase(conversation, "hours", "Ann")
    assert (await answers.phrase(conversation, "hours", "Ann", languages=["en-GB"])).phrased.language == "en"


async def test_words_that_an_agent_changed_count_as_edited(room: Room) -> None:
    await room.hire("Ann")
    answers = room.inbox.desk.answers
    conversation = await room.hears("rosa", "money?")
    ready = await answers.phrase(conversation, "refund", "Ann")
    same = await answers.say(conversation, "refund", "Ann", text=ready.text)
    bare = await answers.say(conversation, "refund", "Ann", text=ready.phrased.text)
    edited = await answers.say(
        conversation, "refund", "Ann", text="Your money is on its way to the bank, dear."
    )
    uses = {use.message: use for use in await answers.uses(conversation)}
    assert [uses[one.id].how for one in (same, bare, edited)] == ["as_is", "as_is", "edited"]
    assert {use.variant for use in uses.values()} == {ready.phrased.variant}
    assert edited.text == "Your money is on its way to the bank, dear."


async def test_what_cannot_be_said_says_why_and_leaves_nothing(room: Room) -> None:
    await room.hire("Ann")
    answers = room.inbox.desk.answers
    conversation = await room.hears("rosa", "money?")
    before = dump(room.inbox.open())
    with pytest.raises(NotFound, match="did you mean 'refund'"):
        await answers.say(conversation, "refunds", "Ann")
    with pytest.raises(NotFound, match="Zoe"):
        await answers.say(conversation, "refund", "Zoe")
    with pytest.raises(Unfilled, match="day"):
        await answers.say(conversation, "visit", "Ann", values={"day": "tomorrow"})
    with pytest.raises(UsageError):
        await answers.say(conversation, "refund", "Ann", text="x" * 100_000)
    after = dump(room.inbox.open())
    assert (after["messages"], after["uses"]) == (before["messages"], [])


async def test_the_same_order_under_a_key_is_said_and_counted_once(room: Room) -> None:
    await room.hire("Ann")
    answers = room.inbox.desk.answers
    conversation = await room.hears("rosa", "money?")
    once = await answers.say(
        conversation, "refund", "Ann", values={"day": date(2026, 3, 1)}, idempotency_key="k"
    )
    again = await answers.say(
        conversation, "refund", "Ann", values={"day": date(2026, 3, 1)}, idempotency_key="k"
    )
    assert again.id == once.id
    assert len(await answers.uses(conversation)) == 1
    with pytest.raises(KeyConflict):
        await answers.say(
            conversation, "refund", "Ann", values={"day": date(2026, 3, 2)}, idempotency_key="k"
        )


async def test_an_answer_for_another_kind_of_channel_is_neither_found_nor_suggested(room: Room) -> None:
    await room.hire("Ann")
    answers = room.inbox.desk.answers
    conversation = await room.hears("rosa", "An invoice on paper?")
    assert [one.answer for one in await answers.find("invoice")] == ["paper"]
    assert await answers.find("invoice", conversation=conversation) == []
    assert await answers.suggest(conversation) == []
    ready = await answers.phrase(conversation, "paper", "Ann")
    assert ready.because[-1] == "it is meant for letter, and this is chat"


async def test_an_empty_apology_is_pointed_out_and_stopped_only_where_the_plan_says_so(
    rooms: Callable[..., Room],
) -> None:
    room = rooms(helpful())
    await room.hire("Ann")
    conversation = await room.hears("rosa", "money?")
    answers = room.inbox.desk.answers
    [remark] = await answers.check("We apologise for any inconvenience caused.", conversation=conversation)
    assert "next step" in remark.missing
    assert await answers.check("We apologise for any inconvenience caused.", language="nl") == []
    with pytest.raises(UsageError, match="language"):
        await answers.check("Sorry.")
    assert (await answers.phrase(conversation, "sorry", "Ann")).remarks
    await answers.say(conversation, "sorry", "Ann")
    strict = rooms(helpful(apologies="refuse"), "strict")
    await strict.hire("Ann")
    conversation = await strict.hears("rosa", "money?")
    with pytest.raises(UsageError, match="apologise for any inconvenience"):
        await strict.inbox.desk.answers.say(conversation, "sorry", "Ann")
    assert await strict.inbox.desk.answers.uses() == []


async def test_a_plan_may_have_lists_of_empty_apologies_of_its_own(rooms: Callable[..., Room]) -> None:
    ours = Apologies(formal=("we regret it",), vague=(), steps=("we call",), whens=(), names=())
    room = rooms(helpful(apology_lists={"en": ours}, apologies="refuse"))
    await room.hire("Ann")
    conversation = await room.hears("rosa", "money?")
    answers = room.inbox.desk.answers
    assert await answers.check("We regret it.", language="en")
    assert await answers.check("We apologise for any inconvenience caused.", language="en") == []
    await answers.say(conversation, "sorry", "Ann")
    with pytest.raises(ValidationError, match="apology_lists"):
        helpful(apology_lists={"en": {"formal": 7}})
    with pytest.raises(ValueError, match=r"apology_lists: .*\(we"):
        helpful(apology_lists={"en": Apologies(("(we",), (), (), (), ())})


async def test_tallies_are_what_counting_every_use_gives(room: Room) -> None:
    await room.hire("Ann")
    answers = room.inbox.desk.answers
    conversation = await room.hears("rosa", "Where is my money?")
    await answers.say(conversation, "refund", "Ann")
    room.clock.advance(hours=1)
    await room.hears("rosa", "great compliment")
    await answers.refuse(conversation, "hours", agent="Ann")
    await answers.say(conversation, "refund", "Ann", text="It is on its way, believe me.")
    later, second = room.clock.now(), timedelta(seconds=1)
    room.clock.advance(hours=1)
    await answers.say(conversation, "hours", "Ann")
    assert await answers.tally() == list(count(await answers.uses()))
    by_name = {one.answer: one for one in await answers.tally(until=later + second) if not one.variant}
    assert (by_name["refund"].as_is, by_name["refund"].edited, by_name["refund"].thanked) == (1, 1, 1)
    assert (by_name["hours"].offered, by_name["hours"].refused, by_name["hours"].sent) == (1, 1, 0)
    assert [one.offered for one in await answers.tally(since=later + second) if one.answer == "hours"][0] == 1


async def test_nothing_can_be_refused_where_nothing_was_asked(room: Room) -> None:
    await room.hire("Ann")
    conversation = await room.hears("rosa", "money?", automatic="auto_generated")
    with pytest.raises(UsageError, match="nothing was asked"):
        await room.inbox.desk.answers.refuse(conversation, "refund")


async def test_a_use_goes_where_its_message_goes(room: Room) -> None:
    await room.hire("Ann")
    answers, box = room.inbox.desk.answers, room.inbox.conversations
    conversation = await room.hears("rosa", "money?")
    said = await answers.say(conversation, "refund", "Ann")
    elsewhere = await room.hears("rosa", "and paper", on="letter")
    await box.move(said.id, elsewhere)
    assert await answers.uses(conversation) == []
    assert [use.conversation for use in await answers.uses(elsewhere)] == [elsewhere]


def test_what_is_wrong_with_answers_is_told_when_the_plan_is_made() -> None:
    for wrong, match in (
        ({"answers": (HOURS, HOURS)}, "two answers have this name"),
        ({"answers": (Answer(name="x", texts={"en": "{order.nr}"}),)}, "nobody knows the field order.nr"),
        ({"signatures": (Signature(agent="Ann"), Signature(agent="Ann"))}, "two are 'Ann'"),
        (
            {"signatures": (Signature(agent="Ann", full={"en": "{customer.name}"}),)},
            "nothing that a signature tells",
        ),
        ({"away": AwayRule(answer="gone")}, "no answer is called 'gone'"),
        ({"answers": ANSWERS, "away": AwayRule(answer="hours")}, "without telling when you answer"),
    ):
        with pytest.raises(ConfigError, match=match):
            helpful(**wrong)
    known = helpful(answers=(Answer(name="x", texts={"en": "{order.nr}"}),), fields={"order.nr": "int"})
    assert known.book.answer("x").name == "x"
    assert helpful(away=AwayRule()).book.answer("away").texts.keys() == {"en", "nl", "de", "fr"}


def test_a_plan_that_is_copied_is_read_anew() -> None:
    plan = helpful()
    assert plan.hours == {}
    copied = plan.model_copy(update={"answers": (HOURS,), "away": AwayRule()})
    assert copied.book.answers.keys() == {"hours", "away"}
    assert copied.fingerprint != plan.fingerprint
    assert plan.model_copy() == plan
    with pytest.raises(ConfigError, match="two answers have this name"):
        plan.model_copy(update={"answers": (HOURS, HOURS)})


def test_the_fingerprint_is_of_the_answers_too_and_the_same_in_every_process() -> None:
    kinds = frozenset({"email", "chat", "letter", "sms", "x", "voice"})
    plan = Plan(answers=(REFUND.model_copy(update={"channels": kinds}),))
    assert plan.fingerprint != Plan(answers=(REFUND,)).fingerprint
    told = (
        "from omnichannel.desk import Plan\nfrom tests.desk.helpful import REFUND\n"
        f"kinds = frozenset({sorted(kinds)!r})\n"
        "print(Plan(answers=(REFUND.model_copy(update={'channels': kinds}),)).fingerprint)"
    )
    again = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", told], capture_output=True, text=True, check=True
    )
    assert again.stdout.strip() == plan.fingerprint
