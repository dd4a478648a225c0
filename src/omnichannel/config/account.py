"""One account: from its table in the file to a channel that is set up."""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from pydantic import ValidationError

from omnichannel.channel import Channel
from omnichannel.config.environment import overrides, resolved, variable
from omnichannel.config.fitting import fitting, hints
from omnichannel.errors import ConfigError, OmnichannelError, UsageError
from omnichannel.model import Account
from omnichannel.plugins import channel_class


@dataclass(frozen=True)
class Written:
    """An account as it was written: its table, and what the environment says instead."""

    name: str
    table: Mapping[str, object] = field(repr=False)
    instead: Mapping[str, str] = field(repr=False)

    @property
    def where(self) -> str:
        """The place in the file, for messages."""
        return f"channels.{self.name}"

    def value(self, key: str, environ: Mapping[str, str]) -> object:
        """What a setting is. The environment's is taken as it is: a password may well contain `${`."""
        if key in self.instead:
            return self.instead[key]
        return resolved(f"{self.where}.{key}", self.table.get(key), environ)


def accounts(given: object, environ: Mapping[str, str]) -> tuple[Written, ...]:
    """The accounts of the file, in its order; raises ConfigError if they are not written as tables."""
    cure = "Write one [channels.NAME] for each account, and its settings below it"
    if not isinstance(given, dict):
        raise ConfigError("channels", "it is not a table", cure)
    _refuse_twins(given)
    instead = overrides(given, environ)
    for name, table in given.items():
        if not isinstance(table, dict):
            raise ConfigError(f"channels.{name}", "it is not a table", cure)
    return tuple(Written(name, table, instead[name]) for name, table in given.items())


def _refuse_twins(names: Iterable[str]) -> None:
    seen: dict[str, str] = {}
    for name in names:
        twin = seen.setdefault(variable(name), name)
        if twin != name:
            problem = f"the environment could not tell it from {twin}"
            raise ConfigError(f"channels.{name}", problem, "Give it a name that differs in letters or digits")


def opened(account: Written, environ: Mapping[str, str]) -> Channel:
    """The channel with its settings; raises ConfigError for the first that is missing, unknown or wrong."""
    maker = _maker(account, environ)
    known = list(inspect.signature(maker).parameters.values())[1:]
    given = dict.fromkeys((*account.table, *account.instead))
    refuse_unknown(f"{account.where}.", given, ("kind", *(parameter.name for parameter in known)))
    for parameter in known:
        if parameter.default is parameter.empty and parameter.name not in given:
            cure = f"Write it there, or set {variable(account.name, parameter.name)}"
            raise ConfigError(f"{account.where}.{parameter.name}", "it is not set", cure)
    hinted = hints(maker)
    settings = {
        key: fitting(f"{account.where}.{key}", hinted.get(key, object), account.value(key, environ))
        for key in given
        if key != "kind"
    }
    return _made(account, lambda: maker(account.name, **settings))


def refuse_unknown(prefix: str, given: Iterable[str], known: Iterable[str]) -> None:
    """Raises ConfigError for the first name that is not known, with the one that was probably meant."""
    names = sorted(known)
    for key in given:
        if key not in names:
            close = difflib.get_close_matches(key, names, 1)
            cure = f"Did you mean {close[0]}?" if close else f"Known are {', '.join(names)}"
            raise ConfigError(prefix + key, "there is no such setting", cure)


def _maker(account: Written, environ: Mapping[str, str]) -> Callable[..., Channel]:
    """The class of the account's kind; a name that no account may have is found out here too."""
    where = f"{account.where}.kind"
    kind = account.value("kind", environ)
    if not isinstance(kind, str):
        raise ConfigError(
            where, "it is not set", f'Write kind = "email", or another kind, in [{account.where}]'
        )
    try:
        Account(name=account.name, kind=kind)
        return channel_class(kind)
    except ValidationError:
        cure = "Use up to 64 letters, digits, dots, dashes and underscores"
        raise ConfigError(account.where, "this cannot be a name", cure) from None
    except UsageError as error:
        raise ConfigError(where, str(error), "`omnichannel channels` lists what is installed") from error


def _made(account: Written, make: Callable[[], Channel]) -> Channel:
    try:
        return make()
    except ConfigError as error:
        raise ConfigError(f"{account.where}.{error.setting}", error.problem, error.cure) from None
    except (OmnichannelError, TypeError, ValueError) as error:
        # What such an error says may repeat a value.
        problem = f"these settings do not go together ({type(error).__name__})"
        raise ConfigError(account.where, problem, "Compare them with the channel's page") from None
