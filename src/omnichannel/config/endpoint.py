"""One endpoint that is told what happens: from its table in the file to a `Webhook`, whose secret no store sees."""

from __future__ import annotations

import inspect
from collections.abc import Mapping

from omnichannel.config.account import refuse_unknown
from omnichannel.config.environment import resolved
from omnichannel.config.fitting import fitting, hints
from omnichannel.errors import ConfigError
from omnichannel.webhooks import Webhook


def endpoints(given: object) -> dict[str, dict[str, object]]:
    """The tables of the file, by name; raises ConfigError if they are not written as tables."""
    cure = "Write one [webhooks.NAME] for each endpoint, and its settings below it"
    if not isinstance(given, dict):
        raise ConfigError("webhooks", "it is not a table", cure)
    for name, table in given.items():
        if not isinstance(table, dict):
            raise ConfigError(f"webhooks.{name}", "it is not a table", cure)
    return given


def made(name: str, table: Mapping[str, object], environ: Mapping[str, str]) -> Webhook:
    """The endpoint with its settings; raises ConfigError for the first that is missing, unknown or wrong."""
    where = f"webhooks.{name}"
    known = list(inspect.signature(Webhook).parameters.values())[1:]
    refuse_unknown(f"{where}.", table, [parameter.name for parameter in known])
    for parameter in known:
        if parameter.default is parameter.empty and parameter.name not in table:
            raise ConfigError(f"{where}.{parameter.name}", "it is not set", "Write it there")
    hinted = hints(Webhook)
    settings = {
        key: fitting(f"{where}.{key}", hinted[key], resolved(f"{where}.{key}", value, environ))
        for key, value in table.items()
    }
    try:
        return Webhook(name, **settings)  # type: ignore[arg-type]  # each was made to fit its own type
    except ConfigError as error:
        raise ConfigError(f"{where}.{error.setting}", error.problem, error.cure) from None
