"""Taking somebody's items out of the raw deliveries: a whole one if it is theirs alone, else their part of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

from omnichannel.channel import Channel
from omnichannel.inbox.rights import sorting
from omnichannel.inbox.rights.belongings import Belongings, Judge
from omnichannel.inbox.rights.cutting import cut, words_of
from omnichannel.model import Event, Received, Updated
from omnichannel.store import Tx, arrivals, belongings, blocks, erasing, externals, holds, messages
from omnichannel.store.arrivals import Arrival


@dataclass(slots=True)
class Dropped:
    """What became of the raw deliveries, and what they told of further rows."""

    rows: Counter[str] = field(default_factory=Counter)
    shared: int = 0
    unread: int = 0
    unknown: int = 0
    marks: set[str] = field(default_factory=set)


def drop(tx: Tx, channels: Mapping[str, Channel], theirs: Belongings, unread: Sequence[Arrival]) -> Dropped:
    """Take everything of theirs out of the raw deliveries; of the `unread` nobody can tell whose they are."""
    done = Dropped()
    left = {arrival.id: arrival for arrival in (*unread, *arrivals.all_parked(tx))}
    for number in theirs.deliveries(tx):
        arrival = arrivals.arrival(tx, number)
        events = sorting.parsed(channels, arrival) if arrival else None
        if arrival is None:
            holds.forget(tx, number)
        elif events is None:
            left[number] = arrival
        else:
            _drop(tx, channels[arrival.account], theirs, arrival, events, done)
    brought = belongings.brought_by(tx, left)
    for number in left:
        arrival = arrivals.arrival(tx, number)  # as it is by now: something may have been cut out of it
        if arrival is not None:
            holds.left_unread(tx, number)
            _drop_unread(tx, channels, theirs, arrival, brought.get(number, set()) - {None}, done)
    return done


def _drop(
    tx: Tx, channel: Channel, theirs: Belongings, arrival: Arrival, events: list[Event], done: Dropped
) -> None:
    judge = Judge(tx, channel, arrival, theirs)
    going = [event for event in events if judge.concerns(event)]
    if not going:
        return
    for event in going:
        if isinstance(event, Received | Updated):  # what was never recorded has left no other trace of its id
            done.marks.add(sorting.own_mark(tx, channel.name, event))
            blocks.let_in(tx, sorting.own_mark(tx, channel.name, event))
        _forget_update(tx, channel, event, done)
    trim(tx, channel, arrival, events, judge, theirs.words(), done)


def trim(
    tx: Tx,
    channel: Channel,
    arrival: Arrival,
    events: list[Event],
    judge: Judge,
    words: set[str],
    done: Dropped,
) -> None:
    """Delete a delivery if all that it holds is to go, else cut it out; where that cannot be done it is kept."""
    if not any(judge.anybodys(event) and not judge.concerns(event) for event in events):
        _delete(tx, arrival, done)
        return
    speaking = words | words_of(event for event in events if judge.concerns(event))
    if not _cut_out(tx, channel, arrival, judge, speaking, done):
        rest = [event for event in events if not judge.concerns(event)]
        sorting.sort(tx, channel, arrival, rest)
        done.shared += 1


def _delete(tx: Tx, arrival: Arrival, done: Dropped) -> None:
    done.rows["holds"] += holds.forget(tx, arrival.id)
    done.rows["held_back"] += blocks.forget(tx, arrival.id)
    done.rows["deliveries"] += arrivals.drop(tx, arrival.id)


def _cut_out(
    tx: Tx, channel: Channel, arrival: Arrival, judge: Judge, words: set[str], done: Dropped
) -> bool:
    """Keep of a delivery what is left without them; whether that can be done."""

    def reads(body: bytes) -> list[Event] | None:
        delivery = arrival.delivery.model_copy(update={"body": body})
        return sorting.parsed({channel.name: channel}, arrival._replace(delivery=delivery))

    body = cut(arrival.delivery.body, reads, judge.concerns, words)
    events = None if body is None else reads(body)
    if body is None or events is None:
        return False
    if not any(map(judge.anybodys, events)):
        _delete(tx, arrival, done)
    else:
        arrivals.replace_body(tx, arrival.id, body)
        sorting.sort(tx, channel, arrival, events)
        done.rows["deliveries (cut)"] += 1
    return True


def _forget_update(tx: Tx, channel: Channel, event: Event, done: Dropped) -> None:
    """An update leaves its id behind, so that it is applied once; a reaction also stands on the message."""
    if not isinstance(event, Updated):
        return
    account = channel.name
    done.rows["externals"] += erasing.external(tx, account, event.kind, event.external_id)
    if event.kind == "reaction" and event.sender is not None:
        for target in event.targets:
            known = externals.by_external(tx, account, target)
            if known is not None:
                _unreact(tx, known[0], str(event.sender.address), done)


def _unreact(tx: Tx, message: int, whose: str, done: Dropped) -> None:
    held = messages.held(tx, message, alone=True)
    before = held.content.get("reactions", [])
    after = [pair for pair in before if pair[0] != whose]
    if after != before:
        messages.rewrite(tx, held, held.content | {"reactions": after})
        done.rows["messages (a reaction)"] += 1


def _drop_unread(
    tx: Tx,
    channels: Mapping[str, Channel],
    theirs: Belongings,
    arrival: Arrival,
    peers: set[int | None],
    done: Dropped,
) -> None:
    """What cannot be read, all or in part, is judged by what was read from it once, else by the words in it."""
    events, named = sorting.parsed(channels, arrival), _names(arrival, theirs.telling())
    if events is not None:
        channel = channels[arrival.account]
        judge = Judge(tx, channel, arrival, theirs)
        others = any(judge.somebodys(event) and not judge.concerns(event) for event in events)
        if named and not _cut_out(tx, channel, arrival, judge, theirs.telling(), done):
            _delete_unread(tx, arrival, done, others=others)
        return
    done.unknown += arrival.account not in channels
    if named or peers & set(theirs.numbers):
        _delete_unread(tx, arrival, done, others=bool(peers - set(theirs.numbers)))


def _delete_unread(tx: Tx, arrival: Arrival, done: Dropped, *, others: bool) -> None:
    if others:
        done.shared += 1
    else:
        _delete(tx, arrival, done)
        done.unread += 1


def _names(arrival: Arrival, words: set[str]) -> bool:
    """Whether one of these words stands in a delivery as it is, or as it is written in a form or an address."""
    delivery = arrival.delivery
    head = delivery.model_dump_json(include={"url", "headers"})
    return any(
        spelt in head or spelt.encode() in delivery.body
        for word in words
        for spelt in {word, quote(word, safe="")}
    )
