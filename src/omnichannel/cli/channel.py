"""`omnichannel channel new NAME`: a channel of your own, as a package that keeps the contract from the start.

What is written are the files of `template` beside this module, with the names filled in; a path's last `.txt` goes.
"""

from __future__ import annotations

import argparse
import keyword
import re
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from omnichannel.errors import UsageError
from omnichannel.plugins import kinds

_KIND = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_MODULE = "MODULE"


def arguments(parser: argparse.ArgumentParser) -> None:
    """What to do, the new kind's name, and where to write it."""
    parser.add_argument("what", metavar="new", choices=["new"], help="write a new channel")
    parser.add_argument(
        "name", metavar="NAME", help="the word for the kind: small letters, digits and dashes"
    )
    parser.add_argument("--into", metavar="FOLDER", help="instead of ./omnichannel-NAME; new, or empty")


def run(options: argparse.Namespace) -> int:
    """Write the package, and say how to go on."""
    names = _names(options.name)
    folder = Path(options.into or names["package"])
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder}: there is something already; choose another folder with --into")
    for path, text in sorted(_written(names)):
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
        print(place)
    print(f"\nIt works as it stands, for a platform that does not exist. Next:\n\n  cd {folder}")
    print("  pip install -e '.[test]' && pytest\n\nREADME.md says what to fill in, step by step.")
    return 0


def _names(kind: str) -> dict[str, str]:
    """Everything that the files are filled in with. Raises UsageError for what cannot be a kind, or is one."""
    if not _KIND.fullmatch(kind) or len(kind) > 32:
        raise UsageError(
            f"{kind[:60]!r} cannot be a kind; use up to 32 small letters, digits and single dashes"
        )
    if kind in kinds():
        raise UsageError(f"{kind}: a channel of that kind is installed; choose another name, or uninstall it")
    return {
        "kind": kind,
        "package": f"omnichannel-{kind}",
        "module": f"omnichannel_{kind.replace('-', '_')}",
        "class": _class(kind),
        "version": version("omnichannel"),
    }


def _class(kind: str) -> str:
    """The class's name: `PigeonPost`; `ChannelPath` where the bare word is Python's, or another's in these files.

    pytest takes an imported class that begins with `Test` for tests, and complains.
    """
    bare = "".join(word.capitalize() for word in kind.split("-"))
    texts = (file.read_text(encoding="utf-8") for path, file in _template() if path.endswith(".py"))
    taken = {word for text in texts for word in re.findall(r"\w+", text)}
    return f"Channel{bare}" if keyword.iskeyword(bare) or bare in taken or bare.startswith("Test") else bare


def _template() -> Iterator[tuple[str, Traversable]]:
    return _files(files("omnichannel.cli") / "template")


def _written(names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for path, file in _template():
        yield path.replace(_MODULE, names["module"]), _filled(file.read_text(encoding="utf-8"), names)


def _files(folder: Traversable, path: str = "") -> Iterator[tuple[str, Traversable]]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _files(entry, f"{path}{entry.name}/")
        else:
            yield path + entry.name.removesuffix(".txt"), entry


def _filled(text: str, names: Mapping[str, str]) -> str:
    return re.sub(r"\{\{(\w+)\}\}", lambda found: names[found[1]], text)
