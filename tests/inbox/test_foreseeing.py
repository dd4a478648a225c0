"""Reading many deliveries at once means what reading them one by one means: what is looked up ahead decides nothing."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from omnichannel import Rules
from omnichannel.errors import Conflict, NotFound, UsageError
from omnichannel.identity import Entry
from omnichannel.model import Address, Strength
from omnichannel.store import Store, Tx, journal
from omnichannel.store.tx import Tx as Transaction
from tests.chat import delivery
from tests.conftest import empty
from tests.engines import HandClock, dump, wait
from tests.inbox.desk import Desk

PEOPLE = ("anna", "bea", "carl", "dora", "emil")
TEXTS = ("hello", "where is it?", "mail me at anna@example.com", "call +31201234567", "OK", "")
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
Post = tuple[str, list[dict[str, Any]]]


def posts(seed: int) -> list[Post]:
    """Deliveries of several accounts: news, repetitions, updates before and after what they are about, and rubbish."""
    chance = random.Random(seed)
    return [
        (
            account := chance.choice(("chat", "chat", "other", "letter")),
            [_item(chance, account) for _ in range(chance.randint(1, 4))],
        )
        for _ in range(chance.randint(2, 14))
    ]


def _item(chance: random.Random, account: str) -> dict[str, Any]:
    kind = chance.random()
    if kind < 0.03:
        return {"unreadable": True}
    if kind < 0.25:
        what = chance.choice(("edited", "deleted", "reaction", "status"))
        more = {"status": {"status": "read"}, "reaction": {"reaction": "+1"}, "edited": {"text": "better"}}
        return {
            "id": f"u{chance.randint(1, 9)}", "kind": what, "targets": [f"m{chance.randint(1, 30)}"],
            "from": chance.choice(PEOPLE), **more.get(what, {}),
        }  # fmt: skip
    item: dict[str, Any] = {
        "id": f"m{chance.randint(1, 30)}",
        "from": chance.choice(PEOPLE),
        "text": chance.choice(TEXTS),
    }
    extras: tuple[dict[str, Any], ...] = (
        {"name": chance.choice(("Anna", "A. Jansen", ""))},
        {"public": True, "thread": "post"},
        {"thread": chance.choice(("a", "b"))},
        {"also": [f"chat:{chance.choice(PEOPLE)}"]},
        {"to": chance.choice(PEOPLE)},
        {"strength": "asserted", "fingerprint": str(chance.randint(1, 2))},
        {"reply_to": f"m{chance.randint(1, 30)}"},
        {"references": [f"m{chance.randint(1, 30)}" for _ in range(4)]},
        {"automatic": "auto_reply"},
    )
    for extra in chance.sample(extras, chance.choice((0, 0, 1, 2))):
        item |= extra
    return item


async def _taken(desk: Desk, given: list[Post], *, at_once: bool) -> None:
    @desk.inbox.on_message
    async def seen(_: object) -> None: ...

    for account, items in given:
        await desk.inbox.receive(account, delivery(*items))
        if not at_once:
            await desk.inbox.read()
    await desk.inbox.read()


def picture(desk: Desk) -> dict[str, list[object]]:
    """Everything that was recorded, with names in the place of numbers: of rows in the order of their making."""
    state = dump(desk.inbox.open())
    names: dict[int | str, str] = {}
    columns = desk.inbox.open()._engine.wait_for(_columns)

    def rows(table: str) -> list[dict[str, Any]]:
        return [dict(zip(columns[table], row, strict=True)) for row in state[table]]

    for row in rows("addresses"):
        names[row["id"]] = f"{row['kind']}:{row['scope']}:{row['value']}:{row['since']}"
    for row in rows("messages"):
        names[row["because"]] = _ID.sub("…", row["because"])
        names[row["id"]] = f"{row['account']}/{row['external_id']}"
    for row in rows("conversations"):
        first = min(
            ((one["seq"], names[one["id"]]) for one in rows("messages") if one["conversation"] == row["id"]),
            default=(0, "none"),
        )
        names[row["id"]] = f"conversation of {first[1]}"
    for row in rows("threads"):
        thread, _, number = row["thread"].rpartition(" with ")  # whose it is, where it says that
        if thread:
            names[row["thread"]] = f"{thread} with {names[int(number)]}"
    dull = {"workspace", "id", "delivery", "detail", "source", "target", "turn", "position"}
    return {
        table: sorted(
            (
                {key: names.get(value, value) for key, value in row.items() if key not in dull}
                for row in rows(table)
            ),
            key=repr,
        )
        for table in ("addresses", "participants", "threads", "messages", "externals", "facts", "todo",
                      "conversations", "journal", "happenings", "early", "unstudied")
    }  # fmt: skip


def _columns(driver: Any) -> dict[str, list[str]]:
    from omnichannel.store.known import TABLES

    return {table: columns.columns.split() for table, columns in TABLES.items()}


NAMES = ("Anna Berg", "Pieter Smit", "A. Berg", "")
NUMBERS = ("phone::+31201234567", "phone::+31612345678", "handle::anna", "email::info@shop.example")


def told(seed: int, tokens: Sequence[str]) -> list[Post]:
    """Deliveries that say who somebody is: names of two people, several proofs at once, links that came over."""
    chance = random.Random(seed)
    given = []
    for number in range(chance.randint(2, 14)):
        account = chance.choice(("chat", "chat", "other", "letter"))
        items = []
        for place in range(chance.randint(1, 4)):
            item = {
                "id": f"{seed}-{number}-{place}",
                "from": chance.choice(PEOPLE),
                "text": chance.choice(TEXTS),
            }
            item["name"] = chance.choice(NAMES)
            if chance.random() < 0.4:
                known = [f"{chance.choice(('chat', 'letter'))}::{who}" for who in PEOPLE]
                item["also"] = chance.sample([*NUMBERS, *known], chance.choice((1, 1, 2, 3)))
            if chance.random() < 0.2:
                item["text"] = f"here I am {chance.choice(tokens)}"
            if chance.random() < 0.2:
                item |= {"strength": "asserted", "fingerprint": str(number)}
            if chance.random() < 0.1:
                item["to"] = chance.choice(PEOPLE)
            items.append(item)
        given.append((account, items))
    return given


async def _decided(desk: Desk, seed: int) -> None:
    """Somebody puts right whom or what was taken for one, as far as it can be."""
    chance, box = random.Random(seed), desk.inbox
    for _ in range(3):
        one, other = (Address(kind="chat", value=who) for who in chance.sample(PEOPLE, 2))
        what = chance.choice(("unmerge", "refuse", "merge", "share", "leave", "split", "join", "close"))
        there = sorted(await desk.conversations(), key=lambda found: found.id)
        found, into = chance.choice(there), chance.choice(there)
        with suppress(Conflict, NotFound, UsageError):
            if what in ("unmerge", "refuse", "merge"):
                await getattr(box.identity, what)(one, other, actor="zoe")
            elif what in ("share", "leave"):
                await getattr(box.identity, what)(chance.choice((one, Address.of(NUMBERS[0]))), actor="zoe")
            elif what == "split":
                await box.conversations.split((await box.conversations.messages(found.id))[-1].id)
            elif what == "join":
                await box.conversations.join(found.id, into.id)
            else:
                await box.conversations.close(found.id)


async def _lived(desk: Desk, seed: int, *, at_once: bool) -> None:
    """Who somebody is changes twice, with a decision in between; a long silence makes new owners of numbers."""
    begun = [await desk.heard("hello", who=who, on=on) for who in PEOPLE for on in ("chat", "letter")]
    tokens = []
    for message in begun:
        link = await desk.inbox.conversations.continue_on(
            message.conversation, random.Random(seed).choice(ON)
        )
        tokens.append(link.partition("ref=")[2])
    await _taken(desk, told(seed, tokens), at_once=at_once)
    desk.clock.advance(days=random.Random(seed).choice((0, 1, 90)))
    await _decided(desk, seed)
    desk.clock.advance(seconds=1)
    await _taken(desk, told(seed + 1000, tokens), at_once=at_once)


ON = ("chat", "other", "letter")


async def _changing(url: str, seed: int) -> None:
    pictures = []
    for at_once in (True, False):
        rules = Rules(token_life=timedelta(days=200))
        desk = Desk(url, HandClock(), rules=rules, workspace=f"{seed} {at_once}")
        await _lived(desk, seed, at_once=at_once)
        pictures.append(picture(desk))
        await desk.close()
    found, wanted = pictures
    for table in wanted:
        assert found[table] == wanted[table], f"{table}, seed {seed}"


@pytest.mark.parametrize("first", range(0, 40, 10))
async def test_so_it_is_where_who_somebody_is_changes(first: int) -> None:
    for seed in range(first, first + 10):
        await _changing("sqlite:///:memory:", seed)


async def _same(desks: Callable[..., Desk], url: str, seed: int) -> None:
    given = posts(seed)
    together, apart = desks(url, workspace=f"together{seed}"), desks(url, workspace=f"apart{seed}")
    await _taken(together, given, at_once=True)
    await _taken(apart, given, at_once=False)
    found, wanted = picture(together), picture(apart)
    for table in wanted:
        assert found[table] == wanted[table], f"{table}, seed {seed}"


@pytest.mark.parametrize("first", range(0, 120, 20))
async def test_what_is_read_at_once_is_what_is_read_one_by_one(
    first: int, desks: Callable[..., Desk], clock: HandClock
) -> None:
    for seed in range(first, first + 20):
        await _same(desks, "sqlite:///:memory:", seed)


async def test_so_it_is_where_several_workers_may_be(
    request: pytest.FixtureRequest, tmp_path: Path, desks: Callable[..., Desk]
) -> None:
    url = empty("postgres", request, tmp_path)
    for seed in range(200, 206):
        await _same(desks, url, seed)


@contextmanager
def said() -> Iterator[list[str]]:
    """The statements that are said meanwhile."""
    statements: list[str] = []
    kept = {name: getattr(Transaction, name) for name in ("_before",)}

    def before(tx: Tx, sql: str, *, minded: bool) -> None:
        statements.append(sql)
        kept["_before"](tx, sql, minded=minded)

    Transaction._before = before  # type: ignore[method-assign]
    try:
        yield statements
    finally:
        Transaction._before = kept["_before"]  # type: ignore[method-assign]


@pytest.mark.parametrize(("known", "proven"), [(True, False), (True, True), (False, False)])
async def test_a_job_asks_as_often_for_fifty_messages_as_for_five(
    desk: Desk, *, known: bool, proven: bool
) -> None:
    """Counted: whatever a message asks for by itself is a statement for each of them.

    `proven`: each says, as they did before, which other address is theirs.
    """
    counts = []
    for number in (5, 50):
        people = [f"p{number}-{one}" for one in range(number)]
        for turn in range(2 if known else 1):
            for who in people:
                item = {"id": f"{who}-{turn}", "from": who, "name": "Anna", "text": "hi"}
                await desk.inbox.receive(
                    "chat", delivery(item | ({"also": [f"phone::{who}"]} if proven else {}))
                )
            with said() as statements:
                assert await desk.inbox.read() == number
        counts.append(len(statements))
    assert counts[1] <= counts[0], statements
    assert counts[1] <= 12


def test_what_the_journal_says_of_many_is_what_it_says_of_each_two(store: Store) -> None:
    """More pairs than a statement takes, some tied to each other as well, some to nobody."""

    def job(tx: Tx) -> None:
        numbers = list(range(1, 601))
        pairs = list(zip(numbers[::2], numbers[1::2], strict=True))
        told = [*pairs[:250], *pairs[:40], (1, 600), (2, 1), (3, 2)]
        for number, (one, other) in enumerate(told):
            claim = Entry(id=0, kind="claim", one=one, other=other, strength=Strength.ASSERTED, at=number)
            journal.write(tx, claim)
        asked = [*pairs, (1, 600)]
        wanted = [journal.between(tx, *pair) for pair in asked]
        assert [len(found) for found in wanted[:2]] == [3, 2]
        journal.foresee(tx, asked)
        with said() as statements:
            assert [journal.between(tx, *pair) for pair in asked] == wanted
        assert statements == []
        journal.write(tx, Entry(id=0, kind="claim", one=600, other=1, strength=Strength.ASSERTED, at=0))
        assert len(journal.between(tx, 1, 600)) == 2  # what was foreseen is no longer so

    wait(store, job)
