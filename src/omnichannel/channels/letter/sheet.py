"""Drawing a letter on A4: letterhead, window, references, text, page numbers. The same letter, the same bytes.

Measures in millimetres. DIN 5008 form B (2020): address field 20 from the left, 45 from the top, 85 by 45, the
recipient's six lines from 62.7 on; folds at 105 and 210, hole at 148.5. Pingen (help.pingen.com, "Letter
standards"): recipient within 22 to 107.5 and 60 to 85.5; nothing else within 20 to 109.5 and 40 to 60; margins free.
What is drawn here keeps to both; for windows on the right the same field begins at 122.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from omnichannel.channels.letter.phrases import LABELS
from omnichannel.channels.letter.settings import Letterhead
from omnichannel.channels.letter.typesetting import Type
from omnichannel.errors import TooLarge

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

MM = 72 / 25.4
WIDTH, HEIGHT = 210.0, 297.0

_LEFT, _RIGHT, _TEXT_WIDTH = 25.0, 122.0, 165.0
_WINDOW_TOP, _WINDOW_BOTTOM, _WINDOW_WIDTH = 63.0, 85.5, 80.0
_TEXT_TOP, _NEXT_TOP, _TEXT_BOTTOM = 106.0, 25.0, 268.0
_BODY, _SMALL, _TINY = 10.0, 8.0, 6.5  # points
_LEADING = 4.8


@dataclass(frozen=True)
class Content:
    """What stands on a letter. `token` is printed as it is; `day` is the date in words."""

    to: tuple[str, ...]
    day: str
    subject: str
    text: str
    ours: str
    yours: str = ""
    token: str = ""
    enclosures: tuple[str, ...] = ()

    @property
    def texts(self) -> tuple[str, ...]:
        """Everything that has to be set in type."""
        return (*self.to, self.subject, self.text, self.yours, *self.enclosures)


def drawn(content: Content, head: Letterhead) -> bytes:
    """The letter as a PDF. Raises Unsupported for letters that no font has, TooLarge for too wide lines."""
    kind = Type(head.fonts)
    kind.check((*content.texts, *head.address, *head.more))
    rows = [*_rows(kind, content, head)]
    first = int((_TEXT_BOTTOM - _TEXT_TOP) / _LEADING)
    others = int((_TEXT_BOTTOM - _NEXT_TOP) / _LEADING)
    pages = [rows[:first], *(rows[start : start + others] for start in range(first, len(rows), others))]
    sheet = _Sheet(kind, content, head, len(pages))
    sheet.first()
    for number, page in enumerate(pages, 1):
        sheet.text(page, _TEXT_TOP if number == 1 else _NEXT_TOP)
        sheet.foot(number)
    return sheet.done()


def _rows(kind: Type, content: Content, head: Letterhead) -> list[tuple[str, bool]]:
    """The lines from the subject to the enclosures, each with whether it is bold."""
    rows = (
        [(line, True) for line in kind.lines(content.subject, _BODY, _TEXT_WIDTH * MM)]
        if content.subject
        else []
    )
    rows += [("", False)] if rows else []
    rows += [(line, False) for line in kind.lines(content.text, _BODY, _TEXT_WIDTH * MM)]
    if content.enclosures:
        listed = "\n".join((f"\n{LABELS[head.language]['enclosures']}:", *content.enclosures))
        rows += [(line, False) for line in kind.lines(listed, _BODY, _TEXT_WIDTH * MM)]
    return rows


class _Sheet:
    """The pages while they are drawn."""

    def __init__(self, kind: Type, content: Content, head: Letterhead, pages: int) -> None:
        from reportlab.pdfgen.canvas import Canvas

        self._kind, self._content, self._head, self._pages = kind, content, head, pages
        self._made = io.BytesIO()
        # `invariant`: no clock and no chance in the document's times and ids.
        self._canvas: Canvas = Canvas(
            self._made, pagesize=(WIDTH * MM, HEIGHT * MM), invariant=1, lang=head.language
        )
        self._canvas.setTitle(content.subject or content.ours)

    def _put(self, x: float, y: float, text: str, size: float, width: float = 0.0) -> None:
        """One line with its upper edge at a place, made smaller (to two thirds) where it would be too wide."""
        wide = self._kind.width(text, size)
        if width and wide > width * MM:
            if wide > 1.5 * width * MM:
                raise TooLarge(
                    f"{text[:60]!r} is wider than the {width:g} mm there are; write it on two lines"
                )
            size *= width * MM / wide
        self._kind.draw(self._canvas, x * MM, (HEIGHT - y) * MM - size, text, size)

    def first(self) -> None:
        """What stands on the first page alone: who writes, to whom, when, and under which references."""
        head = self._head
        if head.address:
            self._put(_LEFT, 12.0, head.address[0], 14.0, width=90.0)
        for number, row in enumerate((*head.address[1:], *head.more)):
            self._put(_RIGHT, 12.0 + 3.5 * number, row, _SMALL, width=70.0)
        self._window()
        self._references()
        for y in () if head.posted else (105.0, 148.5, 210.0):
            self._canvas.line(5.0 * MM, (HEIGHT - y) * MM, 9.0 * MM, (HEIGHT - y) * MM)

    def _window(self) -> None:
        x = _LEFT if self._head.window == "left" else _RIGHT
        if self._head.address and not self._head.posted:
            # The post returns to here what it cannot deliver; print services do not want it in their zone.
            self._put(x, 59.0, " · ".join(self._head.address), _TINY, width=_WINDOW_WIDTH)
        step = min(_LEADING, (_WINDOW_BOTTOM - _WINDOW_TOP) / len(self._content.to))
        for number, row in enumerate(self._content.to):
            size = min(_BODY, step * MM / 1.2)
            self._put(x, _WINDOW_TOP + number * step, row, size, width=_WINDOW_WIDTH - 8)

    def _references(self) -> None:
        """Date and references, beside the window."""
        labels, content = LABELS[self._head.language], self._content
        x, y = (_RIGHT if self._head.window == "left" else _LEFT), _WINDOW_TOP
        known = (("date", content.day), ("ours", content.ours), ("yours", content.yours))
        for label, value in known:
            if value:
                self._put(x, y, labels[label], _TINY)
                self._put(x, y + 2.8, value, _BODY, width=70.0)
                y += 8.4

    def text(self, rows: Sequence[tuple[str, bool]], top: float) -> None:
        """The lines of one page."""
        for number, (row, bold) in enumerate(rows):
            y = (HEIGHT - top - number * _LEADING) * MM - _BODY
            if row:
                self._kind.draw(self._canvas, _LEFT * MM, y, row, _BODY, bold=bold)

    def foot(self, number: int) -> None:
        """What stands below every page: what to quote, and which page it is. Ends the page."""
        labels = LABELS[self._head.language]
        self._put(_LEFT, 274.0, labels["quote"].format(self._content.ours), _SMALL)
        page = labels["page"].format(number, self._pages)
        self._put(_LEFT + _TEXT_WIDTH - self._kind.width(page, _SMALL) / MM, 274.0, page, _SMALL)
        if self._content.token:
            # As large as the text: at 8 points and 200 dots per inch OCR misread half of them (measured).
            self._put(_LEFT, 278.5, self._content.token, _BODY, width=_TEXT_WIDTH)
        self._canvas.showPage()

    def done(self) -> bytes:
        """The document."""
        self._canvas.save()
        return self._made.getvalue()


def plain(text: str) -> str:
    """The text as it can be set: one kind of line break, tabs as spaces, no control characters."""
    told = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ").replace("\u00a0", " ")
    return "".join(char for char in told if char == "\n" or char.isprintable() or char not in _CONTROLS)


_CONTROLS = frozenset(map(chr, (*range(32), *range(127, 160), 0x2028, 0x2029, 0xAD, 0xFEFF)))
