"""Endpoints: told of everything, signed, in order, again and again until they take it; none holds up another."""

from __future__ import annotations

import asyncio
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from pydantic import SecretStr
from starlette.responses import RedirectResponse, Response

from omnichannel import Inbox, Rules
from omnichannel.errors import ConfigError, Conflict, NotFound
from omnichannel.inbox.webhooks import registering
from omnichannel.inbox.webhooks.delivering import PAUSES
from omnichannel.inbox.webhooks.registering import Decision
from omnichannel.model import Endpoint, Notice
from omnichannel.store import Tx, records, webhooks
from omnichannel.webhooks import Webhook
from omnichannel.webhooks.posting import Poster
from tests.engines import HandClock
from tests.inbox.desk import Desk
from tests.inbox.receiver import Receiver
from tests.inbox.test_following import happen
from tests.test_http import Peer, peer, reset

SECRET, BEFORE = "whsec_" + "c2VjcmV0" * 4, "whsec_" + "YmVmb3Jl" * 4


@pytest.fixture
def crm() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


async def registered(desk: Desk, crm: Receiver, name: str = "crm", **more: Any) -> Endpoint:
    """An endpoint that knows its secrets."""
    endpoint = await desk.inbox.webhooks.add(name, crm.hook, private=True, **more)
    crm.secrets = await desk.inbox.webhooks.secrets(name)
    return endpoint


async def told(desk: Desk, crm: Receiver, *names: str) -> list[str]:
    """What the endpoint took after these happened."""
    await happen(desk.inbox, *names)
    await desk.inbox.work()
    return crm.types


# -------------------------------------------------------------------------------------------------- what is told


