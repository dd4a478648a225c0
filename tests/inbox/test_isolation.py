"""T60: every public method, with another workspace's ids, answers as if there were nothing.

The methods are found by reflection, so that none can be forgotten when it is added.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any

import pytest

from omnichannel import Attachment, Inbox
from omnichannel.desk import Plan
from omnichannel.errors import NotFound
from omnichannel.inbox.acting.roles import Roles
from omnichannel.inbox.conversations import Conversations
from omnichannel.inbox.customers import Customers
from omnichannel.inbox.desk import Desk as Surface
from omnichannel.inbox.desk.agents import Agents
from omnichannel.inbox.desk.answers import Answers
from omnichannel.inbox.desk.blocks import Blocks
from omnichannel.inbox.desk.bulk import Bulk
from omnichannel.inbox.desk.control import Control
from omnichannel.inbox.desk.fields import Fields
from omnichannel.inbox.desk.proposals import Proposals
from omnichannel.inbox.desk.ratings import Ratings
from omnichannel.inbox.desk.reports import Reports
from omnichannel.inbox.desk.routes import Routes
from omnichannel.inbox.desk.training import Training
from omnichannel.inbox.desk.views import Views
from omnichannel.inbox.followers import Followers
from omnichannel.inbox.identity import Identity
from omnichannel.inbox.search.surface import Search
from omnichannel.inbox.trail.surface import Trail
from omnichannel.inbox.webhooks import Webhooks
from omnichannel.model import Address, Strength
from omnichannel.model.desk import Action, Answer
from tests.inbox.desk import Desk

# Parameters that name something of this workspace, and what they name.
IDS = {
    "conversation": "conversation",
    "into": "conversation",
    "message": "message",
    "who": "customer",
    "decisions": "claim",
    "decision": "decision",
    "seen": "message",
    "question": "question",
    "claim": "claim",
    "parked": "parked",
    "after": "happening",
    "one": "address",
    "other": "address",
    "address": "address",
    "suggestion": "claim",
    "follower": "follower",
    "endpoint": "endpoint",
    "before": "act",
    "batch": "batch",
    "block": "block",
}
# What the other parameters are given: valid in our workspace.
OTHERS: dict[str, Any] = {
    "said": "hello",
    "text": "hello",
    "agent": "zoe",
    "actor": "zoe",
    "account": "chat",
    "because": "",
    "even_unproven": False,
    "scrub": False,
    "at": datetime(2030, 1, 1, tzinfo=UTC),
    "time": datetime(2030, 1, 1, tzinfo=UTC),
    "attachment": Attachment(name="a.txt"),
    "priority": "high",
    "until": datetime(2030, 1, 1, tzinfo=UTC),
    "names": ["zoe"],
    "occasion": "thanks",
    "answer": "greeting",
    "typed": "morning",
    "since": datetime(2020, 1, 1, tzinfo=UTC),
    "answered": True,
    "name": "zoe",
    "permission": "read",
    "role": "admin",
    "proof": "form 7",
    "reason": "threats",
    "values": {},
    "action": Action(priority="high"),
}
NAMES_NOBODY = {
    "purpose",
    "evidence",
    "facts",
    "strength",
    "source",
    "on",
    "public",
    "subject",
    "automatic",
    "assignee",
    "most",
    "sign",
    "by",
    "to",
    "life",
    "language",
    "words",
    "idempotency_key",
    "url",
    "wants",
    "includes",
    "private",
    "overlap",
    "team",
    "note",
    "summary",
    "tags",
    "languages",
    "spared",
    "summariser",
    "patience",
    "where",
    "frozen",
    "order",
    "page",
    "allowed",
    "domain",
    "unproven",
    "lifted",
    "bring_in",
    "which",
    "view",
}

PROPOSED = {("desk.proposals", "send"), ("desk.proposals", "drop"), ("desk.control", "give_back")}

# An address may be anybody's: for these, one of another workspace is one that is not known yet. What is kept comes in
# batches of another kind.
OPEN = {("customers", "find"), ("identity", "observe"), ("desk.blocks", "block_address"), ("", "keep")}


def doors() -> list[tuple[str, str, list[str]]]:
    """Every public coroutine method that takes something's id: part of the inbox, name, parameters."""
    found = []
    parts = {
        "": Inbox, "conversations": Conversations, "customers": Customers, "identity": Identity,
        "followers": Followers, "webhooks": Webhooks, "desk": Surface, "desk.agents": Agents,
        "desk.answers": Answers, "desk.routes": Routes, "desk.proposals": Proposals, "desk.ratings": Ratings,
        "search": Search, "trail": Trail, "roles": Roles, "desk.control": Control, "desk.training": Training,
        "desk.reports": Reports,
        "desk.fields": Fields, "desk.views": Views, "desk.bulk": Bulk, "desk.blocks": Blocks,
    }  # fmt: skip
    for part, owner in parts.items():
        for name, method in inspect.getmembers(owner, inspect.iscoroutinefunction):
            parameters = list(inspect.signature(method).parameters)[1:]
            if not name.startswith("_") and set(parameters) & set(IDS) and (part, name) not in OPEN:
                found.append((part, name, parameters))
    return found


