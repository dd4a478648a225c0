"""The benches `durable` and `parse`: what they count is judged here, on every machine; what they time never is."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from bench.counting import count
from bench.durable import Measured, Scenario, check, goals, measure, row, run, tape_of
from bench.interleave import Lap, percentile, ratio, rounds, table
from bench.payloads import payloads
from bench.tape import Said, groups, replay
from bench.webhooks import webhook, webhooks

from bench import durable, parse
from omnichannel.model import Received


@pytest.fixture(autouse=True)
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the benches find is left here, and not in the cache of whoever runs the tests."""
    monkeypatch.setenv("OMNICHANNEL_BENCH_RESULTS", str(tmp_path / "results"))


FEW = Scenario("one message", 8, 60)
TEN = Scenario("batch of ten", 2, 60, per_webhook=10)
ANSWERED = Scenario("answered", 8, 30, answers=True)


# -------------------------------------------------------------------------------------------------- counters


@pytest.mark.parametrize(("per_webhook", "statements"), [(1, 0.2), (10, 0.2)])
def test_a_message_costs_so_much_and_no_more(tmp_path: Path, per_webhook: int, statements: float) -> None:
    """One validation of the message and of its text, none of who wrote before; few statements, fewer commits."""
    counted = count(tmp_path / "a.db", 100, per_webhook)
    # A delivery is made where it arrives, and once more where it is read.
    assert counted.validations.pop("Delivery") <= 2 / per_webhook
    assert counted.validations == {"Received": 1, "Text": 1}
    assert counted.statements <= statements
    assert counted.commits <= 1 / 32


_WHOLE = re.compile(r"SCAN (?!CONSTANT ROW)|\(workspace=\?\)$")  # a constant row is no table
# What holds only what waits is taken from its beginning, a few at a time.
# What comes before its message is at most ten thousand on an account, and looked through once an hour.
# Whether there is anything at all is asked by its first row. Of the index of words there is one row a workspace. Who was
# blocked and is listened to again are few.
_WAITING = re.compile(
    r"USING (?:COVERING )?INDEX (?:deliveries_waiting|todo_turn|addresses_frozen|blocks_mark|blocks_lifted) |(?:unstudied|erased|early) USING PRIMARY KEY |SEARCH indexed "
)


def test_no_statement_walks_a_whole_table(tmp_path: Path) -> None:
    """What a message costs must not grow with what is stored: every statement finds its rows by an index."""
    path = tmp_path / "a.db"
    said = {one.sql: one for one in tape_of(path, ANSWERED, webhooks(ANSWERED.messages))}
    walks: list[tuple[str, str]] = []
    with closing(sqlite3.connect(path)) as connection:
        for sql, one in said.items():
            steps = connection.execute(f"EXPLAIN QUERY PLAN {sql}", one.some).fetchall()
            walks += [(sql, how) for *_, how in steps if _WHOLE.search(how) and not _WAITING.search(how)]
    assert len(said) > 20
    assert walks == []


# --------------------------------------------------------------------------------------------------- durable


@pytest.mark.parametrize("scenario", [FEW, TEN, ANSWERED])
def test_both_contestants_store_everything(tmp_path: Path, scenario: Scenario) -> None:
    """A short slice: each run is checked inside, and the bare loop writes down what ours wrote."""
    measured = measure(tmp_path, scenario, 2)
    assert [len(measured.ours), len(measured.reference)] == [2, 2]
    assert all(len(one.acks) == scenario.messages / scenario.per_webhook for one in measured.ours)
    assert all(one.commits > 0 for one in measured.ours)
    assert len(row(measured)) == len(durable.HEAD)


def test_the_bare_loop_writes_the_same_rows(tmp_path: Path) -> None:
    """The same statements with the same values: the same messages in the same conversations."""
    ours, bare = tmp_path / "ours.db", tmp_path / "bare.db"
    replay(bare, groups(tape_of(ours, FEW, webhooks(FEW.messages))))
    assert rows(ours) == rows(bare)
    assert len(rows(ours)) == FEW.messages


