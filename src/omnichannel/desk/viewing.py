"""Views that hang together with a plan: names are of what there is, and fields are asked what they can hold."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date

from omnichannel.desk.search import asked
from omnichannel.model.desk.fields import CustomField
from omnichannel.model.desk.views import View, Wanted, Which


def check_views(
    views: Sequence[View],
    teams: Collection[str],
    case_fields: Mapping[str, CustomField],
    customer_fields: Mapping[str, CustomField],
) -> None:
    """Raises ValueError for a view that asks for what there is not, and for two of one name."""
    names = [view.name for view in views]
    for view in views:
        if names.count(view.name) > 1:
            raise ValueError(f"two views are called {view.name!r}; give each a name of its own")
        hindered = next(hindrances(view.which, teams, case_fields, customer_fields), "")
        if not hindered and view.text and not asked(view.text).wanted:
            hindered = f"there is no word in {view.text!r}; give one that is to be there"
        if hindered:
            raise ValueError(f"view {view.name!r}: {hindered}")


def hindrances(
    which: Which,
    teams: Collection[str],
    case_fields: Mapping[str, CustomField],
    customer_fields: Mapping[str, CustomField],
) -> Iterator[str]:
    """What of it cannot be asked, in words."""
    for team in which.teams:
        if team and team not in teams:
            yield f"no team is called {team!r}; there are: {', '.join(sorted(teams)) or 'none'}"
    for declared, wanted in ((case_fields, which.fields), (customer_fields, which.customer)):
        for name, one in wanted.items():
            yield from _unasked(name, one, declared)
    for nested in (*which.all, *which.any, *which.none):
        yield from hindrances(nested, teams, case_fields, customer_fields)


def asks_whose(which: Which) -> bool:
    """Whether it matters who looks."""
    return which.mine or which.followed or any(map(asks_whose, (*which.all, *which.any, *which.none)))


def _unasked(name: str, wanted: Wanted, declared: Mapping[str, CustomField]) -> Iterator[str]:
    field = declared.get(name)
    if field is None:
        yield f"the plan declares no field {name!r} here; there are: {', '.join(sorted(declared)) or 'none'}"
        return
    ends = [end for end in (wanted.least, wanted.most) if end is not None]
    if any(isinstance(end, date) for end in ends) and field.type != "date":
        yield f"{name} is no date, but a {field.type}: it has no first or last day"
    if any(not isinstance(end, date) for end in ends) and field.type != "number":
        yield f"{name} is no number, but a {field.type}: it has no least or most"
    if wanted.known is False and (wanted.one_of or ends):
        yield f"{name} cannot hold nothing and something; ask for one of them"
    if wanted.known is None and not wanted.one_of and not ends:
        yield f"nothing is asked of {name}; give a value, least, most, or known"
