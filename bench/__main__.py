"""The entrance: `python -m bench NAME …` runs the module or package of that name here, by its `main(argv)`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

HERE = Path(__file__).parent


def names() -> list[str]:
    """Every bench there is: a module here that has a `main`, or a package that has a command."""
    modules = {file.stem for file in HERE.glob("[!_]*.py") if "\ndef main(" in file.read_text()}
    return sorted(modules | {file.parent.name for file in HERE.glob("*/__main__.py")})


def main(argv: Sequence[str]) -> int:
    """Run one bench with the arguments after its name, and return its exit status."""
    if not argv or argv[0] not in names():
        print(f"usage: python -m bench NAME …; there are {', '.join(names())}", file=sys.stderr)
        return 2
    # A package keeps its command apart from what its modules share.
    command = f"{argv[0]}.__main__" if (HERE / argv[0]).is_dir() else argv[0]
    status: int = import_module(f"bench.{command}").main(argv[1:])
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
