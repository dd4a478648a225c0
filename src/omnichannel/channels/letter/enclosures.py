"""Enclosures: PDFs and pictures become further pages of the letter, on A4 and upright as a printer wants them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from omnichannel.channels.letter.pictures import Picture, picture_of
from omnichannel.channels.letter.reading import MOST_PAGES, without
from omnichannel.channels.letter.sheet import HEIGHT, MM, WIDTH
from omnichannel.errors import TooLarge, Unsupported
from omnichannel.model import Attachment

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader, PdfWriter
    from pypdf.generic import PdfObject

MEDIA = ("application/pdf", "image/png", "image/jpeg")
MOST_ENCLOSURES = 20
MOST_BYTES = 7_500_000
"""Octets of one file."""

MOST_LETTER = 8_000_000
"""Octets of a whole letter: what Pingen takes (help.pingen.com, "Letter standards")."""

_MARGIN = 15.0


def check(part: Attachment) -> None:
    """Raises Unsupported for what cannot be printed, with what can, and TooLarge for too much of it."""
    possible = "a letter encloses PDF, PNG and JPEG, each with its bytes (content)"
    if part.media_type.lower() not in MEDIA:
        raise Unsupported(f"{part.name!r} is {part.media_type}; {possible}. Print it to a PDF first")
    if part.content is None:
        raise Unsupported(f"{part.name!r} has no bytes; {possible}. Nothing fetches a link into an envelope")
    if len(part.content) > MOST_BYTES:
        raise TooLarge(
            f"{part.name!r} has {len(part.content)} bytes; a file in a letter may have {MOST_BYTES}"
        )


def enclosed(letter: bytes, parts: Sequence[Attachment]) -> bytes:
    """The letter with its enclosures behind it, in their order.

    Raises Unsupported for a file that is not what it says, and TooLarge for too many pages or bytes.
    """
    try:
        from pypdf import PdfReader, PdfWriter
    except ModuleNotFoundError as error:
        raise without(error) from None
    from omnichannel.channels.letter.link.quiet import quiet

    if not parts:
        return _not_too_much(letter, len(PdfReader(io.BytesIO(letter)).pages))
    writer = PdfWriter(clone_from=io.BytesIO(letter))
    written = io.BytesIO()
    with quiet():  # an enclosure may be a customer's
        for part in parts:
            _append(writer, part)
        writer.write(written)
    return _not_too_much(written.getvalue(), len(writer.pages))


def _append(writer: PdfWriter, part: Attachment) -> None:
    from pypdf import PdfWriter

    content = part.content or b""
    if not part.media_type.lower().endswith("pdf"):
        _add_picture(writer, picture_of(content, part.name))
        return
    try:
        _add_pages(writer, PdfWriter(clone_from=_opened(content, part.name)), part.name)
    except (TooLarge, Unsupported):
        raise
    except Exception as error:  # noqa: BLE001 - a damaged PDF breaks pypdf in any way that there is
        raise Unsupported(
            f"{part.name!r} is a damaged PDF ({type(error).__name__}); print it to a new one"
        ) from None


def _opened(content: bytes, name: str) -> PdfReader:
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(content))
    if reader.is_encrypted and not reader.decrypt(""):
        raise Unsupported(f"{name!r} is locked with a password; print it to a PDF without")
    return reader


def _add_pages(writer: PdfWriter, copy: PdfWriter, name: str) -> None:
    """Put the pages of a copy, which may be changed, behind ours."""
    count = len(copy.pages)
    if not count:
        raise Unsupported(f"{name!r} has no pages")
    if count + len(writer.pages) > MOST_PAGES:
        raise TooLarge(f"with {name!r} the letter has more than {MOST_PAGES} pages; send it apart")
    for page in copy.pages:
        _fit(page)
        writer.add_page(page)


def _fit(page: PageObject) -> None:
    """Turn the page into A4, with what stands on it in the middle, as large as fits; as it is where it is A4."""
    from pypdf import Transformation
    from pypdf.generic import RectangleObject

    page.transfer_rotation_to_content()
    box = page.cropbox
    wide, high = float(box.width), float(box.height)
    if wide <= 0 or high <= 0:
        raise Unsupported("a page of an enclosure has no size; print it to a new PDF")
    scale = min(WIDTH * MM / wide, HEIGHT * MM / high)
    if abs(wide - WIDTH * MM) < 3 and abs(high - HEIGHT * MM) < 3:
        scale = 1.0
    right = (WIDTH * MM - scale * wide) / 2 - scale * float(box.left)
    up = (HEIGHT * MM - scale * high) / 2 - scale * float(box.bottom)
    page.add_transformation(Transformation().scale(scale).translate(right, up))
    for name in ("mediabox", "cropbox", "trimbox", "bleedbox", "artbox"):
        setattr(page, name, RectangleObject((0, 0, WIDTH * MM, HEIGHT * MM)))


def _add_picture(writer: PdfWriter, picture: Picture) -> None:
    """A picture in the middle of a page of its own, upright, as large as fits."""
    from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

    page = writer.add_blank_page(width=WIDTH * MM, height=HEIGHT * MM)
    shown = _drawn(writer, picture, mask=False)
    images = DictionaryObject({NameObject("/Picture"): shown})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): images})
    content = DecodedStreamObject()
    content.set_data(f"q {_place(picture)} cm /Picture Do Q".encode())
    page[NameObject("/Contents")] = writer._add_object(content)  # noqa: SLF001 - pypdf's own way to add streams


def _place(picture: Picture) -> str:
    """The matrix that puts a picture, which is one unit wide and high, into the middle of the page, upright."""
    lying = picture.turn % 2 == 1
    across, up = (picture.height, picture.width) if lying else (picture.width, picture.height)
    scale = min((WIDTH - 2 * _MARGIN) * MM / across, (HEIGHT - 2 * _MARGIN) * MM / up)
    wide, high = across * scale, up * scale
    left, low = (WIDTH * MM - wide) / 2, (HEIGHT * MM - high) / 2
    matrix = {
        0: (wide, 0, 0, high, left, low),
        1: (0, -high, wide, 0, left, low + high),
        2: (-wide, 0, 0, -high, left + wide, low + high),
        3: (0, high, -wide, 0, left + wide, low),
    }[picture.turn]
    return " ".join(f"{value:.3f}" for value in matrix)


def _drawn(writer: PdfWriter, picture: Picture, *, mask: bool) -> PdfObject:
    """The picture, or its transparency, as an object of the document."""
    from pypdf.generic import DictionaryObject, EncodedStreamObject, NameObject, NumberObject

    stream = EncodedStreamObject()
    colours = 1 if mask else picture.colours
    stream.update({
        NameObject("/Type"): NameObject("/XObject"),
        NameObject("/Subtype"): NameObject("/Image"),
        NameObject("/Width"): NumberObject(picture.width),
        NameObject("/Height"): NumberObject(picture.height),
        NameObject("/BitsPerComponent"): NumberObject(picture.bits),
        NameObject("/ColorSpace"): NameObject("/DeviceGray") if mask else _space(picture),
        NameObject("/Filter"): NameObject("/FlateDecode" if picture.png else "/DCTDecode"),
    })  # fmt: skip
    if picture.png:
        rows = {
            "/Predictor": 15,
            "/Colors": colours,
            "/BitsPerComponent": picture.bits,
            "/Columns": picture.width,
        }
        told = DictionaryObject({NameObject(name): NumberObject(value) for name, value in rows.items()})
        stream[NameObject("/DecodeParms")] = told
    if picture.inverted:
        stream[NameObject("/Decode")] = _numbers(1, 0, 1, 0, 1, 0, 1, 0)
    if picture.mask and not mask:
        stream[NameObject("/SMask")] = _drawn(writer, picture, mask=True)
    stream._data = picture.mask if mask else picture.data  # noqa: SLF001 - set_data would encode it once more
    return writer._add_object(stream)  # noqa: SLF001


def _numbers(*values: int) -> PdfObject:
    from pypdf.generic import ArrayObject, NumberObject

    return ArrayObject([NumberObject(value) for value in values])


def _space(picture: Picture) -> PdfObject:
    from pypdf.generic import ArrayObject, ByteStringObject, NameObject, NumberObject

    if not picture.palette:
        return NameObject(picture.space)
    most = NumberObject(len(picture.palette) // 3 - 1)
    table = ByteStringObject(picture.palette)
    return ArrayObject([NameObject("/Indexed"), NameObject("/DeviceRGB"), most, table])


def _not_too_much(pdf: bytes, pages: int) -> bytes:
    if pages > MOST_PAGES:
        raise TooLarge(f"the letter has {pages} pages; at most {MOST_PAGES} go into an envelope")
    if len(pdf) > MOST_LETTER:
        raise TooLarge(f"the letter has {len(pdf)} bytes; at most {MOST_LETTER} can be printed")
    return pdf
