"""The letter that we write: where everything stands, what is enclosed, and what cannot be."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter

from omnichannel.channels.letter import Letter, enclosures, pictures
from omnichannel.channels.letter.settings import FONT
from omnichannel.channels.letter.sheet import plain
from omnichannel.channels.letter.typesetting import Type
from omnichannel.errors import TooLarge, Unsupported
from omnichannel.model import Address, Party
from tests.channels.letter.given import (
    account,
    at_pingen,
    draft,
    file,
    header,
    lines,
    made,
    pdf,
    picture,
    place_of,
    seen,
)

LETTERS = st.text(
    st.characters(whitelist_categories=["Lu", "Ll", "Nd", "Po"], max_codepoint=0x17F), min_size=1, max_size=30
)


@pytest.fixture
def letter(tmp_path: Path) -> Letter:
    return account(outbox=str(tmp_path), zone="Europe/Amsterdam")


def test_the_address_stands_in_the_window(letter: Letter) -> None:
    """DIN 5008 B and Pingen: 22 to 107.5 mm from the left, 60 to 85.5 mm from the top."""
    body = made(letter, "Hallo")
    for row in ("Mevr. A. de Vries", "Voorstraat 12", "3512 AB Utrecht"):
        line = place_of(body, row)
        assert 22 <= line.x <= 30
        assert 60 <= line.y <= 85.5


def test_six_lines_fit_into_the_window(letter: Letter) -> None:
    rows = [f"Regel {number}" for number in range(6)]
    body = made(letter, "Hallo", to=Party(address=Address(kind="letter", value="x"), written="\n".join(rows)))
    assert [place_of(body, row).y <= 85.5 for row in rows] == [True] * 6


def test_nothing_stands_in_the_zone_of_the_post() -> None:
    """What Pingen prints itself: 20 to 109.5 mm from the left, 40 to 60 from the top; in house our address is there."""
    found = lines(made(at_pingen(letterhead="tel\nweb\nbank"), "Hallo"))
    assert [line for line in found if line.x < 109.5 and 40 <= line.y < 60] == []
    assert place_of(made(account(), "Hallo"), "Ketting B.V. ·").y < 62


def test_a_window_on_the_right_moves_the_address() -> None:
    body = made(account(window="right"), "Hallo")
    assert place_of(body, "Voorstraat 12").x == pytest.approx(122, abs=0.5)
    assert place_of(body, "20 november 2026").x == pytest.approx(25, abs=0.5)


@pytest.mark.parametrize(
    ("language", "day", "page"),
    [("nl", "21 november 2026", "Pagina 1 van 1"), ("en", "21 November 2026", "Page 1 of 1"),
     ("de", "21. November 2026", "Seite 1 von 1"), ("fr", "21 novembre 2026", "Page 1 sur 1")],
)  # fmt: skip
def test_dates_and_labels_are_of_the_account(language: str, day: str, page: str) -> None:
    """The day is the one in the account's time zone: at half past eleven in London it is tomorrow in Amsterdam."""
    late = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
    body = made(account(language=language, zone="Europe/Amsterdam"), "Hallo", created_at=late)
    assert place_of(body, day)
    assert place_of(body, page)


def test_both_references_and_the_mark_are_on_paper(letter: Letter) -> None:
    (call,) = letter.render(draft("Hallo", thread="AV-12", token="ocm" + "ab" * 20))
    words = "\n".join(line.text for line in lines(call.body))
    assert words.count(call.correlator) == 2  # beside the window, and in the foot
    assert "AV-12" in words
    assert "OCMA BABA" in words


def test_long_texts_go_over_pages(letter: Letter) -> None:
    """Every page has its number and what to quote; no line is lost or stands in a margin."""
    text = "\n".join(f"Regel nummer {number}" for number in range(200))
    found = lines(made(letter, text))
    pages = {line.page for line in found}
    assert len(pages) == 5
    assert [line.text for line in found if line.text.startswith("Regel")] == text.split("\n")
    assert [f"Pagina {page + 1} van 5" for page in pages] == [
        line.text for line in found if "Pagina" in line.text
    ]
    assert all(line.y < 285 for line in found)


