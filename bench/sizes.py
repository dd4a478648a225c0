"""`python -m bench sizes`: how large the house is. Lines of code are lines that are neither blank nor comment.

Docstrings count as lines of a file and of a function, not as lines of code.
"""

from __future__ import annotations

import ast
import io
import re
import sys
import tokenize
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "omnichannel"
PLUGIN = ROOT / "examples" / "plugin" / "src" / "omnichannel_line"
TEMPLATE = SOURCE / "cli" / "template" / "src" / "MODULE"
LONGEST_FILE = 400
LONGEST_FUNCTION = 50

_NOT_CODE = {
    tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING,
    tokenize.ENDMARKER,
}  # fmt: skip


class Size(NamedTuple):
    """How many lines something has."""

    lines: int
    where: str


def files(source: Path = SOURCE) -> list[Path]:
    """Every Python file, sorted."""
    return sorted(source.rglob("*.py"))


def file_sizes(source: Path = SOURCE) -> list[Size]:
    """Every file, longest first."""
    found = [
        Size(len(file.read_text().splitlines()), str(file.relative_to(source))) for file in files(source)
    ]
    return sorted(found, reverse=True)


def function_sizes(source: Path = SOURCE) -> list[Size]:
    """Every function and method with its whole body, docstring included, longest first."""
    return sorted((size for file in files(source) for size in _functions(file, source)), reverse=True)


def _functions(file: Path, source: Path) -> Iterator[Size]:
    for node in ast.walk(ast.parse(file.read_bytes())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None
            yield Size(node.end_lineno - node.lineno + 1, f"{file.relative_to(source)}:{node.name}")


def code_lines(text: str) -> int:
    """How many lines hold code: neither blank, nor comment, nor docstring."""
    words = set(_docstring_lines(ast.parse(text)))
    code = {
        line
        for token in tokenize.generate_tokens(io.StringIO(text).readline)
        if token.type not in _NOT_CODE
        for line in range(token.start[0], token.end[0] + 1)
    }
    return len(code - words)


def _docstring_lines(tree: ast.Module) -> Iterator[int]:
    """Every text that stands alone as a statement, which is what a docstring is."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Expr)
            and isinstance(node.value, ast.Constant)
            and isinstance(node.value.value, str)
        ):
            yield from range(node.lineno, (node.end_lineno or node.lineno) + 1)


def code_by_folder(source: Path = SOURCE) -> dict[str, int]:
    """Lines of code of each channel, and of each other folder or file at the top."""
    found: dict[str, int] = {}
    for file in files(source):
        first, *rest = file.relative_to(source).parts
        folder = f"{first}/{rest[0]}" if first == "channels" and len(rest) > 1 else first
        found[folder] = found.get(folder, 0) + code_lines(file.read_text())
    return found


def plugin_code(source: Path = PLUGIN) -> tuple[int, int]:
    """Lines of code of somebody else's channel, and of the emulator that it brings."""
    lines = {file.name: code_lines(file.read_text()) for file in files(source)}
    emulated = sum(count for name, count in lines.items() if name.startswith("emulator"))
    return sum(lines.values()) - emulated, emulated


def template_code(source: Path = TEMPLATE) -> tuple[int, int]:
    """The same of what `channel new` writes."""
    lines = {
        file.name: code_lines(re.sub(r"\{\{\w+\}\}", "name", file.read_text()))
        for file in sorted(source.glob("*.py.txt"))
    }
    emulated = lines.pop("emulator.py.txt")
    return sum(lines.values()), emulated


def main(argv: Sequence[str]) -> int:  # noqa: ARG001 - every bench takes them
    """Print the sizes; 1 if a file or a function is longer than agreed."""
    import omnichannel

    every_file, every_function = file_sizes(), function_sizes()
    long_files = [size for size in every_file if size.lines > LONGEST_FILE]
    long_functions = [size for size in every_function if size.lines > LONGEST_FUNCTION]
    by_folder = code_by_folder()
    print("lines of code")
    for folder, lines in by_folder.items():
        print(f"  {folder:<24}{lines:>6}")
    print(f"  {'together':<24}{sum(by_folder.values()):>6}")
    for name, (channel, emulator) in (("examples/plugin", plugin_code()), ("channel new", template_code())):
        print(f"  {name:<24}{channel:>6}  and its emulator {emulator}")
    print(f"longest file        {every_file[0].lines:>4} lines  {every_file[0].where}")
    print(f"longest function    {every_function[0].lines:>4} lines  {every_function[0].where}")
    print(
        f"functions           {len(every_function):>4}, median {median(size.lines for size in every_function):g}"
    )
    print(f"public names        {len(omnichannel.__all__):>4}")
    print(f"files over {LONGEST_FILE}      {len(long_files):>4}", *(f"\n  {size}" for size in long_files))
    print(
        f"functions over {LONGEST_FUNCTION}   {len(long_functions):>4}",
        *(f"\n  {size}" for size in long_functions),
    )
    return 1 if long_files or long_functions else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
