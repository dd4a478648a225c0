"""Public holidays, from the library `holidays`, which knows those of some 250 countries and their parts.

Days that are free by law everywhere in the place are meant (its category `public`), with what is given instead when
one falls on a weekend. Half holidays differ from company to company: write those as `days` of the calendar.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from types import MappingProxyType

from omnichannel.errors import ConfigError

_NONE: Mapping[date, str] = MappingProxyType({})


def check_place(place: str) -> None:
    """Whether the public holidays of a place are known. Raises ConfigError if they are not, or nobody can tell."""
    public_days(place, 2020)


@lru_cache(maxsize=1024)
def public_days(place: str, year: int) -> Mapping[date, str]:
    """The public holidays of a year in a place (`NL`, `DE-BY`), each with its name; none without a place.

    Raises ConfigError if the library is not installed, or does not know the place.
    """
    if not place:
        return _NONE
    try:
        import holidays
    except ImportError:
        cure = "Install it: pip install 'omnichannel[desk]'; or write the dates as days"
        raise ConfigError("public", "the library holidays is not installed", cure) from None
    country, _, part = place.partition("-")
    try:
        found = holidays.country_holidays(country, subdiv=part or None, years=year, language="en_US")
    except NotImplementedError:
        raise _unknown(country, part, holidays.list_supported_countries(include_aliases=False)) from None
    return MappingProxyType(dict(found))


def _unknown(country: str, part: str, known: Mapping[str, list[str]]) -> ConfigError:
    if country not in known:
        cure = "Use a country's code (ISO 3166), such as NL; or write the dates as days"
        return ConfigError("public", f"no public holidays are known of {country}", cure)
    parts = ", ".join(f"{country}-{one}" for one in known[country]) or "no parts of its own"
    cure = f"Known are {country} and {parts}"
    return ConfigError("public", f"{country} has no part {part} with public holidays", cure)
