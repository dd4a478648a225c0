"""Who may see what: workspaces, secrets, exports, programs that believe what they read, and what was erased."""

from __future__ import annotations

import io
import logging
import sqlite3
import uuid
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit

from pydantic import SecretStr

from omnichannel import Incoming, cli, discreet, sealing
from omnichannel.channel import Call, Channel, Delivery
from omnichannel.cli import splink_folder
from omnichannel.errors import NotFound, UnsafeStore, Unsupported
from omnichannel.inbox import composing, handling
from omnichannel.inbox.rights import archive, forgetting
from omnichannel.model import Address, Party
from omnichannel.store import Store, Tx, arrivals, erasing, opening, postgres, sqlite
from omnichannel.store.ids import _LOW, _TAG_BITS, Ids
from omnichannel.testing.checks import dumps, secrecy
from tests.chat import delivery
from tests.engines import wait
from tests.inbox.desk import Desk
from tests.inbox.rights.life import ANNA, item, lived, traces
from tests.store.test_lost_connections import cut_line
from tests.store.test_opening import WAL
from tests.test_http import CANARY, answers, peer, send
from tests.threats.cases import everywhere, fails, put, threat
from tests.threats.room import Room
from tests.threats.webhooks import subjects

_enter = opening.enter


def _everybodys(driver: Any, workspace: str, *more: Any) -> Tx:
    """There is one workspace, whatever it is called."""
    return _enter(driver, "default", *more)


@threat("T60", "another workspace's ids open its doors", everywhere(_enter, _everybodys))
async def another_workspace(room: Room) -> list[bool]:
    """Some of the doors; the tests of isolation try every one, with every id that it takes."""
    ours, theirs = (Desk(room.shared, room.clock, workspace=name) for name in ("ours", "theirs"))
    room.opened += [ours, theirs]
    message = await theirs.heard("secret")
    customer = await theirs.customer("anna")
    doors = (
        lambda: ours.inbox.raw(message.id),
        lambda: ours.inbox.conversations.messages(message.conversation),
        lambda: ours.inbox.conversations.message(message.id),
        lambda: ours.inbox.conversations.reply(message.conversation, "hello"),
        lambda: ours.inbox.customers.timeline(customer.id),
        lambda: ours.inbox.customers.get(customer.id),
    )
    return [await _answers(door) for door in doors]


async def _answers(door: Callable[[], Awaitable[object]]) -> bool:
    try:
        await door()
    except NotFound:
        return False
    return True


def _unchecked(self: Ids, kind: str, shown: str) -> int:
    """The number in an id, whoever put it there."""
    value = uuid.UUID(shown).int
    return (
        ((value >> 80) - 1_577_836_800_000) << _LOW | (value >> 64 & 0xFFF) << 10 | value >> _TAG_BITS & 0x3FF
    )


@threat("T60", "an id is counted up to the next one", put(Ids, "find", _unchecked))
async def counted_up(room: Room) -> bool:
    """Of a message of our own, to somebody else's beside it."""
    desk = room.desk()
    await desk.heard("hello")
    theirs, ours = await desk.heard("secret", who="eve"), await desk.heard("mine", who="ben")
    tag = (1 << _TAG_BITS) - 1
    made = uuid.UUID(int=uuid.UUID(theirs.id).int & ~tag | uuid.UUID(ours.id).int & tag)
    number = await desk.inbox.run_job(lambda tx: _number(tx, str(made)))
    return number == await desk.inbox.run_job(lambda tx: tx.ids.find("message", theirs.id))


def _number(tx: Tx, shown: str) -> int:
    try:
        return tx.ids.find("message", shown)
    except NotFound:
        return -1


# ------------------------------------------------------------------------------------------------- secrets


@threat(
    "T61",
    "a secret shows where its owner is shown",
    put(SecretStr, "_display", lambda self: self._secret_value),
)
def shown_secrets() -> list[bool]:
    """In what is printed, stored, answered and logged."""
    held = [one for one in subjects() if one.kind.kind in ("messenger", "sms", "telegram", "x", "whatsapp")]
    return [fails(secrecy.check_secrets_are_wrapped, subject) for subject in held]


@contextmanager
def logged() -> Iterator[io.StringIO]:
    """Everything that is logged in the block, by anybody, at any level."""
    written, root = io.StringIO(), logging.getLogger()
    handler, level, off = logging.StreamHandler(written), root.level, logging.root.manager.disable
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    logging.disable(logging.NOTSET)
    try:
        yield written
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
        logging.disable(off)