@settings(max_examples=30, deadline=None)
@given(st.lists(LETTERS, min_size=1, max_size=80))
def test_lines_are_whole_and_fit(words: list[str]) -> None:
    """Whatever the words, every letter is set, and no line is wider than the text."""
    kind, text = Type((FONT,)), " ".join(words)
    broken = list(kind.lines(text, 10, 200))
    assert "".join("".join(broken).split()) == "".join(text.split())
    assert all(kind.width(line, 10) <= 200 or len(line) == 1 for line in broken)


def test_a_word_without_end_is_broken_but_not_before_a_mark() -> None:
    broken = list(Type((FONT,)).lines("e\u0301" * 60, 10, 100))
    assert len(broken) > 1
    assert all(line.startswith("e") for line in broken)


def test_empty_lines_stay() -> None:
    assert list(Type((FONT,)).lines("een\n\n  twee", 10, 100)) == ["een", "", "  twee"]


def test_text_is_set_as_it_is_written() -> None:
    assert plain("a\r\nb\rc\td\u00a0e\x07\u00ad") == "a\nb\nc    d e"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("我的包裹", "no font has .*U\\+6211"),
        ("Klaar 👍", "no font has"),
        ("שלום", "right to left"),
        ("مرحبا", "right to left"),
    ],
)
def test_what_cannot_be_set_is_refused_and_named(letter: Letter, text: str, why: str) -> None:
    with pytest.raises(Unsupported, match=why):
        letter.render(draft(text))


def test_many_missing_letters_are_counted(letter: Letter) -> None:
    with pytest.raises(Unsupported, match="and 5 more"):
        letter.render(draft("".join(map(chr, range(0x4E00, 0x4E0F)))))


def test_an_account_may_have_fonts_of_its_own() -> None:
    """Each letter is set in the first font that has it."""
    found = lines(made(account(font=[str(FONT)]), "Grüße, Ελλάδα, Україна: € 5,–"))
    assert any("Grüße, Ελλάδα, Україна: € 5,–" in line.text for line in found)


def test_a_line_that_is_too_wide_is_made_smaller_or_refused(letter: Letter) -> None:
    def to(name: str) -> Party:
        return Party(address=Address(kind="letter", value="x"), written=f"{name}\nStraat 1\n1234 AB Utrecht")

    assert place_of(made(letter, "Hallo", to=to("W" * 30)), "WWW")
    with pytest.raises(TooLarge, match="two lines"):
        letter.render(draft("Hallo", to=to("W" * 60)))


@pytest.mark.parametrize(
    "changes",
    [{"parts": ()}, {"public": True}, {"to": Party(address=Address(kind="email", value="a@b.nl"))}],
)
def test_what_a_letter_is_not_is_refused(letter: Letter, changes: dict[str, object]) -> None:
    with pytest.raises(Unsupported):
        letter.render(draft("Hallo").model_copy(update=changes))


def test_a_subject_may_not_be_a_letter_of_its_own(letter: Letter) -> None:
    assert place_of(made(letter, "Hallo", subject="Uw\nfiets  is klaar"), "Uw fiets is klaar").y < 112
    with pytest.raises(TooLarge, match="subject"):
        letter.render(draft("Hallo", subject="x" * 301))


def test_an_address_without_lines_is_written_from_its_parts(letter: Letter) -> None:
    to = Party(address=Address(kind="letter", value="A. de Vries, Voorstraat 12, 3512 AB Utrecht"))
    assert place_of(made(letter, "Hallo", to=to), "Voorstraat 12").x < 30


# Enclosures.


def test_a_pdf_is_enclosed_page_by_page(letter: Letter) -> None:
    body = made(letter, "Zie bijlage.", file("a.pdf", "application/pdf", pdf("Factuur", pages=2)))
    found = lines(body)
    assert [line.page for line in found if line.text == "Factuur"] == [1, 2]
    assert place_of(body, "a.pdf").page == 0
    assert "Bijlagen:" in [line.text for line in found]


