"""Who may do what, `[access]`, and how long things are kept, `[retention]`: from their tables in the file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from pydantic import ValidationError

from omnichannel.config.environment import resolved
from omnichannel.desk.access import Access
from omnichannel.desk.retention import Retention
from omnichannel.errors import ConfigError
from omnichannel.model import Value

V = TypeVar("V", bound=Value)


def allowed(given: object, environ: Mapping[str, str]) -> Access:
    """The roles that a table says, and the trail's keys. Raises ConfigError, as `kept` does."""
    return _table("access", Access, resolved("access", given, environ), "roles")


def kept(given: object) -> Retention:
    """How long things are kept; raises ConfigError for the first thing that is wrong, with where it stands."""
    return _table("retention", Retention, given, "retention")


def _table(name: str, made: type[V], given: object, page: str) -> V:
    if not isinstance(given, dict):
        raise ConfigError(name, "it is not a table", f"Write [{name}], and its settings below it")
    try:
        return made.model_validate(given)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        places = (str(part + 1) if isinstance(part, int) else part for part in first["loc"])
        cure = f"The settings are those of {made.__module__}.{made.__name__} (docs/howto/{page}.md)"
        where = ".".join([name, *places])
        raise ConfigError(where, first["msg"].removeprefix("Value error, "), cure) from None
