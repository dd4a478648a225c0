"""Rules that hang together with the rest of a plan: each name in them is one that there is."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from pydantic_core import to_jsonable_python

from omnichannel.desk.fields import fitted
from omnichannel.desk.routing.rules import Route, When
from omnichannel.errors import OmnichannelError
from omnichannel.model.desk import CustomField


def check(routes: Sequence[Route], teams: Collection[str], calendars: Collection[str]) -> None:
    """Raises ValueError for a team or a calendar that there is not, and for a name that two rules have."""
    names = [route.name for route in routes]
    for route in routes:
        if names.count(route.name) > 1:
            raise ValueError(f"two routes are called {route.name!r}; give each a name of its own")
        if route.then.team and route.then.team not in teams:
            raise ValueError(_missing(route, "team", route.then.team, teams))
        for team in _answered_in(route.when):
            if team not in teams:
                raise ValueError(_missing(route, "team", team, teams))
        for calendar in _calendars(route.when):
            if calendar not in calendars:
                raise ValueError(_missing(route, "calendar", calendar, calendars))


def check_fields(routes: Sequence[Route], fields: Mapping[str, CustomField]) -> None:
    """Raises ValueError where a rule fills a field that there is not, or with what does not fit."""
    for route in routes:
        try:
            kept = fitted(fields, route.then.fields)
        except OmnichannelError as error:
            raise ValueError(f"route {route.name!r}: {error}") from None
        for name, value in route.then.fields.items():
            if kept[name] != to_jsonable_python(value):
                raise ValueError(f"route {route.name!r}: write {name} as {kept[name]!r}")


def _missing(route: Route, what: str, name: str, known: Collection[str]) -> str:
    there = ", ".join(sorted(known)) or "none"
    return f"route {route.name!r}: no {what} is called {name!r}; there are: {there}"


def _calendars(when: When) -> Iterator[str]:
    yield from when.closed
    yield from when.open
    for one in (*when.all, *when.any, *when.none):
        yield from _calendars(one)


def _answered_in(when: When) -> Iterator[str]:
    yield from when.answered_in
    for one in (*when.all, *when.any, *when.none):
        yield from _answered_in(one)
