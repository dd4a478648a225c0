"""`python -m bench views`: views over many cases beside a plain filter, and one thing done with many of them.

A store is filled with so many cases, most of them closed, on SQLite or PostgreSQL. Of each view: its count and its
first page, beside reading every case and asking it; both find as many, or the bench fails. Then an action on many
cases and its undoing, step by step: what a case costs, and how long one step has the desk to itself.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import NamedTuple

from bench.interleave import Lap, percentile, rounds, table, timed
from bench.outcome import Goal, finish
from bench.places import options, wanted
from omnichannel import Inbox
from omnichannel.desk import Action, Case, CustomField, Plan, Team, Wanted, Which
from omnichannel.desk.clocks import Course
from omnichannel.desk.queueing import Standing
from omnichannel.inbox.desk import batching
from omnichannel.model import Conversation
from omnichannel.store import Tx
from omnichannel.store.desk import cases

TEAMS = tuple(f"team{number}" for number in range(10))
PLAN = Plan(
    teams=tuple(Team(name=name) for name in TEAMS),
    give_out=False,
    case_fields={"order": CustomField(type="text"), "amount": CustomField(type="number")},
)
BEGUN = datetime(2026, 1, 1, tzinfo=UTC)
_OPEN, _TAGGED, _AT_ONCE = 0.2, 0.02, 1000
_SLOWEST = 1.0
"""The goal: no view is slower than reading every case."""


class Seen(NamedTuple):
    """A view, by its name, and the same asked of one case."""

    name: str
    which: Which
    holds: Callable[[Case], bool]


def views(many: int, now: datetime) -> list[Seen]:
    """From what nearly all are to what one is."""
    order, late = f"A-{many // 2}", now - timedelta(days=20)
    return [
        Seen("closed", Which(status="closed"), lambda one: not one.open),
        Seen("open in a team", Which(status="open", teams=("team3",)), lambda one: one.open and one.team == "team3"),
        Seen("somebody's", Which(assignees=("agent7",)), lambda one: one.assignee == "agent7"),
        Seen(
            "waiting for 20 days", Which(status="open", waiting_for=now - late),
            lambda one: one.open and one.asked_at is not None and one.asked_at <= late,
        ),
        Seen("a tag", Which(tags=("vip",)), lambda one: "vip" in one.tags),
        Seen("an order", Which(fields={"order": Wanted(one_of=(order,))}), lambda one: one.fields["order"] == order),
        Seen(
            "an amount", Which(fields={"amount": Wanted(least=10, most=20)}),
            lambda one: 10 <= float(str(one.fields["amount"])) <= 20,
        ),
        Seen(
            "neither tagged nor urgent, in two teams",
            Which(teams=TEAMS[:2], status="open", none=(Which(tags=("vip",)), Which(priorities=("urgent",)))),
            lambda one: one.open and one.team in TEAMS[:2] and "vip" not in one.tags and one.priority != "urgent",
        ),
    ]  # fmt: skip


def case(number: int, shown: str) -> Case:
    """Case so many: the same in every run."""
    chance = random.Random(number)
    at = BEGUN + timedelta(seconds=number)
    is_open = chance.random() < _OPEN
    talk = Conversation(
        id=shown,
        status="open" if is_open else "closed",
        assignee=f"agent{chance.randrange(50)}",
        opened_at=at,
        last_at=at,
    )
    return Case(
        conversation=talk,
        team=chance.choice(TEAMS),
        priority=chance.choice(("low", "normal", "urgent")),
        tags=("vip",) if chance.random() < _TAGGED else (),
        fields={"order": f"A-{number}", "amount": round(chance.expovariate(0.01), 2)},
        asked_at=at - timedelta(days=chance.randrange(40)) if is_open and chance.random() < 0.5 else None,
    )


def fill(tx: Tx, start: int, end: int) -> None:
    """Some conversations and their cases, as the desk leaves them."""
    at = int(BEGUN.timestamp()) * 1_000_000
    first = tx.ids.new()
    tx.run(
        "INSERT INTO addresses (workspace, id, kind, scope, value, name, written, strength, method, customer,"
        " first_seen)"
        " VALUES (?, ?, 'chat', '', ?, '', '', 'verified', 'platform_id', ?, ?)",
        tx.ws, first, f"w{start}", first, at,
    )  # fmt: skip
    for number in range(start, end):
        talk = tx.ids.new()
        made = case(number, tx.ids.show("conversation", talk))
        tx.run(
            "INSERT INTO conversations (workspace, id, subject, status, assignee, asker, opened_at, last_at, seq)"
            " VALUES (?, ?, '', ?, ?, ?, ?, ?, 0)",
            tx.ws, talk, int(not made.open), made.assignee, first, at, at,
        )  # fmt: skip
        cases.keep(tx, talk, made, 0, Course(), Standing(None, 1.0, None))
    tx.run("UPDATE desks SET walked = NULL WHERE workspace = ?", tx.ws)


def every(tx: Tx) -> list[Case]:
    """All cases, read."""
    rows = tx.all("SELECT conversation FROM cases WHERE workspace = ?", tx.ws)
    return list(cases.several(tx, [int(str(row[0])) for row in rows]).values())


def looked_at(
    inbox: Inbox, run: Callable[..., object], many: int, times: int
) -> Iterator[tuple[str, float, list[str]]]:
    """Every view: its name, how it does beside a plain filter, and its line of the table."""
    begun = time.perf_counter()
    everything: list[Case] = run(inbox.run_job(every))  # type: ignore[assignment]  # what the job gives
    read = time.perf_counter() - begun
    for seen in views(many, inbox.clock.now()):

        def plain(seen: Seen = seen) -> int:
            return sum(map(seen.holds, everything))

        def count(seen: Seen = seen) -> object:
            return run(inbox.desk.views.count(seen.which))

        def page(seen: Seen = seen) -> object:
            return run(inbox.desk.views.page(seen.which))

        expected = plain()
        assert count() == expected, f"{seen.name}: a plain filter finds {expected}"
        contestants = {"count": count, "page": page, "plain": plain}
        laps = rounds({name: lambda work=work: timed(work) for name, work in contestants.items()}, times)
        walls = {name: median(lap.wall for lap in found) for name, found in laps.items()}
        walls["plain"] += read  # of all of them, once
        slower = max(walls["count"], walls["page"]) / walls["plain"]
        yield (
            seen.name,
            slower,
            [seen.name, f"{expected:,}", *(f"{wall * 1e3:.1f}" for wall in walls.values())],
        )


async def many_at_once(inbox: Inbox, many: int) -> list[str]:
    """An action on so many cases and its undoing; what they cost."""
    bulk, talks = inbox.desk.bulk, []
    page = "first"
    while page and len(talks) < many:
        found = await inbox.desk.views.page(Which(), page="" if page == "first" else page, most=500)
        talks += [one.conversation.id for one in found.cases]
        page = found.page
    batch = await bulk.begin(talks[:many], Action(tags=("swept",), priority="low"))
    lines = []
    for name in ("changed", "undone"):
        steps: list[Lap] = []
        while (await bulk.progress(batch.id)).state not in ("done", "undone"):
            wall, cpu = time.perf_counter(), time.process_time()
            await batching.work_on(inbox, PLAN)
            steps.append(Lap(time.perf_counter() - wall, time.process_time() - cpu))
        done = await bulk.progress(batch.id)
        assert done.cases == done.changed + done.undone == min(many, len(talks))
        wall, cpu = ([getattr(one, what) * 1e3 for one in steps] for what in ("wall", "cpu"))
        each = f"{sum(wall) / done.cases:.2f} ms each (CPU {sum(cpu) / done.cases:.2f})"
        late = percentile(wall, 0.99)
        held = f"a step {median(wall):.0f} ms (CPU {median(cpu):.0f}), the 99th percentile {late:.0f} ms"
        lines.append(f"{done.cases:,} cases {name}: {each}; {held}")
        if name == "changed":
            await bulk.undo(batch.id)
    return lines


def run_one(url: str, many: int, bulk: int, times: int) -> tuple[list[str], list[tuple[str, float]]]:
    """Fill a store and measure; what is printed, and how each view does beside a plain filter."""
    with asyncio.Runner() as runner:
        inbox = Inbox(url, desk=PLAN)
        try:
            begun = time.perf_counter()
            for start in range(0, many, _AT_ONCE):
                end = min(start + _AT_ONCE, many)
                runner.run(inbox.run_job(lambda tx, start=start, end=end: fill(tx, start, end)))
            each = (time.perf_counter() - begun) / many * 1e3
            found = list(looked_at(inbox, runner.run, many, times))
            lines = [
                f"{many:,} cases, written in {each:.2f} ms each",
                table(("view", "cases", "count ms", "page ms", "plain ms"), [row for _, _, row in found]),
                *runner.run(many_at_once(inbox, bulk)),
            ]
        finally:
            runner.run(inbox.close())
    return lines, [(name, slower) for name, slower, _ in found]


def main(argv: Sequence[str]) -> int:
    """Print the tables; 1 if a goal is missed."""
    parser = options("views", __doc__, 3)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--bulk", type=int, default=1000, help="on how many of them something is done")
    given = parser.parse_args(argv)
    lines: list[str] = []
    goals: list[Goal] = []
    for fresh in wanted(given):
        with fresh as place:
            shown, found = run_one(place.url, given.cases, given.bulk, given.rounds)
        lines += [f"{place.engine}: {shown[0]}", *shown[1:]]
        goals += [
            Goal(f"{place.engine}, {name}: beside a plain filter", slower, _SLOWEST, most=True)
            for name, slower in found
        ]
    return finish("views", "\n".join(lines), goals)
