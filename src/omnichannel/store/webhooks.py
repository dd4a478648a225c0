"""Which other systems are told by webhook, with which secrets, and what the last attempt came to.

How far each of them is stands with the other followers (`following`), under the same name.
"""

from __future__ import annotations

import json
from typing import NamedTuple, cast

from omnichannel.errors import NotFound
from omnichannel.model.following import Includes
from omnichannel.store.tx import Tx, marks

ACTIVE, PAUSED, FAILED, GONE = range(4)

_COLUMNS = "name, url, wants, includes, private, salts, state, attempts, due_at, answer, failing_since"


class Salt(NamedTuple):
    """What a secret is derived with, in hexadecimal, and until when it counts; None: until further notice."""

    hexadecimal: str
    until: int | None = None


class Settings(NamedTuple):
    """What somebody decided of an endpoint."""

    name: str
    url: str
    wants: tuple[str, ...] = ()
    includes: tuple[Includes, ...] = ()
    private: bool = False
    salts: tuple[Salt, ...] = ()


class Registered(NamedTuple):
    """An endpoint, and how it is doing."""

    settings: Settings
    state: int
    attempts: int
    due_at: int
    answer: str
    failing_since: int | None


def put(tx: Tx, settings: Settings) -> None:
    """Register an endpoint, or give one other settings."""
    tx.run(
        f"INSERT INTO webhooks (workspace, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0, 0, '', NULL)"
        " ON CONFLICT (workspace, name) DO UPDATE SET url = excluded.url, wants = excluded.wants,"
        " includes = excluded.includes, private = excluded.private, salts = excluded.salts",
        tx.ws, settings.name, settings.url, json.dumps(settings.wants), json.dumps(settings.includes),
        int(settings.private), json.dumps(settings.salts),
    )  # fmt: skip


def find(tx: Tx, name: str) -> Registered | None:
    """An endpoint by name; None if there is none."""
    row = tx.one(f"SELECT {_COLUMNS} FROM webhooks WHERE workspace = ? AND name = ?", tx.ws, name)
    return _registered(row) if row else None


def get(tx: Tx, name: str) -> Registered:
    """An endpoint by name; raises NotFound."""
    found = find(tx, name)
    if found is None:
        raise NotFound(f"no endpoint is called {name!r} in this workspace")
    return found


def hold(tx: Tx, name: str) -> Registered:
    """The same for whoever changes it: nobody else does before the commit. Raises NotFound."""
    if tx.skip_locked:  # else there is one writer at a time
        tx.all("SELECT 1 FROM webhooks WHERE workspace = ? AND name = ? FOR UPDATE", tx.ws, name)
    return get(tx, name)


def every(tx: Tx) -> list[Registered]:
    """All of them, by name."""
    rows = tx.all(f"SELECT {_COLUMNS} FROM webhooks WHERE workspace = ? ORDER BY name", tx.ws)
    return [_registered(row) for row in rows]


def _registered(row: tuple[object, ...]) -> Registered:
    name, url, wants, includes, private, salts, state, attempts, due_at, answer, failing_since = row
    settings = Settings(
        str(name), str(url), tuple(json.loads(str(wants))), tuple(json.loads(str(includes))), bool(private),
        tuple(Salt(*salt) for salt in json.loads(str(salts))),
    )  # fmt: skip
    numbers = cast("tuple[int, int, int]", (state, attempts, due_at))
    return Registered(settings, *numbers, str(answer), cast("int | None", failing_since))


def due(tx: Tx, configured: tuple[str, ...]) -> list[Registered]:
    """Endpoints that somebody here may tell something now, if there is anything: those first that waited longest.

    `configured` are those whose secrets are known here though they are not in the store.
    """
    ours = f"(w.salts <> '[]' OR w.name IN ({marks(configured)}))" if configured else "w.salts <> '[]'"
    columns = ", ".join(f"w.{column}" for column in _COLUMNS.split(", "))
    rows = tx.all(
        f"SELECT {columns} FROM webhooks AS w"
        " JOIN followers AS f ON f.workspace = w.workspace AND f.name = w.name"
        f" WHERE w.workspace = ? AND {ours} AND w.state = 0 AND w.due_at <= ? AND f.lease_until <= ?"
        " ORDER BY COALESCE(f.at, 0), w.name",
        tx.ws, *configured, tx.now(), tx.now(),
    )  # fmt: skip
    return [_registered(row) for row in rows]


def well(tx: Tx, name: str) -> None:
    """It took a notice: whatever was wrong with it is over."""
    tx.run(
        "UPDATE webhooks SET attempts = 0, due_at = 0, answer = '', failing_since = NULL"
        " WHERE workspace = ? AND name = ? AND failing_since IS NOT NULL",
        tx.ws, name,
    )  # fmt: skip


def failing(tx: Tx, name: str, due_at: int, answer: str) -> None:
    """It did not take a notice: try that one again at a moment."""
    tx.run(
        "UPDATE webhooks SET attempts = attempts + 1, due_at = ?, answer = ?,"
        " failing_since = COALESCE(failing_since, ?) WHERE workspace = ? AND name = ?",
        due_at, answer, tx.now(), tx.ws, name,
    )  # fmt: skip


def switch(tx: Tx, name: str, state: int, answer: str) -> None:
    """Pause it, give it up, or tell it things again, from the first attempt on; `answer` says why."""
    again = ", attempts = 0, due_at = 0" if state == ACTIVE else ""
    tx.run(
        f"UPDATE webhooks SET state = ?, answer = ?{again} WHERE workspace = ? AND name = ?",
        state, answer, tx.ws, name,
    )  # fmt: skip


def remove(tx: Tx, name: str) -> None:
    """Tell it nothing any more, and forget it."""
    tx.run("DELETE FROM webhooks WHERE workspace = ? AND name = ?", tx.ws, name)
