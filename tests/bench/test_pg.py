"""`python -m bench pg`: what it counts is judged here, and each of its contestants stores everything."""

from __future__ import annotations

import pytest
from bench.interleave import Lap
from bench.pg.__main__ import IN_FLIGHT, Ours, check, distance, raw, report
from bench.pg.tape import by_webhook, in_a_pipeline, one_by_one, prepared
from bench.tape import groups
from bench.webhooks import webhooks

from tests.engines import Postgres

MESSAGES = 60


class Place:
    """The tests' server as the bench wants one."""

    def __init__(self, server: Postgres) -> None:
        self._server = server

    def fresh(self, name: str) -> str:
        return self._server.empty()


@pytest.fixture
def ours(postgres: Postgres) -> Ours:
    return Ours(Place(postgres))  # type: ignore[arg-type]


def test_a_message_costs_so_many_round_trips_and_no_more(ours: Ours) -> None:
    """From people who never wrote before, which is the dearest; all sixty share a few dozen. What begins and ends a transaction is shared."""
    ours.run(webhooks(MESSAGES), MESSAGES)
    trips = ours.trips[MESSAGES]
    assert trips.all / MESSAGES <= 0.9
    assert trips.commits <= MESSAGES / 4


def test_a_commit_waits_so_often_and_no_more(ours: Ours) -> None:
    """However many share it. What is written, and that it begins, goes along with what is asked (it was 34)."""
    ours.run(webhooks(256), IN_FLIGHT)
    trips = ours.trips[IN_FLIGHT]
    assert trips.all / trips.commits <= 21


def test_a_distance_costs_what_is_waited_for(ours: Ours, capsys: pytest.CaptureFixture[str]) -> None:
    """Behind a line that takes its time everything is stored as well; what it took is printed, and not judged."""
    assert distance(ours, webhooks(20), 1, 0.5) == 0
    assert "0.5 ms away" in capsys.readouterr().out


def test_everybody_stores_everything(ours: Ours) -> None:
    hooks = webhooks(MESSAGES)
    tape = ours.tape(hooks)
    assert len(list(by_webhook(ours.tape_of_each(hooks)))) >= MESSAGES
    for how in (one_by_one, in_a_pipeline):
        url = ours.fresh()
        prepared(url)
        how(url, groups(tape))
        check(url, MESSAGES)
    assert raw(ours, hooks).wall > 0


def test_what_is_missing_is_seen(ours: Ours) -> None:
    url = ours.fresh()
    prepared(url)
    with pytest.raises(AssertionError, match="not 1"):
        check(url, 1)


@pytest.mark.parametrize(("wall", "status"), [(0.1, 0), (10.0, 1)])
def test_the_goal_decides(capsys: pytest.CaptureFixture[str], wall: float, status: int) -> None:
    laps = {
        "raw table, 100 a statement": [Lap(0.1, 0.1)],
        "a transaction per webhook": [Lap(3.0, 0.1)],
        "ours, 128 in flight": [Lap(wall, 0.1)],
    }
    assert report(laps, {}, 100) == status
    assert ("MISSED" in capsys.readouterr().out) is bool(status)
