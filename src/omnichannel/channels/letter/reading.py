"""What stands on the pages of a letter, and where: the text layer of a PDF, whoever put it there.

Scanners, OCR programs and word processors all leave words with a place on the page. Where a line stands says as much
as what it says: the address in the window is the recipient's. All places are millimetres from the top left corner.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from math import hypot
from typing import TYPE_CHECKING, Literal, NamedTuple

from pydantic import ValidationError

from omnichannel.errors import ConfigError, Malformed
from omnichannel.model import Value
from omnichannel.toolbox import clean

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader

MOST_PAGES = 60
"""Pages of one letter that are read; of more, the rest is shown to people only, and the message says so."""

MOST_CHARS = 200_000
"""Characters of one letter that are read: fifty densely printed pages."""

_MM = 25.4 / 72  # a PDF's unit is 1/72 inch (ISO 32000-1, 8.3.2.3)
_SAME_LINE = 1.6  # millimetres between the baselines of what stands beside each other
_APART = 9.0  # millimetres of white between two columns
_LEAST_LEADING = 2.8  # millimetres: type of 7 points, set solid
_USUAL = 5.0
_LEAST_LETTERS = 12  # fewer on all pages are specks, a stamp or a page number


class Line(Value):
    """Words in a row, with the place where they begin."""

    page: int
    x: float
    y: float
    text: str


class Reading(Value):
    """The lines of a letter, page by page, from the top. `by` says who read it: nobody, or OCR.

    `pages` is how many there are; fewer were read where `cut` is true.
    """

    by: Literal["layer", "ocr"] = "layer"
    pages: int = 0
    cut: bool = False
    lines: tuple[Line, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether there are too few letters to be a letter: a picture that nobody has read yet."""
        return sum(char.isalpha() for line in self.lines for char in line.text) < _LEAST_LETTERS

    @property
    def text(self) -> str:
        """Everything, with an empty line where the paper leaves one."""
        return joined(self.lines)


def joined(lines: tuple[Line, ...]) -> str:
    """Lines as text; an empty one between two that stand further apart than usual, and between pages."""
    usual = _leading(lines)
    written: list[str] = []
    for number, line in enumerate(lines):
        before = lines[number - 1] if number else line
        if number and (line.page != before.page or line.y - before.y > 1.45 * usual):
            written.append("")
        beside = number and line.page == before.page and abs(line.y - before.y) <= _SAME_LINE
        if beside:
            written[-1] += f"   {line.text}"
        else:
            written.append(line.text)
    return "\n".join(written).strip()


