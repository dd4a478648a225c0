"""A transaction as the statements see it: which workspace, what time it is, and new ids."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from typing import TypeVar

from omnichannel.clock import Clock, micros
from omnichannel.identity import POLICY, Policy
from omnichannel.identity.policy import fingerprint
from omnichannel.store.engine import Cell, Driver
from omnichannel.store.ids import Ids
from omnichannel.store.memory import Memory
from omnichannel.store.pending import Pending, changed

T = TypeVar("T")

_SOME = 200


class Moment:
    """The time of a job: asked of the clock once, the same for everything that the job writes down."""

    __slots__ = ("_clock", "_now")

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._now: int | None = None

    def now(self) -> int:
        """The moment, in microseconds since 1970."""
        if self._now is None:
            self._now = micros(self._clock.now())
        return self._now

    def milliseconds(self) -> int:
        """The moment, in milliseconds since 1970."""
        return self.now() // 1000

    def chance(self) -> float:
        """A number from 0 up to 1 that nobody can guess."""
        return int.from_bytes(self._clock.random(4), "big") / (1 << 32)

    def passes(self) -> None:
        """The next job has a moment of its own."""
        self._now = None


class Tx:
    """What a job works with. Only on the store's thread, only while the job runs."""

    __slots__ = (
        "driver",
        "ids",
        "memory",
        "moment",
        "news",
        "now",
        "pending",
        "policy",
        "policy_mark",
        "secret",
        "skip_locked",
        "worker",
        "workspace",
        "ws",
    )

    def __init__(
        self,
        driver: Driver,
        ws: int,
        workspace: str,
        secret: bytes,
        ids: Ids,
        moment: Moment,
        policy: Policy = POLICY,
        worker: int = 0,
    ) -> None:
        self.driver = driver
        self.ws = ws
        self.workspace = workspace
        self.secret = secret
        self.ids = ids
        self.moment = moment
        self.policy = policy
        self.worker = worker
        self.policy_mark = fingerprint(policy)
        self.now = moment.now
        self.skip_locked = driver.skip_locked
        self.pending = Pending()
        self.memory = Memory()
        self.news = False

    def stir(self) -> None:
        """Let the other workers look when this is committed: there is something for them, or for whoever watches."""
        self.news = True

    def firm(self) -> None:
        """Make what was found as durable as what is written: somebody outside is told that we have it."""
        self.driver.firm()

    def all(self, sql: str, *params: Cell, minded: bool = False) -> list[tuple[Cell, ...]]:
        """Every row a statement gives. `minded`: what it changes is true in `memory` already."""
        self._before(sql, minded=minded)
        return self.driver.rows(sql, params)

    def one(self, sql: str, *params: Cell, minded: bool = False) -> tuple[Cell, ...] | None:
        """The first row a statement gives, or None. `minded` as above."""
        self._before(sql, minded=minded)
        found = self.driver.rows(sql, params)
        return found[0] if found else None

    def run(self, sql: str, *params: Cell, minded: bool = False) -> int:
        """Run a statement that gives no rows; how many it changed. `minded` as above."""
        self._before(sql, minded=minded)
        return self.driver.run(sql, params)

    def each(self, sql: str, rows: Sequence[Sequence[Cell]]) -> None:
        """Run a statement that gives no rows once for each row of values; the engine is asked once."""
        if rows:
            self._before(sql, minded=False)
            self.driver.each(sql, rows)

    def _before(self, sql: str, *, minded: bool) -> None:
        """Nobody sees a table without what waits to be written into it, or remembers it as it was."""
        if self.pending.concerns(sql):
            self.finish()
        if not minded and (table := changed(sql)):
            self.memory.forget(table)

    def at_last(self, sql: str, *params: Cell, key: Hashable = None) -> None:
        """Write a row at the end of the transaction, with all like it; at once if somebody looks for it sooner.

        It takes the place of one that waits under the same key. Whoever lets rows wait keeps `memory` true.
        """
        self.pending.add(sql, params, key)

    def opened(self) -> None:
        """A transaction begins: nothing is left over from one that failed."""
        self.pending.clear()

    def begin(self) -> None:
        """The next job has a moment of its own, and knows nothing yet."""
        self.moment.passes()
        self.memory.clear()

    def finish(self) -> None:
        """Write what waits for the end of the transaction."""
        for sql, rows in self.pending.take():
            self.driver.each(sql, rows)


def some(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """The values, a statement's worth at a time: engines count question marks."""
    for start in range(0, len(values), _SOME):
        yield values[start : start + _SOME]


def padded(values: Sequence[T]) -> Iterator[list[T]]:
    """The same in few sizes, the last value repeated: so that an engine prepares few statements for `IN (…)`."""
    for few in some(values):
        size = min(1 << (len(few) - 1).bit_length(), _SOME)
        yield [*few, *[few[-1]] * (size - len(few))]


def marks(values: Sequence[Cell]) -> str:
    """As many question marks as there are values, for `IN (…)`."""
    return ", ".join("?" * len(values))
