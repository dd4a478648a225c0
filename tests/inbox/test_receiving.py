"""Step one and two: what is proven is kept before it is answered, and read once."""

from __future__ import annotations

import asyncio
import logging

import pytest

from omnichannel import Delivery, Inbox, Rules
from omnichannel.channel import Batch
from omnichannel.errors import ConfigError, Forged, NotFound
from omnichannel.toolbox import secrets_of, sign
from tests.chat import SECRET, Chat, delivery
from tests.inbox.desk import Desk, at


def item(number: int, who: str = "anna", **more) -> dict:
    return {"id": f"m{number}", "from": who, "text": f"text {number}"} | more


async def test_what_is_received_is_kept_before_it_is_read(desk: Desk) -> None:
    """The answer comes after the commit and before any parsing: what cannot be read was still accepted."""
    broken = delivery(item(1)).body[:-1]
    from omnichannel.toolbox import sign

    signature = "sha256=" + sign(desk.inbox.channel("chat")._secrets[0], broken, form="hex")
    ack = await desk.inbox.receive(
        "chat", Delivery(headers=(("x-signature", signature),), body=broken, account="a lie")
    )
    assert (ack.status, ack.keep) == (200, True)
    (row,) = desk.state()["deliveries"]
    assert broken in row
    assert "chat" in row, "the account is the one that verified it"
    await desk.inbox.work()
    (parked,) = await desk.inbox.parked()
    assert (parked.what, parked.account) == ("delivery", "chat")
    assert "not JSON" in parked.reason


@pytest.mark.parametrize("secret", ["wrong", "chat-secret2", " "])
async def test_a_forged_delivery_leaves_no_trace(desk: Desk, secret: str) -> None:
    await desk.inbox.run_job(lambda tx: None)
    before = desk.state("pulses")
    with pytest.raises(Forged):
        await desk.inbox.receive("chat", delivery(item(1), secret=secret) if secret.strip() else Delivery())
    assert desk.state("pulses") == before  # that it was refused is counted, and nothing else


async def test_an_unknown_account_is_told_with_those_there_are(desk: Desk) -> None:
    with pytest.raises(NotFound, match="chat, letter, other"):
        await desk.inbox.receive("nobody", delivery(item(1)))
    with pytest.raises(NotFound, match="there are: none"):
        Inbox("sqlite:///:memory:").channel("x")


async def test_the_raw_delivery_is_reachable_from_the_message(desk: Desk) -> None:
    """Nothing is lost in reading: every byte that arrived can be looked at."""
    came = delivery(item(1), item(2))
    await desk.inbox.receive("chat", came)
    await desk.inbox.work()
    for message in await desk.named("m1", "m2"):
        raw = await desk.inbox.raw(message.id)
        assert (raw.body, raw.headers, raw.url, raw.method) == (came.body, came.headers, came.url, "POST")
        assert raw.id == message.delivery
    note = await desk.inbox.conversations.note(message.conversation, "ours")
    with pytest.raises(NotFound, match="written here"):
        await desk.inbox.raw(note.id)


async def test_a_message_has_everything_that_was_said_about_it(desk: Desk) -> None:
    (message,) = await desk.hear(
        item(1, name="Anna", at=1_772_000_000, public=True, thread="t", reply_to="m0", readonly=True)
    )
    assert message.author is not None
    assert (message.author.name, message.author.address) == ("Anna", at("anna"))
    assert (message.text, message.public, message.reply_to, message.seq) == ("text 1", True, "m0", 1)
    assert (message.direction, message.account, message.kind, message.strength) == (
        "inbound", "chat", "chat", "verified",
    )  # fmt: skip
    assert message.sent_at.timestamp() == 1_772_000_000
    assert message.received_at == desk.clock.now()
    assert message.because


