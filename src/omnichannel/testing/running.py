"""Running a contract without pytest: for benches, the command line, and whoever plants faults."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from omnichannel.testing.cases import check_case
from omnichannel.testing.checks import CHECKS, Check
from omnichannel.testing.subject import Subject


@dataclass(frozen=True)
class Outcome:
    """What became of one rule or case: kept, not kept (`problem`), or not meant for this channel (`reason`)."""

    name: str
    problem: str = ""
    reason: str = ""


def outcomes(subject: Subject) -> Iterator[Outcome]:
    """Every case and every rule, one after the other."""
    for case in subject.cases:
        yield Outcome(case.name, _problem(partial(check_case, case, subject.channel())))
    for check in CHECKS:
        yield _checked(check, subject)


def _checked(check: Check, subject: Subject) -> Outcome:
    reasons: list[str | None] = []
    problem = _problem(lambda: reasons.append(check(subject)))
    return Outcome(check.__name__.removeprefix("check_"), problem, next(filter(None, reasons), ""))


def _problem(run: Callable[[], object]) -> str:
    try:
        run()
    except Exception as error:  # noqa: BLE001 - a channel may raise anything, and the next rule is tried all the same
        return f"{type(error).__name__}: {error}"
    return ""
