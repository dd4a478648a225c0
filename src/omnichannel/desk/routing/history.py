"""What rules ask of a customer's earlier conversations, and how that holds; in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Self

from pydantic import model_validator

from omnichannel.model import UtcTime, Value

_DAY = timedelta(days=1)


class Earlier(Value):
    """A customer's earlier conversations, as they were at the moment of a question (`at`).

    `count` is how many there were, `last_at` when they last wrote in one. `complained`: what they wrote in one of
    them was read as a complaint (0.5 or more), whatever else it was. `rated` is the last rating that they gave, in
    stars. `answered_by` and `answered_in` are who of ours answered them last, and for which team. None and empty:
    there was nothing of the kind.
    """

    count: int = 0
    at: UtcTime | None = None
    last_at: UtcTime | None = None
    complained: bool = False
    rated: int | None = None
    answered_by: str = ""
    answered_in: str = ""

    @property
    def days(self) -> float | None:
        """How many days ago they last wrote; None: they never did, or it is not known."""
        return None if self.at is None or self.last_at is None else (self.at - self.last_at) / _DAY


class Between(Value):
    """A number from `least` to `most`, both included; one of them may be left out."""

    least: float | None = None
    most: float | None = None

    @model_validator(mode="after")
    def _is_a_range(self) -> Self:
        if self.least is None and self.most is None:
            raise ValueError("give least, most, or both")
        if self.least is not None and self.most is not None and self.least > self.most:
            raise ValueError(
                f"nothing is from {self.least:g} to {self.most:g}; give them the other way round"
            )
        return self

    def holds(self, number: float) -> bool:
        """Whether a number is in it."""
        return (self.least is None or number >= self.least) and (self.most is None or number <= self.most)

    def __str__(self) -> str:
        """It in words: `2 to 5`, `2 or more`."""
        if self.least is None:
            return f"{self.most:g} or less"
        return f"{self.least:g} or more" if self.most is None else f"{self.least:g} to {self.most:g}"


class AsksEarlier(Value):
    """What a rule asks of a customer's earlier conversations; `When` says what each of these means."""

    new: bool | None = None
    before: Between | None = None
    days_since: Between | None = None
    complained: bool | None = None
    rated: Between | None = None
    answered_by: tuple[str, ...] = ()
    answered_in: tuple[str, ...] = ()

    @property
    def asks_earlier(self) -> bool:
        """Whether it asks anything of them."""
        return any(getattr(self, name) not in (None, ()) for name in AsksEarlier.model_fields)


def hindrances(asks: AsksEarlier, earlier: Earlier) -> Iterator[str]:
    """What does not hold, in words."""
    wrote = "they never wrote before" if not earlier.count else f"they wrote before, {earlier.count} times"
    if asks.new is not None and asks.new is not (earlier.count == 0):
        yield wrote
    if asks.before is not None and not asks.before.holds(earlier.count):
        yield f"{wrote}, not {asks.before}"
    if asks.days_since is not None and not (earlier.days is not None and asks.days_since.holds(earlier.days)):
        yield f"{_ago(earlier)}, and not {asks.days_since}"
    if asks.complained is not None and asks.complained is not earlier.complained:
        yield _complained(earlier)
    if asks.rated is not None and not (earlier.rated is not None and asks.rated.holds(earlier.rated)):
        yield f"{_rated(earlier)}, and not {asks.rated}"
    if asks.answered_by and earlier.answered_by not in asks.answered_by:
        yield f"{_answered(earlier.answered_by)}, not {' or '.join(asks.answered_by)}"
    if asks.answered_in and earlier.answered_in not in asks.answered_in:
        yield f"{_answered(earlier.answered_in)}, not {' or '.join(asks.answered_in)}"


def reasons(asks: AsksEarlier, earlier: Earlier) -> Iterator[str]:
    """What is asked and holds, in words."""
    if asks.new is not None:
        yield "they never wrote before" if not earlier.count else "they wrote before"
    if asks.before is not None:
        yield f"they wrote before, {earlier.count} times"
    if asks.days_since is not None:
        yield _ago(earlier)
    if asks.complained is not None:
        yield _complained(earlier)
    if asks.rated is not None:
        yield _rated(earlier)
    if asks.answered_by:
        yield _answered(earlier.answered_by)
    if asks.answered_in:
        yield _answered(earlier.answered_in)


def _ago(earlier: Earlier) -> str:
    if earlier.days is None:
        return "they never wrote before"
    return f"they last wrote {earlier.days:.1f} days ago"


def _complained(earlier: Earlier) -> str:
    return "they complained before" if earlier.complained else "they never complained before"


def _rated(earlier: Earlier) -> str:
    return "they never rated us" if earlier.rated is None else f"they last gave {earlier.rated} stars"


def _answered(name: str) -> str:
    return f"{name} answered them last" if name else "nobody is known to have answered them before"