def _leading(lines: tuple[Line, ...]) -> float:
    """How far lines of one paragraph are apart: nearly the least, for OCR may see one a little too high."""
    gaps = sorted(
        other.y - one.y
        for one, other in pairwise(lines)
        if one.page == other.page and abs(one.x - other.x) < _APART and _LEAST_LEADING < other.y - one.y < 15
    )
    least = gaps[len(gaps) // 10] if gaps else _USUAL
    return least if len(gaps) > 3 else min(least, _USUAL)


def read_again(written: str) -> Reading:
    """A reading as it was written down with its delivery; raises Malformed."""
    try:
        return Reading.model_validate_json(written)
    except ValidationError as error:
        raise Malformed(f"what was read from the scan is damaged: {error.errors()[0]['msg']}") from None


def text_layer(pdf: bytes, *, by: Literal["layer", "ocr"] = "layer") -> Reading:
    """The words in a PDF that a program can read without looking; an empty reading for a picture.

    Raises Malformed for what is no PDF, is damaged beyond repair, or is locked, and ConfigError without the extra.
    """
    try:
        from pypdf import PdfReader
    except ModuleNotFoundError as error:
        raise without(error) from None
    from omnichannel.channels.letter.link.quiet import quiet

    try:
        with quiet():
            return _read(PdfReader(io.BytesIO(pdf)), by)
    except Malformed:
        raise
    except Exception as error:  # noqa: BLE001 - a damaged PDF breaks pypdf in any way that there is
        raise Malformed(f"the PDF is damaged: {type(error).__name__}: {str(error)[:200]}") from None


def _read(reader: PdfReader, by: Literal["layer", "ocr"]) -> Reading:
    if reader.is_encrypted and not reader.decrypt(""):
        raise Malformed("the PDF is locked with a password; ask the sender for one that is not")
    count = len(reader.pages)
    lines: list[Line] = []
    for number in range(min(count, MOST_PAGES)):
        lines += _lines(number, reader.pages[number])
        if sum(len(line.text) for line in lines) > MOST_CHARS:
            return Reading(by=by, pages=count, cut=True, lines=tuple(lines))
    return Reading(by=by, pages=count, cut=count > MOST_PAGES, lines=tuple(lines))


class _Piece(NamedTuple):
    """Words that a PDF draws at once; `width` is a guess, for PDFs seldom say it in a way that is cheap to follow."""

    x: float
    y: float
    width: float
    text: str


def _lines(number: int, page: PageObject) -> list[Line]:
    """The lines of a page from the top; what stands beside each other in columns are several lines."""
    lines: list[Line] = []
    row: list[_Piece] = []
    for piece in sorted(_pieces(page), key=lambda piece: piece.y):
        if row and piece.y - row[0].y > _SAME_LINE:
            lines += _columns(number, row)
            row = []
        row.append(piece)
    return [*lines, *_columns(number, row)]


def _columns(number: int, row: list[_Piece]) -> Iterator[Line]:
    """A row in columns: pieces belong together unless there is much white between them."""
    column: list[_Piece] = []
    for piece in sorted(row):
        if column and piece.x - max(each.x + each.width for each in column) > _APART:
            yield _line(number, row[0].y, column)
            column = []
        column.append(piece)
    if column:
        yield _line(number, row[0].y, column)


def _line(number: int, y: float, column: Sequence[_Piece]) -> Line:
    # Whether a word goes on in the next piece cannot be told without every letter's width: it hardly ever does.
    text = " ".join(piece.text for piece in column)
    return Line(page=number, x=round(column[0].x, 1), y=round(y, 1), text=text)


_SPACES = re.compile(r"\s+")


def _pieces(page: PageObject) -> list[_Piece]:
    found: list[_Piece] = []
    place = _upright(page)

    def seen(text: str, cm: list[float], tm: list[float], font: object, size: float) -> None:  # noqa: ARG001
        scale = hypot(cm[0], cm[1]) * hypot(tm[0], tm[1]) or 1.0
        across = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
        up = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
        x, y = place(across, up)
        height = abs(size) * scale * _MM
        for below, row in enumerate(text.split("\n")):
            words = _SPACES.sub(" ", clean(row)).strip()
            if words:
                found.append(_Piece(x, y + below * 1.2 * height, 0.5 * height * len(words), words))

    page.extract_text(visitor_text=seen)
    return found


def _upright(page: PageObject) -> Callable[[float, float], tuple[float, float]]:
    """From a PDF's own places (from the bottom left, the page perhaps turned) to millimetres as a reader sees it."""
    box = page.mediabox
    left, bottom, right, top = float(box.left), float(box.bottom), float(box.right), float(box.top)
    turned = int(page.rotation) % 360

    def place(x: float, y: float) -> tuple[float, float]:
        across, down = {
            90: (y - bottom, x - left),
            180: (right - x, y - bottom),
            270: (top - y, right - x),
        }.get(turned, (x - left, top - y))
        return across * _MM, down * _MM

    return place


def without(error: ModuleNotFoundError) -> ConfigError:
    """What to say where a library of this channel is missing."""
    return ConfigError(
        "letter", f"{error.name} is not installed", "Install it: pip install 'omnichannel[letter]'"
    )
