"""What stands in a mail: what breaks its reader, keeps it busy, or is not what it says."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType
from typing import Any
from unittest.mock import patch

import omnichannel
from omnichannel.channels.email import attribution, charset, mime, quotes
from omnichannel.channels.email.lines import plain_lines
from omnichannel.channels.letter.link import worker
from omnichannel.channels.letter.link.worker import Unread
from omnichannel.model import Attachment, Received
from tests.threats.cases import Defence, put, raises, threat
from tests.threats.post import PARSE, everything, mail, mailbox
from tests.threats.room import Room, fetched


def _raise_again(raw: bytes) -> Received:
    raise  # noqa: PLE0704 - what is being handled where it is called


@threat("T39", "a mail that breaks its reader is lost", put(PARSE, "_bare", _raise_again))
async def reader_breaks(room: Room) -> bool:
    inbox = mailbox(room)
    with patch.object(PARSE, "body", _breaking):
        await fetched(inbox, "email", mail("boom"), mail("the next one", Message_ID="<next@home.example>"))
    return len(await everything(inbox)) != 2


_body = PARSE.body


def _breaking(read: mime.Mail) -> Any:
    if b"boom" in read.raw:
        raise RuntimeError("a fault of ours")
    return _body(read)


# ------------------------------------------------------------------------------------------------- how long it takes


def steps(work: Any) -> int:
    """How many calls a piece of work makes, of Python's functions and of built-in ones: no clock is asked."""
    count = 0

    def watch(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(watch)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


_introduces = attribution.introduces


def _looking_ahead(texts: Sequence[str], at: int) -> int:
    """Whether a quote begins here, found by looking at all that follows."""
    return max((_introduces(texts, later) and 0 for later in range(at, len(texts))), default=0)


@threat(
    "T40", "a body is read again and again while it is split", put(attribution, "introduces", _looking_ahead)
)
def pumped_body() -> list[bool]:
    """Twice the text may cost a little more than twice the work, not four times."""
    pumps = ("On \n", "wrote:\n", "On 2/3/25 2:02 PM, Bob wrote:\n")
    return [_grows(pump, 60) > 2.3 for pump in pumps]


def _grows(pump: str, times: int) -> float:
    one, two = (
        steps(lambda text=pump * count: quotes.split(plain_lines(text), "Bob"))
        for count in (times, 2 * times)
    )
    return two / one


def nested(depth: int) -> bytes:
    """Parts in parts in parts."""
    lines = [b"From: a@b.nl", b'Content-Type: multipart/mixed; boundary="0"', b""]
    for level in range(1, depth):
        lines += [b"--%d" % (level - 1), b'Content-Type: multipart/mixed; boundary="%d"' % level, b""]
    return b"\r\n".join([*lines, b"--%d" % (depth - 1), b"", b"the words"])


@threat("T41", "parts are nested as deep as somebody likes", put(mime, "DEEPEST", 10**6))
def deep() -> list[bool]:
    found = [mime.read(nested(depth)) for depth in (100, 400)]
    return ["too_deep" not in one.notes or _depth(one.root) > 50 for one in found]


def _depth(entity: mime.Entity) -> int:
    deepest, level = 0, [entity]
    while level:
        deepest += 1
        level = [child for one in level for child in one.children]
    return deepest


PARTS = b'Content-Type: multipart/mixed; boundary="x"\r\n\r\n' + b"--x\r\n\r\na\r\n" * 5_000 + b"--x--\r\n"
HEADERS = b"".join(b"X-%d: a\r\n" % number for number in range(5_000)) + b"\r\nwords"
LONG = b"Subject: " + b"=?utf-8?q?a?= " * 100_000 + b"\r\n\r\nwords"


@threat(
    "T42",
    "parts, headers and long headers without end are all read",
    *(put(mime, name, 10**9) for name in ("MOST_PARTS", "MOST_HEADERS", "LONGEST_HEADER")),
)
def bombs() -> list[bool]:
    return [
        len(mime.read(PARTS).leaves()) > 501,
        len(mime.read(HEADERS).headers.fields) > 1000,
        len(mime.read(LONG).headers.first("subject")) > 64 * 1024,
    ]


@threat("T43", "a sender chooses the codec that reads the mail", put(charset, "codec", lambda name: name))
def codecs() -> list[bool]:
    """Python knows codecs that are no character sets: they unpack, turn, or run through escapes."""
    names = ("zlib", "bz2", "rot13", "base64", "hex", "uu", "quopri", "unknown-8bit", "no such thing")
    return [raises(LookupError, charset.to_text, b"hello", name) for name in names]


@threat("T43", "escapes in the words of a mail are carried out", put(charset, "codec", lambda name: name))
def escapes() -> list[bool]:
    return [charset.to_text(rb"\x41", name) == "A" for name in ("unicode_escape", "raw_unicode_escape")][:1]


# ------------------------------------------------------------------------------------------------- what is never opened

IMAGE = import_module("PIL.Image")
OPENERS = frozenset(
    {"zipfile", "tarfile", "gzip", "bz2", "lzma", "PIL", "tnefparse", "weasyprint", "pdfkit", "imgkit"}
)
ALLOWED = {
    "inbox/rights/archive.py": "zipfile",  # writes the files of an export
    "channels/letter/link/worker.py": "PIL",  # reads scans, in a program of its own that is bounded
    "emulators/letter_paper.py": "PIL",  # draws the letters of the emulated post
}


def opened() -> list[str]:
    """Every module of ours that could open an archive or a picture, or render a page, and is not meant to."""
    found = []
    for folder in map(Path, omnichannel.__path__):
        for file in folder.rglob("*.py"):
            name = file.relative_to(folder).as_posix()
            found += [f"{name}: {one}" for one in _imports(file) & OPENERS if ALLOWED.get(name) != one]
    return found


def _imports(file: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.partition(".")[0])
    return names


def with_a_module(source: str) -> Defence:
    """The package with one more module in it."""

    @contextmanager
    def planted() -> Iterator[None]:
        with TemporaryDirectory() as folder:
            (Path(folder) / "preview.py").write_text(source)
            with patch.object(omnichannel, "__path__", [*omnichannel.__path__, folder]):
                yield

    return planted


TNEF = (
    b'From: a@b.nl\r\nContent-Type: multipart/mixed; boundary="x"\r\n\r\n--x\r\n\r\nwords\r\n--x\r\n'
    b'Content-Type: application/ms-tnef; name="winmail.dat"\r\n\r\n\x78\x9f\x3e\x22'
    + b"\xff" * 64
    + b"\r\n--x--\r\n"
)


@threat("T44", "what Outlook wraps is unwrapped", with_a_module("import tnefparse\n"))
def outlook() -> bool:
    """It is a file like any other, byte for byte."""
    [event] = PARSE.parse(TNEF)
    [file] = [part for part in event.parts if isinstance(part, Attachment)]
    return file.media_type != "application/ms-tnef" or file.size != 68 or bool(opened())


@threat(
    "T45", "an archive or a picture is opened to be looked at", with_a_module("from zipfile import ZipFile\n")
)
def archives() -> bool:
    return bool(opened())


@threat("T45", "a scan with more pixels than memory is unpacked", put(worker, "MOST_MEGAPIXELS", 10**6))
def picture_bomb() -> bool:
    """Of a hundred and forty million pixels, in one bit each: a few kilobytes on the wire. Our own limit is tried."""
    with (
        TemporaryDirectory() as folder,
        patch.object(IMAGE, "MAX_IMAGE_PIXELS", None),
        patch.object(worker, "_flat", lambda picture: IMAGE.new("L", (1, 1))),
    ):
        made = Path(folder) / "bomb.png"
        IMAGE.new("1", (13_000, 11_000)).save(made)
        return not raises(Unread, worker.as_pdf, made.read_bytes())
