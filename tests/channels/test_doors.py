"""What channels see of the library: the table on the page for authors, and no more, whoever wrote them.

A built-in channel that reached for something else would be able to do what nobody else's can.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from tests.wheels import ROOT

PAGE = ROOT / "docs" / "howto" / "your-own-channel.md"
SOURCE = ROOT / "src" / "omnichannel"
PLUGINS = (
    ROOT / "examples" / "plugin" / "src" / "omnichannel_line",
    SOURCE / "cli" / "template" / "src" / "MODULE",
    ROOT / "tests" / "telegraph",
)
BUILT_IN = sorted(
    path
    for folder in ("channels", "platforms")
    for path in (SOURCE / folder).iterdir()
    if path.is_dir() and any(path.glob("*.py"))
)
ROWS = re.findall(r"^\| (`omnichannel\.[^|]*) \| ([^|]*) \|$", PAGE.read_text("utf-8"), re.MULTILINE)
SEEN = {module: told for modules, told in ROWS for module in re.findall(r"`(omnichannel[\w.]*)`", modules)}
FEW = {"omnichannel.identity", "omnichannel.html"}
"""Of these modules a channel needs what the page names; their `__all__` holds more, or there is none."""
DIAL = {"omnichannel.fetching", "omnichannel.http"}


def imports(folder: Path) -> Iterator[tuple[Path, str, str]]:
    """Everything of ours that a channel imports, but for its own modules and those that it shares with its company."""
    files = [
        path
        for path in folder.rglob("*.py*")
        if path.suffix in (".py", ".txt") and "py.typed" not in path.name
    ]
    for path in files:
        if path.name.startswith("emulator"):
            continue  # the other side of the wire
        for node in ast.walk(ast.parse(re.sub(r"\{\{(\w+)\}\}", r"a_\1", path.read_text("utf-8")))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "omnichannel":
                for alias in node.names:
                    module, name = node.module or "", alias.name
                    if module == "omnichannel":
                        module, name = f"omnichannel.{name}", ""
                    if not module.startswith(("omnichannel.channels.", "omnichannel.platforms")):
                        yield path, module, name
            elif isinstance(node, ast.Import):
                for alias in node.names:
                    if alias.name.partition(".")[0] == "omnichannel":
                        yield path, alias.name, ""


def test_the_page_has_the_table() -> None:
    assert SEEN.keys() >= FEW | DIAL | {"omnichannel.channel", "omnichannel.toolbox"}
    assert len(SEEN) < 12


@pytest.mark.parametrize(
    "folder", [*BUILT_IN, *PLUGINS], ids=lambda folder: folder.parent.name + "/" + folder.name
)
def test_a_channel_sees_what_the_page_says(folder: Path) -> None:
    found = list(imports(folder))
    assert found
    for path, module, name in found:
        if f"{module}.{name}" in SEEN:
            continue
        where = f"{path.relative_to(ROOT)}: {module} {name}"
        door = module if module in SEEN else module.rpartition(".")[0]
        assert door in SEEN, where
        assert door == module or door == "omnichannel.toolbox", f"{where} is not offered by {door}"
        if door in DIAL:
            assert "link" in path.relative_to(folder).parts or path.name.startswith("link."), where
        if name and door in FEW:
            assert f"`{name}`" in SEEN[door], where
        elif name:
            assert name in getattr(import_module(module), "__all__", [name]), where
