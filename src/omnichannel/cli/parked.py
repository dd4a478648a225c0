"""`omnichannel parked`: what failed for good and waits for a person; list it, or let it be tried once more."""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path

from omnichannel.app import Inbox
from omnichannel.cli.wire import json_line
from omnichannel.config import Config, load
from omnichannel.errors import ConfigError
from omnichannel.model import Parked
from omnichannel.store.opening import sqlite_path


def arguments(parser: argparse.ArgumentParser) -> None:
    """Where the store is, and what to replay."""
    parser.add_argument("--config", metavar="FILE", help="the configuration (omnichannel.toml)")
    parser.add_argument("--store", metavar="URL", help="the store, instead of the configuration's")
    parser.add_argument("--workspace", metavar="NAME", help="the workspace, instead of the configuration's")
    parser.add_argument("--replay", metavar="ID", nargs="+", default=[], help="try these once more")
    parser.add_argument("--all", action="store_true", help="try everything once more")
    parser.add_argument("--json", action="store_true", help="one JSON object per line")


def run(options: argparse.Namespace) -> int:
    """List what is parked, after replaying what was asked; 1 if something is parked still, else 0.

    A delivery is read again here and now if the configuration has its account; a message goes back to the
    handlers, which run where `Inbox.run` does.
    """
    left = asyncio.run(_work(_config(options), options))
    for parked in left:
        print(json_line(parked.model_dump(mode="json")) if options.json else _line(parked))
    if not left and not options.json:
        print("nothing is parked")
    return 1 if left else 0


def _config(options: argparse.Namespace) -> Config:
    """The configuration; with a store alone, one without accounts."""
    given = load(options.config) if options.config or not options.store else Config()
    return Config(
        store=options.store or given.store,
        workspace=options.workspace or given.workspace,
        channels=given.channels,
    )


def _refuse_missing(url: str) -> None:
    """Raises ConfigError for a file that is not there: looking must not make one."""
    path = Path(sqlite_path(url)) if url.startswith("sqlite:") else None
    if path is not None and not path.exists():
        cure = "Say where it is: --store sqlite:////srv/support.db, or --config FILE"
        raise ConfigError("store", f"{path} is not there, so nothing was ever kept in it", cure)


async def _work(config: Config, options: argparse.Namespace) -> list[Parked]:
    _refuse_missing(config.store)
    async with Inbox(config.store, config.channels, workspace=config.workspace) as inbox:
        wanted = [parked.id for parked in await inbox.parked()] if options.all else options.replay
        for parked in wanted:
            await inbox.replay(parked)
        if wanted and config.channels:
            while await inbox.read():
                pass
        return await inbox.parked()


def _line(parked: Parked) -> str:
    account = f" on {parked.account}" if parked.account else ""
    reason = json_line(parked.reason)
    return f"{parked.id}  {parked.at:%Y-%m-%d %H:%M}  {parked.what}{account}, {parked.attempts} attempts: {reason}"
