"""Acting as one of us: what they may do is looked up first, and what they do or see stands on the trail."""

from __future__ import annotations

import asyncio
import csv
import inspect
import io
from collections.abc import Callable

import pytest

from omnichannel import Inbox, Message
from omnichannel.desk import Plan, Team
from omnichannel.desk.access import Access
from omnichannel.errors import Conflict, Forbidden, NotFound, UsageError
from omnichannel.inbox.acting import NEEDS, OURS
from omnichannel.inbox.core import Core
from omnichannel.model import Purpose
from omnichannel.model.desk import Which
from omnichannel.store import Tx
from tests.inbox.desk import Desk

TEAMS = Plan(teams=(Team(name="billing"), Team(name="repairs")), classifier=None)


async def staff(desk: Desk) -> Desk:
    """zoe answers for billing, mia for repairs, bo is a bot, ada an admin, and theo an auditor."""
    desk.inbox.plan = TEAMS
    for name in ("zoe", "mia", "ada", "theo"):
        await desk.inbox.add_agent(name)
    await desk.inbox.add_agent("bo", role="bot")
    await desk.inbox.desk.agents.describe("zoe", teams=["billing"])
    await desk.inbox.desk.agents.describe("mia", teams=["repairs"])
    await desk.inbox.roles.grant("ada", "admin")
    await desk.inbox.roles.grant("theo", "auditor")
    return desk


@pytest.fixture
def plain(desks: Callable[..., Desk]) -> Desk:
    return desks("sqlite:///:memory:")


@pytest.fixture
def staffed(plain: Desk) -> Desk:
    return asyncio.run(staff(plain))


@pytest.fixture
def everywhere(desk: Desk) -> Desk:
    """The same on each engine: for what is said in SQL."""
    return asyncio.run(staff(desk))


async def in_team(desk: Desk, text: str, team: str, who: str = "anna") -> Message:
    message = await desk.heard(text, who)
    await desk.inbox.desk.assign(message.conversation, team=team)
    return message


def every_name() -> set[str]:
    """Every public function of the inbox and of its parts, as it is called; found by reflection."""
    found = set()

    def walk(owner: type, prefix: str) -> None:
        for name, member in inspect.getmembers(owner):
            if name.startswith("_"):
                continue
            if isinstance(member, property) and member.fget is not None:
                part = inspect.get_annotations(member.fget, eval_str=False)["return"]
                cls = inspect.unwrap(member.fget).__globals__.get(part)
                if inspect.isclass(cls) and cls.__module__.startswith("omnichannel.inbox"):
                    walk(cls, f"{prefix}{name}.")
            elif inspect.isfunction(member):
                found.add(prefix + name)

    walk(Inbox, "")
    return found


def test_every_public_method_has_the_permission_that_it_needs() -> None:
    """A new one without fails here: add it to `inbox/acting/needs.py`, under what it takes to do that."""
    assert set(NEEDS).isdisjoint(OURS)
    assert every_name() - {name for name in OURS if hasattr(Core, name) or hasattr(Inbox, name)} == set(NEEDS)
    assert all(hasattr(Inbox, name) for name in OURS)


async def test_whoever_acts_is_the_actor_and_it_stands_on_the_trail(everywhere: Desk) -> None:
    message = await everywhere.heard("hello")
    zoe = everywhere.inbox.acting_as("zoe", because="ticket 12")
    [talk] = await zoe.conversations.open()
    await zoe.conversations.reply(talk.id, "good morning")
    await zoe.desk.tag(talk.id, "hello")
    assert (await everywhere.inbox.conversations.messages(talk.id))[-1].agent == "zoe"
    assert (await everywhere.inbox.desk.decisions(talk.id))[-1].actor == "zoe"
    acts = await everywhere.inbox.trail.acts(actor="zoe")
    assert [act.method for act in acts] == ["desk.tag", "conversations.reply", "conversations.open"]
    assert {act.because for act in acts} == {"ticket 12"}
    assert all(act.conversations == (message.conversation,) for act in acts)
    customer = await everywhere.customer("anna")
    assert await everywhere.inbox.trail.acts(who=customer.id) == acts
    assert await everywhere.inbox.trail.acts(conversation=message.conversation, message=message.id) == []
    await zoe.conversations.message(message.id)
    [seen] = await everywhere.inbox.trail.acts(message=message.id)
    assert seen.method == "conversations.message"
    [page] = await everywhere.inbox.trail.acts(conversation=message.conversation, before=acts[1].id)
    assert page == acts[2]


