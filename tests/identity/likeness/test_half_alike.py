"""Half alike: name and telephone agree, street and mailbox do not, and no birth date is known. Customer or not?"""

from __future__ import annotations

from dataclasses import replace
from random import Random
from zlib import crc32

import pytest

from omnichannel.identity.resolving import Resolved, resolve
from tests.identity.resolving.people import HEADINGS, records

Row = dict[str, str]


def people(seed: int) -> tuple[list[Row], list[int]]:
    """Families whose mailboxes do not resemble each other, so that namesakes have nothing else in common."""
    rows, owners = records(300, seed)
    return [{**row, "email": mailbox(row["email"])} for row in rows], owners


def mailbox(text: str) -> str:
    return f"{crc32(text.encode()):08x}@mail.example" if text else ""


def without_birth(rows: list[Row], random: Random) -> list[Row]:
    return [{**row, "dob": ""} if random.random() < 0.5 else row for row in rows]


def doubles(rows: list[Row], random: Random) -> list[Row]:
    """Of every third record one more of a namesake: no birth date, and of house and mailbox one is another's."""
    made = []
    for row in rows[::3]:
        other = random.choice(rows)
        moved = ("email",) if random.random() < 0.5 else ("street", "house_number", "postcode")
        made.append({**row, "dob": "", **{heading: other[heading] for heading in moved}})
    return made


@pytest.mark.parametrize("seed", [1, 2])
def test_customers_of_little_data_stay_joined(seed: int) -> None:
    """That birth dates are missing by chance makes nobody half alike: as many agree on all as elsewhere."""
    rows, _ = people(seed)
    scorer = resolve(without_birth(rows, Random(seed)), HEADINGS).scorer
    assert scorer.model.relations["half alike"] < scorer.model.prior / 500


@pytest.mark.parametrize("seed", [1, 2])
def test_where_something_always_differs_namesakes_are_doubted(seed: int) -> None:
    """Were they customers, many would agree on everything; none does, so they are doubted and fewer are joined."""
    rows, _ = people(seed)
    made = doubles(rows, Random(seed))
    all_rows = [*rows, *made]
    found = resolve(all_rows, HEADINGS)
    model = found.scorer.model
    assert model.relations["half alike"] > model.prior
    before = replace(model, relations={**model.relations, "half alike": 0.0})
    assert joined(found, len(made)) < joined(resolve(all_rows, HEADINGS, before), len(made))


def joined(found: Resolved, last: int) -> int:
    """How many of the last records of a file stand in a cluster with others."""
    clusters = found.clusters()
    return sum(clusters.count(cluster) > 1 for cluster in clusters[-last:])
