"""Telling other systems what happens, by Standard Webhooks: what an endpoint is, and the door to it (`posting`)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import get_args
from urllib.parse import urlsplit

from pydantic import SecretBytes

from omnichannel import fetching
from omnichannel.errors import ConfigError, FetchError
from omnichannel.model import Includes
from omnichannel.toolbox.standard_webhooks import Secrets, keys_of

__all__ = ["Webhook", "included", "reachable", "suits", "told_of"]

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)
_WANTED = re.compile(r"[a-z_]+\.(?:[a-z_]+|\*)", re.ASCII)


class Webhook:
    """An endpoint whose secrets the application has, from its configuration: the store never sees them.

    `secret` is `whsec_…`; two while it is being changed, the newer first. `wants` are the happenings that it is told
    of (`message.received`, `message.*`; none: all). `includes` is what it is told besides ids: `detail`, `message`.
    `private` allows an address that is not on the public internet, another port than 443, and plain HTTP.
    Raises ConfigError naming the setting and the cure.
    """

    def __init__(
        self,
        name: str,
        *,
        url: str,
        secret: Secrets,
        wants: Iterable[str] = (),
        includes: Iterable[str] = (),
        private: bool = False,
    ) -> None:
        self.name = suits(name, "name")
        self.url = reachable(url, private=private)
        self.keys: tuple[SecretBytes, ...] = keys_of(secret, "secret")
        self.wants = told_of(wants)
        self.includes = included(includes)
        self.private = private

    def __repr__(self) -> str:
        return f"Webhook({self.name!r})"


def suits(name: str, setting: str) -> str:
    """A name for a follower or an endpoint. Raises ConfigError."""
    if not _NAME.fullmatch(name):
        raise ConfigError(
            setting, "this cannot be a name", "Use up to 64 letters, digits, dots, dashes and underscores"
        )
    return name


def reachable(url: str, *, private: bool) -> str:
    """An address that notices may be posted to. Raises ConfigError; its host is only looked up when it is called."""
    cure = (
        "Write https://, a public host and a path; or allow what is private (private=True, --private)"
        if not private
        else "Write http:// or https://, a host and a path, without a login"
    )
    try:
        split = urlsplit(url)
    except ValueError:
        raise ConfigError("url", "it is no http address", cure) from None
    if split.scheme not in ("http", "https") or not url.isascii() or not url.isprintable() or " " in url:
        raise ConfigError("url", "it is no http address", cure)
    try:
        fetching.check(url, frozenset({fetching.origin(url)} if private else ()))
    except FetchError as error:
        raise ConfigError("url", str(error), cure) from None
    return url


def told_of(wants: Iterable[str]) -> tuple[str, ...]:
    """Which happenings are wanted: names, and beginnings of names with a star. Raises ConfigError."""
    found = (wants,) if isinstance(wants, str) else tuple(wants)
    for one in found:
        if not _WANTED.fullmatch(one):
            cure = 'Write names such as message.received, or "message.*"; leave it out for all'
            raise ConfigError("wants", f"{one[:60]!r} names no happening", cure)
    return found


def included(includes: Iterable[str]) -> tuple[Includes, ...]:
    """What an endpoint is told besides ids. Raises ConfigError."""
    found = (includes,) if isinstance(includes, str) else tuple(includes)
    known: tuple[Includes, ...] = get_args(Includes)
    for one in found:
        if one not in known:
            raise ConfigError(
                "includes", f"{one[:60]!r} is none", f"Use {' or '.join(known)}, or leave it out"
            )
    return tuple(one for one in known if one in found)
