"""`omnichannel retention`: let go what is older than the configuration has it kept; or say what would go."""

from __future__ import annotations

import argparse

from omnichannel.cli import stores
from omnichannel.cli.wire import json_line
from omnichannel.errors import ConfigError
from omnichannel.model import Gone


def arguments(parser: argparse.ArgumentParser) -> None:
    """Where the store is, and whether anything is done."""
    stores.arguments(parser)
    parser.add_argument("--dry-run", action="store_true", help="change nothing, and say what would go")
    parser.add_argument("--gone", action="store_true", help="change nothing, and say what went before")
    parser.add_argument("--json", action="store_true", help="one JSON object per line")


def run(options: argparse.Namespace) -> int:
    """Let go, or say what would go or went; 0. Raises ConfigError where nothing says how long things are kept."""
    inbox = stores.inbox(options, accounts=True)
    if inbox.retention_rules is None and not options.gone:
        cure = "Write [retention] in the configuration (docs/howto/retention.md), and give it by --config"
        raise ConfigError("retention", "nothing is said of how long things are kept", cure)
    with inbox.sync() as box:
        work = (
            box.retention.gone
            if options.gone
            else box.retention.foresee
            if options.dry_run
            else box.retention.apply
        )
        found = work()
    for one in found:
        print(json_line(one.model_dump(mode="json")) if options.json else _line(one))
    if not options.json:
        total = sum(one.count for one in found)
        print(f"{total} {'went' if options.gone else 'would go' if options.dry_run else 'gone'}")
    return 0


def _line(one: Gone) -> str:
    account = f" on {one.account}" if one.account else ""
    went_on = f", went on {one.went_on}" if one.went_on else ""
    return f"{one.count:>8}  {one.what}{account} of {one.day}{went_on}"
