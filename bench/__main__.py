"""The entrance: `python -m bench NAME …` runs the module or package of that name here, by its `main(argv)`."""

from __future__ import annotations

import pkgutil
import sys
from collections.abc import Sequence
from importlib import import_module

import bench


def names() -> list[str]:
    """Every bench there is."""
    return sorted(module.name for module in pkgutil.iter_modules(bench.__path__) if module.name != "__main__")


def main(argv: Sequence[str]) -> int:
    """Run one bench with the arguments after its name, and return its exit status."""
    if not argv or argv[0] not in names():
        print(f"usage: python -m bench NAME …; there are {', '.join(names())}", file=sys.stderr)
        return 2
    module = import_module(f"bench.{argv[0]}")
    # A package keeps its command apart from what its modules share.
    command = import_module(f"{module.__name__}.__main__") if hasattr(module, "__path__") else module
    status: int = command.main(argv[1:])
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
