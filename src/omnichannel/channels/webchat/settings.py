"""Checking the settings of a web chat before a page is served with them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from pydantic import SecretStr

from omnichannel.channels.webchat.files import ENDINGS
from omnichannel.errors import ConfigError
from omnichannel.toolbox import secrets_of

SECRET_CURE = "Make one: python -c 'import secrets; print(secrets.token_urlsafe(32))'"  # noqa: S105 - advice
_SHORTEST_SECRET = 32

# What a browser writes into `Origin` (RFC 6454): lower-case, no path, and no port where it is the scheme's own.
_ORIGIN = re.compile(
    r"(?:https://[a-z0-9.-]+|http://(?:localhost|127\.0\.0\.1|\[::1\]))(?::\d{1,5})?", re.ASCII
)
_MOST_BYTES = 20 * 1024 * 1024


def secrets(given: str | SecretStr | Iterable[str | SecretStr]) -> tuple[SecretStr, ...]:
    """The newest secret first. Raises ConfigError for none, and for one that could be guessed."""
    found = secrets_of(given, "secret", SECRET_CURE)
    if any(len(one.get_secret_value()) < _SHORTEST_SECRET for one in found):
        raise ConfigError("secret", f"it has fewer than {_SHORTEST_SECRET} characters", SECRET_CURE)
    return found


def origins(given: Iterable[str]) -> frozenset[str]:
    """The sites that may embed the chat, exactly as a browser names them. Raises ConfigError."""
    found = frozenset((given,) if isinstance(given, str) else given)
    cure = "Write each as https://www.shop.example: no path, no slash at the end, no star"
    if not found:
        raise ConfigError("origins", "no site may embed the chat", cure)
    for origin in sorted(found):
        own_port = origin.endswith(":443") if origin.startswith("https:") else origin.endswith(":80")
        if not _ORIGIN.fullmatch(origin) or own_port:
            raise ConfigError("origins", f"{origin[:100]!r} is not what a browser calls an origin", cure)
    return found


def page(given: str) -> str:
    """The page of the company that links lead to; empty for none. Raises ConfigError."""
    if not given:
        return ""
    split = urlsplit(given)
    if not _ORIGIN.fullmatch(f"{split.scheme}://{split.netloc}") or "#" in given:
        raise ConfigError(
            "page", "it is no https address, or has a # in it", "Give the page that has the chat on it"
        )
    return given


def takes(given: Iterable[str]) -> tuple[str, ...]:
    """The media types that visitors may send; empty for no files. Raises ConfigError for what cannot be told."""
    found = tuple(dict.fromkeys((given,) if isinstance(given, str) else given))
    for media_type in found:
        if media_type not in ENDINGS:
            raise ConfigError(
                "takes", f"{media_type[:100]!r} cannot be told from its bytes", f"Use {', '.join(ENDINGS)}"
            )
    return found


def most_bytes(given: int) -> int:
    """How much may come with one message. Raises ConfigError."""
    if not 0 < given <= _MOST_BYTES:
        raise ConfigError("max_bytes", f"{given} is not between 1 and {_MOST_BYTES}", "5242880 is 5 MiB")
    return given


def proxies(given: int) -> int:
    """How many proxies of ours stand before the site. Raises ConfigError."""
    if not 0 <= given <= 10:
        raise ConfigError(
            "proxies", f"{given} is not between 0 and 10", "Count those that add X-Forwarded-For"
        )
    return given
