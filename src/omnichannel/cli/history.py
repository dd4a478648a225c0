"""`omnichannel history`: bring in what was said before, from a platform's own record."""

from __future__ import annotations

import argparse
import asyncio
from datetime import UTC, datetime

from omnichannel.app import Inbox
from omnichannel.config import load
from omnichannel.errors import UsageError
from omnichannel.inbox import Imported


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which account, and since when."""
    parser.add_argument("account", metavar="ACCOUNT", help="an account of the configuration")
    parser.add_argument(
        "--since", metavar="DATE", required=True, help="a day or moment (ISO 8601; UTC without zone)"
    )
    parser.add_argument("--config", metavar="FILE", help="instead of OMNICHANNEL_CONFIG or omnichannel.toml")


def run(options: argparse.Namespace) -> int:
    """Import, telling every batch; interrupted, the same command goes on from there."""
    since, given = moment(options.since), load(options.config)
    inbox = Inbox(given.store, given.channels, workspace=given.workspace, desk=given.desk)
    done = asyncio.run(_bring_in(inbox, options.account, since))
    print(f"done: {_counted(done)}")
    return 0


async def _bring_in(inbox: Inbox, account: str, since: datetime) -> Imported:
    told = Imported(account=account)

    def tell(done: Imported) -> None:
        # A platform that is asked day by day answers with many empty batches.
        nonlocal told
        if done.deliveries > told.deliveries:
            print(f"{done.source}: {_counted(done)}", flush=True)
            told = done

    async with inbox:
        return await inbox.import_history(account, since, told=tell)


def _counted(done: Imported) -> str:
    return (
        f"{done.deliveries} {'delivery' if done.deliveries == 1 else 'deliveries'}, {done.fresh} of them new"
    )


def moment(written: str, option: str = "--since") -> datetime:
    """A day or moment as people write it, UTC without a zone. Raises UsageError."""
    try:
        found = datetime.fromisoformat(written)
    except ValueError:
        raise UsageError(
            f"{option} {written}: no date; write 2026-01-31 or 2026-01-31T12:00:00+01:00"
        ) from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
