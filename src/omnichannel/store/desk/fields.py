"""What was said of customers in fields of one's own; each stands with the address that it was said of."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import cast

from pydantic import JsonValue

from omnichannel.clock import moment
from omnichannel.model import Address
from omnichannel.model.desk import HeldField
from omnichannel.store.desk import filed
from omnichannel.store.tx import Tx, marks, some


def of_address(tx: Tx, address: int) -> dict[str, JsonValue]:
    """What was said of whoever has an address."""
    rows = tx.all(
        "SELECT name, value FROM customer_fields WHERE workspace = ? AND address = ?", tx.ws, address
    )
    return {str(name): cast("JsonValue", json.loads(str(value))) for name, value in rows}


def write(tx: Tx, address: int, values: Mapping[str, JsonValue], actor: str) -> None:
    """Say something of whoever has an address; None takes it away."""
    for name, value in values.items():
        tx.run(
            "DELETE FROM customer_fields WHERE workspace = ? AND address = ? AND name = ?",
            tx.ws,
            address,
            name,
        )
        if value is not None:
            tx.run(
                "INSERT INTO customer_fields (workspace, address, name, value, at, actor) VALUES (?, ?, ?, ?, ?, ?)",
                tx.ws, address, name, json.dumps(value, ensure_ascii=False), tx.now(), actor,
            )  # fmt: skip
    filed.keep(tx, address, filed.of_fields("customer", of_address(tx, address)))


def of_addresses(tx: Tx, numbers: Sequence[int]) -> list[HeldField]:
    """What was said of these addresses, field by field, what was said last first."""
    found: list[tuple[object, ...]] = []
    for few in some(numbers):
        found += tx.all(
            "SELECT f.name, f.value, a.kind, a.scope, a.value, f.at, f.actor FROM customer_fields AS f"
            " JOIN addresses AS a ON a.workspace = f.workspace AND a.id = f.address"
            f" WHERE f.workspace = ? AND f.address IN ({marks(few)})",
            tx.ws, *few,
        )  # fmt: skip
    return [
        HeldField(
            name=str(name),
            value=json.loads(str(value)),
            address=Address(kind=str(kind), scope=str(scope), value=str(spelt)),
            at=moment(cast("int", at)),
            actor=str(actor),
        )
        for name, value, kind, scope, spelt, at, actor in sorted(
            found, key=lambda row: (str(row[0]), -cast("int", row[5]), str(row[2:5]))
        )
    ]
