"""What a delivery means when something in it is broken: never another error, and never at the cost of others."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from omnichannel.channel import Channel
from omnichannel.errors import Malformed, OmnichannelError
from omnichannel.model import Event
from omnichannel.testing.batches import Batch, batches, read
from omnichannel.testing.cases import Case
from omnichannel.testing.checks.reading import storable
from omnichannel.testing.failing import Json, fail, require
from omnichannel.testing.mutations import OTHERS, damaged, load, peppered, spoiled
from omnichannel.testing.probing import so_many
from omnichannel.testing.subject import Subject

MOST_SPOILED = 60
"""In how many ways each recorded body and item is spoiled: enough for every value of most of them."""


def check_damaged_deliveries_raise_only_ours(subject: Subject) -> str | None:
    """A delivery that was cut, spliced or changed gives events or Malformed: no other error, nothing unstorable.

    If it fails: read with `toolbox.load_json`, `need`, `string`, `number`, `items`, which take anything; turn what
    one item raises (Malformed, ValueError) into `Unreadable`.
    """
    if not subject.received:
        return "nothing is received: can.parts_in is empty"
    channel = subject.channel()
    bodies = tuple(sorted({case.delivery.body for case in subject.received}))

    @so_many(150)
    @given(st.sampled_from(subject.received), damaged(bodies))
    def probe(case: Case, body: bytes) -> None:
        _survives(case, channel, body)

    probe()
    return None


def check_spoiled_values_raise_only_ours(subject: Subject) -> str | None:
    """Whatever value of a recorded body is missing, of another type or no text, there are events, or Malformed.

    If it fails: as for damaged deliveries; the message holds the body.
    """
    if not subject.received:
        return "nothing is received: can.parts_in is empty"
    channel = subject.channel()
    for case in subject.received:
        body = load(case.delivery.body)
        for changed in spoiled(body, MOST_SPOILED) if body else peppered(case.delivery.body, MOST_SPOILED):
            _survives(case, channel, changed)
    return None


def _survives(case: Case, channel: Channel, body: Json | bytes) -> None:
    try:
        events = read(case, case.seen_by(channel), body)
    except Malformed:
        return
    except Exception as error:  # noqa: BLE001 - that it is another one is what is looked for
        fail(f"parse raised {type(error).__name__}: {error} over {str(body)[:2000]}", case=case.name)
    for event in events:
        storable(event, case.name)


def check_a_bad_item_harms_no_other(subject: Subject) -> str | None:
    """One item that cannot be read leaves its neighbours as they are, and says that it could not be read.

    If it fails: read each item on its own, and turn what it raises into `Unreadable` with its place; skip nothing.
    """
    channel = subject.channel()
    tried: Counter[tuple[str | int, ...]] = Counter()
    for batch in batches(subject.received, channel):
        tried[batch.way] += 1
        for other in OTHERS:
            _beside(batch, channel, other, at_least=0 if other in ({}, []) else 1)
        for bad in spoiled(batch.item, MOST_SPOILED // (1 + tried[batch.way] // 4)):
            _beside(batch, channel, bad, at_least=0)
    return (
        None if tried else "no recorded delivery has a list of items: none is read twice when it stands twice"
    )


def _beside(batch: Batch, channel: Channel, bad: Json, *, at_least: int) -> None:
    seen, many = batch.case.seen_by(channel), len(batch.events)
    try:
        found: list[Event] = batch.read(seen, [batch.item, bad, batch.item])
    except (OmnichannelError, ValueError, LookupError, TypeError, AttributeError) as error:
        fail(
            f"beside {str(bad)[:500]} nothing is read: {type(error).__name__}: {error}", case=batch.case.name
        )
    good = list(batch.events)
    kept = len(found) >= 2 * many and found[:many] == good and found[len(found) - many :] == good
    require(kept, f"beside {str(bad)[:500]} its neighbours mean something else", case=batch.case.name)
    lost = f"an item {str(bad)[:100]} at /{'/'.join(map(str, batch.way))} vanished: it should be Unreadable"
    require(len(found) >= 2 * many + at_least, lost, case=batch.case.name)


CHECKS = (
    check_damaged_deliveries_raise_only_ours,
    check_spoiled_values_raise_only_ours,
    check_a_bad_item_harms_no_other,
)
