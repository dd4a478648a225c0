"""The people who answer, what they can do, and whether they are there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import cast

from pydantic import JsonValue

from omnichannel.clock import moment
from omnichannel.errors import NotFound
from omnichannel.model import Agent, Presence
from omnichannel.store.tx import Tx

_COLUMNS = "id, name, role, email, profile, presence, present_until"


def hire(tx: Tx, name: str, role: str | None = None, email: str | None = None) -> Agent:
    """Add somebody who answers, or find them by name; what is not given of them stays."""
    tx.run(
        "INSERT INTO agents (workspace, id, name, role, email) VALUES (?, ?, ?, 'person', '')"
        " ON CONFLICT (workspace, name) DO NOTHING",
        tx.ws, tx.ids.new(), name,
    )  # fmt: skip
    tx.run(
        "UPDATE agents SET role = COALESCE(?, role), email = COALESCE(?, email) WHERE workspace = ? AND name = ?",
        role, email, tx.ws, name,
    )  # fmt: skip
    return describe(tx, name, {"gone_at": None}) if known(tx, name).gone_at else agent(tx, name)


def describe(tx: Tx, name: str, profile: Mapping[str, JsonValue]) -> Agent:
    """Write down what somebody can do; raises NotFound."""
    before = known(tx, name).model_dump(mode="json", include=_PROFILE)
    text = json.dumps({**before, **profile}, ensure_ascii=False)
    tx.run("UPDATE agents SET profile = ? WHERE workspace = ? AND name = ?", text, tx.ws, name)
    return known(tx, name)


_PROFILE = {"teams", "skills", "languages", "capacity", "grants", "gone_at"}


def let_go(tx: Tx, name: str) -> Agent:
    """Somebody answers here no more: their name is kept for what they did, and nothing else; raises NotFound."""
    nothing: dict[str, JsonValue] = {"teams": [], "skills": {}, "languages": [], "grants": []}
    return describe(tx, name, {**nothing, "gone_at": moment(tx.now()).isoformat()})


def turn(tx: Tx, name: str, presence: Presence, until: int | None) -> Agent:
    """Somebody is there, or not, until a moment or until they say otherwise; raises NotFound."""
    tx.run(
        "UPDATE agents SET presence = ?, present_until = ? WHERE workspace = ? AND name = ?",
        presence, until, tx.ws, name,
    )  # fmt: skip
    return known(tx, name)


def given(tx: Tx, name: str) -> None:
    """Somebody was given something just now."""
    tx.run("UPDATE agents SET given_at = ? WHERE workspace = ? AND name = ?", tx.now(), tx.ws, name)


def agent(tx: Tx, name: str) -> Agent:
    """Somebody who answers, by name; raises NotFound, also for who was let go."""
    found = known(tx, name)
    if found.gone_at:
        raise NotFound(f"{name!r} was let go; add them again with inbox.add_agent(…)")
    return found


def known(tx: Tx, name: str) -> Agent:
    """Somebody who answers, or did, by name; raises NotFound."""
    row = tx.one(f"SELECT {_COLUMNS} FROM agents WHERE workspace = ? AND name = ?", tx.ws, name)
    if row is None:
        raise NotFound(f"nobody called {name!r} answers in this workspace; add them with inbox.add_agent(…)")
    return _agent(tx, row)


def agents(tx: Tx) -> list[Agent]:
    """Everybody who answers, by name; who was let go does not."""
    rows = tx.all(f"SELECT {_COLUMNS} FROM agents WHERE workspace = ? ORDER BY name", tx.ws)
    return [one for one in (_agent(tx, row) for row in rows) if one.gone_at is None]


def there(tx: Tx) -> list[tuple[Agent, int]]:
    """People who are online by now, with when they were last given something (0: never)."""
    rows = tx.all(
        f"SELECT {_COLUMNS}, given_at FROM agents WHERE workspace = ? AND presence = 'online' AND role = 'person'"
        " AND (present_until IS NULL OR present_until > ?) ORDER BY name",
        tx.ws, tx.now(),
    )  # fmt: skip
    return [(_agent(tx, row[:-1]), cast("int", row[-1])) for row in rows]


def lapsed(tx: Tx) -> list[str]:
    """Who was there until a moment that is over."""
    rows = tx.all(
        "SELECT name FROM agents WHERE workspace = ? AND presence <> 'offline' AND present_until <= ? ORDER BY name",
        tx.ws, tx.now(),
    )  # fmt: skip
    return [str(row[0]) for row in rows]


def _agent(tx: Tx, row: tuple[object, ...]) -> Agent:
    number, name, role, email, profile, presence, until = row
    can = {what: value for what, value in json.loads(str(profile)).items() if what in _PROFILE}
    told = can | {"name": name, "role": role, "email": email, "presence": presence}
    shown = {"id": tx.ids.show("agent", cast("int", number))}
    ends = {"present_until": moment(cast("int", until))} if until is not None else {}
    return Agent.model_validate(told | shown | ends)
