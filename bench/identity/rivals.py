"""What other tools reached on the same files, and what is aimed at.

Pairwise F1, measured in November 2026 on the same kind of machine (two cores, 23 GB, Python 3.11), each tool on the
same cleaned columns: Splink 5.0.0 with the threshold that is best by the truth (the others at their own),
goldenmatch 3.22.0 (better of zero-config and probabilistic), recordlinkage 0.16 (ECM), dedupe 3.0.3 (given 600
labelled pairs), and plain rules (equal identifiers). None: not run, failed or took more than 300 s.
"""

from __future__ import annotations

from typing import NamedTuple


class Rivals(NamedTuple):
    """F1 of the others on one file."""

    splink: float | None
    goldenmatch: float | None
    recordlinkage: float | None
    dedupe: float | None
    rules: float | None

    def best(self) -> tuple[float, str]:
        """The best figure and whose it is; (0, "") where nothing was measured."""
        found = [(value, name) for name, value in zip(self._fields, self, strict=True) if value is not None]
        return max(found, default=(0.0, ""))


class Goal(NamedTuple):
    """What is aimed at: F1, and recall at a precision of 0.999."""

    f1: float
    recall: float | None = None


RIVALS = {
    "cora": Rivals(0.7608, 0.7542, None, 0.8534, 0.0),
    "dupehell_telecom_medium": Rivals(0.9793, 0.8606, 0.9288, None, 0.6317),
    "febrl1": Rivals(0.9980, 1.0000, 1.0000, 0.9712, 0.9701),
    "febrl3": Rivals(0.9994, 0.9952, 0.9996, None, 0.9641),
    "febrl3-noid": Rivals(0.9883, 0.9778, 0.9965, None, 0.4804),
    "febrl_phone_A": Rivals(1.0000, 0.9998, 1.0000, None, 0.9995),
    "febrl_phone_A-noid": Rivals(1.0000, 0.9996, 0.9999, None, 0.9913),
    "historical_50k": Rivals(0.8344, 0.8427, None, None, 0.2209),
    "leipzig_affiliations": Rivals(None, None, None, None, 0.0),
    "pseudopeople_pub-noid": Rivals(0.5803, 0.3430, 0.1065, None, 0.8148),
    "restaurants_fz": Rivals(0.9304, 0.6573, None, 0.9515, 0.9237),
    "senzing_truthset": Rivals(0.3719, 0.3933, 0.1213, 0.4815, 0.2228),
    "splink_fake_1000": Rivals(0.7914, 0.4353, 0.8863, 0.8681, 0.5767),
}

GOALS = {
    "dupehell_telecom_medium": Goal(0.998, 0.996),
    "febrl1": Goal(1.000, 0.999),
    "febrl3": Goal(0.9998, 0.999),
    "febrl3-noid": Goal(0.999, 0.998),
    "febrl_phone_A-noid": Goal(1.000, 1.000),
    "historical_50k": Goal(0.91, 0.60),
    "pseudopeople_pub-noid": Goal(0.93, 0.85),
    "restaurants_fz": Goal(0.975),
    "senzing_truthset": Goal(0.95, 0.80),
    "splink_fake_1000": Goal(0.955, 0.90),
}
