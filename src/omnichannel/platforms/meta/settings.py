"""Checking the settings of a Page or account before anything is sent or accepted with them."""

from __future__ import annotations

import re

from pydantic import SecretStr

from omnichannel.errors import ConfigError

HOST = "https://graph.facebook.com"
INSTAGRAM_HOST = "https://graph.instagram.com"
VERSION = "v26.0"
"""Released 2026-07-29 (Graph API changelog). Unversioned calls would use the app's oldest living version."""

SECRET_CURE = "Copy it from the app's dashboard: Settings > Basic > App secret"  # noqa: S105 - advice
VERIFY_CURE = "Make up a long random word, and enter the same in the app's dashboard under Webhooks"

_HOST = re.compile(
    r"(?:https://[A-Za-z0-9.-]+|http://(?:127\.0\.0\.1|localhost|\[::1\]))(?::\d{1,5})?", re.ASCII
)


def page_of(given: str) -> str:
    """A Page's id: digits only. Raises ConfigError for a name, an address or nothing."""
    cure = "Find it on the Page under About > Page transparency, or ask GET /me with the Page's token"
    return id_of(given, "page_id", "a Page's id", cure)


def id_of(given: str, setting: str, what: str, cure: str) -> str:
    """An id of Meta's: digits only. Raises ConfigError for a name, an address or nothing."""
    found = given.strip()
    if not (found.isascii() and found.isdigit() and len(found) <= 32):
        raise ConfigError(setting, f"{what} is written in digits" if found else "it is missing", cure)
    return found


def secret_of(given: str | SecretStr, setting: str, cure: str) -> SecretStr:
    """One secret that can stand in a header. Raises ConfigError for nothing, spaces or line breaks."""
    secret = given if isinstance(given, SecretStr) else SecretStr(given)
    value = secret.get_secret_value()
    if not value or not value.isprintable() or " " in value:
        raise ConfigError(setting, "it has spaces or line breaks" if value else "it is missing", cure)
    return secret


def host_of(given: str, usual: str = HOST) -> str:
    """Where the Graph API is, without a slash at the end. Plain http is for this machine alone."""
    host = given.rstrip("/")
    if not _HOST.fullmatch(host):
        raise ConfigError("host", "it is not an https address without a path", f"Leave it out for {usual}")
    return host


def version_of(given: str) -> str:
    """A version of the Graph API, such as v26.0."""
    if not re.fullmatch(r"v\d{1,3}\.\d{1,2}", given):
        raise ConfigError("version", f"{given[:20]!r} is no version of the Graph API", f"Use {VERSION}")
    return given
