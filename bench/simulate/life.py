"""One life of a worker process: from its start to its death. The dead reach nothing."""

from __future__ import annotations

import contextvars
import random
from collections.abc import Callable
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from bench.simulate.plan import Kill
    from bench.simulate.sqlite import Connection
    from bench.simulate.vfs import SimVfs
    from bench.simulate.world import World


class Dead(Exception):  # noqa: N818 - no error: the end
    """Whoever reaches for the world after their death gets this; nothing else happens."""


class Life:
    """What a process may do, and where it dies (`kill`): at the nth crossing of a boundary."""

    def __init__(self, world: World, name: str, kill: Kill | None) -> None:
        self.world = world
        self.name = name
        self.dead = False
        self.kill = kill
        self.chance: random.Random = world.chance
        self.vfs: SimVfs
        self.belongings: list[Connection] = []
        self.context = contextvars.copy_context()
        self.context.run(LIFE.set, self)
        self._left = kill.nth if kill else 0

    def check(self) -> None:
        """Raise Dead if it is."""
        if self.dead:
            raise Dead

    def cross(self, what: str) -> str:
        """Be at a boundary; `before`, `inside` or `after` if it is the last: then `die` when it is time to."""
        if self.dead:
            raise Dead
        self.world.crossed[what] += 1
        if self.kill is None or self.kill.what != what:
            return ""
        self._left -= 1
        return self.kill.when if self._left == 0 else ""

    def die(self) -> NoReturn:
        """Be dead from here on."""
        kill = self.kill
        assert kill is not None
        self.fell(f"{'power cut' if kill.power else 'kill'} {kill.when} {kill.what}")
        self.world.end(self, power=kill.power)
        raise Dead

    def note(self, *what: object) -> None:
        """Write something into the trace."""
        self.world.note(self.name, *what)

    def fell(self, fault: str) -> None:
        """Count a fault that fell."""
        self.world.fell[fault] += 1

    def run(self, function: Callable[[], object]) -> None:
        """Run something as this process, at once."""
        try:
            self.context.run(function)
        except BaseException:
            if not self.dead:
                raise


LIFE: contextvars.ContextVar[Life | None] = contextvars.ContextVar("LIFE", default=None)
