from __future__ import annotations
import asyncio
from datetime import timedelta
import pytest
from omnichannel import Rules
from omnichannel.errors import Unsupported
from omnichannel.model import Deferred
from tests.inbox.desk import Desk
from tests.chat import delivery

async def test_bounce(desk: Desk) -> None:
    m = await desk.heard("q", who="a@b.example", on="letter")
    await desk.inbox.conversations.reply(m.conversation, "answer")
    await desk.inbox.work()
    corr = (await desk.inbox.run_job(lambda tx: tx.one("SELECT correlator FROM calls")))[0]
    b = await desk.heard("undeliverable", who="mailer-daemon@mx.example", on="letter", automatic="bounce", reply_to=corr, strength="asserted")
    assert b.conversation == m.conversation
    await desk.inbox.conversations.reply(m.conversation, "again")
    await desk.inbox.work()
    assert [s["to"] for s in desk.far["letter"].said] == ["a@b.example"] * 2

async def test_incoming_reply_account(desk: Desk) -> None:
    seen = []
    @desk.inbox.on_message
    async def h(incoming):
        seen.append(incoming.message.text)
        if incoming.message.account == "chat":
            await incoming.reply("private")
    await desk.inbox.receive("chat", delivery({"id": "1", "from": "anna", "text": "one"}))
    await desk.inbox.receive("other", delivery({"id": "2", "from": "anna", "text": "two"}))
    await desk.inbox.read()
    await desk.inbox.work()
    assert desk.said("chat") == ["private"]

async def test_handler_never_ends(desk_url, desks) -> None:
    desk = desks(desk_url, rules=Rules(handle_lease=timedelta(milliseconds=50), handle_attempts=1))
    @desk.inbox.on_message
    async def h(incoming):
        await asyncio.Event().wait()
    async with asyncio.timeout(5):
        await desk.heard("one")
    assert (await desk.inbox.parked())[0].what == "handler"

async def test_handler_cancelled(desk_url, desks) -> None:
    desk = desks(desk_url, rules=Rules(handle_attempts=1))
    @desk.inbox.on_message
    async def h(incoming):
        raise asyncio.CancelledError
    await desk.heard("one")
    assert (await desk.inbox.parked())[0].what == "handler"

@pytest.mark.parametrize("after", [float("inf"), 1e300, 1e9])
async def test_deferred_forever(desk, after) -> None:
    m = await desk.heard("one")
    r = await desk.inbox.conversations.reply(m.conversation, "x")
    desk.inbox.channel("chat").read = lambda c, r: Deferred(after=after)
    await desk.inbox.send()
    desk.clock.advance(hours=25)
    await desk.inbox.send()
    assert await desk.status(r) == ["failed"]

async def test_public_token(desk) -> None:
    m = await desk.heard("one", public=True)
    link = await desk.inbox.conversations.continue_on(m.conversation, "letter")
    with pytest.raises(Unsupported, match="private"):
        await desk.inbox.conversations.reply(m.conversation, f"go {link}")

async def test_token_given_to_unproven(desk) -> None:
    letter = await desk.heard("I am the victim", who="victim@b.example", on="letter", strength="asserted", answer_to="eve@x.example")
    link = await desk.inbox.conversations.continue_on(letter.conversation, "chat")
    await desk.heard(link.partition("ref=")[2], who="eve")
    assert [str(r.address) for r in (await desk.customer("eve")).addresses] == ["chat::eve"]

async def test_sync_twice(desk) -> None:
    def go():
        with desk.inbox.sync() as one:
            with desk.inbox.sync() as two:
                two.events()
            store = desk.inbox._store
            one.events()
            assert store is not None and store is desk.inbox._store
    await asyncio.to_thread(go)
