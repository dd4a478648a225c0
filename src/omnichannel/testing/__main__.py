"""`python -m omnichannel.testing record CASE.json… | FOLDER…`: fills in what a case's channel does, for review.

The channel is that of the `test_contract.py` beside the folder (or, with `--kind KIND`, a bare one of that kind).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from omnichannel.channel import Channel
from omnichannel.errors import OmnichannelError, UsageError
from omnichannel.plugins import channel_class
from omnichannel.testing.discover import contracts
from omnichannel.testing.record import record


def main(argv: Sequence[str]) -> int:
    """Record each case that is named; 1 if one could not be."""
    parser = argparse.ArgumentParser(prog="python -m omnichannel.testing", description=__doc__)
    parser.add_argument("what", choices=["record"])
    parser.add_argument("paths", nargs="+", type=Path, metavar="CASE.json or FOLDER")
    parser.add_argument("--kind", help="use a bare channel of this kind instead of the test's own")
    given = parser.parse_args(argv)
    failed = 0
    for path in _files(given.paths):
        try:
            changed = record(path, _channel(path, given.kind))
            sys.stdout.write(f"{path}: {changed or 'as it was'}\n")
        except (OmnichannelError, ValueError) as error:
            failed = 1
            sys.stderr.write(f"{path}: {type(error).__name__}: {error}\n")
    return failed


def _files(paths: Sequence[Path]) -> list[Path]:
    return [file for path in paths for file in (sorted(path.glob("*.json")) if path.is_dir() else [path])]


def _channel(path: Path, kind: str | None) -> Channel:
    if kind:
        return channel_class(kind).bare()
    folder = path.resolve().parent
    for above in (folder, *folder.parents):
        for contract in contracts(above / "test_contract.py"):
            if contract.cases.resolve() == folder:
                return contract().subject().channel()
    raise UsageError(
        f"no test_contract.py above {path} uses this folder; write it first, or give --kind KIND"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
