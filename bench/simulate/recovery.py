"""What SQLite makes of the disk that a death leaves: read through an instance of its own, far from the world."""

from __future__ import annotations

import apsw

from bench.simulate.deaths import Kill
from bench.simulate.disk import Image, Part
from bench.simulate.life import Life
from bench.simulate.plan import Plan
from bench.simulate.sqlite import FLAGS
from bench.simulate.world import STORE, World


class Recovery:
    """Recovers copies of a disk; the world that they are copied from never learns of it."""

    def __init__(self, plan: Plan) -> None:
        self._wal = plan.wal
        self._aside = World(
            plan, {}
        )  # made before the world that is played, which SQLite asks for its chance
        self._life = self._aside.born("reader")

    def of(self, life: Life, kill: Kill, part: Part | None) -> Image | None:
        """What is in the store after this death, as one file; None where SQLite cannot tell."""
        disk = life.world.disk.copy()
        if kill.when == "inside" and part is not None and part[1] is not None:
            disk.open(part[0]).do(part[1])
        if kill.power:
            disk.lose_power(life.world.chance_of(life, kill.fate))
        self._aside.disk.files = disk.files
        try:
            self._open_and_close()
        except apsw.Error:
            return None
        return self._aside.disk.open(STORE).now

    def _open_and_close(self) -> None:
        connection = apsw.Connection(STORE, flags=FLAGS, vfs=self._life.vfs.name)
        try:
            if self._wal:
                connection.execute("PRAGMA locking_mode=EXCLUSIVE")
            connection.execute("PRAGMA schema_version").fetchall()
        finally:
            connection.close()  # brings what is in the log into the file

    def close(self) -> None:
        """Let go of it."""
        self._aside.close()
