"""How hypothesis is used in the kit: the same examples in every run, none kept, no race against the clock."""

from __future__ import annotations

from hypothesis import HealthCheck, settings


def so_many(examples: int) -> settings:
    """Settings for a probe that tries so many examples."""
    return settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        report_multiple_bugs=False,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
    )
