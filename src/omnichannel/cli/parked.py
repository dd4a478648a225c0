"""`omnichannel parked`: what failed for good and waits for a person; list it, or let it be tried once more."""

from __future__ import annotations

import argparse
import asyncio

from omnichannel.cli import stores
from omnichannel.cli.wire import json_line
from omnichannel.model import Parked


def arguments(parser: argparse.ArgumentParser) -> None:
    """Where the store is, and what to replay."""
    stores.arguments(parser)
    parser.add_argument("--replay", metavar="ID", nargs="+", default=[], help="try these once more")
    parser.add_argument("--all", action="store_true", help="try everything once more")
    parser.add_argument("--json", action="store_true", help="one JSON object per line")


def run(options: argparse.Namespace) -> int:
    """List what is parked, after replaying what was asked; 1 if something is parked still, else 0.

    A delivery is read again here and now if the configuration has its account; a message goes back to the
    handlers, which run where `Inbox.run` does.
    """
    left = asyncio.run(_work(options))
    for parked in left:
        print(json_line(parked.model_dump(mode="json")) if options.json else _line(parked))
    if not left and not options.json:
        print("nothing is parked")
    return 1 if left else 0


async def _work(options: argparse.Namespace) -> list[Parked]:
    async with stores.inbox(options, accounts=True) as inbox:
        wanted = [parked.id for parked in await inbox.parked()] if options.all else options.replay
        for parked in wanted:
            await inbox.replay(parked)
        if wanted and inbox.channels:
            while await inbox.read():
                pass
        return await inbox.parked()


def _line(parked: Parked) -> str:
    account = f" on {parked.account}" if parked.account else ""
    reason = json_line(parked.reason)
    return f"{parked.id}  {parked.at:%Y-%m-%d %H:%M}  {parked.what}{account}, {parked.attempts} attempts: {reason}"
