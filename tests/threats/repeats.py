"""What comes twice, late, out of order, or before what it is about."""

from __future__ import annotations

import asyncio
import json
import random
from typing import Any
from unittest.mock import patch

from omnichannel.channel import Batch, Call, Response
from omnichannel.channels.telegram.link.updates import Updates
from omnichannel.inbox import early, recording
from omnichannel.model import Address
from omnichannel.store import Tx, externals, messages, outbox, people
from tests.chat import delivery
from tests.inbox.carriers import ByTelegram, ByX
from tests.inbox.desk import LOST, Desk
from tests.inbox.test_coming_back import reply
from tests.inbox.test_receiving import (
    test_a_duplicate_changes_nothing_at_all,
    test_the_replay_of_a_whole_day_in_any_order_changes_nothing,
)
from tests.inbox.test_updates import MESSAGE, change
from tests.inbox.test_workers import test_two_workers_decide_about_one_person_one_after_the_other
from tests.threats.cases import fails, put, threat
from tests.threats.room import Room

ITEM = {"id": "m1", "from": "anna", "text": "hello"}
_claim = externals.claim_external


def always(tx: Tx, *given: Any) -> bool:
    """Whoever asks gets the id, known or not."""
    _claim(tx, *given)
    return True


@threat("T11", "one message comes fifty times at once", put(externals, "claim_external", always))
async def at_once(room: Room) -> bool:
    desk = room.desk()
    await asyncio.gather(*(desk.inbox.receive("chat", delivery(ITEM)) for _ in range(50)))
    await desk.inbox.work()
    return len(await desk.everything()) != 1


@threat("T11", "a duplicate is handled a second time", put(externals, "claim_external", always))
def handled_again(room: Room) -> bool:
    desk = room.desk()

    @desk.inbox.on_message
    async def keep(incoming: Any) -> None:
        desk.handled.append(incoming)

    return fails(test_a_duplicate_changes_nothing_at_all, desk)


def _for_a_week(tx: Tx, account: str, what: str, external_id: str, *more: Any) -> bool:
    """What was taken is remembered for seven days, as a cache would."""
    row = tx.one(
        "SELECT m.received_at FROM externals AS e JOIN messages AS m ON m.workspace = e.workspace AND m.id = e.message"
        " WHERE e.workspace = ? AND e.account = ? AND e.external_id = ?",
        tx.ws, account, external_id,
    )  # fmt: skip
    return _claim(tx, account, what, external_id, *more) or bool(
        row and tx.now() - int(str(row[0])) > 7 * 86_400_000_000
    )


@threat(
    "T12",
    "a message comes again after what remembers it has expired",
    put(externals, "claim_external", _for_a_week),
)
async def after_a_year(room: Room) -> list[bool]:
    desk, found = room.desk(), []
    await desk.hear(ITEM)
    for days in (8, 400):
        desk.clock.advance(days=days)
        before = len(await desk.everything())
        await desk.hear(ITEM)
        found.append(len(await desk.everything()) != before)
    return found


@threat("T13", "a recorded day is played again, in any order", put(externals, "claim_external", always))
def replayed(room: Room) -> bool:
    return fails(test_the_replay_of_a_whole_day_in_any_order_changes_nothing, room.desk())


_fetch = Updates.fetch


async def _above(self: Updates, cursor: str) -> Batch:
    """Only numbers above the last one are news."""
    batch = await _fetch(self, cursor)
    [sent] = batch.deliveries
    found = [one for one in json.loads(sent.body)["result"] if one["update_id"] >= int(cursor or 0)]
    body = json.dumps({"ok": True, "result": found}).encode()
    return batch.model_copy(update={"deliveries": (sent.model_copy(update={"body": body}),)})


@threat("T14", "Telegram's numbers begin anew, below the last one", put(Updates, "fetch", _above))
def numbers_anew() -> bool:
    from tests.channels.telegram.test_link import test_numbers_that_begin_anew_lose_nothing

    return fails(test_numbers_that_begin_anew_lose_nothing)


_highest: dict[str, int] = {}


def _by_maximum(tx: Tx, account: str, what: str, external_id: str, *more: Any) -> bool:
    """As a watermark does it: what is not above the highest is old."""
    number, before = int(external_id.rpartition(":")[2]), _highest.get(account, 0)
    _highest[account] = max(number, before)
    return number > before and _claim(tx, account, what, external_id, *more)


