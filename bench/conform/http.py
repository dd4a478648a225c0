"""How far the joined system's channel agrees with the vectors of Standard Webhooks.

One figure: `admits`, whether each recorded delivery is judged as its source says, at the moment that it names.
"""

from __future__ import annotations

import pathlib
from datetime import UTC, datetime

from bench.conform import Row, rows
from omnichannel.channel import Delivery
from omnichannel.channels.http import Http

DATA = rows.DATA / "signatures" / "standard-webhooks"


def report(data: pathlib.Path = DATA) -> list[Row]:
    """The figure of all vectors; empty if there is none."""
    return list(rows.signatures(data, _admits))


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
    return rows.admits(Http, vector["secret"], delivery)
