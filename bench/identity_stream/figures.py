"""The figures of one stream: what is right, what an attacker gets, who is misplaced."""

from __future__ import annotations

import csv
import importlib.util
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from omnichannel.identity import POLICY
from omnichannel.identity.resolving.events import Event, read_lines
from omnichannel.identity.resolving.events_resolve import ResolvedStream, resolve_events
from omnichannel.identity.resolving.events_spoken import spoken
from omnichannel.model import Purpose

DATA = Path(__file__).parents[3] / "shared/data/identity"
HARD = ("kiosk_cookie", "switchboard", "role_address", "recycled_phone", "family_shared", "shared_cookie")
"""Scenarios in which an address is not one person's."""

COUNTED = HARD[:4]
"""Those whose misplacements have a goal."""


@dataclass(frozen=True)
class Figures:
    """One stream for one purpose, with what score.py says of it.

    `unmarked` counts the attack events that share a customer with somebody's without a mark.
    """

    purpose: Purpose
    score: Mapping[str, Any]
    unmarked: int
    seconds: float

    @property
    def misplaced(self) -> tuple[int, int]:
        """Misplaced events, and all, of the scenarios that have a goal."""
        counts = [
            tuple(map(int, self.score["misplaced_by_scenario"].get(one, "0/0").split("/"))) for one in COUNTED
        ]
        return sum(wrong for wrong, _ in counts), sum(total for _, total in counts)


def events(folder: Path) -> list[Event]:
    """The events of a stream."""
    with (folder / "events.jsonl").open(encoding="utf-8") as file:
        return list(read_lines(file))


def measure(folder: Path, several: Sequence[Event], purpose: Purpose) -> Figures:
    """Resolve a stream and score it. `seconds` of processor time, from events in memory to clusters."""
    begun = time.process_time()
    resolved = resolve_events(several, purpose)
    clusters = resolved.clusters()
    seconds = time.process_time() - begun
    scoring = _scoring()
    truth, labels = scoring.load(str(folder))
    score = scoring.score(truth, clusters, labels)
    return Figures(purpose, score, _unmarked(resolved, clusters, truth, labels), seconds)


def _unmarked(
    resolved: ResolvedStream, clusters: Mapping[str, str], truth: Mapping[str, str], labels: Mapping[str, Any]
) -> int:
    """The attack events that are one customer's with an event of somebody else's, and not marked as unproven."""
    members: defaultdict[str, list[str]] = defaultdict(list)
    for record, cluster in clusters.items():
        members[cluster].append(record)
    return sum(
        any(
            truth[other] != truth[record] and not resolved.unproven(record, other)
            for other in members[clusters[record]]
        )
        for record, (scenario, _) in labels.items()
        if scenario.startswith("attack")
    )


def ceiling(folder: Path, several: Sequence[Event]) -> float:
    """The recall of an oracle that links by verified identifiers and never links two people."""
    truth = dict(_rows(folder / "truth.csv"))
    owner: dict[tuple[str, object], str] = {}
    root = {record: record for record in truth}

    def find(record: str) -> str:
        while root[record] != record:
            root[record] = root[root[record]]
            record = root[record]
        return record

    for one in spoken(several, POLICY):
        for address in one.proven:
            first = owner.setdefault((truth[one.event.id], address), one.event.id)
            root[find(one.event.id)] = find(first)
    found, wanted = Counter(map(find, truth)), Counter(truth.values())
    return sum(n * (n - 1) for n in found.values()) / sum(n * (n - 1) for n in wanted.values())


def _rows(path: Path) -> list[tuple[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        return [(record, person) for record, person in rows]


def _scoring() -> ModuleType:
    spec = importlib.util.spec_from_file_location("score", DATA / "tools" / "score.py")
    if spec is None or spec.loader is None:
        raise FileNotFoundError(DATA / "tools" / "score.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
