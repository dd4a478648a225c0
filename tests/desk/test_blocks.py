"""Whom nobody listens to: kept, and nothing else happens; in order again when they are heard."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

import pytest

from omnichannel import Address, Inbox, Incoming
from omnichannel.channel import Batch, Delivery
from omnichannel.desk import Plan, Team
from omnichannel.errors import Conflict, UsageError
from omnichannel.inbox import blocking
from omnichannel.inbox.gaps import is_known
from omnichannel.inbox.recording import Recorder
from omnichannel.model import Event, Received, Unreadable, Updated
from omnichannel.store import Tx, blocks
from tests.chat import Chat, FarEnd, delivery
from tests.desk.room import Room
from tests.engines import HandClock
from tests.inbox.carriers import ByMail

PLAN = Plan(teams=(Team(name="service"),), default_team="service")
ROSA = Address(kind="chat", value="rosa")


async def _writes(room: Room, number: int, text: str, who: str = "rosa", **more: Any) -> None:
    await room.inbox.receive("chat", delivery({"id": f"m{number}", "from": who, "text": text} | more))
    await room.inbox.work()


async def _texts(room: Room, who: str = "rosa") -> list[str]:
    return [message.text for message in await room.messages(who)]


async def test_what_a_blocked_sender_writes_is_kept_and_nothing_else_happens(
    rooms: Callable[..., Room],
) -> None:
    """No conversation, handler, clock, answer, customer's fact or search; then all of it, in order, once."""
    room = rooms(PLAN)
    handled: list[str] = []

    @room.inbox.on_message
    async def hear(incoming: Incoming) -> None:
        handled.append(incoming.message.text)

    conversation = await room.hears("rosa", "one")
    await room.says(conversation, "", "There.")
    await room.inbox.desk.close(conversation)
    desk = room.inbox.desk
    before = [one.id for one in await room.inbox.conversations.closed()]
    block = await desk.blocks.block(conversation, reason="threats", actor="Ann")
    assert (block.address, block.reason, block.actor, block.held_back) == (ROSA, "threats", "Ann", 0)
    events = len(await room.inbox.events())
    for number in (1, 2, 3):
        room.clock.advance(minutes=1)
        await _writes(room, number, f"blocked {number}", name=f"Rosa {number}")
    await _writes(room, 2, "blocked 2", name="Rosa 2")  # it comes twice
    assert len(await room.inbox.events()) == events
    assert (handled, await _texts(room)) == (["one"], ["one", "There."])
    assert [one.id for one in await room.inbox.conversations.closed()] == before
    assert not await room.inbox.conversations.open()
    case = await desk.case(conversation)
    assert (case.asked_at, case.open) == (None, False)
    [listed] = await desk.blocks.listed()
    assert listed.held_back == 3
    held = await desk.blocks.held_back(block.id)
    assert [(one.text, one.sender.address, one.account) for one in held] == [
        (f"blocked {number}", ROSA, "chat") for number in (1, 2, 3)
    ]
    again = delivery({"id": "m1", "from": "rosa", "text": "blocked 1", "name": "Rosa 1"})
    [event] = room.inbox.channels["chat"].parse(again)
    assert isinstance(event, Received)
    assert await room.inbox.run_job(lambda tx: is_known(tx, "chat", event))  # no gap is to be filled with it
    await _writes(room, 9, "hello", who="ben")  # nobody else is meant
    assert handled == ["one", "hello"]
    room.clock.advance(hours=5)
    lifted = await desk.blocks.lift(block.id, actor="Ben")
    assert lifted.lifted_by == "Ben"
    await room.inbox.work()
    assert await _texts(room) == ["one", "There.", "blocked 1", "blocked 2", "blocked 3"]
    assert handled == ["one", "hello", "blocked 1", "blocked 2", "blocked 3"]
    last = (await room.messages("rosa"))[-1]
    assert last.sent_at == held[-1].at < last.received_at == room.clock.now()
    assert (await desk.case(last.conversation)).asked_at == room.clock.now()  # the clock begins now
    assert await desk.blocks.listed() == []
    [gone] = await desk.blocks.listed(lifted=True)
    assert gone.held_back == 0
    await _writes(room, 4, "and on")
    assert (await _texts(room))[-1] == "and on"


