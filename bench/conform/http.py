"""How far the joined system's channel agrees with the vectors of Standard Webhooks.

One figure: `admits`, whether each recorded delivery is judged as its source says, at the moment that it names.
"""

from __future__ import annotations

import json
import pathlib
from datetime import UTC, datetime

from bench.conform import Row
from omnichannel.channel import Delivery
from omnichannel.channels.http import Http
from omnichannel.errors import ConfigError, Forged

DATA = pathlib.Path(__file__).parents[2].parent / "shared" / "data" / "signatures" / "standard-webhooks"


def report(data: pathlib.Path = DATA) -> list[Row]:
    """The figures of every file of vectors; empty if there is none."""
    return [_row(path) for path in sorted(data.glob("*.json")) if path.name != "expected.json"]


def _row(path: pathlib.Path) -> Row:
    vectors = [one for one in json.loads(path.read_text("utf-8")) if isinstance(one, dict)]
    wrong = [
        f"{path.name} {number}: {vector.get('name', 'judged otherwise')}"
        for number, vector in enumerate(vectors)
        if _admits(vector) is not vector["valid"]
    ]
    return Row(
        "signatures/standard-webhooks", "admits", len(vectors) - len(wrong), len(vectors), tuple(wrong)
    )


def _admits(vector: dict) -> bool:
    names = {"id": "webhook-id", "timestamp": "webhook-timestamp", "signature": "webhook-signature"}
    headers = tuple(
        (header, str(vector[key])) for key, header in names.items() if vector.get(key) is not None
    )
    delivery = Delivery(
        headers=headers,
        body=vector["payload"].encode(),
        received_at=datetime.fromtimestamp(vector["now"], UTC),
    )
    try:
        return Http.for_verifying((vector["secret"],)).admit(delivery).keep
    except (Forged, ConfigError):
        return False
