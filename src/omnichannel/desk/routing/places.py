"""Rules that name a place which is not there: they never fit, and nothing else would ever say so."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator

from omnichannel.desk.routing.rules import Route, When


def nowhere(
    routes: Iterable[Route], *, kinds: Collection[str], accounts: Collection[str] | None = None
) -> list[tuple[str, str, str]]:
    """Rules by name, with what they name that is not there, and what was probably meant; each once.

    `kinds` are all that there can be, also those of no account; `accounts` those that there are, None where nobody
    knows all of them.
    """
    found: dict[tuple[str, str, str], None] = {}
    for route in routes:
        for when in _all(route.when):
            for what, named, known in (
                ("kind of channel", when.kinds, kinds),
                ("account", when.accounts, accounts),
            ):
                for one in named if known is not None else ():
                    if one not in (known or ()):
                        found[route.name, f"no {what} is called {one!r}", _cure(one, known or ())] = None
    return list(found)


def _all(when: When) -> Iterator[When]:
    yield when
    for inner in (*when.all, *when.any, *when.none):
        yield from _all(inner)


def _cure(one: str, known: Collection[str]) -> str:
    close = difflib.get_close_matches(one, sorted(known), 1)
    return f"Did you mean {close[0]}?" if close else f"There are {', '.join(sorted(known)) or 'none'}"
