"""The kit's commands: `record` fills in cases for review, `check` runs a contract without pytest.

    python -m omnichannel.testing record CASE.json… | FOLDER… [--kind KIND]
    python -m omnichannel.testing check test_contract.py…

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
from omnichannel.testing.running import outcomes


def main(argv: Sequence[str]) -> int:
    """Do what is asked with each path; 1 if one failed."""
    parser = argparse.ArgumentParser(
        prog="python -m omnichannel.testing",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("what", choices=["record", "check"])
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    parser.add_argument("--kind", help="record with a bare channel of this kind instead of the test's own")
    given = parser.parse_args(argv)
    if given.what == "check":
        return sum([_check(path) for path in given.paths]) and 1
    return sum([_record(path, given.kind) for path in _files(given.paths)]) and 1


def _record(path: Path, kind: str | None) -> int:
    try:
        changed = record(path, _channel(path, kind))
    except (OmnichannelError, ValueError) as error:
        sys.stderr.write(f"{path}: {type(error).__name__}: {error}\n")
        return 1
    sys.stdout.write(f"{path}: {changed or 'as it was'}\n")
    return 0


def _check(path: Path) -> int:
    broken = 0
    for contract in contracts(path):
        for outcome in outcomes(contract().subject()):
            broken += bool(outcome.problem)
            word = "broken" if outcome.problem else "does not apply" if outcome.reason else "kept"
            sys.stdout.write(f"{word:<15}{outcome.name}  {outcome.problem or outcome.reason}\n")
    return broken


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