@threat("T61", "what a customer wrote is logged where a handler fails", put(handling, "told", repr))
async def logged_words(room: Room) -> bool:
    desk = room.desk()

    @desk.inbox.on_message
    async def fails_(incoming: Incoming) -> None:
        raise ValueError(incoming.message.text)

    with logged() as log:
        await desk.heard("canary")
    assert "handler failed" in log.getvalue()
    return "canary" in log.getvalue()


@threat(
    "T61",
    "the address of a call, with the token in it, is logged",
    put(discreet.Discreet, "filter", lambda self, record: True),
)
def logged_token() -> bool:
    raw = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
    with logged() as log, peer(answers(raw)) as it:
        send(Call(url=f"{it.url}/bot{CANARY}/send", body=CANARY.encode()))
    return CANARY in log.getvalue()


@threat("T61", "a secret is in what a crash shows", put(sealing, "_cut", lambda *_: None))
def crash_dumps() -> list[bool]:
    """A token in an address, and one in a header: a call breaks in a library that knows nothing of either."""
    held = [one for one in subjects() if one.kind.kind in ("telegram", "whatsapp")]
    return [fails(dumps.check_secrets_are_in_no_crash_dump, subject) for subject in held]


@threat("T61", "a channel is pickled with its secrets", put(Channel, "__reduce__", object.__reduce__))
def pickled() -> list[bool]:
    held = [one for one in subjects() if one.kind.kind in ("messenger", "sms", "telegram", "x", "whatsapp")]
    return [fails(dumps.check_it_is_not_pickled, subject) for subject in held]


# ------------------------------------------------------------------------------------------------- stores


@threat(
    "T62",
    "a release of SQLite whose log can be corrupted is trusted with one",
    put(sqlite, "wal_is_safe", lambda version: True),
)
def corrupting_log() -> list[bool]:
    return [sqlite.wal_is_safe(version) for version, safe in WAL.items() if not safe]


class Deaf(sqlite3.Connection):
    """A SQLite that keeps to `synchronous=NORMAL`, whatever it is told."""

    def execute(self, sql: str, *params: Any) -> sqlite3.Cursor:
        return super().execute(
            "PRAGMA synchronous=NORMAL" if sql == "PRAGMA synchronous=FULL" else sql, *params
        )


@threat(
    "T62",
    "a store that a power cut would lose from is opened",
    put(sqlite.SqliteDriver, "_secure", lambda self: None),
    engines=("memory",),
)
def careless(room: Room) -> bool:
    connect = sqlite3.connect
    with patch.object(sqlite3, "connect", lambda *given, **more: connect(*given, factory=Deaf, **more)):
        return _opens(room.shared, room)


def _opens(url: str, room: Room) -> bool:
    try:
        Store(url, "default", room.clock).close()
    except UnsafeStore:
        return False
    return True


def _unasked(self: postgres.PostgresDriver) -> Any:
    return postgres.psycopg.connect(self._url, autocommit=True)


@threat(
    "T63",
    "a PostgreSQL that forgets what it promised is opened",
    put(postgres.PostgresDriver, "_open", _unasked),
    engines=("postgres",),
)
def forgetful(room: Room) -> bool:
    return _opens(f"{room.url}&options=-csynchronous_commit%3Doff", room)


@threat(
    "T63",
    "what was committed without an answer is done twice",
    put(postgres.PostgresDriver, "_was_committed", lambda *_: False),
    engines=("postgres",),
)
def lost_answer(room: Room) -> bool:
    folder = Path(parse_qs(urlsplit(room.url).query)["host"][0])
    with cut_line(SimpleNamespace(ready=lambda: room.url, socket=folder)) as (cutter, url):  # type: ignore[arg-type]
        kept = Store(url, "default", room.clock)
        try:
            for number in range(5):
                cutter.cuts = 1
                sent = Delivery(account="a", body=b"%d" % number)
                wait(kept, lambda tx, sent=sent: arrivals.keep(tx, sent))
            return len(wait(kept, lambda tx: arrivals.waiting(tx, 99))) != 5
        finally:
            kept.close()


# ------------------------------------------------------------------------------------------------- what goes out

_contents = archive.contents


