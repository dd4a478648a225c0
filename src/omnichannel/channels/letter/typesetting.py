"""Setting type: which font has which letter, how wide words are, and where a line ends. Pure after fonts were read.

A font is read once for each file, and kept: reading it again for every letter would cost more than the letter.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from omnichannel.channels.letter.reading import without
from omnichannel.errors import ConfigError, Unsupported

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN", "RLE", "RLO", "RLI"})
_SHOWN = 10
_SURELY = (
    1000  # letters that are on no line: to measure all that is left for each line takes the square of it
)


@cache
def _font(path: Path) -> tuple[str, frozenset[int]]:
    """The name under which a TrueType file is ready for use, and the letters in it. Raises ConfigError for none."""
    try:
        from reportlab.pdfbase import pdfmetrics
        from reportlab.pdfbase.ttfonts import TTFError, TTFont
    except ModuleNotFoundError as error:
        raise without(error) from None
    name = f"{path.stem}-{len(pdfmetrics.getRegisteredFontNames())}"
    try:
        font = TTFont(name, str(path))
    except (TTFError, OSError) as error:
        cure = "Give the path of a TrueType file (.ttf), or leave it out"
        raise ConfigError("font", f"{path.name}: {str(error)[:200]}", cure) from None
    pdfmetrics.registerFont(font)
    return name, frozenset(font.face.charToGlyph)


class Type:
    """Fonts in their order: each letter is set in the first that has it."""

    def __init__(self, fonts: Sequence[Path]) -> None:
        self._fonts = tuple(_font(path) for path in fonts)

    def check(self, texts: Sequence[str]) -> None:
        """Raises Unsupported for letters that no font has, and for scripts that are not set here."""
        letters = sorted({letter for text in texts for letter in text} - {"\n"})
        turned = [letter for letter in letters if unicodedata.bidirectional(letter) in _RIGHT_TO_LEFT]
        if turned:
            raise Unsupported(
                f"{_told(turned)} are written from right to left, which is not set here: enclose a PDF instead"
            )
        missing = [letter for letter in letters if not self._font(letter)]
        if missing:
            raise Unsupported(
                f"no font has {_told(missing)}: leave that out, or add a TrueType file that has it to `font`"
            )

    def _font(self, letter: str) -> str:
        return next((name for name, known in self._fonts if ord(letter) in known), "")

    def runs(self, text: str) -> Iterator[tuple[str, str]]:
        """The text in pieces of one font each: the font's name, and the piece."""
        for name, letters in groupby(text, self._font):
            yield name, "".join(letters)

    def width(self, text: str, size: float) -> float:
        """How wide a text is at a size, in points."""
        from reportlab.pdfbase.pdfmetrics import stringWidth

        return float(sum(stringWidth(piece, name, size) for name, piece in self.runs(text)))

    def draw(self, canvas: Canvas, x: float, y: float, text: str, size: float, *, bold: bool = False) -> None:
        """One line on a page, from its baseline's left end, in points from the bottom left corner."""
        words = canvas.beginText(x, y)
        if bold:  # the letters' outlines are drawn, too
            canvas.setLineWidth(size / 30)
            words.setTextRenderMode(2)
        for name, piece in self.runs(text):
            words.setFont(name, size)
            words.textOut(piece)
        if bold:
            words.setTextRenderMode(0)
        canvas.drawText(words)

    def lines(self, text: str, size: float, width: float) -> Iterator[str]:
        """The text in lines that are no wider than that: broken at spaces, and within words that are too wide."""
        for row in text.split("\n"):
            yield from self._broken(row.rstrip(), size, width) if row.strip() else ("",)

    def _broken(self, row: str, size: float, width: float) -> Iterator[str]:
        line, filled = "", 0.0
        for word in _words(row):
            wide = self.width(word, size)
            if filled + self.width(word.rstrip(), size) <= width:
                line, filled = line + word, filled + wide
                continue
            if line.strip():
                yield line.rstrip()
            line = word
            while len(line) > _SURELY or (filled := self.width(line, size)) > width:
                cut = self._fitting(line, size, width)
                yield line[:cut]
                line = line[cut:]
        if line.strip():
            yield line.rstrip()

    def _fitting(self, word: str, size: float, width: float) -> int:
        """How many letters of a word fit on a line; at least one, and never a mark without its letter."""
        cut, filled = 1, self.width(word[0], size)
        while cut < len(word) and (filled := filled + self.width(word[cut], size)) <= width:
            cut += 1
        while 1 < cut < len(word) and unicodedata.category(word[cut]).startswith("M"):
            cut -= 1
        return cut


def _words(row: str) -> Iterator[str]:
    """A row in words, each with the spaces behind it; spaces at the beginning are a word of their own."""
    start = 0
    for at in range(1, len(row)):
        if row[at - 1] == " " and row[at] != " ":
            yield row[start:at]
            start = at
    yield row[start:]


def _told(letters: Sequence[str]) -> str:
    shown = ", ".join(f"{letter} (U+{ord(letter):04X})" for letter in letters[:_SHOWN])
    return f"{shown} and {len(letters) - _SHOWN} more" if len(letters) > _SHOWN else shown
