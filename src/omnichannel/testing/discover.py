"""Finding the contract tests that are there: whoever writes `test_contract.py` is found."""

from __future__ import annotations

import importlib
import importlib.util
import sys
import zlib
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
    """The module of a file: within its packages, as pytest imports it, so that it is imported once.

    A file outside of packages gets a name of its own, and finds the sources of its project beside its tests.
    """
    root, names = file.resolve().parent, [file.stem]
    while (root / "__init__.py").exists():
        names.insert(0, root.name)
        root = root.parent
    for place in (root.parent / "src", root):
        if place.is_dir() and str(place) not in sys.path:
            sys.path.insert(0, str(place))
    return importlib.import_module(".".join(names)) if len(names) > 1 else _alone(file.resolve())


def _alone(file: Path) -> ModuleType:
    name = f"_contract_{zlib.crc32(str(file).encode()):08x}"
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(name, file)
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
