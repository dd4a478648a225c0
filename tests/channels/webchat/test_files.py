"""A file is what its bytes are; what could run in a browser is nothing that visitors may send."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnichannel.channels.webchat import files
from omnichannel.channels.webchat.wire import File
from omnichannel.errors import Malformed, TooLarge, Unsupported
from tests.channels.webchat.given import PNG

SAMPLES = {
    "image/png": PNG,
    "image/jpeg": b"\xff\xd8\xff\xe0JFIF",
    "image/gif": b"GIF89a....",
    "image/webp": b"RIFF\x10\x00\x00\x00WEBPVP8 ",
    "audio/wav": b"RIFF\x10\x00\x00\x00WAVEfmt ",
    "application/pdf": b"%PDF-1.7\n",
    "application/zip": b"PK\x03\x04....",
    "audio/mpeg": b"ID3\x04",
    "audio/ogg": b"OggS\x00\x02",
    "video/mp4": b"\x00\x00\x00\x18ftypmp42",
    "video/webm": b"\x1aE\xdf\xa3\x01",
    "text/plain": "Où? 2 < 3 & 5 > 4\r\n\ttab".encode(),
}


def file(content: bytes, name: str = "a.txt") -> File:
    return File(name=name, data=base64.b64encode(content).decode())


@pytest.mark.parametrize(("media_type", "content"), SAMPLES.items(), ids=SAMPLES)
def test_each_type_is_told_from_its_bytes(media_type: str, content: bytes) -> None:
    assert files.sniffed(content) == media_type
    assert set(SAMPLES) == set(files.ENDINGS)


@pytest.mark.parametrize(
    "content",
    [
        b"<!doctype html><script>alert(1)</script>", b"<svg onload=alert(1)>", b"<?xml version='1.0'?>", b"\xef\xbb\xbf<html>",
        b"harmless\n<script src=x>", b"a<img/src=x onerror=y>", b"MZ\x90\x00", b"\x7fELF", b"\x00\x01", b"\xff\xfe<\x00h\x00",
    ],
)  # fmt: skip
def test_pages_scripts_and_programs_are_no_known_type(content: bytes) -> None:
    assert files.sniffed(content) == ""


@given(st.binary(max_size=200))
def test_any_bytes_have_a_type_or_none(content: bytes) -> None:
    assert files.sniffed(content) in {"", *files.ENDINGS}


@pytest.mark.parametrize(
    ("content", "name", "raises"),
    [
        (PNG, "a.png", None),
        (PNG, "A.PNG", None),
        (PNG, "a.html", Unsupported),
        (PNG, "a.png.exe", Unsupported),
        (PNG, "png", None),
        (PNG, "", Unsupported),
        (b"", "a.txt", Unsupported),
        (b"<script>", "a.txt", Unsupported),
        (SAMPLES["application/zip"], "a.zip", Unsupported),
        (bytes(101), "a.txt", TooLarge),
    ],
)
def test_name_and_bytes_have_to_agree(content: bytes, name: str, raises: type[Exception] | None) -> None:
    if raises is None:
        files.check([file(content, name)], files.TAKEN, 100)
    else:
        with pytest.raises(raises):
            files.check([file(content, name)], files.TAKEN, 100)


def test_the_limit_is_of_all_together() -> None:
    files.check([file(b"x" * 50)] * 2, files.TAKEN, 100)
    with pytest.raises(TooLarge, match="102 bytes"):
        files.check([file(b"x" * 51)] * 2, files.TAKEN, 100)


def test_what_is_not_base64_is_malformed() -> None:
    with pytest.raises(Malformed, match="not base64"):
        files.decoded(File(name="a", data="???"))


def test_a_name_is_for_people_only() -> None:
    part = files.attachment(file(PNG, "../../\u202egnp.exe"), 0)
    assert part.name == "_.._gnp.exe"
    assert (part.media_type, part.size, part.index) == ("image/png", len(PNG), 0)
    assert files.attachment(file(b"\x7fELF"), 1).media_type == "application/octet-stream"
