"""`python -m bench routes`: rules tried out on what was asked before, beside the same question in bare SQL.

A store is filled with so many messages, twenty to a conversation, all of them a customer's and none answered, so that
every one of them is looked at. Then, in turn: `inbox.desk.routes.try_out`, which says of each conversation where it
would have gone, and why; and one statement that counts, with the same conditions as `LIKE`, how many each rule would
have taken. Both count the same, or the bench fails.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Sequence
from functools import partial
from statistics import median

from bench.interleave import Lap, ratio, rounds, table, timed
from bench.outcome import Goal, finish
from bench.places import Place, Say, options, wanted
from bench.search.filling import VOCABULARY, fill
from omnichannel import Inbox
from omnichannel.clock import SystemClock
from omnichannel.desk import Plan, Route, When
from omnichannel.model.desk import Intent, Likely, Reading
from omnichannel.store import Store, Tx

WORDS = (VOCABULARY[60], VOCABULARY[300], VOCABULARY[3000])
"""From a word in every few messages to one in thousands."""

BESIDE = 0.01
"""The goal: a hundredth of the speed of a statement that reads no message and gives no reason."""

_READ = Reading(intents=(Likely(intent=Intent.QUESTION, probability=0.9),), by="bench")


def rules() -> list[Route]:
    """By words, by account, and by what was read."""
    return [
        *(Route(name=word, when=When(words=(word,))) for word in reversed(WORDS)),
        Route(name="complaints", when=When(intents=(Intent.COMPLAINT,))),
        Route(name="shop", when=When(accounts=("shop",), intents=(Intent.QUESTION,))),
    ]


def by_hand(say: Say) -> dict[str, int]:
    """How many conversations each rule would take, by one statement."""
    likes = [f"MAX(CASE WHEN m.content LIKE '%{word}%' THEN 1 ELSE 0 END) = 1" for word in reversed(WORDS)]
    cases = " ".join(f"WHEN {like} THEN '{word}'" for like, word in zip(likes, reversed(WORDS), strict=True))
    last = "MAX(CASE WHEN m.seq = c.seq AND m.account = 'shop' THEN 1 ELSE 0 END) = 1"
    rows = say(
        "SELECT route, COUNT(*) FROM (SELECT m.conversation,"
        f" CASE {cases} WHEN MAX(r.intent) = 'complaint' THEN 'complaints'"
        f" WHEN {last} AND MAX(r.intent) = 'question' THEN 'shop' ELSE '' END AS route"
        " FROM conversations AS c"
        " JOIN messages AS m ON m.workspace = c.workspace AND m.conversation = c.id AND m.direction = 0"
        " JOIN readings AS r ON r.workspace = c.workspace AND r.conversation = c.id"
        " WHERE c.workspace = 1 GROUP BY m.conversation) AS routed GROUP BY route",
        (),
    )
    return {str(name): int(str(count)) for name, count in rows}


def read_all(url: str) -> int:
    """Write down for every conversation what was read of it; how many there are."""
    store = Store(url, "default", SystemClock())

    def job(tx: Tx) -> int:
        tx.run(
            "INSERT INTO readings (workspace, conversation, seq, at, intent, content)"
            " SELECT workspace, id, seq, last_at, 'question', ? FROM conversations WHERE workspace = ?",
            _READ.model_dump_json(exclude_defaults=True), tx.ws,
        )  # fmt: skip
        row = tx.one("SELECT COUNT(*) FROM conversations WHERE workspace = ?", tx.ws)
        return int(str(row[0])) if row else 0

    try:
        return store._engine.wait_for(lambda _: store._do(job))
    finally:
        store.close()


def measure(inbox: Inbox, run: Callable[..., object], say: Say, times: int) -> dict[str, list[Lap]]:
    """Both in turn, after they counted the same."""
    tried = partial(_tried, inbox, run)
    ours, theirs = {name: count for name, count in tried().items() if count}, by_hand(say)
    assert ours == theirs, f"{ours} and {theirs}"
    return rounds({"ours": lambda: timed(tried), "by hand": lambda: timed(lambda: by_hand(say))}, times)


def _tried(inbox: Inbox, run: Callable[..., object]) -> dict[str, int]:
    return run(inbox.desk.routes.try_out(rules())).by_route  # type: ignore[attr-defined, no-any-return]


HEAD = ("engine", "messages", "conversations", "seconds", "µs a message", "by hand s", "beside by hand")


def main(argv: Sequence[str]) -> int:
    """Print the table; 1 if the goal is missed."""
    parser = options("routes", __doc__, 3)
    parser.add_argument("--messages", type=int, default=20_000)
    given = parser.parse_args(argv)
    rows, goals = [], []
    for fresh in wanted(given):
        with fresh as place:
            talks, laps = run_one(place, given.messages, given.rounds)
        beside = ratio(laps["ours"], laps["by hand"]).wall
        rows.append(_row(place.engine, given.messages, talks, laps, beside))
        goals.append(Goal(f"{place.engine}: beside one statement by hand", beside, BESIDE))
    return finish("routes", table(HEAD, rows), goals)


def _row(
    engine: str, messages: int, talks: int, laps: dict[str, list[Lap]], beside: float
) -> tuple[str, ...]:
    ours, theirs = (median(lap.wall for lap in laps[name]) for name in ("ours", "by hand"))
    each = ours / messages * 1e6
    return (
        engine, f"{messages:,}", f"{talks:,}", f"{ours:.2f}", f"{each:.0f}", f"{theirs:.2f}", f"{beside:.3f}x"
    )  # fmt: skip


def run_one(place: Place, messages: int, times: int) -> tuple[int, dict[str, list[Lap]]]:
    """Fill a store, and ask both."""
    fill(place.url, messages)
    talks = read_all(place.url)
    inbox = Inbox(place.url, desk=Plan(routes=()))
    with asyncio.Runner() as runner:
        try:
            return talks, measure(inbox, runner.run, place.say, times)
        finally:
            runner.run(inbox.close())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
