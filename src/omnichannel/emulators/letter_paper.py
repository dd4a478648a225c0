"""The paper of the emulated post: letters that people write, and what a machine sees on ours."""

from __future__ import annotations

import hashlib
import io
import re
from datetime import date

from omnichannel.channels.letter.dates import written
from omnichannel.channels.letter.reading import joined, text_layer
from omnichannel.channels.letter.settings import FONT
from omnichannel.channels.letter.sheet import HEIGHT, MM, WIDTH
from omnichannel.channels.letter.typesetting import Type

_STREETS = ("Voorstraat", "Oudegracht", "Nachtegaalstraat", "Biltstraat", "Twijnstraat", "Lange Nieuwstraat")
_WINDOW = (60.0, 86.0)
_BODY_TOP, _BODY_BOTTOM = 104.0, 271.0
_NEXT_TOP = 22.0
_DOTS = 150


def address_of(who: str) -> str:
    """Where somebody by that name lives: always at the same place."""
    number = int.from_bytes(hashlib.sha256(who.encode()).digest()[:4], "big")
    letters = "ABCDEFGHJKLMNPRSTVWXZ"
    code = f"35{number % 90 + 10} {letters[number % 21]}{letters[number // 21 % 21]}"
    return f"{who}\n{_STREETS[number % 6]} {number % 97 + 1}\n{code.replace('SA', 'SB').replace('SS', 'ST')} Utrecht"


def scan(who: str, text: str, ours: str, reference: str, day: date, *, picture: bool) -> bytes:
    """A letter as people write it: their address on top, ours below it, a date, perhaps our reference, the text."""
    head = [*address_of(who).splitlines(), "", *ours.splitlines(), "", f"Utrecht, {written(day, 'nl')}"]
    head += ["", f"Uw kenmerk: {reference}"] if reference else []
    kind = Type((FONT,))
    said = list(
        kind.lines(f"Geachte heer, mevrouw,\n\n{text}\n\nMet vriendelijke groet,\n{who}", 11, 160 * MM)
    )
    rows = [*head, "", *said]
    return _pictured(rows) if picture else _printed(kind, rows)


def _printed(kind: Type, rows: list[str]) -> bytes:
    from reportlab.pdfgen.canvas import Canvas

    made = io.BytesIO()
    canvas = Canvas(made, pagesize=(WIDTH * MM, HEIGHT * MM), invariant=1)
    for start in range(0, len(rows), 48):
        for number, row in enumerate(rows[start : start + 48]):
            if row:
                kind.draw(canvas, 25 * MM, (HEIGHT - 20 - 5.3 * number) * MM, row, 11)
        canvas.showPage()
    canvas.save()
    return made.getvalue()


def _pictured(rows: list[str]) -> bytes:
    """The same as a picture, which says nothing to whoever cannot read."""
    from PIL import Image, ImageDraw, ImageFont

    page = Image.new("L", (int(WIDTH / 25.4 * _DOTS), int(HEIGHT / 25.4 * _DOTS)), 255)
    draw, font = ImageDraw.Draw(page), ImageFont.truetype(str(FONT), int(11 / 72 * _DOTS))
    for number, row in enumerate(rows[:48]):
        draw.text((25 / 25.4 * _DOTS, (17 + 5.3 * number) / 25.4 * _DOTS), row, font=font, fill=0)
    made = io.BytesIO()
    page.save(made, "PDF", resolution=_DOTS)
    return made.getvalue()


def in_window(pdf: bytes) -> str:
    """The lines that the window of an envelope shows: the recipient's address."""
    lines = (line for line in text_layer(pdf).lines if line.page == 0 and line.x < WIDTH / 2)
    return "\n".join(line.text for line in lines if _WINDOW[0] <= line.y <= _WINDOW[1])


def body_of(pdf: bytes) -> str:
    """What a letter of ours says: its text without head and foot, lines put together again."""
    lines = text_layer(pdf).lines
    body = tuple(line for line in lines if (_NEXT_TOP if line.page else _BODY_TOP) <= line.y <= _BODY_BOTTOM)
    paragraphs = re.split(r"\n\n+", joined(body))
    return "\n\n".join(" ".join(paragraph.split("\n")) for paragraph in paragraphs)