async def test_a_block_ends_and_what_was_held_back_stays_aside(rooms: Callable[..., Room]) -> None:
    room = rooms(PLAN)
    desk = room.inbox.desk
    until = room.clock.now() + timedelta(hours=1)
    block = await desk.blocks.block_address(ROSA, reason="cooling off", until=until)
    await _writes(room, 1, "early")
    room.clock.advance(hours=1)
    await _writes(room, 2, "late")
    assert await _texts(room) == ["late"]
    [still] = await desk.blocks.listed()
    assert (still.id, still.held_back) == (block.id, 1)
    await desk.blocks.lift(block.id, bring_in=False)
    await room.inbox.work()
    assert await _texts(room) == ["late"]
    await desk.blocks.lift(block.id)
    await room.inbox.work()
    assert await _texts(room) == ["late", "early"]


async def test_what_came_in_one_delivery_comes_in_in_its_order_with_what_happened_to_it(room: Room) -> None:
    """Ten messages at once, and new words for the first, a reaction to it, and a deletion."""
    conversation = await room.hears("rosa", "hello")
    await room.inbox.receive("chat", delivery({"id": "old", "from": "rosa", "text": "an old one"}))
    await room.inbox.work()
    block = await room.inbox.desk.blocks.block(conversation, reason="threats")
    items = [{"id": f"m{number}", "from": "rosa", "text": str(number)} for number in range(10)]
    happened = (
        {"id": "u1", "kind": "edited", "from": "rosa", "targets": ["m0"], "text": "zero"},
        {"id": "u2", "kind": "reaction", "from": "rosa", "targets": ["old"], "reaction": "knife"},
        {"id": "u3", "kind": "deleted", "from": "rosa", "targets": ["m9"]},
        {"id": "u4", "kind": "deleted", "from": "rosa", "targets": ["old"]},  # that is done at once
        {"id": "u5", "kind": "typing", "from": "rosa"},
    )
    await room.inbox.receive("chat", delivery(*items, *happened))
    await room.inbox.work()
    assert await _texts(room) == ["hello", ""]
    held = await room.inbox.desk.blocks.held_back(block.id)
    assert [one.text for one in held] == [*map(str, range(10)), "zero", "knife", ""]
    assert [one.what for one in held[9:]] == ["message", "edited", "reaction", "deleted"]
    [again] = room.inbox.channels["chat"].parse(delivery(happened[0]))
    assert isinstance(again, Updated)
    assert await room.inbox.run_job(lambda tx: is_known(tx, "chat", again))  # no gap is to be filled with it
    await room.inbox.desk.blocks.lift(block.id)
    await room.inbox.work()
    assert await _texts(room) == ["hello", "", "zero", *map(str, range(1, 9)), ""]
    assert (await room.messages("rosa"))[1].reactions
    assert await room.inbox.desk.blocks.held_back(block.id) == []


async def test_of_several_people_who_write_the_one_who_is_meant_is_blocked(room: Room) -> None:
    made = room.inbox.desk.blocks
    conversation = await room.hears("rosa", "one", thread="t")
    first = (await room.messages("rosa"))[0].id
    assert await room.hears("ben", "two", thread="t") == conversation
    assert (await made.block(conversation, message=first, reason="x")).address == ROSA
    assert (await made.block(conversation, reason="x")).address == ROSA.model_copy(update={"value": "ben"})
    ours = await room.inbox.conversations.reply(conversation, "There.")
    elsewhere = await room.hears("zoe")
    for there, message in ((conversation, ours.id), (elsewhere, first)):
        with pytest.raises(Conflict, match="no customer wrote that"):
            await made.block(there, message=message, reason="x")


async def test_a_telephone_number_is_blocked_however_it_is_typed(room: Room) -> None:
    typed = Address(kind="phone", value="+31 6 1234 5678")
    block = await room.inbox.desk.blocks.block_address(typed, reason="x")
    assert block.address == Address(kind="phone", value="+31612345678")


async def test_a_domain_and_a_sender_are_two_blocks_and_both_must_go(room: Room) -> None:
    """A message under both is heard when neither holds."""
    desk = room.inbox.desk
    wide = await desk.blocks.block_domain("@Spam.example.", reason="list bought")
    assert wide.domain == "spam.example"
    found = {}
    for value in ("a@spam.example", "b@news.spam.example", "c@notspam.example", "d@example", "spam.example"):
        address = Address(kind="email", value=value)
        found[value] = await room.inbox.run_job(lambda tx, it=address: blocks.covering(tx, it, tx.now()))
    assert [value for value, block in found.items() if block] == [
        "a@spam.example",
        "b@news.spam.example",
        "spam.example",
    ]
    first = await desk.blocks.block_address(ROSA, reason="x")
    again = await desk.blocks.block_address(ROSA, reason="y", until=room.clock.now() + timedelta(hours=9))
    assert (again.id, again.reason) == (first.id, "y")


