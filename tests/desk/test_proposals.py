"""Praise is counted and waits in no queue; who complains in public is first, and is offered a private place."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from omnichannel.desk import Answer, Plan, Private, Route, Team, Then, When
from omnichannel.desk.classify import Intent, Likely, Reading
from omnichannel.desk.courtesy import said
from omnichannel.errors import ConfigError, Conflict, NotFound, UsageError
from omnichannel.model import Customer
from omnichannel.model.desk import Proposed
from tests.chat import Chat
from tests.desk.readers import Obeying, Talking
from tests.desk.room import Room

THANKS = Answer(name="thanks", texts={"en": ("Thank you[, {customer.first_name}]!",), "nl": ("Dank u wel!",)})


def plan(**more: Any) -> Plan:
    given = {"teams": (Team(name="service"),), "default_team": "service", "classifier": Obeying()}
    return Plan.model_validate(given | more)


async def happened(room: Room, what: str) -> int:
    return sum(one.what == what for one in await room.inbox.events())


async def test_praise_waits_in_no_queue_and_is_counted(rooms: Callable[..., Room]) -> None:
    room = rooms(plan())
    await room.hire("Ann")
    conversation = await room.hears("rosa", "a compliment")
    case = await room.case(conversation)
    assert (case.open, case.assignee, case.queued_at) == (False, "", None)
    [decision] = await room.inbox.desk.decisions(conversation)
    assert (decision.actor, decision.because) == ("desk", ("it is praise, and asks for nothing",))
    assert await happened(room, "case.complimented") == 1
    assert not room.far["chat"].said, "nobody is thanked by a machine unless the plan says how"
    assert await room.inbox.desk.proposals.of(conversation) == []
    assert [share.cases for share in await room.inbox.desk.agents.shares()] == [0]
    await room.hears("rosa", "hello again")
    assert not (await room.case(conversation)).open
    assert await happened(room, "case.complimented") == 1, "what was counted is not counted again"
    await room.hears("rosa", "and a question")
    case = await room.case(conversation)
    assert (case.open, case.assignee) == (True, "Ann")


async def test_praise_with_something_else_in_it_or_in_somebodys_hands_stays(
    rooms: Callable[..., Room],
) -> None:
    room = rooms(plan(thanks=THANKS))
    both = await room.hears("rosa", "a compliment and a question")
    assert (await room.case(both)).open
    assert await happened(room, "case.complimented") == 0
    await room.hire("Ann")
    hers = await room.hears("ben", "a problem")
    await room.says(hers, "Ann")
    await room.hears("ben", "a compliment")
    case = await room.case(hers)
    assert (case.open, case.assignee) == (True, "Ann")
    assert await happened(room, "case.complimented") == 1
    assert await room.inbox.desk.proposals.of(hers) == []
    queue = rooms(plan(compliments="queue"), workspace="queue")
    assert (await queue.case(await queue.hears("rosa", "a compliment"))).queued_at is not None
    assert await happened(queue, "case.complimented") == 1


async def test_thanks_are_said_once_where_the_plan_has_them(rooms: Callable[..., Room]) -> None:
    room = rooms(plan(thanks=THANKS))
    conversation = await room.hears("rosa", "a compliment", name="Rosa Bloem")
    await room.hears("ben", "compliment in nl")
    assert [one["text"] for one in room.far["chat"].said] == ["Thank you, Rosa!", "Dank u wel!"]
    [proposed] = await room.inbox.desk.proposals.of(conversation)
    assert (proposed.state, proposed.occasion) == ("sent", "thanks")
    [_, message] = await room.messages("rosa")
    assert (message.id, message.automatic) == (proposed.message, "auto_generated")
    await room.hears("rosa", "again a compliment")
    assert len(room.far["chat"].said) == 2, "once in a conversation"
    assert not (await room.case(conversation)).open


async def test_a_rule_may_be_quiet_about_praise_too(rooms: Callable[..., Room]) -> None:
    loud = Route(name="praise", when=When(intents=("compliment",)), then=Then(quiet=True, tags=("praise",)))
    room = rooms(plan(thanks=THANKS, routes=(loud,)))
    case = await room.case(await room.hears("rosa", "a compliment"))
    assert (case.open, case.tags, case.route) == (False, ("praise",), "praise")
    assert await happened(room, "case.complimented") == 1
    assert len(room.far["chat"].said) == 1


async def test_a_question_that_complains_as_well_is_first_in_public(rooms: Callable[..., Room]) -> None:
    """A complaint is one though the question in it is likelier: from 0.5 on, and not below."""
    room = rooms(plan(classifier=Talking(mixed(0.5))))
    sure = await room.hears("rosa", "Why is it late again?", public=True)
    assert (await room.case(sure)).reading is not None
    assert (await room.case(sure)).priority == "urgent"
    assert [one.occasion for one in await room.inbox.desk.proposals.of(sure)] == ["private"]
    room.inbox.plan = plan(classifier=Talking(mixed(0.49)))
    hardly = await room.hears("ben", "Why is it late?", public=True)
    assert (await room.case(hardly)).priority == "normal"


def mixed(complaint: float) -> Reading:
    """A question first, a complaint second."""
    asks = Likely(intent=Intent.QUESTION, probability=0.9)
    return Reading(intents=(asks, Likely(intent=Intent.COMPLAINT, probability=complaint)))


async def test_who_complains_in_public_is_first_and_is_offered_a_private_place(
    rooms: Callable[..., Room],
) -> None:
    room = rooms(plan(private=Private(on="other")))
    waits = await room.hears("ben", "a complaint")
    room.clock.advance(hours=3)
    conversation = await room.hears("rosa", "a complaint", public=True, name="Rosa Bloem")
    queue = await room.inbox.desk.queue("service")
    assert [case.conversation.id for case in queue] == [conversation, waits]
    assert queue[0].priority == "urgent"
    [decision] = await room.inbox.desk.decisions(conversation)
    assert (decision.what, decision.actor) == ("prioritised", "desk")
    desk = room.inbox.desk
    assert await desk.proposals.of(waits) == []
    [proposed] = await desk.proposals.of(conversation)
    assert (proposed.occasion, proposed.state, proposed.on) == ("private", "waits", "other")
    assert proposed.text.startswith("Hello Rosa, I am sorry")
    assert "{link}" in proposed.text
    assert not room.far["chat"].said
    await room.hire("Ann", online=False)
    sent = await desk.proposals.send(conversation, "private", agent="Ann", text="Come here: {link}")
    await room.inbox.work()
    [said_to_her] = room.far["chat"].said
    link = re.search(r"https://chat.invalid/other\?ref=(\S+)", said_to_her["text"])
    assert link
    [*_, message] = await room.messages("rosa")
    assert (message.id, message.public, message.agent) == (sent.message, False, "Ann")
    await room.hears("rosa-dm", f"Here I am {link[1]}", on="other")
    assert (await room.messages("rosa-dm", on="other"))[-1].conversation == conversation
    for again in (desk.proposals.send, desk.proposals.drop):
        with pytest.raises(Conflict, match="was sent before"):
            await again(conversation, "private")


async def test_where_several_write_it_goes_to_whoever_complained(rooms: Callable[..., Room]) -> None:
    room = rooms(plan(private=Private(on="other")))
    first = await room.hears("ben", "hello", name="Ben Groen", public=True)
    conversation = await room.hears("rosa", "a complaint", name="Rosa Bloem", public=True)
    await room.inbox.conversations.join(first, conversation)
    await room.inbox.work()
    desk = room.inbox.desk
    [proposed] = await desk.proposals.of(conversation)
    assert proposed.text.startswith("Hello Rosa,")
    with pytest.raises(Conflict, match="somebody else wrote here since, whom this link is not for"):
        await desk.proposals.send(conversation, "private", text="Here: {link}")
    await desk.proposals.send(conversation, "private", text="Let us talk here.")
    await room.inbox.work()
    assert [(one["to"], one["text"]) for one in room.far["chat"].said] == [("rosa", "Let us talk here.")]


async def test_it_is_sent_by_itself_only_where_the_plan_says_so(rooms: Callable[..., Room]) -> None:
    short = Answer(name="private", texts={"en": ("Sorry! {link}",)})
    room = rooms(plan(private=Private(offer="send", on="other", answer=short)))
    conversation = await room.hears("rosa", "a complaint in nl", public=True)
    [proposed] = await room.inbox.desk.proposals.of(conversation)
    assert proposed.state == "sent"
    assert len(room.far["chat"].said) == 1
    case = await room.case(conversation)
    assert case.queued_at is not None, "what a machine says is no answer"
    never = rooms(plan(private=Private(offer="never")), workspace="never")
    there = await never.hears("rosa", "a complaint", public=True)
    assert await never.inbox.desk.proposals.of(there) == []


async def test_what_cannot_be_sent_by_itself_waits_for_a_person_and_says_why(
    rooms: Callable[..., Room],
) -> None:
    long = Answer(name="private", texts={"en": ("so sorry " * 20 + "{link}",)})
    room = rooms(plan(private=Private(offer="send", on="other", answer=long)))
    conversation = await room.hears("rosa", "a complaint", public=True)
    [proposed] = await room.inbox.desk.proposals.of(conversation)
    assert proposed.state == "waits"
    assert "not sent by itself: chat carries 100 characters" in proposed.because[-1]
    await room.inbox.work()
    desk = room.inbox.desk
    assert (await desk.proposals.drop(conversation, "private")).state == "dropped"
    with pytest.raises(NotFound, match="nothing is proposed here for 'thanks'"):
        await desk.proposals.send(conversation, "thanks")


async def test_without_an_account_that_carries_links_there_is_none_in_it(rooms: Callable[..., Room]) -> None:
    room = rooms(plan())
    conversation = await room.hears("rosa", "a complaint", public=True)
    [proposed] = await room.inbox.desk.proposals.of(conversation)
    assert (proposed.on, "{link}" in proposed.text) == ("", False)
    nowhere = rooms(plan(private=Private(on="fax")), workspace="nowhere")
    [proposed] = await nowhere.inbox.desk.proposals.of(
        await nowhere.hears("rosa", "a complaint", public=True)
    )
    assert (proposed.on, proposed.because[1][:35]) == ("", "without a link: there is no account")
    with pytest.raises(UsageError, match="no account that {link} could lead to"):
        await room.inbox.desk.proposals.send(conversation, "private", text="go to {link}")


async def test_the_first_other_account_that_carries_links_is_offered(
    rooms: Callable[..., Room], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Chat, "can", Chat.can.model_copy(update={"continues": True}))
    room = rooms(plan())
    conversation = await room.hears("rosa", "a complaint", public=True)
    [proposed] = await room.inbox.desk.proposals.of(conversation)
    assert (proposed.on, "{link}" in proposed.text) == ("other", True)


async def test_a_rule_that_says_the_priority_has_the_last_word(rooms: Callable[..., Room]) -> None:
    room = rooms(plan(routes=(Route(name="calm", when=When(public=True), then=Then(priority="low")),)))
    case = await room.case(await room.hears("rosa", "a complaint", public=True))
    assert case.priority == "low"
    later = await room.hears("ben", "hello", public=True)
    await room.hears("ben", "a complaint", public=True)
    assert (await room.case(later)).priority == "low"


def test_what_is_said_fits_whoever_it_is_said_to() -> None:
    nobody, rosa = Customer(id="c"), Customer(id="c", name="Rosa Bloem")
    offer = Private().answer
    assert said(offer, "en", nobody, link=False).startswith("I am sorry")
    assert said(offer, "nl-BE", rosa, link=True).startswith("Dag Rosa, het spijt me")
    assert said(offer, "und", rosa, link=False) == said(offer, "fi", rosa, link=False)
    needs = Answer(name="thanks", texts={"en": ("Thank you for {order}",)})
    with pytest.raises(ConfigError, match="nobody knows the field order"):
        Plan(thanks=needs)
    with pytest.raises(ConfigError, match="nobody knows the field order"):
        Private(answer=needs.model_copy(update={"name": "private"}))
    assert said(Answer(name="x", texts={"en": ("Go to {link}",)}), "en", rosa, link=False) == ""


def test_what_is_proposed_survives_json() -> None:
    one = Proposed(conversation="c", occasion="thanks", text="x", at="2026-03-02T09:00:00Z")
    assert Proposed.model_validate_json(one.model_dump_json()) == one
