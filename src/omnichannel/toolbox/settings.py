"""Checking settings that most platforms have: secrets, and where an API is. Each error names the cure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from ipaddress import ip_address

from pydantic import SecretStr

from omnichannel.errors import ConfigError

_HOST = re.compile(
    r"(?:https://[A-Za-z0-9.-]+|http://(?:127\.0\.0\.1|localhost|\[::1\]))(?::\d{1,5})?", re.ASCII
)


def secrets_of(
    given: str | SecretStr | Iterable[str | SecretStr] | None, setting: str, cure: str
) -> tuple[SecretStr, ...]:
    """One secret or several (old and new, during rotation) as a tuple; raises ConfigError if there is none.

    An empty secret is none: it would let everybody in.
    """
    several: Iterable[str | SecretStr] = (
        () if given is None else (given,) if isinstance(given, str | SecretStr) else given
    )
    found = tuple(item if isinstance(item, SecretStr) else SecretStr(item) for item in several)
    if not found or any(not item.get_secret_value().strip() for item in found):
        raise ConfigError(
            setting, "no secret is set, so nothing that arrives could be told from a forgery", cure
        )
    return found


def secret_of(given: str | SecretStr, setting: str, cure: str) -> SecretStr:
    """One secret of ours, fit to stand in a header. Raises ConfigError for nothing, spaces or line breaks."""
    secret = given if isinstance(given, SecretStr) else SecretStr(given)
    value = secret.get_secret_value()
    if not value or not value.isprintable() or " " in value:
        raise ConfigError(setting, "it has spaces or line breaks" if value else "it is missing", cure)
    return secret


def host_of(given: str, setting: str, cure: str) -> str:
    """Where an API is, without a slash at the end. Plain http is for this machine alone. Raises ConfigError."""
    host = given.rstrip("/")
    if not _HOST.fullmatch(host):
        raise ConfigError(setting, "it is not an https address without a path", cure)
    return host


def is_loopback(host: str) -> bool:
    """Whether a host is this machine, where nothing has to be encrypted; of all names only `localhost` is."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
