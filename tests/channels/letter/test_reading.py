"""What stands on a page and where, out of PDFs of every making; and that nothing breaks on those that are none."""

from __future__ import annotations

import io
import logging
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter

from omnichannel.channels.letter import Letter, reading
from omnichannel.channels.letter.enclosures import enclosed
from omnichannel.channels.letter.link.quiet import quiet
from omnichannel.channels.letter.reading import Reading, joined, read_again, text_layer
from omnichannel.errors import Malformed
from omnichannel.model import Attachment
from tests.channels.letter.given import arrives, column, pdf, picture

ROWS = ("Geachte heer, mevrouw,", "Waar is mijn fiets?")


def test_lines_stand_where_they_are() -> None:
    """In millimetres from the top left corner, give or take the height of a letter."""
    first, second = text_layer(pdf(*ROWS)).lines
    assert (first.text, second.text) == ROWS
    assert first.x == pytest.approx(25, abs=0.5)
    assert first.y == pytest.approx(30, abs=0.5)
    assert second.y - first.y == pytest.approx(6, abs=0.2)


@pytest.mark.parametrize("turned", [90, 180, 270])
def test_a_turned_page_is_read_as_a_reader_sees_it(turned: int) -> None:
    """A scanner that lay on its side says so in the page; places are counted from the corner that a reader sees."""
    from reportlab.pdfgen.canvas import Canvas

    side = 842.0  # square, so that it is as wide as high however it is turned
    made = io.BytesIO()
    canvas = Canvas(made, pagesize=(side, side))
    canvas.setPageRotation(turned)
    canvas.rotate({90: 90, 180: 180, 270: -90}[turned])
    for number, row in enumerate(ROWS):
        x, y = 100, 200 + 20 * number  # points, as it is seen
        canvas.drawString(*{90: (x, -y), 180: (x - side, -y), 270: (x - side, side - y)}[turned], row)
    canvas.save()
    found = text_layer(made.getvalue()).lines
    assert [line.text for line in found] == list(ROWS)
    assert found[0].x == pytest.approx(100 * 25.4 / 72, abs=0.5)
    assert found[0].y == pytest.approx(200 * 25.4 / 72, abs=0.5)


def test_columns_are_lines_of_their_own() -> None:
    from reportlab.pdfgen.canvas import Canvas

    made = io.BytesIO()
    canvas = Canvas(made)
    canvas.drawString(70, 700, "links")
    canvas.drawString(100, 700, "ernaast")
    canvas.drawString(400, 700.5, "rechts")
    canvas.save()
    assert [line.text for line in text_layer(made.getvalue()).lines] == ["links ernaast", "rechts"]


def test_a_gap_between_lines_is_an_empty_line() -> None:
    lines = (*column(25, 20, "een", "twee", "drie"), *column(25, 45, "vier", "vijf", "zes"))
    assert joined(lines) == "een\ntwee\ndrie\n\nvier\nvijf\nzes"
    assert joined((*column(25, 20, "een"), *column(25, 20, "twee", page=1))) == "een\n\ntwee"
    assert joined((*column(25, 20, "een"), *column(90, 20.5, "twee"))) == "een   twee"
    assert joined(()) == ""


def test_a_picture_has_nothing_to_read() -> None:
    from PIL import Image

    made = io.BytesIO()
    Image.open(io.BytesIO(picture())).save(made, "PDF")
    assert text_layer(made.getvalue()).empty
    assert not text_layer(pdf(*ROWS)).empty


def test_a_reading_is_the_same_after_it_was_written_down() -> None:
    found = text_layer(pdf(*ROWS))
    assert read_again(found.model_dump_json()) == found
    with pytest.raises(Malformed, match="damaged"):
        read_again("{}x")


def test_only_so_much_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """A dossier costs no more than a letter, and says that it was cut."""
    monkeypatch.setattr(reading, "MOST_PAGES", 2)
    found = text_layer(pdf(*ROWS, pages=3))
    assert (found.pages, found.cut, {line.page for line in found.lines}) == (3, True, {0, 1})
    monkeypatch.setattr(reading, "MOST_CHARS", 10)
    assert {line.page for line in text_layer(pdf(*ROWS, pages=2)).lines} == {0}


def locked(password: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf(*ROWS))))
    writer.encrypt(password, "owner", algorithm="RC4-128")
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def test_a_locked_pdf_is_a_letter_that_says_so() -> None:
    """One that only forbids printing is read all the same."""
    with pytest.raises(Malformed, match="password"):
        text_layer(locked("secret"))
    found = arrives(Letter.bare(), locked("secret"))
    assert [part.type for part in found.parts] == ["attachment", "system"]
    assert "password" in str(found.parts[-1])
    assert [line.text for line in text_layer(locked("")).lines] == list(ROWS)


@pytest.mark.parametrize(
    "body",
    [
        b"%PDF-1.4",
        b"%PDF-1.4\n%%EOF",
        b"%PDF-1.7\ntrailer<</Root 1 0 R>>\n%%EOF",
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 1 0 R>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF",
        (
            b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[2 0 R]/Count 9999999>>endobj\n"
            b"trailer<</Root 1 0 R>>\n%%EOF"
        ),
    ],
)
def test_a_broken_pdf_is_malformed_and_nothing_else(body: bytes) -> None:
    """Not a trailer, not a page, pages that contain themselves."""
    with pytest.raises(Malformed):
        raise Malformed("nothing to read") if text_layer(body).empty else AssertionError


GOOD = pdf(*ROWS)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(GOOD) - 1), st.binary(max_size=12), st.integers(0, 60))
def test_a_damaged_pdf_gives_words_or_malformed(at: int, put: bytes, cut: int) -> None:
    try:
        assert isinstance(text_layer(GOOD[:at] + put + GOOD[at + cut :]), Reading)
    except Malformed:
        return


def test_who_makes_a_pdf_writes_nothing_into_the_log(caplog: pytest.LogCaptureFixture) -> None:
    """pypdf warns of what it mends; during our reading that is dropped, and the application's own is not."""
    mended = re.sub(rb"startxref\n\d+", b"startxref\n7", pdf(*ROWS))
    before = [(logger.level, logger.disabled) for logger in _loggers()]
    assert [line.text for line in text_layer(mended).lines] == list(ROWS)
    enclosed(pdf("Brief"), [Attachment(name="a.pdf", media_type="application/pdf", content=mended)])
    assert caplog.records == []
    assert [(logger.level, logger.disabled) for logger in _loggers()] == before
    assert len(PdfReader(io.BytesIO(mended)).pages) == 1
    assert {record.name.partition(".")[0] for record in caplog.records} == {"pypdf"}


def test_nor_into_modules_of_pypdf_that_are_loaded_late(caplog: pytest.LogCaptureFixture) -> None:
    with quiet():
        logging.getLogger("pypdf.filters").warning("hostile")
    logging.getLogger("pypdf.filters").warning("the application's")
    assert [record.message for record in caplog.records] == ["the application's"]


def _loggers() -> list[logging.Logger]:
    return [
        logging.getLogger(name) for name in ("", "pypdf", "pypdf._reader", "pypdf.generic._data_structures")
    ]
