"""What is old enough to go, page by page. Nothing is written here: a dry run looks with the same eyes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from typing import NamedTuple

from omnichannel.channel import Channel
from omnichannel.clock import micros
from omnichannel.desk.retention import Aged, Limits
from omnichannel.inbox.rights import freezing, sorting
from omnichannel.inbox.rights.belongings import Judge, gather
from omnichannel.store import Tx, ageing, arrivals, following, people, trail
from omnichannel.store.ageing import Item


class Page(NamedTuple):
    """What goes of a page, and behind which number the next one is; None: this was the last."""

    going: list[Item]
    after: int | None


@dataclass(frozen=True, slots=True)
class Looking:
    """What it takes to see what goes: the accounts, and the moments before which things do."""

    channels: Mapping[str, Channel]
    limits: Limits
    happened_before: datetime | None


def look(tx: Tx, by: Looking, what: Aged, after: int) -> Page:
    """What goes of the next page of something."""
    return _LOOKS[what](tx, by, after)


def _page(items: Sequence[Item], going: Iterable[Item]) -> Page:
    return Page(list(going), items[-1].id if items else None)


def _old(by: Looking, what: Aged, item: Item) -> bool:
    """Whether something is older than its account's things of this sort are kept."""
    before = by.limits.before(what, item.account)
    return bool(item.at) and before is not None and item.at < micros(before)


def still(tx: Tx, what: Aged, going: list[Item]) -> list[Item]:
    """What goes even now that nobody else can write to these conversations, until the commit."""
    if what not in ("messages", "conversations"):
        return going
    conversations = {item.conversation for item in going}
    ageing.hold(tx, conversations)
    staying = _staying(tx, conversations)
    return [item for item in going if item.conversation not in staying]


def _staying(tx: Tx, conversations: Collection[int]) -> set[int]:
    """Of these conversations those of which nothing goes: not over, or of somebody whose data are frozen."""
    busy = ageing.busy(tx, conversations)
    return busy | ageing.frozen(tx, set(conversations) - busy)


def _plain(what: Aged, read: Callable[[Tx, int], list[Item]]) -> Callable[[Tx, Looking, int], Page]:
    """What goes by its own age alone, where its conversation is over."""

    def looks(tx: Tx, by: Looking, after: int) -> Page:
        if not by.limits.any(what):
            return Page([], None)
        items = read(tx, after)
        old = [item for item in items if _old(by, what, item)]
        staying = _staying(tx, {item.conversation for item in old})
        return _page(items, (item for item in old if item.conversation not in staying))

    return looks


def _deliveries(tx: Tx, by: Looking, after: int) -> Page:
    """Deliveries, unless something was read from them that stays; those with files go when files do.

    Those with words that nobody listened to are kept as messages are.
    """
    if not by.limits.any("deliveries") and not by.limits.any("files"):
        return Page([], None)
    items = ageing.deliveries(tx, after)
    aside = ageing.held_back(tx, [item.id for item in items])
    items = [
        item if item.id not in aside or _old(by, "messages", item) else item._replace(at=0) for item in items
    ]
    old = [item for item in items if _old(by, "deliveries", item) or _old(by, "files", item)]
    brought = ageing.brought(tx, [item.id for item in old])
    said = [message for several in brought.values() for message in several]
    files = ageing.with_files(tx, {message.id for message in said})
    staying = _staying(tx, {message.conversation for message in said})
    free = [
        item
        for item in old
        if (_old(by, "deliveries", item) or any(one.id in files for one in brought.get(item.id, ())))
        and not any(one.conversation in staying for one in brought.get(item.id, ()))
    ]
    return _page(items, _of_nobody_frozen(tx, by, free))


def _of_nobody_frozen(tx: Tx, by: Looking, items: list[Item]) -> list[Item]:
    """Of these deliveries those in which nothing is of somebody whose data are frozen, as far as can be told."""
    numbers = freezing.addresses(tx)
    if not numbers:
        return items
    theirs = gather(tx, people.family(tx, sorted(numbers)))
    free = []
    for item in items:
        arrival = arrivals.arrival(tx, item.id)
        events = sorting.parsed(by.channels, arrival) if arrival else None
        if arrival is not None and events is not None:
            judge = Judge(tx, by.channels[arrival.account], arrival, theirs)
            free += [] if any(judge.concerns(event) for event in events) else [item]
    return free


def _conversations(tx: Tx, by: Looking, after: int) -> Page:
    """Conversations that are over and of which no message stays, when the account that keeps them longest lets go."""
    if not by.limits.any("conversations"):
        return Page([], None)
    items = ageing.conversations(tx, after)
    staying = _staying(tx, {item.id for item in items})
    free = [item for item in items if item.id not in staying]
    said = ageing.in_conversations(tx, [item.id for item in free])
    going = []
    for item in free:
        messages = said.get(item.id, [])
        accounts = {one.account for one in messages} or ageing.accounts(tx, item.id) or {""}
        by_all = all(_old(by, "conversations", item._replace(account=account)) for account in accounts)
        if by_all and all(_old(by, "messages", one) for one in messages):
            going.append(item)
    return _page(items, going)


def _happenings(tx: Tx, by: Looking, after: int) -> Page:
    """Happenings, the oldest first, up to one that is of somebody whose data are frozen. `id` is the position."""
    if by.happened_before is None:
        return Page([], None)
    found = following.going(tx, micros(by.happened_before), after)
    frozen = _frozen(tx, [(one.conversation, one.customer) for one in found])
    free = list(takewhile(lambda one: not {one.conversation, one.customer} & frozen, found))
    items = [Item(one.position, "", one.at) for one in free]
    return Page(items, items[-1].id if items and len(free) == len(found) else None)


def _trail(tx: Tx, by: Looking, after: int) -> Page:
    """Acts, the oldest first, up to one about somebody whose data are frozen: a chain has no gaps."""
    before = by.limits.trail()
    if before is None:
        return Page([], None)
    rows = trail.oldest(tx, after)
    about = trail.concerned(tx, [row.id for row in rows])
    named = {row.id: _named(about.get(row.id, ())) for row in rows}
    frozen = _frozen(tx, named.values())
    free = list(takewhile(lambda row: row.at < micros(before) and not named[row.id] & frozen, rows))
    items = [Item(row.id, "", row.at) for row in free]
    return Page(items, items[-1].id if items and len(free) == len(rows) else None)


def _named(about: Iterable[trail.Subject]) -> set[int | None]:
    """The conversations and customers that an act was about."""
    return {number for what, number in about if what != trail.MESSAGE}


def _frozen(tx: Tx, named: Iterable[Iterable[int | None]]) -> set[int | None]:
    """Of these conversations and customers those of whom data are frozen."""
    numbers = freezing.addresses(tx)
    if not numbers:
        return set()
    every = {one for several in named for one in several if one is not None}
    return {*(every & numbers), *ageing.frozen(tx, every)}


_LOOKS: Mapping[Aged, Callable[[Tx, Looking, int], Page]] = {
    "deliveries": _deliveries,
    "files": _plain("files", ageing.files),
    "calls": _plain("calls", ageing.calls),
    "ratings": _plain("ratings", ageing.ratings),
    "messages": _plain("messages", ageing.messages),
    "conversations": _conversations,
    "happenings": _happenings,
    "trail": _trail,
}