async def test_a_duplicate_changes_nothing_at_all(handling: Desk) -> None:
    """T11, T12: twice at once, a week later, a year later, in another bundle: the same state, to the last row."""
    desk = handling
    await desk.hear(
        item(1), item(2), {"kind": "edited", "id": "e1", "targets": ["m1"], "from": "anna", "text": "x"}
    )
    before = desk.state("deliveries", "pulses", "looks")
    for days in (0, 8, 400):
        desk.clock.advance(days=days)
        await desk.hear(
            item(2), {"kind": "edited", "id": "e1", "targets": ["m1"], "from": "anna", "text": "y"}
        )
        await asyncio.gather(*(desk.hear(item(1)) for _ in range(5)))
    assert desk.state("deliveries", "pulses", "looks") == before
    assert len(desk.handled) == 2


async def test_the_same_id_on_other_bytes_is_another_message(desk: Desk) -> None:
    """T31: where ids can be forged, whoever uses one first cannot swallow the real message."""
    first, second, third = ({"id": "m1", "from": "eve", "text": t, "fingerprint": t * 20} for t in "abc")
    await desk.hear(first, second, third, first, second, third)
    messages = await desk.everything()
    assert [message.text for message in messages] == ["a", "b", "c"]
    assert len({message.external_id for message in messages}) == 3


@pytest.mark.parametrize(
    ("account", "more"), [("chat", {"reply_to": "m1"}), ("letter", {"references": ["m1"]})]
)
async def test_what_says_that_it_answers_itself_is_a_message_like_any_other(
    desk: Desk, account: str, more: dict[str, object]
) -> None:
    (said,) = await desk.hear(item(1, **more), on=account)
    assert [message.id for message in await desk.everything()] == [said.id]
    assert await desk.inbox.parked() == []


async def test_one_unreadable_item_parks_its_delivery_and_no_sibling(desk: Desk) -> None:
    """T09: nine of ten are in the inbox, the tenth is kept with the reason."""
    items = [item(number) for number in range(10)]
    await desk.inbox.receive("chat", delivery(*items[:4], {"unreadable": True, "id": "x"}, *items[4:]))
    await desk.inbox.work()
    assert [message.external_id for message in await desk.everything()] == [f"m{n}" for n in range(10)]
    (parked,) = await desk.inbox.parked()
    assert parked.reason == "cannot be read"
    assert [event.detail["reason"] for event in await desk.happened("delivery.parked")] == ["cannot be read"]