@threat(
    "T14", "a lower number than the last one counts as old", put(externals, "claim_external", _by_maximum)
)
async def lower_numbers(room: Room) -> bool:
    carrier, seen = ByTelegram(), []
    inbox = room.inbox([carrier.channel()])
    _highest.clear()
    for number in (900, 901, 17, 18):
        sent = carrier.written(1, f"number {number}")
        body = json.loads(sent.body)
        body["update_id"] = body["message"]["message_id"] = number
        await inbox.receive("telegram", sent.model_copy(update={"body": json.dumps(body).encode()}))
        await inbox.read()
    for conversation in await inbox.conversations.open():
        seen += await inbox.conversations.messages(conversation.id)
    return len(seen) != 4


@threat(
    "T15",
    "X tells one message once for each of its subscribers",
    put(externals, "claim_external", always),
)
async def several_subscribers(room: Room) -> bool:
    carrier = ByX()
    inbox = room.inbox([carrier.channel()])
    sent = carrier.written(1, "hello")
    for _ in range(2):
        await inbox.receive("x", sent)
        await inbox.read()
    found = [await inbox.conversations.messages(one.id) for one in await inbox.conversations.open()]
    return sum(map(len, found)) != 1


@threat(
    "T16",
    "our own words come back before or instead of the answer",
    put(recording, "recognise", lambda *_: False),
)
async def echoes(room: Room) -> list[bool]:
    desk = room.desk()
    """After the answer it is known by the id as well."""
    return [await _echoed(desk, where) for where in ("before", "instead")]


async def _echoed(desk: Desk, where: str) -> bool:
    """Whether what we said stands there twice, or is in doubt although it came back."""
    message = await reply(desk, f"answer {where}", who=where)
    echo = {"id": f"e-{where}", "to": where, "text": f"answer {where}", "correlator": f"{message.id}/0"}
    far, real = desk.far["chat"], desk.far["chat"].send

    async def racing(call: Call) -> Response:
        await real(call)
        if where == "before":
            await desk.inbox.receive("chat", delivery(echo))
            await desk.inbox.read()
        return (
            LOST if where == "instead" else Response(status=200, body=json.dumps({"id": echo["id"]}).encode())
        )

    with patch.object(far, "send", racing):
        await desk.inbox.work()
    await desk.inbox.receive("chat", delivery(echo))
    await desk.inbox.work()
    outbound = [one for one in await desk.everything() if one.direction == "outbound" and where in one.text]
    return len(outbound) != 1 or await desk.status(message) != ["sent"]


def _last_told(tx: Tx, number: int, status: str, detail: str) -> bool:
    return tx.run("UPDATE calls SET status = ? WHERE workspace = ? AND id = ?", status, tx.ws, number) > 0


@threat("T17", "statuses come in any order", put(outbox, "advance", _last_told))
async def statuses(room: Room) -> bool:
    desk = room.desk()
    message = await reply(desk)
    await desk.inbox.work()
    [sending] = await desk.sendings(message)
    for number, status in enumerate(("read", "delivered", "sent", "failed", "delivered")):
        told = {"id": f"s{number}", "kind": "status", "status": status, "targets": [sending.external_id]}
        await desk.inbox.receive("chat", delivery(told))
        await desk.inbox.work()
    return await desk.status(message) != ["read"]


@threat("T17", "a status is faster than the id that it names", put(externals, "keep_early", lambda *_: None))
async def early_status(room: Room) -> bool:
    desk = room.desk()
    message = await reply(desk)
    status = {"id": "u1", "kind": "status", "status": "delivered", "targets": ["out-1"]}
    await desk.inbox.receive("chat", delivery(status))
    await desk.inbox.work()
    return await desk.status(message) != ["delivered"]


_write = messages.write


def _by_time(tx: Tx, conversation: int, number: int, said: Any, *, received_at: int) -> messages.Written:
    """Messages are numbered by when they say that they were written, whatever was there before."""
    written = _write(tx, conversation, number, said, received_at=received_at)
    rows = tx.all(
        "SELECT id FROM messages WHERE workspace = ? AND conversation = ? ORDER BY sent_at, id",
        tx.ws,
        conversation,
    )
    for sign in (-1, 1):
        for place, (one,) in enumerate(rows, 1):
            tx.run(
                "UPDATE messages SET seq = ? WHERE workspace = ? AND conversation = ? AND id = ?",
                sign * place, tx.ws, conversation, one,  # type: ignore[arg-type]
            )  # fmt: skip
    return written


