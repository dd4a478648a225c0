"""What was said of clocks: that they were nearly over, missed, and how they ended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import cast

from omnichannel.clock import micros, moment
from omnichannel.desk.clocks import Told
from omnichannel.model.desk import Clock
from omnichannel.store.tx import Tx


def write(tx: Tx, conversation: int, told: Sequence[Told]) -> None:
    """Write down what was said of the clocks of a conversation."""
    tx.each(
        "INSERT INTO told (workspace, conversation, name, what, at, kind, team, state, took, clock)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        [
            (
                tx.ws, conversation, one.clock.name, one.what, micros(one.at), one.clock.kind, one.clock.team,
                one.clock.state, None if one.clock.took is None else one.clock.took // timedelta(microseconds=1),
                one.clock.model_dump_json(exclude_defaults=True),
            )
            for one in told
        ],
    )  # fmt: skip


def of_conversation(tx: Tx, conversation: int) -> list[Told]:
    """Everything that was said of the clocks of a conversation, in order."""
    rows = tx.all(
        "SELECT at, what, clock FROM told WHERE workspace = ? AND conversation = ? ORDER BY at, name, what",
        tx.ws, conversation,
    )  # fmt: skip
    return [
        Told.model_validate(
            {"at": moment(cast("int", at)), "what": what, "clock": Clock.model_validate_json(str(clock))}
        )
        for at, what, clock in rows
    ]
