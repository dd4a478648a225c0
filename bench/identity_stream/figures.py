"""The figures of one stream: what is right, what an attacker gets, who is misplaced."""

from __future__ import annotations

import importlib.util
import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from bench.identity_stream.recorded import Recorded
from omnichannel.identity.resolving.events_resolve import ResolvedStream, resolve_events
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


def measure(recorded: Recorded, purpose: Purpose) -> Figures:
    """Resolve a stream and score it. `seconds` of processor time, from events in memory to clusters."""
    begun = time.process_time()
    resolved = resolve_events(recorded.events, purpose)
    clusters = resolved.clusters()
    seconds = time.process_time() - begun
    score = _scoring().score(recorded.truth, clusters, recorded.labels)
    return Figures(purpose, score, _unmarked(resolved, clusters, recorded), seconds)


def _unmarked(resolved: ResolvedStream, clusters: Mapping[str, str], recorded: Recorded) -> int:
    """The attack events that are one customer's with an event of somebody else's, and not marked as unproven."""
    members: defaultdict[str, list[str]] = defaultdict(list)
    for record, cluster in clusters.items():
        members[cluster].append(record)
    return sum(
        any(
            recorded.truth[other] != recorded.truth[record] and not resolved.unproven(record, other)
            for other in members[clusters[record]]
        )
        for record, (scenario, _) in recorded.labels.items()
        if scenario.startswith("attack")
    )


def _scoring() -> ModuleType:
    spec = importlib.util.spec_from_file_location("score", DATA / "tools" / "score.py")
    if spec is None or spec.loader is None:
        raise FileNotFoundError(DATA / "tools" / "score.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
