"""Pictures as PDF holds them: a JPEG as it is, a PNG's rows as they are. Nothing is decoded that need not be.

Facts: ISO 32000-1, 7.4.4.4 (PNG predictors), 7.4.8 (DCTDecode), 8.9.5; PNG, W3C 2003; JPEG, ITU-T T.81 annex B.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from omnichannel.errors import TooLarge, Unsupported

MOST_PIXELS = 50_000_000
"""Of one picture: A4 at 600 dots per inch has 35 million."""

_COLOURS = {1: "/DeviceGray", 3: "/DeviceRGB", 4: "/DeviceCMYK"}
_BASELINE = frozenset({0xC0, 0xC1, 0xC2})
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


@dataclass(frozen=True)
class Picture:
    """One picture as a PDF keeps it. `turn` is how many quarters it has to be turned clockwise to stand upright.

    `colours` are its channels; `png` says that `data` are the rows of a PNG, `mask` those of its transparency.
    """

    width: int
    height: int
    colours: int
    data: bytes
    png: bool = False
    mask: bytes = b""
    turn: int = 0
    palette: bytes = b""
    bits: int = 8
    inverted: bool = False

    @property
    def space(self) -> str:
        """What PDF calls its colours."""
        return _COLOURS[self.colours]


def picture_of(content: bytes, name: str) -> Picture:
    """A JPEG or PNG. Raises Unsupported for what is neither, is damaged, or is one that no printer needs to take."""
    try:
        found = _jpeg(content) if content.startswith(b"\xff\xd8") else _png(content)
    except (struct.error, zlib.error, LookupError, ValueError) as error:
        raise Unsupported(
            f"{name!r} is no JPEG or PNG that can be printed ({error}); print it to a PDF"
        ) from None
    if found.width * found.height > MOST_PIXELS:
        raise TooLarge(f"{name!r} has {found.width} by {found.height} pixels; at most {MOST_PIXELS} in all")
    return found


def _jpeg(content: bytes) -> Picture:
    turn, adobe = 0, False
    for marker, segment in _segments(content):
        if marker == 0xE1 and segment.startswith(b"Exif\0\0"):
            turn = {3: 2, 6: 1, 8: 3}.get(_orientation(segment[6:]), 0)
        elif marker == 0xEE and segment.startswith(b"Adobe"):
            adobe = True
        elif marker in _FRAMES:
            if marker not in _BASELINE:
                raise ValueError("a rare kind of JPEG")
            bits, height, width, colours = struct.unpack(">BHHB", segment[:6])
            if bits != 8 or colours not in _COLOURS or not width or not height:
                raise ValueError("a rare kind of JPEG")
            if b"\xff\xd9" not in content:
                raise ValueError("it is cut off")
            # Adobe's programs write CMYK the wrong way round.
            return Picture(width, height, colours, content, turn=turn, inverted=adobe and colours == 4)
    raise ValueError("it has no picture in it")


def _segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    at = 2
    while at + 4 <= len(content):
        if content[at] != 0xFF:
            raise ValueError("damaged")
        marker = content[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        (length,) = struct.unpack(">H", content[at + 2 : at + 4])
        yield marker, content[at + 4 : at + 2 + length]
        at += 2 + length


def _orientation(exif: bytes) -> int:
    """How the camera was held (Exif 2.32, tag 274); 1, upright, if it does not say."""
    order = {b"II": "<", b"MM": ">"}.get(exif[:2], "")
    try:
        (start,) = struct.unpack(f"{order}I", exif[4:8]) if order else (0,)
        (count,) = struct.unpack(f"{order}H", exif[start : start + 2]) if order else (0,)
        for number in range(min(count, 100)):
            at = start + 2 + 12 * number
            tag, _, _, value = struct.unpack(f"{order}HHIH", exif[at : at + 10])
            if tag == 274:
                return int(value)
    except struct.error:
        return 1
    return 1


def _png(content: bytes) -> Picture:
    if not content.startswith(b"\x89PNG\r\n\x1a\n"):
        raise ValueError("neither by its first bytes")
    chunks = list(_chunks(content))
    width, height, bits, kind, _, _, interlaced = struct.unpack(">IIBBBBB", dict(chunks)[b"IHDR"][:13])
    data = b"".join(chunk for name, chunk in chunks if name == b"IDAT")
    if interlaced or bits == 16 or not width or not height:
        raise ValueError("interlaced, 16 bits deep or empty")
    channels = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[kind]
    if width * height <= MOST_PIXELS and _unpacked(data) != height * (1 + (width * channels * bits + 7) // 8):
        raise ValueError("it is cut off")
    if width * height > MOST_PIXELS or kind in (0, 2, 3):
        palette = dict(chunks)[b"PLTE"] if kind == 3 else b""
        return Picture(width, height, 3 if kind == 2 else 1, data, png=True, palette=palette, bits=bits)
    colour, mask = _apart(data, width, height, channels - 1)
    return Picture(width, height, channels - 1, colour, png=True, mask=mask)


def _unpacked(data: bytes) -> int:
    """How long the rows are in all, without keeping them."""
    reader, length, rest = zlib.decompressobj(), 0, data
    while rest and length <= 8 * MOST_PIXELS:
        length += len(reader.decompress(rest, 1_000_000))
        rest = reader.unconsumed_tail
    return length


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 8
    while at + 8 <= len(content):
        length, name = struct.unpack(">I4s", content[at : at + 8])
        yield name, content[at + 8 : at + 8 + length]
        at += 12 + length


def _apart(data: bytes, width: int, height: int, colours: int) -> tuple[bytes, bytes]:
    """Colour and transparency, each as rows of a PNG: PNG's filters treat every channel by itself, so they stay."""
    step, row = colours + 1, 1 + (colours + 1) * width
    raw = zlib.decompressobj().decompress(data, row * height)
    colour, mask = bytearray(), bytearray()
    for start in range(0, len(raw), row):
        line = raw[start + 1 : start + row]
        kept = bytearray(colours * width)
        for channel in range(colours):
            kept[channel::colours] = line[channel::step]
        colour += raw[start : start + 1] + kept
        mask += raw[start : start + 1] + line[colours::step]
    return zlib.compress(bytes(colour)), zlib.compress(bytes(mask))
