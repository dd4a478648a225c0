"""P9, P10: whoever is erased, everybody else is who they would be without the evidence, under the same ids."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from omnichannel.errors import Conflict, NotFound
from omnichannel.identity import POLICY, Entry, Kind, Point, derive, owned
from omnichannel.inbox.merging import around
from omnichannel.model import Address, Evidence, Purpose, Strength
from omnichannel.store import Tx, people
from omnichannel.store.people import Person
from tests.engines import HandClock, Postgres
from tests.inbox.desk import Desk, at

WHO = ("anna", "ben", "cid", "dora")
PLACES = tuple(
    Address.of(where) for where in ("email::berg@home.example", "phone::+31612345678", "cookie:s:1")
)
NAMES = ("", "", "", "Anna Berg", "Ben de Groot")
PROOFS = (
    (Strength.VERIFIED, "login"), (Strength.VERIFIED, "login"), (Strength.VERIFIED, "login"),
    (Strength.ATTESTED, "import"), (Strength.ASSERTED, "form"), (Strength.ASSERTED, "text"),
)  # fmt: skip

who, places = st.sampled_from(WHO), st.sampled_from(PLACES)
observed = st.tuples(st.just("observe"), who, places, st.sampled_from(PROOFS), st.sampled_from(NAMES))
pairs = st.tuples(st.sampled_from(["merge", "refuse"]), who, who)
others = st.one_of(
    st.tuples(st.just("said"), who, st.sampled_from(NAMES)),
    pairs,
    st.tuples(st.just("share"), places),
    st.tuples(st.just("undo")),
    st.tuples(st.just("later"), st.sampled_from([1, 50])),
)
steps = st.lists(st.one_of(observed, observed, others), min_size=4, max_size=16)
"""Few addresses, mostly proven: so that they are shared, change hands, and joined by several proofs."""


async def lives(desk: Desk, story: list[tuple[Any, ...]]) -> None:
    """Do these things, as far as they can be done."""
    decided: list[list[str]] = []
    for number, (what, *about) in enumerate(story):
        try:
            if what == "observe":
                sender, place, (strength, method), name = about
                said = [Evidence(address=place, strength=strength, method=method)]
                await desk.inbox.identity.observe(
                    at(sender), said, facts={"name": name} if name else {}, strength=Strength.VERIFIED
                )
            elif what == "said":
                await desk.heard(f"m{number}", who=about[0], name=about[1])
            elif what == "merge":
                await desk.inbox.identity.merge(at(about[0]), at(about[1]), actor="zoe")
            elif what == "refuse":
                decided.append(await desk.inbox.identity.refuse(at(about[0]), at(about[1]), actor="zoe"))
            elif what == "share":
                decided.append(await desk.inbox.identity.share(about[0], actor="zoe"))
            elif what == "undo" and decided:
                await desk.inbox.identity.undo(decided.pop(), actor="zoe")
            elif what == "later":
                desk.clock.advance(days=about[0])
        except (Conflict, NotFound, ValueError):
            continue
        except Exception as error:
            if "different ones" not in str(error):
                raise


def everything(tx: Tx) -> tuple[dict[int, Person], list[Point], list[Entry]]:
    """All addresses, as points, and all entries about them."""
    numbers = [int(str(row[0])) for row in tx.all("SELECT id FROM addresses WHERE workspace = ?", tx.ws)]
    persons = {person.id: person for person in people.family(tx, sorted(numbers))}
    points: dict[int, Point] = {}
    entries: dict[int, Entry] = {}
    for number in numbers:
        found = around(tx, [number], Purpose.ANALYTICS)
        points.update((point.id, point) for point in found.points)
        entries.update((entry.id, entry) for entry in found.entries)
    return persons, list(points.values()), list(entries.values())


async def others_are_as_without(desk: Desk, story: list[tuple[Any, ...]], whom: str) -> None:
    """Erase somebody, and work out by the pure function who everybody else is without them."""
    await lives(desk, story)
    run = desk.inbox.run_job
    customer = await desk.inbox.customers.find(at(whom))
    if customer is None:
        return
    persons, points, entries = await run(everything)
    number = next(one.customer for one in persons.values() if one.address == at(whom))
    gone = {person.id for person in persons.values() if person.customer == number}
    said = {peer: ids for peer, ids in (await run(by_peer)).items() if peer not in gone}
    await desk.inbox.identity.erase(customer.id, actor="zoe", scrub=False)
    after, points_after, entries_after = await run(everything)
    rest = without(points, entries, gone)
    assert {entry.id for entry in entries_after} == {entry.id for entry in rest}
    assert not gone & set(after)
    assert await run(by_peer) == said
    now = max([desk.clock.micros, *(entry.at for entry in rest)])
    derived = derive(points_after, entries_after, at=now).customer_of
    assert {one.id: one.customer for one in after.values()} == {one: derived[one] for one in after}
    if all(
        person.root == person.id for person in persons.values()
    ):  # else the next owner lends an address its number
        alive = [point for point in points if point.id in after]
        expected = derive(alive, rest, at=now).customer_of
        assert {one.id: one.customer for one in after.values()} == {one: expected[one] for one in after}


def without(points: list[Point], entries: list[Entry], gone: set[int]) -> list[Entry]:
    """The entries that speak of none of those who are gone, nor take back one that does."""
    meant = zip(entries, owned(points, entries), strict=True)
    dropped = {entry.id for entry, about in meant if entry.kind != "revoke" and set(about.pair) & gone}
    while more := {entry.id for entry in entries if entry.target in dropped} - dropped:
        dropped |= more
    return [entry for entry in entries if entry.id not in dropped]


def by_peer(tx: Tx) -> dict[int, list[int]]:
    """The messages to and by every address."""
    found: dict[int, list[int]] = {}
    for peer, number in tx.all("SELECT peer, id FROM messages WHERE workspace = ? ORDER BY id", tx.ws):
        found.setdefault(int(str(peer)), []).append(int(str(number)))
    return found


async def test_what_only_her_evidence_kept_apart_comes_together(desk: Desk) -> None:
    """Three accounts share a mailbox, so it joins nobody; without hers it is two accounts', which one person may have."""
    box = Evidence(address=PLACES[0], strength=Strength.VERIFIED, method="login")
    desk.policy = replace(POLICY, kinds={**POLICY.kinds, "chat": Kind(3, account=True)})
    desk.again()
    for one in WHO[:3]:
        await desk.inbox.identity.observe(at(one), [box], strength=Strength.VERIFIED)
    assert len(await desk.customers()) == 4
    await desk.inbox.identity.erase((await desk.customer("anna")).id, actor="zoe", scrub=False)
    (together,) = await desk.customers()
    assert {str(reached.address) for reached in together.addresses} == {
        "chat::ben",
        "chat::cid",
        str(PLACES[0]),
    }