def rows(path: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT * FROM messages ORDER BY id").fetchall()


def test_a_run_that_lost_something_is_no_run(tmp_path: Path) -> None:
    """Speed is worth nothing where a message is missing."""
    path = tmp_path / "a.db"
    run(path, FEW, webhooks(FEW.messages))
    check(path, FEW)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("DELETE FROM messages WHERE id = (SELECT max(id) FROM messages)")
    with pytest.raises(AssertionError, match="59"):
        check(path, FEW)


def test_the_bare_loop_commits_every_hundred_messages() -> None:
    """Commits fall before a message's first statement."""
    message = [Said(False, "INSERT INTO externals …", ()), Said(False, "INSERT INTO messages …", ())]
    tape = [Said(False, "INSERT INTO deliveries …", ()), *message * 250]
    assert [len(group) for group in groups(tape)] == [201, 200, 100]


@pytest.mark.parametrize(
    ("scenario", "wall", "met"),
    [
        (Scenario("one message", 128, 1), 0.49, [False]),
        (Scenario("one message", 128, 1), 0.5, [True]),
        (Scenario("one message", 16, 1), 0.1, []),
        (Scenario("answered", 128, 1), 0.1, []),
    ],
)
def test_the_goal_is_half_of_the_bare_loop_with_128_in_flight(
    scenario: Scenario, wall: float, met: list[bool]
) -> None:
    assert [goal.met for goal in goals([Measured(scenario, Lap(wall, 1.0), [], [], 0)])] == met


def test_webhooks_are_as_large_as_they_say() -> None:
    """600 bytes a message, ids of their own, 997 people."""
    assert len(webhook([5]).body) == 600
    events = [
        event
        for each in webhooks(1000, 10)
        for event in parse.read(payloads()[0]._replace(delivery=durable.delivery(each)))
    ]
    assert len({event.external_id for event in events}) == 1000
    assert len({event.sender.address.value for event in events}) == 997


def test_the_command_prints_its_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever the time says, the table is there, and the status is 0 or 1."""
    arguments = ["--rounds", "1", "--in-flight", "512", "--share", "0.02", "--folder", str(tmp_path)]
    assert durable.main(arguments) == 0  # the goal is about 128 in flight
    assert "one message" in capsys.readouterr().out


# ----------------------------------------------------------------------------------------------------- parse


def test_every_payload_is_messages_and_the_reference_validates_to_the_same(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The bare validation is of the same result; `measure` compares them before it times anything."""
    assert parse.main(["--rounds", "1", "--times", "1"]) in (0, 1)
    shown = capsys.readouterr().out
    assert all(payload.what in shown for payload in payloads())


def test_a_payload_that_is_not_understood_stops_the_bench() -> None:
    """What is ignored quickly would look fast."""
    payload = payloads()[0]
    nothing = payload.delivery.model_copy(update={"body": b'{"object": "page", "entry": [{"id": "0"}]}'})
    with pytest.raises(AssertionError):
        parse.read(payload._replace(delivery=nothing))


def test_the_mail_is_of_five_kilobytes() -> None:
    [mail] = [payload for payload in payloads() if payload.what.startswith("e-mail")]
    assert 4500 < len(mail.delivery.body) < 5500
    [message] = parse.read(mail)
    assert isinstance(message, Received)
    assert message.quoted
    assert message.text.startswith("Dear shop")


# ------------------------------------------------------------------------------------------------ interleave


def test_contestants_take_turns_and_each_begins_a_round() -> None:
    order: list[str] = []

    def contestant(name: str) -> Lap:
        order.append(name)
        return Lap(1.0, 1.0)

    rounds({name: lambda name=name: contestant(name) for name in "ab"}, 3)  # type: ignore[misc]
    assert order == ["a", "b", "b", "a", "a", "b"]


def test_the_ratio_is_the_median_of_the_rounds() -> None:
    """Of each round's own ratio: a round in which the machine was busy is busy for both."""
    ours = [Lap(2.0, 4.0), Lap(20.0, 40.0), Lap(2.0, 4.0)]
    theirs = [Lap(1.0, 1.0), Lap(10.0, 10.0), Lap(8.0, 8.0)]
    assert ratio(ours, theirs) == Lap(0.5, 0.25)


def test_tables_and_percentiles() -> None:
    assert (
        table(("what", "n"), [("a", "10"), ("long one", "2")]) == "what       n\na         10\nlong one   2"
    )
    assert [percentile(range(100), share) for share in (0.5, 0.99, 1.0)] == [50, 99, 99]
