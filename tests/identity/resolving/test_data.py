"""Small record files with known truth, where they lie beside the repository: floors under what was reached."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from omnichannel.identity.resolving import resolve

DATA = Path(__file__).parents[3] / "../shared/data/identity"


@pytest.mark.skipif(not DATA.is_dir(), reason="the record files are not here")
@pytest.mark.parametrize(
    ("name", "without", "floor"),
    [("splink_fake_1000", "", 0.955), ("febrl1", "", 0.999), ("febrl1", "national_id", 0.99), ("senzing_truthset", "", 0.78),
     ("restaurants_fz", "", 0.92)],
)  # fmt: skip
def test_pairwise_f1(name: str, without: str, floor: float) -> None:
    """One configuration, no labels."""
    with (DATA / name / "records.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with (DATA / name / "truth.csv").open(encoding="utf-8", newline="") as file:
        truth = {row["record_id"]: row["cluster_id"] for row in csv.DictReader(file)}
    clusters = resolve(rows, [one for one in rows[0] if one not in ("record_id", without)]).clusters()
    said: dict[object, list[str]] = {}
    for row, cluster in zip(rows, clusters, strict=True):
        said.setdefault(cluster, []).append(truth[row["record_id"]])
    right = sum(owners.count(owner) - 1 for owners in said.values() for owner in owners) / 2
    joined = sum(len(owners) * (len(owners) - 1) for owners in said.values()) / 2
    counts = [list(truth.values()).count(owner) for owner in set(truth.values())]
    true = sum(count * (count - 1) for count in counts) / 2
    assert 2 * right / (joined + true) >= floor
