"""What every command on a store takes: which one it is, and in which workspace."""

from __future__ import annotations

import argparse
from pathlib import Path

from omnichannel.app import Inbox
from omnichannel.config import load
from omnichannel.desk import Plan
from omnichannel.desk.access import Access
from omnichannel.desk.retention import Retention
from omnichannel.errors import ConfigError, UsageError
from omnichannel.model import Address
from omnichannel.store.opening import sqlite_path
from omnichannel.webhooks import Webhook


def arguments(parser: argparse.ArgumentParser) -> None:
    """Where the store is."""
    parser.add_argument("--config", metavar="FILE", help="the configuration (omnichannel.toml)")
    parser.add_argument("--store", metavar="URL", help="the store, instead of the configuration's")
    parser.add_argument("--workspace", metavar="NAME", help="the workspace, instead of the configuration's")


def inbox(options: argparse.Namespace, *, accounts: bool = False, desk: Plan | None = None) -> Inbox:
    """The inbox on that store, without its accounts, unless they are asked for: nothing is sent or fetched.

    Its plan is the configuration's, else `desk`. Raises ConfigError for a file that is not there: looking must not
    make one.
    """
    store, workspace, channels = options.store, options.workspace, []
    webhooks: tuple[Webhook, ...] = ()
    access: Access | None = None
    retention: Retention | None = None
    if options.config or not store:
        given = load(options.config)
        channels, webhooks = list(given.channels) if accounts else [], given.webhooks
        desk, access, retention = given.desk or desk, given.access, given.retention
        store, workspace = store or given.store, workspace or given.workspace
    path = Path(sqlite_path(store)) if store.startswith("sqlite:") else None
    if path is not None and not path.exists():
        cure = "Say where it is: --store sqlite:////srv/support.db, or --config FILE"
        raise ConfigError("store", f"{path} is not there, so nothing was ever kept in it", cure)
    return Inbox(
        store,
        channels,
        workspace=workspace or "default",
        webhooks=webhooks,
        desk=desk,
        access=access,
        retention=retention,
    )


def address(written: str) -> Address:
    """An address as `kind:scope:value`. Raises UsageError with the cure."""
    try:
        return Address.of(written)
    except ValueError as error:
        raise UsageError(f"{error}; write it as email::anna@shop.example or messenger:PAGE:42") from None