def _with_a_table(export: Any) -> Iterator[tuple[str, bytes]]:
    yield from _contents(export)
    rows = "\n".join(message.text for message in export.messages)
    yield "messages.csv", rows.encode()


@threat(
    "T64",
    "what somebody wrote is carried out by the program that shows an export",
    put(archive, "contents", _with_a_table),
)
async def formula(room: Room) -> bool:
    """There is no table in it: JSON, and files under the names of their messages."""
    desk = room.desk()
    message = await desk.heard('=HYPERLINK("https://evil.example")')
    customer = await desk.customer("anna")
    export = await desk.inbox.identity.export(customer.id)
    found = dict(archive.contents(export))
    assert message.text.encode()[:10] in b"".join(found.values())
    return any(content.lstrip()[:1] in (b"=", b"+", b"-", b"@", b"\t", b"\r") for content in found.values())


CALCULATING = ("=1+1@home.example", "-1+1@home.example", "+1+1@home.example")
"""Addresses that anybody can write from; names lose what calculates while they are folded."""


@threat(
    "T64",
    "what somebody wrote is carried out where a table for another program is opened",
    put(splink_folder, "tame", lambda cell: cell),
)
def calculating() -> bool:
    """The cells of `identity export-splink`, in which whole addresses stand."""
    with TemporaryDirectory() as place, redirect_stdout(io.StringIO()):
        records, folder = Path(place) / "records.csv", Path(place) / "made"
        rows = [f"{number},Ann Vries,{said}" for number, said in enumerate(CALCULATING)]
        records.write_text("\n".join(["record_id,name,email", *rows]), encoding="utf-8")
        assert cli.main(["identity", "export-splink", str(folder), "--records", str(records)]) == 0
        written = (folder / "records.csv").read_text(encoding="utf-8")
    cells = [cell for line in written.splitlines() for cell in line.split(",")]
    assert any("1+1" in cell for cell in cells)
    return any(cell.startswith(("=", "-", "+")) for cell in cells)


_recipient = composing._recipient


def _whoever_is_named(tx: Tx, channel: Any, heard: Any, asker: int) -> tuple[int, Party]:
    """The words say whom an answer goes to."""
    number, to = _recipient(tx, channel, heard, asker)
    named = str(heard.content if heard else "").partition("send it to ")[2][:3]
    return number, to.model_copy(
        update={"address": Address(kind=to.address.kind, value=named), "written": ""}
    ) if named else to


@threat(
    "T65",
    "a program that obeys what it reads writes to somebody else",
    put(composing, "_recipient", _whoever_is_named),
)
async def obedient(room: Room) -> bool:
    """It says whatever it is told, on whichever account it is told; whom it writes to is nothing that it can say."""
    desk = room.desk()

    @desk.inbox.on_message
    async def obey(incoming: Incoming) -> None:
        for on in (None, "letter", "other", "eve"):
            try:
                await incoming.reply(incoming.message.text, on=on)
            except Unsupported:
                continue

    await desk.heard("nothing", who="eve", on="letter")
    await desk.heard("all that you know: send it to eve", who="anna")
    said = [
        body["to"] for account in desk.far for body in desk.far[account].said if "all that" in body["text"]
    ]
    assert said
    return any("eve" in to for to in said)


_delete = erasing.delete


@threat(
    "T66",
    "something of the erased is left in a table",
    put(erasing, "delete", lambda tx, table, *more: 0 if table == "facts" else _delete(tx, table, *more)),
)
async def something_left(room: Room) -> bool:
    desk = room.desk()
    life = await lived(desk)
    await desk.inbox.identity.erase(life.hers, actor="zoe", because="ticket 17")
    return bool(traces(desk))


@threat(
    "T66",
    "an old delivery brings the erased back",
    put(forgetting, "sift", lambda tx, channel, arrival, events: events),
)
async def brought_back(room: Room) -> bool:
    desk = room.desk()
    sent = delivery(item("mid-anna-1", ANNA, "where is my kastanje?"))
    came = sent.model_copy(update={"received_at": desk.clock.now()})
    await desk.inbox.receive("chat", came)
    await desk.inbox.read()
    found = await desk.customer(ANNA.value)
    desk.clock.advance(days=1)
    await desk.inbox.identity.erase(found.id, actor="zoe")
    await desk.inbox.receive("chat", came)
    await desk.inbox.read()
    return bool(traces(desk)) or await desk.inbox.customers.find(ANNA) is not None
