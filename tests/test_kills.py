"""`kill -9` of a real process loses nothing: a short slice of `python -m bench kills`, and what judges it.

A platform in this process, an inbox in another, HTTP between them, a SQLite file that survives.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from bench.kills.__main__ import Kill, Story, Told, never_crossed, nursery, table, tell
from bench.kills.platform import Platform
from bench.kills.points import POINTS, Death, Ledger
from bench.kills.server import VICTIMS, Server, server
from bench.kills.verdict import Census, Verdict, judge

from omnichannel import Message
from omnichannel.model import Delivered, Direction, Happening, Text

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and SIGKILL")

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def live_through(
    stories: Sequence[Story], folder: Path, *, patience: float = 60.0, place: Server | None = None
) -> Told:
    async def run() -> Told:
        told = Told()
        async with nursery(folder, place) as young:
            for story in stories:
                told.add(await tell(story, young, patience=patience))
        return told

    return asyncio.run(run())


def exactly(point: str, nth: int = 1) -> Kill:
    return Kill(20.0, point, nth)


class TestKills:
    def test_nothing_is_lost_and_nothing_is_done_twice(self, disk):
        """25 kills: at every boundary once, and at random moments; with echoes, and without."""
        chance = random.Random(7)
        at_random = [Kill(chance.uniform(0.02, 0.4)) for _ in range(11)]
        kills = chance.sample([*map(exactly, POINTS), *at_random], 25)
        told = live_through(
            [
                Story("with", tuple(kills[:13]), echoes=True),
                Story("without", tuple(kills[13:]), echoes=False),
            ],
            disk,
        )
        assert told.faults == []
        assert never_crossed(told) == []
        assert told.figures["exact"] + told.figures["random"] == 25
        assert told.figures["acked"] == told.figures["written"] == told.figures["stored"] > 0
        assert told.figures["sent"] > 0
        assert "lost: 0, stored twice: 0" in table(told)

    @pytest.mark.slow
    def test_nothing_is_lost_when_the_server_is_killed(self, disk):
        """Ours, one process of PostgreSQL, and all of it at once."""
        kills = [Kill(0.3, victim=victim) for victim in (*VICTIMS, *VICTIMS)]
        with server("test") as place:
            told = live_through([Story("servers", tuple(kills), echoes=True)], disk, place=place)
        assert told.faults == []
        assert (told.figures["backend"], told.figures["server"]) == (2, 2)
        assert told.figures["acked"] == told.figures["written"] == told.figures["stored"] > 0

    @pytest.mark.parametrize(
        ("fault", "point", "found"),
        [
            ("ack-before-commit", "before keep", "acknowledged, and lost"),
            ("handled-before-replies", "after handle", "not answered"),
            ("resend-in-doubt", "after send", "sent 2 times"),
        ],
    )
    def test_a_planted_fault_is_found(self, disk, fault, point, found):
        """What finds nothing proves nothing; `--faults` plants all of them."""
        kills = tuple(exactly(point, nth) for nth in (1, 2))
        told = live_through([Story("fault", kills, echoes=False, fault=fault)], disk, patience=3.0)
        assert any(found in one for one in told.faults)


class TestLedger:
    """What a process counted is known after its death."""

    @pytest.fixture
    def ledger(self, tmp_path) -> Ledger:
        return Ledger(tmp_path / "ledger")

    def die_in_a_fork(self, ledger: Ledger, point: str, nth: int) -> int:
        pid = os.fork()
        if pid == 0:
            death = Death(Ledger(ledger.path), point, nth)
            for _ in range(5):
                death.cross("before keep")
                death.cross("after keep")
            os._exit(0)
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])

    def test_a_process_dies_at_the_very_crossing(self, ledger):
        assert self.die_in_a_fork(ledger, "after keep", 3) == -signal.SIGKILL
        assert (ledger["before keep"], ledger["after keep"], ledger["died"]) == (3, 3, 1)

    def test_without_a_point_it_lives(self, ledger):
        assert self.die_in_a_fork(ledger, "", 1) == 0
        assert (ledger["before keep"], ledger["died"]) == (5, 0)

    def test_it_tells_where_a_process_was(self, ledger):
        assert ledger.where() == ["starting"]
        ledger["serving"] = 1
        assert ledger.where() == ["between steps"]
        ledger["committing keep"] = ledger["before send"] = 1
        assert ledger.where() == ["committing keep", "sending send"]


class World:
    """One customer who wrote one message, that was answered by one call, that arrived: all is well."""

    def __init__(self) -> None:
        self.platform = Platform("test", echoes=True)
        self.mid = self.platform.write("Ann", "Hello")
        self.platform.written[self.mid] = self.platform.person("Ann")
        self.platform.acked.add(self.mid)
        self.heard = [self.message("1", 1, Direction.INBOUND, external_id=self.mid)]
        self.calls = [Delivered(call="c", status="sent")]
        self.answers = 1
        self.happenings: list[Happening] = []
        self.parked: list[str] = []
        self.arrive()

    def message(self, name: str, seq: int, direction: Direction, **more: object) -> Message:
        return Message(
            id=name, conversation="k", seq=seq, direction=direction, sent_at=NOON, received_at=NOON, **more
        )

    def arrive(self, correlator: str = "r1/0") -> None:
        asyncio.run(self.platform.say(self.platform.person("Ann"), "Hi", metadata=correlator))

    def happened(self, what: str) -> None:
        self.happenings.append(Happening(id="h", what=what, at=NOON, message="r1"))

    def judged(self) -> Verdict:
        replies = [
            self.message(
                f"r{number}", len(self.heard) + number, Direction.OUTBOUND,
                parts=(Text(text=f"{self.mid}: thank you."),), sendings=tuple(self.calls),
            )
            for number in range(1, self.answers + 1)
        ]  # fmt: skip
        return judge(Census(self.heard, replies, self.happenings, self.parked), self.platform)


def lose(world: World) -> None:
    world.heard.clear()
    world.answers = 0


def store_twice(world: World) -> None:
    world.heard.append(world.message("2", 2, Direction.INBOUND, external_id=world.mid))


def invent(world: World) -> None:
    world.heard.append(world.message("2", 2, Direction.INBOUND, external_id="m_nobody"))


def leave_a_gap(world: World) -> None:
    world.heard[0] = world.message("1", 9, Direction.INBOUND, external_id=world.mid)


def answer(times: int):
    return lambda world: setattr(world, "answers", times)


def calls(*statuses: str):
    return lambda world: setattr(world, "calls", [Delivered(call="c", status=status) for status in statuses])


def never_arrive(world: World) -> None:
    world.platform.person("Ann").thread.clear()


def arrive_backwards(world: World) -> None:
    never_arrive(world)
    calls("sent", "sent")(world)
    world.arrive("r1/1")
    world.arrive("r1/0")


def doubt_silently(world: World) -> None:
    never_arrive(world)
    calls("unknown")(world)


class TestVerdict:
    """The judge sees each kind of harm, and none where there is none."""

    def test_all_is_well(self):
        verdict = World().judged()
        assert verdict.faults == []
        assert verdict.figures["acked"] == verdict.figures["stored"] == verdict.figures["seen"] == 1

    @pytest.mark.parametrize(
        ("harm", "found"),
        [
            (lose, "acknowledged, and lost"),
            (store_twice, "stored 2 times"),
            (invent, "no customer wrote it"),
            (leave_a_gap, "numbering has gaps"),
            (lambda world: world.parked.append("delivery: no"), "parked: delivery: no"),
            (lambda world: setattr(world.platform, "forged_taken", 1), "forged webhooks were answered"),
            (answer(0), "not answered"),
            (answer(2), "answered 2 times"),
            (calls(), "said outside"),
            (never_arrive, "never had it"),
            (calls("failed"), "the platform has it, on record as failed"),
            (calls("sent", "failed"), "r1/1: failed"),
            (calls("sent", "queued"), "r1/1: still queued"),
            (calls("sending"), "on record as sending"),
            (calls("unknown"), "in doubt, although its echo proves it"),
            (lambda world: world.happened("message.unknown"), "a doubt ended without a proof"),
            (doubt_silently, "in doubt, and nobody was told"),
            (World.arrive, "sent 2 times"),
            (lambda world: world.arrive("elsewhere/0"), "sent, and not on record"),
            (arrive_backwards, "overtook each other"),
        ],
    )  # fmt: skip
    def test_harm_is_seen(self, harm, found):
        world = World()
        harm(world)
        assert any(found in fault for fault in world.judged().faults)

    def test_a_doubt_without_an_echo_is_no_harm_but_counted(self):
        """What is in doubt is shown, and holds the rest of its own message."""
        world = World()
        never_arrive(world)
        calls("unknown", "queued")(world)
        world.happened("message.unknown")
        verdict = world.judged()
        assert verdict.faults == []
        assert (verdict.figures["unknown"], verdict.figures["held"]) == (1, 1)

    def test_an_echo_ends_a_doubt(self):
        world = World()
        world.happened("message.unknown")
        world.calls = [Delivered(call="c", status="sent", detail="seen coming back")]
        verdict = world.judged()
        assert verdict.faults == []
        assert (verdict.figures["in_doubt"], verdict.figures["proven"]) == (1, 1)