async def test_what_took_back_what_was_said_of_her_goes_with_it(desk: Desk) -> None:
    """And what took that back. Else his part of the journal would speak of somebody who is no more."""
    for one in WHO[:2]:
        await desk.heard("hello", who=one)
    refused = await desk.inbox.identity.refuse(at("anna"), at("ben"), actor="zoe")
    await desk.inbox.identity.undo(refused, actor="zoe")
    await desk.inbox.identity.erase((await desk.customer("anna")).id, actor="zoe", scrub=False)
    ben = await desk.customer("ben")
    assert [claim.method for claim in await desk.inbox.identity.claims(ben.id)] == ["platform_id"]


QUICK = settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))


@QUICK
@given(story=steps, whom=who)
def test_everybody_else_is_who_they_are_without_the_evidence(story: list[tuple[Any, ...]], whom: str) -> None:
    async def tell() -> None:
        desk = Desk("sqlite:///:memory:", HandClock())
        try:
            await others_are_as_without(desk, story, whom)
        finally:
            await desk.inbox.close()

    asyncio.run(tell())


def test_so_on_postgres(postgres: Postgres) -> None:
    @settings(QUICK, max_examples=8)
    @given(story=steps, whom=who)
    def tells(story: list[tuple[Any, ...]], whom: str) -> None:
        async def tell() -> None:
            desk = Desk(postgres.ready(), HandClock())
            try:
                await others_are_as_without(desk, story, whom)
            finally:
                await desk.inbox.close()

        asyncio.run(tell())

    tells()
