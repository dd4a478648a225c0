"""Which wording is said: the one that this customer heard least, then the one that anybody heard least lately."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from omnichannel.model.desk import Use

_NEVER = datetime.min.replace(tzinfo=UTC)


def freshest(answer: str, marks: Sequence[str], uses: Iterable[Use], customer: str = "") -> tuple[str, str]:
    """The mark of the wording to say to a customer, and why. No chance is in it: the same history, the same wording.

    Of the wordings that this customer heard least often the one that they heard longest ago; of several, the one
    that nobody heard for longest; of several, the first. So everybody hears all of them before any twice, and two
    customers in a row never hear the same where there are two. `uses` may hold other answers and come in any order.
    """
    said = [use for use in uses if use.answer == answer and use.sent and use.variant in marks]
    theirs = [use for use in said if customer and use.customer == customer]
    heard = {mark: sum(use.variant == mark for use in theirs) for mark in marks}

    def last(mark: str, among: Iterable[Use]) -> datetime:
        return max((use.at for use in among if use.variant == mark), default=_NEVER)

    chosen = min(
        marks, key=lambda mark: (heard[mark], last(mark, theirs), last(mark, said), marks.index(mark))
    )
    return chosen, _why(chosen, marks, heard, last(chosen, said))


def _why(chosen: str, marks: Sequence[str], heard: dict[str, int], last: datetime) -> str:
    if len(marks) == 1:
        again = f"; this customer heard it {_times(heard[chosen])}" if heard[chosen] else ""
        return f"there is one wording{again}"
    if heard[chosen]:
        return f"this customer heard all {len(marks)} wordings: of the least heard, the one of longest ago"
    before = "nobody heard it yet" if last == _NEVER else f"nobody heard it since {last:%Y-%m-%d %H:%M} UTC"
    return f"this customer did not hear this wording, and {before}"


def _times(count: int) -> str:
    return "once before" if count == 1 else f"{count} times before"
