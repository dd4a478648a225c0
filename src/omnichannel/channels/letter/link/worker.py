"""The program that reads one scan: `python -m omnichannel.channels.letter.link.worker FILE LANGUAGES`.

It limits itself first (memory, time, size of files), prints one JSON object, and ends. Whatever goes wrong in it
costs this one reading and nothing else.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from omnichannel.channels.letter.parse import media_type_of
from omnichannel.channels.letter.reading import MOST_PAGES, Reading, text_layer
from omnichannel.errors import Malformed

if TYPE_CHECKING:
    from PIL import Image

MOST_MEMORY = 3 * 2**30
MOST_SECONDS = 280
MOST_FILE = 500_000_000
"""Bytes, seconds of processor time, bytes: far above what sixty pages need, far below what hurts."""

MOST_MEGAPIXELS = 120
"""Of one picture: A4 at 1000 dots per inch has 97 million."""

_A4_INCHES = 8.27
_MISSING = (
    "install ocrmypdf and tesseract (Debian: apt-get install ocrmypdf tesseract-ocr-nld tesseract-ocr-eng)"
)


class Unread(Exception):  # noqa: N818 - it is what becomes of the scan
    """Why a scan cannot be read; never leaves this program."""


def main(arguments: list[str]) -> int:
    """Read the scan and print what stands on it, or why that cannot be said."""
    path, languages = Path(arguments[0]), arguments[1]
    _limit()
    try:
        told: dict[str, object] = {"reading": read(path, languages).model_dump(mode="json")}
    except (Unread, Malformed) as error:
        told = {"unread": str(error)}
    except (MemoryError, RecursionError) as error:
        told = {"unread": f"reading it takes too much ({type(error).__name__})"}
    print(json.dumps(told))  # noqa: T201 - it is how this program answers
    return 0


def _limit() -> None:
    """Take away from this program, and all that it starts, what no letter needs."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        for limit, most in (
            (resource.RLIMIT_CORE, 0),
            (resource.RLIMIT_CPU, MOST_SECONDS),
            (resource.RLIMIT_FSIZE, MOST_FILE),
            (resource.RLIMIT_AS, MOST_MEMORY),
        ):
            resource.setrlimit(limit, (most, most))


def read(path: Path, languages: str) -> Reading:
    """What stands on a scan: its own text layer, else what OCR makes of it. Raises Unread and Malformed."""
    body = path.read_bytes()
    media_type, _ = media_type_of(body)
    if media_type == "application/pdf":
        layer = text_layer(body)
        if not _lacking(layer):
            return layer
    elif media_type:
        layer, body = Reading(), as_pdf(body)
    else:
        raise Unread("it is no PDF, PNG, JPEG or TIFF; scan it as one of these")
    try:
        return text_layer(recognised(body, languages, path.parent), by="ocr")
    except (Unread, Malformed):
        if layer.empty:
            raise
        return layer


def _lacking(layer: Reading) -> bool:
    """Whether there is nothing to read, or nothing on one of the first pages."""
    seen = {line.page for line in layer.lines}
    return layer.empty or any(page not in seen for page in range(min(layer.pages, MOST_PAGES)))


def as_pdf(picture: bytes) -> bytes:
    """A picture of one or more pages as a PDF, upright, at the resolution that makes it as wide as A4."""
    from PIL import Image, ImageOps, ImageSequence

    pages: list[Image.Image] = []
    try:
        with Image.open(io.BytesIO(picture), formats=("PNG", "JPEG", "TIFF")) as opened:
            for frame in ImageSequence.Iterator(opened):
                if len(pages) == MOST_PAGES or frame.width * frame.height > MOST_MEGAPIXELS * 1_000_000:
                    raise Unread(
                        f"it has more than {MOST_PAGES} pages, or {MOST_MEGAPIXELS} million pixels on one"
                    )
                pages.append(_flat(ImageOps.exif_transpose(frame)))
    except (
        OSError,
        SyntaxError,
        ValueError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
    ) as error:
        raise Unread(f"the picture is damaged: {str(error)[:200]}") from None
    written = io.BytesIO()
    dots = max(72.0, min(pages[0].size) / _A4_INCHES)
    pages[0].save(written, "PDF", save_all=True, append_images=pages[1:], resolution=dots, quality=90)
    return written.getvalue()


def _flat(picture: Image.Image) -> Image.Image:
    """On white where it is transparent, and in shades of grey: what OCR sees anyway."""
    from PIL import Image

    if "A" in picture.getbands() or "transparency" in picture.info:
        white = Image.new("RGBA", picture.size, "white")
        white.alpha_composite(picture.convert("RGBA"))
        picture = white
    return picture.convert("L")


def recognised(pdf: bytes, languages: str, folder: Path) -> bytes:
    """The PDF with what OCR reads on its pages as a text layer. Raises Unread with the cure."""
    if not languages:
        raise Unread("it is a picture, and OCR is switched off (`ocr` is empty)")
    program = shutil.which("ocrmypdf")
    if program is None or shutil.which("tesseract") is None:
        raise Unread(f"it is a picture, and there is no OCR here: {_MISSING}")
    given, made = folder / "given.pdf", folder / "made.pdf"
    given.write_bytes(pdf)
    known = "+".join(each for each in languages.split("+") if each in installed_languages())
    if not known:
        raise Unread(f"tesseract has none of the languages {languages}: {_MISSING}")
    command = [
        program, "-q", "-l", known, "--skip-text", "--rotate-pages", "--deskew", "--jobs", "1",
        "--output-type", "pdf", "--optimize", "0", "--pages", f"1-{MOST_PAGES}", "--tesseract-timeout", "120",
        "--max-image-mpixels", str(MOST_MEGAPIXELS), str(given), str(made),
    ]  # fmt: skip
    # One thread: tesseract's own several make it slower on a page, and take processors from everybody else.
    done = subprocess.run(  # noqa: S603 - our own arguments, no shell
        command,
        check=False,
        capture_output=True,
        env={**os.environ, "OMP_THREAD_LIMIT": "1", "TMPDIR": str(folder)},
    )
    if done.returncode or not made.is_file():
        words = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise Unread(f"OCR failed ({done.returncode}): {words[-1][:200] if words else 'it does not say why'}")
    return made.read_bytes()


def installed_languages() -> frozenset[str]:
    """The languages that tesseract has here; none where there is no tesseract."""
    program = shutil.which("tesseract")
    if program is None:
        return frozenset()
    done = subprocess.run([program, "--list-langs"], check=False, capture_output=True)  # noqa: S603
    return frozenset(line.strip() for line in done.stdout.decode("utf-8", "replace").splitlines()[1:])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
