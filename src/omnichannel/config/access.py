"""Who may do what, from its table in the file: `[access]`, as `Access` has it; `keys` come from the environment."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import ValidationError

from omnichannel.config.environment import resolved
from omnichannel.desk.access import Access
from omnichannel.errors import ConfigError


def allowed(given: object, environ: Mapping[str, str]) -> Access:
    """The roles that a table says; raises ConfigError for the first thing that is wrong, with where it stands."""
    if not isinstance(given, dict):
        raise ConfigError("access", "it is not a table", "Write [access], and its settings below it")
    try:
        return Access.model_validate(resolved("access", given, environ))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(
            ["access", *(str(part + 1) if isinstance(part, int) else part for part in first["loc"])]
        )
        cure = "The settings are those of omnichannel.desk.Access (docs/howto/roles.md)"
        raise ConfigError(where, first["msg"].removeprefix("Value error, "), cure) from None
