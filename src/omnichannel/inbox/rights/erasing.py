"""Erasing somebody: every value of theirs, everywhere, in one transaction; the journal keeps its skeleton."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from omnichannel.channel import Channel
from omnichannel.clock import moment
from omnichannel.errors import Conflict, UsageError
from omnichannel.identity import Entry, Point, owned, owner
from omnichannel.inbox import owners, studying
from omnichannel.inbox.merging import around, regroup
from omnichannel.inbox.rights import dropping, freezing
from omnichannel.inbox.rights.belongings import Belongings, gather
from omnichannel.inbox.rules import span
from omnichannel.model import ErasureMark, Kept, Proof, Purpose
from omnichannel.store import (
    Tx,
    belongings,
    blocks,
    challenges,
    conversations,
    erased,
    erasing,
    journal,
    people,
    records,
    trail,
)
from omnichannel.store.arrivals import Arrival
from omnichannel.store.known import TABLES
from omnichannel.store.marking import address_mark, words_mark
from omnichannel.store.people import NEVER, Person

_STILL_OUT = span(timedelta(days=1))  # after so long the same words to the same person are said anew

ELSEWHERE = (
    "backups and replicas made before: a restored one is erased again with this proof (identity.erase_again)",
    "the platforms' own copies: the mailbox, the Page, the number's provider; ask each of them",
    "what was exported, logged or passed on by your application",
    "what the disk keeps of deleted blocks, and the database's archived write-ahead log",
)
"""What no library can do inside one database."""


@dataclass(frozen=True, slots=True)
class Order:
    """Who asked for an erasure, why, and of which customer."""

    customer: int
    actor: str
    because: str


def erase(
    tx: Tx,
    channels: Mapping[str, Channel],
    order: Order,
    persons: Sequence[Person],
    unread: Sequence[Arrival],
) -> Proof:
    """Erase these people. Raises Conflict where they are frozen, UsageError if the words of the order name them."""
    if at := freezing.frozen_at(tx, order.customer):
        raise Conflict(
            f"this customer's data were frozen on {moment(at):%Y-%m-%d}, to be kept: identity.unfreeze(…) first"
        )
    theirs = gather(tx, _with_retired(tx, persons))
    _check_words(order, theirs)
    likely = alike(tx, theirs.numbers)
    connected = set(around(tx, theirs.numbers).people) - set(theirs.numbers)
    marks = _marks(tx, theirs)
    done = dropping.drop(tx, channels, theirs, unread)
    marks += [ErasureMark(mark=mark, since=0, until=NEVER) for mark in sorted(done.marks)]
    kept = [*_kept(theirs, done), *_tables()]
    removed = _rows(tx, theirs) + done.rows
    erased.remember(tx, marks)
    removed["happenings (details)"] += erasing.empty_happenings(
        tx, set(theirs.numbers), set(theirs.whole), set(theirs.message_numbers), theirs.telling()
    )
    removed["acts (reasons)"] += trail.empty(tx, _subjects(theirs), theirs.telling())
    _settle(tx, connected)
    detail = {table: str(rows) for table, rows in sorted(removed.items()) if rows}
    records.happened(tx, "customer.erased", customer=order.customer, actor=order.actor, detail=detail)
    return Proof(
        workspace=tx.workspace,
        customer=tx.ids.show("customer", order.customer),
        actor=order.actor,
        because=order.because,
        at=moment(tx.now()),
        removed={table: rows for table, rows in sorted(removed.items()) if rows},
        kept=tuple(one for one in kept if one.rows or one.what in TABLES),
        elsewhere=ELSEWHERE,
        likely=tuple(tx.ids.show("customer", number) for number in likely if people.family(tx, [number])),
        marks=tuple(marks),
    )


def _subjects(theirs: Belongings) -> set[trail.Subject]:
    """What of theirs somebody may have seen."""
    return {
        *((trail.CUSTOMER, number) for number in theirs.numbers),
        *((trail.CONVERSATION, number) for number in theirs.whole),
        *((trail.MESSAGE, number) for number in theirs.message_numbers),
    }


def alike(tx: Tx, numbers: Sequence[int]) -> list[int]:
    """The customers who may be the same as whoever has these addresses, by anything that anybody said or computed."""
    found = around(tx, numbers, Purpose.ANALYTICS)
    partition = found.now(tx, Purpose.ANALYTICS)
    mine = {partition.customer_of[number] for number in numbers if number in partition.customer_of}
    named = {
        end
        for entry in found.owned
        if set(entry.pair) & set(numbers) and entry.kind in ("claim", "accept")
        for end in entry.pair
    }
    near = {number for number, customer in partition.customer_of.items() if customer in mine} | named
    customers = {found.people[number].customer for number in near if number in found.people}
    return sorted(customers - {found.people[number].customer for number in numbers if number in found.people})


def _check_words(order: Order, theirs: Belongings) -> None:
    """The proof is kept when everything else is gone: it must not name them."""
    for given in (order.actor, order.because):
        if any(word in given for word in theirs.telling()):
            raise UsageError(
                "the proof must hold nothing of the customer, and `because` or `actor` names an address of theirs; "
                "give a ticket's number instead"
            )


def _marks(tx: Tx, theirs: Belongings) -> list[ErasureMark]:
    """What comes from their addresses up to now never comes back, nor does what was said, whenever it comes."""
    now = tx.now()
    addresses = [
        ErasureMark(mark=mark, since=since, until=min(until, now))
        for mark, windows in theirs.windows.items()
        for since, until in windows
    ]
    items = [ErasureMark(mark=mark, since=0, until=NEVER) for mark in sorted(theirs.items)]
    return addresses + items + _nameless(tx, theirs)


def _nameless(tx: Tx, theirs: Belongings) -> list[ErasureMark]:
    """Nor do words of ours that have no id yet: some platforms bring them back with nothing to know them by."""
    spelt = {person.id: person.address for person in theirs.persons}
    said = {
        words_mark(tx, account, spelt[peer], text)
        for account, peer, text in belongings.nameless(tx, theirs.message_numbers, tx.now() - _STILL_OUT)
        if text and peer in spelt
    }
    return [ErasureMark(mark=mark, since=0, until=tx.now() + _STILL_OUT) for mark in sorted(said)]


def _rows(tx: Tx, theirs: Belongings) -> Counter[str]:
    """Delete every row of theirs."""
    numbers = theirs.numbers
    removed = Counter(
        {"early": _early(tx, theirs), "blocks (whose)": blocks.forget_whose(tx, theirs.windows)}
    )
    for conversation, account, key in theirs.threads():
        if conversation in theirs.mixed:
            removed["threads"] += erasing.thread(tx, account, key)
    for conversation in theirs.mixed:
        removed["threads"] += _named_threads(tx, conversation, theirs)
    removed += erasing.messages(tx, theirs.message_numbers)
    removed += erasing.conversations(tx, theirs.whole)
    for conversation in theirs.mixed:
        erasing.pass_on(tx, conversation, set(numbers))
        removed["decisions (words)"] += erasing.leave_case(tx, conversation)
        records.happened(tx, "conversation.cut", conversation=conversation)
    return removed + _addresses(tx, theirs.persons)


def _early(tx: Tx, theirs: Belongings) -> int:
    dropped = 0
    for account, target, number, event in erasing.early(tx):
        named = [party.address for party in (event.sender, *event.recipients) if party]
        if any(address_mark(tx, address) in theirs.windows for address in named):
            dropped += erasing.drop_early(tx, account, target, number)
    return dropped


def _named_threads(tx: Tx, conversation: int, theirs: Belongings) -> int:
    """Threads of a conversation that others are in, whose key names them."""
    ends = {f"with {number}" for number in theirs.numbers} | {person.value for person in theirs.persons}
    return sum(
        erasing.thread(tx, account, key)
        for account, key in conversations.threads_of(tx, conversation)
        if any(key == end or key.endswith(f" {end}") for end in ends)
    )


def _addresses(tx: Tx, persons: Sequence[Person]) -> Counter[str]:
    """Empty what the journal says of them and delete their addresses; the next owners keep those that are theirs."""
    numbers = {person.id for person in persons}
    roots = sorted({person.root for person in persons})
    entries = [entry for root in roots for entry in meant(tx, root, numbers)]
    emptied = erasing.revocations(tx, (entry.id for entry in entries))
    removed = Counter({"journal (emptied)": erasing.empty_entries(tx, sorted(emptied))})
    removed["challenges"] += _challenges(tx, persons)
    removed["judged"] += erasing.judgements(tx, sorted(numbers), sorted(emptied))
    heirs = [heir for root in roots if root in numbers for heir in _heirs(tx, root, numbers)]
    removed += _people(tx, sorted(numbers))
    for root, heir in heirs:
        erasing.call_by(tx, root, heir.id)
        _from_the_start(tx, heir)
    ends = {end for entry in entries for end in entry.pair} - numbers
    return removed + _people(tx, [end for end in sorted(ends) if erasing.is_only_named(tx, end)])


def _people(tx: Tx, numbers: Sequence[int]) -> Counter[str]:
    for person in people.family(tx, numbers):
        if person.id in numbers:
            studying.forget(tx, person)
    return erasing.people(tx, numbers)


def _challenges(tx: Tx, persons: Sequence[Person]) -> int:
    """Delete the challenges of what they claimed, and of what others claimed of them while an address was theirs."""
    numbers = {person.id for person in persons}
    gone = set()
    for asked in challenges.about(tx, sorted({person.root for person in persons})):
        for root in (asked.claimant, asked.claimed):
            family = [Point(id=one.id, first=one.first, since=one.since) for one in people.family(tx, [root])]
            if family and owner(family, asked.issued_at).id in numbers:
                gone.add(asked.id)
    return erasing.delete(tx, "challenges", "id", sorted(gone))


def meant(tx: Tx, root: int, numbers: set[int]) -> list[Entry]:
    """The entries about one address that speak of these owners of it, and not of those before or after them."""
    entries = [entry for entry in journal.about(tx, [root]) if entry.kind != "revoke"]
    family = people.family(tx, sorted({end for entry in entries for end in entry.pair} | {root}))
    points = [Point(id=one.id, kind=one.kind, first=one.first, since=one.since) for one in family]
    about_whom = owned(points, entries)
    return [entry for entry, about in zip(entries, about_whom, strict=True) if numbers & set(about.pair)]


def _heirs(tx: Tx, root: int, numbers: set[int]) -> list[tuple[int, Person]]:
    """The next owner of an address whose first one goes, with the number that the journal called it by."""
    rest = [person for person in people.family(tx, [root]) if person.id not in numbers]
    return [(root, min(rest, key=lambda person: (person.since, person.id)))] if rest else []


def _from_the_start(tx: Tx, heir: Person) -> None:
    """Whoever is the first owner now had the address from the start; their threads are remembered so."""
    people.begin(tx, heir.id, 0)
    end = f" since {heir.since}"
    for conversation in conversations.conversations_of(tx, [heir.id]):
        for account, key in conversations.threads_of(tx, conversation):
            if key.endswith(end):
                erasing.thread(tx, account, key)
                conversations.tie(tx, account, key.removesuffix(end), conversation)


def _with_retired(tx: Tx, persons: Sequence[Person]) -> list[Person]:
    """These people, and owners of their addresses who turned out never to be any, if nobody else is left."""
    found = {person.id: person for person in persons}
    for root in sorted({person.root for person in persons}):
        rest = [person for person in people.family(tx, [root]) if person.id not in found]
        if all(person.since == NEVER for person in rest):
            found.update((person.id, person) for person in rest)
    return list(found.values())


def _settle(tx: Tx, connected: set[int]) -> None:
    """Everybody whom evidence ever connected to them is who they are without it."""
    owners.settle(tx, sorted(connected))
    waiting = {person.id for person in people.family(tx, sorted(connected))}
    while waiting:
        some = min(waiting)
        regroup(tx, [some], because="somebody was erased")
        waiting -= {some, *around(tx, [some]).inner}


def _kept(theirs: Belongings, done: dropping.Dropped) -> list[Kept]:
    return [
        Kept(
            what="raw deliveries that hold other people's items too",
            rows=done.shared,
            because="nothing could be cut out of them; each is deleted with the last of those whose items it holds",
        ),
        Kept(
            what="conversations that others take part in",
            rows=len(theirs.mixed),
            because="what others said there is theirs, also where it names or quotes the customer, and so are notes",
        ),
        Kept(
            what="raw deliveries of accounts that are not configured here",
            rows=done.unknown,
            because="judged by what was read from them and by the addresses that stand in them: with the accounts it "
            "is certain",
        ),
        Kept(
            what="raw deliveries deleted unread",
            rows=done.unread,
            because="an address of theirs stands in them, and nobody could tell whose items they held",
        ),
    ]


def _tables() -> list[Kept]:
    return [
        Kept(what=name, rows=0, because=table.because)
        for name, table in TABLES.items()
        if table.fate in ("kept", "emptied")
    ]