async def test_replay_adds_only_what_was_missing(handling: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The code got better: what was parked is read again, its siblings are known, and it is parked no more."""
    desk = handling
    await desk.hear(item(1), {"unreadable": True, "id": "m2", "from": "anna", "text": "late"}, item(3))
    before = {message.id for message in await desk.everything()}
    real = Chat._event
    monkeypatch.setattr(
        Chat, "_event", lambda self, got: real(self, {key: got[key] for key in got if key != "unreadable"})
    )
    (parked,) = await desk.inbox.parked()
    await desk.inbox.replay(parked.id)
    await desk.inbox.work()
    assert await desk.inbox.parked() == []
    added = [message for message in await desk.everything() if message.id not in before]
    assert [(message.external_id, message.seq) for message in added] == [("m2", 3)]
    assert [incoming.message.external_id for incoming in desk.handled] == ["m1", "m3", "m2"]


async def test_a_bug_in_a_channel_costs_no_delivery_and_blocks_none(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tried again with growing patience, then parked; those behind it are read at once."""
    await desk.inbox.receive("chat", delivery({"boom": 1, "id": "b"}))
    await desk.inbox.receive("chat", delivery(item(1)))
    await desk.inbox.work()
    assert [message.external_id for message in await desk.everything()] == ["m1"]
    assert await desk.inbox.parked() == []
    for pause in (5, 10):
        desk.clock.advance(seconds=pause - 1)
        assert await desk.inbox.read() == 0
        desk.clock.advance(seconds=1)
        assert await desk.inbox.read() == 1
    (parked,) = await desk.inbox.parked()
    assert (parked.reason, parked.attempts) == ("RuntimeError: a bug in the channel", 3)


async def test_what_the_store_cannot_hold_spoils_only_its_own_delivery(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Recording one delivery breaks: the group is taken apart, the others are in, the culprit is parked."""
    real = Chat._event

    def event(self, got):
        found = real(self, got)
        return found.model_copy(update={"sender": None}) if got["id"] == "m3" else found

    monkeypatch.setattr(Chat, "_event", event)
    for number in range(6):
        await desk.inbox.receive("chat", delivery(item(number), item(number + 10)))
    await desk.inbox.work()
    assert {message.external_id for message in await desk.everything()} == {
        f"m{number}" for number in (0, 1, 2, 4, 5, 10, 11, 12, 14, 15)
    }, "m13 is in m3's delivery, which is read whole or not at all"
    desk.clock.advance(hours=1)
    await desk.inbox.work()
    desk.clock.advance(hours=1)
    await desk.inbox.work()
    assert len(await desk.inbox.parked()) == 1
    monkeypatch.undo()
    await desk.inbox.replay((await desk.inbox.parked())[0].id)
    await desk.inbox.work()
    assert {"m3", "m13"} < {message.external_id for message in await desk.everything()}


async def test_an_account_that_is_gone_parks_what_came_for_it(desk: Desk) -> None:
    await desk.inbox.receive("other", delivery(item(1)))
    left = [channel for name, channel in desk.inbox.channels.items() if name != "other"]
    desk.inbox.channels = {channel.name: channel for channel in left}
    await desk.inbox.work()
    (parked,) = await desk.inbox.parked()
    assert "add it and replay" in parked.reason
    desk.inbox.channels = {**desk.inbox.channels, "other": Chat("other")}
    await desk.inbox.replay(parked.id)
    await desk.inbox.work()
    assert len(await desk.everything()) == 1


async def test_nothing_parked_has_that_id(desk: Desk) -> None:
    message = await desk.heard("hi")
    for wrong in (message.id, message.conversation, "nonsense", ""):
        with pytest.raises(NotFound):
            await desk.inbox.replay(wrong)


async def test_what_is_fetched_is_kept_with_the_cursor(desk: Desk) -> None:
    """A source's own ids are kept once; the cursor is there exactly when its deliveries are."""
    one, two = (delivery(item(n)).model_copy(update={"key": str(n), "source": "poll"}) for n in (1, 2))
    assert await desk.inbox.cursor("chat", "INBOX") == ""
    assert await desk.inbox.keep("chat", "INBOX", Batch(deliveries=(one,), cursor="1")) == 1
    assert await desk.inbox.keep("chat", "INBOX", Batch(deliveries=(one, two), cursor="2")) == 1
    assert await desk.inbox.keep("chat", "INBOX", Batch(cursor="3")) == 0
    assert await desk.inbox.cursor("chat", "INBOX") == "3"
    await desk.inbox.work()
    assert len(await desk.everything()) == 2


async def test_seq_is_gapless_in_order_of_arrival_and_never_changes(desk: Desk) -> None:
    """T18: late arrivals come behind, with their own time, and nothing is renumbered."""
    for number, when in ((1, 300), (2, 100), (3, 200)):
        await desk.hear(item(number, at=1_772_000_000 + when))
    seen = {message.id: message.seq for message in await desk.everything()}
    for number in (4, 5):
        await desk.hear(item(number))
    messages = await desk.everything()
    assert [message.seq for message in messages] == [1, 2, 3, 4, 5]
    assert seen.items() <= {message.id: message.seq for message in messages}.items()
    by_time = sorted(messages[:3], key=lambda message: message.sent_at)
    assert [message.external_id for message in by_time] == ["m2", "m3", "m1"]


async def test_the_replay_of_a_whole_day_in_any_order_changes_nothing(desk: Desk) -> None:
    """T13: signatures without a time can be replayed; that is harmless."""
    import random

    day = [
        [item(1), item(2, "ben")],
        [{"kind": "edited", "id": "e1", "targets": ["m1"], "from": "anna", "text": "edited"}],
        [{"kind": "edited", "id": "e2", "targets": ["m1"], "from": "anna", "text": "edited again"}],
        [{"kind": "deleted", "id": "d1", "targets": ["m2"], "from": "ben"}],
        [{"kind": "reaction", "id": "r1", "targets": ["m1"], "from": "ben", "reaction": "👍"}],
        [{"kind": "status", "id": "s1", "targets": ["nothing"], "status": "read"}],
        [item(3, reply_to="m1")],
    ]
    for items in day:
        await desk.hear(*items)
    before = desk.state("deliveries")
    for seed in range(5):
        for items in random.Random(seed).sample(day, len(day)):
            await desk.hear(*items)
    assert desk.state("deliveries") == before


async def test_large_deliveries_are_read_in_small_groups(desk: Desk) -> None:
    """However many large ones wait, each group stays short, and all are read."""
    for number in range(6):
        await desk.inbox.receive("chat", delivery(item(number, filler="x" * 100_000)))
    assert [await desk.inbox.read() for _ in range(4)] == [2, 2, 2, 0]


@pytest.mark.parametrize("name", ["", "a b", "ü", "a/b", "-a", "x" * 65])
def test_an_account_needs_a_plain_name(name: str) -> None:
    with pytest.raises(ConfigError, match="cannot be the name of an account"):
        Chat(name)


def test_two_accounts_need_two_names() -> None:
    with pytest.raises(ConfigError, match="'chat'.*name of its own"):
        Inbox("sqlite:///:memory:", [Chat("chat"), Chat("chat")])


async def test_nothing_of_what_people_write_is_logged(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    """T61: words, names, addresses and secrets stay out of the log, also when things go wrong."""
    caplog.set_level(logging.DEBUG)

    @desk.inbox.on_message
    async def fails(incoming) -> None:
        raise ValueError(incoming.message.text)

    await desk.hear(item(1, "canary-address", name="canary-name", text="canary-text", boomless=1))
    await desk.hear({"boom": "canary-body", "id": "b"})
    with pytest.raises(Forged):
        await desk.inbox.receive("chat", delivery(item(1), secret="canary-secret"))
    assert "handler failed" in caplog.text
    [conversation] = await desk.inbox.conversations.open()
    [message] = await desk.inbox.conversations.messages(conversation.id)
    assert f"message {message.id}: ValueError at {__file__}:" in caplog.text  # where to look, all the same
    assert "canary" not in caplog.text
    assert "chat-secret" not in caplog.text


def test_patience_grows_up_to_a_limit() -> None:
    seconds = [Rules().pause(failures) / 1_000_000 for failures in (0, 1, 2, 3, 7, 8, 50, 10**6)]
    assert seconds == [5, 5, 10, 20, 320, 600, 600, 600]


async def test_a_delivery_of_a_million_nothings_is_parked_whole(desk: Desk) -> None:
    """T42: what costs its sender four megabytes must not cost us a gigabyte; it can still be looked at."""
    body = b"[" + b'{"unreadable":1},' * 100_001 + b'{"unreadable":1}]'
    signature = "sha256=" + sign(secrets_of(SECRET, "s", "")[0], body, form="hex")
    await desk.inbox.receive("chat", Delivery(headers=(("X-Signature", signature),), body=body))
    await desk.inbox.work()
    (parked,) = await desk.inbox.parked()
    assert parked.reason == "more than 100000 items in one delivery: no platform sends so many"


async def test_of_many_complaints_the_first_are_told(desk: Desk) -> None:
    await desk.inbox.receive("chat", delivery(*({"unreadable": True, "id": str(n)} for n in range(100))))
    await desk.inbox.work()
    (parked,) = await desk.inbox.parked()
    assert parked.reason.count("cannot be read") == 20
