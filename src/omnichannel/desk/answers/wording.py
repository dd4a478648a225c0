"""Dates, numbers and amounts as a language writes them: Unicode's CLDR, through Babel (the extra `desk`)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, tzinfo
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from omnichannel.errors import ConfigError
from omnichannel.model.desk import FieldValue, Money

if TYPE_CHECKING:
    from babel import Locale


def wording(language: str, zone: tzinfo = UTC) -> Callable[[FieldValue], str]:
    """How values are written in a language, moments in a time zone.

    Blanks are plain ones, so that an SMS stays in its small alphabet. Raises ConfigError, when a value that is no
    text has to be written, where Babel is not installed or does not know the language.
    """

    def written(value: FieldValue) -> str:
        return value if isinstance(value, str) else _written(value, _locale(language), zone)

    return written


def place(zone: tzinfo, language: str) -> str:
    """The city whose clock a time zone is, as a language calls it: Amsterdam. Empty for UTC; raises as `wording`."""
    from babel.dates import get_timezone_location

    return get_timezone_location(zone, _locale(language), return_city=True) if "/" in str(zone) else ""


def _written(value: FieldValue, locale: Locale, zone: tzinfo) -> str:
    from babel.dates import format_date, format_time
    from babel.numbers import format_currency, format_decimal

    if isinstance(value, Money):
        return format_currency(value.amount, value.currency, locale=locale)
    if isinstance(value, int | Decimal):
        return format_decimal(value, locale=locale, decimal_quantization=False)
    if isinstance(value, datetime):
        local = value.astimezone(zone)
        day, hour = (
            format_date(local.date(), "full", locale),
            format_time(local.time(), "short", locale=locale),
        )
        both: str = locale.datetime_formats["long"]
        return both.replace("'", "").format(hour, day)
    if isinstance(value, date):
        return format_date(value, "long", locale)
    return format_time(_naive(value), "short", locale=locale) if isinstance(value, time) else str(value)


def _naive(value: time) -> time:
    """A time of day is what the clock shows, wherever that is."""
    return value.replace(tzinfo=None)


@lru_cache(64)
def _locale(language: str) -> Locale:
    try:
        from babel import Locale, UnknownLocaleError
    except ImportError as error:
        raise ConfigError(
            "answers",
            "dates and amounts need Babel, which is not installed",
            "Run pip install 'omnichannel[desk]'",
        ) from error
    for tag in (language, language.partition("-")[0]):
        try:
            return Locale.parse(tag, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    raise ConfigError(
        f"language {language!r}",
        "nobody knows how it writes dates and amounts",
        "Use a language of the CLDR, such as nl or en-GB",
    )
