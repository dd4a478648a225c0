"""The inbox without `await`: the same methods, the same answers, the same errors, from any thread."""

from __future__ import annotations

import asyncio
import inspect
import re
import runpy
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from omnichannel import Address, Inbox, Incoming
from omnichannel.errors import Conflict, NotFound, TooLarge, UnsafeStore, UsageError
from omnichannel.inbox.acting.roles import Roles
from omnichannel.inbox.conversations import Conversations
from omnichannel.inbox.customers import Customers
from omnichannel.inbox.desk import Desk
from omnichannel.inbox.desk.agents import Agents
from omnichannel.inbox.desk.answers import Answers
from omnichannel.inbox.desk.blocks import Blocks
from omnichannel.inbox.desk.bulk import Bulk
from omnichannel.inbox.desk.control import Control
from omnichannel.inbox.desk.fields import Fields
from omnichannel.inbox.desk.reports import Reports
from omnichannel.inbox.desk.training import Training
from omnichannel.inbox.desk.views import Views
from omnichannel.inbox.followers import Followers
from omnichannel.inbox.identity import Identity
from omnichannel.inbox.retention.surface import Retention
from omnichannel.inbox.search.surface import Search
from omnichannel.inbox.trail.surface import Trail
from omnichannel.inbox.webhooks import Webhooks
from omnichannel.sync import (
    SyncAgents,
    SyncAnswers,
    SyncBlocks,
    SyncBulk,
    SyncControl,
    SyncConversations,
    SyncCustomers,
    SyncDesk,
    SyncFields,
    SyncFollowers,
    SyncIdentity,
    SyncInbox,
    SyncReports,
    SyncRetention,
    SyncRoles,
    SyncSearch,
    SyncTrail,
    SyncTraining,
    SyncViews,
    SyncWebhooks,
)
from tests.chat import Chat, FarEnd, delivery
from tests.engines import HandClock, ours

# What only an event loop can do, or what the work step does for synchronous code.
ASYNC_ONLY = {
    "run", "close", "run_job", "keep", "cursor", "read", "handle", "send", "ask", "look_up", "dispatch", "classify", "study",
    "index", "age", "count",
    "claim_messages", "handle_message", "claim_words", "read_words",
    "converse", "claim_turns", "take_turn", "lease_calls", "make_call", "give_sign", "tell", "claim_notices", "send_notices", "register", "let_go",
    "heal", "looked", "troubled",
}  # fmt: skip


def make(path: Path) -> Inbox:
    inbox = Inbox(
        f"sqlite:///{path / 'a.db'}", [Chat("chat", FarEnd()), Chat("other", FarEnd())], clock=HandClock()
    )

    @inbox.on_message
    async def answer(incoming: Incoming) -> None:
        if incoming.message.text == "ping":
            await incoming.reply("pong")

    return inbox


