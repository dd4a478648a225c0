"""Run inside the rivals' own environment: Splink's `predict_between` and `realtime.compare_records`, on DuckDB.

`python time_splink.py KNOWN.csv NEW.csv` prints a line of JSON for each measure: what, and each call's seconds.
"""

import csv
import json
import logging
import sys
import time
from collections import Counter
from pathlib import Path

import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on
from splink.internals.realtime import compare_records

TERMS = ("given_name", "surname", "email")
RULES = [block_on("email"), block_on("phone"), block_on("given_name", "surname")]
SETTINGS = SettingsCreator(
    link_type="dedupe_only",
    unique_id_column_name="record_id",
    comparisons=[
        cl.NameComparison("given_name"),
        cl.NameComparison("surname"),
        cl.EmailComparison("email"),
        cl.LevenshteinAtThresholds("phone", 2),
    ],
    blocking_rules_to_generate_predictions=RULES,
)


def records(path: str) -> list[dict[str, str | None]]:
    """The rows of a file; an empty cell is nothing."""
    with Path(path).open(newline="") as file:
        return [{key: value or None for key, value in row.items()} for row in csv.DictReader(file)]


def with_shares(
    rows: list[dict[str, str | None]], counts: dict[str, Counter[str | None]]
) -> list[dict[str, object]]:
    """The rows with how frequent each value is, which this call does not look up itself."""
    return [
        {
            **row,
            **{f"tf_{column}": max(1, seen[row[column]]) / seen.total() for column, seen in counts.items()},
        }
        for row in rows
    ]


def told(what: str, seconds: list[float]) -> None:
    """Print one measure."""
    print(json.dumps({"what": what, "seconds": seconds}))


def main(known: str, new: str) -> None:
    """Train on all that is known, then measure the new ones."""
    logging.getLogger("splink").setLevel(logging.ERROR)
    api, rows, fresh = DuckDBAPI(), records(known), records(new)
    base = api.register(rows)
    linker = Linker(base, SETTINGS, log_level=logging.ERROR)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("surname"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("given_name"))
    between, pairs = [], []
    for row in fresh:
        start = time.perf_counter()
        linker.inference.predict_between(base, api.register([row])).as_record_list()
        between.append(time.perf_counter() - start)
    model = linker.misc.save_model_to_json()
    shares = {column: Counter(row[column] for row in rows) for column in TERMS}
    for one, other in zip(with_shares(fresh, shares), with_shares(rows, shares), strict=False):
        start = time.perf_counter()
        compare_records(one, other, model, api, sql_cache_key="bench").as_record_list()
        pairs.append(time.perf_counter() - start)
    told("Splink predict_between", between)
    told("Splink realtime.compare_records, one pair", pairs)


if __name__ == "__main__":
    main(*sys.argv[1:])
