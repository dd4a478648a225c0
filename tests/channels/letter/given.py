"""What the tests of letters start from."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from omnichannel.channel import Call, Delivery
from omnichannel.channels.letter import Letter
from omnichannel.channels.letter.reading import Line, Reading, text_layer
from omnichannel.channels.letter.settings import FONT
from omnichannel.channels.letter.sheet import HEIGHT, MM, WIDTH
from omnichannel.channels.letter.typesetting import Type
from omnichannel.model import Address, Attachment, Draft, Part, Party, Received, Text

OURS = ("Fietsenwinkel De Ketting B.V.", "Kerkstraat 1", "3511 LX Utrecht")
ORGANISATION = "4c08c24e-65f8-47cf-b280-518ee76e3437"
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
ANN = Party(
    address=Address(kind="letter", value="a de vries, voorstraat 12, 3512AB utrecht, NL"),
    written="Mevr. A. de Vries\nVoorstraat 12\n3512 AB Utrecht",
)


def account(**settings: object) -> Letter:
    """An account with our address, and whatever else is set."""
    return Letter("post", **{"address": "\n".join(OURS), "language": "nl", **settings})  # type: ignore[arg-type]


def at_pingen(**settings: object) -> Letter:
    """An account that has its letters printed by Pingen."""
    given = {"pingen_organisation": ORGANISATION, "pingen_client": "client", "pingen_secret": "secret"}
    return account(**{**given, "pingen_key": "a-signing-key", **settings})


def draft(*parts: Part | str, **more: object) -> Draft:
    """A letter to Ann."""
    said = tuple(Text(text=part) if isinstance(part, str) else part for part in parts)
    return Draft.model_validate({"id": "0199", "to": ANN, "parts": said, "created_at": NOON, **more})


def made(letter: Letter, *parts: Part | str, **more: object) -> bytes:
    """The PDF of a letter to Ann."""
    return letter.render(draft(*parts, **more))[0].body


def column(x: float, y: float, *rows: str, step: float = 5.0, page: int = 0) -> tuple[Line, ...]:
    """Lines below each other."""
    return tuple(Line(page=page, x=x, y=y + step * number, text=row) for number, row in enumerate(rows))


def reading(*columns: Sequence[Line]) -> Reading:
    """A page with these columns, its lines from the top."""
    lines = sorted((line for each in columns for line in each), key=lambda line: (line.page, line.y, line.x))
    return Reading(pages=1, lines=tuple(lines))


def arrives(letter: Letter, body: bytes, **more: object) -> Received:
    """The one message that a file is."""
    (event,) = letter.parse(Delivery.model_validate({"source": "file", "body": body, **more}))
    assert isinstance(event, Received)
    return event


def pdf(*rows: str, pages: int = 1, size: tuple[float, float] = (WIDTH, HEIGHT), turned: int = 0) -> bytes:
    """A PDF with the same rows on each page."""
    made = io.BytesIO()
    canvas, kind = Canvas(made, pagesize=(size[0] * MM, size[1] * MM), invariant=1), Type((FONT,))
    for _ in range(pages):
        canvas.setPageRotation(turned)
        for number, row in enumerate(rows):
            kind.draw(canvas, 25 * MM, (size[1] - 30 - 6 * number) * MM, row, 11)
        canvas.showPage()
    canvas.save()
    return made.getvalue()


def picture(form: str = "JPEG", mode: str = "RGB", size: tuple[int, int] = (60, 40), **more: object) -> bytes:
    """A picture whose upper half is dark."""
    image = Image.new("L", size, 255)
    image.paste(0, (0, 0, size[0], size[1] // 2))
    made = io.BytesIO()
    image.convert(mode).save(made, form, **more)
    return made.getvalue()


def file(name: str, media_type: str, content: bytes) -> Attachment:
    return Attachment(name=name, media_type=media_type, content=content)


def lines(body: bytes) -> tuple[Line, ...]:
    """What stands on a PDF, and where."""
    return text_layer(body).lines


def place_of(body: bytes, words: str) -> Line:
    """Where words begin."""
    return next(line for line in lines(body) if words in line.text)


def seen(body: bytes, page: int, folder: Path, dots: int = 20) -> Image.Image:
    """A page as a printer prints it, in grey."""
    (folder / "seen.pdf").write_bytes(body)
    where = ["-f", str(page), "-l", str(page), "-r", str(dots), "-gray", "-singlefile"]
    subprocess.run(["pdftoppm", *where, str(folder / "seen.pdf"), str(folder / "seen")], check=True)
    with Image.open(folder / "seen.pgm") as image:
        return image.copy()


def header(call: Call, name: str) -> str:
    return dict(call.headers)[name]