def spelled(method: object) -> str:
    """A method's signature, wherever its types were imported from."""
    return re.sub(r"\b\w+\.", "", str(inspect.signature(method)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("there", "here"),
    [
        (Conversations, SyncConversations),
        (Customers, SyncCustomers),
        (Identity, SyncIdentity),
        (Followers, SyncFollowers),
        (Webhooks, SyncWebhooks),
        (Desk, SyncDesk),
        (Agents, SyncAgents),
        (Answers, SyncAnswers),
        (Reports, SyncReports),
        (Control, SyncControl),
        (Training, SyncTraining),
        (Fields, SyncFields),
        (Views, SyncViews),
        (Bulk, SyncBulk),
        (Blocks, SyncBlocks),
        (Inbox, SyncInbox),
        (Search, SyncSearch),
        (Roles, SyncRoles),
        (Trail, SyncTrail),
        (Retention, SyncRetention),
    ],
)
def test_every_method_has_its_namesake_with_the_same_parameters(there: type, here: type) -> None:
    """Found by reflection, so that none can be forgotten; defaults and result included."""
    for name, method in inspect.getmembers(there, inspect.iscoroutinefunction):
        if name.startswith("_") or name in ASYNC_ONLY:
            continue
        twin = getattr(here, name, None)
        assert twin is not None, f"{here.__name__} lacks {name}"
        assert not inspect.iscoroutinefunction(twin)
        assert spelled(twin) == spelled(method), name
        assert twin.__doc__


def test_the_desk_without_await_is_up_to_date() -> None:
    """It is made, not written: `python tools/sync.py`."""
    made = runpy.run_path(str(Path(__file__).parents[1] / "tools" / "sync.py"))
    for path, text in made["written"]().items():
        assert path.read_text() == text, path.name


def test_a_whole_day_without_await(tmp_path: Path) -> None:
    with make(tmp_path).sync() as box:
        assert box.receive("chat", delivery({"id": "m1", "from": "anna", "text": "ping"})).status == 200
        assert box.work() >= 3
        (conversation,) = box.conversations.open()
        assert [m.text for m in box.conversations.messages(conversation.id)] == ["ping", "pong"]
        assert box.conversations.get(conversation.id) == conversation
        zoe = box.add_agent("zoe")
        assert box.agents() == [zoe]
        reply = box.conversations.reply(conversation.id, "hello", agent="zoe")
        assert box.conversations.message(reply.id) == reply
        box.conversations.note(conversation.id, "nice")
        assert box.conversations.assign(conversation.id, "zoe").assignee == "zoe"
        assert "ref=oct" in box.conversations.continue_on(conversation.id, "other")
        new = box.conversations.split(reply.id)
        moved = box.conversations.move(reply.id, conversation.id)
        assert moved.conversation == conversation.id
        assert box.conversations.join(new.id, conversation.id).id == conversation.id
        assert box.conversations.close(conversation.id).status == "closed"
        assert conversation.id in [c.id for c in box.conversations.closed()]
        assert box.conversations.reopen(conversation.id).status == "open"
        first = box.conversations.messages(conversation.id)[0]
        assert box.raw(first.id).body == delivery({"id": "m1", "from": "anna", "text": "ping"}).body
        assert box.events()[-1].what == "conversation.reopened"
        assert box.parked() == []
        with pytest.raises(NotFound):
            box.replay("x")


def test_customers_without_await(tmp_path: Path) -> None:
    anna, annie = (Address(kind="chat", value=who) for who in ("anna", "annie"))
    with make(tmp_path).sync() as box:
        items = [{"id": who, "from": who, "text": "hi"} for who in ("anna", "annie")]
        box.receive("chat", delivery(*items))
        box.work()
        one = box.identity.merge(anna, annie, actor="zoe")
        assert box.customers.get(one.id) == box.customers.find(annie) == one
        assert len(box.customers.timeline(one.id)) == 2
        assert box.identity.explain(anna, annie)
        assert box.identity.suggestions() == []
        decisions = box.identity.unmerge(anna, annie, actor="zoe")
        assert box.customers.find(annie) != box.customers.find(anna)
        box.identity.undo(decisions, actor="zoe")
        assert box.customers.find(annie) == one
        box.identity.refuse(anna, annie, actor="zoe")
        with pytest.raises(Conflict):
            box.identity.merge(anna, annie, actor="zoe")
        assert [claim.method for claim in box.identity.claims(one.id)][-1] == "refuse"


def test_following_without_await(tmp_path: Path) -> None:
    with make(tmp_path).sync() as box:
        box.add_agent("zoe")
        box.webhooks.add("crm", "https://localhost/hook", actor="zoe")
        with box.follow("indexer", wait=False) as events:
            assert [happening.what for happening in events] == ["webhook.added"]
        box.webhooks.pause("crm")
        box.webhooks.resume("crm")
        with pytest.raises(ValueError, match="an accident"), box.follow("indexer", wait=False) as events:
            for happening in events:
                if happening.what == "webhook.resumed":
                    events.acknowledge()
                    raise ValueError("an accident")
        with box.follow("indexer", wait=False) as events:
            assert list(events) == []
        assert [follower.name for follower in box.followers.all()] == ["crm", "indexer"]
        box.work()
        assert "public internet" in box.webhooks.get("crm").answer
        assert box.webhooks.secrets("crm") == box.webhooks.secrets("crm")
        box.followers.forget("indexer")
        box.webhooks.remove("crm")
        assert box.webhooks.all() == []


def test_errors_pass_through_as_they_are(tmp_path: Path) -> None:
    with make(tmp_path).sync() as box:
        box.receive("chat", delivery({"id": "m1", "from": "anna", "text": "hi"}))
        box.work()
        (conversation,) = box.conversations.open()
        with pytest.raises(TooLarge, match="100 characters"):
            box.conversations.reply(conversation.id, "x" * 101)
        with pytest.raises(NotFound):
            box.conversations.get("x")


@pytest.mark.parametrize("when", ["before", "after"])
def test_outside_its_context_it_says_how_to_use_it(tmp_path: Path, when: str) -> None:
    box = make(tmp_path).sync()
    if when == "after":
        with box:
            box.agents()
    for act in (box.agents, box.work, box.conversations.open, lambda: box.customers.get("x")):
        with pytest.raises(UsageError, match=r"with inbox.sync\(\) as box"):
            act()


def test_it_can_be_entered_again(tmp_path: Path) -> None:
    inbox = make(tmp_path)
    for _ in range(2):
        with inbox.sync() as box:
            box.add_agent("zoe")
    with inbox.sync() as box:
        assert len(box.agents()) == 1


def test_a_store_that_cannot_be_opened_leaves_no_thread_behind(tmp_path: Path) -> None:
    with pytest.raises(UnsafeStore), Inbox(f"sqlite:///{tmp_path / 'no' / 'a.db'}").sync():
        pass
    assert ours() == []


def test_leaving_lets_go_of_everything(tmp_path: Path) -> None:
    with pytest.raises(LookupError), make(tmp_path).sync() as box:
        box.agents()
        raise LookupError
    assert ours() == []


def test_several_threads_may_use_one_box(tmp_path: Path) -> None:
    with make(tmp_path).sync() as box, ThreadPoolExecutor(8) as pool:

        def hear(number: int) -> None:
            box.receive("chat", delivery({"id": f"m{number}", "from": f"p{number % 5}", "text": "ping"}))
            box.work()

        list(pool.map(hear, range(40)))
        box.work()
        counts = [conversation.messages for conversation in box.conversations.open()]
        assert counts == [16] * 5


def test_it_works_where_a_loop_is_running_already(tmp_path: Path) -> None:
    """A notebook runs a loop of its own; the box has another one."""

    async def notebook() -> None:
        with make(tmp_path).sync() as box:
            box.add_agent("zoe")
            assert [agent.name for agent in box.agents()] == ["zoe"]

    asyncio.run(notebook())
