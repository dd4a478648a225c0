"""Checking the settings of a bot before anything is sent or accepted with them, and keeping its token to itself."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from pydantic import SecretStr

from omnichannel.errors import ConfigError
from omnichannel.toolbox import host_of, secrets_of

HOST = "https://api.telegram.org"

_TOKEN = re.compile(r"(\d{1,20}):[A-Za-z0-9_-]{8,}", re.ASCII)
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}", re.ASCII)
_CONNECTION = re.compile(r"[A-Za-z0-9_-]{1,256}", re.ASCII)
_USERNAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{3,31}", re.ASCII)

_SECRET_CURE = (
    "Make up 1 to 256 of A-Z a-z 0-9 _ - and give the same as secret_token to setWebhook, or set poll = true"  # noqa: S105 - advice
)

Businesses = frozenset[str] | None
"""The business connections that are ours; None where that is unknown, as to an instance that knows no account."""


@dataclass(frozen=True, slots=True)
class Bot:
    """The bot as the Bot API knows it. Without a token it can do nothing on the wire."""

    host: str = HOST
    id: str = ""
    token: SecretStr | None = None

    def method(self, name: str) -> str:
        """The address of a method as it is stored: without the token."""
        return f"{self.host}/bot/{name}"

    def address(self, stored: str) -> str:
        """Where a stored address leads on the wire. The token goes to our own host alone, whatever was stored."""
        return f"{self.host}/bot{self._key}/{stored.rpartition('/')[2]}"

    def file(self, path: str) -> str:
        """Where a file lies, with the token in the address: for fetching at once, never for keeping."""
        return f"{self.host}/file/bot{self._key}/{path}"

    @property
    def _key(self) -> str:
        return self.token.get_secret_value() if self.token else ""


def bot_of(token: str | SecretStr, host: str) -> Bot:
    """The bot that a token belongs to; its first part is the bot's own id. Raises ConfigError."""
    secret = token if isinstance(token, SecretStr) else SecretStr(token)
    found = _TOKEN.fullmatch(secret.get_secret_value())
    if not found:
        problem = "it is not a bot's token" if secret.get_secret_value() else "it is missing"
        raise ConfigError("token", problem, "Copy it from @BotFather: digits, a colon, and 35 characters")
    return Bot(host=host_of(host, "host", f"Leave it out for {HOST}"), id=found[1], token=secret)


def webhook_secrets(given: str | SecretStr | Iterable[str | SecretStr]) -> tuple[SecretStr, ...]:
    """The secrets that Telegram may send in its header. Raises ConfigError for none, or one it would not take."""
    found = secrets_of(given, "secret", _SECRET_CURE)
    if not all(_SECRET.fullmatch(one.get_secret_value()) for one in found):
        raise ConfigError(
            "secret", "it has a character that Telegram does not take, or too many", _SECRET_CURE
        )
    return found


def username_of(given: str) -> str:
    """The bot's name without @; empty if it was not given. Raises ConfigError."""
    name = given.removeprefix("@")
    if name and not _USERNAME.fullmatch(name):
        raise ConfigError(
            "username", f"{name[:40]!r} is no name of a bot", "Give it as it stands in t.me/NAME"
        )
    return name


def businesses_of(given: Iterable[str]) -> frozenset[str]:
    """The ids of business connections that are ours. Raises ConfigError."""
    found = frozenset((given,) if isinstance(given, str) else given)
    if not all(_CONNECTION.fullmatch(one) for one in found):
        cure = "Give each as `business_connection` told it, such as eooW3KF5WB5HxTD7T826"
        raise ConfigError("businesses", "one is not the id of a business connection", cure)
    return found