@threat("T18", "what comes late renumbers what was there", put(messages, "write", _by_time))
async def late(room: Room) -> bool:
    desk, numbers = room.desk(), list(range(20))
    random.Random(1).shuffle(numbers)
    known: dict[str, int] = {}
    for number in numbers:
        await desk.hear(
            {"id": f"m{number}", "from": "anna", "text": str(number), "at": 1_772_000_000 + number}
        )
        now = {message.id: message.seq for message in await desk.everything()}
        if not known.items() <= now.items():
            return True
        known = now
    ordered = sorted(await desk.everything(), key=lambda message: message.sent_at)
    return sorted(known.values()) != list(range(1, 21)) or [one.text for one in ordered] != [
        str(n) for n in range(20)
    ]


@threat(
    "T19",
    "two workers open a conversation each for one sender",
    put(people, "hold", lambda tx, customer: False),
    engines=("postgres",),
)
def two_workers(room: Room) -> bool:
    return fails(test_two_workers_decide_about_one_person_one_after_the_other, room.shared, room.clock)


_find, _asked = people.find, [0]


def _blind(tx: Tx, address: Address, *more: Any) -> people.Person | None:
    """What another worker would have seen a moment before: nobody yet."""
    _asked[0] += 1
    return None if _asked[0] == 1 else _find(tx, address, *more)


def _added_twice(tx: Tx, party: Any, strength: Any, method: str, at: int) -> int:
    """Whoever was not found is written down, under a value that nobody else has."""
    number = tx.ids.new()
    tx.run(
        "INSERT INTO addresses (workspace, id, kind, scope, value, name, written, strength, method, customer,"
        " first_seen) VALUES (?, ?, ?, ?, ?, '', '', ?, ?, ?, ?)",
        tx.ws, number, party.address.kind, party.address.scope, f"{party.address.value} {number}", strength.value, method,
        number, at,
    )  # fmt: skip
    return number


@threat("T19", "whom two workers meet at once becomes two customers", put(people, "_add", _added_twice))
async def met_at_once(room: Room) -> bool:
    desk = room.desk()
    await desk.hear(ITEM)
    _asked[0] = 0
    with patch.object(people, "find", _blind):
        await desk.hear({"id": "m2", "from": "anna", "text": "hello again"})
    return len(await desk.customers()) != 1


@threat("T20", "a change comes before its message", put(externals, "keep_early", lambda *_: None))
async def early_changes(room: Room) -> list[bool]:
    desk = room.desk()
    await desk.hear(change("deleted"))
    await desk.hear(MESSAGE)
    await desk.hear(change("edited", 2, text="better", targets=["m2"]))
    await desk.hear(MESSAGE | {"id": "m2"})
    deleted, edited = await desk.named("m1", "m2")
    return [deleted.text != "", edited.text != "better"]


@threat("T20", "changes whose message never comes wait for ever", put(early, "expire", lambda tx: None))
async def never_comes(room: Room) -> list[bool]:
    desk = room.desk()
    await desk.hear(change("deleted"), change("edited", 2, text="better", targets=["m2"]))
    room.clock.advance(days=6)
    await desk.hear(change("edited", 3, text="newer", targets=["m3"]))
    waited = len(desk.state()["early"])
    room.clock.advance(days=2)
    await desk.hear(MESSAGE | {"id": "m4"})
    told = [event.detail["kind"] for event in await desk.happened("update.dropped")]
    return [waited == 3 and len(desk.state()["early"]) > 1, sorted(told) != ["deleted", "edited"]]


@threat("T20", "a flood of such changes fills the store", put(externals, "count_early", lambda *_: 0))
async def flood_of_changes(room: Room) -> bool:
    """With a cap of twenty, so that it is soon reached."""
    desk = room.desk()
    with patch.multiple(early, MOST=20, _AT_ONCE=2):
        for number in range(60):
            await desk.hear(change("edited", number, text="x", targets=[f"m{number}"]))
    return len(desk.state()["early"]) > 20
