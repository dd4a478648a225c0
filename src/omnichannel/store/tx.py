"""A transaction as the statements see it: which workspace, what time it is, and new ids."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

from omnichannel.clock import Clock, micros
from omnichannel.identity import POLICY, Policy
from omnichannel.identity.policy import fingerprint
from omnichannel.store.engine import Cell, Driver
from omnichannel.store.ids import Ids

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
        "moment",
        "now",
        "policy",
        "policy_mark",
        "secret",
        "skip_locked",
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
    ) -> None:
        self.driver = driver
        self.ws = ws
        self.workspace = workspace
        self.secret = secret
        self.ids = ids
        self.moment = moment
        self.policy = policy
        self.policy_mark = fingerprint(policy)
        self.now = moment.now
        self.skip_locked = driver.skip_locked

    def all(self, sql: str, *params: Cell) -> list[tuple[Cell, ...]]:
        """Every row a statement gives."""
        return self.driver.rows(sql, params)

    def one(self, sql: str, *params: Cell) -> tuple[Cell, ...] | None:
        """The first row a statement gives, or None."""
        found = self.driver.rows(sql, params)
        return found[0] if found else None

    def run(self, sql: str, *params: Cell) -> int:
        """Run a statement that gives no rows; how many it changed."""
        return self.driver.run(sql, params)


def some(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """The values, a statement's worth at a time: engines count question marks."""
    for start in range(0, len(values), _SOME):
        yield values[start : start + _SOME]


def marks(values: Sequence[Cell]) -> str:
    """As many question marks as there are values, for `IN (…)`."""
    return ", ".join("?" * len(values))