DOORS = doors()


def test_every_id_that_a_public_method_takes_is_known_to_this_test() -> None:
    """A new method with a new kind of parameter has to be added here before it passes."""
    known = set(IDS) | set(OTHERS) | NAMES_NOBODY
    for part, name, parameters in DOORS:
        assert set(parameters) <= known, f"{part}.{name}"
    assert len(DOORS) >= 22


async def _ids(desk: Desk) -> dict[str, Any]:
    """One of everything in a workspace."""
    await desk.inbox.add_agent("zoe")
    desk.inbox.plan = Plan(answers=(Answer(name="greeting", texts={"en": "Good morning."}),))
    message = await desk.heard("hello, where is my chair?", who=f"anna-{desk.workspace}")
    await desk.heard("hello", who=f"annie-{desk.workspace}")
    other = await desk.heard("b", who=f"ben-{desk.workspace}")
    await desk.hear({"unreadable": True, "id": f"x-{desk.workspace}"})
    one, two = (Address(kind="chat", value=f"{who}-{desk.workspace}") for who in ("anna", "annie"))
    await desk.inbox.identity.merge(one, two, actor="zoe")
    (parked,) = await desk.inbox.parked()
    customer = await desk.inbox.customers.find(one)
    assert customer is not None
    claims = await desk.inbox.identity.claims(customer.id)
    names = {"follower": f"reader-{desk.workspace}", "endpoint": f"crm-{desk.workspace}"}
    async with desk.inbox.follow(names["follower"], wait=False) as events:
        await anext(events)
    await desk.inbox.webhooks.add(names["endpoint"], "https://localhost/hook")
    return names | {
        "conversation": message.conversation,
        "message": message.id,
        "customer": customer.id,
        "claim": claims[-1].id,
        "parked": parked.id,
        "happening": (await desk.happened())[0].id,
        "address": (one, two),
        "another": other.conversation,
        "decision": await _decision(desk, message.conversation),
        "act": await _act(desk),
        "batch": (await desk.inbox.desk.bulk.begin([message.conversation], Action(priority="low"))).id,
        "block": (await desk.inbox.desk.blocks.block_domain("spam.example", reason="list bought")).id,
        "question": (await desk.inbox.desk.open_questions(message.conversation))[0].id,
    }


async def _act(desk: Desk) -> str:
    await desk.inbox.acting_as("zoe").agents()
    return (await desk.inbox.trail.acts())[0].id


async def _decision(desk: Desk, conversation: str) -> str:
    await desk.inbox.desk.tag(conversation, "chair")
    return (await desk.inbox.desk.decisions(conversation))[-1].id


async def _call(desk: Desk, door: tuple[str, str, list[str]], given: dict[str, Any]) -> Any:
    part, name, parameters = door
    owner = attrgetter(part)(desk.inbox) if part else desk.inbox
    arguments = {key: given[key] for key in parameters if key in given}
    return await getattr(owner, name)(**arguments)


def _arguments(parameters: list[str], ids: dict[str, Any]) -> dict[str, Any]:
    """Arguments that are all well in one workspace."""
    given = {key: OTHERS[key] for key in parameters if key in OTHERS}
    for key in set(parameters) & set(IDS):
        value = ids[IDS[key]]
        given[key] = [value] if key == "decisions" else value
        if IDS[key] == "address":
            given[key] = ids["address"][1 if key == "other" else 0]
        if key == "into":
            given[key] = ids["another"]
    return given


