"""Finding where a body holds several items, by trying: where an item that stands twice is read twice."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from omnichannel.channel import Channel
from omnichannel.errors import OmnichannelError
from omnichannel.model import Event
from omnichannel.testing.cases import Case
from omnichannel.testing.failing import Json
from omnichannel.testing.mutations import Path, at, load, paths, replaced


@dataclass(frozen=True)
class Batch:
    """A list of items inside the body of a case, and what its first item alone means."""

    case: Case
    body: Json
    way: Path
    item: Json
    events: tuple[Event, ...]

    def read(self, channel: Channel, items: Sequence[Json]) -> list[Event]:
        """What the body means with these items in place of its own. Raises whatever `parse` raises."""
        return read(self.case, channel, replaced(self.body, self.way, list(items)))


def read(case: Case, channel: Channel, body: Json | bytes) -> list[Event]:
    """What the delivery of a case means with another body."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return list(channel.parse(case.delivery.model_copy(update={"body": raw})))


def batches(cases: Sequence[Case], channel: Channel) -> Iterator[Batch]:
    """Every list of items in the recorded bodies."""
    for case in cases:
        body = load(case.delivery.body)
        for way in ((), *paths(body)):
            inside = at(body, way)
            if isinstance(inside, list) and inside:
                yield from _batch(case, case.seen_by(channel), body, way)


def _batch(case: Case, channel: Channel, body: Json, way: Path) -> Iterator[Batch]:
    inside = at(body, way)
    assert isinstance(inside, list)
    item = inside[0]
    try:
        once = read(case, channel, replaced(body, way, [item]))
        twice = read(case, channel, replaced(body, way, [item, item]))
    except OmnichannelError:
        return
    if once and twice == once * 2:
        yield Batch(case, body, way, item, tuple(once))
