"""Score exported customers with Splink 5 on DuckDB: `python score.py [FOLDER] [--help]`.

It stands in every folder that `omnichannel identity export-splink` writes, to be run and changed there. It needs
`pip install 'splink>=5'` and reads records.csv, keys.csv, settings.json and training.json of the folder. It writes
model.json, the model as trained, and pairs.csv, which `omnichannel identity import-splink` takes back.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import logging
from pathlib import Path
from typing import Any

import duckdb
from splink import DuckDBAPI, Linker
from splink import __version__ as splink_version

PRIOR = "probability_two_random_records_match"
IN_BLOCK = 200
"""A key that more rows have tells little: pairs are not looked for by it."""


def arguments() -> argparse.Namespace:
    """What can be chosen."""
    parser = argparse.ArgumentParser(description="Score exported customers with Splink on DuckDB.")
    parser.add_argument(
        "folder", nargs="?", default=str(Path(__file__).parent), help="the exported folder (its own)"
    )
    parser.add_argument(
        "--as-it-is", action="store_true", help="score with the exported model, without training"
    )
    parser.add_argument("--least", type=float, default=0.5, help="leave less probable pairs out (0.5)")
    parser.add_argument(
        "--random-pairs", type=float, default=1e7, help="pairs to learn from how strangers agree (1e7)"
    )
    parser.add_argument(
        "--in-block", type=int, default=IN_BLOCK, help=f"rows of one key at most ({IN_BLOCK})"
    )
    parser.add_argument(
        "--database", default=":memory:", help="a DuckDB file, for what does not fit into memory"
    )
    parser.add_argument("--verbose", action="store_true", help="show what Splink tells")
    return parser.parse_args()


def main() -> None:
    """Load, train, score, write."""
    options = arguments()
    logging.getLogger("splink").setLevel(logging.INFO if options.verbose else logging.ERROR)
    folder = Path(options.folder)
    base = duckdb.connect(options.database)
    rows = load(base, folder, options.in_block)
    api = DuckDBAPI(connection=base)
    settings = json.loads((folder / "settings.json").read_text("utf-8"))
    if not options.as_it_is:
        rules = json.loads((folder / "training.json").read_text("utf-8"))
        settings = train(
            Linker(api.register("records"), settings, log_level=None), rules, options.random_pairs
        )
    (folder / "model.json").write_text(json.dumps(settings, indent=1), "utf-8")
    linker = Linker(api.register("records"), settings, log_level=None)
    scored = linker.inference.predict(threshold_match_probability=options.least, warning_mode="never")
    scored.as_duckdbpyrelation().create_view("scored")
    pairs = write(base, folder / "pairs.csv", named(settings))
    print(
        f"{rows} rows, {pairs} pairs of customers with a probability of at least {options.least:g}: pairs.csv"
    )


def load(base: duckdb.DuckDBPyConnection, folder: Path, in_block: int) -> int:
    """The records as a table, each with its keys that few others have; how many rows."""
    for name in ("records", "keys"):
        read = base.read_csv(
            str(folder / f"{name}.csv"), header=True, all_varchar=True, na_values="", sep=","
        )
        base.execute(f"DROP TABLE IF EXISTS exported_{name}")
        read.create(f"exported_{name}")
    base.execute(
        "CREATE OR REPLACE TABLE records AS SELECT r.*, coalesce(k.keys, []) AS keys FROM exported_records AS r"
        " LEFT JOIN (SELECT unique_id, list(key) AS keys FROM exported_keys WHERE key IN"
        " (SELECT key FROM exported_keys GROUP BY key HAVING count(*) BETWEEN 2 AND ?)"
        " GROUP BY unique_id) AS k USING (unique_id)",
        [in_block],
    )
    rows, ids = base.execute("SELECT count(*), count(DISTINCT unique_id) FROM records").fetchall()[0]
    if rows != ids:
        raise SystemExit(
            f"records.csv: {rows - ids} rows have the unique_id of another; export anew, each id once"
        )
    return int(rows)


def train(linker: Linker, rules: list[str], random_pairs: float) -> dict[str, Any]:
    """Learn u from random pairs, and m by expectation-maximisation under each rule that finds enough pairs."""
    prior = linker.misc.save_model_to_json()[PRIOR]
    linker.training.estimate_u_using_random_sampling(max_pairs=random_pairs, seed=1)
    for rule in rules:
        try:
            linker.training.estimate_parameters_using_expectation_maximisation(
                rule, estimate_without_term_frequencies=True, max_pairs=random_pairs
            )
        except Exception as error:  # noqa: BLE001 - Splink and DuckDB raise what they like; the exported shares stay
            print(f"not trained on {rule!r}: {type(error).__name__}: {str(error).splitlines()[0][:100]}")
    # Splink 5.0.0 leaves the share of matches among the last rule's own pairs behind, as if it held for all pairs.
    return linker.misc.save_model_to_json() | {PRIOR: prior}


def named(model: dict[str, Any]) -> str:
    """What to call a model: Splink's version, and the mark of all its settings but their random id."""
    told = json.dumps({key: value for key, value in model.items() if key != "linker_uid"}, sort_keys=True)
    return f"Splink {splink_version}, model {hashlib.sha256(told.encode()).hexdigest()[:12]}"


def write(base: duckdb.DuckDBPyConnection, path: Path, model: str) -> int:
    """The likeliest of the rows of each two customers; how many pairs there are."""
    base.execute(
        "CREATE OR REPLACE TABLE pairs AS SELECT least(s.customer_l, s.customer_r) AS customer_l,"
        " greatest(s.customer_l, s.customer_r) AS customer_r, max(s.match_probability) AS match_probability,"
        " ? AS model FROM scored AS s GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2",
        [model],
    )
    base.table("pairs").write_csv(str(path), header=True)
    return int(base.execute("SELECT count(*) FROM pairs").fetchall()[0][0])


if __name__ == "__main__":
    main()
