"""What the environment says: values that the file takes from it, and variables that take a setting's place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from omnichannel.errors import ConfigError

_VARIABLE = re.compile(r"(\$?)\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


def resolved(setting: str, value: object, environ: Mapping[str, str]) -> object:
    """The value with `{ env = "NAME" }` and `${NAME}` replaced; `$${NAME}` stands for `${NAME}` itself.

    Raises ConfigError naming a variable that is not set.
    """
    if isinstance(value, str):
        return _VARIABLE.sub(lambda found: _replaced(setting, found, environ), value)
    if isinstance(value, list):
        return [resolved(setting, item, environ) for item in value]
    if not isinstance(value, dict):
        return value
    if list(value) == ["env"] and isinstance(value["env"], str):
        return _taken(setting, value["env"], environ)
    return {key: resolved(f"{setting}.{key}", item, environ) for key, item in value.items()}


def _replaced(setting: str, found: re.Match[str], environ: Mapping[str, str]) -> str:
    return found[0][1:] if found[1] else _taken(setting, found[2], environ)


def _taken(setting: str, name: str, environ: Mapping[str, str]) -> str:
    if name not in environ:
        raise ConfigError(setting, f"the environment has no {name}", f"Set {name} before you start")
    return environ[name]


def variable(account: str, setting: str = "") -> str:
    """The variable that takes the place of an account's setting, e.g. OMNICHANNEL_SUPPORT_ADDRESS."""
    return f"OMNICHANNEL_{_shout(account)}_{_shout(setting)}"


def _shout(word: str) -> str:
    return re.sub(r"[^A-Z0-9]", "_", word.upper())


def overrides(names: Iterable[str], environ: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """The settings whose place a variable takes, by account; a variable that is empty says nothing."""
    found: dict[str, dict[str, str]] = {name: {} for name in names}
    prefixes = {variable(name): name for name in found}
    for key, value in environ.items():
        # The longest name counts: OMNICHANNEL_SHOP_NL_TOKEN is the account shop-nl's, if there is one.
        prefix = max((prefix for prefix in prefixes if key.startswith(prefix)), key=len, default="")
        if prefix and value:
            found[prefixes[prefix]][key[len(prefix) :].lower()] = value
    return found
