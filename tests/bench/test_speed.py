"""The benches of speed, each on a slice: what they count is judged here, on every machine; what they time never is."""

from __future__ import annotations

import asyncio
import gc
import json
import shutil
import sqlite3
import weakref
from contextlib import closing
from pathlib import Path

import pytest
from bench.durable import hand_over, work
from bench.mail.__main__ import main as mail
from bench.outcome import Goal, finish, last
from bench.peers.bodies import KINDS, slack_text
from bench.peers.ours import channel, delivery
from bench.scale.__main__ import main as scale
from bench.scale.filling import EACH, fill
from bench.webhooks import FIRST_PERSON, PAGE, open_inbox, webhook, webhooks

from bench import groupcommit, http, table
from bench import webhook as webhook_bench
from omnichannel.model import Address, Received


@pytest.fixture(autouse=True)
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the benches leave what they found: not in the cache of whoever runs the tests."""
    monkeypatch.setenv("OMNICHANNEL_BENCH_RESULTS", str(tmp_path / "results"))
    monkeypatch.delenv("OMNICHANNEL_BENCH_NODE", raising=False)
    return tmp_path / "results"


# ------------------------------------------------------------------------------------------------- bodies, goals


@pytest.mark.parametrize("kind", KINDS)
def test_every_body_is_as_many_messages_as_it_says_and_none_twice(kind: str) -> None:
    """Signed as the platform signs: a refused or half read body would be fast."""
    account, ids = channel(kind), set[str]()
    for number in range(5):
        post = KINDS[kind](number)
        came = delivery(account.name, post)
        assert account.admit(came).status == 200
        events = list(account.parse(came))
        assert len(events) == post.messages
        ids |= {event.external_id for event in events if isinstance(event, Received)}
    assert len(ids) == 5 * KINDS[kind](0).messages


def test_a_body_of_slack_is_about_as_large_as_what_it_is_set_beside() -> None:
    assert 0.7 < len(slack_text(1).body) / len(KINDS["Messenger text"](1).body) < 1.3


def test_a_goal_is_a_least_or_a_most() -> None:
    assert [Goal("a", 2, 2).met, Goal("a", 1.9, 2).met] == [True, False]
    assert [Goal("a", 2, 2, most=True).met, Goal("a", 2.1, 2, most=True).met] == [True, False]


def test_what_was_found_is_kept_for_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert table.main([]) == 1, "nothing was run yet"
    assert finish("http", "a table", [Goal("rows", 1, 1), Goal("CPU", 0.2, 0.3)]) == 1
    assert "MISSED CPU: 0.2 (at least 0.3)" in capsys.readouterr().out
    assert finish("mail", "a table", [Goal("memory", 2, 5, most=True)]) == 0
    assert last("http")[1] == Goal("CPU", 0.2, 0.3)
    capsys.readouterr()
    assert table.main([]) == 0
    assert capsys.readouterr().out.splitlines()[2:] == [
        "| `http` | rows | 1.00 | ≥ 1 | met |",
        "| `http` | CPU | 0.20 | ≥ 0.3 | missed |",
        "| `mail` | memory | 2.00 | ≤ 5 | met |",
    ]


# ---------------------------------------------------------------------------------------------------- counters


def test_every_message_of_a_batch_is_handled_once(tmp_path: Path) -> None:
    """Handled == sent, where platforms send ten at once."""
    found = webhook_bench.measure("WhatsApp, ten at once", tmp_path, 40, 1)
    assert [(one.handled, one.sent) for one in found if one.peer == "ours"] == [(40, 40)]
    assert webhook_bench.goal(found[0]).met


async def test_taking_messages_leaves_no_objects_behind(tmp_path: Path) -> None:
    """Memory is flat: what a message made is gone when it is stored. Counted, because sizes depend on the machine."""
    counts = []
    async with open_inbox(tmp_path / "a.db") as inbox:
        for turn in range(4):
            given = [webhook([turn * 100 + number], people=100) for number in range(100)]
            # Taken back from what a run put in its way before.
            for name in ("read", "handle_message", "look_up", "lease_calls"):
                inbox.__dict__.pop(name, None)
            await asyncio.gather(hand_over(inbox, given, 16), work(inbox, 100, 100))
            del given
            gc.collect()
            # Tasks that have ended leave weak references behind, which are taken away in bulk.
            counts.append(sum(type(one) is not weakref.ReferenceType for one in gc.get_objects()))
    assert counts[3] - counts[1] < 100, "less than an object for two messages"


# --------------------------------------------------------------------------------------------------- commands


def test_the_http_bench_serves_over_a_real_server(capsys: pytest.CaptureFixture[str]) -> None:
    assert http.main(["--rounds", "1", "--requests", "40"]) in (0, 1)
    assert "durable" in capsys.readouterr().out
    assert last("http")[-1] == Goal("rows for each 200", 1, 1)


@pytest.mark.skipif(shutil.which("cc") is None, reason="no C compiler")
def test_the_group_commit_bench_counts_commits(capfd: pytest.CaptureFixture[str]) -> None:
    assert groupcommit.main(["--rounds", "1", "--messages", "100"]) in (0, 1)
    assert "commits a message" in capfd.readouterr().out
    assert last("groupcommit")[1].what == "commits a message"


def test_without_a_compiler_it_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    assert groupcommit.main([]) == 2
    assert "no C compiler" in capsys.readouterr().err


@pytest.mark.slow
def test_the_mail_bench_stores_what_it_fetches(capsys: pytest.CaptureFixture[str]) -> None:
    assert mail(["--rounds", "1", "--mails", "5"]) in (0, 1)
    shown = capsys.readouterr().out
    assert "standard library" in shown
    assert "fetched until stored" in shown
    assert last("mail")[-1].found < 10, "a mail of 5 MB fits into a few times its size"


@pytest.mark.slow
def test_the_scale_bench_measures_every_store(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--sizes", "100,400", "--rounds", "1", "--messages", "20", "--memory", "400"]
    assert scale(arguments) in (0, 1)
    assert "importing the package" in capsys.readouterr().out
    assert [goal.most for goal in last("scale")] == [True] * 4


def test_what_is_kept_can_be_read_by_people(results: Path) -> None:
    finish("pg", "a table\nof lines", [])
    assert json.loads((results / "pg.json").read_text())["shown"].startswith("a table\nof lines\n")


# ---------------------------------------------------------------------------------------------------- filling


async def test_a_filled_store_goes_on_as_if_it_had_taken_every_message(tmp_path: Path) -> None:
    """The rows are those that taking them one by one would write: the next message finds its person and its thread."""
    path = tmp_path / "a.db"
    assert fill(path, 200) == 10
    async with open_inbox(path) as inbox:
        await asyncio.gather(hand_over(inbox, webhooks(1), 1), work(inbox, 1, 1))
        person = Address(kind="messenger", scope=PAGE, value=str(FIRST_PERSON))
        customer = await inbox.customers.find(person)
        assert customer is not None
        timeline = await inbox.customers.timeline(customer.id)
        assert [message.seq for message in timeline] == list(range(1, EACH + 2))
        assert len({message.conversation for message in timeline}) == 1
        assert len(await inbox.conversations.open(most=100)) == 10
    assert columns(path, "id <= (SELECT MIN(id) FROM messages)") == columns(
        path, "id = (SELECT MAX(id) FROM messages)"
    )


def columns(path: Path, where: str) -> list[object]:
    """What is the same in every plain message of one account."""
    with closing(sqlite3.connect(path)) as connection:
        return list(
            connection.execute(
                "SELECT account, kind, direction, public, agent, strength, because, typeof(content), typeof(delivery)"
                f" FROM messages WHERE {where}"
            ).fetchone()
        )
