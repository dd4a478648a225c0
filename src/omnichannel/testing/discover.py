"""Finding the contract tests that are there: whoever writes `test_contract.py` is found."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from omnichannel.testing.contract import ChannelContract


def contracts(file: Path) -> Iterator[type[ChannelContract]]:
    """The contracts that a test file declares itself, in order; none if there is no such file."""
    if not file.is_file():
        return
    module = _imported(file)
    for found in vars(module).values():
        if (
            isinstance(found, type)
            and issubclass(found, ChannelContract)
            and found.__module__ == module.__name__
        ):
            yield found


def _imported(file: Path) -> ModuleType:
    """The module of a file: within its packages, as pytest imports it, so that it is imported once."""
    root, names = file.resolve().parent, [file.stem]
    while (root / "__init__.py").exists():
        names.insert(0, root.name)
        root = root.parent
    name = ".".join(names)
    if str(root) not in sys.path:
        sys.path.insert(0, str(root))
    return importlib.import_module(name)
