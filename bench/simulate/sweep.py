"""Every death of a small world: at each boundary that its workers cross, a copy of this process dies and recovers.

The world is played once. At every boundary, for every way to die there, the disk that would be left is given to
SQLite. If what SQLite recovers is what an earlier death in the same step of the loop left, then everything that the
library will ever see is the same, and so is the verdict. Otherwise this process is forked: the copy dies there and
goes on to the end of the scenario, with every invariant checked, while the first one waits and then plays on. A copy
is what `--die` plays from the beginning: the same deaths, the same trace.
"""

from __future__ import annotations

import asyncio
import gc
import os
import pickle
import zlib
from collections.abc import Iterator
from typing import NoReturn

from bench.simulate.deaths import INSIDE, ON_DISK, STALLS, STILL, Kill, spelled
from bench.simulate.disk import Image, Part
from bench.simulate.life import Life
from bench.simulate.plan import Plan, small
from bench.simulate.recovery import Recovery
from bench.simulate.scenario import Outcome, play_plan
from bench.simulate.tables import made_before
from bench.simulate.tally import Tally

_FATES = 3  # ways in which each power cut leaves what was not synced
_AGAIN = 96  # of so many boundaries in a recovery one is where it dies again, in every way
_DEEPEST = 2  # deaths, one after another

_Key = tuple[object, ...]


def swept(seed: str, *, one_in: int = 1) -> Tally:
    """Play the small world of a seed, and every death in it, or those in one of so many steps of the loop."""
    tally = sweep(small(seed), one_in=one_in)
    tally.worlds = 1
    return tally


def sweep(planned: Plan, *, one_in: int = 1) -> Tally:
    """Play a world, and every death in it, or those in one of so many steps of the loop."""
    one = Sweep(planned, one_in)
    gc.collect()
    gc.freeze()  # what is shared with the copies stays shared
    try:
        play_plan(planned, made_before(planned.wal, planned.tables), sweep=one)
    except BaseException as error:
        if one.path:
            one.leave(f"I14 the scenario broke: {type(error).__name__}: {error}")
        raise
    one.close()
    return one.tally


class Sweep:
    """Watches a world, and lets copies of it die. `path` is how this copy came to be; empty for the first."""

    def __init__(self, planned: Plan, one_in: int) -> None:
        self.path: list[Kill | None] = []
        self.tally = Tally()
        self._seed = planned.seed
        self._one_in = one_in
        self._recovery = Recovery(planned)
        self._step = -1
        self._seen: dict[_Key, list[Image]] = {}
        self._report = -1

    def death(self, life: Life, what: str, part: Part | None) -> Kill | None:
        """Called at each boundary; what this copy of the process dies of, or None: it is the one that lives on."""
        if life.world.healed or sum(map(bool, self.path)) >= _DEEPEST or not self._looks(life):
            return None
        if life.world.loop.steps != self._step:
            self._step, self._seen = life.world.loop.steps, {}
        for kill in _deaths(what, life.crossed[what]):
            if self._is_new(life, kill, part) and self._fork(life, kill):
                return kill
        return None

    def _looks(self, life: Life) -> bool:
        """In the first lives everywhere, or in whole steps of some of them; in those that recover, here and there."""
        if not self.path:
            return _drawn(f"{self._seed} {life.world.loop.steps}", self._one_in)
        return _drawn(f"{self._seed} {spelled(self.path)} {life.name} {life.crossed.total()}", _AGAIN)

    def _is_new(self, life: Life, kill: Kill, part: Part | None) -> bool:
        """Whether what this death leaves was not left in this step already; counted either way."""
        self.tally.scenarios += 1
        if kill.when == "stall":
            self.tally.fell[f"stall {kill.what}"] += 1
            return True  # nothing is lost, and everybody else goes on
        self.tally.fell[f"{'power cut' if kill.power else 'kill'} {kill.when} {kill.what}"] += 1
        content = self._recovery.of(life, kill, part)
        if content is None:
            return True
        world = life.world
        alone = kill.power and (sum(not one.dead for one in world.lives) > 1 or world.disk.full)
        at = () if kill.what in ON_DISK else (kill.what, kill.when)
        seen = self._seen.setdefault((life.name, alone, *at), [])
        if content in seen:
            return False
        seen.append(content)
        return True

    def _fork(self, life: Life, kill: Kill) -> bool:
        """Make a copy; True in the copy, False here once the copy has come to its end."""
        mine, its = os.pipe()
        running = asyncio._get_running_loop()
        child = os.fork()
        if not child:
            asyncio._set_running_loop(running)  # it is remembered for one process
            os.close(mine)
            self._report = its
            self.path += [None] * (life.number + 1 - len(self.path))
            self.path[life.number] = kill
            self.tally, self._step = Tally(), -1
            return True
        os.close(its)
        with os.fdopen(mine, "rb") as report:
            said = report.read()
        os.waitpid(child, 0)
        if said:
            self.tally.add(pickle.loads(said))
        else:
            self.tally.wrong.append((self._seed, f"I14 the copy that died of {kill} died of itself"))
        return False

    def ended(self, outcome: Outcome) -> None:
        """A scenario came to its end, and with it a copy."""
        tally = self.tally
        tally.recovered += 1
        tally.messages += outcome.messages
        tally.calls += outcome.calls
        tally.simulated += outcome.seconds
        tally.crossed += outcome.crossed if not self.path else {}
        tally.traces.append(f"{outcome.trace} {spelled(self.path)}")
        for wrong in outcome.violations:
            self._wrong(wrong)
        if self.path:
            self.leave()

    def _wrong(self, what: str) -> None:
        self.tally.wrong.append((f"{self._seed} --sweep --die '{spelled(self.path)}'", what))

    def leave(self, wrong: str = "") -> NoReturn:
        """A copy tells what came of it, and is gone."""
        if wrong:
            self._wrong(wrong)
        with os.fdopen(self._report, "wb") as report:
            report.write(pickle.dumps(self.tally))
        os._exit(0)

    def close(self) -> None:
        """Let go of what was read with."""
        self._recovery.close()


def _drawn(place: str, one_in: int) -> bool:
    """Whether this is one of the places where it dies; the same ones whenever it is played."""
    return zlib.crc32(place.encode()) % one_in == 0


def _deaths(what: str, nth: int) -> Iterator[Kill]:
    """Every way to die at a boundary. A sync has no middle of its own: a power cut leaves some of what it brings."""
    if what in STALLS:
        yield Kill(what, "stall", nth, power=False, fate=STILL)
    if what == "begin":
        return  # whoever dies here dies after the last commit
    middle = what in INSIDE and what != "sync"
    for when in ("before", "inside") if middle else ("before",):
        yield Kill(what, when, nth, power=False)  # type: ignore[arg-type]
        for fate in range(_FATES):
            yield Kill(what, when, nth, power=True, fate=fate)  # type: ignore[arg-type]
