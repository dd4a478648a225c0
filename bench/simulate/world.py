"""Everything outside of the library: the disk, the clock, chance, and the record of what happened."""

from __future__ import annotations

import contextvars
import hashlib
import random
import zlib
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bench.simulate.disk import Disk
from bench.simulate.life import Life
from bench.simulate.loop import SimLoop
from bench.simulate.plan import Plan
from bench.simulate.vfs import SimVfs, let_go

if TYPE_CHECKING:
    from bench.simulate.sweep import Sweep

_MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
STORE = "/store.db"
OURS = 1  # the workspace that is looked at: the first that the store ever knew


class World:
    """One scenario's surroundings. `trace` sums up everything that happened, in order."""

    def __init__(
        self, plan: Plan, files: dict[str, bytes], *, told: Callable[[str], object] | None = None
    ) -> None:
        self.plan = plan
        self.chance = random.Random(f"world {plan.seed}")
        self.loop = SimLoop(random.Random(f"order {plan.seed}"), shuffled=plan.shuffled)
        self.disk = Disk(files)
        self.clock = SimClock(self.loop, random.Random(f"secrets {plan.seed}"))
        self.lives: list[Life] = []
        self.ended: Callable[[Life], object] = lambda _: None
        self.crossed: Counter[str] = Counter()
        self.fell: Counter[str] = Counter()
        self.healed = False
        self.over = False
        self.deaths = 0
        self.doubted: set[int] = set()  # calls that ever were in doubt
        self.may_go = False  # whether somebody's erasure was ever asked for
        self.gone: dict[
            int, int
        ] = {}  # messages that were deleted, perhaps in vain, with their conversations
        self.gone_heard: set[str] = set()  # what the platform calls those that customers wrote
        self.violations: list[str] = []
        self.stalls = 0
        self.holders: dict[str, tuple[Life, float]] = {}  # who makes which call, and since when
        self._went_on: dict[Life, float] = {}
        self._context = contextvars.copy_context()
        self.sweep: Sweep | None = None
        self._kills = list(plan.kills)
        self._hash = hashlib.blake2b(digest_size=8)
        self._told = told
        self._written = 0

    def note(self, *what: object) -> None:
        """Write something into the trace."""
        line = f"{self.loop.micros} {self._written:08x} {what}"
        self._hash.update(line.encode())
        if self._told:
            self._told(line)

    def touched(self, where: str, data: bytes) -> None:
        """Something was written to the disk: too much for a line of its own, it is in the sum of all later ones."""
        self._written = zlib.crc32(data, zlib.crc32(where.encode(), self._written))

    def wrong(self, what: str) -> None:
        """Something happened that must not."""
        self.violations.append(what)

    @property
    def trace(self) -> str:
        """One number for everything that happened."""
        return self._hash.hexdigest()

    # ------------------------------------------------------------------------------ life and death

    def born(self, name: str) -> Life:
        """A new process on this machine, with the next death of the plan before it."""
        kill = self._kills.pop(0) if self._kills and not self.healed else None
        life = Life(self, name, len(self.lives), kill)
        life.vfs = SimVfs(f"{self.plan.seed} {life.name}", self.disk, life)
        self.lives.append(life)
        self.note("born", life.name)
        return life

    def end(self, life: Life, *, power: bool, fate: int = 0) -> None:
        """One process dies; with the power, all of them, and what was not synced may be gone."""
        dying = [one for one in self.lives if not one.dead] if power else [life]
        for one in dying:
            one.dead = True
            let_go(self.disk, one)
            self.deaths += not self.over
            self.note("dead", one.name)
        if power:
            self.disk.lose_power(self.chance_of(life, fate))
        for one in dying:
            self.ended(one)

    def hold(self, life: Life, seconds: float) -> None:
        """One process stands still as a whole; the clock goes on, and so does everybody else."""
        life.still = True
        self.stalls += 1
        self.note("still", life.name)
        self.loop.call_later(seconds, self._go_on, life, context=self._context)

    def _go_on(self, life: Life) -> None:
        life.still = False
        self._went_on[life] = self.loop.time()
        self.note("goes on", life.name)
        self.loop.resume(life.held)

    def recently_still(self, life: Life, seconds: float) -> bool:
        """Whether one stood still a moment ago."""
        return self.loop.time() - self._went_on.get(life, float("-inf")) < seconds

    @property
    def waits(self) -> bool:
        """Whether somebody stands still, who will go on."""
        return any(life.still and not life.dead for life in self.lives)

    def chance_of(self, life: Life, fate: int) -> random.Random:
        """What decides what a power cut leaves, if it comes with this death."""
        return random.Random(f"power {self.plan.seed} {life.name} {fate}")

    def heal(self) -> None:
        """From here on nothing goes wrong any more, and nobody dies."""
        self.healed = True
        self.disk.heal()
        for life in self.lives:
            life.kill = None

    def strikes(self, fault: str, share: float) -> bool:
        """Whether a fault falls now; counted."""
        if self.healed or share <= 0 or self.chance.random() >= share:
            return False
        self.fell[fault] += 1
        return True

    def close(self) -> None:
        """Let go of everything."""
        for life in self.lives:
            life.dead = True
            self.loop.resume(life.held)
        self.loop.bury()
        for life in self.lives:
            for connection in life.belongings:
                connection.close()
            life.vfs.unregister()


class SimClock:
    """The machine's clock: the loop's time, and whatever somebody set it to."""

    def __init__(self, loop: SimLoop, chance: random.Random) -> None:
        self._loop = loop
        self._chance = chance
        self.set_by = timedelta()

    def now(self) -> datetime:
        """The moment, in UTC, as the machine has it."""
        return _MORNING + timedelta(microseconds=self._loop.micros) + self.set_by

    def random(self, size: int) -> bytes:
        """So many bytes of this seed."""
        return self._chance.randbytes(size)