async def test_what_happens_is_told_in_order_signed_and_once(desk: Desk, crm: Receiver) -> None:
    await registered(desk, crm)
    message = await desk.heard("hello")
    await desk.inbox.conversations.reply(message.conversation, "good morning")
    await desk.inbox.work()
    happened = [event for event in await desk.happened() if not event.what.startswith("webhook")]
    assert crm.types == [event.what for event in happened]
    assert [heard.id for heard in crm.heard] == [event.id for event in happened]
    assert all(heard.genuine for heard in crm.heard)
    assert {heard.timestamp for heard in crm.heard} == {desk.clock.micros // 1_000_000}
    received = next(heard for heard in crm.heard if heard.type == "message.received")
    assert received.notice["data"] == {
        "version": 1, "id": received.id, "workspace": "default", "conversation": message.conversation,
        "customer": (await desk.customer("anna")).id, "message": message.id, "actor": "", "left_out": "",
    }  # fmt: skip
    assert Notice.model_validate(received.notice).timestamp == message.received_at
    assert (await desk.inbox.webhooks.get("crm")).follower.waiting == 0


async def test_nothing_that_somebody_said_is_told_unless_it_is_asked_for(desk: Desk, crm: Receiver) -> None:
    await registered(desk, crm)
    await desk.heard("a secret", who="anna", name="Anna Blaman")
    assert crm.heard
    assert not any(word in str(crm.heard) for word in ("secret", "Anna", "'anna'"))


async def test_the_message_and_the_texts_are_told_where_they_are_included(desk: Desk, crm: Receiver) -> None:
    await registered(
        desk, crm, includes=["message", "detail"], wants=["message.received", "conversation.opened"]
    )
    message = await desk.heard("hello")
    opened, received = [Notice.model_validate(heard.notice).data for heard in crm.heard]
    assert received.content is not None
    assert (received.content.text, received.content.id) == ("hello", message.id)
    assert opened.content is None
    assert opened.detail is not None
    assert opened.detail["reason"] == "new"


async def test_only_what_is_wanted_is_told_and_an_endpoint_begins_with_now(desk: Desk, crm: Receiver) -> None:
    await happen(desk.inbox, "a.before")
    await registered(desk, crm, wants=["b.*"])
    assert await told(desk, crm, *["a.noise"] * 250, "b.one", "a.noise", "b.two") == ["b.one", "b.two"]
    assert (await desk.inbox.webhooks.get("crm")).follower.waiting == 0
    await registered(desk, crm, "second", oldest=True, wants=["a.before"])
    assert await told(desk, crm) == ["b.one", "b.two", "a.before"]


# ------------------------------------------------------------------------------------------------- what fails


async def test_what_fails_is_told_again_under_the_same_id_at_the_times_of_the_specification(
    desk: Desk, crm: Receiver
) -> None:
    """Ten attempts in 75 hours and 35 minutes, none early; then the endpoint is marked, and everything waits."""
    await registered(desk, crm)
    crm.answers = [500] * 10
    await told(desk, crm, "a.one", "a.two")
    for number, pause in enumerate(PAUSES, 2):
        desk.clock.advance(seconds=pause.total_seconds() - 1)
        await desk.inbox.work()
        assert len(crm.heard) == number - 1, "never sooner"
        desk.clock.advance(seconds=pause.total_seconds() * 0.1 + 1)
        await desk.inbox.work()
        assert len(crm.heard) == number
    assert sum(PAUSES, timedelta()) == timedelta(hours=75, minutes=35, seconds=5)
    assert {heard.id for heard in crm.heard} == {crm.heard[0].id}
    assert len({heard.timestamp for heard in crm.heard}) == 10, "each attempt is signed anew"
    assert all(heard.genuine for heard in crm.heard)
    endpoint = await desk.inbox.webhooks.get("crm")
    assert (endpoint.state, endpoint.attempts, endpoint.answer) == (
        "failed",
        10,
        "HTTP 500, after 10 attempts",
    )
    assert (endpoint.next_at, endpoint.follower.waiting >= 2) == (None, True)
    [marked] = await desk.happened("webhook.failed")
    assert marked.detail == {"endpoint": "crm", "because": "HTTP 500, after 10 attempts"}
    desk.clock.advance(days=40)
    assert await told(desk, crm) == []
    await desk.inbox.webhooks.resume("crm")
    assert (await told(desk, crm))[:2] == ["a.one", "a.two"]
    endpoint = await desk.inbox.webhooks.get("crm")
    assert (endpoint.state, endpoint.attempts, endpoint.failing_since, endpoint.answer) == (
        "active",
        0,
        None,
        "",
    )


async def test_pauses_differ_by_chance_that_a_seed_decides(
    desk_url: str, desks: Callable[..., Desk], crm: Receiver
) -> None:
    desk = desks(desk_url)
    for number in range(5):
        await registered(desk, crm, f"crm{number}")
    crm.answers = [503] * 5
    await told(desk, crm, "a.one")
    waits = [endpoint.next_at - desk.clock.now() for endpoint in await desk.inbox.webhooks.all()]  # type: ignore[operator]
    assert len(set(waits)) == 5
    assert all(timedelta(seconds=5) <= wait <= timedelta(seconds=5.5) for wait in waits)


@pytest.mark.parametrize(
    ("status", "asked", "wait"),
    [
        (429, "120", 120), (503, "3600", 3600), (502, "nonsense", 5), (429, "-5", 5), (429, "9" * 400, 24 * 3600),
        (500, "2", 5), (503, "date", 600), (503, "past", 5), (301, "", 5), (404, "", 5),
    ],
)  # fmt: skip
async def test_who_asks_us_to_wait_is_not_asked_sooner(
    desk: Desk, crm: Receiver, status: int, asked: str, wait: float
) -> None:
    """In seconds or as a date; never sooner than the schedule, never put off for more than a day."""
    await registered(desk, crm)
    now = desk.clock.now()
    dates = {"date": now + timedelta(minutes=10), "past": now - timedelta(minutes=10)}
    value = format_datetime(dates[asked], usegmt=True) if asked in dates else asked
    crm.answers = [Response(status_code=status, headers={"Retry-After": value})]
    await told(desk, crm, "a.one")
    endpoint = await desk.inbox.webhooks.get("crm")
    assert endpoint.next_at is not None
    assert wait <= (endpoint.next_at - now).total_seconds() <= max(wait, 5.5)
    assert (endpoint.attempts, endpoint.answer, endpoint.failing_since) == (1, f"HTTP {status}", now)


async def test_who_is_gone_is_told_nothing_any_more(desk: Desk, crm: Receiver) -> None:
    await registered(desk, crm)
    crm.answers = [410]
    await told(desk, crm, "a.one", "a.two")
    desk.clock.advance(days=9)
    await told(desk, crm, "a.three")
    assert len(crm.heard) == 1
    assert (await desk.inbox.webhooks.get("crm")).state == "gone"
    assert (await desk.happened("webhook.gone"))[0].detail["endpoint"] == "crm"


async def test_a_redirect_is_a_failure_and_is_not_followed(desk: Desk, crm: Receiver) -> None:
    with Receiver() as thief:
        await registered(desk, crm)
        crm.answers = [RedirectResponse(thief.hook, status) for status in (301, 302, 307, 308)]
        for _ in range(4):
            await told(desk, crm, "a.one")
            desk.clock.advance(hours=9)
        assert len(crm.heard) == 4
        assert thief.heard == []


async def test_what_refuses_hangs_or_breaks_off_is_told_again(
    desk_url: str, desks: Callable[..., Desk], crm: Receiver
) -> None:
    desk = desks(desk_url, rules=Rules(webhook_timeout=timedelta(seconds=0.3)))

    def script(connection: Any, it: Peer) -> None:
        it.hear(connection)
        number = len(it.heard)
        if number == 1:
            reset(connection)
        elif number == 2:
            connection.recv(1)  # says nothing until we have enough of it
        elif number == 3:
            connection.sendall(b"HTTP/1.1 2")
        else:
            connection.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")

    answers = []
    with peer(script) as it:
        await desk.inbox.webhooks.add("crm", f"{it.url}/x", private=True)
        await happen(desk.inbox, "a.one")
        for _ in range(4):
            await desk.inbox.work()
            answers.append((await desk.inbox.webhooks.get("crm")).answer)
            desk.clock.advance(hours=9)
        ids = {line for heard in it.heard for line in heard.split(b"\r\n") if line.startswith(b"webhook-id")}
    assert answers[0].startswith("no answer: ")
    assert answers[1:] == ["no answer within 0.3 s", answers[2], ""]
    assert answers[2].startswith("no answer: ")
    assert len(ids) == 1
    await happen(desk.inbox, "a.two")
    await desk.inbox.work()
    assert (await desk.inbox.webhooks.get("crm")).answer == "no answer: ConnectError"


async def test_nothing_overtakes_what_fails(desk: Desk, crm: Receiver) -> None:
    await registered(desk, crm)
    crm.answers = [200, 500, 500]
    assert await told(desk, crm, "a.one", "a.two", "a.three") == ["a.one"]
    desk.clock.advance(seconds=6)
    assert await told(desk, crm, "a.four") == ["a.one"]
    desk.clock.advance(minutes=6)
    assert await told(desk, crm) == ["a.one", "a.two", "a.three", "a.four"]


async def test_one_that_is_never_taken_can_be_passed_over(desk: Desk, crm: Receiver) -> None:
    await registered(desk, crm, wants=["a.*"])
    crm.answers = [400]
    await told(desk, crm, "b.noise", "a.poison", "a.two")
    poison = crm.heard[0].id
    assert await desk.inbox.webhooks.skip("crm") == poison
    assert await told(desk, crm) == ["a.two"]
    assert await desk.inbox.webhooks.skip("crm") == ""


async def test_a_slow_endpoint_holds_up_neither_the_others_nor_the_inbox(
    shared_url: str, desks: Callable[..., Desk], crm: Receiver
) -> None:
    """While one hangs, another one is told, and messages are answered: by `run`, as they are in production."""
    desk = desks(shared_url)
    release = asyncio.Event()
    loop, hanging = asyncio.get_running_loop(), asyncio.Event()

    def hang(connection: Any, it: Peer) -> None:
        it.hear(connection)
        loop.call_soon_threadsafe(hanging.set)
        asyncio.run_coroutine_threadsafe(release.wait(), loop).result(30)

    @desk.inbox.on_message
    async def answer(incoming: Any) -> None:
        await incoming.reply("good morning")

    stop = asyncio.Event()
    with peer(hang) as it:
        await desk.inbox.webhooks.add("slow", it.url, private=True)
        await registered(desk, crm)
        async with asyncio.timeout(30):
            running = asyncio.create_task(desk.inbox.run(stop=stop))
            await happen(desk.inbox, "a.one")
            desk.inbox.ring()
            await hanging.wait()
            await desk.inbox.receive("chat", _signed("hello"))
            while "message.sent" not in crm.types:
                await asyncio.sleep(0.01)
            release.set()
            stop.set()
            await running
    assert desk.said() == ["good morning"]


def _signed(text: str) -> Any:
    from tests.chat import delivery

    return delivery({"id": text, "from": "anna", "text": text})


async def test_a_turn_ends_so_that_others_have_theirs(desk: Desk, crm: Receiver) -> None:
    """A hundred notices at a time, then whoever waited longest."""
    for name in ("busy", "patient"):
        await registered(desk, crm, name)
    await desk.inbox.run_job(lambda tx: [records.happened(tx, "a.one") for _ in range(150)])
    await desk.inbox.tell()
    assert len(crm.heard) == 200
    await desk.inbox.work()
    assert len(crm.heard) == 2 * 150 + 1  # `busy` was there first, and is told of `patient`


# ------------------------------------------------------------------------------------------------- crashes


@pytest.mark.parametrize("taken", [True, False])
async def test_who_dies_between_sending_and_settling_sends_the_same_id_again(
    shared_url: str, desks: Callable[..., Desk], crm: Receiver, taken: bool
) -> None:
    """Another worker does it, once the lease is over, and goes on from there: nothing missing, order kept."""
    desk = desks(shared_url)
    await registered(desk, crm)
    await happen(desk.inbox, "a.one", "a.two")
    [due] = await desk.inbox.claim_notices(9)
    if taken:
        async with Poster(due.url, private=True) as poster:
            assert (await poster.post(due.headers, due.body, seconds=15)).status == 200
    heir = desk.again()
    assert await heir.tell() == 0
    desk.clock.advance(seconds=59)
    assert await heir.tell() == 0
    desk.clock.advance(seconds=1)
    await heir.work()
    assert crm.types == ["a.one", "a.one", "a.two"] if taken else ["a.one", "a.two"]
    assert len({heard.id for heard in crm.heard}) == 2
    # The dead one was only slow: what it says now changes nothing.
    await desk.opened[0].send_notices(due)
    place = (await heir.webhooks.get("crm")).follower
    assert (place.waiting, place.reached) == (0, crm.heard[-2].id)


async def test_two_workers_do_not_tell_the_same(
    shared_url: str, desks: Callable[..., Desk], crm: Receiver
) -> None:
    desk = desks(shared_url)
    await registered(desk, crm)
    await happen(desk.inbox, *["a.one"] * 40)
    one, two = desk.inbox, desk.again()
    await asyncio.gather(one.work(), two.work(), one.work(), two.work())
    assert len(crm.heard) == 40
    assert [heard.id for heard in crm.heard] == sorted(heard.id for heard in crm.heard)


async def test_a_new_address_counts_from_the_next_notice_on(desk: Desk, crm: Receiver) -> None:
    await registered(desk, crm)
    await happen(desk.inbox, "a.one", "a.two")
    [due] = await desk.inbox.claim_notices(9)
    with Receiver() as other:
        other.secrets = crm.secrets
        await desk.inbox.webhooks.change("crm", url=other.hook)
        await desk.inbox.send_notices(due)
        assert (crm.types, other.types) == (["a.one"], ["a.two", "webhook.changed"])
        assert all(heard.genuine for heard in other.heard)


async def test_what_was_decided_while_a_notice_was_under_way_holds(desk: Desk, crm: Receiver) -> None:
    """Paused, removed or moved: the turn ends, and a notice that was moved back to is told again."""
    await registered(desk, crm)
    for decide in ("pause", "replay", "remove"):
        await happen(desk.inbox, "a.one", "a.two")
        [due] = await desk.inbox.claim_notices(9)
        await getattr(desk.inbox.webhooks, decide)("crm")
        before = len(crm.heard)
        await desk.inbox.send_notices(due)
        assert len(crm.heard) == before + 1
        if decide == "pause":
            assert await desk.inbox.tell() == 0
            await desk.inbox.webhooks.resume("crm")
            await desk.inbox.work()
        elif decide == "replay":
            await desk.inbox.work()
            assert [heard.id for heard in crm.heard].count(due.headers[1][1]) >= 2
    with pytest.raises(NotFound):
        await desk.inbox.webhooks.get("crm")
    assert await desk.inbox.tell() == 0


# ------------------------------------------------------------------------------------------------- secrets


async def test_a_secret_is_changed_without_a_gap(desk: Desk, crm: Receiver) -> None:
    """For a day both sign; then only the new one does."""
    await registered(desk, crm)
    [old] = crm.secrets
    new = await desk.inbox.webhooks.rotate("crm")
    assert [secret.get_secret_value() for secret in await desk.inbox.webhooks.secrets("crm")] == [
        new.get_secret_value(), old.get_secret_value(),
    ]  # fmt: skip
    for secrets in ([old], [new]):
        crm.secrets = secrets
        await told(desk, crm, "a.one")
    assert [(heard.genuine, heard.signatures) for heard in crm.heard if heard.type == "a.one"] == [
        (True, 2)
    ] * 2
    desk.clock.advance(days=1)
    await told(desk, crm, "a.two")
    assert (crm.heard[-1].genuine, crm.heard[-1].signatures) == (True, 1)
    crm.secrets = [old]
    await told(desk, crm, "a.three")
    assert not crm.heard[-1].genuine
    assert len(await desk.inbox.webhooks.secrets("crm")) == 1


async def test_no_two_endpoints_share_a_secret_and_none_is_kept_or_shown(
    desk_url: str, desks: Callable[..., Desk], crm: Receiver
) -> None:
    """Not in the tables, in what is printed, or in an error; and it is the same after a restart."""
    desk = desks(desk_url)
    await registered(desk, crm)
    await registered(desk, crm, "second")
    elsewhere = desks(desk_url, workspace="theirs")
    await registered(elsewhere, crm)
    boxes = ((desk, "crm"), (desk, "second"), (elsewhere, "crm"))
    secrets = [(await where.inbox.webhooks.secrets(name))[0] for where, name in boxes]
    values = {secret.get_secret_value() for secret in secrets}
    assert len(values) == 3
    keys = {value.removeprefix("whsec_") for value in values}
    crm.answers = [500]
    await told(desk, crm, "a.one")
    await happen(desk.inbox, "a.two")
    due = await desk.inbox.claim_notices(9)
    assert due
    shown = (
        f"{desk.state()} {await desk.inbox.webhooks.all()!r} {secrets!r} {due!r} {await desk.happened()!r}"
    )
    assert not any(key in shown for key in keys)


async def test_the_endpoints_of_a_configuration_keep_their_secrets_to_it(
    shared_url: str, desks: Callable[..., Desk], clock: HandClock, crm: Receiver
) -> None:
    """The store knows the rest; a worker without the configuration leaves them to those who have it."""
    crm.secrets = [SecretStr(SECRET)]
    webhook = Webhook("crm", url=crm.hook, secret=[BEFORE, SECRET], private=True)
    assert SECRET not in repr(webhook)
    desk = desks(shared_url)
    async with Inbox(shared_url, clock=clock, webhooks=[webhook]) as inbox:
        assert [(one.name, one.configured) for one in await inbox.webhooks.all()] == [("crm", True)]
        await happen(inbox, "a.one")
        assert await desk.inbox.tell() == 0
        await inbox.work()
        assert (crm.types, crm.heard[0].genuine) == (["a.one"], True)
        assert crm.heard[0].signatures == 2
        assert SECRET.removeprefix("whsec_") not in str(desk.state())
        for wrong in (
            inbox.webhooks.secrets("crm"),
            inbox.webhooks.rotate("crm"),
            inbox.webhooks.change("crm"),
        ):
            with pytest.raises(Conflict, match="configuration"):
                await wrong
    moved = Webhook("crm", url=f"{crm.url}/elsewhere", secret=SECRET, private=True, wants="a.*")
    async with Inbox(shared_url, clock=clock, webhooks=[moved]) as inbox:
        [endpoint] = await inbox.webhooks.all()
        assert (endpoint.url, endpoint.wants, endpoint.follower.waiting) == (moved.url, ("a.*",), 0)


# ------------------------------------------------------------------------------------------------- decisions


async def test_everything_that_can_be_decided(desk: Desk, crm: Receiver) -> None:
    """And who decided it is written down."""
    webhooks = desk.inbox.webhooks
    await registered(desk, crm, actor="zoe")
    assert (await webhooks.pause("crm", actor="zoe")).state == "paused"
    assert await told(desk, crm, "a.one") == []
    assert (await webhooks.resume("crm", actor="zoe")).state == "active"
    await desk.inbox.work()
    changed = await webhooks.change("crm", wants=["a.*"], includes=["detail"], actor="zoe")
    assert (changed.url, changed.wants, changed.includes, changed.private) == (
        crm.hook,
        ("a.*",),
        ("detail",),
        True,
    )
    assert (await webhooks.secrets("crm"))[0].get_secret_value() == crm.secrets[0].get_secret_value()
    before = len(crm.taken)
    assert (await webhooks.replay("crm", actor="zoe")).follower.waiting > 1
    await desk.inbox.work()
    assert [heard.type for heard in crm.taken[before:]] == ["a.one"]
    await webhooks.remove("crm", actor="zoe")
    assert await webhooks.all() == [] == await desk.inbox.followers.all()
    decided = [event for event in await desk.happened() if event.what.startswith("webhook.")]
    assert [event.what for event in decided] == [
        "webhook.added", "webhook.paused", "webhook.resumed", "webhook.changed", "webhook.resumed", "webhook.removed",
    ]  # fmt: skip
    assert {event.actor for event in decided} == {"zoe"}


async def test_an_endpoint_can_be_tried_out_of_order(desk: Desk, crm: Receiver) -> None:
    await registered(desk, crm)
    await desk.inbox.webhooks.pause("crm")
    crm.answers = [204, 401, 302]
    found = [await desk.inbox.webhooks.ping("crm") for _ in range(3)]
    assert [(one.ok, "302" in one.what) for one in found] == [(True, False), (False, False), (False, True)]
    assert "secret" in found[1].cure
    assert {heard.type for heard in crm.heard} == {"webhook.ping"}
    assert all(heard.genuine for heard in crm.heard)
    await desk.inbox.webhooks.change("crm", url="http://127.0.0.1:1/hook")
    assert "ConnectError" in (await desk.inbox.webhooks.ping("crm")).what


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"url": "http://crm.example/hook"}, "only https"), ({"url": "https://crm.example:8443/"}, "only https"),
        ({"url": "ftp://crm.example/"}, "no http address"), ({"url": "crm.example"}, "no http address"),
        ({"url": ""}, "no http address"), ({"url": "https://user:pw@crm.example/"}, "login"),
        ({"url": "https://crm.example/a b"}, "no http address"), ({"url": "https://[::1/"}, "no"),
        ({"url": "https://\u00fcber.example/"}, "no http address"),
        ({"url": "file:///etc/passwd", "private": True}, "no http address"),
        ({"url": "http://user@10.0.0.1/", "private": True}, "login"),
        ({"name": "a b"}, "64 letters"), ({"wants": ["everything"]}, "message.received"),
        ({"wants": ["message.*.x"]}, "names no happening"), ({"includes": ["all"]}, "detail or message"),
    ],
)  # fmt: skip
async def test_what_can_be_no_endpoint_is_refused_with_the_cure(
    given: dict[str, Any], why: str, clock: HandClock
) -> None:
    """In the store as in a configuration, in the same words."""
    settings = {"name": "crm", "url": "https://crm.example/hook"} | given
    async with Inbox("sqlite:///:memory:", clock=clock) as inbox:
        with pytest.raises(ConfigError, match=why) as stored:
            await inbox.webhooks.add(**settings)
        assert await inbox.webhooks.all() == []
    with pytest.raises(ConfigError) as configured:
        Webhook(**settings, secret=SECRET)
    assert str(stored.value) == str(configured.value)


