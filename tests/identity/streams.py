"""Event streams for the tests: an event in one line."""

from __future__ import annotations

from omnichannel.identity.resolving.events import Event, Identifier
from omnichannel.model import Strength

DAY = 86_400 * 1_000_000
_STRENGTH = {"!": Strength.VERIFIED, "?": Strength.ASSERTED, "~": Strength.INFERRED}


def event(record: str, day: float, *said: str, name: str = "", channel: str = "", **place: str) -> Event:
    """`said`: type=value with ! (verified), ? (asserted) or ~ (inferred) behind: `email=jo@x.nl!`."""
    identifiers = []
    for word in said:
        kind, _, value = word.partition("=")
        identifiers.append(Identifier(kind, value[:-1], _STRENGTH[value[-1]]))
    return Event(record, int(day * DAY), channel, tuple(identifiers), name, tuple(place.items()))


def parts(clusters: dict[str, str]) -> set[frozenset[str]]:
    """The partition, without the names of its parts."""
    groups: dict[str, set[str]] = {}
    for record, cluster in clusters.items():
        groups.setdefault(cluster, set()).add(record)
    return {frozenset(group) for group in groups.values()}