async def test_the_unproven_half_of_a_domain_can_be_blocked_alone(room: Room) -> None:
    desk = room.inbox.desk
    await desk.blocks.block_domain("shop.example", reason="forged", unproven=True)
    proven = Address(kind="email", value="anna@shop.example")
    forged = proven.model_copy(update={"scope": "unproven"})

    def covered(tx: Tx) -> list[bool]:
        return [blocks.covering(tx, one, tx.now()) is not None for one in (proven, forged)]

    assert await room.inbox.run_job(covered) == [False, True]
    await desk.blocks.block_address(forged, reason="forged")
    assert await room.inbox.run_job(covered) == [False, True]
    await desk.blocks.block_address(proven, reason="shouts")
    for block in await desk.blocks.listed():
        if block.address != proven:
            await desk.blocks.lift(block.id)
    assert await room.inbox.run_job(covered) == [True, True]


async def _aside(room: Room) -> tuple[str, list[str]]:
    """A sender who said hello is blocked, and writes five messages, the first two in one delivery."""
    await room.hears("rosa", "hello")
    block = await room.inbox.desk.blocks.block_address(ROSA, reason="x")
    items = ({"id": f"m{number}", "from": "rosa", "text": str(number)} for number in (1, 2))
    await room.inbox.receive("chat", delivery(*items))
    await room.inbox.work()
    for number in (3, 4, 5):
        room.clock.advance(seconds=1)
        await _writes(room, number, str(number))
    return block.id, list("12345")


async def _said(room: Room, what: str) -> list[dict[str, object]]:
    return [dict(one.detail) for one in await room.inbox.events() if one.what == what]


@pytest.mark.parametrize("at_once", [2, 50])
@pytest.mark.parametrize("bad", ["1", "2", "3", "5", "24", "12345"])
async def test_one_item_that_cannot_be_recorded_stays_aside_and_harms_no_other(
    rooms: Callable[..., Room], monkeypatch: pytest.MonkeyPatch, at_once: int, bad: str
) -> None:
    """What came before it, after it and in the same delivery is heard, in order; it is said, and may be tried again."""
    room = rooms(PLAN)
    desk = room.inbox.desk
    block, all_of_it = await _aside(room)
    real = Recorder.received

    def broken(self: Recorder, event: Received) -> None:
        real(self, event)
        if event.text in bad:
            raise RuntimeError("a bug in a channel")

    monkeypatch.setattr(blocking, "_AT_ONCE", at_once)
    monkeypatch.setattr(Recorder, "received", broken)
    await desk.blocks.lift(block)
    await room.inbox.work()
    assert await _texts(room) == ["hello", *(text for text in all_of_it if text not in bad)]
    [lifted] = await desk.blocks.listed(lifted=True)
    assert lifted.held_back == len(bad)
    assert [one.text for one in await desk.blocks.held_back(block)] == list(bad)
    assert await _said(room, "sender.kept_aside") == [{"block": block, "reason": "RuntimeError"}]
    assert await _said(room, "sender.brought_in") == [{"block": block, "aside": str(len(bad))}]
    await _writes(room, 6, "now")  # they are heard again, though some of what they said is aside
    assert (await _texts(room))[-1] == "now"
    monkeypatch.setattr(Recorder, "received", real)
    await desk.blocks.lift(block)
    await room.inbox.work()
    assert sorted(await _texts(room)) == [*all_of_it, "hello", "now"]
    assert await desk.blocks.held_back(block) == []


