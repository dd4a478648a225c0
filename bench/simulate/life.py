"""One life of a worker process: from its start to its death. The dead reach nothing, who stands still nothing yet."""

from __future__ import annotations

import asyncio
import contextvars
import random
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from bench.simulate.deaths import Kill
    from bench.simulate.disk import Part
    from bench.simulate.sqlite import Connection
    from bench.simulate.vfs import SimVfs
    from bench.simulate.world import World


class Dead(Exception):  # noqa: N818 - no error: the end
    """Whoever reaches for the world after their death gets this; nothing else happens."""


class Life:
    """What a process may do, and where it dies or stands still (`kill`): at the nth crossing of a boundary."""

    def __init__(self, world: World, name: str, number: int, kill: Kill | None) -> None:
        self.world = world
        self.name = f"{name}.{number}"
        self.number = number
        self.dead = False
        self.still = False  # stands still: what comes to it meanwhile waits in `held`
        self.stood_at = ""  # the boundary where it once did
        self.held: list[asyncio.Handle] = []
        # Calls that were put off: with all like them, and until when.
        self.told_to_wait: dict[str, tuple[str, float]] = {}
        self.on_commit: list[Callable[[], object]] = []  # what is so once this transaction is
        self.kill = kill
        self.crossed: Counter[str] = Counter()
        self.chance: random.Random = world.chance
        self.vfs: SimVfs
        self.belongings: list[Connection] = []
        self.context = contextvars.copy_context()
        self.context.run(LIFE.set, self)

    def check(self) -> None:
        """Raise Dead if it is."""
        if self.dead:
            raise Dead

    def cross(self, what: str, part: Part | None = None) -> bool:
        """Be at a boundary, and die there if it is time to; True: to die in the middle of it, so `die` there.

        `part` is what is done by then, where that is on the disk.
        """
        if self.dead:
            raise Dead
        self.world.crossed[what] += 1
        self.crossed[what] += 1
        if self.kill is None and self.world.sweep is not None:
            self.kill = self.world.sweep.death(self, what, part)
        kill = self.kill
        if kill is None or kill.what != what or kill.nth != self.crossed[what]:
            return False
        if kill.when == "stall":
            self.fell(f"stall {what}")
            self.stood_at = what
            self.world.hold(self, kill.fate)
            return False
        if kill.when == "before":
            self.die()
        return True

    async def stand(self, what: str) -> bool:
        """Be at a boundary as `cross`, and stand still there if it is time to; True: to die in the middle of it."""
        inside = self.cross(what)
        if self.still:
            await asyncio.sleep(0)
        return inside

    def die(self) -> NoReturn:
        """Be dead from here on."""
        kill = self.kill
        assert kill is not None
        self.fell(f"{'power cut' if kill.power else 'kill'} {kill.when} {kill.what}")
        self.world.end(self, power=kill.power, fate=kill.fate)
        raise Dead

    def note(self, *what: object) -> None:
        """Write something into the trace."""
        self.world.note(self.name, *what)

    def fell(self, fault: str) -> None:
        """Count a fault that fell."""
        self.world.fell[fault] += 1

    def stood(self, what: str) -> bool:
        """Whether it ever stood still at this boundary; known also when nothing goes wrong any more."""
        return self.stood_at == what

    def run(self, function: Callable[[], object]) -> None:
        """Run something as this process, at once."""
        try:
            self.context.run(function)
        except BaseException:
            if not self.dead:
                raise


LIFE: contextvars.ContextVar[Life | None] = contextvars.ContextVar("LIFE", default=None)
