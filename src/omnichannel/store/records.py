"""The people who answer, and what happened."""

from __future__ import annotations

import json
from typing import cast

from omnichannel.clock import moment
from omnichannel.errors import NotFound
from omnichannel.model import Agent, Happening
from omnichannel.store.tx import Tx


def hire(tx: Tx, agent_name: str, role: str, email: str) -> Agent:
    """Add somebody who answers, or find them by name."""
    tx.run(
        "INSERT INTO agents (workspace, id, name, role, email) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (workspace, name) DO UPDATE SET role = excluded.role, email = excluded.email",
        tx.ws, tx.ids.new(), agent_name, role, email,
    )  # fmt: skip
    return agent(tx, agent_name)


def agent(tx: Tx, agent_name: str) -> Agent:
    """Somebody who answers, by name; raises NotFound."""
    row = tx.one(
        "SELECT id, name, role, email FROM agents WHERE workspace = ? AND name = ?", tx.ws, agent_name
    )
    if row is None:
        raise NotFound(
            f"nobody called {agent_name!r} answers in this workspace; add them with inbox.add_agent(…)"
        )
    return _agent(tx, row)


def agents(tx: Tx) -> list[Agent]:
    """Everybody who answers, by name."""
    rows = tx.all("SELECT id, name, role, email FROM agents WHERE workspace = ? ORDER BY name", tx.ws)
    return [_agent(tx, row) for row in rows]


def _agent(tx: Tx, row: tuple[object, ...]) -> Agent:
    number, name, role, email = row
    shown = tx.ids.show("agent", cast("int", number))
    return Agent.model_validate({"id": shown, "name": name, "role": role, "email": email})


def happened(
    tx: Tx,
    what: str,
    *,
    conversation: int | None = None,
    customer: int | None = None,
    message: int | None = None,
    actor: str = "",
    detail: dict[str, str] | None = None,
) -> None:
    """Write down that something happened, at the end of the job."""
    tx.at_last(
        "INSERT INTO happenings (workspace, id, what, at, conversation, customer, message, actor, detail)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        tx.ws, tx.ids.new(), what, tx.now(), conversation, customer, message, actor,
        json.dumps(detail, ensure_ascii=False) if detail else "{}",
    )  # fmt: skip


def happenings(tx: Tx, after: int, most: int) -> list[Happening]:
    """What happened after a happening (0: from the beginning), in order."""
    rows = tx.all(
        "SELECT id, what, at, conversation, customer, message, actor, detail FROM happenings"
        f" WHERE workspace = ? AND id > ? ORDER BY id LIMIT {int(most)}",
        tx.ws, after,
    )  # fmt: skip
    return [
        Happening(
            id=tx.ids.show("happening", cast("int", number)),
            what=str(what),
            at=moment(cast("int", at)),
            conversation=tx.ids.show("conversation", cast("int | None", conversation)),
            customer=tx.ids.show("customer", cast("int | None", customer)),
            message=tx.ids.show("message", cast("int | None", message)),
            actor=str(actor),
            detail=json.loads(str(detail)),
        )
        for number, what, at, conversation, customer, message, actor, detail in rows
    ]
