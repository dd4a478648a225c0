"""A stream with the truth about it: read from a folder, or made of a mix."""

from __future__ import annotations

import csv
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from bench.identity_stream.mixes import Mix
from omnichannel.identity import POLICY
from omnichannel.identity.resolving.events import Event, read_lines
from omnichannel.identity.resolving.events_spoken import spoken


class Recorded(NamedTuple):
    """Events in any order. `truth`: who sent each; `labels`: its scenario, and the victims if it is an attack."""

    name: str
    events: Sequence[Event]
    truth: Mapping[str, str]
    labels: Mapping[str, tuple[str, Sequence[str]]]

    def ceiling(self) -> float:
        """The recall of an oracle that links by verified identifiers and never links two people."""
        owner: dict[tuple[str, object], str] = {}
        root = {record: record for record in self.truth}

        def find(record: str) -> str:
            while root[record] != record:
                root[record] = root[root[record]]
                record = root[record]
            return record

        for one in spoken(self.events, POLICY):
            for address in one.proven:
                first = owner.setdefault((self.truth[one.event.id], address), one.event.id)
                root[find(one.event.id)] = find(first)
        found, wanted = Counter(map(find, self.truth)), Counter(self.truth.values())
        return sum(n * (n - 1) for n in found.values()) / sum(n * (n - 1) for n in wanted.values())


def read(folder: Path) -> Recorded:
    """The stream of a folder with events.jsonl, truth.csv and labels.csv."""
    with (folder / "events.jsonl").open(encoding="utf-8") as file:
        events = list(read_lines(file))
    truth = {row["record_id"]: row["cluster_id"] for row in _rows(folder / "truth.csv")}
    labels = {
        row["record_id"]: (row["scenario"], row["victims"].split()) for row in _rows(folder / "labels.csv")
    }
    return Recorded(folder.name, events, truth, labels)


def made(seed: int, mix: Mix) -> Recorded:
    """A stream of a mix: always the same for one seed. Needs Faker, which the group dev of pyproject.toml has."""
    from bench.identity_stream.attacking import Attackers
    from bench.identity_stream.population import Population
    from bench.identity_stream.writing import Customers, Writer

    chance = random.Random(seed)
    population, writer = Population(mix, chance), Writer(chance)
    Customers(population, writer).write()
    Attackers(population, writer).write()
    return Recorded(
        f"{mix.name}, seed {seed}",
        [one.event for one in writer.written],
        {one.event.id: one.person for one in writer.written},
        {one.event.id: (one.scenario, one.victims) for one in writer.written},
    )


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