@pytest.mark.parametrize("part", sorted({door[0] for door in DOORS}))
async def test_nothing_of_another_workspace_can_be_reached(
    shared_url: str, desks: Callable[..., Desk], part: str
) -> None:
    """Foreign, absent and forged ids are all the same: NotFound, in the same words; and nothing changes."""
    ours, theirs = desks(shared_url), desks(shared_url, workspace="theirs")
    mine, foreign = await _ids(ours), await _ids(theirs)
    before = ours.state(), theirs.state()
    for door in (door for door in DOORS if door[0] == part):
        _, name, parameters = door
        good = _arguments(parameters, mine)
        for key in set(parameters) & set(IDS):
            messages = set()
            for wrong in (_arguments(parameters, foreign)[key], *_forged(key, mine)):
                told = str(wrong[0] if isinstance(wrong, list) else wrong)
                refusal = await _refusal(ours, door, good | {key: wrong})
                messages.add(refusal.replace(repr(told), "…").replace(told, "…"))
            assert len(messages) == 1, f"{name}({key}) tells what is there: {messages}"
        assert (ours.state(), theirs.state()) == before, f"{name} changed something"


async def _refusal(desk: Desk, door: tuple[str, str, list[str]], given: dict[str, Any]) -> str:
    try:
        answer = await _call(desk, door, given)
    except NotFound as refused:
        return str(refused)
    raise AssertionError(f"{door[0]}.{door[1]} answers {answer!r} to {given}")


def _forged(key: str, mine: dict[str, Any]) -> list[Any]:
    """Ids of no thing, and of another kind of thing of our own."""
    if IDS[key] == "address":
        return [Address(kind="chat", value="nobody")]
    kinds = [
        value for kind, value in mine.items() if kind in ("conversation", "message", "customer", "claim")
    ]
    wrong = ["019cadc6-9a80-7004-804a-92d9488cd192", "x", *kinds]
    if IDS[key] == "parked":
        return ["019cadc6-9a80-7004-804a-92d9488cd192"]
    right = mine[IDS[key]]
    return [[value] if key == "decisions" else value for value in wrong if value != right]


async def test_all_of_them_work_with_our_own(desks: Callable[..., Desk]) -> None:
    """The same calls with our own ids are answered: the test above tests the doors, not the arguments."""
    for door in DOORS:
        desk = desks("sqlite:///:memory:", workspace=f"w-{door[0]}-{door[1]}")
        mine = await _ids(desk)
        given = _arguments(door[2], mine)
        if door[1] in ("accept", "merge"):
            given["other"] = Address(kind="chat", value=f"ben-{desk.workspace}")
        if door[1] == "accept":
            await desk.inbox.identity.undo([mine["claim"]], actor="zoe")
        if door[1] in ("unfreeze", "unobject"):
            await getattr(desk.inbox.identity, door[1].removeprefix("un"))(mine["customer"], actor="zoe")
        if door[1] == "split":
            (given["message"],) = [m.id for m in [await desk.heard("later", who=f"anna-{desk.workspace}")]]
        if door[1] == "move":
            given["conversation"] = mine["another"]
        # The tests of the files in a mail have one, those of challenges a claim that can be proven, and those of
        # proposals something that was proposed, and those of bots one that had the conversation.
        if door[1] not in ("attachment", "challenge") and door[:2] not in PROPOSED:
            await _call(desk, door, given)
        await desk.close()


async def test_what_is_known_of_an_address_stays_in_its_workspace(
    shared_url: str, desks: Callable[..., Desk]
) -> None:
    """Looking somebody up, or hearing of them from another system, tells nothing of another workspace's."""
    ours, theirs = desks(shared_url), desks(shared_url, workspace="theirs")
    await theirs.heard("hello", who="anna", name="Anna")
    anna, before = Address(kind="chat", value="anna"), theirs.state()
    assert await ours.inbox.customers.find(anna) is None
    observed = await ours.inbox.identity.observe(anna, facts={"name": "Anna"}, strength=Strength.ASSERTED)
    assert [reached.address for reached in observed.addresses] == [anna]
    assert await ours.inbox.customers.timeline(observed.id) == []
    assert theirs.state() == before


async def test_the_same_names_in_two_workspaces_are_two_of_everything(
    shared_url: str, desks: Callable[..., Desk]
) -> None:
    """The same people, platform ids, agents and accounts in two workspaces do not meet."""
    here, there = desks(shared_url), desks(shared_url, workspace="theirs")
    for desk in (here, there):
        await desk.inbox.add_agent("zoe")
        message = await desk.heard("hello")
        await desk.inbox.conversations.reply(message.conversation, f"from {desk.workspace}", agent="zoe")
    await here.inbox.work()
    assert (here.said(), there.said()) == (["from default"], [])
    await there.inbox.work()
    for desk in (here, there):
        assert len(await desk.everything()) == 2
        assert len(await desk.customers()) == 1
        assert len(await desk.inbox.agents()) == 1
    assert (await here.customer("anna")).id != (await there.customer("anna")).id
