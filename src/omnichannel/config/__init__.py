"""What an installation consists of, from a file and the environment: store, workspace, accounts, who is told, a desk.

The file is TOML; what is secret stays in the environment. A setting of an account is a keyword of its channel's
class: nothing is registered anywhere, and what a class does not know is refused. No value is ever repeated in
a message, because it may be a secret.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from omnichannel.channel import Channel
from omnichannel.config.access import allowed, kept
from omnichannel.config.account import Written, accounts, opened, refuse_unknown
from omnichannel.config.desk import planned
from omnichannel.config.endpoint import endpoints, made
from omnichannel.config.environment import resolved
from omnichannel.desk import Plan
from omnichannel.desk.access import Access
from omnichannel.desk.retention import Retention
from omnichannel.errors import ConfigError
from omnichannel.webhooks import Webhook

__all__ = ["FILE", "STORE", "WORKSPACE", "Config", "examine", "load", "place"]

FILE = "omnichannel.toml"
STORE = "sqlite:///omnichannel.db"
WORKSPACE = "default"

_MOST_DOTS = 5000  # in a name; tomllib takes the square of their number


@dataclass(frozen=True)
class Config:
    """One installation. `store` is a URL, which may hold a password: it is not shown. `desk` is None without one."""

    store: str = field(default=STORE, repr=False)
    workspace: str = WORKSPACE
    channels: tuple[Channel, ...] = ()
    webhooks: tuple[Webhook, ...] = ()
    desk: Plan | None = None
    access: Access | None = None
    retention: Retention | None = None


def load(path: str | Path | None = None, environ: Mapping[str, str] | None = None) -> Config:
    """The configuration in a file; without a path the one that OMNICHANNEL_CONFIG names, or `omnichannel.toml`.

    Raises ConfigError, naming the setting and the cure, for the first thing that is wrong.
    """
    config, problems = examine(path, environ)
    if problems:
        raise problems[0]
    return config


def examine(
    path: str | Path | None = None, environ: Mapping[str, str] | None = None
) -> tuple[Config, tuple[ConfigError, ...]]:
    """What of a configuration can be set up, and everything that is wrong with the rest.

    Raises ConfigError if there is no file, or if it is not TOML.
    """
    around = os.environ if environ is None else environ
    given = _read(place(path, around))
    problems: list[ConfigError] = []
    store, workspace = STORE, WORKSPACE
    written: tuple[Written, ...] = ()
    channels: list[Channel] = []
    webhooks: list[Webhook] = []
    told: dict[str, dict[str, object]] = {}
    desk: Plan | None = None
    access: Access | None = None
    retention: Retention | None = None
    with _noting(problems):
        refuse_unknown(
            "", given, ("store", "workspace", "channels", "webhooks", "desk", "access", "retention")
        )
    with _noting(problems):
        store = _word("store", given, around) or STORE
    with _noting(problems):
        workspace = _word("workspace", given, around) or WORKSPACE
    with _noting(problems):
        written = accounts(given.get("channels", {}), around)
    for account in written:
        with _noting(problems):
            channels.append(opened(account, around))
    with _noting(problems):
        told = endpoints(given.get("webhooks", {}))
    for name, table in told.items():
        with _noting(problems):
            webhooks.append(made(name, table, around))
    with _noting(problems):
        desk = planned(given["desk"]) if "desk" in given else None
    with _noting(problems):
        access = allowed(given["access"], around) if "access" in given else None
    with _noting(problems):
        retention = kept(given["retention"]) if "retention" in given else None
    found = Config(store, workspace, tuple(channels), tuple(webhooks), desk, access, retention)
    return found, tuple(problems)


def place(path: str | Path | None, environ: Mapping[str, str]) -> Path:
    """Which file counts: the one that was said, else the environment's, else `omnichannel.toml` here."""
    return Path(path or environ.get("OMNICHANNEL_CONFIG") or FILE)


@contextmanager
def _noting(problems: list[ConfigError]) -> Iterator[None]:
    try:
        yield
    except ConfigError as problem:
        problems.append(problem)


def _read(file: Path) -> dict[str, object]:
    try:
        return _loaded(file.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        cure = (
            "Write one (docs/reference/configuration.md), or say where it is: --config or OMNICHANNEL_CONFIG"
        )
        raise ConfigError(str(file), "there is no such file", cure) from None
    except OSError as error:
        cure = "Make it a file that this user may read"
        raise ConfigError(str(file), error.strerror or "it cannot be read", cure) from None
    except (ValueError, RecursionError) as error:
        # An error of decoding would quote the file.
        told = isinstance(error, tomllib.TOMLDecodeError | RecursionError)
        problem = str(error) if told else "not UTF-8"
        raise ConfigError(
            str(file), f"not TOML: {problem}", "Mend that line; texts stand in quotes"
        ) from None


def _loaded(text: str) -> dict[str, object]:
    """The tables of a file. Raises ValueError, or RecursionError."""
    for number, line in enumerate(text.splitlines(), 1):
        if any(name.count(".") > _MOST_DOTS for name in line.split("=")):
            raise tomllib.TOMLDecodeError(f"no name has so many dots (at line {number})")
    return tomllib.loads(text)


def _word(key: str, given: Mapping[str, object], environ: Mapping[str, str]) -> str:
    """A text at the top of the file, or instead of it OMNICHANNEL_<KEY>; empty if neither is there."""
    value = environ.get(f"OMNICHANNEL_{key.upper()}") or resolved(key, given.get(key, ""), environ)
    if not isinstance(value, str):
        raise ConfigError(key, "it is not a text", "Write it in quotes")
    return value
