"""Reading a scan in a program of its own: what is there, what OCR sees, and what it costs at most."""

from __future__ import annotations

import io
import json
import shutil
import sys
from datetime import date
from pathlib import Path

import pytest

from omnichannel.channels.letter.link import reader, worker
from omnichannel.channels.letter.link.reader import examined
from omnichannel.channels.letter.link.worker import Unread, as_pdf, installed_languages, main, read
from omnichannel.channels.letter.parse import READING, UNREAD
from omnichannel.channels.letter.reading import Reading
from omnichannel.emulators.letter_paper import scan
from omnichannel.errors import Malformed
from tests.channels.letter.given import OURS, account, arrives, pdf, picture

OCR = shutil.which("ocrmypdf") is not None and {"nld", "eng"} <= installed_languages()
needs_ocr = pytest.mark.skipif(
    not OCR, reason="ocrmypdf and tesseract with nld and eng are not installed here"
)


def on_disk(folder: Path, body: bytes) -> Path:
    (folder / "scan").write_bytes(body)
    return folder / "scan"


async def test_a_text_layer_is_read_without_ocr() -> None:
    ((name, told),) = await examined(pdf("Geachte heer, mevrouw,"), "")
    assert name == READING
    assert Reading.model_validate_json(told).text == "Geachte heer, mevrouw,"
    assert told.isascii()  # it is a header


@needs_ocr
async def test_a_picture_is_read_by_ocr() -> None:
    """A whole Dutch letter, as a scanner sees it: who, when, what, and the reference of ours in it."""
    body = scan(
        "Anna de Vries",
        "Waar is mijn fiets gebleven?",
        "\n".join(OURS),
        "RE-ACEF-HJKM-NPRT",
        date(2026, 11, 9),
        picture=True,
    )
    ((name, told),) = await examined(body, "nld+eng")
    assert name == READING
    found = arrives(account(), body, headers=[(name, told)])
    assert found.sender.name == "Anna de Vries"
    assert "Waar is mijn fiets gebleven?" in found.text
    assert found.reply_to == "RE-ACEF-HJKM-NPRT"
    assert found.sent_at is not None
    assert "machine_read" in found.notes
    assert found.recipients


@needs_ocr
def test_an_image_of_several_pages_is_read_whole(tmp_path: Path) -> None:
    """A fax or a scanner's TIFF; a language that is not installed is left out, the others still read."""
    from PIL import Image, ImageDraw, ImageFont

    from omnichannel.channels.letter.settings import FONT

    pages = []
    for words in ("De eerste bladzijde van deze brief", "De tweede bladzijde van deze brief"):
        page = Image.new("1", (1240, 1754), 1)
        ImageDraw.Draw(page).text((150, 200), words, font=ImageFont.truetype(str(FONT), 34), fill=0)
        pages.append(page)
    made = io.BytesIO()
    pages[0].save(made, "TIFF", save_all=True, append_images=pages[1:], compression="group4")
    found = read(on_disk(tmp_path, made.getvalue()), "nld+xyz")
    assert [(line.page, line.text) for line in found.lines] == [
        (0, "De eerste bladzijde van deze brief"), (1, "De tweede bladzijde van deze brief"),
    ]  # fmt: skip
    assert found.by == "ocr"


def test_without_ocr_a_picture_says_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = on_disk(tmp_path, picture())
    with pytest.raises(Unread, match="switched off"):
        read(place, "")
    if OCR:
        with pytest.raises(Unread, match="none of the languages"):
            read(place, "xyz")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert installed_languages() == frozenset()
    with pytest.raises(Unread, match="apt-get install"):
        read(place, "nld")


def test_ocr_that_fails_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One page of words and one picture: the words are read, whatever becomes of the picture."""
    for name, script in (
        ("ocrmypdf", "echo 'first'; echo 'it broke' >&2; exit 3"),
        ("tesseract", "echo list; echo nld"),
    ):
        (tmp_path / name).write_text(f"#!/bin/sh\n{script}\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf("Geachte heer, mevrouw,"))))
    writer.add_blank_page()
    both = io.BytesIO()
    writer.write(both)
    assert read(on_disk(tmp_path, both.getvalue()), "nld").text == "Geachte heer, mevrouw,"
    with pytest.raises(Unread, match=r"OCR failed \(3\): it broke"):
        read(on_disk(tmp_path, picture()), "nld")


@pytest.mark.parametrize(
    "body",
    [
        picture("PNG", "RGBA"),
        picture("PNG", "P", transparency=0),
        picture("PNG", "1"),
        picture("TIFF"),
        picture("JPEG", "CMYK"),
    ],
)
def test_every_picture_becomes_pages(body: bytes) -> None:
    from pypdf import PdfReader

    (page,) = PdfReader(io.BytesIO(as_pdf(body))).pages
    assert min(page.mediabox.width, page.mediabox.height) <= 600  # as wide as A4, whatever its resolution


def test_a_picture_that_is_none_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Unread, match="damaged"):
        as_pdf(b"\xff\xd8\xff broken")
    monkeypatch.setattr(worker, "MOST_MEGAPIXELS", 0)
    with pytest.raises(Unread, match="million pixels|damaged"):
        as_pdf(picture())


def test_what_is_no_scan_is_not_read(tmp_path: Path) -> None:
    with pytest.raises(Unread, match="no PDF"):
        read(on_disk(tmp_path, b"PK"), "nld")
    with pytest.raises(Malformed):
        read(on_disk(tmp_path, b"%PDF-1.4"), "")


@pytest.mark.parametrize(
    ("error", "why"),
    [(Unread("so"), "so"), (Malformed("broken"), "broken"), (MemoryError(), "too much"), (None, "")],
)
def test_the_program_answers_one_object(
    error: Exception | None,
    why: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def reads(*_: object) -> Reading:
        if error is not None:
            raise error
        return Reading(pages=1)

    monkeypatch.setattr(worker, "_limit", lambda: None)  # the limits are for a program, not for the tests
    monkeypatch.setattr(worker, "read", reads)
    assert main([str(tmp_path), "nld"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told == (
        {"reading": Reading(pages=1).model_dump(mode="json")} if error is None else {"unread": told["unread"]}
    )
    assert why in told.get("unread", "")


async def test_a_scan_that_takes_too_long_is_unread() -> None:
    """However long it would go on: the program and all that it started are ended."""
    assert await examined(pdf("Hallo"), "", patience=0.01) == ((UNREAD, "reading it took more than 0.01 s"),)


async def test_a_scan_that_breaks_its_reader_is_unread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\nexit 9\n")
    broken.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(broken))
    ((name, why),) = await examined(pdf("Hallo"), "")
    assert name == UNREAD
    assert "ended with 9" in why


async def test_a_scan_may_not_take_all_memory() -> None:
    """A small PDF that unpacks to hundreds of megabytes costs its own reading, and nothing else."""
    import zlib

    rows = zlib.compress(b"(x) Tj " * 40_000_000, 9)
    page = b"\n".join(
        (
            b"%PDF-1.4",
            b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj",
            b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj",
            b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R>>endobj",
            b"4 0 obj<</Length %d/Filter/FlateDecode>>stream" % len(rows),
            rows,
            b"endstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF",
        )
    )
    ((name, why),) = await examined(page, "", patience=60)
    assert name == UNREAD
    assert why


def test_the_end_of_a_program_that_is_gone_is_no_trouble() -> None:
    assert reader._told(b"", 1)[0] == UNREAD
    assert reader._told(b'{"unread": "why"}', 0) == (UNREAD, "why")