async def test_a_private_address_is_called_only_where_that_was_allowed(desk: Desk, crm: Receiver) -> None:
    """Names that lead inside, too: they are looked up when they are called, and connected to exactly there."""
    for number, url in enumerate(
        ("https://localhost/hook", "https://127.0.0.1/hook", "https://169.254.169.254/")
    ):
        await desk.inbox.webhooks.add(f"inside{number}", url)
    await told(desk, crm, "a.one")
    for endpoint in await desk.inbox.webhooks.all():
        assert "not on the public internet" in endpoint.answer
        assert endpoint.attempts == 1


async def test_a_name_is_taken_once(desk: Desk, crm: Receiver) -> None:
    await registered(desk, crm)
    async with desk.inbox.follow("indexer", wait=False) as events:
        assert [event.what async for event in events] == ["webhook.added"]
    for name in ("crm", "indexer"):
        with pytest.raises(Conflict, match="take another name"):
            await desk.inbox.webhooks.add(name, "https://crm.example/hook")
    assert len(await desk.happened("webhook.added")) == 1
    with pytest.raises(ConfigError, match="two endpoints"):
        Inbox("sqlite:///:memory:", webhooks=[Webhook("a", url="https://a.example", secret=SECRET)] * 2)


KILLED = """
import asyncio, os, signal, sys
from omnichannel import Inbox
from omnichannel.webhooks.posting import Poster

post = Poster.post

async def and_die(self, headers, body, *, seconds):
    await post(self, headers, body, seconds=seconds)
    os.kill(os.getpid(), signal.SIGKILL)

Poster.post = and_die
asyncio.run(Inbox(sys.argv[1]).work())
"""


