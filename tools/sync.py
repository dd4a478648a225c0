"""Writes parts of the inbox without `await` (`omnichannel.sync.desk` and beside it): `python tools/sync.py`.

A part without `await` has the methods of its namesake, the desk and each of its parts for instance, with the same
signatures, and waits for them. Nobody has to write, or to read, that by hand.
"""

# ruff: noqa: INP001 - a script, not a package
from __future__ import annotations

import ast
import importlib
import inspect
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "src" / "omnichannel" / "sync"
PARTS = {
    "access": (
        "omnichannel.inbox.acting.roles.Roles", "omnichannel.inbox.trail.surface.Trail",
        "omnichannel.inbox.retention.surface.Retention",
    ),
    "keeping": (
        "omnichannel.inbox.desk.fields.Fields", "omnichannel.inbox.desk.views.Views",
        "omnichannel.inbox.desk.bulk.Bulk", "omnichannel.inbox.desk.blocks.Blocks",
    ),
    "answers": ("omnichannel.inbox.desk.answers.Answers",),
    "bots": ("omnichannel.inbox.desk.control.Control", "omnichannel.inbox.desk.training.Training"),
    "reports": ("omnichannel.inbox.desk.reports.Reports",),
    "desk": (
        "omnichannel.inbox.desk.agents.Agents", "omnichannel.inbox.desk.routes.Routes",
        "omnichannel.inbox.desk.proposals.Proposals", "omnichannel.inbox.desk.ratings.Ratings",
        "omnichannel.inbox.desk.surface.Desk",
    ),
}  # fmt: skip
"""The classes to be had without `await`, by the module that they are written to."""

_HEAD = '''"""Parts of the inbox without `await`. Made by `python tools/sync.py` from their namesakes."""

from __future__ import annotations
'''


class Part:
    """One class of the inbox, as its source has it."""

    def __init__(self, path: str) -> None:
        module, self.name = path.rsplit(".", 1)
        self.module = module
        tree = ast.parse(inspect.getsource(importlib.import_module(module)))
        self.imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom | ast.Import)]
        [self.body] = [
            node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == self.name
        ]

    def methods(self) -> Iterator[ast.AsyncFunctionDef]:
        """The public methods that are awaited."""
        for node in self.body.body:
            if isinstance(node, ast.AsyncFunctionDef) and not node.name.startswith("_"):
                yield node

    def parts(self) -> Iterator[tuple[str, str]]:
        """The properties that give another part: name, and its class."""
        for node in self.body.body:
            if (
                isinstance(node, ast.FunctionDef)
                and node.decorator_list
                and isinstance(node.returns, ast.Name)
            ):
                yield node.name, node.returns.id


def written() -> dict[Path, str]:
    """Every module, as it is to be."""
    return {FOLDER / f"{module}.py": _module(module) for module in PARTS}


def _module(name: str) -> str:
    parts = [Part(path) for path in PARTS[name]]
    classes = "\n\n".join(_class(part) for part in parts)
    text = f"{_HEAD}\n{_imports(parts, classes)}\n{_others(name, classes)}\n\n{classes}\n"
    for command in (["check", "--fix", "-q", "--select", "I,F401"], ["format", "-q"]):
        done = subprocess.run(  # noqa: S603 - the linter that this project is checked with
            [sys.executable, "-m", "ruff", *command, "--stdin-filename", str(FOLDER / f"{name}.py"), "-"],
            input=text, capture_output=True, text=True, check=True,
        )  # fmt: skip
        text = done.stdout
    return text


def _class(part: Part) -> str:
    attributes = [f"        self.{name} = Sync{cls}(wait, of.{name})" for name, cls in part.parts()]
    lines = [
        f"class Sync{part.name}:",
        f'    """`{_where(part)}` without `await`."""',
        "",
        f"    def __init__(self, wait: Wait, of: {part.name}) -> None:",
        "        self._wait = wait",
        "        self._of = of",
        *attributes,
    ]
    return "\n".join([*lines, *(_method(node) for node in part.methods())])


def _where(part: Part) -> str:
    """How an application reaches it."""
    inbox = "inbox.desk" if part.module.startswith("omnichannel.inbox.desk.") else "inbox"
    return inbox if part.name == "Desk" else f"{inbox}.{part.name.lower()}"


def _method(node: ast.AsyncFunctionDef) -> str:
    arguments = node.args
    positional = [one.arg for one in arguments.args[1:]]
    star = [f"*{arguments.vararg.arg}"] if arguments.vararg else []
    named = [f"{one.arg}={one.arg}" for one in arguments.kwonlyargs]
    told = (ast.get_docstring(node) or "").partition("\n")[0].strip()
    first = re.split(r"(?<=[.;])\s", told)[0].rstrip(";.") + "."
    returns = ast.unparse(node.returns) if node.returns else "None"
    call = f"self._of.{node.name}({', '.join([*positional, *star, *named])})"
    return (
        f"\n    def {node.name}({ast.unparse(arguments)}) -> {returns}:\n"
        f'        """{first}"""\n        return self._wait({call})'
    )


def _others(name: str, text: str) -> str:
    """The parts of parts that are written to another module."""
    found = {
        f"from omnichannel.sync.{module} import Sync{path.rpartition('.')[2]}"
        for module, paths in PARTS.items()
        for path in paths
        if module != name and re.search(rf"\bSync{path.rpartition('.')[2]}\b", text)
    }
    return "\n".join(sorted(found))


def _imports(parts: list[Part], text: str) -> str:
    """What the signatures name: each from where the part itself has it."""
    found = {"from omnichannel.sync.waiting import Wait"}
    for part in parts:
        found.add(f"from {part.module} import {part.name}")
        for node in part.imports:
            for alias in node.names:
                called = alias.asname or alias.name
                if isinstance(node, ast.ImportFrom) and re.search(rf"\b{called}\b", text):
                    found.add(f"from {node.module} import {ast.unparse(alias)}")
    return "\n".join(sorted(found - {"from __future__ import annotations"}))


if __name__ == "__main__":
    for target, text in written().items():
        target.write_text(text)
