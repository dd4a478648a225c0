"""Rooms with a desk, on every engine."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator

import pytest

from tests.desk.room import PLAN, Plan, Room
from tests.engines import HandClock


@pytest.fixture
def rooms(url: str, clock: HandClock) -> Iterator[Callable[..., Room]]:
    """Makes rooms, and closes them after the test."""
    made: list[Room] = []

    def make(plan: Plan = PLAN, workspace: str = "default") -> Room:
        made.append(Room(url, clock, plan, workspace))
        return made[-1]

    yield make
    for room in made:
        asyncio.run(room.close())


@pytest.fixture
def room(rooms: Callable[..., Room]) -> Room:
    return rooms()
