"""Checking the settings of a Page or account before anything is sent or accepted with them."""

from __future__ import annotations

import re

from omnichannel.errors import ConfigError

HOST = "https://graph.facebook.com"
INSTAGRAM_HOST = "https://graph.instagram.com"
VERSION = "v26.0"
"""Released 2026-07-29 (Graph API changelog). Unversioned calls would use the app's oldest living version."""

SECRET_CURE = "Copy it from the app's dashboard: Settings > Basic > App secret"  # noqa: S105 - advice
VERIFY_CURE = "Make up a long random word, and enter the same in the app's dashboard under Webhooks"


def page_of(given: str) -> str:
    """A Page's id: digits only. Raises ConfigError for a name, an address or nothing."""
    cure = "Find it on the Page under About > Page transparency, or ask GET /me with the Page's token"
    return id_of(given, "page_id", "a Page's id", cure)


def id_of(given: str, setting: str, what: str, cure: str) -> str:
    """An id of Meta's: digits only, also where it was written as a number. Raises ConfigError for anything else."""
    found = str(given).strip()
    if not (found.isascii() and found.isdigit() and len(found) <= 32):
        raise ConfigError(setting, f"{what} is written in digits" if found else "it is missing", cure)
    return found


def version_of(given: str) -> str:
    """A version of the Graph API, such as v26.0."""
    if not re.fullmatch(r"v\d{1,3}\.\d{1,2}", given):
        raise ConfigError("version", f"{given[:20]!r} is no version of the Graph API", f"Use {VERSION}")
    return given
