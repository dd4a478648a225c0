"""The plan of a desk, from its table in the file: `[desk]`, as `Plan` has it."""

from __future__ import annotations

from pydantic import ValidationError

from omnichannel.desk import Plan
from omnichannel.errors import ConfigError


def planned(given: object) -> Plan:
    """The plan that a table says; raises ConfigError for the first thing that is wrong, with where it stands."""
    if not isinstance(given, dict):
        raise ConfigError("desk", "it is not a table", "Write [desk], and the settings of the plan below it")
    try:
        return Plan.model_validate(given)
    except ConfigError as error:
        raise ConfigError(f"desk: {error.setting}", error.problem, error.cure) from None
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(["desk", *map(_counted, first["loc"])])
        cure = "The settings are those of omnichannel.desk.Plan (docs/howto/routing.md)"
        raise ConfigError(where, first["msg"].removeprefix("Value error, "), cure) from None


def _counted(part: int | str) -> str:
    """A place in a list as people count."""
    return str(part + 1) if isinstance(part, int) else part