async def test_what_somebody_may_not_is_not_done_and_is_on_the_trail(everywhere: Desk) -> None:
    message = await in_team(everywhere, "my bill", "billing")
    mia = everywhere.inbox.acting_as("mia")
    before = everywhere.state("acts", "concerned", "commits")
    for refused in (
        mia.conversations.reply(message.conversation, "hello"),
        mia.conversations.message(message.id),
        mia.desk.close(message.conversation),
        mia.conversations.split(message.id),
        mia.identity.scrub(),
        mia.raw(message.id),
        mia.roles.grant("mia", "admin"),
    ):
        with pytest.raises(Forbidden, match="mia"):
            await refused
    assert everywhere.state("acts", "concerned", "commits") == before
    refusals = await everywhere.inbox.trail.acts(actor="mia", allowed=False)
    assert [act.method for act in refusals][-2:] == ["conversations.message", "conversations.reply"]
    assert len(refusals) == 7
    assert await everywhere.inbox.trail.acts(allowed=True) == []


async def test_lists_leave_out_what_is_out_of_reach(staffed: Desk) -> None:
    bill = await in_team(staffed, "my bill", "billing")
    chair = await in_team(staffed, "my chair", "repairs", who="ben")
    mia = staffed.inbox.acting_as("mia")
    assert [talk.id for talk in await mia.conversations.open()] == [chair.conversation]
    found = await mia.search.messages("my")
    assert [one.message.id for one in found.found] == [chair.id]
    assert [case.conversation.id for case in await mia.desk.queue("billing")] == []
    page = await mia.desk.views.page(Which())
    assert [case.conversation.id for case in page.cases] == [chair.conversation]
    anna = await staffed.customer("anna")
    assert await mia.customers.timeline(anna.id) == []
    assert await staffed.inbox.trail.acts(conversation=bill.conversation) == []
    assert {act.method for act in await staffed.inbox.trail.acts(conversation=chair.conversation)} == {
        "conversations.open", "search.messages", "desk.views.page",
    }  # fmt: skip
    assert len(await staffed.inbox.acting_as("theo").conversations.open()) == 2


async def test_a_bot_sees_what_is_proven_and_nothing_likely(staffed: Desk) -> None:
    message = await staffed.heard("hello")
    anna = await staffed.customer("anna")
    bot = staffed.inbox.acting_as("bo")
    assert [one.id for one in await bot.customers.timeline(anna.id)] == [message.id]
    await bot.conversations.reply(message.conversation, "hello", automatic=True)
    for purpose in (Purpose.ASSIST, Purpose.ANALYTICS):
        for refused in (
            bot.customers.timeline(anna.id, purpose=purpose),
            bot.customers.get(anna.id, purpose=purpose),
            bot.desk.briefing(anna.id, purpose=purpose),
            bot.search.customers("anna", purpose=purpose),
            bot.search.messages("hello", purpose=purpose),
        ):
            with pytest.raises(Forbidden, match="likely"):
                await refused
    with pytest.raises(Forbidden):
        await bot.identity.suggestions()


async def test_nobody_speaks_as_somebody_else(staffed: Desk) -> None:
    message = await staffed.heard("hello")
    zoe, ada = staffed.inbox.acting_as("zoe"), staffed.inbox.acting_as("ada")
    for refused in (
        zoe.conversations.reply(message.conversation, "hello", agent="mia"),
        zoe.desk.tag(message.conversation, "x", actor="mia"),
        ada.conversations.reply(message.conversation, "hello", agent="mia"),
    ):
        with pytest.raises(Forbidden, match="cannot be done as 'mia'"):
            await refused
    with pytest.raises(Forbidden, match="no permission to people"):
        await zoe.desk.agents.turn("mia", "offline")
    assert (await zoe.desk.agents.turn("zoe", "online")).presence == "online"
    assert (await ada.desk.agents.turn("mia", "away")).presence == "away"


async def test_a_role_counts_from_the_next_call_on(staffed: Desk) -> None:
    message = await in_team(staffed, "my bill", "billing")
    mia = staffed.inbox.acting_as("mia")
    await staffed.inbox.acting_as("ada").roles.grant("mia", "supervisor", teams=["billing"])
    assert await mia.conversations.get(message.conversation)
    assert (await staffed.inbox.roles.may("mia", "correct", message.conversation)).because.startswith(
        "mia is"
    )
    await staffed.inbox.roles.revoke("mia", "supervisor", actor="ada")
    with pytest.raises(Forbidden):
        await mia.conversations.get(message.conversation)
    with pytest.raises(Conflict):
        await staffed.inbox.roles.revoke("mia", "supervisor")
    [granted, revoked] = [one for one in await staffed.happened() if one.actor == "ada"]
    assert (granted.what, revoked.what) == ("agent.granted", "agent.revoked")


async def test_hands_are_of_those_who_keep_them(staffed: Desk) -> None:
    """Two at the same time are two: nothing is set anywhere that another task could see."""
    message = await staffed.heard("hello")

    async def work(name: str) -> None:
        hands = staffed.inbox.acting_as(name)
        for _ in range(5):
            await hands.desk.follow(message.conversation, name)
            await asyncio.sleep(0)

    await asyncio.gather(work("zoe"), work("ada"), staffed.inbox.conversations.get(message.conversation))
    acts = await staffed.inbox.trail.acts()
    assert sorted(act.actor for act in acts) == ["ada"] * 5 + ["zoe"] * 5
    assert set((await staffed.inbox.desk.case(message.conversation)).followers) == {"ada", "zoe"}


