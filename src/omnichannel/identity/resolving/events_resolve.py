"""A stream of events resolved in one go: events in, customers out, for a purpose. Pure.

Nothing is tuned to a stream. What has to be known of it (how rare names are, how many namesakes there are, whether
mailboxes spell names) is learned from the stream itself, without labels.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from omnichannel.identity.customers import Partition, derive
from omnichannel.identity.policy import POLICY, Policy
from omnichannel.identity.resolving.events import Event
from omnichannel.identity.resolving.events_journal import Stream, stream
from omnichannel.identity.resolving.events_likeness import likely
from omnichannel.model import Purpose


@dataclass(frozen=True, slots=True)
class ResolvedStream:
    """Whose each event of a stream is, for a purpose.

    `partition` is what the core derived of the stream's points; `alone` are the events that nobody can be told to
    have sent: each is a customer of its own.
    """

    partition: Partition
    sender: Mapping[str, int]
    alone: frozenset[str]

    def clusters(self) -> dict[str, str]:
        """For each record id the smallest record id of the same customer: a name that no order changes."""
        first: dict[int, str] = {}
        for record in sorted(self.sender):
            if record not in self.alone:
                first.setdefault(self._customer(record), record)
        return {
            record: record if record in self.alone else first[self._customer(record)]
            for record in self.sender
        }

    def unproven(self, one: str, other: str) -> bool:
        """Whether two events are one customer's only as far as somebody says: to be marked wherever it is shown."""
        return self.partition.unproven(self.sender[one], self.sender[other])

    def _customer(self, record: str) -> int:
        return self.partition.customer_of[self.sender[record]]


def resolve_events(
    events: Iterable[Event], purpose: Purpose = Purpose.ASSIST, policy: Policy = POLICY
) -> ResolvedStream:
    """Divide events among customers. A function of the set: order and repetitions of events change nothing.

    Raises ValueError if two different events have one id.
    """
    read = stream(events, policy)
    proven = derive(read.points, read.entries, Purpose.DISCLOSE, policy)
    alone = frozenset(record for record, point in read.sender.items() if point in proven.shared)
    if purpose is Purpose.DISCLOSE:
        return ResolvedStream(proven, read.sender, alone)
    return ResolvedStream(_likeliest(read, purpose, policy), read.sender, alone)


def _likeliest(read: Stream, purpose: Purpose, policy: Policy) -> Partition:
    """With what is likely: customers are compared as the identifiers alone leave them, whatever the purpose."""
    claimed = derive(read.points, read.entries, Purpose.ASSIST, policy)
    return derive(read.points, [*read.entries, *likely(read, claimed, policy)], purpose, policy)
