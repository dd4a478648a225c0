"""Questions that were answered."""

from __future__ import annotations

from collections.abc import Sequence

from omnichannel.clock import micros
from omnichannel.model.desk import Spell
from omnichannel.store.tx import Tx


def write(tx: Tx, conversation: int, spells: Sequence[Spell]) -> None:
    """Write down what was answered in a conversation."""
    tx.each(
        "INSERT INTO spells (workspace, conversation, asked_at, answered_at, agent, team, kind, first)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (workspace, conversation, asked_at) DO UPDATE SET"
        " answered_at = excluded.answered_at, agent = excluded.agent, team = excluded.team, kind = excluded.kind,"
        " first = excluded.first",
        [
            (
                tx.ws, conversation, micros(spell.asked_at), micros(spell.answered_at), spell.by, spell.team,
                spell.kind, int(spell.first),
            )
            for spell in spells
        ],
    )  # fmt: skip


def forget(tx: Tx, conversation: int) -> None:
    """A conversation is read anew: what was answered in it is written down once more."""
    tx.run("DELETE FROM spells WHERE workspace = ? AND conversation = ?", tx.ws, conversation)
