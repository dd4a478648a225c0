"""Where X is, and who we are there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from importlib.util import find_spec
from urllib.parse import urlsplit

from pydantic import SecretStr

from omnichannel.errors import ConfigError
from omnichannel.toolbox import is_loopback

HOST = "https://api.x.com"

Token = str | SecretStr | Callable[[], str | SecretStr | Awaitable[str | SecretStr]]
"""An OAuth 2 user access token (they live two hours), or a function that returns one that is still good."""

_NONE = SecretStr("")


@dataclass(frozen=True, repr=False)
class Access:
    """OAuth 1.0a with its four secrets, or OAuth 2 with a user's token."""

    host: str = HOST
    consumer_key: str = ""
    consumer_secret: SecretStr = _NONE
    access_token: SecretStr = _NONE
    access_token_secret: SecretStr = _NONE
    token: SecretStr | Callable[[], str | SecretStr | Awaitable[str | SecretStr]] = _NONE

    def checked(self) -> Access:
        """Itself, if it can work. Raises ConfigError naming the setting that is missing or too much."""
        _check_host(self.host)
        cure = "Give consumer_key, access_token and access_token_secret (OAuth 1.0a), or token (OAuth 2)."
        first = {
            "consumer_key": self.consumer_key,
            "access_token": self.access_token,
            "access_token_secret": self.access_token_secret,
        }
        missing = [setting for setting, value in first.items() if not value]
        if self.token == _NONE and missing:
            raise ConfigError(missing[0], "it is not set, so that X would refuse every call", cure)
        if self.token != _NONE and len(missing) < len(first):
            raise ConfigError("token", "parts of both ways to authenticate are given", cure)
        if find_spec("tweepy") is None:
            raise ConfigError("tweepy", "it is not installed", "Run: pip install 'omnichannel[x]'")
        return self


def _check_host(host: str) -> None:
    parts = urlsplit(host)
    if parts.scheme not in ("https", "http") or not parts.netloc or parts.path.strip("/") or parts.query:
        raise ConfigError("host", f"{host!r} is no origin", f"Leave it out, or write it like {HOST}.")
    if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        raise ConfigError("host", "secrets would go over the network in the clear", "Use https.")


def secret(given: str | SecretStr) -> SecretStr:
    """Wrapped, so that it never shows."""
    return given if isinstance(given, SecretStr) else SecretStr(given)
