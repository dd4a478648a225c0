"""`omnichannel reconcile`: bring in what an account missed, from its platform's own record."""

from __future__ import annotations

import argparse
import asyncio

from omnichannel.cli import stores
from omnichannel.cli.history import moment
from omnichannel.inbox import Reconciled


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which account, and since when."""
    parser.add_argument("account", metavar="ACCOUNT", help="an account of the configuration")
    parser.add_argument(
        "--since",
        metavar="DATE",
        help="a day or moment (ISO 8601; UTC without zone); without it, from before the gap that is known",
    )
    parser.add_argument("--config", metavar="FILE", help="instead of OMNICHANNEL_CONFIG or omnichannel.toml")


def run(options: argparse.Namespace) -> int:
    """Compare, telling every batch in which anything is missing; interrupted, the same command goes on from there.

    What is brought in waits for the handlers of whichever process runs them.
    """
    done = asyncio.run(_reconcile(options))
    print(f"since {done.since:%Y-%m-%d %H:%M} UTC: {_counted(done)}")
    if done.asked:
        print(done.asked)
    return 0


async def _reconcile(options: argparse.Namespace) -> Reconciled:
    since = moment(options.since) if options.since else None
    missing = 0

    def tell(done: Reconciled) -> None:
        nonlocal missing
        if done.missing > missing:
            print(_counted(done), flush=True)
            missing = done.missing

    options.store = options.workspace = None
    async with stores.inbox(options, accounts=True) as inbox:
        return await inbox.reconcile(options.account, since, told=tell)


def _counted(done: Reconciled) -> str:
    return (
        f"{done.compared} compared, {done.present} of them present, {done.missing} missing, "
        f"{done.brought_in} brought in"
    )
