"""`omnichannel health`: how every account does, and what to do about it."""

from __future__ import annotations

import argparse
import asyncio
import json

from omnichannel.cli import stores
from omnichannel.inbox import Health


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which configuration, and how it is told."""
    parser.add_argument("--config", metavar="FILE", help="instead of OMNICHANNEL_CONFIG or omnichannel.toml")
    parser.add_argument("--offline", action="store_true", help="look at the store only, do not ask platforms")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(options: argparse.Namespace) -> int:
    """Print a line for each account; 1 if something needs a person, else 0."""
    found = asyncio.run(_asked(options))
    well = not any(one.needs_person for one in found)
    print(
        _data(found, well=well)
        if options.json
        else "\n".join(map(_written, found)) or "there are no accounts"
    )
    return 0 if well else 1


async def _asked(options: argparse.Namespace) -> list[Health]:
    options.store = options.workspace = None
    async with stores.inbox(options, accounts=True) as inbox:
        return await inbox.health(ask=not options.offline)


def _data(found: list[Health], *, well: bool) -> str:
    accounts = [{**one.model_dump(mode="json"), "needs_person": one.needs_person} for one in found]
    return json.dumps({"ok": well, "accounts": accounts}, indent=2, ensure_ascii=False)


def _written(one: Health) -> str:
    said = f"{one.state:<9} {one.account} ({one.kind}): {one.says}"
    return f"{said}\n          {one.cure}" if one.cure else said
