"""Views that were saved: by an agent for themselves, or for everybody."""

from __future__ import annotations

from omnichannel.model.desk import View
from omnichannel.store.tx import Tx


def save(tx: Tx, agent: str, view: View) -> None:
    """Save a view under its name, in the place of one that has it."""
    tx.run(
        "INSERT INTO views (workspace, agent, name, content, at) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (workspace, agent, name) DO UPDATE SET content = excluded.content, at = excluded.at",
        tx.ws, agent, view.name, view.model_dump_json(exclude_defaults=True), tx.now(),
    )  # fmt: skip


def drop(tx: Tx, agent: str, name: str) -> bool:
    """Forget a view; whether there was one."""
    return bool(
        tx.run("DELETE FROM views WHERE workspace = ? AND agent = ? AND name = ?", tx.ws, agent, name)
    )


def of(tx: Tx, agent: str) -> dict[str, View]:
    """An agent's own views ("": everybody's), by name."""
    rows = tx.all(
        "SELECT name, content FROM views WHERE workspace = ? AND agent = ? ORDER BY name", tx.ws, agent
    )
    return {str(name): View.model_validate_json(str(content)) for name, content in rows}
