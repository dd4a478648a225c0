"""Run inside the rivals' own environment: goldenmatch's `resolve_record_incremental`, over its persisted block keys.

`python time_goldenmatch.py KNOWN.csv NEW.csv` prints a line of JSON for each measure: what, and each call's seconds.
"""

import csv
import json
import sys
import tempfile
import time
from pathlib import Path

from goldenmatch.config.schemas import (
    BlockingConfig,
    BlockingKeyConfig,
    MatchkeyConfig,
    MatchkeyField,
)
from goldenmatch.identity import IdentityStore, resolve_record_incremental

BLOCKING = BlockingConfig(
    strategy="multi_pass",
    passes=[
        BlockingKeyConfig(fields=["email"]),
        BlockingKeyConfig(fields=["phone"]),
        BlockingKeyConfig(fields=["given_name", "surname"], transforms=["lowercase", "soundex"]),
    ],
)
MATCH = [
    MatchkeyConfig(
        name="person",
        type="weighted",
        threshold=0.85,
        fields=[
            MatchkeyField(field="given_name", scorer="jaro_winkler", weight=1.0),
            MatchkeyField(field="surname", scorer="jaro_winkler", weight=1.0),
            MatchkeyField(field="email", scorer="jaro_winkler", weight=1.0),
            MatchkeyField(field="phone", scorer="exact", weight=1.0),
        ],
    )
]


def records(path: str) -> list[dict[str, str | None]]:
    """The rows of a file; an empty cell is nothing."""
    with Path(path).open(newline="") as file:
        return [{key: value or None for key, value in row.items()} for row in csv.DictReader(file)]


def main(known: str, new: str) -> None:
    """Resolve all that is known, then measure the new ones."""
    with tempfile.TemporaryDirectory() as folder:
        store = IdentityStore(path=f"{folder}/identity.db")
        for row in records(known):
            resolve(row, store)
        seconds = []
        for row in records(new):
            start = time.perf_counter()
            resolve(row, store)
            seconds.append(time.perf_counter() - start)
    print(json.dumps({"what": "goldenmatch resolve_record_incremental", "seconds": seconds}))


def resolve(row: dict[str, str | None], store: IdentityStore) -> None:
    """One record more."""
    resolve_record_incremental(row, None, MATCH, store, "bench", source_pk_col="record_id", blocking=BLOCKING)


if __name__ == "__main__":
    main(*sys.argv[1:])
