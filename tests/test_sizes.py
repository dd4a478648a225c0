"""The house stays small enough to feel at home in."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import sizes


def test_no_file_is_too_long() -> None:
    """One that is has two subjects: find them, and give each a file."""
    assert [size for size in sizes.file_sizes() if size.lines > sizes.LONGEST_FILE] == []


def test_no_function_is_too_long() -> None:
    """One that is does several things: give each a name."""
    assert [size for size in sizes.function_sizes() if size.lines > sizes.LONGEST_FUNCTION] == []


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", 0),
        ('"""A docstring\n\nof three lines."""\n', 0),
        ("# a comment\n\nx = 1  # and another\n", 1),
        ('x = """a text\nof two lines"""\n', 2),
        ("def f(\n    a,\n):\n    '''What.'''\n    return a\n", 4),
    ],
)
def test_lines_of_code_are_counted_without_words(text: str, lines: int) -> None:
    """Blank lines, comments and docstrings are free."""
    assert sizes.code_lines(text) == lines


def test_what_somebody_elses_channel_takes_is_counted_too() -> None:
    """The small ones, whose emulator stands beside them and not among the library's."""
    channel, emulator = sizes.template_code()
    assert 100 < channel < 200
    assert emulator > 20
    channel, emulator = sizes.plugin_code()
    assert channel + emulator == sum(sizes.code_lines(file.read_text()) for file in sizes.files(sizes.PLUGIN))


def test_what_is_too_long_is_found(tmp_path: Path) -> None:
    """A method counts like a function, from `def` to its last line."""
    body = "        pass\n" * 50
    (tmp_path / "long.py").write_text(f"class A:\n    @property\n    async def far(self):\n{body}")
    assert sizes.function_sizes(tmp_path) == [(51, "long.py:far")]
    assert sizes.file_sizes(tmp_path) == [(53, "long.py")]
    assert sizes.code_by_folder(tmp_path) == {"long.py": 53}