async def test_a_process_that_is_killed_between_sending_and_settling(shared_url: str, crm: Receiver) -> None:
    """Really killed: the endpoint has taken it, nobody knows, and it comes again under its id, before the next."""
    async with Inbox(shared_url) as inbox:
        await inbox.webhooks.add("crm", crm.hook, private=True)
        crm.secrets = await inbox.webhooks.secrets("crm")
        await happen(inbox, "a.one", "a.two")
    killed = await asyncio.create_subprocess_exec(sys.executable, "-c", KILLED, shared_url)
    assert await killed.wait() == -9
    assert crm.types == ["a.one"]
    later = HandClock(datetime.now(UTC) + timedelta(minutes=5))
    async with Inbox(shared_url, clock=later) as inbox:
        await inbox.work()
    assert crm.types == ["a.one", "a.one", "a.two"]
    assert crm.heard[0].id == crm.heard[1].id
    assert all(heard.genuine for heard in crm.heard)


async def test_two_changes_at_one_moment_take_nothing_back(
    shared_url: str, desks: Callable[..., Desk], crm: Receiver
) -> None:
    """One process makes another secret while another one gives the endpoint another address."""
    desk = desks(shared_url)
    worker, other = desk.inbox, desk.again()
    await registered(desk, crm)
    fresh = crm.hook + "/elsewhere"
    begun = threading.Event()

    def slowly(tx: Tx) -> None:
        settings = webhooks.get(tx, "crm").settings._replace(url=fresh)
        registering.change(tx, Decision("crm", "zoe"), settings)
        begun.set()
        time.sleep(0.5)  # the other one is through, or rightly waits for us

    async def rotate() -> SecretStr:
        await asyncio.to_thread(begun.wait, 30)
        return await other.webhooks.rotate("crm")

    _, secret = await asyncio.gather(worker.run_job(slowly), rotate())
    assert (await worker.webhooks.get("crm")).url == fresh
    assert secret in await worker.webhooks.secrets("crm")