async def test_what_cannot_be_read_any_more_stays_aside_and_is_not_lost(
    rooms: Callable[..., Room], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another release of a channel may read worse: not at all, or as something else. The mended one reads it."""
    room = rooms(PLAN)
    desk = room.inbox.desk
    block, all_of_it = await _aside(room)
    real = Chat.parse

    def worse(self: Chat, raw: Delivery) -> Iterable[Event]:
        if b'"3"' in raw.body:
            raise LookupError("a bug in a channel")
        if b'"4"' in raw.body:
            return [Unreadable(where="it", reason="a bug in a channel")]
        return real(self, raw)

    monkeypatch.setattr(Chat, "parse", worse)
    await desk.blocks.lift(block)
    await room.inbox.work()
    assert await _texts(room) == ["hello", "1", "2", "5"]
    [lifted] = await desk.blocks.listed(lifted=True)
    assert lifted.held_back == 2
    monkeypatch.setattr(Chat, "parse", real)
    await desk.blocks.lift(block)
    await room.inbox.work()
    assert sorted(await _texts(room)) == [*all_of_it, "hello"]


async def test_what_came_by_an_account_that_is_not_here_stays_aside(
    shared_url: str, clock: HandClock
) -> None:
    """Another process has only some of the accounts: what it cannot read is not lost by that."""
    chat = Chat("chat", FarEnd())
    async with Inbox(shared_url, [chat], clock=clock, desk=PLAN) as inbox:
        block = await inbox.desk.blocks.block_address(ROSA, reason="x")
        await inbox.receive("chat", delivery({"id": "m1", "from": "rosa", "text": "hello"}))
        await inbox.work()
    async with Inbox(shared_url, [Chat("other", FarEnd())], clock=clock, desk=PLAN) as inbox:
        await inbox.desk.blocks.lift(block.id)
        await inbox.work()
        [told] = [dict(one.detail) for one in await inbox.events() if one.what == "sender.kept_aside"]
        assert "no account is called 'chat'" in str(told["reason"])
    async with Inbox(shared_url, [chat], clock=clock, desk=PLAN) as inbox:
        await inbox.desk.blocks.lift(block.id)
        await inbox.work()
        [open_now] = await inbox.conversations.open()
        assert [one.text for one in await inbox.conversations.messages(open_now.id)] == ["hello"]


async def test_a_forged_mail_blocks_its_forger_and_never_the_customer_whom_it_names(
    shared_url: str, clock: HandClock
) -> None:
    """Real mail: proven by a server that we trust, or not. Under two blocks, both have to go."""
    mail = ByMail("help")
    async with Inbox(shared_url, [mail.channel()], clock=clock, desk=PLAN) as inbox:

        async def arrives(text: str, verdict: str) -> None:
            clock.advance(minutes=1)
            await inbox.keep(
                "help", "inbox", Batch(deliveries=(mail.written(7, text, verdict=verdict),), cursor="1")
            )
            await inbox.work()

        async def heard() -> list[str]:
            found = [await inbox.conversations.messages(one.id) for one in await inbox.conversations.open()]
            return sorted(message.text for said in found for message in said)

        await arrives("pay me", "fail")
        [forged] = await inbox.conversations.open()
        desk = inbox.desk
        block = await desk.blocks.block(forged.id, reason="forged")
        assert block.address is not None
        assert (block.address.value, block.address.scope) == ("person7@home.example", "unproven")
        await arrives("pay me now", "fail")
        await arrives("where is my order?", "pass")
        assert await heard() == ["pay me", "where is my order?"]
        wide = await desk.blocks.block_domain("home.example", reason="all of them", unproven=True)
        await arrives("pay me today", "fail")
        await arrives("hello?", "pass")
        await desk.blocks.lift(block.id)
        await inbox.work()
        assert await heard() == ["hello?", "pay me", "where is my order?"]
        assert (await desk.blocks.listed())[0].held_back == 2
        await desk.blocks.lift(wide.id)
        await inbox.work()
        assert await heard() == ["hello?", "pay me", "pay me now", "pay me today", "where is my order?"]


async def test_what_cannot_be_blocked_says_why(room: Room) -> None:
    made = room.inbox.desk.blocks
    conversation = await room.hears("rosa")
    past = room.clock.now() - timedelta(seconds=1)
    for wrong, cure in (
        (made.block(conversation, reason=" "), "say why"),
        (made.block(conversation, reason="x", until=past), "a moment to come"),
        (made.block_domain("gmail", reason="x"), "is no domain"),
        (made.block_domain("a b.example", reason="x"), "is no domain"),
        (made.block_domain(f"{'a.' * 8}example", reason="x"), "is no domain"),
        (made.lift("nine"), "no block 'nine'"),
    ):
        with pytest.raises(UsageError, match=cure):
            await wrong
