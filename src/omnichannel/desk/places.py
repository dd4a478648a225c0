"""What a plan says of a place that is not there: it never fits, and nothing else would ever say so."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator

from omnichannel.desk.plan import Plan
from omnichannel.desk.retention import Retention
from omnichannel.desk.routing import When
from omnichannel.model.desk import Which

_Named = tuple[str, Collection[str], Collection[str]]
"""What names places, and the kinds and the accounts that it names."""


def nowhere(
    plan: Plan | None,
    retention: Retention | None,
    *,
    kinds: Collection[str],
    accounts: Collection[str] | None = None,
) -> list[tuple[str, str, str]]:
    """What names a place, what it names that is not there, and what was probably meant; each once.

    `kinds` are all that there can be, also those of no account; `accounts` those that there are, None where nobody
    knows all of them.
    """
    found: dict[tuple[str, str, str], None] = {}
    named = [*_of_plan(plan or Plan()), *_of_retention(retention or Retention())]
    for who, its_kinds, its_accounts in named:
        for what, names, known in (
            ("kind of channel", its_kinds, kinds),
            ("account", its_accounts, accounts),
        ):
            for one in names if known is not None else ():
                if one not in (known or ()):
                    found[who, f"no {what} is called {one!r}", _cure(one, known or ())] = None
    return list(found)


def _of_plan(plan: Plan) -> Iterator[_Named]:
    for route in plan.routes:
        for when in _all(route.when):
            yield f"rule {route.name}", when.kinds, when.accounts
    for view in plan.views:
        for which in _all(view.which):
            yield f"view {view.name}", which.kinds, which.accounts
    for target in plan.targets:
        yield f"target {target.name}", target.kinds, ()
    for answer in plan.answers:
        yield f"answer {answer.name}", sorted(answer.channels), ()
    for signature in plan.signatures:
        yield f"signature of {signature.agent}", signature.forms, ()
    if plan.ratings:
        yield "ratings", plan.ratings.kinds, ()
    yield "weights", plan.weights, ()


def _of_retention(retention: Retention) -> Iterator[_Named]:
    yield "retention", retention.kinds, retention.accounts


def _all(one: When | Which) -> Iterator[When | Which]:
    yield one
    for inner in (*one.all, *one.any, *one.none):
        yield from _all(inner)


def _cure(one: str, known: Collection[str]) -> str:
    close = difflib.get_close_matches(one, sorted(known), 1)
    return f"Did you mean {close[0]}?" if close else f"There are {', '.join(sorted(known)) or 'none'}"