@pytest.mark.parametrize(
    ("size", "turned"), [((100, 100), 0), ((420, 297), 0), ((297, 210), 90), ((216, 279), 0)]
)
def test_other_sizes_become_a4(letter: Letter, size: tuple[float, float], turned: int) -> None:
    """Cards, posters, pages on their side, American paper: each is a whole A4 page, and still says what it says."""
    body = made(
        letter, "Zie bijlage.", file("a.pdf", "application/pdf", pdf("Factuur", size=size, turned=turned))
    )
    page = PdfReader(io.BytesIO(body)).pages[1]
    assert (float(page.mediabox.width), float(page.mediabox.height)) == pytest.approx((595.3, 841.9), abs=0.1)
    assert page.rotation == 0
    assert "Factuur" in page.extract_text()


@pytest.mark.parametrize(
    ("form", "mode", "more"),
    [("JPEG", "RGB", {}), ("JPEG", "L", {}), ("JPEG", "CMYK", {}), ("PNG", "RGB", {}), ("PNG", "RGBA", {}), ("PNG", "LA", {}),
     ("PNG", "L", {}), ("PNG", "P", {}), ("PNG", "1", {})],
)  # fmt: skip
def test_every_picture_is_printed_upright(
    letter: Letter, tmp_path: Path, form: str, mode: str, more: dict[str, object]
) -> None:
    """Its dark half is above, as it is drawn by poppler: colours, greys, palettes, transparency."""
    content = picture(form, mode, **more)
    body = made(letter, "Zie foto.", file("a", f"image/{form.lower()}", content))
    image = seen(body, 2, tmp_path)
    width, height = image.size
    dark, light = (
        image.getpixel((width // 2, height // 2 - 20)),
        image.getpixel((width // 2, height // 2 + 20)),
    )
    assert isinstance(dark, int)
    assert isinstance(light, int)
    assert (dark < 60, light > 200) == (True, True)


@pytest.mark.parametrize(("orientation", "dark_at"), [(1, "top"), (3, "bottom"), (6, "right"), (8, "left")])
def test_a_photo_stands_as_it_was_taken(
    letter: Letter, tmp_path: Path, orientation: int, dark_at: str
) -> None:
    """Exif 2.32: 3 is upside down, 6 has to be turned a quarter clockwise, 8 the other way."""
    from PIL import Image

    exif = Image.Exif()
    exif[274] = orientation
    body = made(letter, "Zie foto.", file("a.jpg", "image/jpeg", picture(size=(60, 60), exif=exif)))
    image = seen(body, 2, tmp_path)
    width, height = image.size
    at = {"top": (0, -20), "bottom": (0, 20), "right": (20, 0), "left": (-20, 0)}
    where = {name: image.getpixel((width // 2 + x, height // 2 + y)) for name, (x, y) in at.items()}
    assert min(where, key=lambda name: where[name]) == dark_at  # type: ignore[arg-type, return-value]


def test_a_camera_that_writes_the_other_way_round_is_understood() -> None:
    from PIL import Image

    exif = Image.Exif()
    exif.endian = ">"
    exif[274] = 6
    assert pictures.picture_of(picture(exif=exif), "a").turn == 1
    assert (
        pictures.picture_of(
            b"\xff\xd8\xff\xe1\x00\x10Exif\0\0II*\x00\xff\xff\xff\xff" + picture()[2:], "a"
        ).turn
        == 0
    )


@pytest.mark.parametrize(
    ("media_type", "content", "why"),
    [
        ("image/jpeg", b"\xff\xd8\xff\xe0\x00\x04ab", "cannot|no JPEG"),
        ("image/jpeg", b"\xff\xd8ab", "no JPEG"),
        ("image/jpeg", picture()[:-2], "cut off"),
        ("image/jpeg", b"\xff\xd8\xff\xff\xff\xc3\x00\x0b\x08\x00\x10\x00\x10\x01\x01\x11\x00", "no JPEG"),
        ("image/jpeg", b"\xff\xd8\xff\xc0\x00\x0b\x08\x00\x00\x00\x10\x01\x01\x11\x00", "no JPEG"),
        ("image/png", b"\x89PNG\r\n\x1a\n", "no JPEG or PNG"),
        ("image/png", picture("PNG")[:60], "no JPEG or PNG"),
        ("image/png", b"GIF89a", "no JPEG or PNG"),
        ("application/pdf", b"no PDF", "damaged PDF"),
        ("application/pdf", b"", "damaged PDF"),
        ("image/tiff", picture("TIFF"), "PDF, PNG and JPEG"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused(
    letter: Letter, media_type: str, content: bytes, why: str
) -> None:
    with pytest.raises(Unsupported, match=why):
        letter.render(draft("Zie bijlage.", file("a", media_type, content)))


def test_a_transparent_picture_that_is_cut_short_is_refused(letter: Letter) -> None:
    import struct
    import zlib

    rows = zlib.compress(bytes(10))
    head = struct.pack(">IIBBBBB", 60, 40, 8, 6, 0, 0, 0)
    content = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(chunk)) + name + chunk + bytes(4)
        for name, chunk in ((b"IHDR", head), (b"IDAT", rows))
    )
    with pytest.raises(Unsupported, match="cut off"):
        letter.render(draft("Zie foto.", file("a.png", "image/png", content)))


def test_a_file_without_bytes_is_refused(letter: Letter) -> None:
    part = file("a.pdf", "application/pdf", b"").model_copy(
        update={"content": None, "url": "https://x.example/a.pdf"}
    )
    with pytest.raises(Unsupported, match="has no bytes"):
        letter.render(draft(part))


def test_a_locked_pdf_and_one_without_pages_are_refused(letter: Letter) -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf("x"))))
    writer.encrypt("secret", algorithm="RC4-128")
    locked, empty = io.BytesIO(), io.BytesIO()
    writer.write(locked)
    PdfWriter().write(empty)
    for content, why in ((locked, "password"), (empty, "no pages")):
        with pytest.raises(Unsupported, match=why):
            letter.render(draft(file("a.pdf", "application/pdf", content.getvalue())))


def test_a_letter_has_an_end(letter: Letter, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages, pixels and bytes: what no printer takes is refused before it is sent."""
    with pytest.raises(TooLarge, match="60 pages"):
        letter.render(draft(file("a.pdf", "application/pdf", pdf("x", pages=60))))
    with pytest.raises(TooLarge, match="60"):
        letter.render(draft("\n" * 4000 + "x"))
    monkeypatch.setattr(pictures, "MOST_PIXELS", 100)
    with pytest.raises(TooLarge, match="pixels"):
        letter.render(draft(file("a.jpg", "image/jpeg", picture())))
    monkeypatch.setattr(enclosures, "MOST_LETTER", 1000)
    with pytest.raises(TooLarge, match="bytes"):
        letter.render(draft("Hallo"))


def test_an_enclosure_alone_is_a_letter(letter: Letter) -> None:
    assert lines(made(letter, file("a.pdf", "application/pdf", pdf("Factuur"))))[-1].text == "Factuur"


# What goes to whom.


def test_into_the_folder_goes_one_file_with_one_name(letter: Letter) -> None:
    (call,) = letter.render(draft("Hallo"))
    assert call.url == f"file:///2026-11-20-{call.correlator}.pdf"
    assert letter.render(draft("Hallo")) == (call,)


def test_pingen_is_asked_in_two_steps() -> None:
    """The first costs nothing and may be repeated; only the second is the letter, and it names the first."""
    make, send = at_pingen(window="right", pingen_product="fast", pingen_options=["duplex", "color"]).render(
        draft("Hallo")
    )
    assert (make.prepares, make.method, make.correlator) == (True, "POST", "")
    assert (send.prepares, send.method, send.chain, send.text) == (False, "PATCH", "/data/id", "Hallo")
    assert send.correlator in header(make, "x-letter")
    for word in ('"address_position": "right"', '"auto_send": false', '"fast"', '"duplex"', '"color"'):
        assert word in header(make, "x-letter")
    assert header(make, "idempotency-key") != header(send, "idempotency-key")
    assert all(len(header(call, "idempotency-key")) <= 64 for call in (make, send))
