"""A desk with an inbox on it, on an empty database."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from omnichannel import Rules
from tests.conftest import empty
from tests.engines import HandClock, Postgres
from tests.inbox.desk import Desk


@pytest.fixture(params=("memory", "postgres"))
def desk_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return empty(request.param, request, tmp_path)


@pytest.fixture
def desks(clock: HandClock) -> Iterator[Callable[..., Desk]]:
    """Makes desks, and closes their inboxes after the test."""
    made: list[Desk] = []

    def make(url: str, *, rules: Rules | None = None, workspace: str = "default") -> Desk:
        made.append(Desk(url, clock, rules=rules, workspace=workspace))
        return made[-1]

    yield make
    for desk in made:
        asyncio.run(desk.close())


@pytest.fixture
def desk(desk_url: str, desks: Callable[..., Desk]) -> Desk:
    return desks(desk_url)


@pytest.fixture
def handling(desk: Desk) -> Desk:
    """A desk whose one handler keeps what it was given."""

    @desk.inbox.on_message
    async def keep(incoming) -> None:
        desk.handled.append(incoming)

    return desk


@pytest.fixture
def two(postgres: Postgres, desks: Callable[..., Desk]) -> tuple[Desk, Desk]:
    """Two workers on one database."""
    url = postgres.ready()
    return desks(url), desks(url)