async def test_what_only_a_program_does_is_in_nobodys_hands(staffed: Desk) -> None:
    ada = staffed.inbox.acting_as("ada")
    for name in ("run_job", "acting_as", "on_message", "open", "_store", "url"):
        with pytest.raises(AttributeError):
            getattr(ada, name)
    with pytest.raises(NotFound, match="nobody called"):
        await staffed.inbox.acting_as("nobody").conversations.open()


async def test_what_fails_leaves_no_act_and_what_cannot_be_taken_back_one_before(plain: Desk) -> None:
    await plain.heard("hello", who="annabel")
    await plain.inbox.add_agent("ada")
    await plain.inbox.roles.grant("ada", "admin")
    ada = plain.inbox.acting_as("ada")
    with pytest.raises(Conflict):
        await ada.identity.unfreeze((await plain.customer("annabel")).id)
    assert await plain.inbox.trail.acts() == []
    with pytest.raises(UsageError, match="names an address"):
        await ada.identity.erase((await plain.customer("annabel")).id, because="annabel", scrub=False)
    [act] = await plain.inbox.trail.acts()
    assert (act.method, act.allowed) == ("identity.erase", True)


async def test_an_act_is_in_the_commit_of_what_was_done(plain: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the act cannot be written, nothing is done."""
    message = await plain.heard("hello")
    await plain.inbox.add_agent("zoe")

    def full(tx: Tx, key: bytes, deed: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("omnichannel.inbox.acting.hands.trail.write", full)
    with pytest.raises(OSError, match="disk full"):
        await plain.inbox.acting_as("zoe").conversations.close(message.conversation)
    assert (await plain.inbox.conversations.get(message.conversation)).status == "open"
    with pytest.raises(OSError, match="disk full"):
        await plain.inbox.acting_as("zoe").conversations.open()


async def test_csv_has_every_act_and_no_formula(plain: Desk) -> None:
    message = await plain.heard("hello")
    await plain.inbox.add_agent("zoe")
    await plain.inbox.acting_as("zoe", because='=1+1, said\n"she"').conversations.get(message.conversation)
    await plain.inbox.acting_as("zoe").conversations.open()
    rows = list(csv.DictReader(io.StringIO(await plain.inbox.trail.csv())))
    assert [row["method"] for row in rows] == ["conversations.get", "conversations.open"]
    assert rows[0]["because"] == '\'=1+1, said\n"she"'
    assert rows[0]["conversations"] == message.conversation


async def test_an_erasure_leaves_that_somebody_saw_something(everywhere: Desk) -> None:
    message = await everywhere.heard("where is my kastanje?")
    await everywhere.heard("and mine", who="ben")
    anna = await everywhere.customer("anna")
    await everywhere.inbox.acting_as("zoe", because="she asks for her kastanje").conversations.get(
        message.conversation
    )
    await everywhere.inbox.acting_as("zoe", because="another's").conversations.get(
        (await everywhere.heard("once more", who="ben")).conversation
    )
    await everywhere.inbox.identity.erase(anna.id, actor="ada", scrub=False)
    [other, hers] = await everywhere.inbox.trail.acts(actor="zoe")
    assert (hers.because, hers.method, other.because) == ("", "conversations.get", "another's")
    assert (await everywhere.inbox.trail.verify()).whole
    assert await everywhere.inbox.trail.acts(conversation=message.conversation) == [hers]


def test_in_somebodys_hands_without_await(plain: Desk) -> None:
    with plain.inbox.sync() as box:
        box.add_agent("zoe")
        box.add_agent("ada")
        box.roles.grant("ada", "admin")
        zoe = box.acting_as("zoe", because="ticket 12")
        assert zoe.conversations.open() == []
        with pytest.raises(Forbidden):
            zoe.identity.scrub()
        with pytest.raises(Forbidden):
            zoe.trail.acts()
        with pytest.raises(UsageError, match="enter the whole one"), zoe:
            pass
        assert [act.method for act in box.trail.acts()] == [
            "trail.acts",
            "identity.scrub",
            "conversations.open",
        ]
        assert box.acting_as("ada").trail.verify(box.trail.seal()).whole
        assert box.roles.may("zoe", "read")
        assert [grant.role for grant in box.roles.of("zoe")] == ["agent"]
        assert box.roles.revoke("ada", "admin").grants == ()
        assert "zoe" in box.trail.csv()


def test_keys_are_told_by_the_configuration() -> None:
    inbox = Inbox("sqlite:///:memory:", access=Access.model_validate({"keys": ["x" * 16, "y" * 16]}))
    assert inbox.access_rules.secrets == ("x" * 16, "y" * 16)
